//! The messages of a release, from its announcement to its summary.

use crate::model::rel::{Rel, RelStatus};

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    /// The release is planned.
    Announcement,
    /// The rollout is near.
    Notice,
    /// The rollout begins.
    Start,
    /// A phase of the rollout begins.
    Phase,
    /// The rollout is over.
    Completion,
    /// The release is taken back.
    Rollback,
    /// The release has an incident.
    Incident,
    /// How the release stands this week.
    StatusUpdate,
    /// The release on one page, for those who decide on it.
    ExecutiveSummary,
}

impl MessageKind {
    /// The kinds in the order in which they are sent.
    pub const ALL: [MessageKind; 9] = [
        MessageKind::Announcement,
        MessageKind::Notice,
        MessageKind::Start,
        MessageKind::Phase,
        MessageKind::Completion,
        MessageKind::Rollback,
        MessageKind::Incident,
        MessageKind::StatusUpdate,
        MessageKind::ExecutiveSummary,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            MessageKind::Announcement => "announcement",
            MessageKind::Notice => "notice",
            MessageKind::Start => "start",
            MessageKind::Phase => "phase",
            MessageKind::Completion => "completion",
            MessageKind::Rollback => "rollback",
            MessageKind::Incident => "incident",
            MessageKind::StatusUpdate => "status-update",
            MessageKind::ExecutiveSummary => "executive-summary",
        }
    }

    /// What it is for.
    pub fn about(self) -> &'static str {
        match self {
            MessageKind::Announcement => "the release is planned: features, dates, what changes for users",
            MessageKind::Notice => "the rollout is near: days, phases, what to do before",
            MessageKind::Start => "the rollout begins",
            MessageKind::Phase => "a phase of the rollout begins; needs --phase",
            MessageKind::Completion => "the rollout is complete: what is new, known issues",
            MessageKind::Rollback => "the release is rolled back",
            MessageKind::Incident => "an incident of the release: status, impact, times; needs --incident",
            MessageKind::StatusUpdate => "health, progress, this week, next week, support needed",
            MessageKind::ExecutiveSummary => "the release on one page: decision, objectives, top risks",
        }
    }

    /// The status of the release with which the message would tell what is not so.
    pub fn contradicts(self, rel: &Rel<'_>) -> Option<RelStatus> {
        let status = rel.status.map_or(RelStatus::Planned, |status| status.value);
        let is_true = match self {
            MessageKind::Incident => true,
            MessageKind::ExecutiveSummary => status != RelStatus::Cancelled,
            MessageKind::Announcement
            | MessageKind::Notice
            | MessageKind::Start
            | MessageKind::Phase
            | MessageKind::StatusUpdate => {
                matches!(status, RelStatus::Planned | RelStatus::InProgress | RelStatus::Frozen)
            }
            MessageKind::Completion => status == RelStatus::Released,
            // It is written while the release is taken back, before anybody has changed its status.
            MessageKind::Rollback => {
                matches!(status, RelStatus::InProgress | RelStatus::Released | RelStatus::RolledBack)
            }
        };
        (!is_true).then_some(status)
    }

    /// Whether it reports how the release stands, so that the release must be judged for it.
    pub fn reports_status(self) -> bool {
        matches!(self, MessageKind::StatusUpdate | MessageKind::ExecutiveSummary)
    }

    /// Its template.
    pub fn template(self) -> &'static str {
        match self {
            MessageKind::Announcement => include_str!("templates/announcement.md"),
            MessageKind::Notice => include_str!("templates/notice.md"),
            MessageKind::Start => include_str!("templates/start.md"),
            MessageKind::Phase => include_str!("templates/phase.md"),
            MessageKind::Completion => include_str!("templates/completion.md"),
            MessageKind::Rollback => include_str!("templates/rollback.md"),
            MessageKind::Incident => include_str!("templates/incident.md"),
            MessageKind::StatusUpdate => include_str!("templates/status-update.md"),
            MessageKind::ExecutiveSummary => include_str!("templates/executive-summary.md"),
        }
    }
}
