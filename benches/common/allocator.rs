//! The allocator of the shipped program: what is measured under another one is not what users get.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
