//! Published standards of writing one script in the letters of another.
