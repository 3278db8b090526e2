//! Finding built-ins by name and by the kind they are called on.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Builtin, Form};
use crate::value::Kind;

/// A group of built-ins under one heading of the reference.
#[derive(Debug)]
pub struct Family {
    /// The heading.
    pub title: &'static str,
    tables: &'static [&'static [Builtin]],
}

impl Family {
    /// Its built-ins, in the order of the reference.
    pub fn members(&self) -> impl Iterator<Item = &'static Builtin> {
        self.tables.iter().flat_map(|table| table.iter())
    }
}

/// Every table, in the order of the reference.
const FAMILIES: &[Family] = &[
    Family {
        title: "Text",
        tables: &[
            super::text::SEARCH,
            super::text::CUT,
            super::text::CHANGE,
            super::text::REPLACE,
        ],
    },
    Family {
        title: "Numbers",
        tables: &[super::number::TABLE],
    },
    Family {
        title: "Conversion and type checks",
        tables: &[super::conversion::TABLE],
    },
    Family {
        title: "Null, blank and empty",
        tables: &[super::logic::TABLE],
    },
    Family {
        title: "Dates and times",
        tables: &[
            super::date::CLOCK,
            super::date::PART,
            super::date::SHIFT,
            super::date::BETWEEN,
            super::date::BUSINESS,
        ],
    },
    Family {
        title: "Lists",
        tables: &[super::list::TABLE, super::csv::TABLE, super::statistics::TABLE],
    },
    Family {
        title: "Maps",
        tables: &[super::map::TABLE],
    },
    Family {
        title: "Collections",
        tables: &[super::collection::TABLE],
    },
    Family {
        title: "JSON and XML",
        tables: &[super::json::TABLE, super::xml::TABLE],
    },
    Family {
        title: "Encoding and encryption",
        tables: &[
            super::encode::URL,
            super::encode::BASE,
            super::encode::HTML,
            super::encode::DIGEST,
            super::encode::CIPHER,
        ],
    },
    Family {
        title: "Files",
        tables: &[super::file::TABLE],
    },
    Family {
        title: "System variables",
        tables: &[super::system::TABLE],
    },
    Family {
        title: "Requests",
        tables: &[super::web::TABLE],
    },
];

/// The families, in the order of the reference.
pub fn families() -> &'static [Family] {
    FAMILIES
}

/// All built-ins, in the order of the reference.
pub fn all() -> impl Iterator<Item = &'static Builtin> {
    FAMILIES.iter().flat_map(Family::members)
}

/// The built-ins of one method name, by the kind of the receiver.
#[derive(Debug)]
pub struct MethodGroup {
    /// The name as the reference writes it.
    pub name: &'static str,
    by_kind: [Option<&'static Builtin>; Kind::COUNT],
}

impl MethodGroup {
    /// The built-in for a receiver of this kind. Plain values without a method of their own are taken as text, as
    /// Zoho's functions do.
    #[inline]
    pub fn on(&self, kind: Kind) -> Option<&'static Builtin> {
        self.by_kind[kind as usize]
    }

    /// Whether any of them takes this many arguments.
    pub fn takes(&self, count: usize) -> bool {
        self.variants().any(|builtin| builtin.takes(count))
    }

    /// The different built-ins of the group.
    pub fn variants(&self) -> impl Iterator<Item = &'static Builtin> {
        let mut seen: Vec<*const Builtin> = Vec::new();
        self.by_kind.iter().flatten().copied().filter(move |builtin| {
            let address = std::ptr::from_ref(*builtin);
            let fresh = !seen.contains(&address);
            seen.push(address);
            fresh
        })
    }
}

#[derive(Default)]
struct Index {
    methods: Names<MethodGroup>,
    functions: Names<&'static Builtin>,
    variables: Names<&'static Builtin>,
}

/// A map with names in lower case as keys.
type Names<V> = HashMap<String, V, foldhash::fast::RandomState>;

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index::default();
    for builtin in all() {
        for name in std::iter::once(&builtin.name).chain(builtin.aliases) {
            let folded = name.to_ascii_lowercase();
            match builtin.form {
                Form::Method => index.add_method(folded, name, builtin),
                Form::Function => _ = index.functions.entry(folded).or_insert(builtin),
                Form::Variable => _ = index.variables.entry(folded).or_insert(builtin),
            }
        }
    }
    // Older scripts call variables: `zoho.currentdate()` (creator/newhelp/script/deluge-system-variables.html).
    for (name, variable) in &index.variables {
        index.functions.entry(name.clone()).or_insert(variable);
    }
    for group in index.methods.values_mut() {
        let text = group.by_kind[Kind::Text as usize];
        for kind in [
            Kind::Boolean,
            Kind::Number,
            Kind::Decimal,
            Kind::Date,
            Kind::DateTime,
            Kind::Caught,
        ] {
            group.by_kind[kind as usize] = group.by_kind[kind as usize].or(text);
        }
    }
    index
});

impl Index {
    fn add_method(&mut self, folded: String, name: &'static str, builtin: &'static Builtin) {
        let group = self.methods.entry(folded).or_insert_with(|| MethodGroup {
            name,
            by_kind: [None; Kind::COUNT],
        });
        for kind in builtin.receivers {
            group.by_kind[*kind as usize].get_or_insert(builtin);
        }
    }
}

/// The methods of this name.
pub fn method(name: &str) -> Option<&'static MethodGroup> {
    with_folded(name, |name| INDEX.methods.get(name))
}

/// The function of this name.
pub fn function(name: &str) -> Option<&'static Builtin> {
    with_folded(name, |name| INDEX.functions.get(name).copied())
}

/// The variable of this name.
pub fn variable(name: &str) -> Option<&'static Builtin> {
    with_folded(name, |name| INDEX.variables.get(name).copied())
}

/// Everything of this name, methods first, for documentation. `trim`, `text.trim` and `TEXT.trim` all find the method.
pub fn find(name: &str) -> Vec<&'static Builtin> {
    let wanted = |builtin: &&Builtin| {
        let on_kind = |kind: &Kind, known: &str| {
            let of = |receiver: &str| {
                name.get(..receiver.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(receiver))
                    && name.get(receiver.len()..).is_some_and(|rest| {
                        rest.strip_prefix('.')
                            .is_some_and(|method| method.eq_ignore_ascii_case(known))
                    })
            };
            of(kind.word()) || of(kind.name())
        };
        std::iter::once(&builtin.name)
            .chain(builtin.aliases)
            .any(|known| known.eq_ignore_ascii_case(name) || builtin.receivers.iter().any(|kind| on_kind(kind, known)))
    };
    all().filter(wanted).collect()
}

/// The names of all methods, for suggestions and completion.
pub fn method_names() -> impl Iterator<Item = &'static str> {
    all()
        .filter(|builtin| builtin.form == Form::Method)
        .map(|builtin| builtin.name)
}

fn with_folded<R>(name: &str, look: impl FnOnce(&str) -> R) -> R {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        look(&name.to_ascii_lowercase())
    } else {
        look(name)
    }
}
