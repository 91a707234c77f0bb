//! The fields of every family in one list, for whoever goes through all of them.

use super::dep::{Criteria, Environment, Rollback, Step, Validation};
use super::entry::{HEADER, PLAIN};
use super::epic::Epic;
use super::field::Field;
use super::indicator::{Kpi, Mon};
use super::rel::Rel;
use super::risk::Risk;
use super::runbook::Run;
use super::test::Test;

/// The table of each family with its title, the header that all entries share first.
pub fn field_tables() -> [(&'static str, &'static [Field]); 14] {
    [
        ("Every entry", HEADER),
        ("DEP of type Environment", Environment::FIELDS),
        ("DEP of type Criteria", Criteria::FIELDS),
        ("DEP of type Rollback", Rollback::FIELDS),
        ("DEP of type Validation", Validation::FIELDS),
        ("DEP of type Step", Step::FIELDS),
        ("EPIC", Epic::FIELDS),
        ("TEST", Test::FIELDS),
        ("RISK", Risk::FIELDS),
        ("REL", Rel::FIELDS),
        ("MON", Mon::FIELDS),
        ("RUN", Run::FIELDS),
        ("KPI", Kpi::FIELDS),
        ("Any other family", PLAIN),
    ]
}
