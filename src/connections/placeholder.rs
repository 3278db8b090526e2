//! Placeholders: parts of a service's addresses and headers that differ from account to account, such as the
//! `{subdomain}` of `{subdomain}.zendesk.com`. They are asked for when a connection is made, and kept with it.

use url::Url;

use super::allowed_host::AllowedHost;
use super::service::{AuthKind, Service};

/// A part that whoever makes a connection has to fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// Its name, as it stands between braces: a lower-case letter, then lower-case letters, digits and underscores.
    pub name: String,
    /// What to call it when asking.
    pub label: String,
}

/// The text with its placeholders' names in lower case, as addresses have them.
///
/// # Errors
/// A brace belongs to no placeholder.
pub(super) fn lowered(text: &str) -> Result<String, String> {
    let mut lowered = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let name = behind.split_once('}').filter(|(name, _)| is_name(name));
        let Some((name, behind)) = name else {
            return Err(format!(
                "`{}` holds a brace that begins no placeholder",
                text.escape_debug()
            ));
        };
        lowered.push_str(before);
        lowered.push_str(&format!("{{{}}}", name.to_ascii_lowercase()));
        rest = behind;
    }
    lowered.push_str(rest);
    if rest.contains('}') {
        return Err(format!(
            "`{}` holds a brace that ends no placeholder",
            text.escape_debug()
        ));
    }
    Ok(lowered)
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Every placeholder of a text, in its order.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}')).map(|(name, _)| name)
}

/// The text with values in the place of placeholders. In the path of a URL a brace is written as `%7B`.
fn fill(text: &str, values: &[(String, String)]) -> String {
    let mut filled = text.to_owned();
    for (name, value) in values {
        filled = filled.replace(&format!("{{{name}}}"), value);
        filled = filled.replace(&format!("%7B{name}%7D"), value);
    }
    filled
}

/// The text of a URL, its placeholders readable.
pub(super) fn readable(url: &Url) -> String {
    url.as_str().replace("%7B", "{").replace("%7D", "}")
}

impl Service {
    /// The addresses of the service, by whatever name.
    fn urls(&mut self) -> Vec<&mut Url> {
        let mut urls: Vec<&mut Url> = self.test_url.iter_mut().collect();
        match &mut self.auth {
            AuthKind::ApiKey { .. } | AuthKind::Basic => {}
            AuthKind::OAuth1(endpoints) => urls.extend([
                &mut endpoints.request_token_url,
                &mut endpoints.authorize_url,
                &mut endpoints.access_token_url,
            ]),
            AuthKind::OAuth2(endpoints) => {
                urls.push(&mut endpoints.token_url);
                urls.extend(&mut endpoints.authorize_url);
                urls.extend(&mut endpoints.refresh_url);
                urls.extend(&mut endpoints.device_url);
                urls.extend(&mut endpoints.revoke_url);
            }
        }
        urls
    }

    /// Further texts that travel with requests.
    fn further(&mut self) -> Vec<&mut String> {
        let mut pairs: Vec<&mut (String, String)> = self.extra_headers.iter_mut().collect();
        match &mut self.auth {
            AuthKind::ApiKey { .. } | AuthKind::Basic => {}
            AuthKind::OAuth1(endpoints) => pairs.extend(&mut endpoints.authorize_params),
            AuthKind::OAuth2(endpoints) => {
                pairs.extend(&mut endpoints.authorize_params);
                pairs.extend(&mut endpoints.token_params);
            }
        }
        pairs.into_iter().map(|(_, value)| value).collect()
    }

    /// Finds the placeholders that stand anywhere in it; `labels` say what to call them.
    pub(super) fn find_placeholders(&mut self, labels: &[(String, String)]) {
        let mut texts: Vec<String> = self.hosts.iter().map(ToString::to_string).collect();
        texts.extend(self.urls().into_iter().map(|url| readable(url)));
        texts.extend(self.further().into_iter().map(|text| text.clone()));
        let mut found: Vec<Placeholder> = Vec::new();
        for name in texts.iter().flat_map(|text| names_in(text)) {
            if found.iter().any(|known| known.name == name) {
                continue;
            }
            let label = labels.iter().find(|(labelled, _)| labelled == name);
            found.push(Placeholder {
                name: name.to_owned(),
                label: label.map_or(name, |(_, label)| label).to_owned(),
            });
        }
        self.placeholders = found;
    }

    /// Why a value cannot stand for a placeholder, as a sentence without a full stop.
    ///
    /// # Errors
    /// It is empty, or would lead elsewhere than a part of an address can.
    pub fn check_value(&self, placeholder: &Placeholder, value: &str) -> Result<(), String> {
        let mut service = self.clone();
        let wanted = format!("{{{}}}", placeholder.name);
        let in_address = service.hosts.iter().any(|host| host.to_string().contains(&wanted))
            || service.urls().into_iter().any(|url| readable(url).contains(&wanted));
        let name = &placeholder.name;
        if value.is_empty() {
            return Err(format!("`{name}` is empty"));
        }
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
        let ends_well = |end: &str| !end.starts_with(['.', '-']);
        let reversed: String = value.chars().rev().collect();
        if in_address
            && !(value.bytes().all(is_part) && ends_well(value) && ends_well(&reversed) && !value.contains(".."))
        {
            return Err(format!(
                "`{name}`: `{}` is no part of a host; letters, digits, dots and hyphens are",
                value.escape_debug()
            ));
        }
        if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) || value.contains(['{', '}']) {
            return Err(format!("`{name}` holds a character that no header may hold"));
        }
        Ok(())
    }

    /// The service of one connection: every placeholder filled in.
    ///
    /// # Errors
    /// The placeholders without a usable value.
    pub(super) fn filled(mut self, values: &[(String, String)]) -> Result<Self, Vec<Placeholder>> {
        if self.placeholders.is_empty() {
            return Ok(self);
        }
        let has_value = |placeholder: &Placeholder| values.iter().any(|(name, _)| *name == placeholder.name);
        let missing: Vec<Placeholder> = self
            .placeholders
            .iter()
            .filter(|placeholder| !has_value(placeholder))
            .cloned()
            .collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        let everything = std::mem::take(&mut self.placeholders);
        for host in &mut self.hosts {
            match AllowedHost::parse(&fill(&host.to_string(), values)) {
                Ok(filled) => *host = filled,
                Err(_) => return Err(everything),
            }
        }
        for url in self.urls() {
            match Url::parse(&fill(url.as_str(), values)) {
                Ok(filled) => *url = filled,
                Err(_) => return Err(everything),
            }
        }
        for text in self.further() {
            *text = fill(text, values);
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn service() -> Service {
        Service::from_json(&json!({
            "name": "Desk", "auth": "oauth2", "hosts": ["{subDomain}.example.com", "*.files.example.com"],
            "access_token_url": "https://{subdomain}.example.com/{region}/token", "client_id": "1",
            "extra_headers": {"User-Agent": "{contact}"}, "placeholders": {"subdomain": "Subdomain"},
            "test_url": "https://{subdomain}.example.com/me",
        }))
        .unwrap()
    }

    fn values(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn every_placeholder_is_found_once_and_filled_everywhere() {
        let service = service();
        let names: Vec<&str> = service.placeholders.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, ["subdomain", "region", "contact"]);
        assert_eq!(service.placeholders[0].label, "Subdomain");
        assert_eq!(Service::from_json(&service.to_json()).unwrap(), service);
        let given = values(&[("subdomain", "acme"), ("region", "eu"), ("contact", "Ada")]);
        let filled = service.filled(&given).unwrap();
        assert_eq!(filled.hosts[0].to_string(), "https://acme.example.com");
        let AuthKind::OAuth2(endpoints) = &filled.auth else {
            panic!()
        };
        assert_eq!(endpoints.token_url.as_str(), "https://acme.example.com/eu/token");
        assert_eq!(
            filled.test_url.as_ref().unwrap().as_str(),
            "https://acme.example.com/me"
        );
        assert_eq!(filled.extra_headers, [("User-Agent".to_owned(), "Ada".to_owned())]);
    }

    #[test]
    fn what_is_missing_is_named_and_nothing_unfilled_is_allowed() {
        let service = service();
        let url = Url::parse("https://{subdomain}.example.com/").unwrap();
        assert!(!service.hosts.iter().any(|host| host.allows(&url)));
        let missing = service.filled(&values(&[("subdomain", "acme")])).unwrap_err();
        assert_eq!(
            missing.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
            ["region", "contact"]
        );
    }

    #[test]
    fn a_value_stays_a_part_of_its_address() {
        let service = service();
        let [subdomain, _, contact] = &service.placeholders[..] else {
            panic!()
        };
        for good in ["acme", "acme-2", "eu.acme"] {
            assert!(service.check_value(subdomain, good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "evil.com/",
            "evil.com#",
            "a@evil.com",
            "a:1",
            "a b",
            ".a",
            "a-",
            "a..b",
            "é",
            "{x}",
            "evil.com?",
        ] {
            assert!(service.check_value(subdomain, bad).is_err(), "{bad}");
        }
        assert!(service.check_value(contact, "Ada (ada@example.com)").is_ok());
        assert!(service.check_value(contact, "Ada\r\nHost: evil.com").is_err());
    }

    #[test]
    fn braces_that_are_no_placeholder_are_told() {
        for bad in ["{", "}", "a{}b", "{a b}", "{a}}", "{1a}"] {
            assert!(lowered(bad).is_err(), "{bad}");
        }
        assert_eq!(lowered("x{aB_1}y{c}").unwrap(), "x{ab_1}y{c}");
    }
}
