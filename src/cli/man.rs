//! `relplan man`: the manual page in roff.

use super::{Screen, Verdict};
use crate::error::Error;

/// Runs the command.
pub(super) fn run(screen: &Screen) -> Result<Verdict, Error> {
    let mut bytes = Vec::new();
    clap_mangen::Man::new(super::command()).render(&mut bytes)?;
    screen.product(&bytes)?;
    Ok(Verdict::Fine)
}
