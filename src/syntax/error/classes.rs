//! Lists of expected tokens in words: sixteen tokens that may begin a value are "a value".

/// The classes that a list of expected tokens comes down to.
pub(super) fn classes(expected: &[String]) -> Vec<String> {
    let names: Vec<&str> = expected.iter().map(|name| name.trim_matches('"')).collect();
    let has = |name: &str| names.contains(&name);
    let statement = has("return");
    let value = has("a text");
    let operator = has("*") || has("+=");
    let mut classes: Vec<String> = Vec::new();
    if statement {
        classes.push("a statement".to_owned());
    } else if value {
        classes.push("a value".to_owned());
    }
    if operator {
        classes.push("an operator".to_owned());
    }
    for name in names {
        let covered = statement && is_statement_start(name)
            || (value || statement) && is_value_start(name)
            || operator && is_operator(name);
        if !covered {
            let sign = name
                .split(" of ")
                .next()
                .unwrap_or(name)
                .split(" behind")
                .next()
                .unwrap_or(name);
            let quoted = if sign.starts_with("a ") || sign.starts_with("an ") {
                sign.to_owned()
            } else {
                format!("'{sign}'")
            };
            if !classes.contains(&quoted) {
                classes.push(quoted);
            }
        }
    }
    classes
}

fn is_value_start(name: &str) -> bool {
    matches!(
        name,
        "a name"
            | "a number"
            | "a decimal"
            | "a text"
            | "a quoted text"
            | "true"
            | "false"
            | "null"
            | "("
            | "[ of a list"
    ) || matches!(
        name,
        "{ of a literal"
            | "+"
            | "-"
            | "!"
            | "if"
            | "insert into"
            | "a task"
            | "a container"
            | "a label"
            | "a template to attach"
    )
}

fn is_operator(name: &str) -> bool {
    matches!(
        name,
        "+" | "-" | "*" | "/" | "%" | "==" | "= that compares" | "!=" | "<" | "<=" | ">" | ">=" | "&&" | "||"
    ) || matches!(
        name,
        "in" | "not in" | "is" | "is not" | "a criterion" | "[ behind a value" | ":ui" | "." | "="
    ) || matches!(name, "+=" | "-=" | "*=" | "/=" | "%=" | "sort by" | "range from")
}

fn is_statement_start(name: &str) -> bool {
    matches!(
        name,
        ";" | "{" | "if" | "for each" | "while" | "try" | "return" | "info" | "throw" | "break" | "continue"
    ) || matches!(
        name,
        "a field command" | "a message command" | "cancel" | "delete from" | "a type" | "}"
    )
}

/// `a`, `a or b`, `a, b or c`; a long list is cut.
pub(super) fn join(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().take(5).map(String::as_str).collect();
    match parts.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
