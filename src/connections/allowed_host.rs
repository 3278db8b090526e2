//! Where a credential may go: scheme, host and port, compared exactly, with `*.` for one label.

use std::fmt;

use url::{Host, Url};

use super::placeholder::lowered;

/// One allowed origin of a service, as `hosts` of a service lists it.
///
/// `api.trello.com` means `https://api.trello.com:443`; `*.zendesk.com` means exactly one label in front;
/// `http://127.0.0.1:8080` is accepted because loopback never leaves the machine, but only with its port
/// (Zoho documents no such list; it is what keeps a credential from a host that a script was talked into).
/// A mail server is listed as `smtps://mail.example.com`, with port 465 (RFC 8314) unless it says another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AllowedHost {
    scheme: Scheme,
    any_label: bool,
    host: Host<String>,
    port: u16,
}

/// How a credential travels there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Scheme {
    Https,
    /// On loopback alone.
    Http,
    Smtps,
    /// On loopback alone.
    Smtp,
}

impl Scheme {
    const ALL: [Self; 4] = [Self::Https, Self::Http, Self::Smtps, Self::Smtp];

    const fn name(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Http => "http",
            Self::Smtps => "smtps",
            Self::Smtp => "smtp",
        }
    }

    const fn port(self) -> u16 {
        match self {
            Self::Https => 443,
            Self::Http => 80,
            Self::Smtps => 465,
            Self::Smtp => 25,
        }
    }

    const fn is_plain(self) -> bool {
        matches!(self, Self::Http | Self::Smtp)
    }

    const fn is_mail(self) -> bool {
        matches!(self, Self::Smtps | Self::Smtp)
    }
}

impl AllowedHost {
    /// Reads `host`, `host:port`, `*.host` or any of them behind `https://` (`http://` for loopback), or a mail server
    /// behind `smtps://` (`smtp://` for loopback).
    ///
    /// # Errors
    /// Why the text is no origin that a credential could be bound to, as a sentence without a full stop.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = lowered(text.trim())?;
        let text = text.as_str();
        if text.is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
            return Err(format!("`{text}` is not a host"));
        }
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
            None => (None, text),
        };
        let (any_label, rest) = match rest.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        if rest.contains('*') {
            return Err(format!(
                "`{text}`: `*` can only stand for the whole first label, as in `*.example.com`"
            ));
        }
        let (host, port) = host_and_port(text, rest)?;
        let scheme = scheme_of(text, scheme.as_deref(), &host)?;
        check_reach(text, any_label, &host)?;
        let port = match port {
            Some(port) => port,
            None if is_loopback(&host) => {
                return Err(format!(
                    "`{text}`: loopback has to be listed with its port, as in `http://127.0.0.1:8080`"
                ));
            }
            None => scheme.port(),
        };
        Ok(Self {
            scheme,
            any_label,
            host,
            port,
        })
    }

    /// Whether a request to this URL goes to the origin. User information, path and query do not count.
    pub fn allows(&self, url: &Url) -> bool {
        !self.has_placeholder() && self.covers(url)
    }

    /// Whether a placeholder leaves open which host it is.
    fn has_placeholder(&self) -> bool {
        matches!(&self.host, Host::Domain(domain) if domain.contains('{'))
    }

    /// Whether the URL is at the origin, placeholders compared as they stand.
    pub(super) fn covers(&self, url: &Url) -> bool {
        if url.scheme() != self.scheme.name() || url.port().unwrap_or(self.scheme.port()) != self.port {
            return false;
        }
        if !self.scheme.is_mail() {
            return url.host().is_some_and(|host| self.names(&host));
        }
        // The URL parser reads the hosts of web addresses alone; others it leaves as they are written.
        let host = url.host_str().and_then(|host| Host::parse(host).ok());
        host.is_some_and(|host| match &host {
            Host::Domain(name) => self.names(&Host::Domain(name.as_str())),
            Host::Ipv4(address) => self.names(&Host::Ipv4(*address)),
            Host::Ipv6(address) => self.names(&Host::Ipv6(*address)),
        })
    }

    /// A web address at this origin; `None` where `*.` leaves it open, and for a mail server.
    pub(super) fn sample(&self) -> Option<Url> {
        self.url().filter(|_| !self.scheme.is_mail())
    }

    /// The mail server, where it is one.
    pub fn mail_server(&self) -> Option<Url> {
        self.url().filter(|_| self.scheme.is_mail())
    }

    fn url(&self) -> Option<Url> {
        if self.any_label || self.has_placeholder() {
            return None;
        }
        Url::parse(&self.to_string()).ok()
    }

    fn names(&self, host: &Host<&str>) -> bool {
        match (&self.host, host) {
            (Host::Domain(allowed), Host::Domain(given)) if self.any_label => given
                .strip_suffix(allowed.as_str())
                .and_then(|front| front.strip_suffix('.'))
                .is_some_and(|label| !label.is_empty() && !label.contains('.')),
            (Host::Domain(allowed), Host::Domain(given)) => allowed == given,
            (Host::Ipv4(allowed), Host::Ipv4(given)) => allowed == given,
            (Host::Ipv6(allowed), Host::Ipv6(given)) => allowed == given,
            _ => false,
        }
    }
}

impl fmt::Display for AllowedHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.scheme.name();
        let any = if self.any_label { "*." } else { "" };
        write!(formatter, "{scheme}://{any}{}", self.host)?;
        if !self.scheme.is_plain() && self.port == self.scheme.port() {
            Ok(())
        } else {
            write!(formatter, ":{}", self.port)
        }
    }
}

/// Whether a URL may carry secrets at all: https, or plain http that stays on this machine.
pub fn is_confidential(url: &Url) -> bool {
    match url.scheme() {
        "https" => url.host().is_some(),
        "http" => url.host().is_some_and(|host| is_loopback(&host.to_owned())),
        _ => false,
    }
}

fn host_and_port(text: &str, rest: &str) -> Result<(Host<String>, Option<u16>), String> {
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    if rest.contains(['/', '?', '#', '@', '%']) || rest.ends_with(':') {
        return Err(format!(
            "`{text}`: a host stands alone, without user name, path or query"
        ));
    }
    let parsed = Url::parse(&format!("https://{rest}/")).map_err(|_| format!("`{text}` is not a host"))?;
    let host = parsed
        .host()
        .ok_or_else(|| format!("`{text}` is not a host"))?
        .to_owned();
    // The URL parser drops a port that is the scheme's own; for loopback over http 443 is a real choice.
    let given = rest
        .rsplit_once(':')
        .filter(|(_, port)| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
    let port = match given {
        Some((_, port)) => Some(port.parse::<u16>().map_err(|_| format!("`{text}`: no such port"))?),
        None => None,
    };
    if port == Some(0) {
        return Err(format!("`{text}`: there is no port 0"));
    }
    Ok((host, port))
}

fn scheme_of(text: &str, scheme: Option<&str>, host: &Host<String>) -> Result<Scheme, String> {
    let Some(name) = scheme else {
        return Ok(if is_loopback(host) { Scheme::Http } else { Scheme::Https });
    };
    match Scheme::ALL.into_iter().find(|scheme| scheme.name() == name) {
        Some(scheme) if scheme.is_plain() && !is_loopback(host) => Err(format!(
            "`{text}`: a credential goes over {name}s alone; plain {name} is for loopback"
        )),
        Some(scheme) => Ok(scheme),
        None => Err(format!(
            "`{text}`: only https and smtps, and http and smtp on loopback, can be allowed"
        )),
    }
}

fn check_reach(text: &str, any_label: bool, host: &Host<String>) -> Result<(), String> {
    let Host::Domain(domain) = host else {
        return if any_label {
            Err(format!("`{text}`: `*.` needs a domain name behind it"))
        } else {
            Ok(())
        };
    };
    if domain.ends_with('.') || domain.split('.').any(str::is_empty) {
        return Err(format!(
            "`{text}`: a host name has no empty label and no dot at its end"
        ));
    }
    if any_label && !domain.contains('.') {
        return Err(format!(
            "`{text}` would allow every host below `{domain}`; name the domain too"
        ));
    }
    Ok(())
}

fn is_loopback(host: &Host<String>) -> bool {
    match host {
        Host::Domain(domain) => domain == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn allows(entry: &str, url: &str) -> bool {
        AllowedHost::parse(entry).unwrap().allows(&Url::parse(url).unwrap())
    }

    #[test]
    fn scheme_host_and_port_all_count() {
        assert!(allows("api.trello.com", "https://api.trello.com/1/boards?x=1"));
        assert!(allows("API.Trello.com", "https://api.TRELLO.com:443/"));
        assert!(allows("https://api.trello.com/", "https://api.trello.com"));
        assert!(allows("api.trello.com:8443", "https://api.trello.com:8443/"));
        for url in [
            "http://api.trello.com/",
            "http://api.trello.com:443/",
            "https://api.trello.com:8443/",
            "https://trello.com/",
            "https://x.api.trello.com/",
            "https://api.trello.com.evil.example/",
            "https://evilapi.trello.com.example/",
            "https://api.trello.com@evil.example/",
            "https://api.trello.com:pass@evil.example/",
            "https://evil.example/api.trello.com",
            "https://evil.example\\@api.trello.com/",
            "https://evil.example#@api.trello.com/",
            "https://api.trello.com./",
            "ftp://api.trello.com/",
            "https://api%2Etrello%2Ecom.evil.example/",
        ] {
            assert!(!allows("api.trello.com", url), "{url}");
        }
    }

    #[test]
    fn a_star_is_exactly_one_label() {
        assert!(allows("*.zendesk.com", "https://acme.zendesk.com/api"));
        for url in [
            "https://zendesk.com/",
            "https://a.b.zendesk.com/",
            "https://evilzendesk.com/",
            "https://.zendesk.com/",
            "https://acme.zendesk.com./",
            "http://acme.zendesk.com/",
            "https://acme.zendesk.com.evil.example/",
        ] {
            assert!(!allows("*.zendesk.com", url), "{url}");
        }
        for bad in [
            "*",
            "*.",
            "*.com",
            "*com",
            "a.*.com",
            "*.*.example.com",
            "*.127.0.0.1",
            "*.[::1]:80",
        ] {
            assert!(AllowedHost::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn loopback_may_be_plain_but_needs_its_port() {
        assert!(allows("http://127.0.0.1:8080", "http://127.0.0.1:8080/token"));
        assert!(allows("127.0.0.1:8080", "http://127.0.0.1:8080/token"));
        assert!(allows("http://localhost:80", "http://localhost/"));
        assert!(allows("http://[::1]:9000", "http://[0:0:0:0:0:0:0:1]:9000/"));
        assert!(
            allows("http://127.0.0.1:8080", "http://0x7f.1:8080/"),
            "one address, written in two ways"
        );
        assert!(!allows("http://127.0.0.1:8080", "http://127.0.0.1:8081/"));
        assert!(!allows("http://127.0.0.1:8080", "http://localhost:8080/"));
        assert!(!allows("http://127.0.0.1:8080", "https://127.0.0.1:8080/"));
        assert!(!allows("http://[::1]:9000", "http://[::ffff:127.0.0.1]:9000/"));
        for bad in [
            "localhost",
            "http://localhost",
            "https://127.0.0.1",
            "http://api.example.com",
            "http://api.example.com:8080",
            "http://127.0.0.1:0",
            "http://127.0.0.1:70000",
            "http://localhost.example.com:80",
            "http://[::2]:80",
        ] {
            assert!(AllowedHost::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn mail_servers_are_bound_to_their_port_as_web_hosts_are() {
        assert!(allows("smtps://mail.example.com", "smtps://mail.example.com:465"));
        assert!(allows("smtps://MAIL.example.com", "smtps://mail.EXAMPLE.com"));
        assert!(allows("smtps://mail.example.com:587", "smtps://mail.example.com:587"));
        assert!(allows("smtp://127.0.0.1:2525", "smtp://127.0.0.1:2525"));
        for url in [
            "https://mail.example.com:465/",
            "smtp://mail.example.com:465",
            "smtps://mail.example.com:587",
            "smtps://mail.example.com.evil.example",
            "smtps://mail.example.com@evil.example",
        ] {
            assert!(!allows("smtps://mail.example.com", url), "{url}");
        }
        for bad in [
            "smtp://mail.example.com",
            "smtp://127.0.0.1",
            "imaps://mail.example.com",
        ] {
            assert!(AllowedHost::parse(bad).is_err(), "{bad}");
        }
        let server = |text| AllowedHost::parse(text).unwrap().mail_server().map(String::from);
        assert_eq!(
            server("smtps://mail.example.com").as_deref(),
            Some("smtps://mail.example.com")
        );
        assert_eq!(server("mail.example.com"), None);
        assert_eq!(AllowedHost::parse("smtps://mail.example.com").unwrap().sample(), None);
    }

    #[test]
    fn international_names_compare_in_their_ascii_form() {
        assert!(allows("bücher.example", "https://xn--bcher-kva.example/"));
        assert!(allows("xn--bcher-kva.example", "https://BÜCHER.example/"));
        // The second letter of the URL is a Cyrillic one.
        assert!(!allows("apple.example", "https://a\u{440}ple.example/"));
    }

    #[test]
    fn what_is_no_origin_is_refused_with_a_reason() {
        for bad in [
            "",
            " ",
            "https://",
            "api.example.com/v1",
            "api.example.com?x",
            "user@api.example.com",
            "ftp://api.example.com",
            "api example.com",
            "{sub domain}.example.com",
            "api..example.com",
            "api.example.com.",
            "a\\b.example.com",
            "api.example.com:",
            "api.example.com:x",
        ] {
            assert!(AllowedHost::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn secrets_go_over_https_or_stay_here() {
        for (url, yes) in [
            ("https://a.example/token", true),
            ("http://127.0.0.1:1/token", true),
            ("http://localhost/token", true),
            ("http://a.example/token", false),
            ("http://10.0.0.1/token", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(is_confidential(&Url::parse(url).unwrap()), yes, "{url}");
        }
    }

    proptest! {
        #[test]
        fn an_entry_allows_itself_and_survives_its_own_text(
            label in "[a-z][a-z0-9]{0,8}", domain in "[a-z][a-z0-9]{0,8}\\.[a-z]{2,5}", port in 1u16.., star: bool,
        ) {
            let front = if star { "*" } else { label.as_str() };
            let entry = AllowedHost::parse(&format!("{front}.{domain}:{port}")).unwrap();
            prop_assert_eq!(&AllowedHost::parse(&entry.to_string()).unwrap(), &entry);
            let allowed = Url::parse(&format!("https://{label}.{domain}:{port}/x?y=z")).unwrap();
            prop_assert!(entry.allows(&allowed));
            let deeper = Url::parse(&format!("https://more.{label}.{domain}:{port}/")).unwrap();
            prop_assert!(!entry.allows(&deeper));
            let longer = Url::parse(&format!("https://{label}.{domain}.evil:{port}/")).unwrap();
            prop_assert!(!entry.allows(&longer));
        }

        #[test]
        fn no_text_makes_it_panic(text: String, url in "https?://[ -~]{0,30}") {
            if let (Ok(entry), Ok(url)) = (AllowedHost::parse(&text), Url::parse(&url)) {
                entry.allows(&url);
            }
        }
    }
}
