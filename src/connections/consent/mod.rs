//! The ways in which a service becomes a grant. Nothing here knows a terminal: whoever has to open a page, type in a
//! code or paste an address is a [`Person`].
//!
//! [`Connections::connect`] goes the whole way. A host with web pages of its own goes in two steps:
//! [`Connections::begin_consent`] gives the address to send the user to, [`Connections::finish_consent`] takes what his
//! browser brings back.

#[cfg(feature = "loopback")]
mod callback;
pub(super) mod client;
mod code;
mod connect;
mod dance;
mod device;
mod error;
mod pending;
mod revoke;

use std::time::Duration;

use url::Url;

use super::flights::nap;
use super::service::{AuthKind, GrantType, Service};
use crate::host::Cancel;

pub use connect::{Connected, Wish};
pub use error::{ConsentError, ConsentErrorKind};
pub use pending::Begun;
pub(super) use pending::Pendings;
pub use revoke::{AtProvider, Revoked};

/// The path of the callback URL where a service fixes none.
pub const CALLBACK_PATH: &str = "/callback";

/// The port of the callback URL where nobody listens at it: in paste mode, for a provider that takes any port.
pub const PASTE_PORT: u16 = 8_400;

/// Whoever gives consent, or passes the request on to him.
pub trait Person: Send + Sync {
    /// Has to open this address in a browser. Returns at once.
    fn visit(&self, url: &Url);

    /// Has to type this code in at a page of the provider. Returns at once.
    fn type_in(&self, code: &UserCode);

    /// Has to open the address in a browser somewhere, and to give back the address at which the browser ends, or the
    /// code that the provider shows. `None` where he gives up.
    fn paste(&self, url: &Url) -> Option<String>;
}

/// A code to type in at a provider's page (RFC 8628 section 3.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserCode {
    /// The code.
    pub code: String,
    /// The page.
    pub url: Url,
    /// The page with the code in it already, where the provider has one.
    pub complete_url: Option<Url>,
    /// For how long the code is good.
    pub lifetime: Duration,
}

/// How a user consents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// In a browser of this machine, which is sent back to a page of ours.
    Browser,
    /// In any browser; the user copies the address at which it ends.
    Paste,
    /// In any browser, at a page that takes a code.
    Device,
}

impl Way {
    /// The way that suits a service best; `None` where nobody has to consent.
    pub fn of(service: &Service) -> Option<Self> {
        let asks = match &service.auth {
            AuthKind::ApiKey { .. } | AuthKind::Basic => return None,
            AuthKind::OAuth2(endpoints) if endpoints.grant_type == GrantType::ClientCredentials => return None,
            AuthKind::OAuth2(endpoints) if endpoints.authorize_url.is_none() && endpoints.device_url.is_some() => {
                return Some(Self::Device);
            }
            AuthKind::OAuth1(_) | AuthKind::OAuth2(_) => &service.redirect_url,
        };
        match asks {
            Some(url) if !is_loopback_page(url) => Some(Self::Paste),
            _ => Some(Self::Browser),
        }
    }
}

/// Whether we can listen where a callback URL leads.
fn is_loopback_page(url: &Url) -> bool {
    url.scheme() == "http" && super::allowed_host::is_confidential(url)
}

/// Waits between two questions to a provider.
trait Waiting: Sync {
    /// Waits; tells whether nobody stopped it.
    fn wait(&self, time: Duration, cancel: &Cancel) -> bool;
}

/// Waits in earnest.
struct RealTime;

impl Waiting for RealTime {
    fn wait(&self, time: Duration, cancel: &Cancel) -> bool {
        nap(time, cancel)
    }
}
