//! The JSON description of a service, as `dg services create --from` reads it.
//!
//! ```json
//! {
//!   "link_name": "stock",
//!   "name": "Stock keeping",
//!   "hosts": ["https://stock.example.com"],
//!   "param_type": "header",
//!   "auth": { "type": "api_key", "params": [{ "key": "X-Api-Key", "label": "API key" }] }
//! }
//! ```
//!
//! The auth types are `api_key`, `basic`, `oauth1` and `oauth2`; `dg services create --help` lists their fields. A field
//! that is not known is an error, for a misspelt one would silently weaken what was meant.

use serde_json::{Map, Value};
use url::Url;

use crate::connections::{
    AllowedHost, ApiKeyParam, AuthKind, ClientAuth, GrantType, OAuth1Endpoints, OAuth2Endpoints, ParamType,
    ScopeDelimiter, Secret, Service, SignatureMethod, TokenBody,
};
use crate::diagnostic::nearest;
use crate::host::LinkName;

/// Reads a description.
///
/// # Errors
/// What is missing, malformed or unknown, as a sentence without a full stop.
pub(super) fn service(text: &str) -> Result<Service, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("the description is not JSON: {error}"))?;
    let mut fields = Fields::of(value, "the description")?;
    let link = fields.text("link_name")?;
    let link_name = LinkName::new(&link).ok_or_else(|| {
        format!(
            "`{link}` is not a link name: it begins with a-z, holds a-z, 0-9 and `_`, and has 50 characters at most"
        )
    })?;
    let hosts = fields.texts("hosts")?;
    let hosts: Vec<AllowedHost> = hosts
        .iter()
        .map(|host| AllowedHost::parse(host))
        .collect::<Result<_, _>>()?;
    let service = Service {
        name: fields.optional_text("name")?.unwrap_or(link),
        link_name,
        auth: auth(Fields::of(fields.take("auth")?, "`auth`")?)?,
        param_type: fields.choice("param_type", PARAM_TYPES)?,
        hosts,
        extra_headers: fields.pairs("extra_headers")?,
        test_url: fields.optional_url("test_url")?,
    };
    fields.finish()?;
    Ok(service)
}

const PARAM_TYPES: &[(&str, ParamType)] = &[
    ("header", ParamType::Header),
    ("query", ParamType::Query),
    ("form", ParamType::Form),
];

fn auth(mut fields: Fields) -> Result<AuthKind, String> {
    let kind = fields.text("type")?;
    let auth = match kind.as_str() {
        "api_key" => AuthKind::ApiKey {
            params: params(&mut fields)?,
        },
        "basic" => AuthKind::Basic,
        "oauth1" => AuthKind::OAuth1(oauth1(&mut fields)?),
        "oauth2" => AuthKind::OAuth2(Box::new(oauth2(&mut fields)?)),
        other => {
            return Err(format!(
                "the auth type `{other}` is unknown; there are `api_key`, `basic`, `oauth1` and `oauth2`"
            ));
        }
    };
    fields.finish()?;
    Ok(auth)
}

fn params(fields: &mut Fields) -> Result<Vec<ApiKeyParam>, String> {
    let Value::Array(list) = fields.take("params")? else {
        return Err("`params` is not a list".to_owned());
    };
    if list.is_empty() {
        return Err("`params` names no parameter".to_owned());
    }
    let param = |value: Value| {
        let mut fields = Fields::of(value, "a parameter")?;
        let key = fields.text("key")?;
        let param = ApiKeyParam {
            label: fields.optional_text("label")?.unwrap_or_else(|| key.clone()),
            prefix: fields.optional_text("prefix")?.unwrap_or_default(),
            key,
        };
        fields.finish()?;
        Ok(param)
    };
    list.into_iter().map(param).collect()
}

fn oauth1(fields: &mut Fields) -> Result<OAuth1Endpoints, String> {
    Ok(OAuth1Endpoints {
        consumer_key: fields.text("consumer_key")?,
        consumer_secret: Secret::new(fields.text("consumer_secret")?),
        request_token_url: fields.url("request_token_url")?,
        authorize_url: fields.url("authorize_url")?,
        access_token_url: fields.url("access_token_url")?,
        signature_method: fields.choice(
            "signature_method",
            &[
                ("hmac_sha1", SignatureMethod::HmacSha1),
                ("hmac_sha256", SignatureMethod::HmacSha256),
                ("plaintext", SignatureMethod::Plaintext),
            ],
        )?,
    })
}

fn oauth2(fields: &mut Fields) -> Result<OAuth2Endpoints, String> {
    let grant_type = fields.choice(
        "grant_type",
        &[
            ("authorization_code", GrantType::AuthorizationCode),
            ("client_credentials", GrantType::ClientCredentials),
        ],
    )?;
    Ok(OAuth2Endpoints {
        grant_type,
        client_id: fields.text("client_id")?,
        client_secret: Secret::new(fields.optional_text("client_secret")?.unwrap_or_default()),
        authorize_url: fields.optional_url("authorize_url")?,
        token_url: fields.url("token_url")?,
        refresh_url: fields.optional_url("refresh_url")?,
        scope_delimiter: fields.choice(
            "scope_delimiter",
            &[
                ("comma", ScopeDelimiter::Comma),
                ("space", ScopeDelimiter::Space),
                ("plus", ScopeDelimiter::Plus),
            ],
        )?,
        header_name: fields
            .optional_text("header_name")?
            .unwrap_or_else(|| "Authorization".to_owned()),
        header_prefix: fields
            .optional_text("header_prefix")?
            .unwrap_or_else(|| "Bearer".to_owned()),
        client_auth: fields.choice(
            "client_auth",
            &[
                ("body", ClientAuth::Body),
                ("basic", ClientAuth::Basic),
                ("basic_raw", ClientAuth::BasicRaw),
            ],
        )?,
        token_body: fields.choice("token_body", &[("form", TokenBody::Form), ("json", TokenBody::Json)])?,
        assumed_lifetime: fields.optional_number("assumed_lifetime")?,
        authorize_params: fields.pairs("authorize_params")?,
        token_params: fields.pairs("token_params")?,
        default_scopes: fields.texts("default_scopes")?,
        pkce: fields.flag("pkce", true)?,
    })
}

/// The fields of a JSON object that nobody has read yet.
pub(super) struct Fields {
    left: Map<String, Value>,
    known: Vec<String>,
    what: &'static str,
}

impl Fields {
    /// The fields of an object; `what` names it in messages.
    pub(super) fn of(value: Value, what: &'static str) -> Result<Self, String> {
        match value {
            Value::Object(left) => Ok(Self {
                left,
                known: Vec::new(),
                what,
            }),
            _ => Err(format!("{what} is not a JSON object")),
        }
    }

    /// Complains about a field that nobody wanted.
    pub(super) fn finish(self) -> Result<(), String> {
        let Some((name, _)) = self.left.iter().next() else {
            return Ok(());
        };
        let similar = nearest(name, self.known.iter().map(String::as_str));
        let similar = similar.map_or(String::new(), |similar| {
            format!("; there is a similar one, `{similar}`")
        });
        Err(format!("{} has no field `{name}`{similar}", self.what))
    }

    fn optional(&mut self, name: &str) -> Option<Value> {
        self.known.push(name.to_owned());
        self.left.shift_remove(name).filter(|value| !value.is_null())
    }

    fn take(&mut self, name: &str) -> Result<Value, String> {
        let what = self.what;
        self.optional(name).ok_or_else(|| {
            let similar = nearest(name, self.left.keys().map(String::as_str));
            let similar = similar.map_or(String::new(), |similar| format!("; it has `{similar}`"));
            format!("{what} lacks `{name}`{similar}")
        })
    }

    /// A text that has to be there.
    pub(super) fn text(&mut self, name: &str) -> Result<String, String> {
        as_text(self.take(name)?, name)
    }

    /// A text that may be left out.
    pub(super) fn optional_text(&mut self, name: &str) -> Result<Option<String>, String> {
        self.optional(name).map(|value| as_text(value, name)).transpose()
    }

    fn optional_number(&mut self, name: &str) -> Result<Option<u64>, String> {
        let number = |value: Value| value.as_u64().ok_or_else(|| format!("`{name}` is not a whole number"));
        self.optional(name).map(number).transpose()
    }

    fn flag(&mut self, name: &str, default: bool) -> Result<bool, String> {
        let flag = |value: Value| {
            value
                .as_bool()
                .ok_or_else(|| format!("`{name}` is neither true nor false"))
        };
        self.optional(name).map_or(Ok(default), flag)
    }

    fn texts(&mut self, name: &str) -> Result<Vec<String>, String> {
        match self.optional(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(list)) => list.into_iter().map(|value| as_text(value, name)).collect(),
            Some(_) => Err(format!("`{name}` is not a list of texts")),
        }
    }

    fn pairs(&mut self, name: &str) -> Result<Vec<(String, String)>, String> {
        match self.optional(name) {
            None => Ok(Vec::new()),
            Some(Value::Object(map)) => {
                let pair = |(key, value)| Ok((key, as_text(value, name)?));
                map.into_iter().map(pair).collect()
            }
            Some(_) => Err(format!("`{name}` is not an object of texts")),
        }
    }

    fn url(&mut self, name: &str) -> Result<Url, String> {
        as_url(&self.text(name)?, name)
    }

    fn optional_url(&mut self, name: &str) -> Result<Option<Url>, String> {
        self.optional_text(name)?.map(|text| as_url(&text, name)).transpose()
    }

    /// One of a few words; the first where it is left out.
    fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Result<T, String>
    where
        T: Default,
    {
        let Some(word) = self.optional_text(name)? else {
            return Ok(T::default());
        };
        let found = choices.iter().find(|(known, _)| *known == word);
        found.map(|(_, choice)| *choice).ok_or_else(|| {
            let known: Vec<String> = choices.iter().map(|(known, _)| format!("`{known}`")).collect();
            format!("`{name}` is `{word}`; it can be {}", known.join(", "))
        })
    }
}

fn as_text(value: Value, name: &str) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(format!("`{name}` is not a text")),
    }
}

/// The value is left out of the message: a mistaken field may hold a secret.
fn as_url(text: &str, name: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|reason| format!("`{name}` is not a URL: {reason}"))?;
    let is_web = matches!(url.scheme(), "https" | "http") && url.has_host();
    if is_web {
        Ok(url)
    } else {
        Err(format!("`{name}` is not a web address"))
    }
}

#[cfg(test)]
mod tests;
