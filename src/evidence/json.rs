//! JSON with places, on top of serde_json.
//!
//! Lists are read item by item into raw texts that borrow from the file: each knows where it stands, and a
//! file that is cut off has given what stands before.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::input::{Found, Input};
use super::{EvidenceDefect, EvidenceDefectKind};

/// What the members of an object go into.
pub(super) trait Object<'s> {
    /// Takes the value of the member with this name.
    fn member<A: MapAccess<'s>>(&mut self, name: &str, values: &mut A) -> Result<(), A::Error>;
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
            self.0.member(&name, &mut values)?;
        }
        Ok(())
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

/// Reads a part of a file.
pub(super) fn read<'s, T: Deserialize<'s>>(
    input: &Input<'s>,
    part: &'s RawValue,
) -> Result<T, EvidenceDefect> {
    serde_json::from_str(part.get()).map_err(|error| broken(input, part.get(), &error))
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

/// The members of an object by their names, in their order.
#[derive(Default)]
pub(super) struct Entries<'s>(pub Vec<(Cow<'s, str>, &'s RawValue)>);

impl<'s> Object<'s> for Entries<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: &str, values: &mut A) -> Result<(), A::Error> {
        self.0.push((Cow::Owned(name.to_owned()), values.next_value()?));
        Ok(())
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
    Provenance,
    Other,
}

/// What a file holds, by its first member that tells.
pub(super) fn shape(input: &Input<'_>) -> Result<Shape, EvidenceDefect> {
    if input.text.trim_start().starts_with('[') {
        return list_shape(input);
    }
    let mut telling = Telling::default();
    let read = read_object(input, &mut telling);
    match (telling.shape(), read) {
        (Some(shape), _) => Ok(shape),
        (None, Ok(())) => Ok(Shape::Other),
        (None, Err(defect)) => Err(defect),
    }
}

/// Metrics are a list of objects.
fn list_shape(input: &Input<'_>) -> Result<Shape, EvidenceDefect> {
    let behind = input.text.trim_start()[1..].trim_start();
    match behind.bytes().next() {
        Some(b'{' | b']') => Ok(Shape::Metrics),
        Some(_) => read_list(input, &mut Vec::new()).map(|()| Shape::Other),
        None => Err(input.malformed(input.text.len(), "the file is cut off: EOF while parsing a list")),
    }
}

/// The members that tell what a file is.
#[derive(Default)]
struct Telling {
    runs: bool,
    metrics: bool,
    provenance: bool,
    version: Option<String>,
    /// What the members of reports of scanners tell.
    scanner: Option<Shape>,
}

impl Telling {
    fn shape(&self) -> Option<Shape> {
        let other = self.version.as_ref().is_some_and(|version| !version.starts_with("2.1.0"));
        match self {
            Telling { runs: true, .. } if other => Some(Shape::OtherSarif),
            Telling { runs: true, .. } => Some(Shape::Sarif),
            Telling { scanner: Some(shape), .. } => Some(*shape),
            Telling { metrics: true, .. } => Some(Shape::Metrics),
            Telling { provenance: true, .. } => Some(Shape::Provenance),
            _ => None,
        }
    }
}

impl<'s> Object<'s> for Telling {
    fn member<A: MapAccess<'s>>(&mut self, name: &str, values: &mut A) -> Result<(), A::Error> {
        match name {
            "runs" => self.runs = true,
            "metrics" => self.metrics = true,
            "commit" | "time" => self.provenance = true,
            "SchemaVersion" | "ArtifactName" => self.scanner = Some(Shape::Trivy),
            "auditReportVersion" | "advisories" => self.scanner = Some(Shape::NpmAudit),
            "bomFormat" => self.scanner = Some(Shape::CycloneDx),
            // With an empty list, only this tells whose it is.
            "experimental_config" => self.scanner = Some(Shape::Osv),
            "results" => {
                let shape = results_shape(values.next_value::<&'s RawValue>()?);
                self.scanner = self.scanner.or(shape);
                return match self.scanner {
                    Some(Shape::Osv) => Err(A::Error::custom("enough was seen")),
                    _ => Ok(()),
                };
            }
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
            _ => return values.next_value::<IgnoredAny>().map(drop),
        }
        // The version of SARIF may stand behind its runs; everything else is decided.
        if self.runs && self.version.is_none() {
            return values.next_value::<IgnoredAny>().map(drop);
        }
        Err(A::Error::custom("enough was seen"))
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

/// What a list of results tells: those of OSV-Scanner have a source and packages.
fn results_shape(results: &RawValue) -> Option<Shape> {
    #[derive(Deserialize)]
    struct Item<'s> {
        #[serde(borrow, rename = "source", alias = "packageSource")]
        _source: &'s RawValue,
        #[serde(borrow, rename = "packages")]
        _packages: &'s RawValue,
    }
    let items: Vec<&RawValue> = serde_json::from_str(results.get()).ok()?;
    match items.first() {
        None => Some(Shape::EmptyResults),
        Some(first) => serde_json::from_str::<Item<'_>>(first.get()).ok().map(|_| Shape::Osv),
    }
}

/// That a part of a file is not what it must be.
pub(super) fn wrong(input: &Input<'_>, part: &RawValue, reason: &str) -> EvidenceDefect {
    let first = part.get().lines().next().unwrap_or("");
    EvidenceDefect {
        span: input.place(first),
        kind: EvidenceDefectKind::Malformed { reason: reason.to_owned(), at_end: false },
    }
}
