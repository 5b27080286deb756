//! The `exonym` program: see [`exonym::cli`].

use std::process::ExitCode;

/// Searches allocate much and briefly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match exonym::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("exonym: {error:#}");
            ExitCode::FAILURE
        }
    }
}
