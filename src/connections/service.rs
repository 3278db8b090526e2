//! A service: how to authenticate to a provider, and where its credentials may go (the Connections page of Zoho Cliq;
//! the fields of each auth type as the custom service forms of Zoho Forms, QEngine and Writer list them).

use url::Url;

use crate::host::LinkName;

use super::allowed_host::AllowedHost;
use super::credential::Secret;
use super::placeholder::Placeholder;

/// A provider of an API. Many connections may use one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The name by which connections refer to it.
    pub link_name: LinkName,
    /// The display name, 50 characters at most.
    pub name: String,
    /// How to authenticate.
    pub auth: AuthKind,
    /// Where credentials are placed in a request.
    pub param_type: ParamType,
    /// The origins its credentials may be sent to.
    pub hosts: Vec<AllowedHost>,
    /// Header fields the service always wants, set where a script has not set them (an API version, say).
    pub extra_headers: Vec<(String, String)>,
    /// A URL that tells who is signed in, for `dg connections test`.
    pub test_url: Option<Url>,
    /// The callback URL that is registered at the provider, where it has to be a certain one: a loopback URL with its port,
    /// or an https page from which the user pastes the address back. `None`: a loopback URL with any free port.
    pub redirect_url: Option<Url>,
    /// What whoever makes a connection has to fill in, in the order in which it stands in the addresses.
    pub placeholders: Vec<Placeholder>,
}

impl Service {
    /// The fields that differ in `other` and that decide where credentials go, or in which form.
    pub(super) fn redirected_by(&self, other: &Self) -> Vec<&'static str> {
        let mut changed = Vec::new();
        let mut compare = |name, same: bool| {
            if !same {
                changed.push(name);
            }
        };
        compare("hosts", self.hosts == other.hosts);
        compare("param_type", self.param_type == other.param_type);
        compare("test_url", self.test_url == other.test_url);
        compare("redirect_url", self.redirect_url == other.redirect_url);
        match (&self.auth, &other.auth) {
            (AuthKind::ApiKey { params }, AuthKind::ApiKey { params: others }) => {
                let places = |params: &[ApiKeyParam]| -> Vec<(String, String)> {
                    params
                        .iter()
                        .map(|param| (param.key.clone(), param.prefix.clone()))
                        .collect()
                };
                compare("params", places(params) == places(others));
            }
            (AuthKind::Basic, AuthKind::Basic) => {}
            (AuthKind::OAuth1(own), AuthKind::OAuth1(new)) => {
                compare("consumer_key", own.consumer_key == new.consumer_key);
                compare("request_token_url", own.request_token_url == new.request_token_url);
                compare("authorize_url", own.authorize_url == new.authorize_url);
                compare("access_token_url", own.access_token_url == new.access_token_url);
                compare("signature_method", own.signature_method == new.signature_method);
            }
            (AuthKind::OAuth2(own), AuthKind::OAuth2(new)) => {
                compare("grant_type", own.grant_type == new.grant_type);
                compare("client_id", own.client_id == new.client_id);
                compare("authorize_url", own.authorize_url == new.authorize_url);
                compare("access_token_url", own.token_url == new.token_url);
                compare("refresh_token_url", own.refresh_url() == new.refresh_url());
                compare("device_url", own.device_url == new.device_url);
                compare("revoke_url", own.revoke_url == new.revoke_url);
                compare("header_name", own.header_name == new.header_name);
                compare("header_prefix", own.header_prefix == new.header_prefix);
            }
            _ => compare("auth", false),
        }
        changed
    }
}

/// The auth types, with the fields of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthKind {
    /// Fixed values under names of the service's choice.
    ApiKey {
        /// The parameters; their values are asked when connecting.
        params: Vec<ApiKeyParam>,
    },
    /// User name and password in the `Authorization` header (RFC 7617).
    Basic,
    /// OAuth 1.0a (RFC 5849).
    OAuth1(Box<OAuth1Endpoints>),
    /// OAuth 2.0 (RFC 6749).
    OAuth2(Box<OAuth2Endpoints>),
}

impl AuthKind {
    /// What the auth type is called in messages.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::ApiKey { .. } => "API Key",
            Self::Basic => "Basic",
            Self::OAuth1(_) => "OAuth 1",
            Self::OAuth2(_) => "OAuth 2",
        }
    }
}

/// One parameter of an API key service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyParam {
    /// The wire name: "Actual Parameter" on Zoho's form.
    pub key: String,
    /// What to call it when asking: "Parameter Display Name".
    pub label: String,
    /// What stands before the value on the wire, blank included; `Bearer ` for instance. Mostly empty.
    pub prefix: String,
}

/// Where a credential is placed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ParamType {
    /// In header fields.
    #[default]
    Header,
    /// In the query string.
    Query,
    /// Among the fields of a form body.
    Form,
}

impl ParamType {
    /// What Zoho calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Header => "Header",
            Self::Query => "Query String",
            Self::Form => "Form Data",
        }
    }
}

/// What OAuth 1 needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuth1Endpoints {
    /// The consumer key.
    pub consumer_key: String,
    /// The consumer secret.
    pub consumer_secret: Secret,
    /// Where a request token is had.
    pub request_token_url: Url,
    /// Where the user consents.
    pub authorize_url: Url,
    /// Where the request token becomes an access token.
    pub access_token_url: Url,
    /// How requests are signed.
    pub signature_method: SignatureMethod,
    /// Further parameters of the consent page (`expiration`, `perms`).
    pub authorize_params: Vec<(String, String)>,
    /// What stands between scopes on the consent page, where the provider has any.
    pub scope_delimiter: ScopeDelimiter,
}

/// The signature methods of OAuth 1 that are offered. Zoho documents none; HMAC-SHA1 is what providers take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignatureMethod {
    /// HMAC-SHA1
    #[default]
    HmacSha1,
    /// HMAC-SHA256
    HmacSha256,
    /// PLAINTEXT
    Plaintext,
}

impl SignatureMethod {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
            Self::Plaintext => "PLAINTEXT",
        }
    }
}

/// What OAuth 2 needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuth2Endpoints {
    /// How a grant is had.
    pub grant_type: GrantType,
    /// The client's id.
    pub client_id: String,
    /// The client's secret; empty for a public client.
    pub client_secret: Secret,
    /// Where the user consents; authorization code only.
    pub authorize_url: Option<Url>,
    /// Where tokens are had.
    pub token_url: Url,
    /// Where tokens are refreshed, where it is another place.
    pub refresh_url: Option<Url>,
    /// Where a device asks for a code that the user types in elsewhere (RFC 8628).
    pub device_url: Option<Url>,
    /// Where a token is revoked (RFC 7009).
    pub revoke_url: Option<Url>,
    /// The issuer, which an authorization answer then has to name if it names any (RFC 9207).
    pub issuer: Option<String>,
    /// What stands between scopes.
    pub scope_delimiter: ScopeDelimiter,
    /// The header field of the token; `Authorization` but for a few services.
    pub header_name: String,
    /// What stands before the token in the header: `Bearer`, `Zoho-oauthtoken`, `token`, or nothing.
    pub header_prefix: String,
    /// How the client proves itself to the token URL.
    pub client_auth: ClientAuth,
    /// How token requests are encoded.
    pub token_body: TokenBody,
    /// Seconds a token is taken to live where the provider does not say; `None`: until a 401.
    pub assumed_lifetime: Option<u64>,
    /// Further parameters of the consent page.
    pub authorize_params: Vec<(String, String)>,
    /// Further parameters of token requests (`audience`, `resource`).
    pub token_params: Vec<(String, String)>,
    /// Scopes asked for beside those of the connection.
    pub default_scopes: Vec<String>,
    /// Whether a proof key is sent with the consent (RFC 7636).
    pub pkce: bool,
}

impl OAuth2Endpoints {
    /// Where a refresh token is spent.
    pub fn refresh_url(&self) -> &Url {
        self.refresh_url.as_ref().unwrap_or(&self.token_url)
    }

    /// The scopes of a connection and of the service, joined as the provider wants them.
    pub fn joined_scopes(&self, scopes: &[String]) -> String {
        self.scope_delimiter.join(self.default_scopes.iter().chain(scopes))
    }
}

/// The grant types on Zoho's form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GrantType {
    /// A user consents (RFC 6749 4.1).
    #[default]
    AuthorizationCode,
    /// The client acts for itself (RFC 6749 4.4).
    ClientCredentials,
}

/// What stands between scopes; a comma, unless something else is chosen (the custom service page of Zoho Writer).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScopeDelimiter {
    /// `,`
    #[default]
    Comma,
    /// A blank, as RFC 6749 3.3 has it.
    Space,
    /// `+`
    Plus,
}

impl ScopeDelimiter {
    /// The delimiter itself.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Comma => ",",
            Self::Space => " ",
            Self::Plus => "+",
        }
    }

    /// The scopes in one text, each once.
    pub fn join<'s>(self, scopes: impl IntoIterator<Item = &'s String>) -> String {
        let mut all: Vec<&str> = Vec::new();
        for scope in scopes {
            if !all.contains(&scope.as_str()) {
                all.push(scope);
            }
        }
        all.join(self.as_str())
    }
}

/// How a client proves itself to a token URL (RFC 6749 2.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientAuth {
    /// `client_id` and `client_secret` in the body.
    #[default]
    Body,
    /// The Basic scheme, id and secret form-encoded first, as the RFC wants.
    Basic,
    /// The Basic scheme without that encoding, as some providers want.
    BasicRaw,
}

/// How token requests are encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenBody {
    /// `application/x-www-form-urlencoded`, as RFC 6749 has it.
    #[default]
    Form,
    /// JSON, which a few providers want.
    Json,
}
