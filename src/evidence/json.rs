//! JSON with places, on top of serde_json.
//!
//! Lists are read item by item into raw texts that borrow from the file: each knows where it stands, and a
//! file that is cut off has given what stands before.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

mod scalar;

use super::input::{Found, Input};
use super::lookalikes;
use super::measured::{Role, role};
use super::{EvidenceDefect, EvidenceDefectKind};

pub(super) use scalar::{Scalar, Text, Values, Written};

/// What the members of an object go into.
pub(super) trait Object<'s> {
    /// Takes the value of the member with this name.
    fn member<A: MapAccess<'s>>(&mut self, name: Cow<'s, str>, values: &mut A) -> Result<(), A::Error>;
}

/// Reads an object member by member.
pub(super) struct Members<'o, O>(pub &'o mut O);

impl<'s, O: Object<'s>> DeserializeSeed<'s> for Members<'_, O> {
    type Value = ();

    fn deserialize<D: Deserializer<'s>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'s, O: Object<'s>> Visitor<'s> for Members<'_, O> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'s>>(self, mut values: A) -> Result<(), A::Error> {
        while let Some(name) = values.next_key::<Cow<'s, str>>()? {
            self.0.member(name, &mut values)?;
        }
        Ok(())
    }
}

/// The members of an object as they are written.
#[derive(Debug, Default)]
pub(super) struct Pairs<'s>(pub Vec<(Cow<'s, str>, &'s RawValue)>);

impl<'s> Object<'s> for Pairs<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: Cow<'s, str>, values: &mut A) -> Result<(), A::Error> {
        self.0.push((name, values.next_value()?));
        Ok(())
    }
}

impl<'s> Pairs<'s> {
    /// The members of a part of a file; one that stands there twice is a defect.
    pub fn of(input: &Input<'s>, part: &'s RawValue) -> Result<Pairs<'s>, EvidenceDefect> {
        let mut pairs = Pairs::default();
        read_part(input, part, &mut pairs, |pairs| match pairs.repeated() {
            Some(key) => Err(wrong(input, part, &format!("duplicate key `{key}`"))),
            None => Ok(()),
        })?;
        Ok(pairs)
    }

    /// The value of a member; nothing if there is none, or it is null.
    pub fn get(&self, key: &str) -> Option<&'s RawValue> {
        self.0.iter().find(|(own, value)| own == key && value.get() != "null").map(|(_, value)| *value)
    }

    /// A key that stands there twice.
    pub fn repeated(&self) -> Option<&str> {
        // Most objects have a handful of members, which are compared faster than sorted.
        const FEW: usize = 12;
        if self.0.len() <= FEW {
            let is_behind = |at: usize, key: &str| self.0[at + 1..].iter().any(|(other, _)| other == key);
            return self
                .0
                .iter()
                .enumerate()
                .find(|(at, (key, _))| is_behind(*at, key))
                .map(|(_, (key, _))| &**key);
        }
        let mut keys: Vec<&str> = self.0.iter().map(|(key, _)| &**key).collect();
        keys.sort_unstable();
        keys.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
    }
}

/// Reads a list into raw texts.
pub(super) struct Items<'o, 's>(pub &'o mut Vec<&'s RawValue>);

impl<'s> DeserializeSeed<'s> for Items<'_, 's> {
    type Value = ();

    fn deserialize<D: Deserializer<'s>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'s> Visitor<'s> for Items<'_, 's> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'s>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element()? {
            self.0.push(item);
        }
        Ok(())
    }
}

/// Reads a list into raw texts, where there is one. `null` is none.
pub(super) struct List<'o, 's>(pub &'o mut Option<Vec<&'s RawValue>>);

impl<'s> DeserializeSeed<'s> for List<'_, 's> {
    type Value = ();

    fn deserialize<D: Deserializer<'s>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'s> Visitor<'s> for List<'_, 's> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'s>>(self, items: A) -> Result<(), A::Error> {
        Items(self.0.get_or_insert_default()).visit_seq(items)
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Reads a list of objects; also one that is cut off in the middle.
pub(super) struct Objects<'o, O>(pub &'o mut Vec<O>);

impl<'s, O: Object<'s> + Default> DeserializeSeed<'s> for Objects<'_, O> {
    type Value = ();

    fn deserialize<D: Deserializer<'s>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'s, O: Object<'s> + Default> Visitor<'s> for Objects<'_, O> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'s>>(self, mut items: A) -> Result<(), A::Error> {
        loop {
            let mut object = O::default();
            let read = items.next_element_seed(Members(&mut object));
            if !matches!(read, Ok(None)) {
                self.0.push(object);
            }
            if read?.is_none() {
                return Ok(());
            }
        }
    }
}

/// Reads the whole of a file into an object; what was read before an error stays.
pub(super) fn read_object<'s>(input: &Input<'s>, object: &mut impl Object<'s>) -> Result<(), EvidenceDefect> {
    let mut deserializer = serde_json::Deserializer::from_str(input.text);
    let read = Members(object).deserialize(&mut deserializer).and_then(|()| deserializer.end());
    read.map_err(|error| broken(input, input.text, &error))
}

/// Reads the whole of a file into raw texts; what was read before an error stays.
pub(super) fn read_list<'s>(input: &Input<'s>, items: &mut Vec<&'s RawValue>) -> Result<(), EvidenceDefect> {
    let mut deserializer = serde_json::Deserializer::from_str(input.text);
    let read = Items(items).deserialize(&mut deserializer).and_then(|()| deserializer.end());
    read.map_err(|error| broken(input, input.text, &error))
}

/// Reads the values of a file that stand one behind the other, as JSON lines are; what was read before an error stays.
pub(super) fn read_values<'s>(
    input: &Input<'s>,
    values: &mut Vec<&'s RawValue>,
) -> Result<(), EvidenceDefect> {
    for value in serde_json::Deserializer::from_str(input.text).into_iter() {
        values.push(value.map_err(|error| broken(input, input.text, &error))?);
    }
    Ok(())
}

/// Reads a part of a file that is a list.
pub(super) fn read_items<'s>(
    input: &Input<'s>,
    part: &'s RawValue,
    items: Items<'_, 's>,
) -> Result<(), EvidenceDefect> {
    let mut deserializer = serde_json::Deserializer::from_str(part.get());
    items.deserialize(&mut deserializer).map_err(|error| broken(input, part.get(), &error))
}

/// Reads a part of a file that is an object, member by member, and hands it on.
pub(super) fn read_part<'s, O: Object<'s>>(
    input: &Input<'s>,
    part: &'s RawValue,
    object: &mut O,
    then: impl FnOnce(&O) -> Result<(), EvidenceDefect>,
) -> Result<(), EvidenceDefect> {
    let mut deserializer = serde_json::Deserializer::from_str(part.get());
    Members(object).deserialize(&mut deserializer).map_err(|error| broken(input, part.get(), &error))?;
    then(object)
}

/// Reads a part of a file.
pub(super) fn read<'s, T: Deserialize<'s>>(
    input: &Input<'s>,
    part: &'s RawValue,
) -> Result<T, EvidenceDefect> {
    serde_json::from_str(part.get()).map_err(|error| broken(input, part.get(), &error))
}

/// Reads a part of a file that is a value of its own, such as a line.
pub(super) fn read_text<'s, T: Deserialize<'s>>(
    input: &Input<'s>,
    part: &'s str,
) -> Result<T, EvidenceDefect> {
    serde_json::from_str(part).map_err(|error| broken(input, part, &error))
}

/// A part of a file, or a defect at its place. `null` is none.
pub(super) fn part<'s, T: Deserialize<'s>>(
    input: &Input<'s>,
    raw: Option<&'s RawValue>,
    found: &mut Found<'s>,
) -> Option<T> {
    match read(input, raw.filter(|raw| raw.get() != "null")?) {
        Ok(part) => Some(part),
        Err(defect) => {
            found.broken(defect);
            None
        }
    }
}

/// The text of a part, if it is one.
pub(super) fn text(part: &RawValue) -> Option<Cow<'_, str>> {
    let raw = part.get().strip_prefix('"').and_then(|raw| raw.strip_suffix('"'))?;
    match raw.contains('\\') {
        false => Some(Cow::Borrowed(raw)),
        true => serde_json::from_str(part.get()).ok().map(Cow::Owned),
    }
}

/// An error of serde_json in a part of the file, which it counts from.
fn broken(input: &Input<'_>, part: &str, error: &serde_json::Error) -> EvidenceDefect {
    let line = part.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    // The column is that of the last byte that was read.
    let offset = (line + error.column().saturating_sub(1)).min(part.len());
    let words = error.to_string();
    let reason = words.rsplit_once(" at line ").map_or(words.as_str(), |(reason, _)| reason).to_owned();
    let end = input.place(part).end as usize;
    if error.is_eof() && end < input.text.trim_end().len() {
        return input.malformed(end, reason);
    }
    if error.is_eof() {
        return input.malformed(input.text.len(), format!("the file is cut off: {reason}"));
    }
    input.malformed(input.place(part).start as usize + offset, reason)
}

/// What a JSON file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Sarif,
    /// SARIF of a version that is not read.
    OtherSarif,
    Trivy,
    NpmAudit,
    Osv,
    /// An empty list of results, of which nothing tells who wrote it.
    EmptyResults,
    CycloneDx,
    Metrics,
    K6,
    CdEvents,
    IstanbulSummary,
    Ctrf,
    /// An event of `go test -json`; others follow.
    GoTest,
    Provenance,
    /// What another program writes, and what to do about it.
    Lookalike(&'static str),
    Other,
}

/// What a file holds, by its members that tell.
pub(super) fn shape(input: &Input<'_>) -> Result<Shape, EvidenceDefect> {
    if input.text.trim_start().starts_with('[') {
        return list_shape(input);
    }
    let mut telling = Telling::default();
    let read = read_object(input, &mut telling);
    match (telling.shape(), read) {
        (Some(shape), _) => Ok(shape),
        (None, read) => match (lookalikes::object(&telling.keys, input.text), read) {
            (Some(hint), _) => Ok(Shape::Lookalike(hint)),
            (None, Ok(())) if telling.scanner.is_some() => Ok(Shape::EmptyResults),
            (None, Ok(())) => Ok(Shape::Other),
            (None, Err(defect)) => Err(defect),
        },
    }
}

/// Metrics are a list of objects with names and values, and so are many others; the first of them tells.
fn list_shape(input: &Input<'_>) -> Result<Shape, EvidenceDefect> {
    let behind = input.text.trim_start()[1..].trim_start();
    match behind.bytes().next() {
        Some(b'{') => {}
        Some(b']') => return Ok(Shape::Metrics),
        Some(_) => return read_list(input, &mut Vec::new()).map(|()| Shape::Other),
        None => {
            return Err(input.malformed(input.text.len(), "the file is cut off: EOF while parsing a list"));
        }
    }
    let mut telling = Telling::default();
    let read = Members(&mut telling).deserialize(&mut serde_json::Deserializer::from_str(behind));
    let is_measurement = telling.keys.iter().any(|key| matches!(role(key), Role::Name | Role::Value));
    Ok(match telling.shape() {
        Some(Shape::CdEvents) => Shape::CdEvents,
        _ => match lookalikes::list(&telling.keys) {
            Some(hint) => Shape::Lookalike(hint),
            // What breaks in the first of them is said by the reader.
            None if is_measurement || read.is_err() => Shape::Metrics,
            None => Shape::Other,
        },
    })
}

/// The members that tell what a file is.
#[derive(Default)]
struct Telling {
    runs: bool,
    /// The member `metrics`, if there is one.
    metrics: Option<Kind>,
    /// Members that k6 writes beside its metrics.
    k6: bool,
    context: bool,
    subject: bool,
    /// An event as the data of a CloudEvent.
    carried: bool,
    istanbul: bool,
    ctrf: bool,
    go_test: bool,
    provenance: bool,
    version: Option<String>,
    /// The names of the first of them.
    keys: Vec<String>,
    /// What the members of reports of scanners tell.
    scanner: Option<Shape>,
}

/// Whoever has so many members of other names is known by the first.
const MOST_KEYS: usize = 64;

impl Telling {
    fn shape(&self) -> Option<Shape> {
        let other = self.version.as_ref().is_some_and(|version| !version.starts_with("2.1.0"));
        match self {
            Telling { runs: true, .. } if other => Some(Shape::OtherSarif),
            Telling { runs: true, .. } => Some(Shape::Sarif),
            Telling { scanner: Some(shape), .. } if *shape != Shape::EmptyResults => Some(*shape),
            Telling { metrics: Some(Kind::List), .. } => Some(Shape::Metrics),
            Telling { metrics: Some(Kind::K6), .. } => Some(Shape::K6),
            Telling { metrics: Some(Kind::Object), k6: true, .. } => Some(Shape::K6),
            Telling { context: true, subject: true, .. } | Telling { carried: true, .. } => {
                Some(Shape::CdEvents)
            }
            Telling { istanbul: true, .. } => Some(Shape::IstanbulSummary),
            Telling { ctrf: true, .. } => Some(Shape::Ctrf),
            Telling { go_test: true, .. } => Some(Shape::GoTest),
            Telling { provenance: true, .. } => Some(Shape::Provenance),
            _ => None,
        }
    }
}

impl<'s> Object<'s> for Telling {
    fn member<A: MapAccess<'s>>(&mut self, name: Cow<'s, str>, values: &mut A) -> Result<(), A::Error> {
        if self.keys.len() < MOST_KEYS {
            self.keys.push(name.clone().into_owned());
        }
        match &*name {
            "runs" => self.runs = true,
            // A list may be large, and decides: the reading ends there.
            "metrics" => return values.next_value_seed(By(KindOf(&mut self.metrics))),
            "total" => {
                self.istanbul = super::istanbul::is_total(values.next_value()?);
                if !self.istanbul {
                    return Ok(());
                }
                return Err(enough());
            }
            "Action" => self.go_test = true,
            "reportFormat" => {
                self.ctrf = text(values.next_value::<&'s RawValue>()?).is_some_and(|format| format == "CTRF");
                return if self.ctrf { Err(enough()) } else { Ok(()) };
            }
            "results" => {
                let (ctrf, scanner) = (&mut self.ctrf, &mut self.scanner);
                return values.next_value_seed(By(ResultsOf { ctrf, scanner }));
            }
            "commit" | "time" => self.provenance = true,
            "root_group" | "state" => self.k6 = true,
            "context" => {
                self.context = values.next_value::<&'s RawValue>()?.get().contains("\"dev.cdevents");
                return Ok(());
            }
            "subject" => self.subject = true,
            // A CloudEvent that carries a CDEvent.
            "data" => {
                let data = values.next_value::<&'s RawValue>()?.get();
                self.carried = data.starts_with('{') && data.contains("\"dev.cdevents");
                return Ok(());
            }
            "SchemaVersion" | "ArtifactName" => self.scanner = Some(Shape::Trivy),
            "auditReportVersion" | "advisories" => self.scanner = Some(Shape::NpmAudit),
            "bomFormat" => self.scanner = Some(Shape::CycloneDx),
            // With an empty list, only this tells whose it is.
            "experimental_config" => self.scanner = Some(Shape::Osv),
            "error" => {
                // npm writes what went wrong in the place of a report.
                let error: Result<NpmError<'_>, _> =
                    serde_json::from_str(values.next_value::<&'s RawValue>()?.get());
                if error.is_ok() {
                    self.scanner = self.scanner.or(Some(Shape::NpmAudit));
                }
                return Ok(());
            }
            "version" => {
                self.version = text(values.next_value::<&'s RawValue>()?).map(Cow::into_owned);
                return Ok(());
            }
            _ => {}
        }
        // The version of SARIF may stand behind its runs; everything else is decided.
        if self.runs && self.version.is_some() {
            return Err(enough());
        }
        values.next_value::<IgnoredAny>().map(drop)
    }
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    List,
    Object,
    /// An object with a metric that is built into k6.
    K6,
    Other,
}

/// Looks into a value, whatever it is.
trait Look<'s>: Sized {
    /// Looks into an object.
    fn object<A: MapAccess<'s>>(self, members: A) -> Result<(), A::Error>;

    /// Looks into a list.
    fn list<A: SeqAccess<'s>>(self, items: A) -> Result<(), A::Error>;

    /// Takes note of a value that is neither.
    fn other(self) {}
}

/// That is how reading ends where the rest of a file changes nothing.
fn enough<E: Error>() -> E {
    E::custom("enough was seen")
}

fn pass_over_items<'s, A: SeqAccess<'s>>(mut items: A) -> Result<(), A::Error> {
    while items.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

/// Reads a value by looking into it.
struct By<L>(L);

impl<'s, L: Look<'s>> DeserializeSeed<'s> for By<L> {
    type Value = ();

    fn deserialize<D: Deserializer<'s>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'s, L: Look<'s>> Visitor<'s> for By<L> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_map<A: MapAccess<'s>>(self, members: A) -> Result<(), A::Error> {
        self.0.object(members)
    }

    fn visit_seq<A: SeqAccess<'s>>(self, items: A) -> Result<(), A::Error> {
        self.0.list(items)
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.0.other();
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.0.other();
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.0.other();
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.0.other();
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        self.0.other();
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.other();
        Ok(())
    }
}

/// Tells what a value is. Of a list nothing is read, and that is an error.
struct KindOf<'k>(&'k mut Option<Kind>);

impl<'s> Look<'s> for KindOf<'_> {
    fn object<A: MapAccess<'s>>(self, mut members: A) -> Result<(), A::Error> {
        const OF_K6: [&str; 6] = ["http_req", "iteration", "vus", "data_received", "data_sent", "checks"];
        let kind = self.0.insert(Kind::Object);
        while let Some(name) = members.next_key::<Cow<'s, str>>()? {
            if OF_K6.iter().any(|known| name.starts_with(known)) {
                *kind = Kind::K6;
            }
            members.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn list<A: SeqAccess<'s>>(self, _: A) -> Result<(), A::Error> {
        *self.0 = Some(Kind::List);
        Err(enough())
    }

    fn other(self) {
        *self.0 = Some(Kind::Other);
    }
}

/// Looks into `results`, which is an object in CTRF, and a list elsewhere: those of OSV-Scanner have a source and
/// packages.
struct ResultsOf<'t> {
    ctrf: &'t mut bool,
    scanner: &'t mut Option<Shape>,
}

impl<'s> Look<'s> for ResultsOf<'_> {
    fn object<A: MapAccess<'s>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<Cow<'s, str>>()? {
            if matches!(&*name, "tool" | "summary" | "tests") {
                *self.ctrf = true;
                return Err(enough());
            }
            members.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn list<A: SeqAccess<'s>>(self, mut items: A) -> Result<(), A::Error> {
        let mut is_osv = false;
        let first = items.next_element_seed(By(FirstOfOsv(&mut is_osv)));
        if is_osv {
            *self.scanner = self.scanner.or(Some(Shape::Osv));
            return Err(enough());
        }
        match first? {
            Some(()) => pass_over_items(items),
            None => {
                *self.scanner = self.scanner.or(Some(Shape::EmptyResults));
                Ok(())
            }
        }
    }
}

/// Whether a result is one of OSV-Scanner; reading ends where that is known.
struct FirstOfOsv<'o>(&'o mut bool);

impl<'s> Look<'s> for FirstOfOsv<'_> {
    fn object<A: MapAccess<'s>>(self, mut members: A) -> Result<(), A::Error> {
        let (mut has_source, mut has_packages) = (false, false);
        while let Some(name) = members.next_key::<Cow<'s, str>>()? {
            has_source |= matches!(&*name, "source" | "packageSource");
            has_packages |= name == "packages";
            if has_source && has_packages {
                *self.0 = true;
                return Err(enough());
            }
            members.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn list<A: SeqAccess<'s>>(self, items: A) -> Result<(), A::Error> {
        pass_over_items(items)
    }
}

/// What npm says of an error.
#[derive(Deserialize)]
struct NpmError<'s> {
    #[serde(borrow, rename = "summary")]
    _summary: &'s RawValue,
    #[serde(borrow, rename = "detail")]
    _detail: &'s RawValue,
}

/// That a part of a file is not what it must be.
pub(super) fn wrong(input: &Input<'_>, part: &RawValue, reason: &str) -> EvidenceDefect {
    let first = part.get().lines().next().unwrap_or("");
    EvidenceDefect {
        span: input.place(first),
        kind: EvidenceDefectKind::Malformed { reason: reason.to_owned(), at_end: false },
    }
}
