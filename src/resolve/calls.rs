//! Calls: functions of the program, built-ins, methods, tasks of Zoho, functions of the host.

use super::Resolver;
use super::expression::unavailable;
use super::program::{BuiltinCall, Call, Constant, Expression, FunctionId, HostCall, Method, Quick, Slot, Unavailable};
use crate::builtins::{self, Builtin, MethodGroup};
use crate::diagnostic::{Code, Diagnostic, Severity, nearest};
use crate::source::{SourceId, Span};
use crate::syntax::ast::{self, ExpressionId, ExpressionKind, Item, Name};
use crate::value::{Near, ShortText};

/// First words of dotted names that only ever name functions: CRM's categories of functions, and `thisapp`.
const FUNCTION_NAMESPACES: [&str; 8] = [
    "standalone",
    "automation",
    "button",
    "schedule",
    "validation_rule",
    "related_list",
    "thisapp",
    "zoho",
];

/// Functions of Zoho Creator, Books and others that need their services.
const SERVICE_FUNCTIONS: [&str; 5] = ["openurl", "alert", "getfieldvalue", "callfunction", "log"];

/// Methods on the records, fields and pages of Zoho Creator, which no value here has.
const RECORD_METHODS: [&str; 15] = [
    "count",
    "getall",
    "sum",
    "maximum",
    "minimum",
    "average",
    "getfield",
    "getfieldvalue",
    "setvalue",
    "getvalue",
    "getasstring",
    "send",
    "pushnotification",
    "isuserinrole",
    "ui",
];

impl Resolver<'_> {
    /// `name(arguments)`
    pub(super) fn call(&mut self, name: Name, arguments: &[Item], at: Span) -> Expression {
        let word = self.script().name(name.symbol);
        let namesake = self.by_name.get(word).copied().flatten();
        let function = self.by_path.get(word).copied();
        if let Some(function) = function.or(namesake.filter(|id| self.takes(*id, arguments))) {
            return self.function_call(function, arguments, at);
        }
        if let Some(special) = self.special_call(word, arguments) {
            return special;
        }
        let function = builtins::function(word);
        if let Some(builtin) = function
            && (builtin.takes(arguments.len()) || builtins::method(word).is_none())
        {
            return self.builtin_call(builtin, name, arguments, at);
        }
        if let Some(group) = builtins::method(word)
            && let Some((receiver, rest)) = arguments.split_first()
        {
            return self.method_call((group, name), receiver.value, rest, at);
        }
        if let Some(builtin) = function {
            return self.builtin_call(builtin, name, arguments, at);
        }
        if self.options.host.knows(word) {
            return self.host_call(word.to_owned(), name, arguments, at);
        }
        if let Some(namesake) = namesake {
            return self.function_call(namesake, arguments, at);
        }
        if SERVICE_FUNCTIONS.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            self.arguments(arguments);
            return unavailable(format!("`{word}` needs a Zoho service, which is not here"), None, at);
        }
        self.unknown_function(word, name.at);
        self.arguments(arguments);
        Expression::Null
    }

    /// `ifnull(a, b)`, whose first argument may point past the end of a list (DECISIONS: 14).
    fn special_call(&mut self, word: &str, arguments: &[Item]) -> Option<Expression> {
        if let [value, default] = arguments
            && word.eq_ignore_ascii_case("ifnull")
        {
            let (value, default) = (self.expression(value.value), self.expression(default.value));
            return Some(Expression::IfNull(Box::new((value, default))));
        }
        None
    }

    /// `receiver.name(arguments)`: a function of a namespace where the first word is no variable, else a method.
    pub(super) fn method(&mut self, receiver: ExpressionId, name: Name, arguments: &[Item], at: Span) -> Expression {
        let word = self.script().name(name.symbol);
        if let Some(path) = self.namespace_path(receiver)
            && let Some(call) = self.namespace_call(&path, name, arguments, at)
        {
            return call;
        }
        if let [default] = arguments
            && word.eq_ignore_ascii_case("ifnull")
        {
            let (value, default) = (self.expression(receiver), self.expression(default.value));
            return Expression::IfNull(Box::new((value, default)));
        }
        let word = match arguments {
            [only] if word.eq_ignore_ascii_case("put") && self.may_be_map(only) => "putAll",
            _ => word,
        };
        match builtins::method(word) {
            Some(group) if !group.takes(arguments.len()) && self.is_own_namespace(receiver) => {
                let path = self.namespace_path(receiver).unwrap_or_default();
                self.foreign_function(format!("{path}.{word}"), name, arguments, at)
            }
            Some(group) => self.method_call((group, name), receiver, arguments, at),
            None => self.no_such_method(receiver, name, arguments, at),
        }
    }

    /// Whether the only argument of `put` is no literal key: public scripts put the pairs of a map so.
    fn may_be_map(&self, argument: &Item) -> bool {
        let value = &self.script().expression(argument.value).kind;
        argument.key.is_none() && matches!(value, ExpressionKind::Name(_) | ExpressionKind::Map(_))
    }

    /// Whether a function of the program takes as many arguments.
    fn takes(&self, id: FunctionId, arguments: &[Item]) -> bool {
        self.program.function(id).parameters.len() == arguments.len()
    }

    /// Whether an expression may give something from outside: an input, a field, a record of a form. Such a thing may be an
    /// object of a Zoho service with methods of its own.
    pub(super) fn is_foreign(&mut self, id: ExpressionId) -> bool {
        match self.script().expression(id).kind {
            ExpressionKind::Name(symbol) => self.scope.is_foreign(symbol),
            ExpressionKind::Group(inner) => self.is_foreign(inner),
            ExpressionKind::Field(_) | ExpressionKind::Ui(_) | ExpressionKind::Fetch(_) => true,
            ExpressionKind::Bracket { base, .. } => self.is_foreign(base),
            ExpressionKind::Insert(_) => true,
            ExpressionKind::Method(method) => {
                let ast::Method { name, receiver, .. } = *self.script().part(method);
                let unknown = builtins::method(self.script().name(name.symbol)).is_none();
                unknown && self.is_foreign(receiver) || self.is_namespace(receiver)
            }
            _ => false,
        }
    }

    /// Whether an expression can only be the namespace of a function in another file: a dotted name that nothing assigns and
    /// that is not `input`.
    fn is_own_namespace(&mut self, id: ExpressionId) -> bool {
        !self.is_input_word(id)
            && self
                .namespace_path(id)
                .is_some_and(|path| !path.to_ascii_lowercase().starts_with("input."))
    }

    fn is_namespace(&mut self, id: ExpressionId) -> bool {
        self.namespace_path(id).is_some_and(|path| {
            let root = path.split('.').next().unwrap_or_default();
            FUNCTION_NAMESPACES.iter().any(|known| known.eq_ignore_ascii_case(root))
        })
    }

    /// A method that no built-in has: of Creator's records, a function of a namespace that another file defines, or a
    /// mistake.
    fn no_such_method(&mut self, receiver: ExpressionId, name: Name, arguments: &[Item], at: Span) -> Expression {
        let word = self.script().name(name.symbol);
        if RECORD_METHODS.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            self.arguments(arguments);
            let message = format!("`{word}` is a method of records and fields of Zoho Creator, which are not here");
            return unavailable(message, builtins::foreign(word), at);
        }
        if let Some(path) = self.namespace_path(receiver) {
            // `Form.Subform()` makes a row of a subform (deluge/help/miscellaneous/insert-subform-row.html); link names
            // of forms begin with a capital.
            if arguments.is_empty() && !path.contains('.') && path.starts_with(|first: char| first.is_ascii_uppercase())
            {
                let message = format!("a row of the subform `{path}.{word}` needs Zoho Creator, which is not here");
                return unavailable(message, builtins::meant(word), at);
            }
            return self.foreign_function(format!("{path}.{word}"), name, arguments, at);
        }
        let foreign = self.is_foreign(receiver);
        self.unknown_method(word, name.at, foreign);
        self.expression(receiver);
        self.arguments(arguments);
        Expression::Unavailable(Box::new(Unavailable {
            message: format!("Not able to find '{word}' function: there is no such method"),
            help: None,
            at: name.at,
            code: Code::UnknownMethod,
        }))
    }

    /// A function of a namespace that no loaded file defines. Zoho keeps each function in a place of its own, so this is
    /// no mistake of the file; it fails when it is called. Where a library is loaded, it is one that the library lacks.
    fn foreign_function(&mut self, whole: String, name: Name, arguments: &[Item], at: Span) -> Expression {
        let word = self.script().name(name.symbol);
        let root = whole.split('.').next().unwrap_or_default();
        let certain = FUNCTION_NAMESPACES.iter().any(|known| known.eq_ignore_ascii_case(root));
        let no_method = !certain && builtins::method(word).is_none();
        let mut title = format!("Not able to find '{whole}' function: no loaded file defines it");
        let mut help = "load the file that defines it with `--lib DIR`".to_owned();
        if no_method {
            title.push_str(", and no value has such a method");
            help = builtins::meant(&whole).unwrap_or(help);
        }
        if no_method || self.units.len() > 1 {
            let diagnostic = Diagnostic::warning(Code::UnknownFunction, SourceId(self.unit as u16), name.at, title);
            self.diagnostics.push(diagnostic.help(help));
        }
        self.host_call(whole, name, arguments, at)
    }

    /// A call whose receiver is a dotted name that no variable begins; `None` where it is a method on an input after all.
    fn namespace_call(&mut self, path: &str, name: Name, arguments: &[Item], at: Span) -> Option<Expression> {
        let word = self.script().name(name.symbol);
        let whole = format!("{path}.{word}");
        if let Some((function, certain)) = self.function_of_path(&whole)
            && (certain || self.takes(function, arguments))
        {
            return Some(self.function_call(function, arguments, at));
        }
        if let Some(builtin) = builtins::function(&whole) {
            return Some(self.builtin_call(builtin, name, arguments, at));
        }
        let root = path.split('.').next().unwrap_or_default();
        let is_namespace = FUNCTION_NAMESPACES.iter().any(|known| known.eq_ignore_ascii_case(root));
        if self.options.host.knows(&whole) || root.eq_ignore_ascii_case("zoho") && builtins::variable(path).is_none() {
            return Some(self.host_call(whole, name, arguments, at));
        }
        if self.options.host.knows_namespace(root) && builtins::method(word).is_none() {
            self.unknown_function(&whole, name.at);
            self.arguments(arguments);
            return Some(Expression::Null);
        }
        if builtins::variable(path).is_some() || !is_namespace {
            return None;
        }
        if path.to_ascii_lowercase().starts_with("thisapp.permissions") {
            self.arguments(arguments);
            return Some(unavailable(
                format!("`{whole}` needs Zoho Creator, which is not here"),
                None,
                at,
            ));
        }
        Some(self.foreign_function(whole, name, arguments, at))
    }

    /// The function of a dotted name: as defined, without the name of the application before it, or by its last word
    /// where only one function has it. The flag says whether the name leaves no doubt.
    fn function_of_path(&self, whole: &str) -> Option<(FunctionId, bool)> {
        let mut rest = whole;
        loop {
            if let Some(function) = self.by_path.get(rest) {
                return Some((*function, rest.contains('.')));
            }
            match rest.split_once('.') {
                Some((_, shorter)) => rest = shorter,
                None => break,
            }
        }
        let root = whole.split('.').next().unwrap_or_default();
        let named = FUNCTION_NAMESPACES.iter().any(|known| known.eq_ignore_ascii_case(root));
        let last = whole.rsplit('.').next().unwrap_or_default();
        if named && !root.eq_ignore_ascii_case("zoho") {
            self.by_name
                .get(last)
                .copied()
                .flatten()
                .map(|function| (function, false))
        } else {
            None
        }
    }

    fn function_call(&mut self, id: FunctionId, arguments: &[Item], at: Span) -> Expression {
        self.scope.call(id);
        let (resolved, pairs) = self.arguments(arguments);
        let function = self.program.function(id);
        let wanted = function.parameters.len();
        if pairs || resolved.len() != wanted {
            let given = resolved.len();
            let name = function.name.clone();
            let (source, header) = (function.source, function.at);
            let diagnostic = self
                .error(
                    Code::ArgumentCount,
                    at,
                    format!("Number of Arguments mismatches for the function {name}: it takes {wanted}, not {given}"),
                )
                .label(format!("{} given", plural(given, "argument")))
                .also(source, header, "defined here")
                .help(format!("call it with {}", plural(wanted, "argument")));
            self.diagnostics.push(diagnostic);
            return Expression::Null;
        }
        Expression::Call(Box::new(Call {
            function: id,
            arguments: resolved,
            at,
        }))
    }

    fn builtin_call(&mut self, builtin: &'static Builtin, name: Name, arguments: &[Item], at: Span) -> Expression {
        let (resolved, pairs) = self.arguments(arguments);
        if !builtin.takes(arguments.len()) {
            self.wrong_count(builtin.name, arguments.len(), name.at, &builtin.signature());
            return Expression::Null;
        }
        Expression::Builtin(Box::new(BuiltinCall {
            builtin,
            arguments: resolved,
            pairs,
            at,
        }))
    }

    /// A built-in variable, which is called without arguments.
    pub(super) fn builtin_variable(&mut self, builtin: &'static Builtin, at: Span) -> Expression {
        Expression::Builtin(Box::new(BuiltinCall {
            builtin,
            arguments: Box::default(),
            pairs: false,
            at,
        }))
    }

    fn method_call(
        &mut self,
        (group, name): (&'static MethodGroup, Name),
        receiver: ExpressionId,
        arguments: &[Item],
        at: Span,
    ) -> Expression {
        let is_foreign = self.is_foreign(receiver);
        let receiver = self.value(receiver);
        let (resolved, pairs) = self.arguments(arguments);
        if !group.takes(arguments.len()) && matches!(receiver.value, Expression::Unavailable(_)) {
            return receiver.value;
        }
        if !group.takes(arguments.len()) {
            let signature = group.variants().next().map(Builtin::signature).unwrap_or_default();
            self.wrong_count(group.name, arguments.len(), name.at, &signature);
            if let Some(last) = self.diagnostics.last_mut().filter(|_| is_foreign) {
                last.severity = Severity::Warning;
            }
            return Expression::Unavailable(Box::new(Unavailable {
                message: format!("Number of Arguments mismatches for the function {}", group.name),
                help: Some(format!("call it as `{signature}`")),
                at,
                code: Code::ArgumentCount,
            }));
        }
        let quick = if pairs {
            Quick::No
        } else {
            quick(group.name, resolved.len())
        };
        Expression::Method(Box::new(Method {
            group,
            quick,
            pairs,
            fits: group.variants().all(|builtin| builtin.takes(arguments.len())),
            key: self.short_key(&resolved),
            near: Near::default(),
            item: item(quick, &receiver.value, &resolved),
            receiver,
            arguments: resolved,
            at,
        }))
    }

    /// The only argument, where it is a literal text that is short enough for the place of a key.
    fn short_key(&self, arguments: &[Expression]) -> Option<ShortText> {
        match arguments {
            [Expression::Constant(id)] => match &self.program.constants[id.0 as usize] {
                Constant::Text(text) => ShortText::new(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// A function of the host, or one that only a host could have: it fails when it is called where there is none.
    fn host_call(&mut self, whole: String, name: Name, arguments: &[Item], at: Span) -> Expression {
        let (resolved, _) = self.arguments(arguments);
        if let Some(signature) = self.options.host.signature(&whole)
            && !signature.takes(arguments.len())
        {
            self.wrong_count(&signature.name, arguments.len(), name.at, &signature.call_form());
            return Expression::Null;
        }
        Expression::HostCall(Box::new(HostCall {
            name: whole,
            arguments: resolved,
            at,
        }))
    }

    /// Arguments in order; pairs become key, value, key, value, and the flag says so.
    pub(super) fn arguments(&mut self, items: &[Item]) -> (Box<[Expression]>, bool) {
        let paired = items.iter().filter(|item| item.key.is_some()).count();
        if paired != 0 && paired != items.len() {
            let at = items
                .first()
                .map_or(Span::default(), |item| self.script().expression(item.value).at);
            let help = "give either `key : value` pairs or plain values".to_owned();
            self.report(
                Code::MisplacedStatement,
                at,
                "pairs and plain values stand side by side",
                Some(help),
            );
        }
        let mut resolved = Vec::with_capacity(items.len() + paired);
        for item in items {
            resolved.extend(item.key.map(|key| self.expression(key)));
            resolved.push(self.expression(item.value));
        }
        (resolved.into_boxed_slice(), paired == items.len() && paired != 0)
    }

    fn wrong_count(&mut self, name: &str, given: usize, at: Span, signature: &str) {
        let given = plural(given, "argument");
        let title = format!("Number of Arguments mismatches for the function {name}: it does not take {given}");
        let diagnostic = self.error(Code::ArgumentCount, at, title);
        self.diagnostics.push(
            diagnostic
                .label(format!("{given} given"))
                .help(format!("call it as `{signature}`")),
        );
    }

    fn unknown_function(&mut self, word: &str, at: Span) {
        let known = self.by_path.keys().map(|path| &**path);
        let builtin = builtins::all().map(|builtin| builtin.name);
        let host = self.options.host.signatures();
        let host = host.iter().map(|signature| signature.name.as_str());
        let near = nearest(word, known.chain(builtin).chain(host))
            .map(|near| format!("there is a function of a similar name: `{near}`"));
        let help = builtins::foreign(word).or(near);
        let help =
            help.unwrap_or_else(|| "load the file that defines it with `--lib FOLDER`, or define it here".to_owned());
        let diagnostic = self.error(Code::UnknownFunction, at, format!("Not able to find '{word}' function"));
        self.diagnostics
            .push(diagnostic.label("no function has this name").help(help));
    }

    /// What comes from outside may have methods of its own, so it gets a warning only.
    fn unknown_method(&mut self, word: &str, at: Span, is_foreign: bool) {
        let title = format!("Not able to find '{word}' function: there is no such method");
        let mut diagnostic = self.error(Code::UnknownMethod, at, title);
        if is_foreign {
            diagnostic.severity = Severity::Warning;
        }
        self.diagnostics.push(
            diagnostic
                .label("no value has this method")
                .help_if(builtins::meant(word)),
        );
    }

    /// Reports a void function whose value is used.
    pub(super) fn refuse_void(&mut self, expression: &Expression, at: Span) {
        if let Expression::Call(call) = expression
            && self.program.function(call.function).is_void
        {
            let function = self.program.function(call.function);
            let name = function.name.clone();
            let (source, header) = (function.source, function.at);
            let diagnostic = self
                .error(
                    Code::VoidAsValue,
                    at,
                    format!("{name} function cant be assigned to variable or used in expression: it is void"),
                )
                .also(source, header, "defined here as void")
                .help("call it as a statement of its own, or give it a return type");
            self.diagnostics.push(diagnostic);
        }
    }
}

/// The method that the interpreter does itself.
fn quick(name: &str, arguments: usize) -> Quick {
    match (name.to_ascii_lowercase().as_str(), arguments) {
        ("get", 1) => Quick::Get,
        ("put", 2) => Quick::Put,
        ("add", 1) => Quick::Add,
        ("size", 0) => Quick::Size,
        ("containkey" | "containskey", 1) => Quick::ContainKey,
        ("keys", 0) => Quick::Keys,
        _ => Quick::No,
    }
}

/// The variables of `x.get(y)`, where both are variables.
fn item(quick: Quick, receiver: &Expression, arguments: &[Expression]) -> Option<(Slot, Slot)> {
    match (quick, receiver, arguments) {
        (Quick::Get, Expression::Slot(list), [Expression::Slot(index)]) => Some((*list, *index)),
        _ => None,
    }
}

impl Method {
    /// The result is assigned to this variable: a text that is the variable's own may grow in place.
    pub(super) fn note_target(&mut self, slot: Slot) {
        let own = matches!(self.receiver.value, Expression::Slot(receiver) if receiver == slot);
        if own && self.group.name.eq_ignore_ascii_case("concat") && self.arguments.len() == 1 && !self.pairs {
            self.quick = Quick::Concat;
        }
    }
}

/// A count with its noun.
pub(super) fn plural(count: usize, noun: &str) -> String {
    match count {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}
