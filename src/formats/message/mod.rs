//! Messages as mail and chat take them, one file per form.

mod atom;
mod mail;
mod slack;
mod teams;
mod text;

use chrono::{DateTime, Utc};

use crate::formats::markdown;
use crate::messages::{Escape, Message};

/// A way to write a message.
pub struct MessageFormat {
    /// The name that `--format` takes.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Shows the text of a fact as it stands.
    pub escape: Escape,
    /// Writes the message.
    pub write: fn(&Message, &Envelope) -> Result<String, Unsuitable>,
}

/// What a mail has beside its text.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// The address of the sender.
    pub from: Option<String>,
    /// The addresses of the receivers.
    pub to: Vec<String>,
    /// When it was written.
    pub date: DateTime<Utc>,
}

/// Why a message cannot be written in a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsuitable {
    /// Why.
    pub reason: String,
    /// What to do.
    pub help: &'static str,
}

/// The formats of messages, sorted by name.
pub static MESSAGE_FORMATS: &[MessageFormat] = &[
    MessageFormat {
        name: "atom",
        about: "an Atom feed with the message as its entry, for a status page",
        escape: str::to_owned,
        write: atom::write,
    },
    MessageFormat {
        name: "eml",
        about: "a mail (RFC 5322), for a mail program",
        escape: str::to_owned,
        write: mail::write,
    },
    MessageFormat {
        name: "markdown",
        about: "Markdown",
        escape: markdown::escaped_in_message,
        write: text::markdown,
    },
    MessageFormat {
        name: "slack",
        about: "blocks of a Slack message, for an incoming webhook",
        escape: str::to_owned,
        write: slack::write,
    },
    MessageFormat {
        name: "teams",
        about: "an Adaptive Card, for a webhook of Teams Workflows",
        escape: teams::escaped,
        write: teams::write,
    },
];
