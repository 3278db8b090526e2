//! What somebody has to know to connect, as questions to ask and as the JSON object that answers them.

use serde_json::{Map, Value};

use crate::connections::credential::{Credential, Secret};
use crate::connections::definition::Fields;
use crate::connections::grant::StoredGrant;
use crate::connections::service::{ApiKeyParam, AuthKind, GrantType, Service};
use crate::diagnostic::{Code, Diagnostic};

/// One thing to ask of whoever connects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The field of the answer.
    pub field: String,
    /// What to call it.
    pub label: String,
    /// Whether the answer is a secret.
    pub secret: bool,
    /// Whether the answer may be empty.
    pub optional: bool,
}

impl Question {
    pub(super) fn new(field: &str, label: &str) -> Self {
        Self {
            field: field.to_owned(),
            label: label.to_owned(),
            secret: true,
            optional: false,
        }
    }
}

impl Service {
    /// What to ask to connect to it; empty where nobody has to be asked, or where the provider asks for consent itself.
    pub fn questions(&self) -> Vec<Question> {
        match &self.auth {
            AuthKind::ApiKey { params } => params
                .iter()
                .map(|param| Question::new(&param.key, &param.label))
                .collect(),
            AuthKind::Basic => vec![
                Question {
                    secret: false,
                    ..Question::new("user", "User name")
                },
                Question {
                    optional: true,
                    ..Question::new("password", "Password")
                },
            ],
            AuthKind::OAuth2(endpoints)
                if !self.asks_consent() && endpoints.grant_type == GrantType::AuthorizationCode =>
            {
                vec![Question::new("refresh_token", "Refresh token")]
            }
            AuthKind::OAuth1(_) | AuthKind::OAuth2(_) => Vec::new(),
        }
    }

    /// Whether a user has to consent at the provider.
    pub fn asks_consent(&self) -> bool {
        match &self.auth {
            AuthKind::ApiKey { .. } | AuthKind::Basic => false,
            AuthKind::OAuth1(_) => true,
            AuthKind::OAuth2(endpoints) => {
                let has_page = endpoints.authorize_url.is_some() || endpoints.device_url.is_some();
                endpoints.grant_type == GrantType::AuthorizationCode && has_page
            }
        }
    }

    /// The grant that the answers make. For OAuth these are tokens had elsewhere.
    pub(super) fn grant_from(&self, answers: &Value, now: i64) -> Result<StoredGrant, Vec<Diagnostic>> {
        match &self.auth {
            AuthKind::ApiKey { params } => {
                let credential = api_key(params, answers)?;
                Ok(StoredGrant::new(credential, now, None))
            }
            AuthKind::Basic => {
                let mut fields = Fields::new(answers, "set of secrets")?;
                let user = fields.text_or_empty(&["user", "user_name", "username"]);
                let password = fields.text_or_empty(&["password"]);
                if user.is_none() && password.is_none() {
                    fields.problem("`user` and `password` are missing");
                } else if user.as_ref().is_some_and(|user| user.contains(':')) {
                    fields.problem("`user` holds a colon, which Basic cannot send (RFC 7617 section 2)");
                }
                fields.finish(&[])?;
                let credential = Credential::Basic {
                    user: user.unwrap_or_default(),
                    password: Secret::new(password.unwrap_or_default()),
                };
                Ok(StoredGrant::new(credential, now, None))
            }
            AuthKind::OAuth1(_) => {
                let mut fields = Fields::new(answers, "set of secrets")?;
                let token = needed(&mut fields, &["token", "oauth_token"]);
                let secret = needed(&mut fields, &["token_secret", "oauth_token_secret"]);
                fields.finish(&[])?;
                Ok(StoredGrant::new(Credential::OAuth1 { token, secret }, now, None))
            }
            AuthKind::OAuth2(endpoints) => {
                let mut fields = Fields::new(answers, "set of secrets")?;
                let access = fields.text(&["access_token"]).map(Secret::new);
                let refresh = fields.text(&["refresh_token"]).map(Secret::new);
                let lifetime = fields.seconds(&["expires_in"]);
                if access.is_none() && refresh.is_none() {
                    fields.problem("`refresh_token` is missing, and `access_token` too");
                }
                fields.finish(&["tokentype", "scope"])?;
                let lifetime = access.as_ref().and(lifetime.or(endpoints.assumed_lifetime));
                Ok(StoredGrant::new(Credential::OAuth2 { access, refresh }, now, lifetime))
            }
        }
    }
}

fn needed(fields: &mut Fields<'_>, names: &[&str]) -> Secret {
    let text = fields.text(names);
    if text.is_none() && !fields.has(names) {
        fields.problem(format!("`{}` is missing", names[0]));
    }
    Secret::new(text.unwrap_or_default())
}

/// The names of parameters are the service's own, so they are matched as they are written, or by their labels.
fn api_key(params: &[ApiKeyParam], answers: &Value) -> Result<Credential, Vec<Diagnostic>> {
    let problem = |text: String| Diagnostic::placeless(Code::InvalidService, text);
    let empty = Map::new();
    let (object, lone) = match answers {
        Value::Object(object) => (object, None),
        Value::String(text) if params.len() == 1 => (&empty, Some(text.as_str())),
        _ => return Err(vec![problem("the set of secrets has to be a JSON object".to_owned())]),
    };
    let mut values = Vec::with_capacity(params.len());
    let mut problems = Vec::new();
    for param in params {
        let fits = |name: &str| name.eq_ignore_ascii_case(&param.key) || name == param.label;
        let given = object.iter().find(|(name, _)| fits(name)).map(|(_, value)| value);
        let text = match given {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(_) => None,
            None => lone.map(str::to_owned),
        };
        match text.filter(|text| !text.is_empty()) {
            Some(text) => values.push((param.key.clone(), Secret::new(text))),
            None => problems.push(problem(format!("`{}` is missing", param.key.escape_debug()))),
        }
    }
    let known = |name: &str| {
        params
            .iter()
            .any(|param| name.eq_ignore_ascii_case(&param.key) || name == param.label)
    };
    for name in object.keys().filter(|name| !known(name)) {
        problems.push(problem(format!(
            "`{}` is not a parameter of the service",
            name.escape_debug()
        )));
    }
    if problems.is_empty() {
        Ok(Credential::ApiKey(values))
    } else {
        Err(problems)
    }
}
