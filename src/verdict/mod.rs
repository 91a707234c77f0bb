//! Floor 4: what is decided about a release, and the record of it.

pub mod log;
