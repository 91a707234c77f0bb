//! How all benchmarks measure.

use std::time::{Duration, Instant};

/// The shortest of several runs: what disturbs a run only ever makes it longer.
pub fn best<T>(mut run: impl FnMut() -> T) -> Duration {
    let begun = Instant::now();
    let mut best = Duration::MAX;
    for round in 0.. {
        let started = Instant::now();
        let value = run();
        best = best.min(started.elapsed());
        drop(value);
        if round >= 2 && begun.elapsed() > Duration::from_millis(1500) {
            break;
        }
    }
    best
}
