//! The types in the headers of functions: the kinds behind their names, and names that are most likely slips.

use super::Resolver;
use crate::diagnostic::{Code, is_slip};
use crate::syntax::ast::{Function, Name, Script, TypeName};
use crate::value::Kind;

/// Every built-in type in lower case, with the kind of its values where a declaration says one.
const TYPES: &[(&str, Option<Kind>)] = &[
    ("void", None),
    ("string", Some(Kind::Text)),
    ("text", Some(Kind::Text)),
    ("int", Some(Kind::Number)),
    ("integer", Some(Kind::Number)),
    ("bigint", Some(Kind::Number)),
    ("long", Some(Kind::Number)),
    ("number", Some(Kind::Number)),
    ("float", Some(Kind::Decimal)),
    ("decimal", Some(Kind::Decimal)),
    ("double", Some(Kind::Decimal)),
    ("bool", Some(Kind::Boolean)),
    ("boolean", Some(Kind::Boolean)),
    ("date", Some(Kind::Date)),
    ("datetime", Some(Kind::DateTime)),
    ("timestamp", Some(Kind::DateTime)),
    ("time", None),
    ("list", Some(Kind::List)),
    ("map", Some(Kind::Map)),
    ("key-value", Some(Kind::Map)),
    ("collection", Some(Kind::Collection)),
    ("file", Some(Kind::File)),
];

/// Types of other languages, with what Deluge calls them.
const FOREIGN: &[(&str, &str)] = &[
    ("str", "string"),
    ("array", "list"),
    ("dict", "map"),
    ("object", "map"),
    ("json", "map"),
];

/// The letters that a type needs before a parameter's type can be a slip of it: a form of Creator is a type too, and
/// short names such as `data` and `test` are one letter away from a built-in type by chance.
const UNMISTAKABLE: usize = 5;

/// The kind behind a type name of a function header, where it is a built-in one.
pub(super) fn kind_of_type(name: &str) -> Option<Kind> {
    TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?.1
}

impl Resolver<'_> {
    /// Warns of types in a function's header that are none.
    pub(super) fn lint_types(&mut self, script: &Script, function: &Function) {
        self.lint_type(script, &function.returns, 0);
        for parameter in script.list(function.parameters) {
            self.lint_type(script, &parameter.of, UNMISTAKABLE);
        }
    }

    fn lint_type(&mut self, script: &Script, of: &TypeName, shortest: usize) {
        let words = [(Some(of.name), shortest), (of.element, 0)];
        for (word, shortest) in words {
            let Some(Name { symbol, at }) = word else { continue };
            let written = script.name(symbol);
            if let Some(meant) = meant(written, shortest) {
                self.warn(
                    Code::UnknownType,
                    at,
                    format!("there is no type `{written}`"),
                    &format!("write `{meant}` if that is meant"),
                );
            }
        }
    }
}

/// The built-in type that a name stands for which is none, if that is beyond doubt.
fn meant(written: &str, shortest: usize) -> Option<&'static str> {
    if TYPES.iter().any(|(known, _)| known.eq_ignore_ascii_case(written)) {
        return None;
    }
    let name = written.to_ascii_lowercase();
    let is_likely = |known: &str| known.len() >= shortest && is_slip(&name, known);
    // The plural of a type is a good name for a form.
    let is_plural = shortest > 0 && name.ends_with('s');
    let slip = || TYPES.iter().map(|(known, _)| *known).find(|known| is_likely(known));
    let foreign = FOREIGN.iter().find(|(foreign, _)| *foreign == name);
    foreign
        .map(|(_, meant)| *meant)
        .or_else(|| slip().filter(|_| !is_plural))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_and_forms_are_not() {
        for (written, result, parameter) in [
            ("strng", Some("string"), Some("string")),
            ("Sting", Some("string"), Some("string")),
            ("decmial", Some("decimal"), Some("decimal")),
            ("viod", Some("void"), None),
            ("lst", Some("list"), None),
            ("data", Some("date"), None),
            ("numbers", Some("number"), None),
            ("array", Some("list"), Some("list")),
            ("STRING", None, None),
            ("Map", None, None),
            ("time", None, None),
            ("Nuevo_Cliente", None, None),
            ("member", None, None),
            ("Order", None, None),
        ] {
            assert_eq!(meant(written, 0), result, "{written}");
            assert_eq!(meant(written, UNMISTAKABLE), parameter, "{written}");
        }
    }
}
