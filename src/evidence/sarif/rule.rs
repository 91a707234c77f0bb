//! The rules of a scanner, and how a result names one of them.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::Value;

/// A scanner and what extends it (3.18).
#[derive(Debug, Default, Deserialize)]
pub(super) struct Tool {
    #[serde(default)]
    pub driver: Component,
    #[serde(default)]
    extensions: Vec<Component>,
}

/// A part of a scanner (3.19).
#[derive(Debug, Default, Deserialize)]
pub(super) struct Component {
    pub name: Option<String>,
    guid: Option<String>,
    #[serde(default)]
    rules: Vec<Descriptor>,
    /// What it may say of its own work (3.19.24).
    #[serde(default)]
    notifications: Vec<Descriptor>,
    /// Positions of rules by id and by GUID: a log may have many results that give no position.
    #[serde(skip)]
    by_id: FxHashMap<String, usize>,
    #[serde(skip)]
    by_guid: FxHashMap<String, usize>,
}

/// A rule (3.49).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    pub id: Option<String>,
    guid: Option<String>,
    default_configuration: Option<Value>,
    message_strings: Option<BTreeMap<String, MessageString>>,
    properties: Option<BTreeMap<String, Value>>,
}

/// What is set for a rule (3.50).
#[derive(Debug, Deserialize)]
pub(super) struct Configuration {
    pub level: Option<Value>,
}

/// A text with placeholders (3.12).
#[derive(Debug, Deserialize)]
struct MessageString {
    text: Option<String>,
}

/// How something names a rule (3.52).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reference {
    pub id: Option<String>,
    index: Option<i64>,
    guid: Option<String>,
    tool_component: Option<ComponentReference>,
}

/// How something names a part of a scanner (3.54).
#[derive(Debug, Deserialize)]
struct ComponentReference {
    name: Option<String>,
    index: Option<i64>,
    guid: Option<String>,
}

impl Tool {
    /// The scanner, so that its rules can be found.
    pub fn indexed(mut self) -> Self {
        std::iter::once(&mut self.driver).chain(&mut self.extensions).for_each(Component::index);
        self
    }

    /// The rule of a result, if it can be found: by its position, its GUID or its id, in the part that is
    /// named. Where none is named, the scanner itself comes first, and then what extends it.
    pub fn rule(
        &self,
        reference: Option<&Reference>,
        id: Option<&str>,
        index: Option<i64>,
    ) -> Option<&Descriptor> {
        let index = index.or_else(|| reference?.index);
        let id = id.or_else(|| reference?.id.as_deref());
        let guid = reference.and_then(|reference| reference.guid.as_deref());
        let named = reference.and_then(|reference| reference.tool_component.as_ref());
        if let Some(component) = named.and_then(|named| self.component(named)) {
            return component.rule(index, guid, id);
        }
        self.driver
            .rule(index, guid, id)
            .or_else(|| self.extensions.iter().find_map(|extension| extension.rule(None, guid, id)))
    }

    /// What the scanner says of a notification of this kind, in the part that is named, or else in any: by its position, its
    /// GUID or its id.
    pub fn notification(&self, reference: &Reference) -> Option<&Descriptor> {
        let of = |component: &'_ Component, index: Option<i64>| -> Option<usize> {
            let all = &component.notifications;
            let is_called = |at: &usize| reference.id.as_deref().is_none_or(|id| all[*at].is_called(id));
            let by_position =
                index.and_then(|index| usize::try_from(index).ok()).filter(|at| *at < all.len());
            by_position.filter(is_called).or_else(|| all.iter().position(|known| reference.names(known)))
        };
        let named = reference.tool_component.as_ref().and_then(|named| self.component(named));
        if let Some(component) = named {
            return component.notifications.get(of(component, reference.index)?);
        }
        let driver = of(&self.driver, reference.index).and_then(|at| self.driver.notifications.get(at));
        driver.or_else(|| {
            self.extensions.iter().find_map(|extension| extension.notifications.get(of(extension, None)?))
        })
    }

    fn component(&self, named: &ComponentReference) -> Option<&Component> {
        let at = named.index.and_then(|index| usize::try_from(index).ok());
        let is_it = |component: &&Component| {
            let same = |own: &Option<String>, other: &Option<String>| own.is_some() && own == other;
            same(&component.guid, &named.guid) || same(&component.name, &named.name)
        };
        let by_position = at.and_then(|at| self.extensions.get(at));
        by_position.or_else(|| std::iter::once(&self.driver).chain(&self.extensions).find(is_it))
    }
}

impl Component {
    fn index(&mut self) {
        for (at, rule) in self.rules.iter().enumerate() {
            if let Some(id) = &rule.id {
                self.by_id.entry(id.clone()).or_insert(at);
            }
            if let Some(guid) = &rule.guid {
                self.by_guid.entry(guid.clone()).or_insert(at);
            }
        }
    }

    fn rule(&self, index: Option<i64>, guid: Option<&str>, id: Option<&str>) -> Option<&Descriptor> {
        let by_position = index.and_then(|index| self.rules.get(usize::try_from(index).ok()?));
        // A position that leads to a rule of another name leads nowhere.
        let by_position = by_position.filter(|rule| id.is_none_or(|id| rule.is_called(id)));
        let by_guid = || self.rules.get(*self.by_guid.get(guid?)?);
        by_position.or_else(by_guid).or_else(|| self.named(id?))
    }

    /// The rule with this id; `CA1000/1` is a case of `CA1000` (3.5.4).
    fn named(&self, id: &str) -> Option<&Descriptor> {
        let mut id = id;
        loop {
            if let Some(&at) = self.by_id.get(id) {
                return self.rules.get(at);
            }
            id = id.rsplit_once('/')?.0;
        }
    }
}

impl Descriptor {
    fn is_called(&self, id: &str) -> bool {
        let Some(own) = self.id.as_deref() else { return true };
        id.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Its score in the bands of CVSS, as it is written.
    pub fn security_severity(&self) -> Option<&Value> {
        self.properties.as_ref()?.get("security-severity")
    }

    /// The level of its results, as it is written; what is no configuration at all takes its place.
    pub fn default_level(&self) -> Option<&Value> {
        match self.default_configuration.as_ref()? {
            Value::Object(members) => members.get("level"),
            Value::Null => None,
            other => Some(other),
        }
    }

    /// One of its messages.
    pub fn message(&self, id: &str) -> Option<&str> {
        self.message_strings.as_ref()?.get(id)?.text.as_deref()
    }
}

impl Reference {
    /// Whether both name the same.
    pub fn is_same(&self, other: &Reference) -> bool {
        let same = |own: &Option<String>, other: &Option<String>| own.is_some() && own == other;
        same(&self.guid, &other.guid) || same(&self.id, &other.id)
    }

    /// Whether this names a rule.
    pub fn names(&self, rule: &Descriptor) -> bool {
        let same = |own: &Option<String>, other: &Option<String>| own.is_some() && own == other;
        same(&self.guid, &rule.guid) || same(&self.id, &rule.id)
    }
}
