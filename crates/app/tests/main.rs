//! Tests across slices: the first run and what the program finds when it starts.

mod first_run;
mod start;
