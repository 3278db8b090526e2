//! Regular expressions in Java's flavour (DECISIONS: 18): translated, compiled once a thread, bounded by counted steps.
//!
//! Knows nothing of values and calls.

mod class;
mod property;
mod reader;
mod replacement;
mod search;
mod translate;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use fancy_regex::{Error, Regex, RegexBuilder, RuntimeError};

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
    /// Whether one step may run over the whole text.
    scans: bool,
}

enum Program {
    /// The pattern means just this text; no engine is built.
    Literal(String),
    Engine(Engine),
}

/// The most characters of a pattern.
const LONGEST: usize = 100_000;

/// The most bytes the automata of one pattern may take.
const AUTOMATON_BYTES: usize = 10 << 20;

/// The most instructions of the backtracking part.
const INSTRUCTIONS: usize = 100_000;

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
            _ if key.options.whole => Program::Engine(Engine::new(format!("\\A(?:{})\\z", translation.pattern))?),
            _ => Program::Engine(Engine::new(translation.pattern)?),
        };
        Ok(Self {
            program,
            groups: translation.groups,
            names: translation.names,
            scans: translation.scans,
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
            Program::Engine(_) => Ok(Search::new(self, text).find(0)?.is_some()),
        }
    }
}

/// The same pattern with growing leave to backtrack, each compiled when it is first needed.
struct Engine {
    source: String,
    rungs: RefCell<[Option<Rc<Regex>>; RUNGS.len()]>,
}

/// Leave to backtrack.
struct Rung {
    /// The most steps back that one search may take.
    steps: usize,
    /// How many searches of one call may fail on this rung and go on to the next.
    climbs: u32,
}

/// A search begins on the lowest rung and climbs when it needs more steps. The climbs of a call are counted, so that a
/// call with a million cheap matches is as bounded as one with a single dear one: some hundred million steps.
const RUNGS: [Rung; 3] = [
    Rung {
        steps: 1 << 9,
        climbs: 1 << 9,
    },
    Rung {
        steps: 1 << 16,
        climbs: 1 << 3,
    },
    Rung {
        steps: 1 << 24,
        climbs: 0,
    },
];

/// Where one step may run over the whole text: the most bytes that the steps of a call may run over.
const SCANNED_BYTES: u64 = 1 << 33;

impl Engine {
    fn new(source: String) -> Result<Self, PatternError> {
        let first = compile(&source, RUNGS[0].steps).map_err(|error| PatternError::Malformed(tell(&error), None))?;
        Ok(Self {
            source,
            rungs: RefCell::new([Some(Rc::new(first)), None, None]),
        })
    }

    fn rung(&self, index: usize) -> Result<Rc<Regex>, PatternError> {
        let mut rungs = self.rungs.borrow_mut();
        if let Some(regex) = &rungs[index] {
            return Ok(Rc::clone(regex));
        }
        let regex = compile(&self.source, RUNGS[index].steps).map_err(|_| PatternError::TooHard)?;
        Ok(Rc::clone(rungs[index].insert(Rc::new(regex))))
    }
}

fn compile(source: &str, steps: usize) -> Result<Regex, Error> {
    RegexBuilder::new(source)
        .backtrack_limit(steps)
        .delegate_size_limit(AUTOMATON_BYTES)
        .max_prog_size(INSTRUCTIONS)
        .build()
}

/// Whether an error of the engine says that there were too many steps. All errors of a search do.
fn ran_out(error: &Error) -> bool {
    matches!(
        error,
        Error::RuntimeError(RuntimeError::BacktrackLimitExceeded | RuntimeError::StackOverflow)
    )
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
