//! Warnings about likely mistakes and about what other runtimes read otherwise.

use super::Resolver;
use super::program::Expression;
use crate::diagnostic::Code;
use crate::source::Span;
use crate::syntax::ast::{BinaryOperator, ExpressionId, ExpressionKind, Method, Task};

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

    /// Whether a comment stands in the last block of a statement, which is empty otherwise: it says why.
    pub(super) fn is_explained(&self, at: Span) -> bool {
        let open = self.text(at).rfind('{').map_or(at.end, |open| at.start + open as u32);
        let comments = &self.script().comments;
        comments
            .iter()
            .any(|comment| comment.start > open && comment.end < at.end)
    }

    /// `catch (e) { }`: the error is lost.
    pub(super) fn lint_swallowed(&mut self, at: Span) {
        let end = Span::new(at.end.saturating_sub(1), at.end);
        self.warn(
            Code::SwallowedError,
            end,
            "this `catch` is empty, so any error in its `try` goes unnoticed",
            "print or return the error, for instance with `info e;`",
        );
    }

    /// Zoho wants the value of a function to be used.
    pub(super) fn lint_dropped_result(&mut self, expression: &Expression, at: Span) {
        let Expression::Call(call) = expression else { return };
        let function = self.program.function(call.function);
        if !function.is_void {
            let title = format!(
                "{} function needs to be assigned to a variable: Zoho does not take it as a statement",
                function.name
            );
            self.warn(
                Code::NotPortable,
                at,
                title,
                "assign the result, or declare the function `void`",
            );
        }
    }

    /// JSON sent as `text/plain`: most services other than Zoho's refuse it.
    pub(super) fn lint_json_payload(&mut self, task: &Task) {
        let find = |wanted: &str| {
            task.entries
                .iter()
                .find(|entry| self.text(entry.key).eq_ignore_ascii_case(wanted))
        };
        if ["headers", "content-type", "content type"]
            .iter()
            .any(|key| find(key).is_some())
        {
            return;
        }
        let Some(payload) = find("parameters")
            .or_else(|| find("body"))
            .and_then(|entry| entry.values.first())
        else {
            return;
        };
        let payload = self.script().expression(payload.value);
        let ExpressionKind::Method(method) = payload.kind else {
            return;
        };
        let Method { name, arguments, .. } = *self.script().part(method);
        // An address that a variable holds may be one of Zoho's.
        let elsewhere = find("url").and_then(|entry| entry.values.first()).is_some_and(|url| {
            let url = self.text(self.script().expression(url.value).at).to_ascii_lowercase();
            url.contains("://") && !url.contains("zoho")
        });
        let is_text = arguments.is_empty() && self.script().name(name.symbol).eq_ignore_ascii_case("toString");
        if is_text && elsewhere {
            let at = payload.at;
            self.warn(
                Code::UntypedJson,
                at,
                "this text is sent as `text/plain`; a service that wants JSON may refuse it",
                "add a header `Content-Type` with the value `application/json`",
            );
        }
    }

    /// `detailed : true` asks for the status, and the file never looks at it.
    pub(super) fn lint_unchecked_response(&mut self, task: &Task) {
        let detailed = task
            .entries
            .iter()
            .find(|entry| self.text(entry.key).eq_ignore_ascii_case("detailed"));
        let Some(value) = detailed.and_then(|entry| entry.values.first()) else {
            return;
        };
        let value = self.script().expression(value.value);
        if !matches!(value.kind, ExpressionKind::Boolean(true)) {
            return;
        }
        let file = self.units[self.unit].file.text();
        if !["responseCode", "RESPONSECODE", "responsecode"]
            .iter()
            .any(|name| file.contains(name))
        {
            let at = value.at;
            self.warn(
                Code::UncheckedResponse,
                at,
                "the status of the answer is asked for and never looked at: 4xx and 5xx raise no error",
                "compare `.get(\"responseCode\")` with the status you expect",
            );
        }
    }
}
