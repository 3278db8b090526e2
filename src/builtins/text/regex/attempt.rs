//! The machine at work: one attempt after the other to match from a place on, with every step counted.

use super::machine::{Loop, Machine, Run, Step};
use crate::value::leash;

/// How many steps pass between two looks at whether the run has to end.
const STRIDE: u64 = 1 << 12;

/// The most ways back that are remembered at once.
const WAYS: usize = 1 << 22;

/// No place.
const NOWHERE: usize = usize::MAX;

/// Work that stopped before it was done.
pub(super) struct OutOfSteps;

/// What is remembered on the way: where else to go on, and what a place or register held before.
#[derive(Clone, Copy)]
enum Way {
    /// Goes on at a step.
    Branch { step: u32, at: usize },
    /// Gives back one character of a run down to `least`, and goes on at a step.
    Shorter { step: u32, least: usize, at: usize },
    /// Lets the run at a step take one character more, so many times at most.
    Longer { step: u32, left: u32, at: usize },
    /// Goes one character further back for the look-behind at a step, so many times at most.
    Further { step: u32, left: u32, at: usize },
    /// The place of a group as it was.
    Place { index: u32, was: usize },
    /// A register as it was.
    Register { index: u32, was: usize },
}

/// The attempts of the searches in one text.
pub(super) struct Attempts<'s> {
    machine: &'s Machine,
    text: &'s str,
    ways: Vec<Way>,
    places: Vec<usize>,
    registers: Vec<usize>,
    /// How many steps may still be taken.
    left: u64,
    /// The steps since the last look.
    unseen: u64,
}

impl<'s> Attempts<'s> {
    pub(super) fn new(machine: &'s Machine, text: &'s str, steps: u64) -> Self {
        Self {
            machine,
            text,
            ways: Vec::new(),
            places: vec![NOWHERE; machine.places],
            registers: vec![0; machine.registers],
            left: steps,
            unseen: 0,
        }
    }

    /// The first match at or behind an offset, with the places of its groups: two a group, the whole first. `last` is where
    /// the last match ended.
    pub(super) fn find(&mut self, from: usize, last: usize) -> Result<Option<&[usize]>, OutOfSteps> {
        let machine = self.machine;
        let mut start = from;
        loop {
            start = match machine.steps.first() {
                // Where no match can begin, none is tried.
                Some(Step::Start) if start > 0 => return Ok(None),
                Some(Step::Text(wanted)) => {
                    let Some(offset) = self.rest(start).find(&**wanted) else {
                        return Ok(None);
                    };
                    self.count(offset as u64 / 64)?;
                    start + offset
                }
                Some(Step::One(set)) => {
                    let set = &machine.sets[*set];
                    let Some(offset) = self.rest(start).find(|character| set.has(character)) else {
                        return Ok(None);
                    };
                    self.count(offset as u64 / 8)?;
                    start + offset
                }
                _ => start,
            };
            self.places.fill(NOWHERE);
            if let Some(end) = self.attempt(start, last)? {
                self.places[0] = start;
                self.places[1] = end;
                return Ok(Some(&self.places));
            }
            match self.after(start) {
                Some(next) => start = next,
                None => return Ok(None),
            }
        }
    }

    fn rest(&self, at: usize) -> &'s str {
        self.text.get(at..).unwrap_or_default()
    }

    /// The place behind the character at a place.
    fn after(&self, at: usize) -> Option<usize> {
        self.rest(at).chars().next().map(|character| at + character.len_utf8())
    }

    /// The place before the character that ends at a place.
    fn before(&self, at: usize) -> Option<usize> {
        let before = self.text.get(..at)?;
        before.chars().next_back().map(|character| at - character.len_utf8())
    }

    #[inline]
    fn count(&mut self, steps: u64) -> Result<(), OutOfSteps> {
        self.unseen += steps + 1;
        if self.unseen < STRIDE { Ok(()) } else { self.look() }
    }

    #[cold]
    fn look(&mut self) -> Result<(), OutOfSteps> {
        let work = std::mem::take(&mut self.unseen);
        let held = self.ways.capacity() * size_of::<Way>();
        let goes_on = leash::spend(usize::try_from(work).unwrap_or(usize::MAX).saturating_mul(8), held);
        match self.left.checked_sub(work) {
            Some(left) if goes_on && self.ways.len() <= WAYS => {
                self.left = left;
                Ok(())
            }
            _ => Err(OutOfSteps),
        }
    }

    /// Where a match that begins at a place ends.
    fn attempt(&mut self, start: usize, last: usize) -> Result<Option<usize>, OutOfSteps> {
        self.ways.clear();
        let (mut step, mut at) = (0, start);
        loop {
            self.count(0)?;
            if matches!(self.machine.steps[step], Step::Done) {
                return Ok(Some(at));
            }
            let next = match self.take(step, at, last)? {
                Some(next) => Some(next),
                None => self.go_back()?,
            };
            match next {
                Some(next) => (step, at) = next,
                None => return Ok(None),
            }
        }
    }

    /// Takes a step at a place: the step and place to go on with, `None` where it does not hold.
    #[inline]
    fn take(&mut self, step: usize, at: usize, last: usize) -> Result<Option<(usize, usize)>, OutOfSteps> {
        let machine = self.machine;
        let here = |holds: bool| holds.then_some((step + 1, at));
        Ok(match &machine.steps[step] {
            Step::Text(wanted) => self
                .rest(at)
                .starts_with(&**wanted)
                .then(|| (step + 1, at + wanted.len())),
            Step::One(set) => {
                let character = self.rest(at).chars().next();
                let held = character.filter(|character| machine.sets[*set].has(*character));
                held.map(|character| (step + 1, at + character.len_utf8()))
            }
            Step::Run(run) => self.run(step, at, *run)?,
            Step::Start => here(at == 0),
            Step::End => here(at == self.text.len()),
            Step::LastEnd => here(at == last),
            Step::Boundary(wanted) => here(self.is_boundary(at) == *wanted),
            Step::Place(place) => {
                self.set_place(*place, at);
                here(true)
            }
            Step::Again { group, ignore_case } => self.again(*group, *ignore_case, at)?.map(|end| (step + 1, end)),
            Step::Jump(to) => Some((*to, at)),
            Step::Either(first, other) => {
                self.branch(*other, at);
                Some((*first, at))
            }
            Step::Enter { count } => {
                self.set_register(*count, 0);
                here(true)
            }
            Step::Loop(turns) => Some(self.turn(step, at, *turns)),
            Step::Turn { count, begin } => {
                self.set_register(*count, self.registers[*count] + 1);
                self.set_register(*begin, at);
                here(true)
            }
            Step::Back { begin, head, exit } => {
                let moved = at != self.registers[*begin];
                Some((if moved { *head } else { *exit }, at))
            }
            Step::Done => None,
            held => self.hold(held, step, at)?,
        })
    }

    /// Whether a loop goes round once more.
    fn turn(&mut self, step: usize, at: usize, turns: Loop) -> (usize, usize) {
        let count = self.registers[turns.count];
        let (inside, behind) = ((step + 1, at), (turns.exit, at));
        if count < turns.least as usize {
            return inside;
        }
        if turns.most != u32::MAX && count >= turns.most as usize {
            return behind;
        }
        let (first, other) = if turns.greedy {
            (inside, behind)
        } else {
            (behind, inside)
        };
        self.branch(other.0, at);
        first
    }

    /// The steps of atomic groups and look-arounds.
    fn hold(&mut self, held: &Step, step: usize, at: usize) -> Result<Option<(usize, usize)>, OutOfSteps> {
        let here = |holds: bool| holds.then_some((step + 1, at));
        Ok(match held {
            Step::Hold { height, begin } => {
                self.set_register(*begin, at);
                let above = self.ways.len() + 1;
                self.set_register(*height, above);
                here(true)
            }
            Step::Commit { height } => {
                self.commit(self.registers[*height])?;
                here(true)
            }
            Step::Return { height, begin } => {
                let back = self.registers[*begin];
                self.commit(self.registers[*height])?;
                Some((step + 1, back))
            }
            Step::Deny { height } => {
                self.undo_to(self.registers[*height])?;
                None
            }
            Step::Behind { least, most } => self.behind(step, at, (*least, *most))?,
            Step::AtBegin { begin } => here(at == self.registers[*begin]),
            _ => None,
        })
    }

    /// A run of characters of a set.
    fn run(&mut self, step: usize, at: usize, run: Run) -> Result<Option<(usize, usize)>, OutOfSteps> {
        let (least, most, greedy) = (run.least, run.most, run.greedy);
        let set = &self.machine.sets[run.set];
        let wanted = if greedy { most } else { least };
        let (mut end, mut count, mut low) = (at, 0, at);
        for character in self.rest(at).chars() {
            if count == wanted || !set.has(character) {
                break;
            }
            end += character.len_utf8();
            count += 1;
            if count == least {
                low = end;
            }
        }
        self.count(u64::from(count) / 4)?;
        if count < least {
            return Ok(None);
        }
        if greedy && end > low {
            self.ways.push(Way::Shorter {
                step: step as u32 + 1,
                least: low,
                at: end,
            });
        } else if !greedy && most > least {
            let left = between(least, most);
            let step = step as u32;
            self.ways.push(Way::Longer { step, left, at: end });
        }
        Ok(Some((step + 1, end)))
    }

    /// Where a run ends that takes one character more.
    fn longer(&self, step: usize, at: usize) -> Option<usize> {
        let Step::Run(run) = &self.machine.steps[step] else {
            return None;
        };
        let next = self.rest(at).chars().next()?;
        self.machine.sets[run.set].has(next).then(|| at + next.len_utf8())
    }

    /// Goes so many characters back, and remembers that it may be more.
    fn behind(
        &mut self,
        step: usize,
        at: usize,
        (least, most): (u32, u32),
    ) -> Result<Option<(usize, usize)>, OutOfSteps> {
        self.count(u64::from(least))?;
        let mut back = at;
        for _ in 0..least {
            match self.before(back) {
                Some(before) => back = before,
                None => return Ok(None),
            }
        }
        if most > least {
            let left = between(least, most);
            let step = step as u32;
            self.ways.push(Way::Further { step, left, at: back });
        }
        Ok(Some((step + 1, back)))
    }

    fn is_boundary(&self, at: usize) -> bool {
        let word = &self.machine.sets[Machine::WORD];
        let before = self.text.get(..at).and_then(|before| before.chars().next_back());
        let after = self.rest(at).chars().next();
        before.is_some_and(|before| word.has(before)) != after.is_some_and(|after| word.has(after))
    }

    /// Where what a group matched ends when it comes here again; a group that matched nothing comes nowhere.
    fn again(&mut self, group: usize, ignore_case: bool, at: usize) -> Result<Option<usize>, OutOfSteps> {
        let place = |place: usize| self.places.get(place).copied().unwrap_or(NOWHERE);
        let (start, end) = (place(2 * group), place(2 * group + 1));
        let (Some(wanted), rest) = (self.text.get(start..end), self.rest(at)) else {
            return Ok(None);
        };
        self.count(wanted.len() as u64 / 8)?;
        if !ignore_case {
            return Ok(rest.starts_with(wanted).then(|| at + wanted.len()));
        }
        let mut found = rest.chars();
        let same = wanted.chars().all(|wanted| {
            found
                .next()
                .is_some_and(|found| found == wanted || found.to_lowercase().eq(wanted.to_lowercase()))
        });
        Ok(same.then(|| at + rest.len() - found.as_str().len()))
    }

    fn branch(&mut self, step: usize, at: usize) {
        let step = step as u32;
        self.ways.push(Way::Branch { step, at });
    }

    fn set_place(&mut self, place: usize, at: usize) {
        let was = std::mem::replace(&mut self.places[place], at);
        let index = place as u32;
        self.ways.push(Way::Place { index, was });
    }

    fn set_register(&mut self, register: usize, value: usize) {
        let was = std::mem::replace(&mut self.registers[register], value);
        let index = register as u32;
        self.ways.push(Way::Register { index, was });
    }

    /// Forgets the ways above a height; what they would undo stays to be undone.
    fn commit(&mut self, height: usize) -> Result<(), OutOfSteps> {
        self.count((self.ways.len() - height.min(self.ways.len())) as u64)?;
        let mut kept = height;
        for index in height..self.ways.len() {
            let way = self.ways[index];
            if matches!(way, Way::Place { .. } | Way::Register { .. }) {
                self.ways[kept] = way;
                kept += 1;
            }
        }
        self.ways.truncate(kept);
        Ok(())
    }

    /// Undoes everything above a height.
    fn undo_to(&mut self, height: usize) -> Result<(), OutOfSteps> {
        while self.ways.len() > height {
            self.count(0)?;
            match self.ways.pop() {
                Some(Way::Place { index, was }) => self.places[index as usize] = was,
                Some(Way::Register { index, was }) => self.registers[index as usize] = was,
                _ => {}
            }
        }
        Ok(())
    }

    /// Goes back to the last place where there was another way.
    fn go_back(&mut self) -> Result<Option<(usize, usize)>, OutOfSteps> {
        while let Some(way) = self.ways.pop() {
            self.count(0)?;
            match way {
                Way::Place { index, was } => self.places[index as usize] = was,
                Way::Register { index, was } => self.registers[index as usize] = was,
                Way::Branch { step, at } => return Ok(Some((step as usize, at))),
                Way::Shorter { step, least, at } => {
                    let at = self.before(at).unwrap_or(least);
                    if at > least {
                        self.ways.push(Way::Shorter { step, least, at });
                    }
                    return Ok(Some((step as usize, at)));
                }
                Way::Longer { step, left, at } => {
                    if let Some(at) = self.longer(step as usize, at) {
                        let longer = fewer(left).map(|left| Way::Longer { step, left, at });
                        self.ways.extend(longer);
                        return Ok(Some((step as usize + 1, at)));
                    }
                }
                Way::Further { step, left, at } => {
                    if let Some(at) = self.before(at) {
                        let further = fewer(left).map(|left| Way::Further { step, left, at });
                        self.ways.extend(further);
                        return Ok(Some((step as usize + 1, at)));
                    }
                }
            }
        }
        Ok(None)
    }
}

/// How many there are between the least and the most.
fn between(least: u32, most: u32) -> u32 {
    if most == u32::MAX { most } else { most - least }
}

/// What is left after one; `None` where that was the last.
fn fewer(left: u32) -> Option<u32> {
    match left {
        u32::MAX => Some(left),
        left => left.checked_sub(1).filter(|left| *left > 0),
    }
}
