//! From the parts of a name to the terms that may spell them, and from terms to candidates, in counted work.
