//! The functions of PromQL, with what they take and give.

use super::{Expr, Type};

/// A function of PromQL.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// The types of its arguments.
    pub(super) arguments: &'static [Type],
    /// How many of them, from the last one on, may be left out.
    pub(super) optional: usize,
    /// Whether the last argument may be repeated.
    pub(super) is_open: bool,
    /// What it gives.
    pub(super) result: Type,
}

impl Function {
    /// Whether it needs two samples in its window.
    pub fn needs_two_samples(&self) -> bool {
        matches!(
            self.name,
            "rate" | "irate" | "increase" | "delta" | "idelta" | "deriv" | "predict_linear" | "holt_winters"
        )
    }

    /// How it is written, with a placeholder for each argument: `rate(metric[5m])`.
    pub(super) fn usage(&self) -> String {
        let word = |argument: &Type| match argument {
            Type::Scalar => "number",
            Type::Vector => "metric",
            Type::Matrix => "metric[5m]",
            Type::Text => "\"text\"",
        };
        let arguments: Vec<&str> = self.arguments.iter().map(word).collect();
        format!("{}({})", self.name, arguments.join(", "))
    }

    /// The labels of its series: nothing if they depend on the data.
    pub(super) fn labels(&self, arguments: &[Expr]) -> Option<Vec<String>> {
        match self.name {
            "absent" | "absent_over_time" | "label_replace" | "label_join" => None,
            "histogram_quantile" => {
                let labels = arguments.last()?.labels()?;
                Some(labels.into_iter().filter(|label| label != "le").collect())
            }
            "vector" | "scalar" | "time" | "pi" => Some(Vec::new()),
            _ => arguments.iter().find(|argument| argument.result_type() != Type::Scalar)?.labels(),
        }
    }
}

/// The function with a name.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// The names of all functions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|function| function.name)
}

const fn of(name: &'static str, arguments: &'static [Type]) -> Function {
    Function { name, arguments, optional: 0, is_open: false, result: Type::Vector }
}

const fn optional(name: &'static str, arguments: &'static [Type], optional: usize) -> Function {
    Function { name, arguments, optional, is_open: false, result: Type::Vector }
}

const fn scalar(name: &'static str, arguments: &'static [Type]) -> Function {
    Function { name, arguments, optional: 0, is_open: false, result: Type::Scalar }
}

const VECTOR: &[Type] = &[Type::Vector];
const MATRIX: &[Type] = &[Type::Matrix];

static FUNCTIONS: &[Function] = &[
    of("abs", VECTOR),
    of("absent", VECTOR),
    of("absent_over_time", MATRIX),
    of("acos", VECTOR),
    of("acosh", VECTOR),
    of("asin", VECTOR),
    of("asinh", VECTOR),
    of("atan", VECTOR),
    of("atanh", VECTOR),
    of("avg_over_time", MATRIX),
    of("ceil", VECTOR),
    of("changes", MATRIX),
    of("clamp", &[Type::Vector, Type::Scalar, Type::Scalar]),
    of("clamp_max", &[Type::Vector, Type::Scalar]),
    of("clamp_min", &[Type::Vector, Type::Scalar]),
    of("cos", VECTOR),
    of("cosh", VECTOR),
    of("count_over_time", MATRIX),
    optional("day_of_month", VECTOR, 1),
    optional("day_of_week", VECTOR, 1),
    optional("day_of_year", VECTOR, 1),
    optional("days_in_month", VECTOR, 1),
    of("deg", VECTOR),
    of("delta", MATRIX),
    of("deriv", MATRIX),
    of("exp", VECTOR),
    of("floor", VECTOR),
    of("histogram_count", VECTOR),
    of("histogram_fraction", &[Type::Scalar, Type::Scalar, Type::Vector]),
    of("histogram_quantile", &[Type::Scalar, Type::Vector]),
    of("histogram_sum", VECTOR),
    of("holt_winters", &[Type::Matrix, Type::Scalar, Type::Scalar]),
    optional("hour", VECTOR, 1),
    of("idelta", MATRIX),
    of("increase", MATRIX),
    of("irate", MATRIX),
    Function {
        name: "label_join",
        arguments: &[Type::Vector, Type::Text, Type::Text, Type::Text],
        optional: 1,
        is_open: true,
        result: Type::Vector,
    },
    of("label_replace", &[Type::Vector, Type::Text, Type::Text, Type::Text, Type::Text]),
    of("last_over_time", MATRIX),
    of("ln", VECTOR),
    of("log10", VECTOR),
    of("log2", VECTOR),
    of("max_over_time", MATRIX),
    of("min_over_time", MATRIX),
    optional("minute", VECTOR, 1),
    optional("month", VECTOR, 1),
    scalar("pi", &[]),
    of("predict_linear", &[Type::Matrix, Type::Scalar]),
    of("present_over_time", MATRIX),
    of("quantile_over_time", &[Type::Scalar, Type::Matrix]),
    of("rad", VECTOR),
    of("rate", MATRIX),
    of("resets", MATRIX),
    optional("round", &[Type::Vector, Type::Scalar], 1),
    scalar("scalar", VECTOR),
    of("sgn", VECTOR),
    of("sin", VECTOR),
    of("sinh", VECTOR),
    of("sort", VECTOR),
    of("sort_desc", VECTOR),
    of("sqrt", VECTOR),
    of("stddev_over_time", MATRIX),
    of("stdvar_over_time", MATRIX),
    of("sum_over_time", MATRIX),
    of("tan", VECTOR),
    of("tanh", VECTOR),
    scalar("time", &[]),
    of("timestamp", VECTOR),
    of("vector", &[Type::Scalar]),
    optional("year", VECTOR, 1),
];
