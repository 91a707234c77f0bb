//! The parts of SARIF that relplan writes, under the names and in the order of the standard.

use std::collections::BTreeMap;

use serde::Serialize;

use super::text::{Message, uri};
use crate::formats::json;

/// A log (§3.13), whose results are anything that serialises as a sequence.
#[derive(Serialize)]
pub struct Log<R> {
    pub version: &'static str,
    #[serde(rename = "$schema")]
    pub schema: &'static str,
    pub runs: [Run<R>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run<R> {
    pub tool: Tool,
    pub invocations: [Invocation; 1],
    pub original_uri_base_ids: BTreeMap<&'static str, BaseId>,
    pub column_kind: &'static str,
    pub default_encoding: &'static str,
    pub results: R,
}

#[derive(Serialize)]
pub struct Tool {
    pub driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Driver {
    pub name: &'static str,
    pub version: &'static str,
    pub semantic_version: &'static str,
    /// Where the program can be read about, if its manifest says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub information_uri: Option<&'static str>,
    pub rules: Vec<Descriptor>,
}

/// A rule (§3.49).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    pub id: &'static str,
    pub name: String,
    pub short_description: Message,
    pub full_description: Message,
    pub help: Message,
    pub help_uri: String,
    pub default_configuration: Configuration,
    pub properties: DescriptorProperties,
}

#[derive(Serialize)]
pub struct Configuration {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<&'static str>,
    pub enabled: bool,
}

#[derive(Serialize)]
pub struct DescriptorProperties {
    pub tags: [&'static str; 1],
    /// The name that `[rules]` and inline allows take.
    pub allow: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invocation {
    pub execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tool_execution_notifications: Vec<Notification>,
    pub properties: InvocationProperties,
}

/// A condition of the run (§3.58).
#[derive(Serialize)]
pub struct Notification {
    pub level: &'static str,
    pub message: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InvocationProperties {
    pub checked: json::CheckedCounts,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<json::JsonBaseline>,
}

#[derive(Serialize)]
pub struct BaseId {
    pub description: Message,
}

/// A finding (§3.27).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SarifResult<'a> {
    pub rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_index: Option<usize>,
    pub level: &'static str,
    pub message: Message,
    pub locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related_locations: Vec<Location<'a>>,
    pub partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fixes: Vec<SarifFix<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<usize>,
    pub physical_location: PhysicalLocation<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PhysicalLocation<'a> {
    pub artifact_location: ArtifactLocation<'a>,
    pub region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactLocation<'a> {
    #[serde(serialize_with = "uri")]
    pub uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    pub start_line: usize,
    pub start_column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

/// A change of one file (§3.55).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SarifFix<'a> {
    pub description: Message,
    pub artifact_changes: [ArtifactChange<'a>; 1],
    pub properties: FixProperties,
}

#[derive(Serialize)]
pub struct FixProperties {
    pub applicability: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactChange<'a> {
    pub artifact_location: ArtifactLocation<'a>,
    pub replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Replacement<'a> {
    pub deleted_region: Region,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inserted_content: Option<Content<'a>>,
}

#[derive(Serialize)]
pub struct Content<'a> {
    pub text: &'a str,
}
