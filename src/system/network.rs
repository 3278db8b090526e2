//! Which hosts the requests of a run may reach.

use std::fmt;

use url::{Host, Url};

use super::address::is_public;
use crate::diagnostic::Code;
use crate::host::{HttpError, HttpErrorKind};

/// How far requests may go. Checked for every exchange, redirects included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    reach: Reach,
    public_only: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Reach {
    Nothing,
    Everything,
    Origins(Vec<Origin>),
}

/// Scheme, host and port: `https://api.example.com`, `http://127.0.0.1:8080` (RFC 6454), or of a mail server
/// `smtps://mail.example.com`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Reads an origin. A path, a query and user information do not belong to it.
    ///
    /// # Errors
    /// Why the text is no origin, as a sentence without a full stop.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no origin: write scheme and host, like https://api.example.com");
        let url = Url::parse(text.trim()).map_err(|_| wrong())?;
        let is_known = matches!(url.scheme(), "http" | "https" | "smtp" | "smtps") && url.has_host();
        let is_bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        let is_nobody = url.username().is_empty() && url.password().is_none();
        if is_known && is_bare && is_nobody {
            Ok(Self::of(&url))
        } else {
            Err(wrong())
        }
    }

    fn of(url: &Url) -> Self {
        let origin = url.origin();
        if origin.is_tuple() {
            return Self(origin.ascii_serialization());
        }
        // To the URL standard, schemes other than the web's have no origin, and no host in lower case.
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Self(format!("{}://{host}{port}", url.scheme()))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Network {
    /// No request leaves.
    pub fn none() -> Self {
        Self::reaching(Reach::Nothing)
    }

    /// Every host may be reached, this machine and its networks included.
    pub fn open() -> Self {
        Self::reaching(Reach::Everything)
    }

    /// These origins alone.
    pub fn only(origins: impl IntoIterator<Item = Origin>) -> Self {
        Self::reaching(Reach::Origins(origins.into_iter().collect()))
    }

    /// The public internet alone: for scripts of people who must not see into the networks of the machine that runs
    /// them.
    pub fn public() -> Self {
        Self::open().public_addresses()
    }

    /// The same, but for addresses that are not of the public internet: loopback, private, shared, link-local and
    /// reserved ones, as IPv4, IPv6, or one inside the other. They are refused when the connection is made, after the
    /// name was resolved, so a name that leads to such an address is refused too. Proxies are not used then, for they
    /// resolve names themselves.
    #[must_use]
    pub fn public_addresses(mut self) -> Self {
        self.public_only = true;
        self
    }

    fn reaching(reach: Reach) -> Self {
        Self {
            reach,
            public_only: false,
        }
    }

    /// Whether only addresses of the public internet are connected to.
    pub(super) fn is_public_only(&self) -> bool {
        self.public_only
    }

    /// Refuses a URL that may not be reached, as far as the URL alone tells.
    pub(super) fn check(&self, url: &Url) -> Result<(), HttpError> {
        match &self.reach {
            Reach::Nothing => {
                return Err(HttpError::new(
                    HttpErrorKind::Refused(Code::Offline),
                    "requests are switched off",
                ));
            }
            Reach::Origins(origins) if !origins.contains(&Origin::of(url)) => {
                return Err(HttpError::new(
                    HttpErrorKind::Refused(Code::HostNotAllowed),
                    "the run may not reach this host",
                ));
            }
            Reach::Origins(_) | Reach::Everything => {}
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => address.into(),
            Some(Host::Ipv6(address)) => address.into(),
            _ => return Ok(()),
        };
        if self.public_only && !is_public(address) {
            return Err(not_public());
        }
        Ok(())
    }
}

/// The refusal of an address that is not public. Names no address: it would tell how a network is built.
pub(super) fn not_public() -> HttpError {
    HttpError::new(
        HttpErrorKind::Refused(Code::HostNotAllowed),
        "the run may reach public addresses only",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(network: &Network, url: &str) -> Option<Code> {
        let error = network.check(&Url::parse(url).unwrap()).err()?;
        Some(error.kind.code())
    }

    #[test]
    fn origins_are_scheme_host_and_port_and_nothing_else() {
        let same = |one, other| Origin::parse(one).unwrap() == Origin::parse(other).unwrap();
        assert!(same("https://API.example.com", "https://api.example.com:443/"));
        assert!(!same("https://api.example.com", "http://api.example.com"));
        assert!(!same("https://api.example.com", "https://api.example.com:444"));
        for wrong in [
            "",
            "api.example.com",
            "https://",
            "ftp://a.example",
            "https://a.example/x",
            "https://a.example?x",
            "https://u@a.example",
            "data:x",
        ] {
            assert!(Origin::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_may_be_reached() {
        let origin = |text| Origin::parse(text).unwrap();
        let mail = Network::only([origin("smtps://mail.example")]);
        let listed = Network::only([origin("https://a.example"), origin("http://127.0.0.1:8080")]);
        for (network, url, refusal) in [
            (&Network::none(), "https://a.example/", Some(Code::Offline)),
            (&Network::open(), "http://127.0.0.1/", None),
            (&listed, "https://a.example/x?y", None),
            (&listed, "http://127.0.0.1:8080/", None),
            (&listed, "http://127.0.0.1:8081/", Some(Code::HostNotAllowed)),
            (&listed, "http://a.example/", Some(Code::HostNotAllowed)),
            (&listed, "https://b.a.example/", Some(Code::HostNotAllowed)),
            (&mail, "smtps://Mail.example", None),
            (&mail, "smtps://mail.example:587", Some(Code::HostNotAllowed)),
            (&mail, "smtps://other.example", Some(Code::HostNotAllowed)),
            (&mail, "https://mail.example/", Some(Code::HostNotAllowed)),
            (&Network::public(), "https://a.example/", None),
            (&Network::public(), "http://8.8.8.8/", None),
            (&Network::public(), "http://127.1/", Some(Code::HostNotAllowed)),
            (&Network::public(), "http://0x7f000001/", Some(Code::HostNotAllowed)),
            (
                &Network::public(),
                "http://[::ffff:8.8.8.8]/",
                Some(Code::HostNotAllowed),
            ),
            (
                &listed.clone().public_addresses(),
                "http://127.0.0.1:8080/",
                Some(Code::HostNotAllowed),
            ),
        ] {
            assert_eq!(refused(network, url), refusal, "{url} in {network:?}");
        }
    }
}
