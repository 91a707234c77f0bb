//! Reads PromQL: operators by their strength, everything else by what it begins with.

use super::lex::{Piece, Token, lex};
use super::{
    Aggregate, AggregateOperator, At, Binary, Expr, ExprKind, Grouping, MatchOperator, Matcher, Matching,
    Operator, PromqlError, Selector, Side, Subquery, functions, types,
};
use crate::model::reader::nearest_name;

/// How deep expressions may nest. People write five levels.
const DEEPEST: usize = 64;

/// How many words and signs an expression may have: what is computed over a chain of operators goes as deep as it is long.
const MOST_PIECES: usize = 5_000;

/// What to do with an expression that is too large.
const RECORDING_RULE: &str = "move a part of it into a recording rule";

/// Reads an expression.
///
/// # Errors
///
/// The first place that is not valid PromQL, and why.
pub fn parse(text: &str) -> Result<Expr> {
    let mut parser = Parser { text, pieces: lex(text)?, at: 0, depth: 0 };
    if parser.pieces.is_empty() {
        let help = "write a query such as `sum(rate(http_requests_total[5m]))`";
        return Err(PromqlError::new(0..0, "the expression is empty", help));
    }
    if let Some(piece) = parser.pieces.get(MOST_PIECES) {
        let reason = format!("the expression has more than {MOST_PIECES} tokens");
        return Err(PromqlError::new(piece.range.clone(), reason, RECORDING_RULE));
    }
    let expr = parser.expression(0)?;
    match parser.pieces.get(parser.at) {
        None => Ok(expr),
        Some(_) => {
            let shown = parser.shown();
            Err(match shown.as_str() {
                ")" | "]" | "}" => parser.wrong(format!("unmatched `{shown}`"), "remove it"),
                _ => parser.wrong(
                    format!("unexpected `{shown}`"),
                    "add an operator before it, or quotes around the value",
                ),
            })
        }
    }
}

struct Parser<'t> {
    text: &'t str,
    pieces: Vec<Piece>,
    at: usize,
    depth: usize,
}

type Result<T> = std::result::Result<T, PromqlError>;

impl<'t> Parser<'t> {
    fn token(&self) -> Option<&Token> {
        self.pieces.get(self.at).map(|piece| &piece.token)
    }

    fn word(&self) -> Option<&'t str> {
        let piece = self.pieces.get(self.at).filter(|piece| piece.token == Token::Word)?;
        Some(&self.text[piece.range.clone()])
    }

    fn is_word(&self, word: &str) -> bool {
        self.word().is_some_and(|found| found.eq_ignore_ascii_case(word))
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.token(), Some(Token::Sign(found)) if *found == sign)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        self.at += usize::from(found);
        found
    }

    /// Steps over a sign; `place` says where it belongs if it is missing.
    fn expect(&mut self, sign: &str, place: &str) -> Result<()> {
        match self.takes(sign) {
            true => Ok(()),
            false => Err(self.wrong(format!("missing `{sign}`{place}"), format!("add `{sign}`"))),
        }
    }

    /// The piece at the cursor, as it is written.
    fn shown(&self) -> String {
        let piece = self.pieces.get(self.at);
        piece.map_or_else(|| "the end".to_owned(), |piece| self.text[piece.range.clone()].to_owned())
    }

    fn wrong(&self, reason: impl Into<String>, help: impl Into<String>) -> PromqlError {
        let end = self.text.len();
        let range = self.pieces.get(self.at).map_or(end..end, |piece| piece.range.clone());
        PromqlError::new(range, reason, help)
    }

    fn start(&self) -> usize {
        self.pieces.get(self.at).map_or(self.text.len(), |piece| piece.range.start)
    }

    /// The end of the piece before the cursor.
    fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|last| self.pieces.get(last)).map_or(0, |piece| piece.range.end)
    }

    fn finished(&self, start: usize, kind: ExprKind) -> Result<Expr> {
        let expr = Expr { kind, range: start..self.end() };
        types::check(&expr)?;
        Ok(expr)
    }

    /// Reads an expression whose operators bind at least as strongly as this.
    fn expression(&mut self, least: u8) -> Result<Expr> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(
                self.wrong(format!("the expression nests deeper than {DEEPEST} levels"), RECORDING_RULE)
            );
        }
        let start = self.start();
        let mut left = self.operand()?;
        while let Some(operator) = self.operator() {
            let strength = operator.strength();
            if strength < least {
                break;
            }
            self.at += 1;
            let is_bool = self.modifier_bool(operator)?;
            let matching = self.matching(operator)?;
            // A power binds to the right: `2 ^ 3 ^ 2` is `2 ^ 9`.
            let next = if operator == Operator::Power { strength } else { strength + 1 };
            let right = self.expression(next)?;
            let binary = Binary { operator, is_bool, matching, left, right };
            left = self.finished(start, ExprKind::Binary(Box::new(binary)))?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operator(&self) -> Option<Operator> {
        if let Some(word) = self.word() {
            const WORDS: [(&str, Operator); 4] = [
                ("and", Operator::And),
                ("or", Operator::Or),
                ("unless", Operator::Unless),
                ("atan2", Operator::Atan2),
            ];
            let found = WORDS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name));
            return found.map(|(_, operator)| *operator);
        }
        let Some(Token::Sign(sign)) = self.token() else { return None };
        Some(match *sign {
            "+" => Operator::Add,
            "-" => Operator::Subtract,
            "*" => Operator::Multiply,
            "/" => Operator::Divide,
            "%" => Operator::Modulo,
            "^" => Operator::Power,
            "==" => Operator::Equal,
            "!=" => Operator::NotEqual,
            ">" => Operator::Above,
            "<" => Operator::Below,
            ">=" => Operator::AtLeast,
            "<=" => Operator::AtMost,
            _ => return None,
        })
    }

    fn modifier_bool(&mut self, operator: Operator) -> Result<bool> {
        if !self.is_word("bool") {
            return Ok(false);
        }
        if !operator.compares() {
            return Err(self.wrong("`bool` without a comparison", "remove it, or write `> bool`"));
        }
        self.at += 1;
        Ok(true)
    }

    fn matching(&mut self, operator: Operator) -> Result<Matching> {
        let mut matching = Matching { on: self.takes_word("on"), ..Matching::default() };
        if !matching.on && !self.takes_word("ignoring") {
            return Ok(matching);
        }
        matching.labels = self.labels()?;
        for (word, side) in [("group_left", Side::Left), ("group_right", Side::Right)] {
            if !self.is_word(word) {
                continue;
            }
            if operator.joins_sets() {
                return Err(self.wrong(format!("`{word}` is not allowed with a set operator"), "remove it"));
            }
            self.at += 1;
            matching.many = Some(side);
            if self.is_sign("(") {
                matching.include = self.labels()?;
            }
        }
        Ok(matching)
    }

    fn labels(&mut self) -> Result<Vec<String>> {
        self.expect("(", " before the labels")?;
        let mut labels = Vec::new();
        while !self.takes(")") {
            let Some(label) = self.word().filter(|label| !label.contains(':')) else {
                return Err(self.no_label());
            };
            labels.push(label.to_owned());
            self.at += 1;
            if !self.takes(",") && !self.is_sign(")") {
                return Err(
                    self.wrong("missing `)` after the labels", "add `)`, or `,` before the next label")
                );
            }
        }
        Ok(labels)
    }

    /// Reads what stands between operators, signs before it included.
    fn operand(&mut self) -> Result<Expr> {
        let start = self.start();
        if self.takes("+") {
            return self.expression(Operator::Power.strength());
        }
        if self.takes("-") {
            // `-1 ^ 2` is `-(1 ^ 2)`: the sign binds like a product.
            let of = self.expression(Operator::Power.strength())?;
            if let ExprKind::Number(number) = of.kind {
                return self.finished(start, ExprKind::Number(-number));
            }
            return self.finished(start, ExprKind::Negative(Box::new(of)));
        }
        let mut expr = self.primary()?;
        loop {
            if self.is_sign("[") {
                expr = self.window(start, expr)?;
            } else if self.is_word("offset") {
                self.offset(&mut expr)?;
            } else if self.is_sign("@") {
                self.fix(&mut expr)?;
            } else {
                return Ok(expr);
            }
        }
    }

    fn primary(&mut self) -> Result<Expr> {
        let start = self.start();
        match self.token().cloned() {
            Some(Token::Number(number)) => {
                self.at += 1;
                self.finished(start, ExprKind::Number(number))
            }
            Some(Token::Text(text)) => {
                self.at += 1;
                self.finished(start, ExprKind::Text(text))
            }
            Some(Token::Sign("(")) => {
                self.at += 1;
                let inner = self.expression(0)?;
                self.expect(")", "")?;
                self.finished(start, ExprKind::Parentheses(Box::new(inner)))
            }
            Some(Token::Sign("{")) => self.selector(None),
            Some(Token::Word) => self.named(),
            Some(Token::Duration(_)) => {
                let shown = self.shown();
                Err(self.wrong(
                    format!("`{shown}` is a duration, not a value"),
                    format!("write a window as `[{shown}]`"),
                ))
            }
            Some(Token::Sign(sign)) => Err(self.no_operand(sign)),
            None => Err(self.wrong("unexpected end of the expression", "add a metric or a number")),
        }
    }

    /// Reads what begins with a word: a number, a function, an aggregation, or a metric.
    fn named(&mut self) -> Result<Expr> {
        let start = self.start();
        let word = self.word().unwrap_or_default();
        let before = self.pieces.get(self.at + 1).map(|piece| piece.token.clone());
        if word.eq_ignore_ascii_case("inf") || word.eq_ignore_ascii_case("nan") {
            self.at += 1;
            let number = if word.eq_ignore_ascii_case("inf") { f64::INFINITY } else { f64::NAN };
            return self.finished(start, ExprKind::Number(number));
        }
        let aggregate = AggregateOperator::WORDS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name));
        let next = self.pieces.get(self.at + 1).map(|piece| &self.text[piece.range.clone()]);
        let groups = next.is_some_and(|next| ["by", "without"].iter().any(|w| next.eq_ignore_ascii_case(w)));
        if let Some((_, operator)) = aggregate
            && (before == Some(Token::Sign("(")) || groups)
        {
            self.at += 1;
            return self.aggregate(start, *operator);
        }
        if before == Some(Token::Sign("(")) {
            return self.call(start, word);
        }
        const KEYWORDS: [&str; 12] = [
            "and",
            "or",
            "unless",
            "atan2",
            "by",
            "without",
            "on",
            "ignoring",
            "group_left",
            "group_right",
            "bool",
            "offset",
        ];
        if KEYWORDS.iter().any(|keyword| word.eq_ignore_ascii_case(keyword)) {
            return Err(self.no_operand(word));
        }
        self.at += 1;
        self.selector(Some((start, word)))
    }

    fn call(&mut self, start: usize, word: &str) -> Result<Expr> {
        let Some(function) = functions::function(word) else {
            let aggregations = AggregateOperator::WORDS.iter().map(|(name, _)| *name);
            let near = nearest_name(word, functions::names().chain(aggregations));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write a function of PromQL, such as `rate`".to_owned(),
            };
            return Err(self.wrong(format!("unknown function `{word}`"), help));
        };
        self.at += 1;
        let arguments = self.arguments()?;
        self.finished(start, ExprKind::Call(function, arguments))
    }

    fn arguments(&mut self) -> Result<Vec<Expr>> {
        self.expect("(", "")?;
        let mut arguments = Vec::new();
        if self.takes(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression(0)?);
            if self.takes(")") {
                return Ok(arguments);
            }
            if !self.takes(",") {
                return Err(self.wrong("missing `)` or `,`", "add `)`, or `,` before the next argument"));
            }
        }
    }

    fn aggregate(&mut self, start: usize, operator: AggregateOperator) -> Result<Expr> {
        let mut grouping = self.grouping()?;
        let opening = self.at;
        let mut arguments = self.arguments()?;
        if grouping.is_none() {
            grouping = self.grouping()?;
        }
        let wanted = 1 + usize::from(operator.takes_parameter());
        if arguments.len() != wanted {
            self.at = opening;
            let plural = if wanted == 1 { "" } else { "s" };
            let found = arguments.len();
            let word = operator.word();
            let reason = format!("`{word}` takes {wanted} argument{plural}, not {found}");
            let parameter = match operator {
                AggregateOperator::CountValues => "\"label\", ",
                operator if operator.takes_parameter() => "number, ",
                _ => "",
            };
            return Err(self.wrong(reason, format!("write `{word}({parameter}metric)`")));
        }
        let Some(of) = arguments.pop() else { return Err(self.no_operand(")")) };
        let parameter = arguments.pop();
        let grouping = grouping.unwrap_or(Grouping::By(Vec::new()));
        let aggregate = Aggregate { operator, grouping, parameter, of };
        self.finished(start, ExprKind::Aggregate(Box::new(aggregate)))
    }

    fn grouping(&mut self) -> Result<Option<Grouping>> {
        if self.takes_word("by") {
            return Ok(Some(Grouping::By(self.labels()?)));
        }
        if self.takes_word("without") {
            return Ok(Some(Grouping::Without(self.labels()?)));
        }
        Ok(None)
    }

    /// Reads the conditions of a selector; its name was read before.
    fn selector(&mut self, name: Option<(usize, &str)>) -> Result<Expr> {
        let start = name.map_or_else(|| self.start(), |(start, _)| start);
        let mut matchers = Vec::new();
        if self.takes("{") {
            while !self.takes("}") {
                matchers.push(self.matcher()?);
                if !self.takes(",") && !self.is_sign("}") {
                    return Err(self
                        .wrong("missing `}` or `,` after a label", "add `}`, or `,` before the next label"));
                }
            }
        }
        let picks = |matcher: &Matcher| match matcher.operator {
            MatchOperator::Equal => !matcher.value.is_empty(),
            MatchOperator::NotEqual => matcher.value.is_empty(),
            MatchOperator::Pattern => pattern(&matcher.value).is_ok_and(|pattern| !pattern.is_match("")),
            MatchOperator::NotPattern => pattern(&matcher.value).is_ok_and(|pattern| pattern.is_match("")),
        };
        if name.is_none() && !matchers.iter().any(picks) {
            let help = "write a metric name before the braces, or a label with a value: `{job=\"api\"}`";
            return Err(PromqlError::new(start..self.end(), "the selector selects every series", help));
        }
        let name = name.map(|(_, name)| name.to_owned());
        let selector = Selector { name, matchers, offset: 0, at: None };
        self.finished(start, ExprKind::Selector(selector))
    }

    fn matcher(&mut self) -> Result<Matcher> {
        let Some(label) = self.word().filter(|label| !label.contains(':')) else {
            return Err(self.no_label());
        };
        self.at += 1;
        let operator = match self.token() {
            Some(Token::Sign("=")) => MatchOperator::Equal,
            Some(Token::Sign("!=")) => MatchOperator::NotEqual,
            Some(Token::Sign("=~")) => MatchOperator::Pattern,
            Some(Token::Sign("!~")) => MatchOperator::NotPattern,
            Some(Token::Sign("==")) => return Err(self.wrong("`==` does not compare labels", "write `=`")),
            _ => {
                return Err(self.wrong(
                    format!("missing operator after the label `{label}`"),
                    "write `=`, `!=`, `=~` or `!~`, and a value between quotes",
                ));
            }
        };
        self.at += 1;
        let Some(Token::Text(value)) = self.token().cloned() else {
            let shown = self.shown();
            return Err(self.wrong(
                format!("the value of the label `{label}` has no quotes"),
                format!("write `\"{shown}\"`"),
            ));
        };
        if matches!(operator, MatchOperator::Pattern | MatchOperator::NotPattern) && pattern(&value).is_err()
        {
            return Err(self.wrong(
                format!("`{value}` is not a valid regular expression"),
                "correct it, or escape its special characters with `\\\\`",
            ));
        }
        self.at += 1;
        Ok(Matcher { label: label.to_owned(), operator, value })
    }

    /// Reads `[5m]` behind a selector, or `[30m:1m]` behind any vector.
    fn window(&mut self, start: usize, expr: Expr) -> Result<Expr> {
        self.at += 1;
        let window = self.length()?;
        if window == 0 {
            self.at -= 1;
            return Err(self.wrong("the window is empty", "write a window such as `[5m]`"));
        }
        if self.takes(":") {
            let step = if self.is_sign("]") { None } else { Some(self.length()?) };
            self.expect("]", " after the window")?;
            let subquery = Subquery { of: expr, window, step, offset: 0, at: None };
            return self.finished(start, ExprKind::Subquery(Box::new(subquery)));
        }
        self.expect("]", " after the window")?;
        match expr.kind {
            ExprKind::Selector(selector) if selector.offset == 0 && selector.at.is_none() => {
                self.finished(start, ExprKind::Matrix(selector, window))
            }
            ExprKind::Selector(_) => Err(PromqlError::new(
                expr.range,
                "`offset` or `@` before the window",
                "write the window first: `metric[5m] offset 1h`",
            )),
            _ => {
                let subquery = format!("write a subquery: `[{}:1m]`", super::duration_text(window));
                let range = start..self.end();
                Err(PromqlError::new(range, "a window of an expression has no step", subquery))
            }
        }
    }

    fn length(&mut self) -> Result<u64> {
        match self.token() {
            Some(Token::Duration(millis)) => {
                let millis = *millis;
                self.at += 1;
                Ok(millis)
            }
            _ => {
                let shown = self.shown();
                Err(self.wrong(format!("`{shown}` is not a duration"), "write a duration such as `5m`"))
            }
        }
    }

    fn offset(&mut self, expr: &mut Expr) -> Result<()> {
        let keyword = self.at;
        self.at += 1;
        let is_negative = self.takes("-");
        let length = i64::try_from(self.length()?).unwrap_or(i64::MAX);
        let offset = if is_negative { -length } else { length };
        match &mut expr.kind {
            ExprKind::Selector(selector) | ExprKind::Matrix(selector, _) if selector.offset == 0 => {
                selector.offset = offset;
            }
            ExprKind::Subquery(subquery) if subquery.offset == 0 => subquery.offset = offset,
            _ => {
                self.at = keyword;
                return Err(self.wrong(
                    "`offset` is only allowed once, after a metric, a window or a subquery",
                    "move it there, or remove it",
                ));
            }
        }
        expr.range.end = self.end();
        Ok(())
    }

    /// Reads `@ 1609746000`, `@ start()` or `@ end()`.
    fn fix(&mut self, expr: &mut Expr) -> Result<()> {
        let sign = self.at;
        self.at += 1;
        let time = self.fixed_time()?;
        match &mut expr.kind {
            ExprKind::Selector(Selector { at, .. }) | ExprKind::Matrix(Selector { at, .. }, _)
                if at.is_none() =>
            {
                *at = Some(time);
            }
            ExprKind::Subquery(subquery) if subquery.at.is_none() => subquery.at = Some(time),
            _ => {
                self.at = sign;
                return Err(self.wrong(
                    "`@` is only allowed once, after a metric, a window or a subquery",
                    "move it there, or remove it",
                ));
            }
        }
        expr.range.end = self.end();
        Ok(())
    }

    fn fixed_time(&mut self) -> Result<At> {
        for (word, at) in [("start", At::Start), ("end", At::End)] {
            if self.takes_word(word) {
                self.expect("(", "")?;
                self.expect(")", "")?;
                return Ok(at);
            }
        }
        let is_negative = self.takes("-");
        let seconds = match self.token() {
            Some(Token::Number(seconds)) => {
                if is_negative {
                    -*seconds
                } else {
                    *seconds
                }
            }
            _ => {
                let help = "write a time in seconds since 1970, `start()` or `end()`";
                return Err(self.wrong("missing time after `@`", help));
            }
        };
        // Beyond the year 10,000 something else is meant, and Prometheus refuses what does not fit into its times.
        if seconds.abs() >= 253_402_300_800.0 {
            let shown = self.shown();
            let help = "write a time in seconds since 1970, such as `1609746000`";
            return Err(self.wrong(format!("`{shown}` is not a time in seconds"), help));
        }
        self.at += 1;
        Ok(At::Time((seconds * 1000.0).round() as i64))
    }

    fn no_label(&self) -> PromqlError {
        self.wrong(format!("`{}` is not a label name", self.shown()), "write a label such as `job`")
    }

    fn no_operand(&self, before: &str) -> PromqlError {
        self.wrong(format!("missing expression before `{before}`"), "add a metric or a number before it")
    }
}

/// A pattern of Prometheus: it has to fit the whole text.
pub fn pattern(text: &str) -> std::result::Result<regex::Regex, regex::Error> {
    regex::RegexBuilder::new(&format!("^(?s:{text})$")).size_limit(1 << 20).build()
}
