//! Patterns in texts: whether one matches, and what stands in the place of its matches.

use super::TEXT;
use super::regex::{Options, Pattern, PatternError, Replacement, Search};
use super::subject::Subject;
use crate::builtins::{Builtin, Call, Param, example, optional, required};
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated};
use crate::value::{Kind, Value};

/// What the four replacing built-ins take. The page types the last one BOOLEAN for some, TEXT for others.
const REPLACING: &[Param] = &[
    required("searchString", Kind::Text),
    required("replacementString", Kind::Text),
    optional("escapeRegex", Kind::Boolean),
];

/// The table of these built-ins.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::method(TEXT, "matches", matches)
        .params(&[required("regexString", Kind::Text)])
        .returns(Kind::Boolean)
        .doc("Whether a regular expression, in Java's flavour, matches the whole text.")
        .examples(&[
            example("matches(\"ID004500F\", \"[A-Z]{2}[0-9]{6}[A-Z]\")", "true"),
            example("\"ID004500F\".matches(\"[A-Z]{2}\")", "false"),
            example("\"jane2023@zylker.com\".matches(\"[a-z0-9]+\\\\@[a-z]+\\\\.[a-z]+\")", "true"),
        ])
        .source("deluge/help/functions/string/matches.html"),
    Builtin::method(TEXT, "replaceAll", replace_all)
        .params(REPLACING)
        .returns(Kind::Text)
        .doc("Replaces every match of a regular expression, in Java's flavour; `$1` in the replacement is the first group. With `true` at the end both texts are taken as they stand.")
        .examples(&[
            example("replaceAll(\"Create online applications\", \"online\", \"custom\")", "Create custom applications"),
            example("\"a1b22\".replaceAll(\"[^0-9]\", \"\")", "122"),
            example("\"2024-05-01\".replaceAll(\"(\\\\d+)-(\\\\d+)-(\\\\d+)\", \"$3.$2.$1\")", "01.05.2024"),
            example("\"1.5.2\".replaceAll(\".\", \"-\", true)", "1-5-2"),
        ])
        .source("creator/help/script/built-in-functions/built-in-function-string-replaceall.html"),
    Builtin::method(TEXT, "replaceAllIgnoreCase", replace_all_ignore_case)
        .params(REPLACING)
        .returns(Kind::Text)
        .doc("Replaces every match of a regular expression, whatever the letter case.")
        .examples(&[example("\"Zoho Creator, ZOHO CRM\".replaceAllIgnoreCase(\"zoho \", \"Z\")", "ZCreator, ZCRM")])
        .source("deluge/help/functions/string/replaceallignorecase.html"),
    Builtin::method(TEXT, "replaceFirst", replace_first)
        .params(REPLACING)
        .returns(Kind::Text)
        .doc("Replaces the first match of a regular expression.")
        .examples(&[example("\"a-b-c\".replaceFirst(\"-\", \"+\")", "a+b-c")])
        .source("deluge/help/functions/string/replacefirst.html"),
    Builtin::method(TEXT, "replaceFirstIgnoreCase", replace_first_ignore_case)
        .params(REPLACING)
        .returns(Kind::Text)
        .doc("Replaces the first match of a regular expression, whatever the letter case.")
        .examples(&[example("\"Zoho CRM, Zoho Desk\".replaceFirstIgnoreCase(\"ZOHO \", \"\")", "CRM, Zoho Desk")])
        .source("deluge/help/functions/string/replacefirstignorecase.html"),
];

fn matches(call: &mut Call<'_, '_>) -> Evaluated {
    let (text, wanted) = (Subject::receiver(call)?, Subject::argument(call, 0)?);
    let options = Options {
        whole: true,
        ..Options::default()
    };
    Pattern::compile(wanted.as_str(), options, text.as_str())
        .and_then(|pattern| pattern.matches(text.as_str()))
        .map(Value::Boolean)
        .map_err(|error| unusable(call, wanted.as_str(), &error))
}

fn replace_all(call: &mut Call<'_, '_>) -> Evaluated {
    replace(call, false, usize::MAX)
}

fn replace_all_ignore_case(call: &mut Call<'_, '_>) -> Evaluated {
    replace(call, true, usize::MAX)
}

fn replace_first(call: &mut Call<'_, '_>) -> Evaluated {
    replace(call, false, 1)
}

fn replace_first_ignore_case(call: &mut Call<'_, '_>) -> Evaluated {
    replace(call, true, 1)
}

/// Replaces so many matches at most.
fn replace(call: &mut Call<'_, '_>, ignore_case: bool, most: usize) -> Evaluated {
    let text = Subject::receiver(call)?;
    let (wanted, with) = (Subject::argument(call, 0)?, Subject::argument(call, 1)?);
    let (wanted, with) = (wanted.as_str(), with.as_str());
    let literally = call.boolean_arg_or(2, false)?;
    if literally && !ignore_case {
        return replace_literal(call, text, (wanted, with), most);
    }
    let options = Options {
        ignore_case,
        ..Options::default()
    };
    let source = if literally { quote(wanted) } else { wanted.to_owned() };
    let pattern = Pattern::compile(&source, options, text.as_str()).map_err(|error| unusable(call, wanted, &error))?;
    let replacement = if literally {
        Ok(Replacement::literal(with))
    } else {
        Replacement::read(with, &pattern)
    };
    if let (Some(literal), Ok(replacement)) = (pattern.literal(), &replacement)
        && let Some(with) = replacement.fixed()
    {
        return replace_literal(call, text, (literal, with), most);
    }
    let mut search = Search::new(&pattern, text.as_str());
    search.with_groups(replacement.as_ref().is_ok_and(Replacement::has_groups));
    match replace_matches(call, (&mut search, text.as_str()), (replacement, with), most) {
        Ok(None) => Ok(text.into_value()),
        Ok(Some(replaced)) => Ok(Value::from_string(replaced)),
        Err(Stop::Pattern(error)) => Err(unusable(call, wanted, &error)),
        Err(Stop::Error(error)) => Err(error),
    }
}

/// Replaces a plain text; the commonest case by far, and no engine is asked.
fn replace_literal(call: &mut Call<'_, '_>, text: Subject, pair: (&str, &str), most: usize) -> Evaluated {
    let (wanted, with) = pair;
    // A single sign is found byte by byte, which is much quicker than how longer texts are found.
    let sign = match wanted.as_bytes() {
        [byte] => Some(char::from(*byte)),
        _ => None,
    };
    let count = match sign {
        Some(sign) => text.as_str().matches(sign).take(most).count(),
        None => text.as_str().matches(wanted).take(most).count(),
    };
    if count == 0 {
        return Ok(text.into_value());
    }
    let grown = count.saturating_mul(with.len().saturating_sub(wanted.len()));
    call.reserve(text.as_str().len().saturating_add(grown))?;
    Ok(Value::from_string(match sign {
        Some(sign) => text.as_str().replacen(sign, with, count),
        None => text.as_str().replacen(wanted, with, count),
    }))
}

/// Why replacing stopped.
enum Stop {
    Pattern(PatternError),
    Error(Box<EvalError>),
}

/// After how many matches the deadline and the interrupt are looked at.
const STRIDE: usize = 64;

/// Replaces matches one after the other; `None` where there is none. A wrong replacement is only told once it is
/// needed, as in Java.
fn replace_matches(
    call: &mut Call<'_, '_>,
    (search, text): (&mut Search<'_>, &str),
    (replacement, with): (Result<Replacement, String>, &str),
    most: usize,
) -> Result<Option<String>, Stop> {
    let Some(mut found) = search.next().map_err(Stop::Pattern)? else {
        return Ok(None);
    };
    let replacement = replacement.map_err(|why| Stop::Error(wrong_replacement(call, with, &why)))?;
    let mut replaced = String::new();
    let (mut copied, mut count, mut allowed) = (0, 1, 0);
    loop {
        replaced.push_str(text.get(copied..found.range.start).unwrap_or_default());
        replacement.append(&found, text, &mut replaced);
        copied = found.range.end;
        if replaced.len() >= allowed {
            allowed = (replaced.len() + text.len() - copied).saturating_mul(2);
            call.reserve(allowed).map_err(Stop::Error)?;
        }
        if count % STRIDE == 0 {
            call.context.meter.check().map_err(Stop::Error)?;
        }
        if count >= most {
            break;
        }
        match search.next().map_err(Stop::Pattern)? {
            Some(next) => found = next,
            None => break,
        }
        count += 1;
    }
    replaced.push_str(text.get(copied..).unwrap_or_default());
    Ok(Some(replaced))
}

/// A pattern that means just this text.
fn quote(text: &str) -> String {
    format!("\\Q{}\\E", text.replace("\\E", "\\E\\\\E\\Q"))
}

fn unusable(call: &Call<'_, '_>, pattern: &str, error: &PatternError) -> Box<EvalError> {
    let help = match error {
        PatternError::TooHard => {
            "make the pattern simpler, above all repetitions inside repetitions, or the text shorter"
        }
        PatternError::Malformed(..) if call.builtin.params.len() > 1 => {
            "to look for this text as it stands, give `true` as the last argument"
        }
        PatternError::Malformed(..) => {
            "write two backslashes before a sign that is meant as it stands, such as . * + ? ( ) [ ] { } | ^ $"
        }
    };
    call.fail(
        Code::BadPattern,
        format!("the pattern `{}` cannot be used: {error}", shortened(pattern)),
    )
    .help(help)
}

fn wrong_replacement(call: &Call<'_, '_>, with: &str, why: &str) -> Box<EvalError> {
    call.fail(
        Code::BadPattern,
        format!("the replacement `{}` cannot be used: {why}", shortened(with)),
    )
    .help("write two backslashes before `$` and `\\` that are meant as they stand")
}

/// The beginning of a text, for messages.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
