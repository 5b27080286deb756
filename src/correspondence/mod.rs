//! Learned spelling correspondences: how likely letters of one script stand for letters of another.
