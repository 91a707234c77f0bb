//! Floor 4: what the plan and the facts come to.

pub mod approval;
