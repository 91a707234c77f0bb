//! PromQL as a tree with places: what a monitored metric asks of Prometheus.
//!
//! The grammar and the types are those of Prometheus 2.42 (<https://prometheus.io/docs/prometheus/latest/querying/basics/>).
//! Every error has a place, because a query stands inside a YAML text and its writer has to find the letter. Times are
//! milliseconds, as in Prometheus.

mod bounds;
mod functions;
mod lex;
mod parse;
mod print;
#[cfg(test)]
mod tests;
mod types;

use std::ops::Range;

pub use bounds::{Bounds, End};
pub use functions::{Function, function};
pub use parse::{parse, pattern};
pub use print::{duration_text, number_text};

/// An expression, and where it stands in the text of the query.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The bytes of the text that hold it.
    pub range: Range<usize>,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A number.
    Number(f64),
    /// A text between quotes.
    Text(String),
    /// The latest sample of each series that matches.
    Selector(Selector),
    /// The samples of each series over a time.
    Matrix(Selector, u64),
    /// The values of an expression over a time.
    Subquery(Box<Subquery>),
    /// A function of its arguments.
    Call(&'static Function, Vec<Expr>),
    /// Several series made to fewer.
    Aggregate(Box<Aggregate>),
    /// Two expressions with an operator between them.
    Binary(Box<Binary>),
    /// The negative of an expression.
    Negative(Box<Expr>),
    /// An expression between parentheses.
    Parentheses(Box<Expr>),
}

/// Which series, and from when.
#[derive(Debug, Clone, PartialEq)]
pub struct Selector {
    /// The name of the metric, if it stands before the braces.
    pub name: Option<String>,
    /// The conditions on labels.
    pub matchers: Vec<Matcher>,
    /// How far to look back: `offset 1d`.
    pub offset: i64,
    /// The time that it is read at, if that is not the time of the evaluation: `@ 1609746000`.
    pub at: Option<At>,
}

/// A time that does not move with the evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Milliseconds since 1970.
    Time(i64),
    /// The first moment of the evaluation: `@ start()`.
    Start,
    /// The last moment of the evaluation: `@ end()`.
    End,
}

/// A condition on a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matcher {
    /// The label.
    pub label: String,
    /// How it compares.
    pub operator: MatchOperator,
    /// With what.
    pub value: String,
}

/// How a label compares with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchOperator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`: the whole value is of this pattern.
    Pattern,
    /// `!~`
    NotPattern,
}

/// The values of an expression over a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Subquery {
    /// The expression.
    pub of: Expr,
    /// How long.
    pub window: u64,
    /// From value to value; the evaluation interval of the server by default.
    pub step: Option<u64>,
    /// How far to look back.
    pub offset: i64,
    /// The time that it is read at, if that is not the time of the evaluation.
    pub at: Option<At>,
}

/// Several series made to fewer.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// How.
    pub operator: AggregateOperator,
    /// Which labels are kept.
    pub grouping: Grouping,
    /// The number of `topk`, `quantile` and their like.
    pub parameter: Option<Expr>,
    /// The series.
    pub of: Expr,
}

/// Which labels an aggregation keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grouping {
    /// These.
    By(Vec<String>),
    /// All but these.
    Without(Vec<String>),
}

/// How series are made to fewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words of PromQL itself")]
pub enum AggregateOperator {
    Sum,
    Avg,
    Count,
    Min,
    Max,
    Group,
    Stddev,
    Stdvar,
    TopK,
    BottomK,
    CountValues,
    Quantile,
}

impl AggregateOperator {
    const WORDS: &'static [(&'static str, AggregateOperator)] = &[
        ("sum", AggregateOperator::Sum),
        ("avg", AggregateOperator::Avg),
        ("count", AggregateOperator::Count),
        ("min", AggregateOperator::Min),
        ("max", AggregateOperator::Max),
        ("group", AggregateOperator::Group),
        ("stddev", AggregateOperator::Stddev),
        ("stdvar", AggregateOperator::Stdvar),
        ("topk", AggregateOperator::TopK),
        ("bottomk", AggregateOperator::BottomK),
        ("count_values", AggregateOperator::CountValues),
        ("quantile", AggregateOperator::Quantile),
    ];

    /// The word of PromQL.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, operator)| *operator == self).map_or("", |(word, _)| word)
    }

    /// Whether a parameter precedes the series.
    fn takes_parameter(self) -> bool {
        matches!(self, Self::TopK | Self::BottomK | Self::CountValues | Self::Quantile)
    }
}

/// Two expressions with an operator between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Binary {
    /// The operator.
    pub operator: Operator,
    /// Whether a comparison gives 0 or 1 instead of leaving out what it does not hold for.
    pub is_bool: bool,
    /// Which series of both sides belong together.
    pub matching: Matching,
    /// What stands before the operator.
    pub left: Expr,
    /// What stands behind it.
    pub right: Expr,
}

/// An operator between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the operators of PromQL itself")]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Atan2,
    Equal,
    NotEqual,
    Above,
    Below,
    AtLeast,
    AtMost,
    And,
    Or,
    Unless,
}

impl Operator {
    /// Whether it compares.
    pub fn compares(self) -> bool {
        use Operator::{Above, AtLeast, AtMost, Below, Equal, NotEqual};
        matches!(self, Equal | NotEqual | Above | Below | AtLeast | AtMost)
    }

    /// Whether a comparison is true of two numbers.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Operator::Equal => left == right,
            Operator::NotEqual => left != right,
            Operator::Above => left > right,
            Operator::Below => left < right,
            Operator::AtLeast => left >= right,
            Operator::AtMost => left <= right,
            _ => false,
        }
    }

    /// Whether it joins sets of series.
    pub fn joins_sets(self) -> bool {
        matches!(self, Operator::And | Operator::Or | Operator::Unless)
    }

    /// How strongly it binds.
    fn strength(self) -> u8 {
        match self {
            Operator::Or => 1,
            Operator::And | Operator::Unless => 2,
            operator if operator.compares() => 3,
            Operator::Add | Operator::Subtract => 4,
            Operator::Power => 6,
            _ => 5,
        }
    }
}

/// Which series of both sides belong together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matching {
    /// Whether these labels count, or all but these.
    pub on: bool,
    /// The labels.
    pub labels: Vec<String>,
    /// The side of which several series may match one of the other.
    pub many: Option<Side>,
    /// Labels that are taken from the side of which there is one.
    pub include: Vec<String>,
}

/// A side of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before it: `group_left`.
    Left,
    /// Behind it: `group_right`.
    Right,
}

/// What an expression yields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A number.
    Scalar,
    /// A value for each series.
    Vector,
    /// Samples of each series over a time.
    Matrix,
    /// A text.
    Text,
}

impl Type {
    /// The name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Type::Scalar => "a scalar",
            Type::Vector => "an instant vector",
            Type::Matrix => "a range vector",
            Type::Text => "a string",
        }
    }
}

/// Why a text is not valid PromQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromqlError {
    /// The bytes that are wrong; empty at the end of the text.
    pub range: Range<usize>,
    /// Why, in plain words.
    pub reason: String,
    /// What to type instead.
    pub help: String,
}

impl PromqlError {
    fn new(range: Range<usize>, reason: impl Into<String>, help: impl Into<String>) -> Self {
        PromqlError { range, reason: reason.into(), help: help.into() }
    }
}

impl Expr {
    /// What it yields.
    pub fn result_type(&self) -> Type {
        types::of(self)
    }

    /// The expressions that it is made of.
    pub fn parts(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Selector(_) | ExprKind::Matrix(..) => {
                Vec::new()
            }
            ExprKind::Subquery(subquery) => vec![&subquery.of],
            ExprKind::Call(_, arguments) => arguments.iter().collect(),
            ExprKind::Aggregate(aggregate) => aggregate.parameter.iter().chain([&aggregate.of]).collect(),
            ExprKind::Binary(binary) => vec![&binary.left, &binary.right],
            ExprKind::Negative(of) | ExprKind::Parentheses(of) => vec![of],
        }
    }

    /// Itself and every expression inside it, the outer before the inner.
    pub fn all(&self) -> Vec<&Expr> {
        let mut all = vec![self];
        let mut at = 0;
        while let Some(next) = all.get(at).copied() {
            all.extend(next.parts());
            at += 1;
        }
        all
    }

    /// Whether a part of it is read at a fixed time (`@`), so that this part never changes.
    pub fn has_fixed_time(&self) -> bool {
        self.all().into_iter().any(|part| match &part.kind {
            ExprKind::Selector(selector) | ExprKind::Matrix(selector, _) => selector.at.is_some(),
            ExprKind::Subquery(subquery) => subquery.at.is_some(),
            _ => false,
        })
    }

    /// Whether it has a value even if nothing is recorded: `… or vector(0)`.
    ///
    /// What is not sure to have one counts as having none.
    pub fn always_has_value(&self) -> bool {
        match &self.kind {
            ExprKind::Number(_) | ExprKind::Text(_) => true,
            ExprKind::Selector(_) | ExprKind::Matrix(..) => false,
            ExprKind::Subquery(subquery) => subquery.of.always_has_value(),
            // The absence of series is a value of both.
            ExprKind::Call(function, _) if matches!(function.name, "absent" | "absent_over_time") => false,
            ExprKind::Call(function, _) if matches!(function.name, "scalar" | "vector") => true,
            ExprKind::Call(_, arguments) => arguments.iter().all(Expr::always_has_value),
            ExprKind::Aggregate(aggregate) => aggregate.of.always_has_value(),
            ExprKind::Binary(binary) => {
                let sides = [&binary.left, &binary.right].map(Expr::always_has_value);
                match binary.operator {
                    Operator::Or => sides.contains(&true),
                    Operator::Unless => false,
                    operator if operator.compares() && !binary.is_bool => false,
                    _ => sides == [true, true],
                }
            }
            ExprKind::Negative(of) | ExprKind::Parentheses(of) => of.always_has_value(),
        }
    }

    /// Whether a comparison inside it leaves out values instead of giving 0 or 1, so that they look like missing data.
    ///
    /// The right side of `and` and `unless` says which series count, and not which values.
    pub fn leaves_out_values(&self) -> bool {
        match &self.kind {
            ExprKind::Binary(binary) if binary.operator.compares() && !binary.is_bool => true,
            ExprKind::Binary(binary) if matches!(binary.operator, Operator::And | Operator::Unless) => {
                binary.left.leaves_out_values()
            }
            _ => self.parts().into_iter().any(Expr::leaves_out_values),
        }
    }

    /// The selectors inside it, in the order of the text.
    pub fn selectors(&self) -> Vec<&Selector> {
        let mut found: Vec<(usize, &Selector)> = Vec::new();
        for part in self.all() {
            if let ExprKind::Selector(selector) | ExprKind::Matrix(selector, _) = &part.kind {
                found.push((part.range.start, selector));
            }
        }
        found.sort_by_key(|(start, _)| *start);
        found.into_iter().map(|(_, selector)| selector).collect()
    }

    /// The same expression as it was `millis` ago: what it reads lies that much further back.
    pub fn earlier(&self, millis: i64) -> Expr {
        let mut earlier = self.clone();
        earlier.each_mut(&mut |expr| match &mut expr.kind {
            ExprKind::Selector(selector) | ExprKind::Matrix(selector, _) => {
                selector.offset += millis;
                true
            }
            ExprKind::Subquery(subquery) => {
                // What a subquery reads moves with the subquery.
                subquery.offset += millis;
                false
            }
            _ => true,
        });
        earlier
    }

    /// The window that everything it reads has, in milliseconds; nothing if there is none, if there are several, or if some
    /// of it is read without.
    pub fn only_window(&self) -> Option<u64> {
        let mut windows = Vec::new();
        for part in self.all() {
            match &part.kind {
                ExprKind::Matrix(_, window) => windows.push(*window),
                ExprKind::Subquery(_) | ExprKind::Selector(_) => return None,
                _ => {}
            }
        }
        windows.dedup();
        if let [window] = windows[..] { Some(window) } else { None }
    }

    /// The same expression over another window.
    pub fn with_window(mut self, length: u64) -> Expr {
        self.each_mut(&mut |expr| {
            if let ExprKind::Matrix(_, window) = &mut expr.kind {
                *window = length;
            }
            true
        });
        self
    }

    /// Changes each expression inside it, the outer before the inner, as long as `change` says to go on inside.
    fn each_mut(&mut self, change: &mut impl FnMut(&mut Expr) -> bool) {
        let mut open: Vec<&mut Expr> = vec![self];
        while let Some(next) = open.pop() {
            if !change(next) {
                continue;
            }
            match &mut next.kind {
                ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Selector(_) | ExprKind::Matrix(..) => {}
                ExprKind::Subquery(subquery) => open.push(&mut subquery.of),
                ExprKind::Call(_, arguments) => open.extend(arguments),
                ExprKind::Aggregate(aggregate) => {
                    open.extend(aggregate.parameter.as_mut());
                    open.push(&mut aggregate.of);
                }
                ExprKind::Binary(binary) => {
                    let Binary { left, right, .. } = &mut **binary;
                    open.extend([left, right]);
                }
                ExprKind::Negative(of) | ExprKind::Parentheses(of) => open.push(of),
            }
        }
    }

    /// A number.
    pub fn number(number: f64) -> Expr {
        Expr { kind: ExprKind::Number(number), range: 0..0 }
    }

    /// This expression and another with an operator between them, each between parentheses where it needs them.
    pub fn joined(self, operator: Operator, right: Expr) -> Expr {
        let matching = Matching::default();
        self.matched(operator, matching, right)
    }

    /// The same with what says which series belong together.
    pub fn matched(self, operator: Operator, matching: Matching, right: Expr) -> Expr {
        let (left, right) = (self.closed(), right.closed());
        let binary = Binary { operator, is_bool: false, matching, left, right };
        Expr { kind: ExprKind::Binary(Box::new(binary)), range: 0..0 }
    }

    /// A function of this expression.
    pub fn called(self, name: &str) -> Expr {
        match function(name) {
            Some(function) => Expr { kind: ExprKind::Call(function, vec![self]), range: 0..0 },
            None => self,
        }
    }

    /// 1 if this expression has any series.
    pub fn grouped(self) -> Expr {
        let aggregate = Aggregate {
            operator: AggregateOperator::Group,
            grouping: Grouping::By(Vec::new()),
            parameter: None,
            of: self,
        };
        Expr { kind: ExprKind::Aggregate(Box::new(aggregate)), range: 0..0 }
    }

    /// The values of this expression over a time, in milliseconds.
    pub fn over(self, window: u64, step: u64) -> Expr {
        let subquery = Subquery { of: self.closed(), window, step: Some(step), offset: 0, at: None };
        Expr { kind: ExprKind::Subquery(Box::new(subquery)), range: 0..0 }
    }

    fn closed(self) -> Expr {
        match self.kind {
            ExprKind::Binary(_) | ExprKind::Negative(_) => {
                let range = self.range.clone();
                Expr { kind: ExprKind::Parentheses(Box::new(self)), range }
            }
            _ => self,
        }
    }

    /// The labels that its series can have: nothing if that depends on the data.
    ///
    /// One series at most is yielded by an expression whose series have no labels.
    pub fn labels(&self) -> Option<Vec<String>> {
        match &self.kind {
            ExprKind::Number(_) | ExprKind::Text(_) => Some(Vec::new()),
            ExprKind::Selector(_) | ExprKind::Matrix(..) => None,
            ExprKind::Subquery(subquery) => subquery.of.labels(),
            ExprKind::Call(function, arguments) => function.labels(arguments),
            ExprKind::Aggregate(aggregate) => aggregate.labels(),
            ExprKind::Binary(binary) => binary.labels(),
            ExprKind::Negative(of) | ExprKind::Parentheses(of) => of.labels(),
        }
    }
}

impl Aggregate {
    fn labels(&self) -> Option<Vec<String>> {
        use AggregateOperator::{BottomK, CountValues, TopK};
        match (&self.grouping, self.operator) {
            (_, TopK | BottomK) => self.of.labels(),
            (_, CountValues) => None,
            (Grouping::By(labels), _) => Some(labels.clone()),
            (Grouping::Without(dropped), _) => {
                let labels = self.of.labels()?;
                Some(labels.into_iter().filter(|label| !dropped.contains(label)).collect())
            }
        }
    }
}

impl Binary {
    fn labels(&self) -> Option<Vec<String>> {
        let (left, right) = (self.left.result_type(), self.right.result_type());
        match (left, right) {
            (Type::Scalar, _) => self.right.labels(),
            (_, Type::Scalar) => self.left.labels(),
            _ if self.operator == Operator::Or => {
                let (mut left, right) = (self.left.labels()?, self.right.labels()?);
                left.extend(right.into_iter().filter(|label| !left.contains(label)).collect::<Vec<_>>());
                Some(left)
            }
            _ if self.operator.joins_sets() => self.left.labels(),
            _ if self.matching.many.is_none() && self.matching.on => Some(self.matching.labels.clone()),
            _ if self.matching.many == Some(Side::Right) => self.right.labels(),
            _ => self.left.labels(),
        }
    }
}
