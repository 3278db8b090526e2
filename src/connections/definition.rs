//! Reading a service from JSON, as people write it and as the catalogue has it, with every problem told at once; and
//! writing one down again without its secrets.
//!
//! Names of fields are taken as the forms of Zoho's products, its JSON and this runtime spell them: case, blanks, hyphens
//! and underscores do not count, so `Access Token URL`, `accessTokenUrl` and `access_token_url` are one field.

mod fields;

use serde_json::{Value, json};
use url::Url;

use crate::diagnostic::Diagnostic;
use crate::host::LinkName;

use super::allowed_host::{AllowedHost, is_confidential};
use super::credential::Secret;
use super::placeholder::readable;
use super::redact::DOTS;
use super::service::{
    ApiKeyParam, AuthKind, ClientAuth, GrantType, OAuth1Endpoints, OAuth2Endpoints, ParamType, ScopeDelimiter, Service,
    SignatureMethod, TokenBody,
};
use super::sign::{is_field_name, is_field_value, is_transport_field};

pub(super) use fields::{Fields, check_display_name};

/// Fields of the catalogue that only inform.
const NOTES: &[&str] = &[
    "notes",
    "source",
    "sourcedoc",
    "zohodefaultserviceevidence",
    "defaultscopesexamples",
    "scopesseeninnangodocs",
    "scopeseparatornote",
    "tokenresponsefields",
    "authorizeurlvariants",
    "tokenurlvariants",
    "baseurl",
    "description",
    "scopes",
    "note",
    "clientsecretneeded",
];

impl Service {
    /// Reads a service from a JSON object. `name`, `auth` and `hosts` have to be there; the rest depends on `auth`.
    ///
    /// # Errors
    /// Every problem of the description.
    pub fn from_json(description: &Value) -> Result<Self, Vec<Diagnostic>> {
        read(Fields::new(description, "service")?)
    }

    /// The service as a JSON object that [`Service::from_json`] reads, secrets shown as dots.
    pub fn to_json(&self) -> Value {
        write(self)
    }
}

/// The service with some fields changed. The client secret is empty unless the changes give it.
pub(super) fn edited(service: &Service, changes: &Value) -> Result<Service, Vec<Diagnostic>> {
    let mut former = write(service);
    if let Some(former) = former.as_object_mut() {
        former.remove("client_secret");
        former.remove("consumer_secret");
    }
    let empty = serde_json::Map::new();
    let fields = Fields::new(changes, "change")?.over(former.as_object().unwrap_or(&empty));
    let edited = read(fields)?;
    if edited.link_name == service.link_name {
        Ok(edited)
    } else {
        Err(vec![fields::invalid("`link_name` never changes")])
    }
}

fn read(mut fields: Fields<'_>) -> Result<Service, Vec<Diagnostic>> {
    let link_names = ["link_name", "service_link_name", "slug"];
    let name = fields.display_name(&["name", "service_name", "display_name"], &link_names);
    let link_name = fields.link_name(&link_names, &name);
    let placement = fields.object("token_placement");
    let param_type = param_type(&mut fields, &placement);
    let auth = auth(&mut fields, &placement, param_type);
    let hosts = hosts(&mut fields);
    let extra_headers = fields.pairs(&["extra_headers"]);
    for (header, value) in &extra_headers {
        if !is_field_name(header) || !is_field_value(value) || is_transport_field(header) {
            fields.problem(format!("`extra_headers`: `{}` cannot be set", header.escape_debug()));
        }
    }
    let test_url = fields.url(&["test_url"]);
    if let Some(url) = &test_url
        && !hosts.iter().any(|host| host.covers(url))
    {
        fields.problem("`test_url` goes to a host that is not among `hosts`");
    }
    let redirect_url = confidential(&mut fields, &["redirect_url", "callback_url"]);
    let labels = fields.pairs(&["placeholders"]);
    fields.finish(NOTES)?;
    // Without problems each of these is there.
    let (Some(link_name), Some(auth)) = (link_name, auth) else {
        return Err(vec![fields::invalid("the service is not complete")]);
    };
    let mut service = Service {
        link_name,
        name,
        auth,
        param_type,
        hosts,
        extra_headers,
        test_url,
        redirect_url,
        placeholders: Vec::new(),
    };
    service.find_placeholders(&labels);
    Ok(service)
}

fn param_type(fields: &mut Fields<'_>, placement: &serde_json::Map<String, Value>) -> ParamType {
    let placed = placement.get("type").and_then(Value::as_str);
    let choices = [
        ("header", ParamType::Header),
        ("headers", ParamType::Header),
        ("query", ParamType::Query),
        ("querystring", ParamType::Query),
        ("form", ParamType::Form),
        ("formdata", ParamType::Form),
    ];
    // The catalogue names OAuth 1 placements otherwise; the header is what they all take.
    let placed = placed.filter(|placed| !placed.starts_with("oauth1"));
    fields
        .choice(&["param_type", "param_types"], &choices, placed)
        .unwrap_or_default()
}

fn hosts(fields: &mut Fields<'_>) -> Vec<AllowedHost> {
    let texts = fields.list(&["hosts", "allowed_hosts"]);
    if texts.is_empty() {
        fields.problem("`hosts` is missing: it lists where the credentials may be sent, as in `[\"api.example.com\"]`");
    }
    let mut hosts = Vec::with_capacity(texts.len());
    for text in texts {
        match AllowedHost::parse(&text) {
            Ok(host) if hosts.contains(&host) => {}
            Ok(host) => hosts.push(host),
            Err(why) => fields.problem(format!("`hosts`: {why}")),
        }
    }
    hosts
}

fn auth(
    fields: &mut Fields<'_>,
    placement: &serde_json::Map<String, Value>,
    param_type: ParamType,
) -> Option<AuthKind> {
    #[derive(Clone, Copy)]
    enum Type {
        ApiKey,
        Basic,
        OAuth1,
        OAuth2,
    }
    let choices = [
        ("apikey", Type::ApiKey),
        ("basic", Type::Basic),
        ("basicauth", Type::Basic),
        ("oauth1", Type::OAuth1),
        ("oauth10a", Type::OAuth1),
        ("oauth2", Type::OAuth2),
        ("oauth20", Type::OAuth2),
    ];
    let names = ["auth", "auth_type", "authentication_type", "type"];
    let Some(kind) = fields.choice(&names, &choices, None) else {
        if !fields.has(&names) {
            fields.problem("`auth` is missing: `api_key`, `basic`, `oauth1` or `oauth2`");
        }
        return None;
    };
    match kind {
        Type::ApiKey => api_key(fields, placement, param_type),
        Type::Basic => {
            if param_type != ParamType::Header {
                fields.problem("`param_type`: Basic always goes into the header `Authorization`");
            }
            Some(AuthKind::Basic)
        }
        Type::OAuth1 => oauth1(fields).map(|endpoints| AuthKind::OAuth1(Box::new(endpoints))),
        Type::OAuth2 => oauth2(fields, placement).map(|endpoints| AuthKind::OAuth2(Box::new(endpoints))),
    }
}

/// What stands before `{api_key}` or `{access_token}` in a format of the catalogue.
fn format_prefix(placement: &serde_json::Map<String, Value>) -> Option<&str> {
    let format = placement.get("format")?.as_str()?;
    format.split('{').next()
}

fn api_key(
    fields: &mut Fields<'_>,
    placement: &serde_json::Map<String, Value>,
    param_type: ParamType,
) -> Option<AuthKind> {
    let mut params: Vec<ApiKeyParam> = Vec::new();
    for item in fields.items(&["params", "parameters"]) {
        let named = |names: &[&str]| {
            let value = names.iter().find_map(|name| item.get(name)?.as_str());
            value.map(str::to_owned)
        };
        let key = item.as_str().map(str::to_owned);
        let Some(key) = key.or_else(|| named(&["key", "actual_parameter", "parameter_key", "name"])) else {
            fields.problem("`params`: each parameter is a name, or an object with `key` and `label`");
            continue;
        };
        let label = named(&["label", "display_name", "parameter_display_name"]).unwrap_or_else(|| key.clone());
        let prefix = named(&["prefix"]).unwrap_or_default();
        params.push(ApiKeyParam { key, label, prefix });
    }
    if params.is_empty()
        && let Some(name) = placement.get("name").and_then(Value::as_str)
    {
        params.push(ApiKeyParam {
            key: name.to_owned(),
            label: name.to_owned(),
            prefix: format_prefix(placement).unwrap_or_default().to_owned(),
        });
    }
    if params.is_empty() {
        fields.problem("`params` is missing: an API key service needs the names of its parameters");
    }
    for (index, param) in params.iter().enumerate() {
        let shown = param.key.escape_debug();
        let in_header = param_type == ParamType::Header;
        let same =
            |other: &ApiKeyParam| other.key == param.key || (in_header && other.key.eq_ignore_ascii_case(&param.key));
        if in_header && !is_field_name(&param.key) {
            fields.problem(format!("`params`: `{shown}` is not the name of a header"));
        } else if in_header && is_transport_field(&param.key) {
            fields.problem(format!("`params`: the header `{shown}` decides how a request travels"));
        } else if param.key.is_empty() || param.key.chars().any(char::is_control) {
            fields.problem(format!("`params`: `{shown}` is not the name of a parameter"));
        } else if params[..index].iter().any(same) {
            fields.problem(format!("`params`: `{shown}` is there twice"));
        }
        if !is_field_value(&param.prefix) {
            fields.problem(format!(
                "`params`: the prefix of `{shown}` holds a character that no header may hold"
            ));
        }
    }
    Some(AuthKind::ApiKey { params })
}

fn oauth1(fields: &mut Fields<'_>) -> Option<OAuth1Endpoints> {
    let consumer_key = fields.text(&["consumer_key", "client_id"]).unwrap_or_default();
    let consumer_secret = fields.text(&["consumer_secret", "client_secret"]).unwrap_or_default();
    let request_token_url = endpoint(fields, &["request_token_url"]);
    let authorize_url = endpoint(fields, &["authorize_url", "authorization_url"]);
    let access_token_url = endpoint(fields, &["access_token_url", "token_url"]);
    let _ = fields.url(&["refresh_url"]);
    let choices = [
        ("hmacsha1", SignatureMethod::HmacSha1),
        ("hmacsha256", SignatureMethod::HmacSha256),
        ("plaintext", SignatureMethod::Plaintext),
    ];
    let signature_method = fields.choice(&["signature_method"], &choices, None).unwrap_or_default();
    Some(OAuth1Endpoints {
        consumer_key,
        consumer_secret: Secret::new(consumer_secret),
        request_token_url: request_token_url?,
        authorize_url: authorize_url?,
        access_token_url: access_token_url?,
        signature_method,
        authorize_params: fields.pairs(&["authorize_params"]),
        scope_delimiter: scope_delimiter(fields),
    })
}

fn oauth2(fields: &mut Fields<'_>, placement: &serde_json::Map<String, Value>) -> Option<OAuth2Endpoints> {
    let grants = [
        ("authorizationcode", GrantType::AuthorizationCode),
        ("clientcredentials", GrantType::ClientCredentials),
    ];
    let grant_type = fields.choice(&["grant_type"], &grants, None).unwrap_or_default();
    let token_url = endpoint(fields, &["access_token_url", "token_url"]);
    let authorize_url = confidential(fields, &["authorize_url", "authorization_url"]);
    let refresh_url = confidential(fields, &["refresh_token_url", "refresh_url"]);
    let header = header(fields, placement);
    let pkce = fields.choice(
        &["pkce"],
        &[
            ("true", true),
            ("false", false),
            ("required", true),
            ("sentbynango", true),
            ("offinnango", false),
        ],
        None,
    );
    Some(OAuth2Endpoints {
        grant_type,
        client_id: fields.text(&["client_id"]).unwrap_or_default(),
        client_secret: Secret::new(fields.text(&["client_secret"]).unwrap_or_default()),
        authorize_url,
        token_url: token_url?,
        refresh_url,
        device_url: confidential(fields, &["device_authorization_url", "device_url"]),
        revoke_url: confidential(fields, &["revocation_url", "revoke_url"]),
        issuer: fields.text(&["issuer"]),
        scope_delimiter: scope_delimiter(fields),
        header_name: header.0,
        header_prefix: header.1,
        client_auth: client_auth(fields),
        token_body: fields
            .choice(
                &["token_body_format"],
                &[("form", TokenBody::Form), ("json", TokenBody::Json)],
                None,
            )
            .unwrap_or_default(),
        assumed_lifetime: fields.seconds(&["assumed_lifetime"]),
        authorize_params: fields.pairs(&["authorize_params"]),
        token_params: fields.pairs(&["token_params"]),
        default_scopes: fields.list(&["default_scopes"]),
        // A provider that does not know it ignores it (RFC 7636 section 5).
        pkce: pkce.unwrap_or(true),
    })
}

fn scope_delimiter(fields: &mut Fields<'_>) -> ScopeDelimiter {
    let delimiters = [
        (",", ScopeDelimiter::Comma),
        ("comma", ScopeDelimiter::Comma),
        (" ", ScopeDelimiter::Space),
        ("space", ScopeDelimiter::Space),
        ("+", ScopeDelimiter::Plus),
        ("plus", ScopeDelimiter::Plus),
    ];
    let names = ["scope_delimiter", "scope_separator"];
    fields.choice(&names, &delimiters, None).unwrap_or_default()
}

fn client_auth(fields: &mut Fields<'_>) -> ClientAuth {
    let proofs = [
        ("body", ClientAuth::Body),
        ("basic", ClientAuth::Basic),
        ("headerbasic", ClientAuth::Basic),
        ("basicraw", ClientAuth::BasicRaw),
    ];
    let names = ["token_auth_method", "client_auth"];
    fields.choice(&names, &proofs, None).unwrap_or_default()
}

/// Name and prefix of the header that holds the access token.
fn header(fields: &mut Fields<'_>, placement: &serde_json::Map<String, Value>) -> (String, String) {
    let placed_name = placement.get("name").and_then(Value::as_str);
    let name = fields.text(&["header_name"]).or(placed_name.map(str::to_owned));
    let name = name.unwrap_or_else(|| "Authorization".to_owned());
    let prefix = fields.text_or_empty(&["header_prefix"]);
    let prefix = prefix.or(format_prefix(placement).map(str::to_owned));
    let prefix = prefix.unwrap_or_else(|| "Bearer".to_owned()).trim().to_owned();
    if !is_field_name(&name) || is_transport_field(&name) {
        fields.problem(format!("`header_name`: `{}` cannot hold a token", name.escape_debug()));
    }
    if !is_field_value(&prefix) {
        fields.problem("`header_prefix` holds a character that no header may hold");
    }
    (name, prefix)
}

/// A URL that has to be there.
fn endpoint(fields: &mut Fields<'_>, names: &[&str]) -> Option<Url> {
    if !fields.has(names) {
        fields.problem(format!("`{}` is missing", names[0]));
        return None;
    }
    confidential(fields, names)
}

/// A URL that secrets are sent to, or that a user is sent to.
fn confidential(fields: &mut Fields<'_>, names: &[&str]) -> Option<Url> {
    let url = fields.url(names)?;
    if !is_confidential(&url) {
        fields.problem(format!(
            "`{}` has to be an https URL; plain http is for loopback",
            names[0]
        ));
    } else if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        fields.problem(format!("`{}` holds a user name or a fragment", names[0]));
    }
    Some(url)
}

fn write(service: &Service) -> Value {
    let mut shown = json!({
        "link_name": service.link_name.as_str(), "name": service.name, "auth": auth_name(&service.auth),
        "param_type": param_name(service.param_type),
        "hosts": service.hosts.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    if !service.extra_headers.is_empty() {
        shown["extra_headers"] = pairs_to_json(&service.extra_headers);
    }
    if let Some(url) = &service.test_url {
        shown["test_url"] = json!(readable(url));
    }
    if let Some(url) = &service.redirect_url {
        shown["redirect_url"] = json!(readable(url));
    }
    if !service.placeholders.is_empty() {
        let labels = service.placeholders.iter();
        shown["placeholders"] = labels.map(|found| (found.name.clone(), json!(found.label))).collect();
    }
    match &service.auth {
        AuthKind::Basic => {}
        AuthKind::ApiKey { params } => {
            let params = params.iter().map(|param| {
                let mut shown = json!({"key": param.key, "label": param.label});
                if !param.prefix.is_empty() {
                    shown["prefix"] = json!(param.prefix);
                }
                shown
            });
            shown["params"] = params.collect();
        }
        AuthKind::OAuth1(endpoints) => {
            shown["consumer_key"] = json!(endpoints.consumer_key);
            shown["consumer_secret"] = json!(hidden(&endpoints.consumer_secret));
            shown["request_token_url"] = json!(readable(&endpoints.request_token_url));
            shown["authorize_url"] = json!(readable(&endpoints.authorize_url));
            shown["access_token_url"] = json!(readable(&endpoints.access_token_url));
            shown["signature_method"] = json!(endpoints.signature_method.as_str());
            if !endpoints.authorize_params.is_empty() {
                shown["authorize_params"] = pairs_to_json(&endpoints.authorize_params);
            }
            shown["scope_delimiter"] = json!(endpoints.scope_delimiter.as_str());
        }
        AuthKind::OAuth2(endpoints) => oauth2_to_json(endpoints, &mut shown),
    }
    shown
}

fn oauth2_to_json(endpoints: &OAuth2Endpoints, shown: &mut Value) {
    shown["grant_type"] = json!(match endpoints.grant_type {
        GrantType::AuthorizationCode => "authorization_code",
        GrantType::ClientCredentials => "client_credentials",
    });
    shown["client_id"] = json!(endpoints.client_id);
    shown["client_secret"] = json!(hidden(&endpoints.client_secret));
    if let Some(url) = &endpoints.authorize_url {
        shown["authorize_url"] = json!(readable(url));
    }
    shown["access_token_url"] = json!(readable(&endpoints.token_url));
    if let Some(url) = &endpoints.refresh_url {
        shown["refresh_token_url"] = json!(readable(url));
    }
    for (name, url) in [
        ("device_authorization_url", &endpoints.device_url),
        ("revocation_url", &endpoints.revoke_url),
    ] {
        if let Some(url) = url {
            shown[name] = json!(readable(url));
        }
    }
    if let Some(issuer) = &endpoints.issuer {
        shown["issuer"] = json!(issuer);
    }
    shown["scope_delimiter"] = json!(endpoints.scope_delimiter.as_str());
    shown["header_name"] = json!(endpoints.header_name);
    shown["header_prefix"] = json!(endpoints.header_prefix);
    shown["token_auth_method"] = json!(match endpoints.client_auth {
        ClientAuth::Body => "body",
        ClientAuth::Basic => "basic",
        ClientAuth::BasicRaw => "basic_raw",
    });
    shown["token_body_format"] = json!(match endpoints.token_body {
        TokenBody::Form => "form",
        TokenBody::Json => "json",
    });
    if let Some(seconds) = endpoints.assumed_lifetime {
        shown["assumed_lifetime"] = json!(seconds);
    }
    for (name, pairs) in [
        ("authorize_params", &endpoints.authorize_params),
        ("token_params", &endpoints.token_params),
    ] {
        if !pairs.is_empty() {
            shown[name] = pairs_to_json(pairs);
        }
    }
    if !endpoints.default_scopes.is_empty() {
        shown["default_scopes"] = json!(endpoints.default_scopes);
    }
    shown["pkce"] = json!(endpoints.pkce);
}

fn pairs_to_json(pairs: &[(String, String)]) -> Value {
    let pairs = pairs.iter().map(|(name, value)| (name.clone(), json!(value)));
    Value::Object(pairs.collect())
}

fn hidden(secret: &Secret) -> &'static str {
    if secret.is_empty() { "" } else { DOTS }
}

fn auth_name(auth: &AuthKind) -> &'static str {
    match auth {
        AuthKind::ApiKey { .. } => "api_key",
        AuthKind::Basic => "basic",
        AuthKind::OAuth1(_) => "oauth1",
        AuthKind::OAuth2(_) => "oauth2",
    }
}

fn param_name(param_type: ParamType) -> &'static str {
    match param_type {
        ParamType::Header => "header",
        ParamType::Query => "query",
        ParamType::Form => "form",
    }
}

/// A link name made of a display name: `Zoho Desk` gives `zoho_desk`.
pub(super) fn derive_link_name(name: &str) -> Option<LinkName> {
    let mut link = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        if character.is_ascii_lowercase() || (character.is_ascii_digit() && !link.is_empty()) {
            link.push(character);
        } else if !link.is_empty() && !link.ends_with('_') {
            link.push('_');
        }
    }
    link.truncate(LinkName::MAX);
    LinkName::new(link.trim_end_matches('_'))
}

#[cfg(test)]
mod tests;
