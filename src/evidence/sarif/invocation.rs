//! How a scanner ran, and why its scan proves nothing.

use serde::Deserialize;
use serde_json::Value;

use super::rule::Tool;
use super::{Message, Reference, rule};
use crate::evidence::ScanTrouble;
use crate::evidence::severity::stated;

/// An invocation (3.20).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invocation {
    execution_successful: Option<Value>,
    exit_code: Option<Value>,
    exit_signal_name: Option<Value>,
    exit_signal_number: Option<Value>,
    process_start_failure_message: Option<Value>,
    start_time_utc: Option<Value>,
    end_time_utc: Option<Value>,
    tool_execution_notifications: Option<Vec<Notification>>,
    tool_configuration_notifications: Option<Vec<Notification>>,
    rule_configuration_overrides: Option<Vec<Override>>,
    notification_configuration_overrides: Option<Vec<Override>>,
}

/// A level that an invocation gives to a rule (3.51).
#[derive(Deserialize)]
struct Override {
    descriptor: Reference,
    configuration: rule::Configuration,
}

/// What a scanner says of its own work (3.58).
#[derive(Deserialize)]
struct Notification {
    level: Option<Value>,
    #[serde(default)]
    message: Message,
    descriptor: Option<Reference>,
    /// What the scanner threw (3.58.9).
    exception: Option<Value>,
}

/// Why a scan proves nothing, and what it says about it itself.
pub(super) type Trouble = (ScanTrouble, Option<String>);

impl Invocation {
    /// When it ended (3.20.8), or where that is not stated, when it began (3.20.7).
    pub fn time(&self) -> Option<String> {
        let time = stated(self.end_time_utc.as_ref()).or(stated(self.start_time_utc.as_ref()))?;
        Some(time.as_str().map_or_else(|| time.to_string(), str::to_owned))
    }

    /// The level that it gives to a rule, if it does.
    pub fn level_of(&self, rule: &rule::Descriptor) -> Option<&Value> {
        let overrides = self.rule_configuration_overrides.as_ref()?;
        overrides.iter().find(|item| item.descriptor.names(rule))?.configuration.level.as_ref()
    }

    /// Everything for which the scan proves nothing, the worst first.
    pub fn troubles(&self, has_results: bool, tool: &Tool) -> Vec<Trouble> {
        let mut troubles = Vec::new();
        troubles.extend(self.process_trouble(has_results));
        let notifications = [&self.tool_execution_notifications, &self.tool_configuration_notifications];
        let all = notifications.into_iter().flatten().flatten();
        let errors = all.filter(|item| item.is_error(self.level_of_notification(item, tool)));
        troubles.extend(errors.map(|item| (ScanTrouble::ErrorNoted, item.words())));
        troubles
    }

    /// The level of a notification: its own, that of the invocation for its kind, or that which its kind has (3.58.6, as
    /// 3.27.10 for results).
    fn level_of_notification<'l>(&'l self, item: &'l Notification, tool: &'l Tool) -> Option<&'l Value> {
        if let Some(level) = stated(item.level.as_ref()) {
            return Some(level);
        }
        let reference = item.descriptor.as_ref()?;
        let descriptor = tool.notification(reference);
        let mut overrides = self.notification_configuration_overrides.iter().flatten();
        let is_of_kind = |item: &&Override| {
            item.descriptor.is_same(reference) || descriptor.is_some_and(|known| item.descriptor.names(known))
        };
        let overridden = overrides.find(is_of_kind).and_then(|item| item.configuration.level.as_ref());
        stated(overridden).or_else(|| stated(descriptor?.default_level()))
    }

    /// How its process failed, if it did. A code of 1 beside results says that there are some; without any it says
    /// that something went wrong.
    fn process_trouble(&self, has_results: bool) -> Option<Trouble> {
        let text = |value: &Option<Value>| {
            stated(value.as_ref())
                .filter(|value| value.as_i64() != Some(0))
                .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        };
        if let Some(message) = text(&self.process_start_failure_message) {
            return Some((ScanTrouble::Failed, Some(format!("did not start: {message}"))));
        }
        if let Some(signal) = text(&self.exit_signal_name).or_else(|| text(&self.exit_signal_number)) {
            return Some((ScanTrouble::Failed, Some(format!("ended by signal {signal}"))));
        }
        let success = stated(self.execution_successful.as_ref());
        if success.is_some_and(|success| *success != Value::Bool(true)) {
            return Some((ScanTrouble::Failed, None));
        }
        let code = stated(self.exit_code.as_ref());
        let number = code.and_then(|code| code.as_i64().or_else(|| code.as_str()?.trim().parse().ok()));
        match (code, number) {
            (Some(code), None) => Some((ScanTrouble::Failed, Some(format!("exit code `{code}`")))),
            (Some(_), Some(0)) => None,
            (Some(_), Some(1)) if has_results => None,
            (Some(_), Some(code)) => Some((ScanTrouble::ExitCode(code), None)),
            (None, _) => success.is_none().then_some((ScanTrouble::NotStated, None)),
        }
    }
}

impl Notification {
    /// Whether it is an error. Without a level it is a warning (3.58.6), unless the scanner threw something; one that is not
    /// known may be an error.
    fn is_error(&self, level: Option<&Value>) -> bool {
        match level {
            Some(level) => !matches!(level.as_str(), Some("warning" | "note" | "none")),
            None => stated(self.exception.as_ref()).is_some(),
        }
    }

    fn words(&self) -> Option<String> {
        let words = self.message.words(None);
        match words.trim() {
            "" => self.descriptor.as_ref()?.id.clone(),
            words => Some(words.lines().next().unwrap_or(words).to_owned()),
        }
    }
}
