//! Windows that are too short for what is computed over them.

use crate::model::duration::Duration;
use crate::model::promql::{Expr, ExprKind};

/// A window in which there are never two samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortWindow {
    /// The function that needs two.
    pub function: &'static str,
    /// The window, in milliseconds.
    pub window: u64,
    /// The time from sample to sample, in milliseconds.
    pub interval: u64,
    /// Whether the samples are those of a subquery.
    pub is_subquery: bool,
}

/// The windows of an expression that are shorter than twice the time from sample to sample.
///
/// Two samples lie in each window of twice the scrape interval, whenever it begins. In a shorter one there is only one at
/// times, and a rate of one sample is nothing, so that no condition on it lasts.
pub fn short_windows(expr: &Expr, scrape_interval: Option<Duration>) -> Vec<ShortWindow> {
    let mut found = Vec::new();
    for part in expr.all() {
        let ExprKind::Call(function, arguments) = &part.kind else { continue };
        if !function.needs_two_samples() {
            continue;
        }
        for argument in arguments {
            let (window, interval, is_subquery) = match &argument.kind {
                ExprKind::Matrix(_, window) => (*window, scrape_interval.map(Duration::millis), false),
                ExprKind::Subquery(subquery) => (subquery.window, subquery.step, true),
                _ => continue,
            };
            let function = function.name;
            if let Some(interval) = interval.filter(|interval| window < interval.saturating_mul(2)) {
                found.push(ShortWindow { function, window, interval, is_subquery });
            }
        }
    }
    found
}
