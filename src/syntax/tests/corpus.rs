//! The scripts under `tests/corpus/parse`, each with the tree it has to give: one line for each function and statement.

use std::fs;
use std::path::{Path, PathBuf};

use super::read;
use crate::diagnostic::Severity;
use crate::syntax::dump;

fn scripts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/parse");
    let entries = fs::read_dir(folder).expect("the corpus");
    let mut scripts: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "dg"))
        .collect();
    scripts.sort();
    scripts
}

#[test]
fn every_script_gives_the_tree_beside_it() {
    let bless = std::env::var_os("DG_BLESS").is_some();
    for script in scripts() {
        let text = fs::read_to_string(&script).expect("a script");
        let parsed = read(&text);
        let errors: Vec<_> = parsed
            .diagnostics
            .iter()
            .filter(|told| told.severity == Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", script.display());
        let tree = dump::parts(&text, &parsed.script).join("\n") + "\n";
        let expectation = script.with_extension("tree");
        if bless {
            fs::write(&expectation, &tree).expect("the expectation is written");
        }
        let expected = fs::read_to_string(&expectation).unwrap_or_default();
        assert_eq!(tree, expected, "{}", script.display());
    }
}

#[test]
fn every_script_names_where_it_comes_from() {
    for script in scripts() {
        let text = fs::read_to_string(&script).expect("a script");
        assert!(text.starts_with("// Source: "), "{}", script.display());
    }
}

#[test]
fn every_script_survives_printing() {
    for script in scripts() {
        super::printed::check(&fs::read_to_string(&script).expect("a script"));
    }
}
