//! The inputs of a run: `--arg`, `--input`, and their JSON.

use super::arguments::RunArguments;
use super::exit::Stop;
use super::sources::read_text;
use crate::value::{Data, DateSettings};

/// Every input by name; the last value of a name counts.
pub(super) fn gather(arguments: &RunArguments) -> Result<Vec<(String, Data)>, Stop> {
    let mut inputs = Vec::new();
    if let Some(file) = &arguments.input {
        inputs.extend(top_level_keys(file)?);
    }
    for argument in &arguments.arguments {
        inputs.push(argument_value(argument)?);
    }
    Ok(inputs)
}

/// `NAME=VALUE`: JSON, else text; `@FILE` is the text of a file.
fn argument_value(argument: &str) -> Result<(String, Data), Stop> {
    let Some((name, value)) = argument.split_once('=') else {
        let title = format!("`--arg {argument}` has no `=`");
        return Err(Stop::usage(title, "write `--arg NAME=VALUE`"));
    };
    if name.trim().is_empty() {
        return Err(Stop::usage(
            format!("`--arg {argument}` has no name"),
            "write `--arg NAME=VALUE`",
        ));
    }
    let value = match value.strip_prefix('@') {
        Some(file) => Data::Text(read_text(file)?),
        None => Data::from_json_text(value).unwrap_or_else(|_| Data::from(value)),
    };
    Ok((name.trim().to_owned(), value))
}

/// The top-level keys of a JSON file.
fn top_level_keys(file: &str) -> Result<Vec<(String, Data)>, Stop> {
    let help = "give a file with one JSON object, whose keys are the names of inputs";
    match Data::from_json_text(&read_text(file)?) {
        Ok(Data::Map(entries)) => Ok(entries.into_iter().collect()),
        Ok(_) => Err(Stop::usage(format!("`--input {file}` is not one JSON object"), help)),
        Err(reason) => Err(Stop::usage(format!("`--input {file}` is not JSON: {reason}"), help)),
    }
}

/// A result as JSON text.
pub(super) fn to_json(data: &Data, dates: &DateSettings) -> String {
    // Only what is nested too deeply has no text, and such a result is an error of the run already.
    data.to_json_text(dates).unwrap_or_else(|_| "null".to_owned())
}
