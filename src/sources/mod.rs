//! From list files to records: one file per format.
