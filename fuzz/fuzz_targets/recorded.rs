//! See `recorded` in `checks.rs`.

#![no_main]

#[allow(dead_code, reason = "every target uses one check of several")]
#[path = "../checks.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::recorded(bytes));
