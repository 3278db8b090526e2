//! Shapes that data may have, and what of it does not fit.

use indexmap::IndexMap;

use super::reply::Problem;
use crate::diagnostic::nearest;
use crate::value::Data;

/// A shape. The ones of replies stand in [`super::shapes`].
#[derive(Debug)]
pub(super) enum Shape {
    /// Whatever.
    Any,
    /// Text of at most so many characters; numbers, truths and dates count as their text.
    Text(usize),
    /// A number, or text that spells one.
    Number,
    /// `true` or `false`, also as text.
    Truth,
    /// One of these words.
    Word(&'static [&'static str]),
    /// So many elements of a shape.
    List(&'static Shape, usize, usize),
    /// Entries of any name, each of a shape.
    Entries(&'static Shape),
    /// Entries of these names.
    Map(&'static [Field]),
    /// Entries that depend on one of them: its name, and for each of its words the others.
    Tagged(&'static str, &'static [(&'static str, &'static Shape)]),
    /// One of several shapes; the last tells what is wrong when none fits.
    Either(&'static [Shape]),
}

/// An entry of a map.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) required: bool,
}

/// An entry that may be there.
pub(super) const fn may(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        required: false,
    }
}

/// An entry that has to be there.
pub(super) const fn must(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        required: true,
    }
}

/// How deep data is looked at; no reply is nested half as deep.
const DEEPEST: usize = 40;

/// What of the data does not fit a shape.
pub(super) fn problems(shape: &Shape, data: &Data) -> Vec<Problem> {
    let mut check = Check {
        problems: Vec::new(),
        path: Vec::new(),
    };
    check.data(shape, data);
    check.problems
}

/// Looks at data, and collects what does not fit.
struct Check<'d> {
    problems: Vec<Problem>,
    path: Vec<Step<'d>>,
}

/// One step into the data.
#[derive(Clone, Copy)]
enum Step<'d> {
    Entry(&'d str),
    Element(usize),
}

impl<'d> Check<'d> {
    /// Notes what of the data does not fit the shape.
    fn data(&mut self, shape: &Shape, data: &'d Data) {
        match (shape, data) {
            _ if self.path.len() > DEEPEST => self.wrong("it is nested too deeply".to_owned()),
            (Shape::Any, _) => {}
            (Shape::Text(most), _) => self.text(*most, data),
            (Shape::Number, Data::Number(_) | Data::Decimal(_)) => {}
            (Shape::Number, Data::Text(text)) if text.trim().parse::<f64>().is_ok() => {}
            (Shape::Number, _) => self.not("a number", data),
            (Shape::Truth, Data::Boolean(_)) => {}
            (Shape::Truth, Data::Text(text)) if text == "true" || text == "false" => {}
            (Shape::Truth, _) => self.not("true or false", data),
            (Shape::Word(words), _) => self.word(words, data),
            (Shape::List(of, least, most), Data::List(items)) => self.list(of, (*least, *most), items),
            (Shape::List(..), _) => self.not("a list", data),
            (Shape::Entries(of), Data::Map(entries)) => {
                for (name, value) in entries {
                    self.at(Step::Entry(name), |check| check.data(of, value));
                }
            }
            (Shape::Map(fields), Data::Map(entries)) => self.map(fields, None, entries),
            (Shape::Tagged(tag, cases), Data::Map(entries)) => self.tagged((tag, cases), entries, data),
            (Shape::Entries(_) | Shape::Map(_) | Shape::Tagged(..), _) => self.not("a map", data),
            (Shape::Either(shapes), _) => self.either(shapes, data),
        }
    }

    fn at(&mut self, step: Step<'d>, look: impl FnOnce(&mut Self)) {
        self.path.push(step);
        look(self);
        self.path.pop();
    }

    fn text(&mut self, most: usize, data: &Data) {
        match data {
            Data::List(_) | Data::Map(_) | Data::Null | Data::File { .. } => self.not("text", data),
            Data::Text(text) if text.chars().count() > most => {
                self.wrong(format!(
                    "it has {} characters, and {most} are allowed",
                    text.chars().count()
                ));
            }
            _ => {}
        }
    }

    fn word(&mut self, words: &[&'static str], data: &Data) {
        let Data::Text(text) = data else {
            return self.not("a word", data);
        };
        if words.contains(&text.as_str()) {
            return;
        }
        let hint = match nearest(text, words.iter().copied()) {
            Some(near) => format!("there is a similar one, `{near}`"),
            None => format!("it may be {}", words.join(", ")),
        };
        self.wrong(format!("there is no `{text}`; {hint}"));
    }

    fn list(&mut self, of: &Shape, (least, most): (usize, usize), items: &'d [Data]) {
        if items.len() < least || items.len() > most {
            self.wrong(format!(
                "it has {} elements, and {least} to {most} are allowed",
                items.len()
            ));
        }
        for (index, item) in items.iter().take(most).enumerate() {
            self.at(Step::Element(index), |check| check.data(of, item));
        }
    }

    fn map(&mut self, fields: &[Field], tag: Option<&str>, entries: &'d IndexMap<String, Data>) {
        for field in fields {
            match entries.get(field.name) {
                None if field.required => self.wrong(format!("`{}` is missing", field.name)),
                None | Some(Data::Null) => {}
                Some(value) => self.at(Step::Entry(field.name), |check| check.data(&field.shape, value)),
            }
        }
        for name in entries.keys() {
            if fields.iter().any(|field| field.name == name) || tag == Some(name) {
                continue;
            }
            let near = nearest(name, fields.iter().map(|field| field.name));
            let hint = near.map_or(String::new(), |near| format!("; there is a similar one, `{near}`"));
            self.at(Step::Entry(name), |check| {
                check.note(format!("it is not documented{hint}"), false)
            });
        }
    }

    fn tagged(
        &mut self,
        (tag, cases): (&'static str, &[(&str, &Shape)]),
        entries: &'d IndexMap<String, Data>,
        data: &'d Data,
    ) {
        let Some(Data::Text(word)) = entries.get(tag) else {
            return self.wrong(format!("`{tag}` is missing"));
        };
        let Some((_, shape)) = cases.iter().find(|(known, _)| known == word) else {
            let words = cases.iter().map(|(known, _)| *known);
            let hint = match nearest(word, words.clone()) {
                Some(near) => format!("there is a similar one, `{near}`"),
                None => format!("it may be {}", words.collect::<Vec<_>>().join(", ")),
            };
            return self.at(Step::Entry(tag), |check| {
                check.wrong(format!("there is no `{word}`; {hint}"))
            });
        };
        match shape {
            Shape::Map(fields) => self.map(fields, Some(tag), entries),
            other => self.data(other, data),
        }
    }

    fn either(&mut self, shapes: &[Shape], data: &'d Data) {
        let before = self.problems.len();
        for shape in shapes {
            self.problems.truncate(before);
            self.data(shape, data);
            if self.problems[before..].iter().all(|problem| !problem.is_error) {
                return;
            }
        }
    }

    fn not(&mut self, expected: &str, found: &Data) {
        self.wrong(format!("it has to be {expected}, and is {}", found.kind().name()));
    }

    fn wrong(&mut self, message: String) {
        self.note(message, true);
    }

    fn note(&mut self, message: String, is_error: bool) {
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Entry(name) if path.is_empty() => path.push_str(name),
                Step::Entry(name) => path.extend([".", name]),
                Step::Element(index) => path.push_str(&format!("[{index}]")),
            }
        }
        self.problems.push(Problem {
            path,
            message,
            is_error,
        });
    }
}
