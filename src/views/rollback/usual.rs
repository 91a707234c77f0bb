//! What is usually done to go back. None of it is the plan's, and whatever shows it says so.

use crate::model::dep::Strategy;

/// The usual steps of a strategy.
pub(super) const fn steps(strategy: Strategy) -> &'static [&'static str] {
    match strategy {
        Strategy::BlueGreen => &[
            "Name one person who switches, and tell the others",
            "Send all traffic to the environment that served before the deployment",
            "Wait until the new environment has answered its open requests",
            "Check that the trigger no longer holds, and that the old version reads what the new one wrote \
             to the database",
            "Keep the new environment, without traffic, until the cause is known",
        ],
        Strategy::Canary => &[
            "Stop the rollout, so that the share of the new version no longer grows",
            "Set the share of the new version to 0 %",
            "Wait until the canaries have answered their open requests",
            "Check that the trigger no longer holds on the old version",
            "Keep logs and metrics of the canaries, then remove them",
        ],
        Strategy::Rolling => &[
            "Stop the rollout, so that no further instance is replaced",
            "Deploy the previous version again, a few instances at a time",
            "Wait for the health checks of each group before the next",
            "Check that no instance runs the new version any more",
            "Check that the trigger no longer holds",
        ],
        Strategy::FeatureFlag => &[
            "Turn the flag off for everyone who has it",
            "Wait until every instance has read the change",
            "Check that the trigger no longer holds with the flag off",
            "If it still holds, the flag was not the cause: take the deployment back",
            "Look at what was written to the database while the flag was on",
        ],
    }
}

/// What is usually done when no trigger applies.
pub(super) const NOTHING_MATCHES: &[&str] = &[
    "Hold the rollout as it stands: no further step, no further flag",
    "Count what nobody can tell as unknown, not as fine: find somebody who can",
    "Write down what is wrong, since when, and for whom",
    "Let whoever decides choose between watching on and going back; in doubt, go back",
    "Afterwards, add the trigger that was missing to the plan",
];
