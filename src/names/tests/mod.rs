mod codec;
mod golden;
mod lemmas;
mod properties;
mod readings;
mod tables;
