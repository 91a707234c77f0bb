//! Tests (`TEST-`).

use super::dep::{Method, Severity};
use super::entry::choice_of;
use super::field::{Field, Shape};
use super::order::{Order, ranked};
use super::reader::Reader;
use super::value::{Text, WithRemark, choice};
use crate::source::Spanned;

choice! {
    /// What a test tests.
    TestType {
        /// One part alone.
        Unit = "Unit",
        /// Parts together.
        Integration = "Integration",
        /// The whole, as its user sees it.
        E2E = "E2E" | "end-to-end",
        /// What two services promise each other.
        Contract = "Contract",
        /// How fast it is, and under what load.
        Performance = "Performance" | "load",
        /// Whether it keeps others out.
        Security = "Security",
        /// Whether it runs at all.
        Smoke = "Smoke",
        /// Whether what worked still works.
        Regression = "Regression",
        /// Whether its customer accepts it.
        Acceptance = "Acceptance" | "UAT",
    }
}

choice! {
    /// How a test stands, as somebody states it.
    TestStatus {
        /// It passes.
        Passing = "passing" | "passed" | "pass",
        /// It fails.
        Failing = "failing" | "failed" | "fail",
        /// It is not run on purpose.
        Skipped = "skipped",
        /// It cannot be run.
        Blocked = "blocked",
        /// It has not been run yet.
        NotRun = "not run" | "planned" | "pending",
    }
}

/// A test.
#[derive(Debug)]
pub struct Test<'s> {
    /// What it tests.
    pub test_type: Option<Spanned<TestType>>,
    /// How much it matters.
    pub priority: Option<Spanned<Severity>>,
    /// Where it runs.
    pub environment: Option<Text<'s>>,
    /// Who runs it.
    pub method: Option<Spanned<WithRemark<Method>>>,
    /// The file that holds it.
    pub automation: Option<Text<'s>>,
    /// How its results are recognised.
    pub matches: Box<[Text<'s>]>,
    /// How it stands, as stated.
    pub status: Option<Spanned<TestStatus>>,
    /// What it starts from.
    pub given: Option<Text<'s>>,
    /// What it does.
    pub when: Option<Text<'s>>,
    /// What it expects.
    pub then: Option<Text<'s>>,
}

impl<'s> Test<'s> {
    /// The fields of a test.
    pub const FIELDS: &'static [Field] = &[
        Field::new("type", choice_of::<TestType>(), "What it tests.").asks(Order::Selects),
        Field::new("priority", choice_of::<Severity>(), "How much it matters.").asks(ranked::<Severity>()),
        Field::new("environment", Shape::Text, "Where it runs.").asks(Order::Presence),
        Field::new("method", choice_of::<Method>(), "Who runs it.").asks(ranked::<Method>()),
        Field::new("automation", Shape::Text, "The path of the file that holds it.").asks(Order::Identity),
        Field::new("match", Shape::List, "How its results are recognised in a report.").asks(Order::Identity),
        Field::new("status", choice_of::<TestStatus>(), "How it stands, as somebody states it.").progress(),
        Field::new("given", Shape::Text, "What it starts from.").asks(Order::Presence),
        Field::new("when", Shape::Text, "What it does.").asks(Order::Presence),
        Field::new("then", Shape::Text, "What it expects.").asks(Order::Presence),
    ];

    pub(super) fn read(fields: &mut Reader<'s>) -> Self {
        Test {
            test_type: fields.choice("type"),
            priority: fields.choice("priority"),
            environment: fields.text("environment"),
            method: fields.noted_choice("method"),
            automation: fields.text("automation"),
            matches: fields.list("match").into_boxed_slice(),
            status: fields.choice("status"),
            given: fields.text("given"),
            when: fields.text("when"),
            then: fields.text("then"),
        }
    }
}
