//! The parser's errors: which of them somebody looks at more closely, and all of them in plain words.

use granit_parser::ErrorKind;

/// What the parser met, as far as what is done about it differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// A character that no value may begin with, here.
    Indicator,
    /// A character that no YAML text may hold.
    Character,
    /// A colon behind what was a value already.
    Colon,
    /// Text behind a closing quote.
    AfterQuote,
    /// A quote that is not closed.
    OpenQuote,
    /// A backslash that escapes nothing.
    Escape,
    /// A bracket that is not closed, or a collection in brackets that is wrong inside.
    OpenBracket,
    /// A closing bracket without its opening one.
    ClosingBracket,
    /// Something where the next key or item should be.
    NoKey,
    /// A line that is neither a pair nor an item.
    NoPair,
    /// A tab.
    Tab,
    /// Nested too deeply.
    TooDeep,
    /// A comment in the middle of a text.
    CommentInText,
    /// Something behind the end of the document.
    DocumentEnd,
    /// Anything else.
    Other,
}

/// The reason of an error.
pub(super) fn of(kind: &ErrorKind) -> Reason {
    match kind {
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => Reason::Character,
        ErrorKind::BomInsideDocument => Reason::Character,
        kind if is_indicator(kind) => Reason::Indicator,
        kind if is_open_bracket(kind) => Reason::OpenBracket,
        ErrorKind::MappingValueNotAllowed
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::ExpectedFlowMappingSeparator => Reason::Colon,
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar
        | ErrorKind::CommentNotSeparated => Reason::AfterQuote,
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => Reason::OpenQuote,
        ErrorKind::MisplacedFlowCollectionEnd => Reason::ClosingBracket,
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry => Reason::NoKey,
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => Reason::NoPair,
        ErrorKind::RecursionLimitExceeded => Reason::TooDeep,
        ErrorKind::ExpectedDocumentStart => Reason::DocumentEnd,
        ErrorKind::CommentInterceptedScalar => Reason::CommentInText,
        kind if is_escape(kind) => Reason::Escape,
        kind if is_tab(kind) => Reason::Tab,
        _ => Reason::Other,
    }
}

fn is_indicator(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::InvalidBlockScalarHeader
            | ErrorKind::InvalidBlockScalarIndent
            | ErrorKind::ZeroBlockScalarIndent
            | ErrorKind::UnexpectedCharacter { .. }
            | ErrorKind::MissingAnchorOrAliasName
            | ErrorKind::MappingKeyNotAllowed
            | ErrorKind::BlockSequenceEntryNotAllowed
            | ErrorKind::UnexpectedEofBlockMapping
            | ErrorKind::UnexpectedEofBlockSequence
            | ErrorKind::ExpectedNodeContent
    ) || is_tag(kind)
}

fn is_tag(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::InvalidTagTerminator
            | ErrorKind::MissingTagUri
            | ErrorKind::UndeclaredTagHandle
            | ErrorKind::InvalidGlobalTagCharacter
            | ErrorKind::ExpectedTagBang
            | ErrorKind::UnclosedVerbatimTag
            | ErrorKind::InvalidTagEscape
            | ErrorKind::InvalidTagUtf8LeadingByte
            | ErrorKind::InvalidTagUtf8TrailingByte
            | ErrorKind::InvalidTagUtf8
    )
}

fn is_escape(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnknownQuotedScalarEscape
            | ErrorKind::InvalidQuotedScalarHexEscape
            | ErrorKind::InvalidUnicodeEscape
            | ErrorKind::InvalidLowSurrogate
            | ErrorKind::InvalidLowSurrogateHexEscape
            | ErrorKind::MissingLowSurrogate
            | ErrorKind::UnpairedLowSurrogate
    )
}

fn is_open_bracket(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::InvalidIndentation
            | ErrorKind::InvalidFlowScalarIndent
            | ErrorKind::UnclosedFlowCollection { .. }
            | ErrorKind::MismatchedFlowCollectionEnd { .. }
            | ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::UnexpectedEofFlowMapping
            | ErrorKind::UnexpectedEofImplicitFlowMapping
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::BlockEntryInFlowCollection
            | ErrorKind::FlowMappingValueAdjacentCollection
            | ErrorKind::PlainScalarStartsWithDashFlowIndicator
    )
}

fn is_tab(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar
            | ErrorKind::InvalidBlockEntryWhitespace
            | ErrorKind::InvalidMappingValueWhitespace
    )
}

/// The words for what nobody looks at more closely, for somebody who edits a plan.
pub(super) fn words(kind: &ErrorKind) -> &'static str {
    match (of(kind), kind) {
        (Reason::Character, _) => "a control character, which no YAML file may hold",
        (Reason::Colon, _) => "this key is indented deeper than its siblings, or is in the middle of a text",
        (Reason::OpenQuote, _) => "a quote that is not closed",
        (Reason::AfterQuote, _) => "text behind a closing quote",
        (Reason::Escape, _) => "a backslash that escapes nothing; in single quotes it is just a backslash",
        (Reason::OpenBracket, _) => "a bracket that is not closed, or a comma that is missing inside it",
        (Reason::ClosingBracket, _) => "a closing bracket without its opening one",
        (Reason::NoKey, _) => "this line is not in the column of the other keys or items around it",
        (Reason::NoPair, _) => "this line is neither `key: value` nor a list item",
        (Reason::Tab, _) => "a tab where YAML needs spaces",
        (Reason::TooDeep, _) => "collections are nested too deeply",
        (Reason::CommentInText, _) => "a comment in the middle of a text",
        (Reason::DocumentEnd, _) => "this line is indented less than the list or the keys it belongs to",
        (_, ErrorKind::BlockSequenceEntryNotAllowed) => "a list may not begin on the line of its key",
        (_, ErrorKind::MissingDocumentEndBeforeDirective | ErrorKind::InvalidDirectiveName) => {
            "a line that begins with `%`, which YAML keeps for directives"
        }
        _ => "this is not valid YAML",
    }
}
