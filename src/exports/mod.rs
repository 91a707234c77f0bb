//! Floor 7: files for other tools.

pub mod in_toto;
pub mod schema;
