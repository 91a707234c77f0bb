//! A running Prometheus, asked over its HTTP API (<https://prometheus.io/docs/prometheus/latest/querying/api/>).
//!
//! The only place that opens a connection. It goes to the address that the user named and nowhere else: no proxy of the
//! environment, no redirect. Answers are bounded in size and time.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use ureq::Agent;
use ureq::http::{HeaderValue, Uri};

use crate::trigger::engine::{Grid, Series};
use crate::trigger::live::Doubt;
use crate::trigger::recorded::{self, RecordedSeries, Recording};

/// The largest answer that is read: a day at an interval of 15 seconds of a hundred series is a tenth of it.
const LARGEST_ANSWER: u64 = 64 << 20;

/// The most series of one answer.
const MOST_SERIES: usize = 2_000;

/// How far the clocks of the server and of this machine may be apart, in milliseconds.
const LARGEST_SKEW: i64 = 5_000;

/// An address that is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub reason: String,
    /// What to do about it.
    pub help: String,
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// Why, and what to do about it.
    pub doubt: Doubt,
    /// Whether the next question would have none either.
    pub is_down: bool,
}

impl From<Doubt> for Unanswered {
    fn from(doubt: Doubt) -> Self {
        Unanswered { doubt, is_down: false }
    }
}

/// A secret that says who asks. It is never shown.
pub struct Credential(HeaderValue);

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credential(••••)")
    }
}

impl Credential {
    /// A bearer token; nothing if it is empty or cannot be sent.
    pub fn bearer(token: &str) -> Option<Credential> {
        let token = token.trim();
        let is_sendable = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        let mut value = HeaderValue::from_str(&format!("Bearer {token}")).ok().filter(|_| is_sendable)?;
        value.set_sensitive(true);
        Some(Credential(value))
    }
}

/// A running Prometheus.
#[derive(Debug)]
pub struct Prometheus {
    agent: Agent,
    /// The address, without a slash at its end.
    address: String,
    credential: Option<Credential>,
}

impl Prometheus {
    /// The Prometheus at an address. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// The address is not one that relplan asks.
    pub fn new(
        address: &str,
        timeout: Duration,
        credential: Option<Credential>,
    ) -> Result<Prometheus, Refused> {
        let refused = |reason: &str, help: &str| Refused { reason: reason.to_owned(), help: help.to_owned() };
        let example = "write it as `http://127.0.0.1:9090`";
        let uri: Uri = address.parse().map_err(|_| refused("it is not an address", example))?;
        match uri.scheme_str() {
            Some("http") => {}
            Some("https") => {
                return Err(refused(
                    "relplan does not speak HTTPS",
                    "forward a local port to it, for example with `kubectl port-forward` or `ssh -L`, and pass `http://127.0.0.1:PORT`",
                ));
            }
            _ => return Err(refused("it does not begin with `http://`", example)),
        }
        let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
        if authority.contains('@') {
            return Err(refused(
                "it holds a user name or password, which others can see in the list of processes",
                "remove it, and pass a token with `--token-env` or `--token-file`",
            ));
        }
        if uri.query().is_some() || address.contains('#') {
            return Err(refused("it has a query or a fragment", example));
        }
        let host = uri.host().unwrap_or_default();
        if credential.is_some() && !is_this_machine(host) {
            return Err(refused(
                "the token would travel to another machine without encryption",
                "forward a local port to it, for example with `kubectl port-forward` or `ssh -L`, and pass `http://127.0.0.1:PORT`",
            ));
        }
        let config = Agent::config_builder()
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(timeout))
            .user_agent(concat!("relplan/", env!("CARGO_PKG_VERSION")))
            .build();
        let address = address.trim_end_matches('/').to_owned();
        Ok(Prometheus { agent: config.into(), address, credential })
    }

    /// Whether its clock and the one of this machine agree.
    ///
    /// # Errors
    ///
    /// They do not, or Prometheus does not answer.
    pub fn check_clock(&self) -> Result<(), Unanswered> {
        let before = Utc::now();
        let text = self.get("/api/v1/query", &[("query", "time()")])?;
        let after = Utc::now();
        let seconds = recorded::scalar(&text).map_err(|reason| self.not_understood(reason))?;
        match skew(seconds, before, after) {
            skew if skew.abs() <= LARGEST_SKEW => Ok(()),
            skew => {
                let direction = if skew > 0 { "ahead of" } else { "behind" };
                let reason = format!(
                    "the clock of Prometheus is {} s {direction} that of this machine",
                    (skew.abs() + 500) / 1000
                );
                Err(Doubt::new(reason, "set both clocks (NTP)").into())
            }
        }
    }

    /// The values of a query at each moment of a grid, under a name.
    ///
    /// # Errors
    ///
    /// Why the answer cannot be relied on.
    pub fn values(&self, query: &str, name: &str, grid: Grid) -> Result<Vec<Series>, Unanswered> {
        let seconds = |millis: i64| format!("{}.{:03}", millis / 1000, millis % 1000);
        let (start, step) = (seconds(grid.start), seconds(grid.step));
        let end = seconds(grid.time(grid.count.saturating_sub(1)));
        let parameters = [("query", query), ("start", &start), ("end", &end), ("step", &step)];
        let text = self.get("/api/v1/query_range", &parameters)?;
        let series = recorded::answer(&text).map_err(|reason| self.not_understood(reason))?;
        if series.len() > MOST_SERIES {
            let reason = format!("the query yields {} series", series.len());
            return Err(Doubt::new(reason, "aggregate the query: `sum(…)`, `max by (region) (…)`").into());
        }
        if !series.iter().all(|series| is_on(series, grid)) {
            return Err(self
                .not_understood("the answer has values of other moments than asked for".to_owned())
                .into());
        }
        Ok(Recording { series }.asked(name))
    }

    fn not_understood(&self, reason: String) -> Doubt {
        Doubt::new(
            reason,
            format!("check that `{}` is Prometheus, and run the query in its web page", self.address),
        )
    }

    fn get(&self, path: &str, parameters: &[(&str, &str)]) -> Result<String, Unanswered> {
        let url = format!("{}{path}", self.address);
        let mut request = self.agent.get(&url).query_pairs(parameters.iter().copied());
        if let Some(Credential(value)) = &self.credential {
            request = request.header("Authorization", value.clone());
        }
        let mut response = request.call().map_err(|error| self.failed(&error))?;
        let status = response.status();
        if status.is_redirection() {
            let reason = format!(
                "Prometheus answered with a redirect (HTTP {}), which is not followed",
                status.as_u16()
            );
            return Err(Doubt::new(reason, "pass the address that it leads to, if you trust it").into());
        }
        let body = response.body_mut().with_config().limit(LARGEST_ANSWER).read_to_string();
        if status.is_success() {
            return body.map_err(|error| self.failed(&error));
        }
        // Prometheus says in the body what is wrong with a query.
        let stated = body.ok().and_then(|body| recorded::answer(&body).err());
        let stated = stated.filter(|reason| reason.starts_with("Prometheus answered with an error"));
        let (reason, help) = match (status.as_u16(), stated) {
            (401 | 403, _) => (
                format!("Prometheus refuses the request (HTTP {})", status.as_u16()),
                "pass a valid token with `--token-env` or `--token-file`".to_owned(),
            ),
            (code, Some(stated)) => {
                (format!("{stated} (HTTP {code})"), "correct the query of the MON entry".to_owned())
            }
            (code, None) => (
                format!("Prometheus answered with HTTP {code}"),
                format!("check that `{}` is Prometheus", self.address),
            ),
        };
        Err(Doubt::new(reason, help).into())
    }

    fn failed(&self, error: &ureq::Error) -> Unanswered {
        let address = &self.address;
        let is_it_up = format!("check that Prometheus runs at `{address}`");
        let (reason, help) = match error {
            ureq::Error::Timeout(_) | ureq::Error::BodyStalled => {
                (format!("`{address}` did not answer in time"), is_it_up + ", or pass a longer `--timeout`")
            }
            ureq::Error::BodyExceedsLimit(_) => (
                format!("the answer is larger than {} MB", LARGEST_ANSWER >> 20),
                "aggregate the query: `sum(…)`, `max by (region) (…)`".to_owned(),
            ),
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => {
                (format!("`{address}` did not answer in time"), is_it_up + ", or pass a longer `--timeout`")
            }
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
                (format!("`{address}` refuses the connection"), is_it_up)
            }
            ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                ("the answer is not UTF-8".to_owned(), format!("check that `{address}` is Prometheus"))
            }
            ureq::Error::HostNotFound => (format!("the host of `{address}` is not known"), is_it_up),
            error => (format!("cannot ask `{address}`: {error}"), is_it_up),
        };
        let is_down = !matches!(error, ureq::Error::BodyExceedsLimit(_));
        Unanswered { doubt: Doubt::new(reason, help), is_down }
    }
}

/// Whether each value belongs to a moment of a grid.
fn is_on(series: &RecordedSeries, grid: Grid) -> bool {
    let last = grid.time(grid.count.saturating_sub(1));
    series.samples.iter().all(|sample| {
        (grid.start..=last).contains(&sample.time) && (sample.time - grid.start) % grid.step.max(1) == 0
    })
}

/// By how much a clock is ahead of another that was read before and after it, in milliseconds.
fn skew(seconds: f64, before: DateTime<Utc>, after: DateTime<Utc>) -> i64 {
    // Beyond that it is no time at all, and far enough apart.
    let theirs = (seconds.clamp(-1e12, 1e12) * 1000.0) as i64;
    let (before, after) = (before.timestamp_millis(), after.timestamp_millis());
    match theirs {
        theirs if theirs < before => theirs - before,
        theirs if theirs > after => theirs - after,
        _ => 0,
    }
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(address: &str, token: Option<&str>) -> Option<String> {
        let credential = token.and_then(Credential::bearer);
        Prometheus::new(address, Duration::from_secs(1), credential).err().map(|refused| refused.reason)
    }

    #[test]
    fn addresses_that_are_not_asked_are_refused() {
        for good in ["http://127.0.0.1:9090", "http://prometheus:9090/", "http://[::1]:9090/prometheus"] {
            assert_eq!(refused(good, None), None, "{good}");
        }
        assert_eq!(refused("http://[::1]:9090", Some("t")), None);
        for (bad, reason) in [
            ("https://prometheus", "relplan does not speak HTTPS"),
            ("prometheus:9090", "it does not begin with `http://`"),
            ("ftp://prometheus", "it does not begin with `http://`"),
            ("file:///etc/passwd", "it is not an address"),
            ("", "it is not an address"),
            ("http://pro metheus", "it is not an address"),
            ("http://a?b=c", "it has a query or a fragment"),
        ] {
            assert_eq!(refused(bad, None).as_deref(), Some(reason), "{bad}");
        }
        let named = refused("http://user:hunter2@127.0.0.1", None).expect("it is refused");
        assert!(!named.contains("hunter2"), "{named}");
        let away = refused("http://10.0.0.1:9090", Some("t"));
        assert_eq!(away.as_deref(), Some("the token would travel to another machine without encryption"));
    }

    #[test]
    fn a_token_is_one_word_and_never_shown() {
        let token = Credential::bearer(" s3cret\n").expect("a token");
        assert_eq!(format!("{token:?}"), "Credential(••••)");
        for bad in ["", " \n", "two words", "a\nb", "ä", "a\0"] {
            assert!(Credential::bearer(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn clocks_apart_are_noticed() {
        let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        assert_eq!(skew(100.5, at(100), at(101)), 0);
        assert_eq!(skew(90.0, at(100), at(101)), -10_000);
        assert_eq!(skew(111.0, at(100), at(101)), 10_000);
        assert!(skew(f64::NAN, at(100), at(101)) < 0);
        assert!(skew(1e300, at(100), at(101)) > LARGEST_SKEW);
    }
}
