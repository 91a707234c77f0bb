//! The binary: everything is in the library.

use std::process::ExitCode;

// A plan is a million small pieces, made by all threads at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    relplan::cli::main()
}
