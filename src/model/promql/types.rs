//! What expressions yield, and whether they fit together.

use super::{Expr, ExprKind, Operator, PromqlError, Type};

/// What an expression yields.
pub(super) fn of(expr: &Expr) -> Type {
    match &expr.kind {
        ExprKind::Number(_) => Type::Scalar,
        ExprKind::Text(_) => Type::Text,
        ExprKind::Selector(_) | ExprKind::Aggregate(_) => Type::Vector,
        ExprKind::Matrix(..) | ExprKind::Subquery(_) => Type::Matrix,
        ExprKind::Call(function, _) => function.result,
        ExprKind::Binary(binary) => match (of(&binary.left), of(&binary.right)) {
            (Type::Scalar, Type::Scalar) => Type::Scalar,
            _ => Type::Vector,
        },
        ExprKind::Negative(inner) | ExprKind::Parentheses(inner) => of(inner),
    }
}

/// The first thing about an expression that does not fit; what is inside it was looked at before.
pub(super) fn check(expr: &Expr) -> Result<(), PromqlError> {
    match &expr.kind {
        ExprKind::Call(function, arguments) => check_call(expr, function, arguments),
        ExprKind::Aggregate(aggregate) => {
            if let Some(parameter) = &aggregate.parameter {
                let wanted = match aggregate.operator {
                    super::AggregateOperator::CountValues => Type::Text,
                    _ => Type::Scalar,
                };
                expect(parameter, wanted, &format!("the parameter of `{}`", aggregate.operator.word()))?;
            }
            expect(&aggregate.of, Type::Vector, &format!("the argument of `{}`", aggregate.operator.word()))
        }
        ExprKind::Subquery(subquery) => expect(&subquery.of, Type::Vector, "the expression of a subquery"),
        ExprKind::Binary(binary) => {
            for side in [&binary.left, &binary.right] {
                if !matches!(of(side), Type::Scalar | Type::Vector) {
                    let help = match of(side) {
                        Type::Matrix => "apply a function such as `rate(…)` to the range vector",
                        _ => "write a metric or a number",
                    };
                    return Err(wrong(side, format!("an operand cannot be {}", of(side).name()), help));
                }
            }
            let scalars = [&binary.left, &binary.right].map(|side| of(side) == Type::Scalar);
            match binary.operator {
                operator if operator.compares() && scalars == [true, true] && !binary.is_bool => {
                    let help = format!("write `{} bool`", operator.sign());
                    Err(wrong(expr, "a comparison of two scalars needs `bool`".to_owned(), help))
                }
                operator @ (Operator::And | Operator::Or | Operator::Unless) if scalars.contains(&true) => {
                    let side = if scalars[0] { &binary.left } else { &binary.right };
                    let reason = format!("`{}` takes instant vectors, not a scalar", operator.sign());
                    Err(wrong(side, reason, format!("write `vector({side})`, or a comparison")))
                }
                _ => Ok(()),
            }
        }
        ExprKind::Negative(inner) => match of(inner) {
            Type::Scalar | Type::Vector => Ok(()),
            other => Err(wrong(inner, format!("cannot negate {}", other.name()), "remove the minus sign")),
        },
        _ => Ok(()),
    }
}

fn check_call(expr: &Expr, function: &super::Function, arguments: &[Expr]) -> Result<(), PromqlError> {
    let most = function.arguments.len();
    let least = most - function.optional;
    let fits = arguments.len() >= least && (arguments.len() <= most || function.is_open);
    if !fits {
        let wanted = match (least, most) {
            _ if function.is_open => format!("at least {least} arguments"),
            (1, 1) => "1 argument".to_owned(),
            (least, most) if least == most => format!("{least} arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        };
        let reason = format!("`{}` takes {wanted}, not {}", function.name, arguments.len());
        return Err(wrong(expr, reason, format!("write `{}`", function.usage())));
    }
    for (index, argument) in arguments.iter().enumerate() {
        if let Some(wanted) = function.arguments.get(index).or(function.arguments.last()) {
            expect(argument, *wanted, &format!("`{}`", function.name))?;
        }
    }
    Ok(())
}

fn expect(argument: &Expr, wanted: Type, what: &str) -> Result<(), PromqlError> {
    let found = of(argument);
    if found == wanted {
        return Ok(());
    }
    let help = match (wanted, found) {
        (Type::Matrix, Type::Vector) if is_selector(argument) => "add a window such as `[5m]`",
        (Type::Matrix, _) => "write a metric with a window such as `[5m]`, or a subquery such as `[30m:1m]`",
        (Type::Vector, Type::Matrix) => "remove the window, or apply a function such as `rate(…)` to it",
        (Type::Vector, _) => "write a metric",
        (Type::Scalar, _) => "write a number",
        (Type::Text, _) => "write a text between quotes",
    };
    let verb = if what.starts_with('`') { "takes" } else { "must be" };
    Err(wrong(argument, format!("{what} {verb} {}, not {}", wanted.name(), found.name()), help))
}

fn is_selector(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Selector(_))
}

fn wrong(expr: &Expr, reason: String, help: impl Into<String>) -> PromqlError {
    PromqlError::new(expr.range.clone(), reason, help)
}
