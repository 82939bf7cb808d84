//! The real window, driven as a person drives it: WebKit's own driver, its own display, a store of its own for each
//! test. What is read is what is shown.

mod desk;
mod keys;
mod process;
mod start;
