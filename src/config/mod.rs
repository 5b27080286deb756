//! Settings: the commented default file, a file of the operator, environment, flags.
