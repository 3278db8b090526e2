//! Patterns as the steps of a backtracking machine, which matches as `java.util.regex` does: look-arounds, references,
//! possessive and repeated groups. It takes over wherever finite automata cannot tell, or cannot be bounded.

use fancy_regex::{Assertion, Expr, LookAround, Regex};

/// The steps of a pattern.
pub(super) struct Machine {
    pub(super) steps: Vec<Step>,
    pub(super) sets: Vec<Set>,
    /// How many places of groups there are, two a group.
    pub(super) places: usize,
    /// How many registers the loops and look-arounds need.
    pub(super) registers: usize,
}

/// One step. Steps that decide name the step they lead to; all others lead to the next.
pub(super) enum Step {
    /// This text.
    Text(Box<str>),
    /// One character of a set.
    One(usize),
    /// So many characters of a set.
    Run(Run),
    /// The start of the text.
    Start,
    /// The end of the text.
    End,
    /// Where the last match ended.
    LastEnd,
    /// Whether a word begins or ends here.
    Boundary(bool),
    /// Notes where a group begins or ends.
    Place(usize),
    /// What a group matched, letter case counted or not.
    Again { group: usize, ignore_case: bool },
    /// Goes on elsewhere.
    Jump(usize),
    /// Goes on at one step, and if that leads nowhere at the other.
    Either(usize, usize),
    /// Enters a counted loop.
    Enter { count: usize },
    /// Decides whether a loop goes round once more; the next step is its [`Step::Turn`].
    Loop(Loop),
    /// Begins a turn of a loop.
    Turn { count: usize, begin: usize },
    /// Ends a turn; one that matched nothing ends the loop, as in Java.
    Back { begin: usize, head: usize, exit: usize },
    /// Begins what does not back off later: notes how far one may go back, and where it began.
    Hold { height: usize, begin: usize },
    /// Ends an atomic group.
    Commit { height: usize },
    /// Ends a look-around that has to match, and goes back to where it began.
    Return { height: usize, begin: usize },
    /// Ends a look-around that must not match.
    Deny { height: usize },
    /// Goes so many characters back, the fewest first.
    Behind { least: u32, most: u32 },
    /// Whether this is where the look-around began.
    AtBegin { begin: usize },
    /// The pattern has matched.
    Done,
}

/// A run of characters of a set: as many as possible, or as few.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) set: usize,
    pub(super) least: u32,
    /// `u32::MAX` for no most.
    pub(super) most: u32,
    pub(super) greedy: bool,
}

/// A counted loop.
#[derive(Clone, Copy)]
pub(super) struct Loop {
    /// The register of its count.
    pub(super) count: usize,
    pub(super) least: u32,
    /// `u32::MAX` for no most.
    pub(super) most: u32,
    pub(super) greedy: bool,
    /// The step behind it.
    pub(super) exit: usize,
}

/// A set of characters.
pub(super) struct Set {
    ascii: u128,
    beyond: Option<Regex>,
}

impl Set {
    /// The set of characters that a pattern of one character matches.
    fn new(pattern: &str) -> Option<Self> {
        let regex = Regex::new(&format!("\\A(?:{pattern})\\z")).ok()?;
        let holds = |character: char| regex.is_match(character.encode_utf8(&mut [0; 4])).unwrap_or(false);
        let ascii = (0..128_u8)
            .filter(|byte| holds(char::from(*byte)))
            .fold(0, |set, byte| set | 1 << byte);
        Some(Self {
            ascii,
            beyond: Some(regex),
        })
    }

    /// Every character.
    fn all() -> Self {
        Self {
            ascii: u128::MAX,
            beyond: None,
        }
    }

    #[inline]
    pub(super) fn has(&self, character: char) -> bool {
        if character.is_ascii() {
            return self.ascii >> (character as u32) & 1 == 1;
        }
        match &self.beyond {
            None => true,
            Some(regex) => regex.is_match(character.encode_utf8(&mut [0; 4])).unwrap_or(false),
        }
    }
}

/// The most steps of a machine.
const MOST: usize = 100_000;

/// The least and the most characters that a part matches; `None` where there is no most.
type Width = (usize, Option<usize>);

impl Machine {
    /// The machine for a parsed pattern; `None` for what it does not know, and for what is too large.
    pub(super) fn of(pattern: &Expr) -> Option<Self> {
        let mut machine = Self {
            steps: Vec::new(),
            sets: vec![Set::new("\\w")?],
            places: 2,
            registers: 0,
        };
        machine.add(pattern)?;
        machine.steps.push(Step::Done);
        Some(machine)
    }

    /// The index of the set of word characters.
    pub(super) const WORD: usize = 0;

    /// Whether a pattern needs the machine: automata look neither around nor back.
    pub(super) fn is_needed(pattern: &Expr) -> bool {
        match pattern {
            Expr::LookAround(..) | Expr::Backref { .. } | Expr::AtomicGroup(_) | Expr::ContinueFromPreviousMatchEnd => {
                true
            }
            Expr::Concat(parts) | Expr::Alt(parts) => parts.iter().any(Self::is_needed),
            Expr::Group(inner) => Self::is_needed(inner),
            Expr::Repeat { child, .. } => Self::is_needed(child),
            _ => false,
        }
    }

    fn push(&mut self, step: Step) -> Option<usize> {
        self.steps.push(step);
        (self.steps.len() <= MOST).then(|| self.steps.len() - 1)
    }

    fn register(&mut self) -> usize {
        self.registers += 1;
        self.registers - 1
    }

    fn set(&mut self, set: Set) -> usize {
        self.sets.push(set);
        self.sets.len() - 1
    }

    fn add(&mut self, pattern: &Expr) -> Option<()> {
        match pattern {
            Expr::Empty => {}
            Expr::Literal { val, casei: false } => {
                self.push(Step::Text(val.as_str().into()))?;
            }
            Expr::Literal { val, casei: true } => {
                for character in val.chars() {
                    self.one(&one_of(&character.to_string(), true))?;
                }
            }
            Expr::Any { .. } | Expr::Delegate { .. } => {
                let set = self.characters(pattern)?;
                self.push(Step::One(set))?;
            }
            Expr::Assertion(assertion) => {
                self.push(match assertion {
                    Assertion::StartText => Step::Start,
                    Assertion::EndText => Step::End,
                    Assertion::WordBoundary => Step::Boundary(true),
                    Assertion::NotWordBoundary => Step::Boundary(false),
                    _ => return None,
                })?;
            }
            Expr::ContinueFromPreviousMatchEnd => {
                self.push(Step::LastEnd)?;
            }
            Expr::Concat(parts) => parts.iter().try_for_each(|part| self.add(part))?,
            Expr::Alt(branches) => self.branches(branches)?,
            Expr::Group(inner) => {
                let place = self.places;
                self.places += 2;
                self.push(Step::Place(place))?;
                self.add(inner)?;
                self.push(Step::Place(place + 1))?;
            }
            Expr::Repeat { child, lo, hi, greedy } => self.repeat(child, (*lo, *hi), *greedy)?,
            Expr::Backref { group, casei } => {
                self.push(Step::Again {
                    group: *group,
                    ignore_case: *casei,
                })?;
            }
            Expr::AtomicGroup(inner) => {
                let (height, begin) = (self.register(), self.register());
                self.push(Step::Hold { height, begin })?;
                self.add(inner)?;
                self.push(Step::Commit { height })?;
            }
            Expr::LookAround(inner, look) => self.look(inner, *look)?,
            _ => return None,
        }
        Some(())
    }

    /// One character that a pattern of one character matches.
    fn one(&mut self, pattern: &str) -> Option<()> {
        let set = Set::new(pattern)?;
        let set = self.set(set);
        self.push(Step::One(set)).map(|_| ())
    }

    /// The set that a part of always one character stands for.
    fn characters(&mut self, part: &Expr) -> Option<usize> {
        let set = match part {
            Expr::Any { newline: true, .. } => Set::all(),
            Expr::Any { .. } => Set::new("[^\\n]")?,
            Expr::Delegate { inner, casei } => Set::new(&flagged(inner, *casei))?,
            Expr::Literal { val, casei } if val.chars().count() == 1 => Set::new(&one_of(val, *casei))?,
            _ => return None,
        };
        Some(self.set(set))
    }

    fn branches(&mut self, branches: &[Expr]) -> Option<()> {
        let mut ends = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            if index + 1 == branches.len() {
                self.add(branch)?;
                break;
            }
            let either = self.push(Step::Either(0, 0))?;
            self.add(branch)?;
            ends.push(self.push(Step::Jump(0))?);
            self.steps[either] = Step::Either(either + 1, self.steps.len());
        }
        for end in ends {
            self.steps[end] = Step::Jump(self.steps.len());
        }
        Some(())
    }

    fn repeat(&mut self, child: &Expr, (lo, hi): (usize, usize), greedy: bool) -> Option<()> {
        let bound = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let (least, most) = (bound(lo), bound(hi));
        if matches!(child, Expr::Any { .. } | Expr::Delegate { .. } | Expr::Literal { .. })
            && width(child) == (1, Some(1))
        {
            let set = self.characters(child)?;
            self.push(Step::Run(Run {
                set,
                least,
                most,
                greedy,
            }))?;
            return Some(());
        }
        if (least, most) == (0, 1) {
            let either = self.push(Step::Either(0, 0))?;
            self.add(child)?;
            let (inside, behind) = (either + 1, self.steps.len());
            self.steps[either] = if greedy {
                Step::Either(inside, behind)
            } else {
                Step::Either(behind, inside)
            };
            return Some(());
        }
        let (count, begin) = (self.register(), self.register());
        self.push(Step::Enter { count })?;
        let head = self.push(Step::Jump(0))?;
        self.push(Step::Turn { count, begin })?;
        self.add(child)?;
        let exit = self.steps.len() + 1;
        self.push(Step::Back { begin, head, exit })?;
        self.steps[head] = Step::Loop(Loop {
            count,
            least,
            most,
            greedy,
            exit,
        });
        Some(())
    }

    fn look(&mut self, inner: &Expr, look: LookAround) -> Option<()> {
        let (height, begin) = (self.register(), self.register());
        let denies = matches!(look, LookAround::LookAheadNeg | LookAround::LookBehindNeg);
        let behind = matches!(look, LookAround::LookBehind | LookAround::LookBehindNeg);
        self.push(Step::Hold { height, begin })?;
        let either = self.steps.len();
        if denies {
            self.push(Step::Either(0, 0))?;
        }
        if behind {
            let (least, most) = width(inner);
            let bound = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            self.push(Step::Behind {
                least: bound(least),
                most: most.map_or(u32::MAX, bound),
            })?;
        }
        self.add(inner)?;
        if behind {
            self.push(Step::AtBegin { begin })?;
        }
        self.push(if denies {
            Step::Deny { height }
        } else {
            Step::Return { height, begin }
        })?;
        if denies {
            self.steps[either] = Step::Either(either + 1, self.steps.len());
        }
        Some(())
    }
}

/// A pattern for one character as it stands.
fn one_of(character: &str, ignore_case: bool) -> String {
    flagged(&fancy_regex::escape(character), ignore_case)
}

fn flagged(pattern: &str, ignore_case: bool) -> String {
    if ignore_case {
        format!("(?i:{pattern})")
    } else {
        pattern.to_owned()
    }
}

fn width(pattern: &Expr) -> Width {
    let add = |a: Width, b: Width| (a.0.saturating_add(b.0), a.1.zip(b.1).map(|(a, b)| a.saturating_add(b)));
    match pattern {
        Expr::Literal { val, .. } => {
            let count = val.chars().count();
            (count, Some(count))
        }
        Expr::Any { .. } | Expr::Delegate { .. } => (1, Some(1)),
        Expr::Concat(parts) => parts.iter().map(width).fold((0, Some(0)), add),
        Expr::Alt(branches) => branches
            .iter()
            .map(width)
            .reduce(|a, b| (a.0.min(b.0), a.1.zip(b.1).map(|(a, b)| a.max(b))))
            .unwrap_or((0, Some(0))),
        Expr::Group(inner) => width(inner),
        Expr::AtomicGroup(inner) => width(inner),
        Expr::Repeat { child, lo, hi, .. } => {
            let (least, most) = width(child);
            let most = match (most, *hi) {
                (Some(0), _) | (_, 0) => Some(0),
                (_, usize::MAX) | (None, _) => None,
                (Some(most), hi) => Some(most.saturating_mul(hi)),
            };
            (least.saturating_mul(*lo), most)
        }
        Expr::Backref { .. } => (0, None),
        _ => (0, Some(0)),
    }
}
