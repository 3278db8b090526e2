//! Whether every path through a function returns a value.

use super::Resolver;
use crate::diagnostic::Code;
use crate::syntax::ast::{Block, Function, Script, StatementKind};

impl Resolver<'_> {
    /// Reports a function that promises a value and may end without returning one.
    pub(super) fn check_returns(&mut self, script: &Script, function: &Function) {
        let written = script.name(function.returns.name.symbol);
        if written.eq_ignore_ascii_case("void") || ends(script, function.body, 0) {
            return;
        }
        let title = format!(
            "Missing return statement: Provide {} expression to return",
            written.to_uppercase()
        );
        let name = script
            .list(function.path)
            .last()
            .map_or("the function", |name| script.name(name.symbol));
        let source = self.location(function.at).source;
        let diagnostic = self
            .error(Code::MissingReturn, function.end, title)
            .label("this end can be reached")
            .also(source, function.at, format!("`{name}` promises a value here"))
            .help("return a value on every path, or declare the function `void`");
        self.diagnostics.push(diagnostic);
    }
}

/// Whether no path leaves a block at its end. Blocks nested deeper than the parser allows cannot occur.
fn ends(script: &Script, block: Block, depth: u32) -> bool {
    let deeper = |block: Block| depth < 1_000 && ends(script, block, depth + 1);
    script.list(block).iter().any(|id| match script.statement(*id).kind {
        StatementKind::Return(_) | StatementKind::Throw(_) => true,
        StatementKind::Block(body) => deeper(body),
        StatementKind::If { arms, otherwise } => {
            otherwise.is_some_and(deeper) && script.list(arms).iter().all(|arm| deeper(arm.body))
        }
        StatementKind::Try(attempt) => {
            let attempt = script.part(attempt);
            deeper(attempt.body) && attempt.catch.is_some_and(|catch| deeper(catch.body))
        }
        _ => false,
    })
}
