//! See `yaml` in `checks.rs`.

#![no_main]

#[allow(dead_code, reason = "every target uses one check of several")]
#[path = "../checks.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(
    init: {
        // The rules run in the fuzzer's own thread: handing work over costs more than the work.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
        pool.build_global().expect("nothing has used the pool yet");
    },
    |bytes: &[u8]| checks::yaml(bytes)
);
