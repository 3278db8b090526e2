//! Regular expressions in Java's flavour (DECISIONS: 18): translated, compiled once a thread, bounded by counted steps.
//!
//! Knows nothing of values and calls.

mod attempt;
mod class;
mod machine;
mod property;
mod reader;
mod replacement;
mod search;
mod translate;

#[cfg(test)]
mod tests;

use std::cell::{OnceCell, RefCell};
use std::fmt;
use std::rc::Rc;

use fancy_regex::{Error, Expr, Regex, RegexBuilder};

use machine::Machine;

pub(super) use replacement::Replacement;
pub(super) use search::{Found, Search};

/// What is asked of a pattern.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// Letter case does not count.
    pub(super) ignore_case: bool,
    /// The whole text has to match.
    pub(super) whole: bool,
}

/// Why a pattern cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PatternError {
    /// It is malformed: what is wrong, and at which character from 0 where that is known.
    Malformed(String, Option<usize>),
    /// It takes more steps on this text than a call may take.
    TooHard,
}

impl fmt::Display for PatternError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(why, None) => formatter.write_str(why),
            Self::Malformed(why, Some(index)) => write!(formatter, "{why} near index {index}"),
            Self::TooHard => formatter.write_str("it takes too long on this text"),
        }
    }
}

/// A pattern ready to search with.
pub(super) struct Pattern {
    program: Program,
    /// How many groups capture.
    groups: usize,
    /// The groups that have a name.
    names: Vec<(String, usize)>,
}

enum Program {
    /// The pattern means just this text; no engine is built.
    Literal(String),
    Engine(Box<Engine>),
}

/// The most characters of a pattern.
const LONGEST: usize = 100_000;

/// The most bytes the automaton of a pattern may take; one that is larger is left to the machine.
const AUTOMATON_BYTES: usize = 256 << 10;

/// How many bytes the automaton may run over in one call before the machine goes on, whose steps are counted: each search
/// may run to the end of the text, however short its match is.
const AUTOMATON_RUNS: u64 = 1 << 28;

/// The most steps of the machine in one call: about a second.
const STEPS: u64 = 1 << 26;

impl Pattern {
    /// The pattern, from the cache of the thread where it was used lately. The text it is meant for decides what `$`
    /// has to look for.
    ///
    /// # Errors
    /// The pattern is malformed or too large.
    pub(super) fn compile(source: &str, options: Options, text: &str) -> Result<Rc<Self>, PatternError> {
        let key = Key {
            source: source.to_owned(),
            options,
            ends_in_break: text.ends_with(translate::LINE_BREAKS),
        };
        if let Some(known) = RECENT.with_borrow_mut(|recent| recent.get(&key)) {
            return Ok(known);
        }
        let pattern = Rc::new(Self::build(&key)?);
        RECENT.with_borrow_mut(|recent| recent.put(key, Rc::clone(&pattern)));
        Ok(pattern)
    }

    fn build(key: &Key) -> Result<Self, PatternError> {
        if key.source.len() > LONGEST {
            return Err(PatternError::Malformed(
                "it is longer than 100,000 bytes".to_owned(),
                None,
            ));
        }
        let translation = translate::translate(&key.source, key.options.ignore_case, key.ends_in_break)?;
        let program = match translation.literal {
            Some(literal) if !key.options.ignore_case => Program::Literal(literal),
            _ if key.options.whole => {
                Program::Engine(Box::new(Engine::new(&format!("\\A(?:{})\\z", translation.pattern))?))
            }
            _ => Program::Engine(Box::new(Engine::new(&translation.pattern)?)),
        };
        Ok(Self {
            program,
            groups: translation.groups,
            names: translation.names,
        })
    }

    /// The text that the pattern means, where it means just one.
    pub(super) fn literal(&self) -> Option<&str> {
        match &self.program {
            Program::Literal(literal) => Some(literal),
            Program::Engine(_) => None,
        }
    }

    /// Whether the pattern, compiled with [`Options::whole`], matches.
    ///
    /// # Errors
    /// It takes too many steps.
    pub(super) fn matches(&self, text: &str) -> Result<bool, PatternError> {
        match &self.program {
            Program::Literal(literal) => Ok(literal == text),
            Program::Engine(_) => Ok(Search::new(self, text).next()?.is_some()),
        }
    }
}

/// What finds matches: an automaton, which takes one look at every character, and the machine for all that an automaton
/// cannot tell.
struct Engine {
    tree: Expr,
    automaton: Option<Regex>,
    machine: OnceCell<Option<Machine>>,
}

impl Engine {
    fn new(source: &str) -> Result<Self, PatternError> {
        let tree = Expr::parse_tree(source).map_err(|error| PatternError::Malformed(tell(&error), None))?;
        let automaton = if Machine::is_needed(&tree.expr) {
            None
        } else {
            let mut builder = RegexBuilder::new(source);
            builder.delegate_size_limit(AUTOMATON_BYTES).build().ok()
        };
        let engine = Self {
            tree: tree.expr,
            automaton,
            machine: OnceCell::new(),
        };
        if engine.automaton.is_none() && engine.machine().is_none() {
            let why = "it is too large, or uses what is not supported";
            return Err(PatternError::Malformed(why.to_owned(), None));
        }
        Ok(engine)
    }

    fn machine(&self) -> Option<&Machine> {
        self.machine.get_or_init(|| Machine::of(&self.tree)).as_ref()
    }
}

/// The engine's own words for a pattern that passed the translation, in one line.
fn tell(error: &Error) -> String {
    match error {
        Error::ParseError(_, kind) => kind.to_string().to_lowercase(),
        _ => "it is too large, or uses what is not supported".to_owned(),
    }
}

#[derive(PartialEq, Eq)]
struct Key {
    source: String,
    options: Options,
    ends_in_break: bool,
}

/// How many patterns a thread keeps.
const KEPT: usize = 32;

/// The patterns used last, the latest first.
#[derive(Default)]
struct Recent(Vec<(Key, Rc<Pattern>)>);

impl Recent {
    fn get(&mut self, key: &Key) -> Option<Rc<Pattern>> {
        let index = self.0.iter().position(|(known, _)| known == key)?;
        self.0[..=index].rotate_right(1);
        self.0.first().map(|(_, pattern)| Rc::clone(pattern))
    }

    fn put(&mut self, key: Key, pattern: Rc<Pattern>) {
        self.0.truncate(KEPT - 1);
        self.0.insert(0, (key, pattern));
    }
}

thread_local! {
    static RECENT: RefCell<Recent> = RefCell::default();
}
