//! The fields of a JSON object, taken one by one, with the problems met on the way.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use url::Url;

use super::derive_link_name;
use crate::connections::placeholder::lowered;
use crate::connections::redact::DOTS;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::host::LinkName;

/// The most characters of a display name (the founding page).
const NAME_LIMIT: usize = 50;

/// The most characters of any text in a definition; a token may be long, a megabyte is a mistake.
const TEXT_LIMIT: usize = 65_536;

/// The fields of an object.
pub(in crate::connections) struct Fields<'a> {
    object: Vec<(String, &'a str, &'a Value)>,
    /// What a field has that `object` does not give.
    former: Vec<(String, &'a str, &'a Value)>,
    /// Names that were asked for, as they are compared.
    asked: BTreeSet<String>,
    /// The same names as they are written.
    known: Vec<String>,
    problems: Vec<Diagnostic>,
}

/// A problem of a definition.
pub(in crate::connections) fn invalid(text: impl Into<String>) -> Diagnostic {
    Diagnostic::placeless(Code::InvalidService, text)
}

impl<'a> Fields<'a> {
    /// The fields of this object, those of a nested `auth` object included.
    pub(in crate::connections) fn new(value: &'a Value, what: &str) -> Result<Self, Vec<Diagnostic>> {
        let Value::Object(object) = value else {
            return Err(vec![invalid(format!("the {what} has to be a JSON object"))]);
        };
        let mut fields = Self {
            object: Vec::with_capacity(object.len()),
            former: Vec::new(),
            asked: BTreeSet::new(),
            known: Vec::new(),
            problems: Vec::new(),
        };
        fields.add(object);
        Ok(fields)
    }

    /// Takes what is not given from here; what nobody asks for in it is no problem.
    pub(in crate::connections) fn over(mut self, former: &'a Map<String, Value>) -> Self {
        self.former = former
            .iter()
            .map(|(name, value)| (comparable(name), name.as_str(), value))
            .collect();
        self
    }

    fn add(&mut self, object: &'a Map<String, Value>) {
        for (name, value) in object {
            let key = comparable(name);
            if value.is_null() {
                continue;
            }
            if let (Value::Object(nested), "auth" | "authentication") = (value, key.as_str()) {
                self.add(nested);
                continue;
            }
            if self.object.iter().any(|(other, ..)| *other == key) {
                self.problem(format!("`{name}` is there twice"));
            }
            self.object.push((key, name, value));
        }
    }

    /// Notes a problem.
    pub(in crate::connections) fn problem(&mut self, text: impl Into<String>) {
        self.problems.push(invalid(text));
    }

    /// Ends the reading: fields that nobody asked for are problems too, but for `notes`.
    pub(in crate::connections) fn finish(mut self, notes: &[&str]) -> Result<(), Vec<Diagnostic>> {
        for (key, name, value) in &self.object {
            if self.asked.contains(key) || notes.contains(&key.as_str()) || says_nothing(key, value) {
                continue;
            }
            let problem = invalid(format!("`{}` is not a field here", name.escape_debug()));
            let near = nearest(&name.to_lowercase(), self.known.iter().map(String::as_str));
            self.problems
                .push(problem.help_if(near.map(|near| format!("write `{near}` if that is meant"))));
        }
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(self.problems)
        }
    }

    fn take(&mut self, names: &[&str]) -> Option<&'a Value> {
        let mut found: Option<(&str, &Value)> = None;
        for name in names {
            let key = comparable(name);
            self.asked.insert(key.clone());
            self.known.push((*name).to_owned());
            let here = self.object.iter().find(|(other, ..)| *other == key);
            let Some((_, written, value)) = here else {
                continue;
            };
            match found {
                Some((first, other)) if other != *value => {
                    let text = format!("`{first}` and `{written}` are the same field with different values");
                    self.problems.push(invalid(text));
                }
                Some(_) => {}
                None => found = Some((written, value)),
            }
        }
        let former = || {
            let is_named = |key: &str| names.iter().any(|name| comparable(name) == key);
            self.former
                .iter()
                .find(|(key, ..)| is_named(key))
                .map(|(_, _, value)| *value)
        };
        found.map(|(_, value)| value).or_else(former)
    }

    /// Whether one of the names is there.
    pub(in crate::connections) fn has(&self, names: &[&str]) -> bool {
        let mut all = self.object.iter().chain(&self.former);
        all.any(|(key, ..)| names.iter().any(|name| comparable(name) == *key))
    }

    /// A text, `None` where it is missing or empty.
    pub(in crate::connections) fn text(&mut self, names: &[&str]) -> Option<String> {
        self.text_or_empty(names).filter(|text| !text.is_empty())
    }

    /// A text, which may be empty.
    pub(in crate::connections) fn text_or_empty(&mut self, names: &[&str]) -> Option<String> {
        let text = match self.take(names)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => {
                self.problem(format!("`{}` has to be a text", names[0]));
                return None;
            }
        };
        if text.len() > TEXT_LIMIT {
            self.problem(format!("`{}` is longer than any such text", names[0]));
            return None;
        }
        if text == DOTS {
            self.problem(format!(
                "`{}` holds dots that stand for a secret, not the secret",
                names[0]
            ));
            return None;
        }
        Some(text)
    }

    /// A display name; where it is missing, the link name serves.
    pub(in crate::connections) fn display_name(&mut self, names: &[&str], link_names: &[&str]) -> String {
        let name = self.text(names);
        match name {
            Some(name) => {
                if let Err(why) = check_display_name(&name) {
                    self.problem(format!("`{}` {why}", names[0]));
                }
                name
            }
            None if self.has(names) => String::new(),
            None if self.has(link_names) => self.text(link_names).unwrap_or_default(),
            None => {
                self.problem(format!("`{}` is missing", names[0]));
                String::new()
            }
        }
    }

    /// A link name, made of the display name where it is missing.
    pub(in crate::connections) fn link_name(&mut self, names: &[&str], display_name: &str) -> Option<LinkName> {
        let Some(text) = self.text(names) else {
            let derived = derive_link_name(display_name);
            if derived.is_none() && !display_name.is_empty() {
                self.problem(format!("`{}` is missing, and cannot be made of the name", names[0]));
            }
            return derived;
        };
        let link = LinkName::new(&text);
        if link.is_none() {
            let rule = "a lower-case letter first, then lower-case letters, digits and underscores, 50 at most";
            let text = text.escape_debug();
            self.problem(format!("`{}`: `{text}` is not a link name: {rule}", names[0]));
        }
        link
    }

    /// A URL.
    pub(in crate::connections) fn url(&mut self, names: &[&str]) -> Option<Url> {
        let text = self.text(names)?;
        let text = match lowered(&text) {
            Ok(text) => text,
            Err(why) => {
                self.problem(format!("`{}`: {why}", names[0]));
                return None;
            }
        };
        let url = Url::parse(text.trim()).ok().filter(Url::has_host);
        if url.is_none() {
            self.problem(format!("`{}` is not a URL", names[0]));
        }
        url
    }

    /// One of a few words. `instead` is the word where the field is missing.
    pub(in crate::connections) fn choice<T: Copy>(
        &mut self,
        names: &[&str],
        choices: &[(&str, T)],
        instead: Option<&str>,
    ) -> Option<T> {
        let word = match self.take(names) {
            Some(Value::String(word)) => word.clone(),
            Some(Value::Bool(yes)) => yes.to_string(),
            Some(_) => {
                self.problem(format!("`{}` has to be a word", names[0]));
                return None;
            }
            None => instead?.to_owned(),
        };
        let wanted = comparable(&word);
        let matches = |choice: &str| choice == word || (!wanted.is_empty() && choice == wanted);
        if let Some((_, value)) = choices.iter().find(|(choice, _)| matches(choice)) {
            return Some(*value);
        }
        // The catalogue marks what does not apply or is not known.
        if !matches!(word.as_str(), "n/a" | "unknown" | "") {
            let words: Vec<String> = choices.iter().map(|(choice, _)| format!("`{choice}`")).collect();
            let word = word.escape_debug();
            self.problem(format!("`{}`: `{word}` is none of {}", names[0], words.join(", ")));
        }
        None
    }

    /// Seconds.
    pub(in crate::connections) fn seconds(&mut self, names: &[&str]) -> Option<u64> {
        let seconds = match self.take(names)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        if seconds.is_none_or(|seconds| seconds == 0) {
            self.problem(format!("`{}` has to be a number of seconds", names[0]));
            return None;
        }
        seconds
    }

    /// Whether something is so.
    pub(in crate::connections) fn flag(&mut self, names: &[&str]) -> Option<bool> {
        self.choice(names, &[("true", true), ("false", false)], None)
    }

    /// A list of texts; one text stands for a list of one.
    pub(in crate::connections) fn list(&mut self, names: &[&str]) -> Vec<String> {
        let mut texts = Vec::new();
        for item in self.items(names) {
            match item {
                Value::String(text) if !text.is_empty() && text.len() <= TEXT_LIMIT => texts.push(text.clone()),
                _ => self.problem(format!("`{}` has to be a list of texts", names[0])),
            }
        }
        texts
    }

    /// The items of a list; a single value stands for a list of one.
    pub(in crate::connections) fn items(&mut self, names: &[&str]) -> Vec<&'a Value> {
        match self.take(names) {
            Some(Value::Array(items)) => items.iter().collect(),
            Some(value) => vec![value],
            None => Vec::new(),
        }
    }

    /// An object; empty where it is missing.
    pub(in crate::connections) fn object(&mut self, name: &str) -> Map<String, Value> {
        match self.take(&[name]) {
            Some(Value::Object(object)) => object.clone(),
            Some(_) => {
                self.problem(format!("`{name}` has to be an object"));
                Map::new()
            }
            None => Map::new(),
        }
    }

    /// An object of texts.
    pub(in crate::connections) fn pairs(&mut self, names: &[&str]) -> Vec<(String, String)> {
        let Some(value) = self.take(names) else {
            return Vec::new();
        };
        let Value::Object(object) = value else {
            self.problem(format!("`{}` has to be an object of texts", names[0]));
            return Vec::new();
        };
        let mut pairs = Vec::with_capacity(object.len());
        for (name, value) in object {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(_) | Value::Bool(_) => value.to_string(),
                _ => {
                    self.problem(format!("`{}`: `{}` has to be a text", names[0], name.escape_debug()));
                    continue;
                }
            };
            match lowered(without_default(&text)) {
                Ok(text) => pairs.push((name.clone(), text)),
                Err(why) => self.problem(format!("`{}`: {why}", names[0])),
            }
        }
        pairs
    }
}

/// Fields of some auth types, which a description in the form of the catalogue has for all, empty where they do not apply.
const EVERYWHERE: &[&str] = &[
    "authorizeparams",
    "authorizeurl",
    "defaultscopes",
    "pkce",
    "refreshurl",
    "scopeseparator",
    "signaturemethod",
    "tokenauthmethod",
    "tokenbodyformat",
    "tokenurl",
];

/// Whether a field is there only because every description has it.
fn says_nothing(key: &str, value: &Value) -> bool {
    EVERYWHERE.contains(&key)
        && match value {
            Value::String(text) => matches!(text.as_str(), "" | "n/a" | "unknown"),
            Value::Array(items) => items.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            _ => false,
        }
}

/// A placeholder with a usual value, `{name} || value`, is that value.
fn without_default(text: &str) -> &str {
    match text.split_once(" || ") {
        Some((placeholder, usual)) if placeholder.starts_with('{') => usual,
        _ => text,
    }
}

/// Why a text is no display name.
pub(in crate::connections) fn check_display_name(name: &str) -> Result<(), &'static str> {
    if name.trim().is_empty() {
        Err("is empty")
    } else if name.chars().count() > NAME_LIMIT {
        Err("is longer than 50 characters")
    } else if name.chars().any(char::is_control) {
        Err("holds a control character")
    } else {
        Ok(())
    }
}

/// A name without case, blanks and punctuation.
fn comparable(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
