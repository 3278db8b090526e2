//! Putting a credential into a request, at the place its service wants (DECISIONS: 27). The connection's value wins over
//! a script's own; what a script may not set beside a credential is refused.

mod api_key;
pub(super) mod basic;
pub(super) mod oauth1;
mod oauth2;

use url::form_urlencoded;

use crate::host::{Body, Headers, Part, Request};

use super::credential::Credential;
use super::service::{AuthKind, ParamType, Service};

/// Why a credential cannot be put into a request. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Misplaced {
    /// What is in the way, as a clause: "... because `why`".
    pub(super) why: String,
    /// What to do.
    pub(super) help: Option<String>,
}

impl Misplaced {
    fn new(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            help: None,
        }
    }

    fn help(mut self, text: &str) -> Self {
        self.help = Some(text.to_owned());
        self
    }
}

/// Signs a request as of now. Gives the names under which the script had a value of its own.
pub(super) fn sign(
    service: &Service,
    credential: &Credential,
    request: &mut Request,
    now_millis: i64,
) -> Result<Vec<String>, Misplaced> {
    check_script(request)?;
    let mut placement = Placement {
        request,
        overridden: Vec::new(),
    };
    match (&service.auth, credential) {
        (AuthKind::ApiKey { params }, Credential::ApiKey(values)) => {
            api_key::place(params, values, service.param_type, &mut placement)?;
        }
        (AuthKind::Basic, Credential::Basic { user, password }) => basic::place(user, password, &mut placement)?,
        (AuthKind::OAuth1(endpoints), Credential::OAuth1 { token, secret }) => {
            let signer = oauth1::Signer {
                endpoints,
                token: Some((token, secret)),
                further: &[],
                moment: oauth1::Moment::now(now_millis)?,
            };
            oauth1::place(&signer, service.param_type, &mut placement)?;
        }
        (
            AuthKind::OAuth2(endpoints),
            Credential::OAuth2 {
                access: Some(access), ..
            },
        ) => oauth2::place(endpoints, access, service.param_type, &mut placement)?,
        _ => {
            let why = format!("its credential is not one of the auth type {}", service.auth.label());
            return Err(Misplaced::new(why));
        }
    }
    let overridden = placement.overridden;
    for (name, value) in &service.extra_headers {
        if !request.headers.contains(name) {
            request.headers.set(name, value);
        }
    }
    Ok(overridden)
}

/// Signs a request of the OAuth 1 dance itself, which carries no credential of a user yet.
pub(super) fn sign_dance(
    signer: &oauth1::Signer<'_>,
    param_type: ParamType,
    request: &mut Request,
) -> Result<(), Misplaced> {
    let mut placement = Placement {
        request,
        overridden: Vec::new(),
    };
    oauth1::place(signer, param_type, &mut placement)
}

/// Whether a name may be a header field's.
pub(super) fn is_field_name(name: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(token)
}

/// Whether a value can travel in a header field: a line break in it would begin another field.
pub(super) fn is_field_value(value: &str) -> bool {
    value.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte))
}

/// Whether the field decides where or how a request travels, which is nobody's business but the transport's.
pub(super) fn is_transport_field(name: &str) -> bool {
    let transport = ["host", "content-length", "transfer-encoding", "connection"];
    let name = name.to_ascii_lowercase();
    transport.contains(&name.as_str()) || name.starts_with("proxy-")
}

/// Refuses what a script may not set in a request that carries a credential.
fn check_script(request: &Request) -> Result<(), Misplaced> {
    for (name, value) in request.headers.iter() {
        if is_transport_field(name) {
            let why = format!("the script sets the header `{name}`, which decides how the request travels");
            return Err(Misplaced::new(why).help("leave that header out where a connection is used"));
        }
        if !is_field_name(name) || value.contains(['\r', '\n', '\0']) {
            let name = name.escape_debug();
            let why = format!("the script's header `{name}` holds a character that no header may hold");
            return Err(Misplaced::new(why).help("take line breaks and the like out of that header"));
        }
    }
    if !request.url.username().is_empty() || request.url.password().is_some() {
        let why = "the URL holds a user name or password of its own";
        return Err(Misplaced::new(why).help("take the part before `@` out of the URL"));
    }
    Ok(())
}

/// A request that is being signed.
struct Placement<'r> {
    request: &'r mut Request,
    overridden: Vec<String>,
}

impl Placement<'_> {
    fn place(&mut self, param_type: ParamType, name: &str, value: &str) -> Result<(), Misplaced> {
        match param_type {
            ParamType::Header => self.header(name, value),
            ParamType::Query => {
                self.query(name, value);
                Ok(())
            }
            ParamType::Form => self.form(name, value),
        }
    }

    fn header(&mut self, name: &str, value: &str) -> Result<(), Misplaced> {
        if !is_field_name(name) || !is_field_value(value) {
            let name = name.escape_debug();
            let why = format!("the value for the header `{name}` holds a character that no header may hold");
            return Err(Misplaced::new(why).help("connect again with a value in plain ASCII, without line breaks"));
        }
        let headers: &mut Headers = &mut self.request.headers;
        if headers.set(name, value).is_some() {
            self.overridden.push(name.to_owned());
        }
        Ok(())
    }

    /// Appends to the query. Other parameters stay as they are written, byte for byte.
    fn query(&mut self, name: &str, value: &str) {
        let url = &mut self.request.url;
        let former = url.query().unwrap_or_default().to_owned();
        let is_ours = |pair: &&str| {
            let decoded = form_urlencoded::parse(pair.as_bytes()).next();
            decoded.is_some_and(|(key, _)| key == name)
        };
        let pairs = || former.split('&').filter(|pair| !pair.is_empty());
        if pairs().any(|pair| is_ours(&pair)) {
            self.overridden.push(name.to_owned());
        }
        let mut query: Vec<&str> = pairs().filter(|pair| !is_ours(pair)).collect();
        let ours = form_urlencoded::Serializer::new(String::new())
            .append_pair(name, value)
            .finish();
        query.push(&ours);
        url.set_query(Some(&query.join("&")));
    }

    fn form(&mut self, name: &str, value: &str) -> Result<(), Misplaced> {
        let had = match &mut self.request.body {
            Body::Form(pairs) => {
                let before = pairs.len();
                pairs.retain(|(key, _)| key != name);
                let had = pairs.len() < before;
                pairs.push((name.to_owned(), value.to_owned()));
                had
            }
            Body::Multipart(parts) => {
                let before = parts.len();
                parts.retain(|part| part.name != name);
                let had = parts.len() < before;
                parts.push(Part {
                    name: name.to_owned(),
                    file_name: None,
                    media_type: None,
                    bytes: value.as_bytes().to_vec(),
                });
                had
            }
            Body::Empty => {
                let why = "its service wants the credential in form data, and the request has no body";
                return Err(Misplaced::new(why).help("send `parameters` as a key-value in a POST, PUT or PATCH"));
            }
            Body::Bytes(_) => {
                let why = "its service wants the credential in form data, and the body is a text or file";
                return Err(Misplaced::new(why).help("send `parameters` as a key-value instead of a text or file"));
            }
        };
        if had {
            self.overridden.push(name.to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
