//! Days as plans write them: `2027-03-01`, with a time or a weekday beside it, or with the name of the month.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::defect::DefectKind;

/// Reads `2027-03-01`, also with a time behind it; `Monday, 2027-03-01`; `Monday 1st March 2027`; `March 1, 2027`.
///
/// # Errors
///
/// It is no day, no calendar has it, or its weekday is another one than is written.
pub(crate) fn read_date(text: &str) -> Result<NaiveDate, DefectKind> {
    let text = text.trim();
    if let Ok(day) = iso(text) {
        let behind = text.get(10..).unwrap_or("").split(|c: char| !c.is_alphabetic()).find_map(weekday);
        return agreeing(day, behind);
    }
    let words: Vec<&str> = text.split([' ', ',', '(', ')']).filter(|word| !word.is_empty()).collect();
    let (stated, words) = match words.as_slice() {
        [first, rest @ ..] if weekday(first).is_some() => (weekday(first), rest),
        [rest @ .., last] if weekday(last).is_some() => (weekday(last), rest),
        rest => (None, rest),
    };
    let day = match words {
        [date] | [date, _] if date.starts_with(|c: char| c.is_ascii_digit()) && date.contains('-') => {
            iso(&words.join(" "))?
        }
        words => named(words)?,
    };
    agreeing(day, stated)
}

/// The day, if it has the weekday that is written.
fn agreeing(day: NaiveDate, stated: Option<Weekday>) -> Result<NaiveDate, DefectKind> {
    match stated {
        Some(stated) if day.weekday() != stated => Err(DefectKind::WrongWeekday { day, stated }),
        _ => Ok(day),
    }
}

/// `2027-03-01`, perhaps with a time or a remark behind it, but no second date.
fn iso(text: &str) -> Result<NaiveDate, DefectKind> {
    let day = text.get(..10).unwrap_or(text);
    let time = text.get(10..).unwrap_or("");
    let dated = |word: &str| {
        word.len() >= 10
            && word.is_char_boundary(10)
            && NaiveDate::parse_from_str(&word[..10], "%Y-%m-%d").is_ok()
    };
    let second = time.split([' ', '/', '(']).any(dated);
    let separated = (time.is_empty() || time.starts_with(['T', 't', ' '])) && !second;
    let shaped = day.len() == 10
        && day.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shaped || !separated {
        return Err(DefectKind::NotADate);
    }
    NaiveDate::parse_from_str(day, "%Y-%m-%d")
        .map_err(|_| DefectKind::ImpossibleDate { swapped: NaiveDate::parse_from_str(day, "%Y-%d-%m").ok() })
}

/// A weekday by its name, or by its first three or four letters.
pub fn weekday(word: &str) -> Option<Weekday> {
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    let is_short = word.len() >= 3;
    let known = matches!(&*word, "tues" | "wednes" | "thur" | "thurs").then(|| word.get(..3)).flatten();
    known.unwrap_or(&word).parse().ok().filter(|_| is_short)
}

/// `27th February 2024`, `27 of Feb 2024`, `February 27 2024`.
fn named(words: &[&str]) -> Result<NaiveDate, DefectKind> {
    let words: Vec<&str> = words.iter().copied().filter(|word| !matches!(*word, "of" | "the")).collect();
    let [first, second, year] = words[..] else { return Err(DefectKind::NotADate) };
    let (day, month) = match month(first) {
        Some(month) => (second, month),
        None => (first, month(second).ok_or(DefectKind::NotADate)?),
    };
    let number = ["st", "nd", "rd", "th"].iter().find_map(|ending| day.strip_suffix(ending)).unwrap_or(day);
    let number: u32 = number.trim_end_matches('.').parse().map_err(|_| DefectKind::NotADate)?;
    let year: i32 = year.parse().ok().filter(|_| year.len() == 4).ok_or(DefectKind::NotADate)?;
    NaiveDate::from_ymd_opt(year, month, number).ok_or(DefectKind::ImpossibleDate { swapped: None })
}

fn month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    let word = if word == "sept" { "sep" } else { &*word };
    word.parse::<chrono::Month>().ok().map(|month| month.number_from_month()).filter(|_| word.len() >= 3)
}

/// The day nearest to another that is a weekday: at most three days away.
pub fn nearest_weekday(day: NaiveDate, wanted: Weekday) -> NaiveDate {
    let ahead = (7 + wanted.num_days_from_monday() - day.weekday().num_days_from_monday()) % 7;
    let near = match ahead {
        0..=3 => day.checked_add_days(Days::new(ahead.into())),
        _ => day.checked_sub_days(Days::new(u64::from(7 - ahead))),
    };
    near.unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let found = read_date(text).map(|day| day.to_string());
        assert_eq!(found.as_deref().unwrap_or_default(), expect, "{text}");
    }

    #[test]
    fn days_are_read_with_their_weekday() {
        for text in [
            "2024-02-27",
            "2024-02-27T10:00:00Z",
            "2024-02-27 10:00",
            "2024-02-27 (Tuesday)",
            "Tuesday, 2024-02-27",
            "Tue 2024-02-27",
            "2024-02-27, Tues.",
            "Tuesday 27th February 2024",
            "27 Feb 2024",
            "February 27, 2024",
            "Tuesday, 27th of February 2024",
            "Feb. 27th, 2024 (Tue)",
            "2024-02-27 10:00 (Tuesday)",
            "2024-02-27 (moved)",
        ] {
            check(text, "2024-02-27");
        }
    }

    #[test]
    fn a_wrong_weekday_is_told() {
        let day = NaiveDate::from_ymd_opt(2024, 2, 27).expect("a day");
        for text in ["Wednesday 27th February 2024", "2024-02-27 (Wednesday)", "Wed, 2024-02-27"] {
            assert_eq!(
                read_date(text),
                Err(DefectKind::WrongWeekday { day, stated: Weekday::Wed }),
                "{text}"
            );
        }
        assert_eq!(nearest_weekday(day, Weekday::Wed).to_string(), "2024-02-28");
        assert_eq!(nearest_weekday(day, Weekday::Sun).to_string(), "2024-02-25");
        assert_eq!(nearest_weekday(day, Weekday::Tue), day);
    }

    #[test]
    fn what_is_no_day_is_not_read() {
        for text in [
            "",
            "soon",
            "Tuesday",
            "Tuesday 2024",
            "27 2024 Feb",
            "2024-2-27",
            "27.02.2024",
            "30 February 2024",
            "2024-02-30",
            "2024-02-27 to 2024-02-28",
            "02:00 UTC Wednesday 6th March 2024 / 18:00 PDT Tuesday 5th March 2024",
            "Tuesday 27 Feb 24",
            "Ma 1 2024",
        ] {
            check(text, "");
        }
    }
}
