//! Asking at the terminal. Without one nothing is asked, so that no script or pipeline hangs.

use std::io::{self, BufRead, IsTerminal, Write};

use serde_json::{Map, Value};

use super::exit::{Exit, Stop};
use super::interrupt;
use super::sources::read_text;
use crate::connections::Question;
use crate::diagnostic::{Code, Diagnostic};

/// Whether somebody is there to ask.
pub(super) fn is_possible() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for a text.
pub(super) fn text(label: &str) -> Result<String, Stop> {
    let mut line = String::new();
    let asked = write!(io::stderr(), "{label}: ").and_then(|()| io::stderr().flush());
    let read = asked.and_then(|()| io::stdin().lock().read_line(&mut line));
    match read {
        Ok(0) => Err(interrupted()),
        Ok(_) => Ok(line.trim().to_owned()),
        Err(error) => Err(Stop::unreadable("the terminal", &error)),
    }
}

/// Asks for a text that is not shown.
pub(super) fn secret(label: &str) -> Result<String, Stop> {
    let asked = interrupt::while_reading(|| rpassword::prompt_password(format!("{label} (not shown): ")));
    match asked {
        Ok(text) => Ok(text),
        Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::UnexpectedEof) => {
            Err(interrupted())
        }
        Err(error) => Err(Stop::unreadable("the terminal", &error)),
    }
}

/// Asks a question to be answered with yes.
pub(super) fn confirm(question: &str) -> Result<bool, Stop> {
    let answer = text(&format!("{question} [y/N]"))?;
    Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
}

/// The answers to questions: from the file, `-` being standard input, else from the terminal.
pub(super) fn answers(questions: &[Question], file: Option<&str>, what: &str) -> Result<Value, Stop> {
    if let Some(file) = file {
        return read_object(file);
    }
    if questions.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    if !is_possible() {
        let fields: Vec<String> = questions
            .iter()
            .map(|question| format!("`{}`", question.field))
            .collect();
        let title = format!(
            "{what} needs {}, and there is no terminal to ask at",
            fields.join(" and ")
        );
        return Err(Stop::usage(
            title,
            "give them as a JSON object with `--secrets FILE`, or `--secrets -` for standard input",
        ));
    }
    let mut answers = Map::new();
    for question in questions {
        let answer = ask(question)?;
        answers.insert(question.field.clone(), Value::String(answer));
    }
    Ok(Value::Object(answers))
}

/// Asks until there is an answer, where one is needed.
fn ask(question: &Question) -> Result<String, Stop> {
    loop {
        let answer = if question.secret {
            secret(&question.label)?
        } else {
            text(&question.label)?
        };
        if question.optional || !answer.is_empty() {
            return Ok(answer);
        }
    }
}

/// One JSON object out of a file or standard input. The text is not repeated in messages: it may hold secrets.
pub(super) fn read_object(file: &str) -> Result<Value, Stop> {
    object_in(file, &read_text(file)?)
}

/// The JSON object in a text that was read from this file.
pub(super) fn object_in(file: &str, text: &str) -> Result<Value, Stop> {
    let shown = if file == "-" { "<stdin>" } else { file };
    if text.trim().is_empty() {
        return Err(Stop::usage(
            format!("`{shown}` is empty"),
            "write one object into it, as in `{\"name\": \"value\"}`",
        ));
    }
    match serde_json::from_str(text) {
        Ok(value @ (Value::Object(_) | Value::Array(_) | Value::String(_))) => Ok(value),
        Ok(_) => Err(Stop::usage(
            format!("`{shown}` is not a JSON object"),
            "write one object, as in `{\"name\": \"value\"}`",
        )),
        Err(error) => {
            let title = format!(
                "`{shown}` is not JSON: line {}, column {}",
                error.line(),
                error.column()
            );
            Err(Stop::usage(title, "write one object, as in `{\"name\": \"value\"}`"))
        }
    }
}

fn interrupted() -> Stop {
    Stop::new(
        Exit::Interrupted,
        Diagnostic::placeless(Code::Interrupted, "nothing was entered, so nothing was done"),
    )
}
