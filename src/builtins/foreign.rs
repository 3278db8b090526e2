//! What people mean by a name of another language.

/// Names of other languages, in lower case, with what to write instead.
const FOREIGN_NAMES: &[(&str, &str)] = &[
    ("adddays", "`addDay(n)` moves a date by days"),
    ("addhours", "`addHour(n)` moves a time by hours"),
    ("addmonths", "`addMonth(n)` moves a date by months"),
    ("addyears", "`addYear(n)` moves a date by years"),
    ("append", "`add(value)` adds to a list, `+` joins texts"),
    ("array", "`List()` makes a list"),
    ("capitalize", "`proper()` begins each word with a capital"),
    ("charat", "`subString(i, i + 1)` gives one character"),
    ("count", "`size()` counts elements"),
    (
        "days",
        "`daysBetween(a, b)` counts the days from one date to another; their difference is in milliseconds",
    ),
    ("dict", "`Map()` makes a map"),
    (
        "entries",
        "`keys()` lists the keys of a map, `get(key)` gives each value",
    ),
    ("extend", "`addAll(list)` adds the elements of another list"),
    (
        "filter",
        "walk the list with `for each` and `add(value)` what fits to another one",
    ),
    (
        "find",
        "`indexOf(value)` finds a place, `contains(value)` asks whether it is there",
    ),
    ("foreach", "write `for each x in list { ... }`"),
    ("format", "`toString(pattern)` formats numbers and dates"),
    (
        "getclass",
        "`isText(value)`, `isNumber(value)` and `isDate(value)` ask for a type",
    ),
    (
        "getmessage",
        "`e.message` is what an error says, `e.lineNo` where it came from",
    ),
    ("gettime", "`toLong()` gives the milliseconds of a date"),
    ("has", "`containKey(key)` asks for a key"),
    ("haskey", "`containKey(key)` asks for a key"),
    ("hasownproperty", "`containKey(key)` asks for a key"),
    ("includes", "`contains(value)` asks for a part"),
    ("islist", "`toString()` and `startsWith(\"[\")` tell a list"),
    ("ismap", "`toString()` and `startsWith(\"{\")` tell a map"),
    ("isset", "`isNull(value)` asks for null, `containKey(key)` for a key"),
    ("isstring", "`isText(value)` asks for a text"),
    ("join", "`toString(separator)` or `+` joins"),
    ("json_decode", "`toMap` and `toJSONList` read JSON"),
    ("json_encode", "`toString()` writes JSON"),
    ("keyset", "`keys()` lists the keys of a map"),
    ("lefttrim", "`ltrim()` trims on the left"),
    ("lower", "`toLowerCase()` gives small letters"),
    ("lpad", "`leftPad(width)` pads on the left"),
    (
        "merge",
        "`putAll(map)` adds the entries of another map, `addAll(list)` the elements of another list",
    ),
    ("now", "`zoho.currenttime` is the present time"),
    ("parse", "`toMap` and `toJSONList` read JSON"),
    ("parsefloat", "`toDecimal()` converts"),
    ("parseint", "`toLong()` or `toNumber()` converts"),
    ("pop", "`remove(index)` takes an element out of a list"),
    ("print", "`info` prints a value"),
    ("println", "`info` prints a value"),
    ("push", "`add(value)` adds to a list"),
    ("range", "walk a literal list such as `{1,2,3}` with `for each`"),
    ("replace", "`replaceAll(pattern, with)` replaces"),
    ("righttrim", "`rtrim()` trims on the right"),
    ("rpad", "`rightPad(width)` pads on the right"),
    ("set", "`put(key, value)` sets an entry of a map"),
    (
        "slice",
        "`subList(start, end)` cuts a list, `subString(start, end)` a text",
    ),
    ("split", "`toList(separator)` splits a text"),
    ("str", "`toString()` converts"),
    ("stringify", "`toString()` writes JSON"),
    ("strip", "`trim()` removes blanks at both ends"),
    ("substr", "`subString(start, end)` cuts a text"),
    ("toarray", "`toList()` converts"),
    ("toboolean", "compare with a text: `value == \"true\"`"),
    (
        "tocsv",
        "`toString(\"\\n\")` joins lines, `toFile(name)` makes a file of them",
    ),
    ("tofloat", "`toDecimal()` converts"),
    ("toint", "`toLong()` or `toNumber()` converts"),
    ("tointeger", "`toLong()` or `toNumber()` converts"),
    ("tojson", "`toString()` writes JSON"),
    ("toobject", "`toMap` reads JSON"),
    ("totitlecase", "`proper()` begins each word with a capital"),
    (
        "typeof",
        "`isText(value)`, `isNumber(value)` and `isDate(value)` ask for a type",
    ),
    ("upper", "`toUpperCase()` gives capitals"),
    ("urlencode", "`encodeUrl(text)` escapes a text for a URL"),
    (
        "values",
        "`keys()` lists the keys of a map, `get(key)` gives each value",
    ),
];

/// What to write instead of `word`, where another language has it.
pub fn foreign(word: &str) -> Option<String> {
    let word = word.to_ascii_lowercase();
    let found = FOREIGN_NAMES
        .binary_search_by_key(&word.as_str(), |(name, _)| name)
        .ok()?;
    Some(FOREIGN_NAMES[found].1.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtins;

    #[test]
    fn the_names_are_in_order_and_what_stands_for_them_exists() {
        assert!(FOREIGN_NAMES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (name, help) in FOREIGN_NAMES {
            let quoted = help.split('`').skip(1).step_by(2);
            for word in quoted.filter(|quoted| quoted.contains('(')) {
                let word = word.split('(').next().unwrap_or_default();
                let known = builtins::method(word).is_some() || builtins::function(word).is_some();
                assert!(known, "{name}: `{word}` is no built-in");
            }
        }
    }

    #[test]
    fn a_name_is_found_without_regard_to_case() {
        assert_eq!(foreign("Split").as_deref(), Some("`toList(separator)` splits a text"));
        assert_eq!(foreign("frobnicate"), None);
    }
}
