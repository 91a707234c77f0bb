//! Floor 0: texts, places in them, and the trees that parsers make of them.
//!
//! Everything above speaks of text by [`Span`]; only this room knows which
//! bytes a span stands for, and only `yaml` and `toml.rs` know the crates
//! that parse them.

pub mod append;
pub mod edit;
pub mod invisible;
mod map;
mod node;
pub mod secret;
pub mod settings;
pub mod shown;
mod span;
pub mod toml;
pub mod yaml;

pub use map::{Contents, Position, SourceFile, SourceMap};
pub use node::{Locator, Node, Pair, Scalar, Style, Value};
pub use span::{FileId, Span, Spanned};
