//! What could stand at a place of an entry: methods of the value, keys of a task, link names, variables, built-ins.

use super::Session;
use crate::builtins::{self, Builtin, Form};
use crate::host::{Method, Signature};
use crate::resolve::task_keys;
use crate::syntax::{Class, highlight};
use crate::value::{Kind, Value};

/// Words that begin statements, and constants.
const WORDS: [&str; 17] = [
    "break",
    "catch",
    "continue",
    "else",
    "false",
    "for each",
    "if",
    "info",
    "invokeapi",
    "invokeurl",
    "null",
    "return",
    "sendmail",
    "throw",
    "true",
    "try",
    "while",
];

/// What could replace the text from `start` to the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where the unfinished word begins, in bytes.
    pub start: usize,
    /// What it could be, in the order of the alphabet.
    pub candidates: Vec<Candidate>,
}

/// A way to go on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// What is shown in a list.
    pub shown: String,
    /// What is put into the entry.
    pub text: String,
}

impl Candidate {
    fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            shown: text.clone(),
            text,
        }
    }

    /// A built-in that is called: with its parentheses closed where nothing goes in.
    fn call(builtin: &Builtin, name: &str) -> Self {
        let close = if builtin.params.is_empty() { ")" } else { "" };
        Self {
            shown: name.to_owned(),
            text: format!("{name}({close}"),
        }
    }

    /// A call of a function of the host, by what is left of its name.
    fn host_call(signature: &Signature, name: &str) -> Self {
        let close = if signature.parameters.is_empty() { ")" } else { "" };
        Self {
            shown: name.to_owned(),
            text: format!("{name}({close}"),
        }
    }
}

impl Session {
    /// What could stand at the byte `at` of an entry.
    pub fn complete(&self, entry: &str, at: usize) -> Completion {
        let place = Place::of(entry.get(..at).unwrap_or(entry));
        let mut candidates = self.candidates(&place);
        candidates.sort_by_key(|candidate| (candidate.shown.to_ascii_lowercase(), candidate.shown.clone()));
        candidates.dedup();
        Completion {
            start: place.start,
            candidates,
        }
    }

    fn candidates(&self, place: &Place<'_>) -> Vec<Candidate> {
        if place.in_comment {
            return Vec::new();
        }
        if place.in_text {
            return self.texts(place);
        }
        if place.before(0) == Some(".") {
            return self.members(place);
        }
        if let Some((task, open)) = place.task() {
            if place.before(0) != Some(":") {
                return keys(task, place.word, place.at_key(open));
            }
            if let Some(values) = self.key_values(place) {
                return values;
            }
        }
        self.names(place.word)
    }

    /// What a text literal that has just begun could hold: a link name, or a key of the map it is looked up in.
    fn texts(&self, place: &Place<'_>) -> Vec<Candidate> {
        let matching = |name: &str| name.starts_with(place.word);
        if place.before(0) == Some(":") && place.is_before(1, "connection") {
            let known = self.host.authority.known();
            let names = known.iter().map(|link| link.as_str()).filter(|name| matching(name));
            return names.map(Candidate::plain).collect();
        }
        let looks_up = ["get", "getjson", "containkey", "containskey", "remove", "put"];
        let method = place.before(1).map(str::to_ascii_lowercase).unwrap_or_default();
        if place.before(0) != Some("(") || place.before(2) != Some(".") || !looks_up.contains(&method.as_str()) {
            return Vec::new();
        }
        match self.glance(place.receiver(2)) {
            Some(Value::Map(map)) => {
                let entries = map.entries();
                let keys = entries.keys().filter_map(|key| key.value().as_text());
                keys.filter(|key| matching(key) && !key.contains(['"', '\n']))
                    .map(Candidate::plain)
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// What may stand behind a dot: the methods of the value before it, or what a namespace holds.
    fn members(&self, place: &Place<'_>) -> Vec<Candidate> {
        let receiver = place.receiver(0);
        let namespace = format!("{receiver}.").to_ascii_lowercase();
        let in_namespace = |builtin: &&Builtin| {
            builtin.form != Form::Method && starts(builtin.name, &format!("{namespace}{}", place.word))
        };
        let root = receiver.split('.').next().unwrap_or_default();
        let mut inside: Vec<Candidate> = builtins::all()
            .filter(in_namespace)
            .map(|builtin| match (&builtin.name[namespace.len()..], builtin.form) {
                (name, Form::Function) => Candidate::call(builtin, name),
                (name, _) => Candidate::plain(name),
            })
            .collect();
        let added = self.host.functions.signatures().into_iter();
        let added = added.filter(|signature| starts(&signature.name, &format!("{namespace}{}", place.word)));
        inside.extend(added.map(|signature| Candidate::host_call(signature, &signature.name[namespace.len()..])));
        if !inside.is_empty() && self.variable(root).is_none() {
            return inside;
        }
        // What is null now may be anything when the entry runs.
        let kind = self.kind_of(receiver).filter(|kind| *kind != Kind::Null);
        let methods =
            builtins::all().filter(|builtin| builtin.form == Form::Method && starts(builtin.name, place.word));
        let fitting = methods.filter(|builtin| kind.is_none_or(|kind| is_on(builtin, kind)));
        fitting.map(|builtin| Candidate::call(builtin, builtin.name)).collect()
    }

    /// The values of a key that takes one of a few.
    fn key_values(&self, place: &Place<'_>) -> Option<Vec<Candidate>> {
        if place.is_before(1, "type") {
            let names = Method::ALL.iter().map(|method| method.as_str());
            return Some(
                names
                    .filter(|name| starts(name, place.word))
                    .map(Candidate::plain)
                    .collect(),
            );
        }
        if !place.is_before(1, "connection") || !place.word.is_empty() {
            return None;
        }
        let known = self.host.authority.known();
        let quoted = known.iter().map(|link| format!("\"{link}\""));
        Some(quoted.map(Candidate::plain).collect())
    }

    /// What may begin a value or a statement.
    fn names(&self, word: &str) -> Vec<Candidate> {
        let variables = self
            .variables()
            .map(|(name, _)| name)
            .filter(|name| name.starts_with(word));
        let mut found: Vec<Candidate> = variables.map(Candidate::plain).collect();
        let own = self.function_names().filter(|name| name.starts_with(word));
        found.extend(own.map(|name| Candidate {
            text: format!("{name}("),
            shown: name,
        }));
        if word.is_empty() {
            return found;
        }
        let free = builtins::all().filter(|builtin| builtin.form != Form::Method && starts(builtin.name, word));
        found.extend(
            free.filter(|builtin| !builtin.name.contains('.'))
                .map(|builtin| match builtin.form {
                    Form::Function => Candidate::call(builtin, builtin.name),
                    _ => Candidate::plain(builtin.name),
                }),
        );
        found.extend(self.added_names(word));
        if starts("zoho", word) {
            found.push(Candidate::plain("zoho."));
        }
        found.extend(
            WORDS
                .iter()
                .filter(|known| starts(known, word))
                .map(|known| Candidate::plain(*known)),
        );
        found
    }

    /// The functions of the host that begin with a word, and the namespaces of others.
    fn added_names<'s>(&'s self, word: &'s str) -> impl Iterator<Item = Candidate> + 's {
        let added = self.host.functions.signatures().into_iter();
        added
            .filter(move |signature| starts(&signature.name, word))
            .map(|signature| match signature.name.split_once('.') {
                Some((namespace, _)) => Candidate::plain(format!("{namespace}.")),
                None => Candidate::host_call(signature, &signature.name),
            })
    }

    /// How the call is written whose parentheses the cursor stands in, where the entry ends there.
    pub fn signature(&self, entry: &str) -> Option<String> {
        let place = Place::of(entry);
        if place.in_comment {
            return None;
        }
        let open = place.open.last().copied().filter(|open| place.tokens[*open].0 == "(")?;
        let name = place.tokens.get(open.checked_sub(1)?)?.0;
        let behind_dot = open >= 2 && place.tokens[open - 2].0 == ".";
        if let Some(header) = self.functions().find(|header| header_name(header).eq(name)) {
            return Some(header.to_owned());
        }
        if behind_dot {
            let whole = place.path_before(open);
            let kind = self.variable(place.receiver_of(open - 2)).map(Value::kind);
            let found = builtins::function(whole).or_else(|| {
                let group = builtins::method(name)?;
                kind.and_then(|kind| group.on(kind)).or_else(|| group.variants().next())
            });
            return found.map(Builtin::signature).or_else(|| self.added_form(whole));
        }
        builtins::function(name)
            .map(Builtin::signature)
            .or_else(|| self.added_form(name))
    }

    fn added_form(&self, name: &str) -> Option<String> {
        self.host.functions.signature(name).map(Signature::call_form)
    }

    fn function_names(&self) -> impl Iterator<Item = String> {
        self.functions().map(|header| header_name(header).to_owned())
    }
}

/// The dotted name in a function's header.
fn header_name(header: &str) -> &str {
    let head = header.split('(').next().unwrap_or_default().trim_end();
    head.rsplit(char::is_whitespace).next().unwrap_or_default()
}

fn starts(name: &str, word: &str) -> bool {
    name.get(..word.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(word))
}

/// Whether a built-in method is found on a value of this kind. Plain values take the methods of texts too.
fn is_on(builtin: &Builtin, kind: Kind) -> bool {
    builtins::method(builtin.name)
        .and_then(|group| group.on(kind))
        .is_some_and(|found| std::ptr::eq(found, builtin))
}

/// The keys of a task that begin with a word, as they are written there.
fn keys(task: &str, word: &str, at_key: bool) -> Vec<Candidate> {
    if !at_key {
        return Vec::new();
    }
    let known = task_keys(task).iter().filter(|key| starts(key, word));
    known
        .map(|key| Candidate {
            shown: (*key).to_owned(),
            text: format!("{key} : "),
        })
        .collect()
}

/// What surrounds the cursor at the end of a text.
struct Place<'t> {
    /// The unfinished word.
    word: &'t str,
    start: usize,
    in_text: bool,
    in_comment: bool,
    /// The tokens before the word, with where they begin.
    tokens: Vec<(&'t str, usize, Class)>,
    /// The brackets that are open, by index of their token.
    open: Vec<usize>,
    text: &'t str,
}

impl<'t> Place<'t> {
    fn of(text: &'t str) -> Self {
        let mut tokens = tokens_of(text);
        let last = tokens.last().copied();
        let at_end = |token: (&str, usize, Class)| token.1 + token.0.len() == text.len();
        let in_comment = last.is_some_and(|last| last.2 == Class::Comment && at_end(last) && !last.0.ends_with("*/"));
        let in_text = last.is_some_and(|last| last.2 == Class::Text && at_end(last) && is_open(last.0));
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let mut start = match last {
            Some(last) if in_text => last.1 + 1,
            _ => text
                .rfind(|letter| !is_part(letter))
                .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8)),
        };
        tokens.retain(|token| token.1 < start.saturating_sub(usize::from(in_text)));
        let mut place = Self {
            word: &text[start..],
            start,
            in_text,
            in_comment,
            open: open_brackets(&tokens),
            tokens,
            text,
        };
        // The keys of tasks have hyphens: `content-type`.
        let hyphenated = text
            .rfind(|letter| !is_part(letter) && letter != '-')
            .map_or(0, |at| at + 1);
        if !in_text && hyphenated < start && text.is_char_boundary(hyphenated) && place.task().is_some() {
            start = hyphenated;
            place.tokens.retain(|token| token.1 < start);
            place.word = &text[start..];
            place.start = start;
        }
        place
    }

    /// The token before the word, or before that.
    fn before(&self, count: usize) -> Option<&'t str> {
        let index = self.tokens.len().checked_sub(count + 1)?;
        self.tokens.get(index).map(|token| token.0)
    }

    fn is_before(&self, count: usize, word: &str) -> bool {
        self.before(count).is_some_and(|token| token.eq_ignore_ascii_case(word))
    }

    /// The task whose block the cursor is in, and the token that opens it.
    fn task(&self) -> Option<(&'t str, usize)> {
        let open = *self.open.last()?;
        let name = self.tokens.get(open.checked_sub(1)?)?.0;
        (self.tokens[open].0 == "[" && !task_keys(name).is_empty()).then_some((name, open))
    }

    /// Whether the next word in a task's block is a key: it stands first, or behind a value.
    fn at_key(&self, open: usize) -> bool {
        match self.tokens.last() {
            Some(_) if self.tokens.len() == open + 1 => true,
            Some(last) => last.2 != Class::Sign || [")", "]", "}"].contains(&last.0),
            None => false,
        }
    }

    /// The expression before the dot that stands `count` tokens before the word.
    fn receiver(&self, count: usize) -> &'t str {
        match self.tokens.len().checked_sub(count + 1) {
            Some(dot) => self.receiver_of(dot),
            None => "",
        }
    }

    /// The expression that ends before the token `dot`: names, literals, calls and indexes joined by dots.
    fn receiver_of(&self, dot: usize) -> &'t str {
        let mut at = dot;
        while let Some(first) = self.primary(at) {
            at = first;
            if at == 0 || self.tokens[at - 1].0 != "." {
                break;
            }
            at -= 1;
        }
        match (self.tokens.get(at), self.tokens.get(dot)) {
            (Some(first), Some(dot)) => self.text[first.1..dot.1].trim(),
            _ => "",
        }
    }

    /// The first token of the operand that ends before the token `end`.
    fn primary(&self, end: usize) -> Option<usize> {
        let mut at = end.checked_sub(1)?;
        loop {
            let (token, _, class) = self.tokens[at];
            match token {
                ")" | "]" | "}" => at = self.opener(at)?,
                _ if class == Class::Sign => return None,
                _ => return Some(at),
            }
            let before = at.checked_sub(1).map(|before| self.tokens[before]);
            match (self.tokens[at].0, before) {
                ("(", Some((_, _, Class::Call | Class::Name | Class::Type))) => at -= 1,
                ("[", Some((token, _, class))) if class != Class::Sign || token == ")" => at -= 1,
                _ => return Some(at),
            }
            if !matches!(self.tokens[at].0, ")" | "]" | "}") {
                return Some(at);
            }
        }
    }

    fn opener(&self, closer: usize) -> Option<usize> {
        let mut depth = 0usize;
        for at in (0..=closer).rev() {
            match self.tokens[at].0 {
                ")" | "]" | "}" => depth += 1,
                "(" | "[" | "{" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(at);
            }
        }
        None
    }

    /// The dotted name that ends before the token `open`.
    fn path_before(&self, open: usize) -> &'t str {
        let mut first = open;
        while first > 0 && (self.tokens[first - 1].2 != Class::Sign || self.tokens[first - 1].0 == ".") {
            first -= 1;
        }
        match self.tokens.get(first) {
            Some(token) => self.text[token.1..self.tokens[open].1].trim(),
            None => "",
        }
    }
}

/// The tokens of a text with where they begin. A key of a task is two: its name and the colon behind it.
fn tokens_of(text: &str) -> Vec<(&str, usize, Class)> {
    let mut tokens = Vec::new();
    for (span, class) in highlight(text) {
        let (token, start) = (&text[span.range()], span.start as usize);
        match token.strip_suffix(':') {
            Some(key) if class == Class::Task => {
                tokens.push((key.trim_end(), start, class));
                tokens.push((":", start + key.len(), Class::Sign));
            }
            _ => tokens.push((token, start, class)),
        }
    }
    tokens
}

/// Whether a text literal lacks its closing quote.
fn is_open(literal: &str) -> bool {
    let quote = literal.chars().next().unwrap_or('"');
    let rest = literal.get(1..).unwrap_or_default();
    let escaped = rest.len() - rest.trim_end_matches(quote).trim_end_matches('\\').len();
    !rest.ends_with(quote) || escaped.is_multiple_of(2) && rest.trim_end_matches(quote).ends_with('\\')
}

fn open_brackets(tokens: &[(&str, usize, Class)]) -> Vec<usize> {
    let mut open = Vec::new();
    for (index, (token, _, class)) in tokens.iter().enumerate() {
        match *token {
            "(" | "[" | "{" if *class == Class::Sign => open.push(index),
            ")" | "]" | "}" if *class == Class::Sign => _ = open.pop(),
            _ => {}
        }
    }
    open
}

#[cfg(test)]
mod tests;
