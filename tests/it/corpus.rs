//! The scripts under `tests/corpus`: what they print (`run`), the messages they provoke (`errors`), and those that there is
//! nothing to say of (`clean`).
//!
//! Each script's first line names the page that its behaviour comes from; a second line `// Run with: ` adds arguments. `DG_BLESS=1 cargo test --test it corpus`
//! rewrites the expectations; whoever does so reads the difference.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::support::{Dg, root};

/// The scripts of a corpus folder, in order.
fn scripts(folder: &str) -> Vec<PathBuf> {
    let folder = root().join("tests/corpus").join(folder);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut scripts: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "dg"))
        .collect();
    scripts.sort();
    scripts
}

/// What differs between a file and what it should hold; rewrites it where that is asked for.
fn difference(expectation: &Path, actual: &str) -> Option<String> {
    let expected = std::fs::read_to_string(expectation).unwrap_or_default();
    if expected == actual {
        return None;
    }
    if std::env::var_os("DG_BLESS").is_some() {
        std::fs::write(expectation, actual).expect("the expectation is written");
        return None;
    }
    Some(format!(
        "{}\n--- expected\n{expected}--- actual\n{actual}",
        expectation.display()
    ))
}

fn relative(path: &Path) -> &str {
    path.strip_prefix(root())
        .expect("a path of the package")
        .to_str()
        .expect("an ASCII path")
}

/// The arguments that a script asks for.
fn arguments(script: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(script).expect("a script");
    let asked = text.lines().nth(1).and_then(|line| line.strip_prefix("// Run with: "));
    asked
        .map(|asked| asked.split(' ').map(str::to_owned).collect())
        .unwrap_or_default()
}

#[test]
fn every_script_prints_what_its_expectation_says() {
    let mut failures = Vec::new();
    for script in scripts("run") {
        let done = Dg::new("run")
            .args([
                relative(&script),
                "--now",
                "2024-02-29T10:30:00Z",
                "--timezone",
                "UTC",
                "--as",
                "amy",
            ])
            .arg("--offline")
            .args(arguments(&script))
            .run();
        let mut actual = done.stdout;
        if done.status != 0 {
            _ = write!(actual, "exit {}\n{}", done.status, done.stderr);
        }
        failures.extend(difference(&script.with_extension("out"), &actual));
    }
    assert!(
        failures.is_empty(),
        "{} differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn every_message_reads_as_reviewed() {
    let mut failures = Vec::new();
    for script in scripts("errors") {
        let done = Dg::new("run")
            .args([relative(&script), "--offline", "--error-format", "plain"])
            .args(arguments(&script))
            .run();
        let actual = format!("{}exit {}\n", done.stderr, done.status);
        failures.extend(difference(&script.with_extension("txt"), &actual));
    }
    assert!(
        failures.is_empty(),
        "{} differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// Scripts written after the shape of public ones that Zoho runs: each checks without an error and without a warning.
/// Names that their services supply stand in a line `// Inputs: `.
#[test]
fn nothing_is_said_of_scripts_that_run_at_zoho() {
    let mut failures = Vec::new();
    for script in scripts("clean") {
        let text = std::fs::read_to_string(&script).expect("a script");
        let inputs = text.lines().nth(1).and_then(|line| line.strip_prefix("// Inputs: "));
        for profile in ["standard", "creator"] {
            let done = Dg::new("check")
                .args([relative(&script), "--inputs", inputs.unwrap_or("none")])
                .args(["--profile", profile, "--deny-warnings", "--error-format", "plain"])
                .run();
            if done.status != 0 {
                failures.push(format!(
                    "{} as {profile}\n{}{}",
                    script.display(),
                    done.stderr,
                    done.stdout
                ));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} files:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn every_script_names_where_its_behaviour_comes_from() {
    let nameless = |script: &PathBuf| {
        let text = std::fs::read_to_string(script).expect("a script");
        !text.lines().next().is_some_and(|line| line.starts_with("// Source: "))
    };
    let found: Vec<PathBuf> = scripts("run")
        .into_iter()
        .chain(scripts("errors"))
        .chain(scripts("clean"))
        .filter(nameless)
        .collect();
    assert!(found.is_empty(), "without `// Source: ` in the first line: {found:?}");
}

#[test]
fn no_expectation_is_left_without_its_script() {
    for (folder, ending) in [("run", "out"), ("errors", "txt")] {
        let entries = std::fs::read_dir(root().join("tests/corpus").join(folder)).expect("a folder");
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            let orphan = path.extension().is_some_and(|found| found == ending) && !path.with_extension("dg").exists();
            assert!(!orphan, "{} has no script", path.display());
        }
    }
}
