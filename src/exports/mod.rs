//! Floor 7: files for other tools.

pub mod schema;
