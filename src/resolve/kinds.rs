//! What can be known of kinds before a run: operators between kinds that never take each other, comparisons that can
//! never hold. A variable has a known kind only where every assignment in its function gives it the same one, so a
//! value that comes from a map or an answer is never judged.

use super::Resolver;
use super::program::{
    Arithmetic, Binary, Call, Comparison, Constant, ConstantId, Expression, Program, Promised, Slot, Spanned, Statement,
};
use crate::builtins::{Builtin, Returns};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::SourceId;
use crate::syntax::Profile;
use crate::value::{DateSettings, Kind, date_text};

/// The kinds of a function's variables, as far as known.
struct Kinds<'p> {
    program: &'p Program,
    /// By slot: nothing seen, one kind seen, or several.
    variables: Vec<Seen>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Nothing,
    Kind(Kind),
    Several,
}

impl Resolver<'_> {
    /// Judges the operators of a resolved function body.
    pub(super) fn check_kinds(&mut self, body: &[Statement], slots: usize, outside: impl Iterator<Item = Slot>) {
        let mut kinds = Kinds {
            program: &self.program,
            variables: vec![Seen::Nothing; slots],
        };
        outside.for_each(|slot| kinds.variables[slot.0 as usize] = Seen::Several);
        kinds.learn(body);
        let (source, creator) = (SourceId(self.unit as u16), self.options.profile == Profile::Creator);
        let mut found = Vec::new();
        Statement::each(body, &mut |statement| {
            if let Statement::ReturnAs(promised) = statement {
                found.extend(kinds.judge_return(promised, source));
            }
            match statement {
                Statement::If(branches) => {
                    let others = branches.others.iter().map(|(condition, _)| condition);
                    let all = std::iter::once(&branches.condition).chain(others);
                    found.extend(all.filter_map(|condition| kinds.judge_condition(condition, source)));
                }
                Statement::While(repeated) => found.extend(kinds.judge_condition(&repeated.condition, source)),
                _ => {}
            }
            statement.each_expression(&mut |expression| match expression {
                Expression::Not(operand) => found.extend(kinds.judge_condition(operand, source)),
                Expression::Logic(logic) => {
                    let judged = logic.operands.iter();
                    found.extend(judged.filter_map(|operand| kinds.judge_condition(operand, source)));
                }
                Expression::Conditional(parts) => found.extend(kinds.judge_condition(&parts.0, source)),
                Expression::Arithmetic(node) => found.extend(kinds.judge_arithmetic(node, source)),
                Expression::Compare(node) => found.extend(kinds.judge_comparison(node, source, creator)),
                Expression::Call(call) => kinds.judge_arguments(call, (source, creator), &mut found),
                _ => {}
            });
        });
        self.diagnostics.extend(found);
    }
}

impl Kinds<'_> {
    /// Learns the kinds of variables from all assignments. One pass in text order; a kind that is only known after a
    /// later assignment stays unknown.
    fn learn(&mut self, body: &[Statement]) {
        // What is changed in an unknown way must be known to be unknown before anything is concluded from it.
        Statement::each(body, &mut |statement| {
            let changed = match statement {
                Statement::Append { slot, .. } => Some(*slot),
                Statement::Update(update) => Some(update.slot),
                Statement::ForEach(walk) => Some(walk.slot),
                Statement::Try(attempt) => attempt.variable,
                _ => None,
            };
            if let Some(slot) = changed {
                self.variables[slot.0 as usize] = Seen::Several;
            }
        });
        Statement::each(body, &mut |statement| {
            if let Statement::Assign { slot, value } = statement {
                let kind = self.kind(value);
                let seen = &mut self.variables[slot.0 as usize];
                *seen = match (*seen, kind) {
                    (Seen::Nothing, Some(kind)) => Seen::Kind(kind),
                    (Seen::Kind(known), Some(kind)) if known == kind => Seen::Kind(kind),
                    _ => Seen::Several,
                };
            }
        });
    }

    fn kind(&self, expression: &Expression) -> Option<Kind> {
        Some(match expression {
            Expression::Boolean(_) | Expression::Compare(_) | Expression::Logic(_) | Expression::Not(_) => {
                Kind::Boolean
            }
            Expression::Number(_) => Kind::Number,
            Expression::Decimal(_) => Kind::Decimal,
            Expression::Constant(id) => match &self.program.constants[id.0 as usize] {
                Constant::Number(_) => Kind::Number,
                Constant::Decimal(_) => Kind::Decimal,
                Constant::Text(_) => Kind::Text,
                Constant::Quoted(text) => date_text::quoted(text, &DateSettings::default()).kind(),
            },
            Expression::Slot(slot) => match self.variables[slot.0 as usize] {
                Seen::Kind(kind) => kind,
                _ => return None,
            },
            Expression::List(_) | Expression::TypedList(_) => Kind::List,
            Expression::Map(_) | Expression::Record(_) => Kind::Map,
            Expression::Builtin(call) => match call.builtin.returns {
                Returns::Kind(kind @ (Kind::Date | Kind::DateTime)) => kind,
                _ => return None,
            },
            _ => return None,
        })
    }

    /// `date + number` and its kin (creator/newhelp/script/operators.html).
    fn judge_arithmetic(&self, node: &Binary<Arithmetic>, source: SourceId) -> Option<Diagnostic> {
        let (left, right) = (self.kind(&node.left)?, self.kind(&node.right)?);
        let is_date = |kind| matches!(kind, Kind::Date | Kind::DateTime);
        let counts = |kind| matches!(kind, Kind::Number | Kind::Decimal | Kind::Boolean);
        let refused = match node.operator {
            Arithmetic::Add => is_date(left) && counts(right) || counts(left) && is_date(right),
            Arithmetic::Subtract => is_date(left) != is_date(right),
            _ => is_date(left) || is_date(right),
        };
        let (sign, left, right) = (node.operator.sign(), left.operand_name(), right.operand_name());
        refused.then(|| {
            let title =
                format!("Left expression is of type {left} and right expression is of type {right} and operator {sign} is not valid");
            Diagnostic::error(Code::BadOperands, source, node.at(), title)
                .help("use `addDay(n)`, `addHour(n)` and their kin to move a date")
        })
    }

    /// A condition that has another type whatever its values are. A text may spell a truth value, and null counts as
    /// false, so neither is judged; only a text that stands there as such is known to spell none.
    fn judge_condition(&self, condition: &Spanned, source: SourceId) -> Option<Diagnostic> {
        let is_plain_text = matches!(&condition.value, Expression::Constant(id) if self.spells_no_boolean(*id));
        let kind = match &condition.value {
            Expression::Arithmetic(node) if node.operator != Arithmetic::Add => Kind::Number,
            Expression::Negate(_) => Kind::Number,
            Expression::Builtin(call) => returned(std::iter::once(call.builtin))?,
            Expression::Method(method) => returned(method.group.variants())?,
            other => self.kind(other)?,
        };
        let is_other = matches!(
            kind,
            Kind::Number | Kind::Decimal | Kind::Date | Kind::DateTime | Kind::List | Kind::Map | Kind::File
        );
        let help = if is_plain_text {
            "compare something with it, on each side of `||` and `&&`: `state == \"open\" || state == \"new\"`"
        } else {
            "compare it with something, for instance `!= null` or `> 0`"
        };
        (is_plain_text || is_other).then(|| {
            let title = format!("a condition is BOOLEAN, and this is {}", kind.name());
            Diagnostic::warning(Code::NeverBoolean, source, condition.at, title).help(help)
        })
    }

    fn spells_no_boolean(&self, id: ConstantId) -> bool {
        let Constant::Text(text) = &self.program.constants[id.0 as usize] else {
            return false;
        };
        !["true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word))
    }

    fn judge_return(&self, promised: &Promised, source: SourceId) -> Option<Diagnostic> {
        let given = self.kind(&promised.value.value)?;
        never_fits(promised.kind, given).then(|| {
            let (wanted, given) = (promised.kind.name(), given.name());
            let title = format!("Invalid return Type: the function's header promises {wanted}, this is {given}");
            Diagnostic::error(Code::ReturnKind, source, promised.value.at, title)
                .help("return a value of the promised type, or change the type in the header")
        })
    }

    fn judge_arguments(&self, call: &Call, (source, creator): (SourceId, bool), found: &mut Vec<Diagnostic>) {
        let function = self.program.function(call.function);
        for (index, (argument, parameter)) in call.arguments.iter().zip(&function.parameters).enumerate() {
            let (Some(wanted), Some(given)) = (parameter.kind, self.kind(argument)) else {
                continue;
            };
            if !never_fits(wanted, given) {
                continue;
            }
            let title = format!(
                "Argument type mismatches for the function {} at index {index}: `{}` is {}, this is {}",
                function.name,
                parameter.name,
                wanted.name(),
                given.name()
            );
            let mut diagnostic = Diagnostic::warning(Code::ArgumentKind, source, call.at, title);
            if creator {
                diagnostic.severity = Severity::Error;
            }
            found.push(diagnostic.also(function.source, function.at, "defined here"));
        }
    }

    fn judge_comparison(&self, node: &Binary<Comparison>, source: SourceId, creator: bool) -> Option<Diagnostic> {
        if !matches!(node.operator, Comparison::Equal | Comparison::NotEqual) {
            return None;
        }
        let (left, right) = (self.kind(&node.left)?, self.kind(&node.right)?);
        if left == right || comparable(left, right) {
            return None;
        }
        let (sign, left, right) = (node.operator.sign(), left.operand_name(), right.operand_name());
        let title = format!(
            "left expression is of type {left} and right expression is of type {right} and the operator {sign} is not valid: \
             they are never equal"
        );
        let mut diagnostic = Diagnostic::warning(Code::NeverEqual, source, node.at(), title);
        if creator {
            diagnostic.severity = Severity::Error;
        }
        Some(diagnostic.help("convert one side first, or compare with a value of the same type"))
    }
}

/// The kind that all of some built-ins give, where they promise the same one.
fn returned(builtins: impl Iterator<Item = &'static Builtin>) -> Option<Kind> {
    let mut promised = builtins.map(|builtin| match builtin.returns {
        Returns::Kind(kind) => Some(kind),
        _ => None,
    });
    let first = promised.next()??;
    promised.all(|other| other == Some(first)).then_some(first)
}

/// Whether a value of one kind never serves where another is declared: a container for something else, or something else
/// for a container. A text has a text form of everything, and the other simple kinds may be spelt in a text.
fn never_fits(declared: Kind, given: Kind) -> bool {
    let is_container = |kind| matches!(kind, Kind::List | Kind::Map);
    declared != given
        && !matches!(declared, Kind::Text | Kind::Collection)
        && !matches!(given, Kind::Null | Kind::Empty | Kind::Collection)
        && (is_container(declared) || is_container(given))
}

/// Whether values of two different kinds can be equal (DECISIONS: 16).
pub(super) fn comparable(left: Kind, right: Kind) -> bool {
    let number = |kind| matches!(kind, Kind::Number | Kind::Decimal);
    let date = |kind| matches!(kind, Kind::Date | Kind::DateTime);
    let text = |kind| kind == Kind::Text;
    let open = |kind| matches!(kind, Kind::Null | Kind::Empty | Kind::Caught | Kind::Collection);
    open(left)
        || open(right)
        || (number(left) || text(left)) && (number(right) || text(right))
        || date(left) && (date(right) || text(right))
        || text(left) && date(right)
}
