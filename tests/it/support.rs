//! Builders: a script run through the library, and the binary `dg` run as a process.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use dgscript::Runtime;
use dgscript::diagnostic::Diagnostic;
use dgscript::host::fake::FakeHttp;
use dgscript::host::{Host, Response};

/// The package's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A script, run through the library against the fake host.
pub struct Script {
    text: String,
    inputs: Vec<(String, String)>,
    answer: Option<&'static str>,
}

/// What a script printed, and the number and title of the error that stopped it.
pub struct Ran {
    pub printed: String,
    pub error: Option<(String, String)>,
}

impl Script {
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            inputs: Vec::new(),
            answer: None,
        }
    }

    pub fn input(mut self, name: &str, value: &str) -> Self {
        self.inputs.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Answers its first request with this text; without that it has no network.
    pub fn answered(mut self, text: &'static str) -> Self {
        self.answer = Some(text);
        self
    }

    fn runtime(&self) -> Runtime {
        let mut host = Host::fake();
        if let Some(text) = self.answer {
            host.http = Arc::new(FakeHttp::answering([Ok(Response::new(200, "text/plain", text))]));
        }
        Runtime::builder().host(host).build()
    }

    /// Everything said about it, whether it ran or not: warnings first.
    pub fn codes(&self) -> Vec<&'static str> {
        let runtime = self.runtime();
        match runtime.compile("script.dg", &self.text) {
            Err(error) => numbers(&error.diagnostics),
            Ok(compiled) => {
                let mut codes = numbers(compiled.warnings());
                match self.call(&compiled) {
                    Ok(outcome) => codes.extend(numbers(&outcome.warnings)),
                    Err(error) => {
                        codes.extend(numbers(&error.warnings));
                        codes.push(error.diagnostic.code.number());
                    }
                }
                codes
            }
        }
    }

    pub fn run(&self) -> Ran {
        let runtime = self.runtime();
        let compiled = match runtime.compile("script.dg", &self.text) {
            Ok(compiled) => compiled,
            Err(error) => {
                let is_error = |found: &&Diagnostic| found.severity == dgscript::diagnostic::Severity::Error;
                let first = error.diagnostics.iter().find(is_error).expect("an error");
                return Ran {
                    printed: String::new(),
                    error: Some((first.code.number().to_owned(), first.title.clone())),
                };
            }
        };
        match self.call(&compiled) {
            Ok(outcome) => Ran {
                printed: outcome.lines().join("\n"),
                error: None,
            },
            Err(error) => Ran {
                printed: error
                    .info
                    .iter()
                    .map(|line| line.text.as_str())
                    .collect::<Vec<_>>()
                    .join("\n"),
                error: Some((
                    error.diagnostic.code.number().to_owned(),
                    error.diagnostic.title.clone(),
                )),
            },
        }
    }

    fn call(&self, compiled: &dgscript::Compiled) -> Result<dgscript::Outcome, Box<dgscript::runtime::RunError>> {
        let mut call = compiled.call();
        for (name, value) in &self.inputs {
            call = call.input(name, value.as_str());
        }
        call.run()
    }

    /// Asserts what it prints, and that nothing stops it.
    #[track_caller]
    pub fn prints(&self, expected: &str) {
        let ran = self.run();
        assert_eq!(ran.error, None, "{}\nprinted:\n{}", self.text, ran.printed);
        assert_eq!(ran.printed, expected, "{}", self.text);
    }
}

fn numbers(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    diagnostics.iter().map(|found| found.code.number()).collect()
}

/// A call of the binary.
pub struct Dg {
    command: Command,
    input: Vec<u8>,
}

/// What a call of the binary gave.
#[derive(Debug)]
pub struct Done {
    pub stdout: String,
    pub stderr: String,
    pub status: i32,
}

impl Dg {
    /// `dg COMMAND`, in a folder and an environment of its own.
    pub fn new(command: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_dg"));
        process.arg(command).current_dir(root());
        for name in [
            "DG_HOME",
            "DG_KEY",
            "NO_COLOR",
            "http_proxy",
            "https_proxy",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
        ] {
            process.env_remove(name);
        }
        // Whoever runs the tests may have a store; no test may touch it.
        process.env("DG_HOME", "/nonexistent/dg-tests");
        Self {
            command: process,
            input: Vec::new(),
        }
    }

    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.input = text.into();
        self
    }

    /// The call itself, to be started in another way.
    pub fn into_command(self) -> Command {
        self.command
    }

    /// Starts it with pipes on all three channels.
    pub fn spawn(mut self) -> Child {
        let pipes = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = pipes.spawn().expect("dg starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        let input = self.input;
        // A program that ends early does not read its input; that is its right.
        std::thread::spawn(move || stdin.write_all(&input));
        child
    }

    /// Starts it with pipes, and leaves its standard input to the test.
    pub fn hold(mut self) -> Child {
        let pipes = self.command.stdin(Stdio::piped()).stdout(Stdio::piped());
        pipes.stderr(Stdio::piped()).spawn().expect("dg starts")
    }

    pub fn run(self) -> Done {
        Done::of(&self.spawn().wait_with_output().expect("dg ends"))
    }

    /// Runs it and asserts the exit status.
    #[track_caller]
    pub fn exits(self, status: i32) -> Done {
        let done = self.run();
        assert_eq!(
            done.status, status,
            "stdout:\n{}\nstderr:\n{}",
            done.stdout, done.stderr
        );
        done
    }
}

impl Done {
    pub fn of(output: &Output) -> Self {
        Self {
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            status: output.status.code().unwrap_or(-1),
        }
    }

    #[track_caller]
    pub fn stdout(self, expected: &str) -> Self {
        assert_eq!(self.stdout, expected, "stderr:\n{}", self.stderr);
        self
    }

    #[track_caller]
    pub fn says(self, part: &str) -> Self {
        assert!(
            self.stderr.contains(part),
            "`{part}` is not in stderr:\n{}",
            self.stderr
        );
        self
    }

    #[track_caller]
    pub fn shows(self, part: &str) -> Self {
        assert!(
            self.stdout.contains(part),
            "`{part}` is not in stdout:\n{}",
            self.stdout
        );
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }
}

/// A folder that is removed at the end of its test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("dg-test-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file and gives its path as text.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(&path, content).expect("a file");
        path.to_string_lossy().into_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}
