//! The vocabulary of the syntax tree: every kind of token and node, and the rowan types that carry them.

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What a token or a node of the tree is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum SyntaxKind { $($(#[$doc])* $name,)* }

        const ALL: &[SyntaxKind] = &[$(SyntaxKind::$name,)*];
    };
}

kinds! {
    // Trivia.
    /// Spaces, tabs, a byte order mark.
    Whitespace,
    /// One line end, `\n` or `\r\n`.
    Newline,
    /// `#` to the end of the line.
    Comment,

    // Words and numbers.
    /// A name or a word of the language; words are told apart by their text and their position.
    Ident,
    /// `@name`.
    Constant,
    /// `:name`.
    Atom,
    /// `12`, `1_000`.
    Int,
    /// `1.5`, `2e3`.
    Float,

    // Strings.
    /// `"` or `"""` that opens a string.
    QuoteOpen,
    /// `"` or `"""` that closes a string.
    QuoteClose,
    /// Text of a string as it stands.
    StringText,
    /// `\n`, `\"`, `\u{e9}`.
    Escape,
    /// `#{`.
    InterpolationOpen,
    /// The `}` of `#{`.
    InterpolationClose,

    // Punctuation.
    /// `(`
    ParenOpen,
    /// `)`
    ParenClose,
    /// `[`
    BracketOpen,
    /// `]`
    BracketClose,
    /// `%{`
    MapOpen,
    /// `{`
    BraceOpen,
    /// `}`
    BraceClose,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// `:` behind the key it belongs to.
    Colon,
    /// `.`
    Dot,
    /// `->`
    Arrow,
    /// `=>`
    FatArrow,

    // Operators.
    /// `=`
    Equals,
    /// `+=`
    PlusEquals,
    /// `-=`
    MinusEquals,
    /// `*=`
    StarEquals,
    /// `/=`
    SlashEquals,
    /// `||`
    OrOr,
    /// `&&`
    AndAnd,
    /// `==`
    EqualsEquals,
    /// `!=`
    NotEquals,
    /// `=~`
    Matches,
    /// `<`
    Less,
    /// `<=`
    LessEquals,
    /// `>`
    Greater,
    /// `>=`
    GreaterEquals,
    /// `|>`
    Pipe,
    /// `<>`
    Diamond,
    /// `++`
    PlusPlus,
    /// `--`
    MinusMinus,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `!`
    Bang,

    /// Characters that mean nothing in the language.
    Unknown,
    /// Behind the last token; never in a tree.
    Eof,

    // Nodes.
    /// The whole file.
    Root,
    /// `@name value` between dialogs.
    ConstantDefinition,
    /// `target = value` and its relatives.
    Assign,
    /// A call that owns a `do` block: `buttons "text" do … end`, also `if`, `dialog`, `function`.
    BlockCall,
    /// A call without parentheses: `say "hi", class: "large"`.
    Command,
    /// A call with parentheses: `first(list)`.
    Call,
    /// The arguments of a call.
    Arguments,
    /// `key: value`.
    KeyArgument,
    /// `key => value` in a map.
    Pair,
    /// `when condition` in a header.
    Guard,
    /// `do … end`.
    Block,
    /// `else …` in a block.
    ElsePart,
    /// `after …` in a block.
    AfterPart,
    /// `head -> statements` in a block.
    Clause,
    /// Operands and operators of one level, flat: `a + b - c`.
    Binary,
    /// `!x`, `not x`, `-x`.
    Unary,
    /// A value and what hangs on it, flat: `a.b[0].c`.
    Postfix,
    /// `.name`.
    Member,
    /// `[index]`.
    Index,
    /// `(arguments)` behind a member.
    CallSuffix,
    /// A variable, or a word that stands alone.
    Name,
    /// `@name` used as a value.
    ConstantUse,
    /// A number, an atom, `true`, `false`, `nil`.
    Literal,
    /// A string with its quotes.
    Text,
    /// `#{ … }`.
    Interpolation,
    /// `[1, 2]`, `[a: 1]`.
    List,
    /// `%{a: 1}`.
    Map,
    /// `(value)`.
    Paren,
    /// What could not be understood.
    Error,
}

impl SyntaxKind {
    /// Whether a token of this kind carries no meaning of its own.
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::Whitespace | Self::Newline | Self::Comment)
    }
}

impl From<SyntaxKind> for rowan::SyntaxKind {
    fn from(kind: SyntaxKind) -> Self {
        Self(kind as u16)
    }
}

/// The marker type that ties rowan's trees to [`SyntaxKind`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bubblescript {}

impl rowan::Language for Bubblescript {
    type Kind = SyntaxKind;

    fn kind_from_raw(raw: rowan::SyntaxKind) -> SyntaxKind {
        ALL.get(raw.0 as usize).copied().unwrap_or(SyntaxKind::Error)
    }

    fn kind_to_raw(kind: SyntaxKind) -> rowan::SyntaxKind {
        kind.into()
    }
}

/// A node of the tree.
pub type SyntaxNode = rowan::SyntaxNode<Bubblescript>;
/// A token of the tree.
pub type SyntaxToken = rowan::SyntaxToken<Bubblescript>;
/// A node or a token.
pub type SyntaxElement = rowan::SyntaxElement<Bubblescript>;

/// The bytes a node covers.
pub fn range_of(range: rowan::TextRange) -> std::ops::Range<usize> {
    usize::from(range.start())..usize::from(range.end())
}
