mod samples;
mod vectors;
