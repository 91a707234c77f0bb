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
                    return Err(wrong(side, format!("an operand cannot be {}", of(side).name())));
                }
            }
            let scalars = [&binary.left, &binary.right].map(|side| of(side) == Type::Scalar);
            match binary.operator {
                operator if operator.compares() && scalars == [true, true] && !binary.is_bool => {
                    Err(wrong(expr, "a comparison of two scalars needs `bool`".to_owned()))
                }
                Operator::And | Operator::Or | Operator::Unless if scalars.contains(&true) => {
                    let side = if scalars[0] { &binary.left } else { &binary.right };
                    Err(wrong(side, "a set operator joins instant vectors, and this is a scalar".to_owned()))
                }
                _ => Ok(()),
            }
        }
        ExprKind::Negative(inner) => match of(inner) {
            Type::Scalar | Type::Vector => Ok(()),
            other => Err(wrong(inner, format!("a minus sign cannot stand before {}", other.name()))),
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
        return Err(wrong(expr, format!("`{}` takes {wanted}, and has {}", function.name, arguments.len())));
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
    let hint = match (wanted, found) {
        (Type::Matrix, Type::Vector) => ": add a window such as `[5m]`",
        _ => "",
    };
    let verb = if what.starts_with('`') { "takes" } else { "is" };
    Err(wrong(argument, format!("{what} {verb} {}, and this is {}{hint}", wanted.name(), found.name())))
}

fn wrong(expr: &Expr, reason: String) -> PromqlError {
    PromqlError { range: expr.range.clone(), reason }
}
