//! What is stored, apart from what is used: every record as JSON with the number of its form. Only here are services,
//! connections and grants written down, always to be sealed at once.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::Url;
use zeroize::Zeroizing;

use crate::host::{LinkName, UserId};

use super::allowed_host::AllowedHost;
use super::connection::Connection;
use super::credential::{Credential, Secret};
use super::grant::{GrantState, StoredGrant};
use super::placeholder::Placeholder;
use super::service::{
    ApiKeyParam, AuthKind, ClientAuth, GrantType, OAuth1Endpoints, OAuth2Endpoints, ParamType, ScopeDelimiter, Service,
    SignatureMethod, TokenBody,
};

/// The form written today.
const FORM: u32 = 1;

/// Something that can be stored.
pub(super) trait Stored: Sized {
    /// The record's bytes, secrets included.
    fn to_record(&self) -> Option<Zeroizing<Vec<u8>>>;
    /// What the record says; `None` where it is of a form this version does not know.
    fn from_record(bytes: &[u8]) -> Option<Self>;
}

macro_rules! stored {
    ($type:ty, $wire:ty) => {
        impl Stored for $type {
            fn to_record(&self) -> Option<Zeroizing<Vec<u8>>> {
                let mut bytes = Zeroizing::new(Vec::with_capacity(4_096));
                let record = Record {
                    form: FORM,
                    content: <$wire>::from(self),
                };
                serde_json::to_writer(&mut *bytes, &record).ok()?;
                Some(bytes)
            }

            fn from_record(bytes: &[u8]) -> Option<Self> {
                let record: Record<$wire> = serde_json::from_slice(bytes).ok()?;
                (record.form == FORM).then_some(record.content)?.into_value()
            }
        }
    };
}

stored!(Service, ServiceRecord);
stored!(Connection, ConnectionRecord);
stored!(StoredGrant, GrantRecord);

#[derive(Serialize, Deserialize)]
struct Record<T> {
    form: u32,
    content: T,
}

/// A secret on its way to or from a sealed record.
struct Hidden(Secret);

impl Serialize for Hidden {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Secret::new(text)))
    }
}

impl From<&Secret> for Hidden {
    fn from(secret: &Secret) -> Self {
        Self(secret.clone())
    }
}

#[derive(Serialize, Deserialize)]
struct ServiceRecord {
    link_name: String,
    name: String,
    auth: AuthRecord,
    param_type: Placing,
    hosts: Vec<String>,
    extra_headers: Vec<(String, String)>,
    test_url: Option<Url>,
    #[serde(default)]
    redirect_url: Option<Url>,
    /// Names and labels.
    #[serde(default)]
    placeholders: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum AuthRecord {
    ApiKey { params: Vec<ParamRecord> },
    Basic,
    Oauth1(Box<OAuth1Record>),
    Oauth2(Box<OAuth2Record>),
}

#[derive(Serialize, Deserialize)]
struct ParamRecord {
    key: String,
    label: String,
    prefix: String,
}

#[derive(Serialize, Deserialize)]
struct OAuth1Record {
    consumer_key: String,
    consumer_secret: Hidden,
    request_token_url: Url,
    authorize_url: Url,
    access_token_url: Url,
    signature_method: Signing,
    #[serde(default)]
    authorize_params: Vec<(String, String)>,
    #[serde(default)]
    scope_delimiter: Option<Delimiter>,
}

#[derive(Serialize, Deserialize)]
struct OAuth2Record {
    grant_type: Granting,
    client_id: String,
    client_secret: Hidden,
    authorize_url: Option<Url>,
    token_url: Url,
    refresh_url: Option<Url>,
    #[serde(default)]
    device_url: Option<Url>,
    #[serde(default)]
    revoke_url: Option<Url>,
    #[serde(default)]
    issuer: Option<String>,
    scope_delimiter: Delimiter,
    header_name: String,
    header_prefix: String,
    client_auth: Proving,
    token_body: Encoding,
    assumed_lifetime: Option<u64>,
    authorize_params: Vec<(String, String)>,
    token_params: Vec<(String, String)>,
    default_scopes: Vec<String>,
    pkce: bool,
}

#[derive(Serialize, Deserialize)]
struct ConnectionRecord {
    link_name: String,
    name: String,
    service: String,
    scopes: Vec<String>,
    owner: String,
    per_user: bool,
    #[serde(default)]
    values: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct GrantRecord {
    credential: CredentialRecord,
    /// Why somebody has to connect again; absent while the grant serves.
    reconnect: Option<String>,
    obtained_at: i64,
    expires_at: Option<i64>,
    scopes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum CredentialRecord {
    ApiKey {
        values: Vec<(String, Hidden)>,
    },
    Basic {
        user: String,
        password: Hidden,
    },
    Oauth1 {
        token: Hidden,
        secret: Hidden,
    },
    Oauth2 {
        access: Option<Hidden>,
        refresh: Option<Hidden>,
    },
}

/// Gives an enum of names its twin on the wire, so that renaming one does not change what is stored.
macro_rules! twin {
    ($wire:ident = $type:ident { $($variant:ident),* }) => {
        #[derive(Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum $wire { $($variant),* }

        impl From<$type> for $wire {
            fn from(value: $type) -> Self {
                match value { $($type::$variant => Self::$variant),* }
            }
        }

        impl From<$wire> for $type {
            fn from(value: $wire) -> Self {
                match value { $($wire::$variant => Self::$variant),* }
            }
        }
    };
}

twin!(Placing = ParamType { Header, Query, Form });
twin!(
    Signing = SignatureMethod {
        HmacSha1,
        HmacSha256,
        Plaintext
    }
);
twin!(
    Granting = GrantType {
        AuthorizationCode,
        ClientCredentials
    }
);
twin!(Delimiter = ScopeDelimiter { Comma, Space, Plus });
twin!(Proving = ClientAuth { Body, Basic, BasicRaw });
twin!(Encoding = TokenBody { Form, Json });

impl From<&Service> for ServiceRecord {
    fn from(service: &Service) -> Self {
        Self {
            link_name: service.link_name.to_string(),
            name: service.name.clone(),
            auth: AuthRecord::from(&service.auth),
            param_type: service.param_type.into(),
            hosts: service.hosts.iter().map(ToString::to_string).collect(),
            extra_headers: service.extra_headers.clone(),
            test_url: service.test_url.clone(),
            redirect_url: service.redirect_url.clone(),
            placeholders: service
                .placeholders
                .iter()
                .map(|found| (found.name.clone(), found.label.clone()))
                .collect(),
        }
    }
}

impl ServiceRecord {
    fn into_value(self) -> Option<Service> {
        let hosts = self.hosts.iter().map(|host| AllowedHost::parse(host).ok());
        Some(Service {
            link_name: LinkName::new(&self.link_name)?,
            name: self.name,
            auth: self.auth.into(),
            param_type: self.param_type.into(),
            hosts: hosts.collect::<Option<_>>()?,
            extra_headers: self.extra_headers,
            test_url: self.test_url,
            redirect_url: self.redirect_url,
            placeholders: self
                .placeholders
                .into_iter()
                .map(|(name, label)| Placeholder { name, label })
                .collect(),
        })
    }
}

impl From<&AuthKind> for AuthRecord {
    fn from(auth: &AuthKind) -> Self {
        match auth {
            AuthKind::ApiKey { params } => Self::ApiKey {
                params: params.iter().map(ParamRecord::from).collect(),
            },
            AuthKind::Basic => Self::Basic,
            AuthKind::OAuth1(endpoints) => Self::Oauth1(Box::new((&**endpoints).into())),
            AuthKind::OAuth2(endpoints) => Self::Oauth2(Box::new((&**endpoints).into())),
        }
    }
}

impl From<AuthRecord> for AuthKind {
    fn from(record: AuthRecord) -> Self {
        match record {
            AuthRecord::ApiKey { params } => Self::ApiKey {
                params: params.into_iter().map(ApiKeyParam::from).collect(),
            },
            AuthRecord::Basic => Self::Basic,
            AuthRecord::Oauth1(record) => Self::OAuth1(Box::new((*record).into())),
            AuthRecord::Oauth2(record) => Self::OAuth2(Box::new((*record).into())),
        }
    }
}

impl From<&ApiKeyParam> for ParamRecord {
    fn from(param: &ApiKeyParam) -> Self {
        Self {
            key: param.key.clone(),
            label: param.label.clone(),
            prefix: param.prefix.clone(),
        }
    }
}

impl From<ParamRecord> for ApiKeyParam {
    fn from(record: ParamRecord) -> Self {
        Self {
            key: record.key,
            label: record.label,
            prefix: record.prefix,
        }
    }
}

impl From<&OAuth1Endpoints> for OAuth1Record {
    fn from(endpoints: &OAuth1Endpoints) -> Self {
        Self {
            consumer_key: endpoints.consumer_key.clone(),
            consumer_secret: (&endpoints.consumer_secret).into(),
            request_token_url: endpoints.request_token_url.clone(),
            authorize_url: endpoints.authorize_url.clone(),
            access_token_url: endpoints.access_token_url.clone(),
            signature_method: endpoints.signature_method.into(),
            authorize_params: endpoints.authorize_params.clone(),
            scope_delimiter: Some(endpoints.scope_delimiter.into()),
        }
    }
}

impl From<OAuth1Record> for OAuth1Endpoints {
    fn from(record: OAuth1Record) -> Self {
        Self {
            consumer_key: record.consumer_key,
            consumer_secret: record.consumer_secret.0,
            request_token_url: record.request_token_url,
            authorize_url: record.authorize_url,
            access_token_url: record.access_token_url,
            signature_method: record.signature_method.into(),
            authorize_params: record.authorize_params,
            scope_delimiter: record.scope_delimiter.map(ScopeDelimiter::from).unwrap_or_default(),
        }
    }
}

impl From<&OAuth2Endpoints> for OAuth2Record {
    fn from(endpoints: &OAuth2Endpoints) -> Self {
        Self {
            grant_type: endpoints.grant_type.into(),
            client_id: endpoints.client_id.clone(),
            client_secret: (&endpoints.client_secret).into(),
            authorize_url: endpoints.authorize_url.clone(),
            token_url: endpoints.token_url.clone(),
            refresh_url: endpoints.refresh_url.clone(),
            device_url: endpoints.device_url.clone(),
            revoke_url: endpoints.revoke_url.clone(),
            issuer: endpoints.issuer.clone(),
            scope_delimiter: endpoints.scope_delimiter.into(),
            header_name: endpoints.header_name.clone(),
            header_prefix: endpoints.header_prefix.clone(),
            client_auth: endpoints.client_auth.into(),
            token_body: endpoints.token_body.into(),
            assumed_lifetime: endpoints.assumed_lifetime,
            authorize_params: endpoints.authorize_params.clone(),
            token_params: endpoints.token_params.clone(),
            default_scopes: endpoints.default_scopes.clone(),
            pkce: endpoints.pkce,
        }
    }
}

impl From<OAuth2Record> for OAuth2Endpoints {
    fn from(record: OAuth2Record) -> Self {
        Self {
            grant_type: record.grant_type.into(),
            client_id: record.client_id,
            client_secret: record.client_secret.0,
            authorize_url: record.authorize_url,
            token_url: record.token_url,
            refresh_url: record.refresh_url,
            device_url: record.device_url,
            revoke_url: record.revoke_url,
            issuer: record.issuer,
            scope_delimiter: record.scope_delimiter.into(),
            header_name: record.header_name,
            header_prefix: record.header_prefix,
            client_auth: record.client_auth.into(),
            token_body: record.token_body.into(),
            assumed_lifetime: record.assumed_lifetime,
            authorize_params: record.authorize_params,
            token_params: record.token_params,
            default_scopes: record.default_scopes,
            pkce: record.pkce,
        }
    }
}

impl From<&Connection> for ConnectionRecord {
    fn from(connection: &Connection) -> Self {
        Self {
            link_name: connection.link_name.to_string(),
            name: connection.name.clone(),
            service: connection.service.to_string(),
            scopes: connection.scopes.clone(),
            owner: connection.owner.to_string(),
            per_user: connection.per_user,
            values: connection.values.clone(),
        }
    }
}

impl ConnectionRecord {
    fn into_value(self) -> Option<Connection> {
        Some(Connection {
            link_name: LinkName::new(&self.link_name)?,
            name: self.name,
            service: LinkName::new(&self.service)?,
            scopes: self.scopes,
            owner: UserId::new(&self.owner),
            per_user: self.per_user,
            values: self.values,
        })
    }
}

impl From<&StoredGrant> for GrantRecord {
    fn from(grant: &StoredGrant) -> Self {
        Self {
            credential: (&grant.credential).into(),
            reconnect: match &grant.state {
                GrantState::Connected => None,
                GrantState::NeedsReconnect { reason } => Some(reason.clone()),
            },
            obtained_at: grant.obtained_at,
            expires_at: grant.expires_at,
            scopes: grant.scopes.clone(),
        }
    }
}

impl GrantRecord {
    fn into_value(self) -> Option<StoredGrant> {
        Some(StoredGrant {
            credential: self.credential.into(),
            state: match self.reconnect {
                None => GrantState::Connected,
                Some(reason) => GrantState::NeedsReconnect { reason },
            },
            obtained_at: self.obtained_at,
            expires_at: self.expires_at,
            scopes: self.scopes,
        })
    }
}

impl From<&Credential> for CredentialRecord {
    fn from(credential: &Credential) -> Self {
        match credential {
            Credential::ApiKey(values) => Self::ApiKey {
                values: values.iter().map(|(key, value)| (key.clone(), value.into())).collect(),
            },
            Credential::Basic { user, password } => Self::Basic {
                user: user.clone(),
                password: password.into(),
            },
            Credential::OAuth1 { token, secret } => Self::Oauth1 {
                token: token.into(),
                secret: secret.into(),
            },
            Credential::OAuth2 { access, refresh } => Self::Oauth2 {
                access: access.as_ref().map(Hidden::from),
                refresh: refresh.as_ref().map(Hidden::from),
            },
        }
    }
}

impl From<CredentialRecord> for Credential {
    fn from(record: CredentialRecord) -> Self {
        match record {
            CredentialRecord::ApiKey { values } => {
                Self::ApiKey(values.into_iter().map(|(key, value)| (key, value.0)).collect())
            }
            CredentialRecord::Basic { user, password } => Self::Basic {
                user,
                password: password.0,
            },
            CredentialRecord::Oauth1 { token, secret } => Self::OAuth1 {
                token: token.0,
                secret: secret.0,
            },
            CredentialRecord::Oauth2 { access, refresh } => Self::OAuth2 {
                access: access.map(|secret| secret.0),
                refresh: refresh.map(|secret| secret.0),
            },
        }
    }
}

#[cfg(test)]
mod tests;
