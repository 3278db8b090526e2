//! What can be said of a criterion of a form before a run: its fields are unknown here, its literals are not.

use super::Resolver;
use super::kinds::comparable;
use crate::builtins::{self, Returns};
use crate::diagnostic::Code;
use crate::syntax::ast::{BinaryOperator, ExpressionId, ExpressionKind};
use crate::syntax::literal;
use crate::value::{DateSettings, Kind, date_text};

impl Resolver<'_> {
    /// Reports comparisons in a criterion between two types that are never equal.
    pub(super) fn check_criteria(&mut self, criteria: ExpressionId) {
        let mut waiting = vec![criteria];
        while let Some(id) = waiting.pop() {
            match self.script().expression(id).kind {
                ExpressionKind::Group(inner) => waiting.push(inner),
                ExpressionKind::Unary { operand, .. } => waiting.push(operand),
                ExpressionKind::Binary {
                    operator, left, right, ..
                } => {
                    if matches!(operator, BinaryOperator::And | BinaryOperator::Or) {
                        waiting.extend([left, right]);
                    } else if operator.compares() {
                        self.check_criterion(id, operator, (left, right));
                    }
                }
                _ => {}
            }
        }
    }

    fn check_criterion(&mut self, id: ExpressionId, operator: BinaryOperator, sides: (ExpressionId, ExpressionId)) {
        let (Some(left), Some(right)) = (self.literal_kind(sides.0), self.literal_kind(sides.1)) else {
            return;
        };
        if left == right || comparable(left, right) {
            return;
        }
        let (left, right, sign) = (left.operand_name(), right.operand_name(), operator.sign());
        self.report(
            Code::BadOperands,
            self.script().expression(id).at,
            format!(
                "In Criteria left expression is of type {left} and right expression is of type {right} \
                 and the operator {sign} is not valid"
            ),
            Some("compare a field of the form with a value of its type".to_owned()),
        );
    }

    /// The kind of a literal or a system variable. Any other name is a field here, whatever variable has its name.
    fn literal_kind(&mut self, id: ExpressionId) -> Option<Kind> {
        let node = self.script().expression(id);
        Some(match node.kind {
            ExpressionKind::Number => Kind::Number,
            ExpressionKind::Decimal => Kind::Decimal,
            ExpressionKind::Boolean(_) => Kind::Boolean,
            ExpressionKind::Text => Kind::Text,
            ExpressionKind::Quoted => {
                date_text::quoted(&literal::text(self.text(node.at)), &DateSettings::default()).kind()
            }
            ExpressionKind::Map(_) => Kind::Map,
            ExpressionKind::Group(inner) => return self.literal_kind(inner),
            ExpressionKind::Field(_) => match builtins::variable(&self.namespace_path(id)?)?.returns {
                Returns::Kind(kind) => kind,
                _ => return None,
            },
            _ => return None,
        })
    }
}
