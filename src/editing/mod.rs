//! Floor 4: changes of a plan as edits of its texts, so that comments and layout stay. Nothing is written here.

pub mod canonical;
pub mod new_entry;
pub mod outline;
pub mod rename;

mod layout;
