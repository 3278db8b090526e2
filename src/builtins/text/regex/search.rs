//! Finding one match after the other, as `java.util.regex.Matcher` does, within a counted number of steps.

use std::ops::Range;

use fancy_regex::Captures;

use super::{Engine, Pattern, PatternError, Program, RUNGS, SCANNED_BYTES, ran_out};
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
    climbs: [u32; RUNGS.len()],
    scanned: u64,
    next: Option<usize>,
    with_groups: bool,
}

impl<'s> Search<'s> {
    /// The searches of a pattern in a text, from its start on.
    pub(in crate::builtins::text) fn new(pattern: &'s Pattern, text: &'s str) -> Self {
        Self {
            pattern,
            text,
            climbs: RUNGS.map(|rung| rung.climbs),
            scanned: 0,
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
    pub(super) fn find(&mut self, from: usize) -> Result<Option<Found>, PatternError> {
        match &self.pattern.program {
            Program::Literal(literal) => {
                let found = self.text.get(from..).and_then(|rest| rest.find(literal.as_str()));
                Ok(found.map(|offset| Found {
                    range: from + offset..from + offset + literal.len(),
                    groups: Vec::new(),
                }))
            }
            Program::Engine(engine) => self.climb(engine, from),
        }
    }

    fn climb(&mut self, engine: &Engine, from: usize) -> Result<Option<Found>, PatternError> {
        self.scan(1, from)?;
        for (index, rung) in RUNGS.iter().enumerate() {
            if index > 0 {
                self.scan(rung.steps as u64, from)?;
            }
            // A run that is out of time does not begin what may take long.
            if !leash::spend(rung.steps, 0) {
                return Err(PatternError::TooHard);
            }
            let regex = engine.rung(index)?;
            let found = if self.with_groups {
                let captures = regex.captures_from_pos(self.text, from);
                captures.map(|captures| captures.and_then(|captures| Found::of(&captures)))
            } else {
                regex.find_from_pos(self.text, from).map(|found| {
                    found.map(|found| Found {
                        range: found.range(),
                        groups: Vec::new(),
                    })
                })
            };
            match found {
                Ok(found) => return Ok(found),
                Err(error) if ran_out(&error) && self.climbs[index] > 0 => self.climbs[index] -= 1,
                Err(_) => return Err(PatternError::TooHard),
            }
        }
        Err(PatternError::TooHard)
    }

    /// Counts the bytes that so many steps may run over, where a step is not bounded by itself.
    fn scan(&mut self, steps: u64, from: usize) -> Result<(), PatternError> {
        if self.pattern.scans {
            let rest = (self.text.len() - from.min(self.text.len())) as u64;
            self.scanned = self.scanned.saturating_add(rest.saturating_mul(steps));
        }
        if self.scanned > SCANNED_BYTES {
            Err(PatternError::TooHard)
        } else {
            Ok(())
        }
    }
}
