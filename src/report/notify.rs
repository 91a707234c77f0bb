//! Communications as a document.

use super::list::Table;
use super::{Line, Report, Tone};
use crate::model::phrase::counted;
use crate::views::notify::{Notice, NoticeStatus, Notify};

/// Lowers the communications.
pub fn report(view: &Notify) -> Report {
    let mut report = Report::new("Communications", view.day);
    let count =
        |wanted: NoticeStatus| view.communications.iter().filter(|notice| notice.status == wanted).count();
    report.figure("Overdue", count(NoticeStatus::Overdue).to_string());
    report.figure("Due today", count(NoticeStatus::Due).to_string());
    if view.communications.is_empty() {
        report.text("No communications.");
        return report;
    }
    let caption = counted(view.communications.len(), "communication");
    let has_senders = view.communications.iter().any(|notice| notice.communication.owner.is_some());
    let columns = ["Day", "Release", "Status", "Message", "Audience", "Channel", "Sender"];
    let shown = if has_senders { columns.len() } else { columns.len() - 1 };
    let mut table = Table::new(caption, &columns[..shown]);
    for notice in &view.communications {
        table.row(row(notice).into_iter().take(shown));
    }
    report.push(table);
    report
}

fn row(notice: &Notice) -> [Line; 7] {
    let said = &notice.communication;
    let or_dash = |text: &Option<String>| Line::prose(text.as_deref().unwrap_or("–"));
    let day = match (said.day, &said.when) {
        (Some(day), _) => Line::from(day.format("%a %Y-%m-%d").to_string()),
        (None, Some(when)) => Line::prose(when),
        (None, None) => match &said.frequency {
            Some(frequency) => Line::prose(frequency),
            None => Line::badge(Tone::Unknown, "no date"),
        },
    };
    let status = match notice.status {
        NoticeStatus::Sent => {
            let on = said.sent.map(|sent| format!("sent {sent}")).unwrap_or_default();
            Line::badge(Tone::Good, on)
        }
        NoticeStatus::Overdue => Line::badge(Tone::Bad, "overdue"),
        NoticeStatus::Due => Line::badge(Tone::Attention, "due today"),
        NoticeStatus::Planned => Line::badge(Tone::Neutral, "planned"),
        NoticeStatus::Recurring => Line::badge(Tone::Neutral, "recurring"),
        NoticeStatus::Undated => Line::badge(Tone::Neutral, "no date"),
        NoticeStatus::NotRecorded => Line::badge(Tone::Unknown, "not recorded"),
    };
    let status = match (&notice.sent_does_not_count, said.sent) {
        (Some(reason), Some(sent)) => status.and(format!(" (`sent` {sent} does not count: {reason})")),
        _ => status,
    };
    [
        day,
        Line::id(&notice.release),
        status,
        Line::prose(&said.title()),
        or_dash(&said.audience),
        or_dash(&said.channel),
        or_dash(&said.owner),
    ]
}
