/// Where an answer holds the fields of a person. Sources are tried in order; the first that is there and not empty wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Each field at most once.
    pub fields: &'static [(ProfileField, &'static [Source])],
    /// Named addresses of the person: name, then where they stand.
    pub urls: &'static [(&'static str, &'static [Source])],
    /// What identifies the account at the provider.
    pub uid: &'static [Source],
}

/// A field of a person, as Überauth names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProfileField {
    /// The whole name. Where no source has it: first and last name, else the nickname, else the e-mail address up to its `@`.
    Name,
    /// The given name.
    FirstName,
    /// The family name.
    LastName,
    /// The name that the person chose at the provider.
    Nickname,
    /// The e-mail address.
    Email,
    /// Where the person is, in words.
    Location,
    /// What the person says of themselves, or their role.
    Description,
    /// The address of a picture.
    Image,
    /// The telephone number.
    Phone,
    /// The day of birth.
    Birthday,
}

/// Where a text stands in an answer.
///
/// A pointer is a JSON pointer (RFC 6901), in which `-` stands for the last element of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A text or number at a pointer.
    At(&'static str),
    /// A text with pointers in braces, all of which must have a value.
    Text(&'static str),
    /// As `Text`, if the text at the pointer begins so.
    TextIf {
        /// The pointer that decides.
        at: &'static str,
        /// What stands there begins so.
        begins: &'static str,
        /// The text.
        text: &'static str,
    },
    /// A text in the first element of a list that fits.
    InList {
        /// The pointer of the list.
        list: &'static str,
        /// Pointers in the element, and what must stand there; `true` and `false` are written as words.
        fits: &'static [(&'static str, &'static str)],
        /// The pointer in the element.
        at: &'static str,
    },
}

impl ProfileField {
    /// Every field.
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::FirstName,
        Self::LastName,
        Self::Nickname,
        Self::Email,
        Self::Location,
        Self::Description,
        Self::Image,
        Self::Phone,
        Self::Birthday,
    ];

    /// The key under which scripts find it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Nickname => "nickname",
            Self::Email => "email",
            Self::Location => "location",
            Self::Description => "description",
            Self::Image => "image",
            Self::Phone => "phone",
            Self::Birthday => "birthday",
        }
    }

    /// The field with this key.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == word)
    }
}

/// The claims of OpenID Connect (Core 1.0 section 5.1), which unknown servers are read by too.
pub(crate) const OPENID: Profile = Profile {
    fields: &[
        (ProfileField::Name, &[Source::At("/name")]),
        (ProfileField::FirstName, &[Source::At("/given_name"), Source::At("/first_name")]),
        (ProfileField::LastName, &[Source::At("/family_name"), Source::At("/last_name")]),
        (
            ProfileField::Nickname,
            &[
                Source::At("/nickname"),
                Source::At("/preferred_username"),
                Source::At("/username"),
                Source::At("/login"),
            ],
        ),
        (ProfileField::Email, &[Source::At("/email")]),
        (
            ProfileField::Location,
            &[Source::At("/address/formatted"), Source::At("/address/locality"), Source::At("/location")],
        ),
        (ProfileField::Description, &[Source::At("/description"), Source::At("/bio")]),
        (ProfileField::Image, &[Source::At("/picture"), Source::At("/avatar_url")]),
        (ProfileField::Phone, &[Source::At("/phone_number"), Source::At("/phone")]),
        (ProfileField::Birthday, &[Source::At("/birthdate")]),
    ],
    urls: &[("profile", &[Source::At("/profile")]), ("website", &[Source::At("/website")])],
    uid: &[Source::At("/sub"), Source::At("/id"), Source::At("/user_id")],
};
