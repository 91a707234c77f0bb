use super::*;

fn file(events: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{events}END:VCALENDAR\r\n")
}

fn event(lines: &str) -> String {
    let lines: String = lines.split('|').map(|line| format!("{line}\r\n")).collect();
    format!("BEGIN:VEVENT\r\nUID:1\r\n{lines}END:VEVENT\r\n")
}

fn shown(text: &str) -> String {
    match holidays(FileId(0), text, None) {
        Ok(found) => {
            let days: Vec<String> = found
                .iter()
                .map(|day| match day.from == day.to {
                    true => format!("{} {}", day.name, day.from),
                    false => format!("{} {}..{}", day.name, day.from, day.to),
                })
                .collect();
            days.join(", ")
        }
        Err(error) => format!("{}: {}", &text[error.span.range()], error.reason),
    }
}

#[track_caller]
fn check(lines: &str, expect: &str) {
    assert_eq!(shown(&file(&event(lines))), expect, "{lines}");
}

#[test]
fn events_are_holidays() {
    check(
        "DTSTART;VALUE=DATE:20261225|DTEND;VALUE=DATE:20261226|SUMMARY:Christmas Day",
        "Christmas Day 2026-12-25",
    );
    check(
        "DTSTART;VALUE=DATE:20261224|DTEND;VALUE=DATE:20270102|SUMMARY:Office closed",
        "Office closed 2026-12-24..2027-01-01",
    );
    check("DTSTART;VALUE=DATE:20261225|SUMMARY:Christmas\r\n  Day", "Christmas Day 2026-12-25");
    check("DTSTART;VALUE=DATE:20261225|SUMMARY:Eve\\, and\\nDay", "Eve, and Day 2026-12-25");
    check("DTSTART:20261225T000000Z|DTEND:20261225T235959Z", "holiday 2026-12-25");
}

#[test]
fn an_end_is_no_longer_part_of_the_event() {
    // All day, as Outlook and Exchange write it.
    check(
        "DTSTART;TZID=Europe/Berlin:20270405T000000|DTEND;TZID=Europe/Berlin:20270406T000000|X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
        "holiday 2027-04-05",
    );
    check("DTSTART:20270405T000000|DTEND:20270408T000000", "holiday 2027-04-05..2027-04-07");
    check("DTSTART:20270405T180000|DTEND:20270406T000001", "holiday 2027-04-05..2027-04-06");
    check("DTSTART:20270405T120000|DTEND:20270405T120000", "holiday 2027-04-05");
}

#[test]
fn a_duration_is_as_good_as_an_end() {
    check("DTSTART;VALUE=DATE:20270404|DURATION:P3D", "holiday 2027-04-04..2027-04-06");
    check("DTSTART;VALUE=DATE:20270404|DURATION:P1W", "holiday 2027-04-04..2027-04-10");
    check("DTSTART:20270404T000000|DURATION:PT48H", "holiday 2027-04-04..2027-04-05");
    check("DTSTART:20270404T120000|DURATION:P1DT12H", "holiday 2027-04-04..2027-04-05");
    check(
        "DTSTART;VALUE=DATE:20270404|DURATION:3 days",
        "DURATION:3 days: DURATION is `3 days`, which is no duration",
    );
}

#[test]
fn recurrence_rules_are_followed() {
    check(
        "DTSTART;VALUE=DATE:20261225|SUMMARY:Christmas|RRULE:FREQ=YEARLY;COUNT=2",
        "Christmas 2026-12-25, Christmas 2027-12-25",
    );
    check(
        "DTSTART;VALUE=DATE:20261126|SUMMARY:Thanksgiving|RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20281231",
        "Thanksgiving 2026-11-26, Thanksgiving 2027-11-25, Thanksgiving 2028-11-23",
    );
    check(
        "DTSTART:20270104T090000|RRULE:FREQ=WEEKLY;UNTIL=20270111T090000Z",
        "holiday 2027-01-04, holiday 2027-01-11",
    );
}

#[test]
fn days_are_added_and_taken_out() {
    check("DTSTART;VALUE=DATE:20270301|RDATE;VALUE=DATE:20270406", "holiday 2027-03-01, holiday 2027-04-06");
    check(
        "DTSTART;VALUE=DATE:20270301|DURATION:P2D|RDATE;VALUE=DATE:20270406,20270510",
        "holiday 2027-03-01..2027-03-02, holiday 2027-04-06..2027-04-07, holiday 2027-05-10..2027-05-11",
    );
    check(
        "DTSTART:20270301T000000|RDATE;VALUE=PERIOD:20270406T000000/20270408T000000,20270501T000000/P1D",
        "holiday 2027-03-01, holiday 2027-04-06..2027-04-07, holiday 2027-05-01",
    );
    check(
        "DTSTART;VALUE=DATE:20270105|RRULE:FREQ=WEEKLY;COUNT=4|EXDATE;VALUE=DATE:20270112,20270119",
        "holiday 2027-01-05, holiday 2027-01-26",
    );
    check(
        "DTSTART:20270105T000000|RRULE:FREQ=WEEKLY;COUNT=3|EXDATE:20270112T000000|EXDATE:20270119T000000",
        "holiday 2027-01-05",
    );
    check("DTSTART;VALUE=DATE:20270301|RDATE:soon", "RDATE:soon: RDATE is `soon`, which is no day");
}

#[test]
fn instances_are_moved_and_cancelled() {
    let weekly = event("DTSTART;VALUE=DATE:20270105|RRULE:FREQ=WEEKLY;COUNT=3|SUMMARY:Closed");
    let moved = event("RECURRENCE-ID;VALUE=DATE:20270112|DTSTART;VALUE=DATE:20270114|SUMMARY:Closed later");
    let gone = event("RECURRENCE-ID;VALUE=DATE:20270119|DTSTART;VALUE=DATE:20270119|STATUS:CANCELLED");
    let days = "Closed 2027-01-05, Closed later 2027-01-14";
    assert_eq!(shown(&file(&format!("{weekly}{moved}{gone}"))), days);
    let other = gone.replace("UID:1", "UID:2");
    assert_eq!(
        shown(&file(&format!("{weekly}{other}"))),
        "Closed 2027-01-05, Closed 2027-01-12, Closed 2027-01-19"
    );
    check("DTSTART;VALUE=DATE:20270105|STATUS:CANCELLED", "");
    assert_eq!(shown(&file(&format!("METHOD:CANCEL\r\n{weekly}"))), "");
}

#[test]
fn names_are_read_without_regard_to_case() {
    let text = "begin:vcalendar\nversion:2.0\nbegin:vevent\nuid:a@x\ndtstart;value=date:20270406\nsummary:Closed\n\
                rrule:freq=yearly;count=1\nend:vevent\nEnd:VCalendar\n";
    assert_eq!(shown(text), "Closed 2027-04-06");
}

#[test]
fn moments_in_utc_are_days_of_the_zone() {
    let text = file(&event("DTSTART:20261224T230000Z|DTEND:20261225T230000Z|SUMMARY:Christmas"));
    let days = |zone: Option<Tz>| {
        let found = holidays(FileId(0), &text, zone).expect("a calendar");
        (found[0].from.to_string(), found[0].to.to_string())
    };
    assert_eq!(days(Some(Tz::Europe__Berlin)), ("2026-12-25".into(), "2026-12-25".into()));
    assert_eq!(days(None), ("2026-12-24".into(), "2026-12-25".into()));
}

#[test]
fn what_is_wrong_is_said_at_its_place() {
    check(
        "DTSTART;VALUE=DATE:20261399",
        "DTSTART;VALUE=DATE:20261399: DTSTART is `20261399`, which is no day",
    );
    check("DTSTART:20261225noon", "DTSTART:20261225noon: DTSTART is `20261225noon`, which is no day");
    check("SUMMARY:nothing", "BEGIN:VEVENT: this event has no DTSTART");
    check(
        "DTSTART:20261225|RRULE:FREQ=SOMETIMES",
        "DTSTART:20261225: RRULE is `FREQ=SOMETIMES`, which is no rule",
    );
}

#[test]
fn what_is_no_calendar_is_said_at_its_line() {
    let line = |text: &str| match holidays(FileId(0), text, None) {
        Ok(found) => format!("{} holidays", found.len()),
        Err(error) => {
            format!("{}: {}", text[..error.span.range().start].matches('\n').count() + 1, error.reason)
        }
    };
    assert_eq!(line(""), "1: this is no iCalendar");
    assert_eq!(line("Christmas\n2026-12-25\n"), "1: this is no iCalendar");
    assert_eq!(line("BEGIN:VTODO\r\nEND:VTODO\r\n"), "1: a calendar begins with BEGIN:VCALENDAR");
    let broken = file(&event("SUMMARY:Long\r\n  summary|DTSTART;VALUE=DATE:20261225"))
        .replace("END:VEVENT", "END:EVENT");
    assert_eq!(line(&broken), "9: this is no iCalendar");
    assert_eq!(line("BEGIN:VCALENDAR\nBEGIN:VEVENT\n"), "2: this is no iCalendar");
    assert_eq!(line(&file("")), "0 holidays");
    assert_eq!(line(&file("BEGIN:VTODO\r\nDUE:20270101\r\nEND:VTODO\r\n")), "0 holidays");
}
