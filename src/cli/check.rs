//! `dg check`: parses and resolves scripts and tells everything that is known before a run.

use std::path::Path;
use std::sync::Arc;

use super::arguments::CheckArguments;
use super::exit::{Exit, Stop};
use super::links::Links;
use super::print::{Channel, Out};
use super::{handler, sources};
use crate::bots::Handler;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::host::Settings;
use crate::resolve::program::Program;
use crate::runtime::Runtime;
use crate::source::{Location, SourceFile, SourceId};
use crate::syntax::{self, Profile};

/// What was found, over all files.
#[derive(Default)]
struct Tally {
    files: usize,
    errors: usize,
    warnings: usize,
    /// Files that could not be read; they count as errors too.
    unreadable: usize,
}

/// Checks every path; none stops the others.
pub(super) fn run(arguments: &CheckArguments, out: &Out) -> Result<Exit, Stop> {
    let mut tally = Tally::default();
    let mut files: Vec<String> = Vec::new();
    for path in &arguments.paths {
        match expand(path) {
            Ok(found) => files.extend(found),
            Err(stop) => tell_unreadable(&stop, &mut tally, out),
        }
    }
    let checker = Checker {
        arguments,
        links: Links::of(&arguments.store),
        libraries: sources::read_libraries(&arguments.libraries)?,
        handler: arguments.handler.as_deref().map(handler::handler).transpose()?,
        runtime: runtime(arguments.language.profile.into()),
    };
    for file in &files {
        match sources::read_script(file) {
            Ok(script) => {
                tally.files += 1;
                let (diagnostics, sources) = checker.check(script);
                tell(&diagnostics, &sources, &mut tally, out);
            }
            Err(stop) => tell_unreadable(&stop, &mut tally, out),
        }
        if out.is_broken() {
            return Ok(Exit::Done);
        }
    }
    out.talk(&tally.summary());
    Ok(tally.exit(arguments.deny_warnings))
}

/// The files that a path stands for.
fn expand(path: &str) -> Result<Vec<String>, Stop> {
    if path == "-" || !Path::new(path).is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let found = sources::scripts_in(Path::new(path))?;
    Ok(found
        .into_iter()
        .map(|path| path.to_string_lossy().into_owned())
        .collect())
}

fn runtime(profile: Profile) -> Runtime {
    let settings = Settings {
        profile,
        ..Settings::default()
    };
    Runtime::builder().settings(settings).build()
}

struct Checker<'a> {
    arguments: &'a CheckArguments,
    libraries: Vec<SourceFile>,
    /// The handler that the scripts are, whose arguments are supplied.
    handler: Option<&'static Handler>,
    runtime: Runtime,
    links: Links<'a>,
}

impl Checker<'_> {
    fn check(&self, script: SourceFile) -> (Vec<Diagnostic>, Vec<Arc<SourceFile>>) {
        if self.arguments.syntax_only {
            let profile = self.runtime.settings().profile;
            let parsed = syntax::parse(script.text(), SourceId(0), profile);
            return (parsed.diagnostics, vec![Arc::new(script)]);
        }
        let libraries = self.libraries.iter().filter(|library| library.name() != script.name());
        let libraries = libraries.map(|library| SourceFile::new(library.name(), library.text()));
        let libraries = libraries.collect();
        let (program, mut diagnostics) = self.runtime.check(script, libraries);
        // A library is told about when it is checked itself.
        diagnostics.retain(|diagnostic| diagnostic.at.is_none_or(is_in_the_script));
        let broken = diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error);
        if !broken {
            diagnostics.extend(self.possible_inputs(&program));
            let unknown = self.links.unknown(&program);
            diagnostics.extend(
                unknown
                    .into_iter()
                    .filter(|warning| warning.at.is_some_and(is_in_the_script)),
            );
            diagnostics.sort_by_key(|diagnostic| diagnostic.at.map(|at| at.span.start));
        }
        (diagnostics, program.sources)
    }

    /// A warning for each name that is read, never assigned, and not declared with `--inputs` (DECISIONS: 10).
    fn possible_inputs<'p>(&'p self, program: &'p Program) -> impl Iterator<Item = Diagnostic> + 'p {
        let declared = |name: &str| {
            let of_handler = self
                .handler
                .is_some_and(|handler| handler.inputs().any(|known| known == name));
            of_handler || self.arguments.inputs.iter().any(|known| known.trim() == name)
        };
        let unknown = program
            .inputs
            .iter()
            .filter(move |input| input.name != "input" && input.at.source == SourceId(0) && !declared(&input.name));
        unknown.map(|input| {
            let title = format!(
                "nothing assigns `{}`, so the caller of the script has to supply it",
                input.name
            );
            let help = input.advice().unwrap_or_else(|| {
                format!(
                    "declare it with `--inputs {}`, or assign it before it is read",
                    input.name
                )
            });
            Diagnostic::warning(Code::PossibleInput, input.at.source, input.at.span, title)
                .label("nothing assigns it")
                .help(help)
        })
    }
}

/// Whether a place is in the checked file itself, not in a library.
fn is_in_the_script(at: Location) -> bool {
    at.source == SourceId(0)
}

fn tell_unreadable(stop: &Stop, tally: &mut Tally, out: &Out) {
    if stop.exit == Exit::NotCompiled {
        tally.files += 1;
    } else {
        tally.unreadable += 1;
    }
    tell(&stop.diagnostics, &stop.sources, tally, out);
}

fn tell(diagnostics: &[Diagnostic], sources: &[Arc<SourceFile>], tally: &mut Tally, out: &Out) {
    for diagnostic in diagnostics {
        match diagnostic.severity {
            Severity::Error => tally.errors += 1,
            Severity::Warning => tally.warnings += 1,
        }
        out.message(diagnostic, sources, Channel::Results);
    }
}

impl Tally {
    fn summary(&self) -> String {
        let count = |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
        let files = count(self.files, "file");
        if self.errors + self.warnings == 0 {
            return format!("checked {files}: nothing to complain about");
        }
        let errors = count(self.errors, "error");
        format!("checked {files}: {errors}, {}", count(self.warnings, "warning"))
    }

    /// A file that does not compile weighs more than one that could not be read.
    fn exit(&self, deny_warnings: bool) -> Exit {
        if self.errors > self.unreadable || (deny_warnings && self.warnings > 0) {
            Exit::NotCompiled
        } else if self.unreadable > 0 {
            Exit::Usage
        } else {
            Exit::Done
        }
    }
}
