//! Warnings about likely mistakes and about what other runtimes read otherwise.

use super::Resolver;
use crate::diagnostic::Code;
use crate::syntax::ast::{BinaryOperator, ExpressionId, ExpressionKind};

impl Resolver<'_> {
    /// `a || b && c` without parentheses: Creator and the other services group it differently.
    pub(super) fn lint_mixed_logic(&mut self, operator: BinaryOperator, operands: &[ExpressionId]) {
        let other = if operator == BinaryOperator::And {
            BinaryOperator::Or
        } else {
            BinaryOperator::And
        };
        let mixed = operands
            .iter()
            .map(|operand| self.script().expression(*operand))
            .find(|operand| matches!(operand.kind, ExpressionKind::Binary { operator, .. } if operator == other));
        if let Some(mixed) = mixed {
            self.warn(
                Code::MixedLogic,
                mixed.at,
                "`&&` and `||` stand side by side without parentheses: Zoho Creator groups them differently from other services",
                "put parentheses around what belongs together",
            );
        }
    }
}
