//! Journeys across crates: what no single crate can show about itself.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what cannot be prepared is a failed test")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a test says its figures")]

/// The program's own allocator, so that what the memory of a process still holds after its use is what the program's would.
#[global_allocator]
static WIPING: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

mod app;
mod architecture;
mod durability;
mod ipc;
mod mail;
mod repository;
mod search;
mod window;
