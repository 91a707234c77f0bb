//! The values of the ten variables of the release context.

use crate::model::value::choice;

choice! {
    /// How much risk a team takes (seed: release context).
    RiskTolerance {
        /// As little as possible.
        Conservative = "conservative",
        /// Some.
        Moderate = "moderate",
        /// Much.
        Aggressive = "aggressive",
        /// As much as there is to learn from.
        Experimental = "experimental",
    }
}

choice! {
    /// Which rules a team has to keep (seed: release context).
    Compliance {
        /// Hardly any.
        Minimal = "minimal",
        /// Those that everybody has.
        Standard = "standard",
        /// Many.
        Heavy = "heavy",
        /// Those of a supervised industry.
        Regulated = "regulated",
    }
}

choice! {
    /// Where the software runs (seed: release context).
    DeploymentModel {
        /// With a provider.
        Cloud = "cloud",
        /// With the customer.
        OnPremise = "on-premise" | "on premises",
        /// Both.
        Hybrid = "hybrid",
        /// On devices.
        Edge = "edge",
        /// In many places.
        Distributed = "distributed",
    }
}

choice! {
    /// Who uses it (seed: release context).
    UserBase {
        /// Colleagues.
        Internal = "internal",
        /// Partners.
        External = "external",
        /// Everybody.
        Consumer = "consumer",
        /// Companies.
        Enterprise = "enterprise",
        /// People all over the world.
        Global = "global",
    }
}

choice! {
    /// The kind of software (seed: release context).
    SoftwareType {
        /// In a browser.
        WebApplication = "web application" | "web app",
        /// From a store, on the devices of its users.
        MobileApp = "mobile app" | "mobile application",
        /// An interface for other programs.
        Api = "API",
        /// What others build on.
        Platform = "platform",
        /// Services that are deployed apart.
        Microservices = "microservices",
    }
}

choice! {
    /// How often it is released (seed: release context).
    ReleaseFrequency {
        /// With each change.
        Continuous = "continuous",
        /// Each week or two.
        Weekly = "weekly" | "bi-weekly",
        /// Each month.
        Monthly = "monthly",
        /// Each quarter.
        Quarterly = "quarterly",
        /// As major releases only.
        MajorReleases = "major releases" | "major release",
    }
}

choice! {
    /// Who makes it (seed: release context).
    TeamStructure {
        /// One team.
        SingleTeam = "single team",
        /// Several teams.
        MultipleTeams = "multiple teams",
        /// Teams in several places.
        Distributed = "distributed",
        /// Another company.
        Outsourced = "outsourced",
    }
}

choice! {
    /// What it runs on (seed: release context).
    Infrastructure {
        /// Servers that are set up one by one.
        Traditional = "traditional",
        /// Services of a cloud.
        CloudNative = "cloud-native",
        /// Containers.
        Containerized = "containerized",
        /// Functions.
        Serverless = "serverless",
    }
}

choice! {
    /// How much it depends on other systems (seed: release context).
    IntegrationComplexity {
        /// Hardly.
        Simple = "simple",
        /// On a few.
        Moderate = "moderate",
        /// On many.
        Complex = "complex",
        /// On those of a whole company.
        Enterprise = "enterprise",
    }
}

choice! {
    /// How fast and available it must be (seed: release context).
    PerformanceRequirements {
        /// As usual.
        Standard = "standard",
        /// More than usual.
        High = "high",
        /// Others depend on it.
        Critical = "critical",
        /// Answers have a deadline.
        RealTime = "real-time",
    }
}
