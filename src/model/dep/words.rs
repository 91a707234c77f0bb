//! The words that the fields of a deployment item take.

use crate::model::order::{Order, Strictness};
use crate::model::value::{Choice, choice};

choice! {
    /// When a deployment item matters.
    Stage {
        /// Before the deployment begins.
        PreDeploy = "Pre-deploy",
        /// While it goes on.
        Deploy = "Deploy",
        /// After it.
        PostDeploy = "Post-deploy",
        /// While it is taken back.
        Rollback = "Rollback",
    }
}

choice! {
    /// The five kinds of deployment item.
    DepType {
        /// Where code runs.
        Environment = "Environment",
        /// What must be true.
        Criteria = "Criteria" | "Criterion",
        /// When and how to go back.
        Rollback = "Rollback",
        /// How success is seen.
        Validation = "Validation",
        /// What is done.
        Step = "Step",
    }
}

choice! {
    /// The categories of release criteria (seed: release criteria categories).
    Category {
        /// It does what it should.
        Functional = "Functional",
        /// It does so fast enough.
        Performance = "Performance",
        /// It keeps others out.
        Security = "Security",
        /// It can be run.
        Operational = "Operational",
        /// It is written down.
        Documentation = "Documentation",
    }
}

choice! {
    /// What it means for a trigger that nothing is measured.
    NoData {
        /// It is not known whether the condition is met, and an alert of its own says so.
        Unknown = "unknown",
        /// The same as that the condition is met.
        Rollback = "rollback",
    }
}

impl Strictness for NoData {
    fn rank(self) -> u8 {
        match self {
            NoData::Unknown => 0,
            NoData::Rollback => 1,
        }
    }
}

choice! {
    /// How much something is needed: the first three words of MoSCoW and its last.
    Need {
        /// Not without it.
        Must = "must" | "must-have" | "P0",
        /// Painful without it.
        Should = "should" | "should-have" | "P1",
        /// Welcome.
        Could = "could" | "could-have" | "P2" | "P3" | "P4",
        /// Not this time.
        Wont = "wont" | "won't" | "wont-have",
    }
}

choice! {
    /// How bad something is.
    Severity {
        /// The service is down or data is lost.
        Critical = "Critical" | "P0" | "SEV0" | "SEV1" | "blocker" | "highest" | "C",
        /// A main function fails.
        High = "High" | "P1" | "SEV2" | "major" | "H",
        /// A function is impaired.
        Medium = "Medium" | "P2" | "SEV3" | "moderate" | "med" | "M",
        /// A nuisance.
        Low = "Low" | "P3" | "P4" | "SEV4" | "SEV5" | "minor" | "trivial" | "lowest" | "L",
    }
}

choice! {
    /// Who does it.
    Method {
        /// A person.
        Manual = "Manual",
        /// A machine.
        Automated = "Automated" | "Automatic",
        /// One after the other.
        Both = "Both",
    }
}

choice! {
    /// Whether a criterion is met, as somebody states it.
    CriterionStatus {
        /// Not looked at yet.
        Pending = "pending" | "open",
        /// Met.
        Met = "met" | "passed" | "done",
        /// Not met.
        Failed = "failed" | "not met",
        /// Not met, and accepted.
        Waived = "waived",
    }
}

choice! {
    /// How a version reaches its users.
    Strategy {
        /// Two environments and a switch between them.
        BlueGreen = "blue-green",
        /// A growing share of the traffic.
        Canary = "canary",
        /// One instance after another.
        Rolling = "rolling",
        /// Deployed first, switched on later.
        FeatureFlag = "feature-flag" | "feature flags",
    }
}

impl Strictness for Need {
    fn rank(self) -> u8 {
        match self {
            Need::Must => 3,
            Need::Should => 2,
            Need::Could => 1,
            Need::Wont => 0,
        }
    }
}

impl Strictness for Severity {
    fn rank(self) -> u8 {
        match self {
            Severity::Critical => 3,
            Severity::High => 2,
            Severity::Medium => 1,
            Severity::Low => 0,
        }
    }
}

impl Strictness for Method {
    /// A machine looks every time; whoever also has a person look asks for more.
    fn rank(self) -> u8 {
        match self {
            Method::Both => 2,
            Method::Automated => 1,
            Method::Manual => 0,
        }
    }
}

impl Severity {
    /// The order of a limit that every finding must stay below: the lower it is, the more it asks for.
    pub const AS_LIMIT: Order = Order::Ranked(|word| {
        let severity = Severity::from_word(word.trim())?;
        Some(Severity::Critical.rank() - severity.rank())
    });
}
