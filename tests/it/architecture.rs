//! The shape of the house: who may use whom, no I/O in the core, files of one idea.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::support::root;

/// The modules from the lowest layer to the highest; a module may name only those before it. See `src/README.md`.
const LAYERS: &[&str] = &[
    "source",
    "diagnostic",
    "syntax",
    "value",
    "host",
    "exchange",
    "builtins",
    "tasks",
    "resolve",
    "interpret",
    "connections",
    "system",
    "runtime",
    "session",
    "bots",
    "tools",
    "cli",
];

/// Pairs that stand in the right order and still may not meet.
const STRANGERS: &[(&str, &str)] = &[
    ("connections", "interpret"),
    ("connections", "resolve"),
    ("connections", "builtins"),
    ("connections", "syntax"),
    ("system", "interpret"),
    ("system", "resolve"),
    ("system", "builtins"),
    ("system", "connections"),
];

/// The last layer that may not do I/O.
const CORE: &str = "interpret";

/// What the core may not name.
const FORBIDDEN: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "SystemTime",
    "println!",
    "eprintln!",
    "thread::sleep",
    "stdout()",
    "stderr()",
    "stdin()",
];

/// Files over 600 lines, each with its reason.
const LONG_FILES: &[(&str, &str)] = &[
    ("src/syntax/parser.rs", "the actions of the one grammar"),
    ("src/resolve/program.rs", "the nodes of the one running tree"),
    (
        "src/builtins/collection.rs",
        "a table of built-ins with their documentation",
    ),
];

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![root().join("src")];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The module of a file: the folder or file right under `src`. Crate roots have none.
fn module_of(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(root().join("src")).expect("a path under src");
    let first = inside.components().next()?.as_os_str().to_string_lossy().into_owned();
    let name = first.trim_end_matches(".rs").to_owned();
    (name != "lib" && name != "main").then_some(name)
}

fn is_test(path: &Path) -> bool {
    let parts: Vec<String> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    parts
        .iter()
        .any(|part| part == "tests" || part == "tests.rs" || part == "testing.rs" || part.ends_with("_tests.rs"))
}

/// The lines of a file with their numbers, without comments and without its own test module.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    lines
        .take_while(|(_, line)| !line.starts_with("mod tests {"))
        .filter(|(_, line)| !line.starts_with("//"))
}

/// Every module of this crate that a line names.
fn named_modules(line: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (index, _) in line.match_indices("crate::") {
        let rest = &line[index + "crate::".len()..];
        let word = |text: &str| {
            text.chars()
                .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                .collect()
        };
        match rest.strip_prefix('{') {
            Some(group) => found.extend(group.split(',').map(|part| word(part.trim()))),
            None => _ = found.insert(word(rest)),
        }
    }
    found
}

fn rank(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == module)
}

fn complaints(path: &Path) -> Vec<String> {
    let Some(module) = module_of(path) else {
        return Vec::new();
    };
    let shown = path
        .strip_prefix(root())
        .expect("a path of the package")
        .display()
        .to_string();
    let Some(own) = rank(&module) else {
        return vec![format!("`{module}` ({shown}) has no place among the layers")];
    };
    let text = std::fs::read_to_string(path).expect("a source");
    let mut found = Vec::new();
    for (number, line) in code_lines(&text) {
        for other in named_modules(line) {
            let above = rank(&other).is_some_and(|rank| rank > own);
            let strange = STRANGERS.contains(&(module.as_str(), other.as_str()));
            if above || strange {
                found.push(format!(
                    "`{module}` may not use `{other}` ({shown}:{number}); see src/README.md"
                ));
            }
        }
        let io = FORBIDDEN.iter().find(|name| line.contains(**name));
        if let Some(name) = io.filter(|_| Some(own) <= rank(CORE)) {
            found.push(format!(
                "`{module}` may not do I/O: {name} ({shown}:{number}); see src/README.md"
            ));
        }
    }
    found
}

#[test]
fn layers_go_one_way_and_the_core_does_no_io() {
    let complaints: Vec<String> = sources()
        .iter()
        .filter(|path| !is_test(path))
        .flat_map(|path| complaints(path))
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn the_scan_sees_uses_in_every_form() {
    let found = named_modules("use crate::{host::Host, syntax}; crate::value::Value; pub(crate) fn f()");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["host", "syntax", "value"]);
}

#[test]
fn files_hold_one_idea() {
    let mut odd = Vec::new();
    for path in sources() {
        let text = std::fs::read_to_string(&path).expect("a source");
        let lines = text.lines().count();
        let shown = path
            .strip_prefix(root())
            .expect("a path of the package")
            .display()
            .to_string();
        if lines > 600 && LONG_FILES.iter().all(|(known, _)| *known != shown) {
            odd.push(format!(
                "{shown} has {lines} lines: several ideas, or a reason for LONG_FILES"
            ));
        }
        if text.trim().is_empty() {
            odd.push(format!("{shown} is empty"));
        }
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

#[test]
fn the_codemap_names_every_module() {
    let codemap = std::fs::read_to_string(root().join("src/README.md")).expect("the codemap");
    let modules: BTreeSet<String> = sources().iter().filter_map(|path| module_of(path)).collect();
    let missing: Vec<&String> = modules
        .iter()
        .filter(|module| !codemap.contains(&format!("`{module}`")))
        .collect();
    assert!(missing.is_empty(), "not in src/README.md: {missing:?}");
}

#[test]
fn the_codemap_gives_a_reason_for_every_dependency() {
    let codemap = std::fs::read_to_string(root().join("src/README.md")).expect("the codemap");
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let section = manifest
        .split("\n[dependencies]\n")
        .nth(1)
        .and_then(|rest| rest.split("\n[").next())
        .expect("dependencies");
    let names = section
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name);
    let missing: Vec<&str> = names.filter(|name| !codemap.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "without a reason in src/README.md: {missing:?}");
}
