//! Files that never change once written: headers, checksums, atomic publication.
//!
//! A `Directory` is where files live: on a disk, in memory, or on a faulty disk for tests.
