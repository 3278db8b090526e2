//! What people write who come from another language, and what Deluge has instead.

/// A word that begins a statement in another language, where Deluge knows no statement that begins with a name.
pub(super) struct Foreign {
    word: &'static str,
    /// What to write instead.
    pub(super) help: &'static str,
    /// Whether the block behind it makes sense only in the other language too.
    pub(super) takes_block: bool,
}

const fn word(word: &'static str, help: &'static str) -> Foreign {
    Foreign {
        word,
        help,
        takes_block: false,
    }
}

const fn block(word: &'static str, help: &'static str) -> Foreign {
    Foreign {
        word,
        help,
        takes_block: true,
    }
}

const ASSIGN: &str = "a variable begins with its first assignment: `name = value;`";
const REMOVE: &str = "remove this word";
const LOAD: &str = "remove the line; functions of other files are loaded with `--lib FOLDER` and called by name";
const PRINT: &str = "write `info value;` to print a value";
const LADDER: &str = "write `if(x == 1) { ... } else if(x == 2) { ... } else { ... }`";
const WALK: &str = "walk a list with `for each x in list { ... }`";
const FOR_EACH: &str = "write `for each x in list { ... }`";
const ELSE_IF: &str = "write `else if(condition) { ... }`";
const BRACE: &str = "end a block with `}`";

/// In order, in lower case.
const STATEMENTS: [Foreign; 47] = [
    word("assert", "write `if(!condition) { throw \"...\"; }`"),
    block("async", "remove it: every statement waits until the one before is done"),
    word("await", "remove it: every statement waits until the one before is done"),
    block("case", LADDER),
    block(
        "class",
        "keep what belongs together in a map, and write functions beside each other",
    ),
    word("const", ASSIGN),
    word("del", "write `m.removeKey(key);` or `l.remove(index);`"),
    block("do", WALK),
    word("echo", PRINT),
    word("elif", ELSE_IF),
    word("elseif", ELSE_IF),
    word("elsif", ELSE_IF),
    word("end", BRACE),
    word("except", "write `try { ... } catch (e) { ... }`"),
    word("export", REMOVE),
    word("final", ASSIGN),
    word(
        "finally",
        "write behind the `catch` block what has to happen in any case",
    ),
    word("foreach", FOR_EACH),
    word("from", LOAD),
    word(
        "global",
        "remove the line: give the value to the function as an argument",
    ),
    word("import", LOAD),
    word("include", LOAD),
    block("interface", "write functions beside each other"),
    word("let", ASSIGN),
    word("local", ASSIGN),
    block("loop", WALK),
    block("match", LADDER),
    word("package", LOAD),
    word("print", PRINT),
    word("printf", PRINT),
    word("println", PRINT),
    word("private", REMOVE),
    word("protected", REMOVE),
    word("public", REMOVE),
    word("puts", PRINT),
    word("raise", "write `throw \"...\";`"),
    block("repeat", WALK),
    word("require", LOAD),
    word("static", REMOVE),
    block("switch", LADDER),
    word("unless", "write `if(!condition) { ... }`"),
    block("until", WALK),
    word("use", LOAD),
    word("using", LOAD),
    word("var", ASSIGN),
    word("with", "assign the value to a variable first"),
    word("yield", "add the value to a list, and return the list"),
];

/// What a statement of another language begins with.
pub(super) fn statement(word: &str) -> Option<&'static Foreign> {
    let word = word.to_ascii_lowercase();
    let found = STATEMENTS
        .binary_search_by_key(&word.as_str(), |foreign| foreign.word)
        .ok()?;
    Some(&STATEMENTS[found])
}

/// Whether a function begins so in another language.
pub(in crate::syntax) fn begins_function(word: &str) -> bool {
    ["function", "def", "fn", "func", "fun", "sub", "proc", "procedure"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
}

/// What stands for a word of another language before a value.
pub(super) fn before_value(word: &str, value: &str) -> Option<String> {
    Some(match word {
        "new" => format!("call it without `new`: `{value}(...)`"),
        "await" => "remove it: a call waits for its result".to_owned(),
        "typeof" => "ask with `isText(value)`, `isNumber(value)` or `isDate(value)`".to_owned(),
        "lambda" => "write a function with a name of its own".to_owned(),
        _ => return None,
    })
}

/// What stands for a word of another language between two values.
pub(super) fn between_values(word: &str) -> Option<&'static str> {
    Some(match word {
        "mod" => "write `%`",
        "div" => "write `/`, and `.floor()` behind it in parentheses",
        "eq" => "write `==`",
        "ne" | "neq" => "write `!=`",
        "lt" => "write `<`",
        "le" | "lte" => "write `<=`",
        "gt" => "write `>`",
        "ge" | "gte" => "write `>=`",
        "instanceof" => "ask with `isText(value)`, `isNumber(value)` or `isDate(value)`",
        "as" => "convert with a method: `toString()`, `toNumber()`, `toDate()`",
        _ => return None,
    })
}

/// What stands for a sign of another language.
pub(super) fn sign(sign: &str) -> Option<(&'static str, &'static str)> {
    Some(match sign {
        "->" | "=>" => (
            "arrow functions",
            "write a function with a name of its own, and walk a list with `for each`",
        ),
        "===" => ("`===`", "write `==`"),
        "!==" => ("`!==`", "write `!=`"),
        "<>" => ("`<>`", "write `!=`"),
        "=<" => ("`=<`", "write `<=`"),
        ":=" => ("`:=`", "write `=`"),
        "**" => ("`**`", "write `x.power(y)`"),
        "^" => ("`^`", "write `x.power(y)` for a power"),
        "??" => ("`??`", "write `ifNull(a, b)`"),
        "$" => ("`$` before a name", "write the name alone; join texts with `+`"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_in_order_and_found_without_regard_to_case() {
        assert!(STATEMENTS.windows(2).all(|pair| pair[0].word < pair[1].word));
        assert!(statement("Switch").is_some_and(|foreign| foreign.takes_block));
        assert!(statement("info").is_none());
    }
}
