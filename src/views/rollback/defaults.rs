//! What is usually done to go back. None of it is the plan's, and whatever shows it says so.

use crate::model::dep::Strategy;

/// The usual steps of a strategy.
pub(super) const fn steps(strategy: Strategy) -> &'static [&'static str] {
    match strategy {
        Strategy::BlueGreen => &[
            "Name one person who switches, and announce it",
            "Send all traffic to the environment that served before the deployment",
            "Wait until the new environment has drained its open requests",
            "Check that the trigger no longer applies, and that the old version can read the data of the new one",
            "Keep the new environment, without traffic, until the cause is known",
        ],
        Strategy::Canary => &[
            "Stop the rollout",
            "Set the traffic of the new version to 0 %",
            "Wait until the canaries have drained their open requests",
            "Check that the trigger no longer applies to the old version",
            "Keep logs and metrics of the canaries, then remove them",
        ],
        Strategy::Rolling => &[
            "Stop the rollout",
            "Deploy the previous version again, a few instances at a time",
            "Wait for the health checks of each group before the next",
            "Check that no instance runs the new version",
            "Check that the trigger no longer applies",
        ],
        Strategy::FeatureFlag => &[
            "Turn the flag off for everyone",
            "Wait until every instance has read the change",
            "Check that the trigger no longer applies with the flag off",
            "If it still applies, the flag was not the cause: roll back the deployment",
            "Check the data that was written while the flag was on",
        ],
    }
}

/// What is usually done when no trigger applies.
pub(super) const NOTHING_MATCHES: &[&str] = &[
    "Pause the rollout: no further steps, no further flags",
    "Treat an unclear trigger as unknown, not as fine: find out",
    "Record what is wrong, since when, and for whom",
    "Let the person with authority choose between monitoring and rollback; in doubt, roll back",
    "Afterwards, add the missing trigger to the plan",
];
