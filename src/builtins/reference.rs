//! The reference of all built-ins, out of their tables: for terminals, as Markdown, as JSON.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use super::{Builtin, Example, Form, Param, Returns, all, families};

/// The host of the help pages.
const PAGES: &str = "https://www.zoho.com/";

/// The built-ins whose name or description has a word, those named so first, whatever the letter case. Several words
/// have to be there all.
pub fn search(words: &str) -> Vec<&'static Builtin> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let has = |text: &str| {
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let names = |builtin: &Builtin| format!("{} {}", builtin.name, builtin.aliases.join(" "));
    let told = |builtin: &Builtin| format!("{} {} {}", names(builtin), builtin.signature(), builtin.doc);
    let named = all().filter(|builtin| has(&names(builtin)));
    let described = all().filter(|builtin| !has(&names(builtin)) && has(&told(builtin)));
    named.chain(described).collect()
}

/// One built-in as lines for a terminal: how it is called, what it does, examples, where Zoho describes it.
pub fn page(builtin: &Builtin, width: usize) -> String {
    let mut text = builtin.signature();
    text.push_str(&result_of(builtin));
    text.push('\n');
    for line in call_forms(builtin) {
        _ = writeln!(text, "{line}");
    }
    for line in wrapped(builtin.doc, width) {
        _ = writeln!(text, "  {line}");
    }
    for example in builtin.examples {
        text.push('\n');
        for line in example_lines(example) {
            _ = writeln!(text, "  {line}");
        }
    }
    _ = write!(text, "\n  See {PAGES}{}", builtin.source);
    text
}

/// The whole reference as Markdown.
pub fn markdown() -> String {
    let mut text = String::from(
        "# Built-ins\n\nEvery method, function and variable that scripts may use, by family. Names match whatever their \\
letter case. A method may be called as a function of its receiver as well: `trim(x)` is `x.trim()`.\n",
    );
    for family in families() {
        _ = write!(text, "\n## {}\n", family.title);
        for builtin in family.members() {
            section(&mut text, builtin);
        }
    }
    text
}

fn section(text: &mut String, builtin: &Builtin) {
    _ = write!(
        text,
        "\n### {}\n\n`{}{}`\n\n",
        builtin.name,
        builtin.signature(),
        result_of(builtin)
    );
    _ = writeln!(text, "{}", builtin.doc);
    let forms: Vec<String> = call_forms(builtin);
    if !forms.is_empty() {
        _ = writeln!(text, "\nIt works {}.", forms.join("; it is "));
    }
    text.push_str("\n```\n");
    for (index, example) in builtin.examples.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        for line in example_lines(example) {
            _ = writeln!(text, "{line}");
        }
    }
    _ = write!(text, "```\n\n[Help page]({PAGES}{})\n", builtin.source);
}

/// One built-in as JSON: what [`Builtin`] holds, with kinds by their names.
pub fn to_json(builtin: &Builtin) -> Json {
    let param = |param: &Param| {
        json!({
            "name": param.name,
            "kind": param.kind.map(|kind| kind.name()),
            "optional": param.optional,
            "repeats": param.repeats,
        })
    };
    let form = match builtin.form {
        Form::Method => "method",
        Form::Function => "function",
        Form::Variable => "variable",
    };
    let returns = match builtin.returns {
        Returns::Kind(kind) => Some(kind.name()),
        Returns::Any => Some("any"),
        Returns::Nothing => None,
    };
    let example = |example: &Example| json!({ "script": example.script(), "prints": example.prints });
    json!({
        "name": builtin.name,
        "aliases": builtin.aliases,
        "form": form,
        "receivers": builtin.receivers.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        "signature": builtin.signature(),
        "params": builtin.params.iter().map(param).collect::<Vec<_>>(),
        "returns": returns,
        "doc": builtin.doc,
        "examples": builtin.examples.iter().map(example).collect::<Vec<_>>(),
        "source": format!("{PAGES}{}", builtin.source),
    })
}

fn result_of(builtin: &Builtin) -> String {
    match builtin.returns {
        Returns::Kind(kind) => format!(" -> {}", kind.name()),
        Returns::Any => " -> any".to_owned(),
        Returns::Nothing => String::new(),
    }
}

/// On which kinds it works, where there are several, and its other names.
fn call_forms(builtin: &Builtin) -> Vec<String> {
    let mut lines = Vec::new();
    if builtin.receivers.len() > 1 {
        let kinds: Vec<&str> = builtin.receivers.iter().map(|kind| kind.name()).collect();
        lines.push(format!("on {}", kinds.join(", ")));
    }
    if !builtin.aliases.is_empty() {
        lines.push(format!("also written {}", builtin.aliases.join(", ")));
    }
    lines
}

fn example_lines(example: &Example) -> Vec<String> {
    let script = example.script();
    let printed = example.prints.lines().map(|line| format!("// {line}"));
    script.lines().map(str::to_owned).chain(printed).collect()
}

/// Lines of at most `width` characters, broken at blanks.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtins::find;

    #[test]
    fn names_come_before_descriptions_and_all_words_have_to_be_there() {
        let found = |words: &str| search(words).iter().map(|builtin| builtin.name).collect::<Vec<_>>();
        assert_eq!(found("md5"), ["zoho.encryption.md5"]);
        assert_eq!(found("LEFTPAD"), ["leftpad"]);
        let prefixes = found("prefix");
        assert_eq!(prefixes[..2], ["getPrefix", "getPrefixIgnoreCase"]);
        assert!(found("business hours").contains(&"addBusinessHour"));
        assert!(found("nothing of the kind").is_empty());
    }

    #[test]
    fn a_built_in_is_found_on_each_of_its_kinds() {
        for name in [
            "map.put",
            "KEY-VALUE.put",
            "date.addDay",
            "datetime.addday",
            "number.abs",
            "text.abs",
            "zoho.encryption.md5",
        ] {
            assert!(!find(name).is_empty(), "{name}");
        }
        assert!(find("map.abs").is_empty() && find("text.").is_empty() && find("é.put").is_empty());
        assert_eq!(find("map.put")[0].signature(), "map.put(key, value)");
    }

    #[test]
    fn the_reference_has_a_section_for_each() {
        let markdown = markdown();
        for builtin in all() {
            assert!(
                markdown.contains(&format!("\n### {}\n", builtin.name)),
                "{}",
                builtin.name
            );
            assert!(page(builtin, 96).contains(builtin.examples[0].code), "{}", builtin.name);
        }
        assert_eq!(markdown.matches("\n### ").count(), all().count());
    }
}
