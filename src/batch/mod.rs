//! Work on whole lists: imports, rebuilding the index, resolving files of names.
