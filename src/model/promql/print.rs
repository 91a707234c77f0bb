//! PromQL as text: one line, every operator between single spaces.

use std::fmt::{self, Display, Formatter, Write as _};

use super::{
    Aggregate, At, Binary, Expr, ExprKind, Grouping, MatchOperator, Matching, Operator, Selector, Side,
};

/// The text of an expression, which is read back to the same one.
impl Display for Expr {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Number(number) => formatter.write_str(&number_text(*number)),
            ExprKind::Text(text) => quoted(text, formatter),
            ExprKind::Selector(selector) => selector.write(None, formatter),
            ExprKind::Matrix(selector, window) => selector.write(Some(*window), formatter),
            ExprKind::Subquery(subquery) => {
                let step = subquery.step.map(duration_text).unwrap_or_default();
                write_operand(&subquery.of, needs_parentheses_before_window(&subquery.of), formatter)?;
                write!(formatter, "[{}:{step}]", duration_text(subquery.window))?;
                write_moved(subquery.at, subquery.offset, formatter)
            }
            ExprKind::Call(function, arguments) => {
                write!(formatter, "{}(", function.name)?;
                write_list(arguments, formatter)?;
                formatter.write_char(')')
            }
            ExprKind::Aggregate(aggregate) => aggregate.write(formatter),
            ExprKind::Binary(binary) => binary.write(formatter),
            ExprKind::Negative(of) => {
                formatter.write_char('-')?;
                let is_signed = matches!(of.kind, ExprKind::Negative(_));
                write_operand(of, !is_signed && strength(of) < Operator::Power.strength(), formatter)
            }
            ExprKind::Parentheses(of) => write!(formatter, "({of})"),
        }
    }
}

/// A number as PromQL writes it.
pub fn number_text(number: f64) -> String {
    match number {
        _ if number.is_nan() => "NaN".to_owned(),
        f64::INFINITY => "Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        _ if number != 0.0 && !(1e-6..1e15).contains(&number.abs()) => format!("{number:e}"),
        _ => number.to_string(),
    }
}

/// A length of time as PromQL writes it: `1h30m`.
pub fn duration_text(millis: u64) -> String {
    const UNITS: [(&str, u64); 5] =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
    let mut text = String::new();
    let mut left = millis;
    for (unit, size) in UNITS {
        if left >= size {
            let _ = write!(text, "{}{unit}", left / size);
            left %= size;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

impl Selector {
    fn write(&self, window: Option<u64>, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name.as_deref().unwrap_or(""))?;
        if !self.matchers.is_empty() {
            formatter.write_char('{')?;
            for (index, matcher) in self.matchers.iter().enumerate() {
                let comma = if index == 0 { "" } else { ", " };
                write!(formatter, "{comma}{}{}", matcher.label, matcher.operator.sign())?;
                quoted(&matcher.value, formatter)?;
            }
            formatter.write_char('}')?;
        }
        if let Some(window) = window {
            write!(formatter, "[{}]", duration_text(window))?;
        }
        write_moved(self.at, self.offset, formatter)
    }
}

impl MatchOperator {
    /// The sign of PromQL.
    pub fn sign(self) -> &'static str {
        match self {
            MatchOperator::Equal => "=",
            MatchOperator::NotEqual => "!=",
            MatchOperator::Pattern => "=~",
            MatchOperator::NotPattern => "!~",
        }
    }
}

impl Aggregate {
    fn write(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.operator.word())?;
        match &self.grouping {
            Grouping::By(labels) if labels.is_empty() => {}
            Grouping::By(labels) => write!(formatter, " by ({}) ", labels.join(", "))?,
            Grouping::Without(labels) => write!(formatter, " without ({}) ", labels.join(", "))?,
        }
        formatter.write_char('(')?;
        if let Some(parameter) = &self.parameter {
            write!(formatter, "{parameter}, ")?;
        }
        write!(formatter, "{})", self.of)
    }
}

impl Binary {
    fn write(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let own = self.operator.strength();
        // Operators of one strength bind to the left; only a power binds to the right.
        let is_power = self.operator == Operator::Power;
        let left = strength(&self.left);
        write_operand(&self.left, left < own || (is_power && left == own), formatter)?;
        write!(formatter, " {}", self.operator.sign())?;
        if self.is_bool {
            formatter.write_str(" bool")?;
        }
        self.matching.write(formatter)?;
        formatter.write_char(' ')?;
        let is_signed = matches!(&self.right.kind, ExprKind::Negative(_)) || is_negative_number(&self.right);
        let right = strength(&self.right);
        write_operand(&self.right, !is_signed && (right < own || (!is_power && right == own)), formatter)
    }
}

impl Matching {
    fn write(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        if !self.on && self.labels.is_empty() && self.many.is_none() {
            return Ok(());
        }
        let word = if self.on { "on" } else { "ignoring" };
        write!(formatter, " {word} ({})", self.labels.join(", "))?;
        match self.many {
            None => Ok(()),
            Some(side) => {
                let word = if side == Side::Left { "group_left" } else { "group_right" };
                write!(formatter, " {word} ({})", self.include.join(", "))
            }
        }
    }
}

impl Operator {
    /// The sign or word of PromQL.
    pub fn sign(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Modulo => "%",
            Operator::Power => "^",
            Operator::Atan2 => "atan2",
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Above => ">",
            Operator::Below => "<",
            Operator::AtLeast => ">=",
            Operator::AtMost => "<=",
            Operator::And => "and",
            Operator::Or => "or",
            Operator::Unless => "unless",
        }
    }
}

/// How strongly the outermost part of an expression binds.
fn strength(expr: &Expr) -> u8 {
    match &expr.kind {
        ExprKind::Binary(binary) => binary.operator.strength(),
        // A sign binds like a product.
        ExprKind::Negative(_) => Operator::Multiply.strength(),
        _ if is_negative_number(expr) => Operator::Multiply.strength(),
        _ => u8::MAX,
    }
}

fn is_negative_number(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Number(number) if number.is_sign_negative() && !number.is_nan())
}

fn needs_parentheses_before_window(expr: &Expr) -> bool {
    strength(expr) < u8::MAX
}

fn write_operand(expr: &Expr, needs_parentheses: bool, formatter: &mut Formatter<'_>) -> fmt::Result {
    if needs_parentheses { write!(formatter, "({expr})") } else { write!(formatter, "{expr}") }
}

/// The time that is read, as far as it is not that of the evaluation.
fn write_moved(at: Option<At>, offset: i64, formatter: &mut Formatter<'_>) -> fmt::Result {
    match at {
        None => {}
        Some(At::Start) => formatter.write_str(" @ start()")?,
        Some(At::End) => formatter.write_str(" @ end()")?,
        Some(At::Time(millis)) => {
            let (sign, millis) = (if millis < 0 { "-" } else { "" }, millis.unsigned_abs());
            write!(formatter, " @ {sign}{}", millis / 1000)?;
            if millis % 1000 > 0 {
                write!(formatter, ".{:03}", millis % 1000)?;
            }
        }
    }
    match offset {
        0 => Ok(()),
        _ => {
            let sign = if offset < 0 { "-" } else { "" };
            write!(formatter, " offset {sign}{}", duration_text(offset.unsigned_abs()))
        }
    }
}

fn write_list(items: &[Expr], formatter: &mut Formatter<'_>) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        write!(formatter, "{comma}{item}")?;
    }
    Ok(())
}

/// A text between double quotes.
fn quoted(text: &str, formatter: &mut Formatter<'_>) -> fmt::Result {
    formatter.write_char('"')?;
    for letter in text.chars() {
        match letter {
            '"' | '\\' => write!(formatter, "\\{letter}")?,
            '\n' => formatter.write_str("\\n")?,
            '\t' => formatter.write_str("\\t")?,
            '\r' => formatter.write_str("\\r")?,
            _ => formatter.write_char(letter)?,
        }
    }
    formatter.write_char('"')
}
