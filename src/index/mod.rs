//! From terms to the names that contain them: immutable, checksummed, memory-mapped. It knows no language.
