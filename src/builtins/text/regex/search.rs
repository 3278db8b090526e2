//! Finding one match after the other, as `java.util.regex.Matcher` does, within a counted number of steps.

use std::ops::Range;

use fancy_regex::{Captures, Regex};

use super::attempt::{Attempts, OutOfSteps};
use super::{AUTOMATON_RUNS, Engine, Pattern, PatternError, Program, STEPS};
use crate::value::leash;

/// A match: where it stands, and where its groups do.
pub(in crate::builtins::text) struct Found {
    /// The match, in bytes.
    pub(in crate::builtins::text) range: Range<usize>,
    groups: Vec<Option<Range<usize>>>,
}

impl Found {
    fn of(captures: &Captures<'_, str>) -> Option<Self> {
        let groups = captures.iter().map(|group| group.map(|group| group.range())).collect();
        let range = captures.get(0)?.range();
        Some(Self { range, groups })
    }

    /// The match with these places of its groups, two a group.
    fn at(places: &[usize]) -> Self {
        let group = |pair: &[usize]| match *pair {
            [start, end] if start <= end && end != usize::MAX => Some(start..end),
            _ => None,
        };
        let groups: Vec<_> = places.chunks(2).map(group).collect();
        Self {
            range: groups.first().cloned().flatten().unwrap_or_default(),
            groups,
        }
    }

    /// Where a group matched, 0 being the whole; `None` where it took no part.
    pub(in crate::builtins::text) fn group(&self, number: usize) -> Option<Range<usize>> {
        match number {
            0 => Some(self.range.clone()),
            number => self.groups.get(number).cloned().flatten(),
        }
    }
}

/// The searches of one call in one text.
pub(in crate::builtins::text) struct Search<'s> {
    pattern: &'s Pattern,
    text: &'s str,
    /// How many steps the machine may take.
    steps: u64,
    /// How many bytes the automaton may have run over.
    run_over: u64,
    /// The machine at work, once it was needed.
    attempts: Option<Attempts<'s>>,
    /// Where the last match ended.
    last: usize,
    next: Option<usize>,
    with_groups: bool,
}

impl<'s> Search<'s> {
    /// The searches of a pattern in a text, from its start on.
    pub(in crate::builtins::text) fn new(pattern: &'s Pattern, text: &'s str) -> Self {
        Self::within(pattern, text, STEPS)
    }

    /// The same within a number of steps.
    pub(super) fn within(pattern: &'s Pattern, text: &'s str, steps: u64) -> Self {
        Self {
            pattern,
            text,
            steps,
            run_over: 0,
            attempts: None,
            last: 0,
            next: Some(0),
            with_groups: false,
        }
    }

    /// Whether the groups of the matches will be asked for; finding them costs time.
    pub(in crate::builtins::text) fn with_groups(&mut self, wanted: bool) {
        self.with_groups = wanted;
    }

    /// The next match. After an empty one the search goes on one character further, as Java's `find` does.
    ///
    /// # Errors
    /// It takes too many steps.
    pub(in crate::builtins::text) fn next(&mut self) -> Result<Option<Found>, PatternError> {
        let Some(from) = self.next else {
            return Ok(None);
        };
        let found = self.find(from)?;
        self.last = found.as_ref().map_or(self.last, |found| found.range.end);
        self.next = match &found {
            None => None,
            Some(found) if !found.range.is_empty() => Some(found.range.end),
            Some(found) => {
                let rest = self.text.get(found.range.end..).unwrap_or_default();
                rest.chars()
                    .next()
                    .map(|character| found.range.end + character.len_utf8())
            }
        };
        Ok(found)
    }

    /// The first match at or behind a byte offset.
    fn find(&mut self, from: usize) -> Result<Option<Found>, PatternError> {
        match &self.pattern.program {
            Program::Literal(literal) => {
                let found = self.text.get(from..).and_then(|rest| rest.find(literal.as_str()));
                Ok(found.map(|offset| Found {
                    range: from + offset..from + offset + literal.len(),
                    groups: Vec::new(),
                }))
            }
            Program::Engine(engine) => match &engine.automaton {
                Some(automaton) if self.may_run(from) => self.run(automaton, from),
                _ => self.attempt(engine, from),
            },
        }
    }

    /// Whether the automaton may run from here on, perhaps to the end. The first search always may.
    fn may_run(&mut self, from: usize) -> bool {
        let rest = self.text.len().saturating_sub(from) as u64;
        self.run_over = self.run_over.saturating_add(rest);
        from == 0 || self.run_over <= AUTOMATON_RUNS
    }

    fn run(&self, automaton: &Regex, from: usize) -> Result<Option<Found>, PatternError> {
        let found = if self.with_groups {
            let captures = automaton.captures_from_pos(self.text, from);
            captures.map(|captures| captures.and_then(|captures| Found::of(&captures)))
        } else {
            automaton.find_from_pos(self.text, from).map(|found| {
                found.map(|found| Found {
                    range: found.range(),
                    groups: Vec::new(),
                })
            })
        };
        let found = found.map_err(|_| PatternError::TooHard)?;
        let end = found.as_ref().map_or(self.text.len(), |found| found.range.end);
        if leash::spend(end - from + 1, 0) {
            Ok(found)
        } else {
            Err(PatternError::TooHard)
        }
    }

    fn attempt(&mut self, engine: &'s Engine, from: usize) -> Result<Option<Found>, PatternError> {
        let attempts = match &mut self.attempts {
            Some(attempts) => attempts,
            None => {
                let machine = engine.machine().ok_or(PatternError::TooHard)?;
                self.attempts.insert(Attempts::new(machine, self.text, self.steps))
            }
        };
        match attempts.find(from, self.last) {
            Ok(places) => Ok(places.map(Found::at)),
            Err(OutOfSteps) => Err(PatternError::TooHard),
        }
    }
}
