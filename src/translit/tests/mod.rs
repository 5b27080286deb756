mod properties;
mod samples;
mod vectors;
