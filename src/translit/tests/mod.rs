mod docs;
mod properties;
mod samples;
mod tables;
mod vectors;
