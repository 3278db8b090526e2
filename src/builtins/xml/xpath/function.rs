//! The functions of XPath (section 4 of the recommendation).

use super::super::document::{Content, Document, NodeId};
use super::evaluate::{Answer, Evaluator, Place};
use super::{Expression, Problem};

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::builtins::xml) enum Function {
    Boolean,
    Ceiling,
    Concat,
    Contains,
    Count,
    False,
    Floor,
    Id,
    Lang,
    Last,
    LocalName,
    Name,
    NamespaceUri,
    NormalizeSpace,
    Not,
    Number,
    Position,
    Round,
    StartsWith,
    String,
    StringLength,
    Substring,
    SubstringAfter,
    SubstringBefore,
    Sum,
    Translate,
    True,
}

/// Every function with its name and the least and most arguments it takes.
const FUNCTIONS: &[(&str, Function, usize, usize)] = &[
    ("boolean", Function::Boolean, 1, 1),
    ("ceiling", Function::Ceiling, 1, 1),
    ("concat", Function::Concat, 2, usize::MAX),
    ("contains", Function::Contains, 2, 2),
    ("count", Function::Count, 1, 1),
    ("false", Function::False, 0, 0),
    ("floor", Function::Floor, 1, 1),
    ("id", Function::Id, 1, 1),
    ("lang", Function::Lang, 1, 1),
    ("last", Function::Last, 0, 0),
    ("local-name", Function::LocalName, 0, 1),
    ("name", Function::Name, 0, 1),
    ("namespace-uri", Function::NamespaceUri, 0, 1),
    ("normalize-space", Function::NormalizeSpace, 0, 1),
    ("not", Function::Not, 1, 1),
    ("number", Function::Number, 0, 1),
    ("position", Function::Position, 0, 0),
    ("round", Function::Round, 1, 1),
    ("starts-with", Function::StartsWith, 2, 2),
    ("string", Function::String, 0, 1),
    ("string-length", Function::StringLength, 0, 1),
    ("substring", Function::Substring, 2, 3),
    ("substring-after", Function::SubstringAfter, 2, 2),
    ("substring-before", Function::SubstringBefore, 2, 2),
    ("sum", Function::Sum, 1, 1),
    ("translate", Function::Translate, 3, 3),
    ("true", Function::True, 0, 0),
];

impl Function {
    /// The function of a name.
    pub(super) fn find(name: &str) -> Option<Self> {
        let found = FUNCTIONS.iter().find(|(known, ..)| *known == name);
        found.map(|(_, function, ..)| *function)
    }

    /// Whether it takes so many arguments.
    pub(super) fn takes(self, count: usize) -> bool {
        FUNCTIONS
            .iter()
            .any(|(_, function, least, most)| *function == self && (*least..=*most).contains(&count))
    }
}

/// The arguments of one call, evaluated as they are asked for.
struct Arguments<'a, 'd> {
    evaluator: &'a Evaluator<'d>,
    arguments: &'a [Expression],
    place: Place,
}

type Given<T> = Result<T, Problem>;

impl Arguments<'_, '_> {
    fn document(&self) -> &Document<'_> {
        self.evaluator.document()
    }

    /// An argument; the context node where there is none.
    fn answer(&self, index: usize) -> Given<Answer> {
        match self.arguments.get(index) {
            Some(argument) => self.evaluator.expression(argument, self.place),
            None => Ok(Answer::Nodes(vec![self.place.node])),
        }
    }

    fn text(&self, index: usize) -> Given<String> {
        let text = self.answer(index)?.into_text(self.document());
        self.evaluator.charge(text.len())?;
        Ok(text)
    }

    fn number(&self, index: usize) -> Given<f64> {
        Ok(self.answer(index)?.to_number(self.document()))
    }

    fn boolean(&self, index: usize) -> Given<bool> {
        Ok(self.answer(index)?.to_boolean())
    }

    fn nodes(&self, index: usize) -> Given<Vec<NodeId>> {
        self.answer(index)?.into_nodes()
    }

    /// The name of the first node of an argument.
    fn name(&self) -> Given<String> {
        let first = self.nodes(0)?.first().copied();
        Ok(match first.map(|node| &self.document().node(node).content) {
            Some(Content::Element(name) | Content::Attribute(name, _) | Content::Instruction(name, _)) => name.clone(),
            _ => String::new(),
        })
    }
}

/// Calls a function at a place.
pub(super) fn call(
    evaluator: &Evaluator<'_>,
    function: Function,
    arguments: &[Expression],
    place: Place,
) -> Result<Answer, Problem> {
    let given = Arguments {
        evaluator,
        arguments,
        place,
    };
    Ok(match function {
        Function::True => Answer::Boolean(true),
        Function::False => Answer::Boolean(false),
        Function::Not => Answer::Boolean(!given.boolean(0)?),
        Function::Boolean => Answer::Boolean(given.boolean(0)?),
        Function::Contains => Answer::Boolean(given.text(0)?.contains(&given.text(1)?)),
        Function::StartsWith => Answer::Boolean(given.text(0)?.starts_with(&given.text(1)?)),
        Function::Lang => Answer::Boolean(speaks(given.document(), place.node, &given.text(0)?)),
        // Only a document type says which attributes are identifiers, and those are not obeyed.
        Function::Id => Answer::Nodes(Vec::new()),
        Function::LocalName | Function::Name | Function::NamespaceUri => Answer::Text(name(&given, function)?),
        Function::Concat | Function::NormalizeSpace | Function::String | Function::Substring => {
            Answer::Text(text(&given, function)?)
        }
        Function::SubstringAfter | Function::SubstringBefore | Function::Translate => {
            Answer::Text(text(&given, function)?)
        }
        _ => Answer::Number(number(&given, function)?),
    })
}

fn name(given: &Arguments<'_, '_>, function: Function) -> Given<String> {
    let name = given.name()?;
    let (prefix, local) = name.split_once(':').unwrap_or(("", &name));
    Ok(match function {
        Function::LocalName => local.to_owned(),
        Function::NamespaceUri => match given.nodes(0)?.first() {
            Some(node) => namespace(given.document(), *node, prefix),
            None => String::new(),
        },
        _ => name,
    })
}

fn text(given: &Arguments<'_, '_>, function: Function) -> Given<String> {
    Ok(match function {
        Function::Concat => {
            let texts = (0..given.arguments.len()).map(|index| given.text(index));
            texts.collect::<Given<String>>()?
        }
        Function::NormalizeSpace => given.text(0)?.split_ascii_whitespace().collect::<Vec<_>>().join(" "),
        Function::Substring => {
            let length = if given.arguments.len() > 2 {
                given.number(2)?
            } else {
                f64::INFINITY
            };
            substring(&given.text(0)?, given.number(1)?, length)
        }
        Function::SubstringAfter => {
            let (text, wanted) = (given.text(0)?, given.text(1)?);
            text.split_once(&wanted)
                .map_or(String::new(), |(_, after)| after.to_owned())
        }
        Function::SubstringBefore => {
            let (text, wanted) = (given.text(0)?, given.text(1)?);
            text.split_once(&wanted)
                .map_or(String::new(), |(before, _)| before.to_owned())
        }
        Function::Translate => translate(&given.text(0)?, &given.text(1)?, &given.text(2)?),
        _ => given.text(0)?,
    })
}

fn number(given: &Arguments<'_, '_>, function: Function) -> Given<f64> {
    Ok(match function {
        Function::Position => given.place.position as f64,
        Function::Last => given.place.size as f64,
        Function::Count => given.nodes(0)?.len() as f64,
        Function::StringLength => given.text(0)?.chars().count() as f64,
        Function::Floor => given.number(0)?.floor(),
        Function::Ceiling => given.number(0)?.ceil(),
        Function::Round => round(given.number(0)?),
        Function::Sum => {
            let nodes = given.nodes(0)?;
            nodes
                .into_iter()
                .map(|node| Answer::Nodes(vec![node]).to_number(given.document()))
                .sum()
        }
        _ => given.number(0)?,
    })
}

/// Rounds halves up, as XPath does.
fn round(number: f64) -> f64 {
    if number.is_finite() {
        (number + 0.5).floor()
    } else {
        number
    }
}

/// The characters whose place, from 1, lies in a range of numbers that are rounded.
fn substring(text: &str, start: f64, length: f64) -> String {
    let (first, behind) = (round(start), round(start) + round(length));
    let within = |place: f64| place >= first && place < behind;
    let places = text.chars().zip(1u32..);
    places
        .filter(|(_, place)| within(f64::from(*place)))
        .map(|(character, _)| character)
        .collect()
}

/// Replaces characters one by one; those without a partner are dropped.
fn translate(text: &str, from: &str, to: &str) -> String {
    let to: Vec<char> = to.chars().collect();
    let mut partners = std::collections::HashMap::new();
    for (index, character) in from.chars().enumerate() {
        partners.entry(character).or_insert_with(|| to.get(index).copied());
    }
    text.chars()
        .filter_map(|character| partners.get(&character).copied().unwrap_or(Some(character)))
        .collect()
}

/// The nearest value of an attribute on a node and what is around it.
fn nearest(document: &Document<'_>, node: NodeId, wanted: &str) -> Option<String> {
    let mut at = node;
    loop {
        let found = document
            .attributes(at)
            .find_map(|attribute| match &document.node(attribute).content {
                Content::Attribute(name, value) if name == wanted => Some(value.clone()),
                _ => None,
            });
        if found.is_some() || at == super::super::document::ROOT {
            return found;
        }
        at = document.node(at).parent;
    }
}

fn namespace(document: &Document<'_>, node: NodeId, prefix: &str) -> String {
    let declaration = match prefix {
        "" if document.is_attribute(node) => return String::new(),
        "" => "xmlns".to_owned(),
        prefix => format!("xmlns:{prefix}"),
    };
    nearest(document, node, &declaration).unwrap_or_default()
}

/// Whether a node is in a language, or in a variety of it.
fn speaks(document: &Document<'_>, node: NodeId, wanted: &str) -> bool {
    let Some(language) = nearest(document, node, "xml:lang") else {
        return false;
    };
    let (language, wanted) = (language.to_ascii_lowercase(), wanted.to_ascii_lowercase());
    language
        .strip_prefix(&wanted)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}
