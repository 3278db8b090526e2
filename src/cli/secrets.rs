//! Secrets on their way into the store: from a file, from standard input or from a prompt, never from a flag's value.

use std::io::{self, BufRead, IsTerminal, Write};

use serde_json::Value;

use super::description::Fields;
use super::exit::Stop;
use super::sources::read_text;
use crate::connections::{AuthKind, Credential, GrantType, Secret, Service};

/// Where the secrets of a connection come from.
pub(super) enum Source {
    /// The fields of a JSON object.
    Object(Value),
    /// Somebody at the terminal.
    Prompt,
}

impl Source {
    /// `--secrets FILE|-`, else a prompt.
    pub(super) fn open(file: Option<&str>) -> Result<Self, Stop> {
        let Some(file) = file else {
            return Ok(Self::Prompt);
        };
        let text = read_text(file)?;
        let value = serde_json::from_str(&text).map_err(|error| {
            // The reason of serde_json names a line and a column, never the content.
            malformed(&format!("`--secrets {file}` is not JSON: {error}"))
        })?;
        Ok(Self::Object(value))
    }
}

/// What a user gives for a connection to this service; `None` where the client acts for itself and nobody is asked.
pub(super) fn credential(service: &Service, source: Source) -> Result<Option<Credential>, Stop> {
    if nobody_is_asked(service) {
        return Ok(None);
    }
    let mut reader = match source {
        Source::Object(value) => {
            Reader::Fields(Fields::of(value, "the file of secrets").map_err(|why| malformed(&why))?)
        }
        Source::Prompt if io::stdin().is_terminal() => Reader::Prompt,
        Source::Prompt => return Err(nobody_to_ask(service)),
    };
    let credential = match &service.auth {
        AuthKind::ApiKey { params } => {
            let value = |param: &crate::connections::ApiKeyParam| {
                let secret = reader.secret(&param.key, &param.label)?;
                Ok((param.key.clone(), secret))
            };
            Credential::ApiKey(params.iter().map(value).collect::<Result<_, Stop>>()?)
        }
        AuthKind::Basic => Credential::Basic {
            user: reader.plain("user", "User name")?,
            password: reader.secret("password", "Password")?,
        },
        AuthKind::OAuth1(_) => Credential::OAuth1 {
            token: reader.secret("token", "Token")?,
            secret: reader.secret("secret", "Token secret")?,
        },
        AuthKind::OAuth2(_) => Credential::OAuth2 {
            access: reader.optional("access_token")?,
            refresh: Some(reader.secret("refresh_token", "Refresh token")?),
        },
    };
    reader.finish()?;
    Ok(Some(credential))
}

/// The fields that a file of secrets holds for this service.
fn fields_of(service: &Service) -> Vec<&str> {
    match &service.auth {
        AuthKind::ApiKey { params } => params.iter().map(|param| param.key.as_str()).collect(),
        AuthKind::Basic => vec!["user", "password"],
        AuthKind::OAuth1(_) => vec!["token", "secret"],
        AuthKind::OAuth2(_) => vec!["refresh_token"],
    }
}

fn nobody_is_asked(service: &Service) -> bool {
    matches!(&service.auth, AuthKind::OAuth2(endpoints) if endpoints.grant_type == GrantType::ClientCredentials)
}

fn nobody_to_ask(service: &Service) -> Stop {
    let fields = fields_of(service).join("\", \"");
    let title = format!(
        "the service `{}` needs secrets, and there is no terminal to ask at",
        service.link_name
    );
    Stop::usage(
        title,
        &format!("give `--secrets FILE`, a JSON object with the fields \"{fields}\"; `-` is standard input"),
    )
}

fn malformed(why: &str) -> Stop {
    Stop::usage(why, "a file of secrets is one JSON object whose values are texts")
}

enum Reader {
    Fields(Fields),
    Prompt,
}

impl Reader {
    fn secret(&mut self, field: &str, label: &str) -> Result<Secret, Stop> {
        match self {
            Self::Fields(fields) => fields.text(field).map(Secret::new).map_err(|why| malformed(&why)),
            Self::Prompt => {
                let typed = rpassword::prompt_password(format!("{label}: "));
                typed
                    .map(Secret::new)
                    .map_err(|error| Stop::unreadable("the terminal", &error))
            }
        }
    }

    fn plain(&mut self, field: &str, label: &str) -> Result<String, Stop> {
        match self {
            Self::Fields(fields) => fields.text(field).map_err(|why| malformed(&why)),
            Self::Prompt => ask(label),
        }
    }

    fn optional(&mut self, field: &str) -> Result<Option<Secret>, Stop> {
        match self {
            Self::Fields(fields) => {
                let text = fields.optional_text(field).map_err(|why| malformed(&why))?;
                Ok(text.map(Secret::new))
            }
            Self::Prompt => Ok(None),
        }
    }

    fn finish(self) -> Result<(), Stop> {
        match self {
            Self::Fields(fields) => fields.finish().map_err(|why| malformed(&why)),
            Self::Prompt => Ok(()),
        }
    }
}

/// One line that may be seen while it is typed.
fn ask(label: &str) -> Result<String, Stop> {
    let mut stderr = io::stderr().lock();
    _ = write!(stderr, "{label}: ");
    _ = stderr.flush();
    let mut line = String::new();
    io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| Stop::unreadable("the terminal", &error))?;
    Ok(line.trim().to_owned())
}

/// Whether somebody at the terminal agrees; where nobody is there, the command line has spoken already.
pub(super) fn agrees(question: &str) -> Result<bool, Stop> {
    if !io::stdin().is_terminal() {
        return Ok(true);
    }
    let answer = ask(&format!("{question} [y/N]"))?;
    Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
}
