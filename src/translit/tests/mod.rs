mod check;
mod docs;
mod properties;
mod samples;
mod vectors;
