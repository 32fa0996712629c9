mod bad_input;
mod fixtures;
mod pictures;
mod vault;
