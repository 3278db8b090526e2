//! Zoho's own hosts: which ones answers may be larger from, and where the services of `invokeapi` are reached.

use crate::diagnostic::{Code, nearest};
use crate::host::{EvalError, Evaluated};

/// A data centre: the last part of its domains as accounts are told apart by it, the domain of the services, and that
/// of the common API host (www.zoho.com/crm/developer/docs/api/v7/multi-dc.html, www.zoho.com/assist/api/multidc.html).
struct DataCentre {
    name: &'static str,
    services: &'static str,
    apis: &'static str,
}

const fn data_centre(name: &'static str, services: &'static str, apis: &'static str) -> DataCentre {
    DataCentre { name, services, apis }
}

/// The first is where accounts are that say nothing else.
const DATA_CENTRES: [DataCentre; 10] = [
    data_centre("com", "zoho.com", "zohoapis.com"),
    data_centre("eu", "zoho.eu", "zohoapis.eu"),
    data_centre("in", "zoho.in", "zohoapis.in"),
    data_centre("com.au", "zoho.com.au", "zohoapis.com.au"),
    data_centre("jp", "zoho.jp", "zohoapis.jp"),
    data_centre("com.cn", "zoho.com.cn", "zohoapis.com.cn"),
    data_centre("ca", "zohocloud.ca", "zohoapis.ca"),
    data_centre("sa", "zoho.sa", "zohoapis.sa"),
    data_centre("uk", "zoho.uk", "zohoapis.uk"),
    data_centre("ae", "zoho.ae", "zohoapis.ae"),
];

/// The services of `invokeapi`, without `zoho` in front, and the host in front of the domain; an empty one stands for
/// the common API host.
const SERVICES: [(&str, &str); 29] = [
    ("analytics", "analyticsapi"),
    ("assist", "assist"),
    ("bigin", ""),
    ("billing", ""),
    ("bookings", ""),
    ("books", ""),
    ("calendar", "calendar"),
    ("campaigns", "campaigns"),
    ("cliq", "cliq"),
    ("connect", "connect"),
    ("contacts", "contacts"),
    ("creator", ""),
    ("crm", ""),
    ("desk", "desk"),
    ("expense", ""),
    ("inventory", ""),
    ("invoice", ""),
    ("mail", "mail"),
    ("meeting", "meeting"),
    ("people", "people"),
    ("projects", "projectsapi"),
    ("recruit", "recruit"),
    ("salesiq", "salesiq"),
    ("sheet", "sheet"),
    ("sign", "sign"),
    ("sprints", "sprintsapi"),
    ("subscriptions", ""),
    ("workdrive", ""),
    ("writer", ""),
];

/// Whether a host is one of Zoho's.
pub(super) fn is_zoho(host: &str) -> bool {
    let belongs = |domain: &str| {
        host.strip_suffix(domain)
            .is_some_and(|front| front.is_empty() || front.ends_with('.'))
    };
    DATA_CENTRES
        .iter()
        .any(|centre| belongs(centre.services) || belongs(centre.apis))
}

/// The URL of a path of a Zoho service, in the data centre of this domain ending; an empty one is `com`
/// (deluge/help/webhook/invokeapitask.html).
pub(super) fn address(service: &str, path: &str, domain: &str) -> Evaluated<String> {
    let wanted = service.trim().to_ascii_lowercase();
    let wanted = wanted
        .strip_prefix("zoho")
        .unwrap_or(&wanted)
        .trim_start_matches(['_', ' ', '-']);
    let Some((_, host)) = SERVICES.iter().find(|(name, _)| *name == wanted) else {
        let names = SERVICES.iter().map(|(name, _)| *name);
        let help = match nearest(wanted, names.clone()) {
            Some(near) => format!("there is a service of a similar name: `zoho{near}`"),
            None => format!("the services are {}", names.collect::<Vec<_>>().join(", ")),
        };
        let title = format!("`{}` is not a service that `invokeapi` knows", service.trim());
        return Err(EvalError::failed(Code::BadRequest, title).help(help));
    };
    let Some(centre) = DATA_CENTRES
        .iter()
        .find(|centre| centre.name == domain || domain.is_empty())
    else {
        let title = format!("`{domain}` is not the domain of a data centre of Zoho");
        let names = DATA_CENTRES.map(|centre| centre.name).join(", ");
        return Err(EvalError::failed(Code::BadRequest, title).help(format!("the domains are {names}")));
    };
    let path = path.trim().trim_start_matches('/');
    Ok(match *host {
        "" => format!("https://www.{}/{path}", centre.apis),
        host => format!("https://{host}.{}/{path}", centre.services),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_zoho_are_known_by_their_whole_domain() {
        for (host, is) in [
            ("www.zohoapis.com", true),
            ("desk.zoho.eu", true),
            ("zoho.com", true),
            ("projectsapi.zohocloud.ca", true),
            ("zohoapis.com.evil.example", false),
            ("notzoho.com", false),
            ("zoho.com.example", false),
        ] {
            assert_eq!(is_zoho(host), is, "{host}");
        }
    }

    #[test]
    fn services_have_hosts_in_every_data_centre() {
        for (service, path, domain, expected) in [
            ("zohocrm", "/crm/v3/Leads", "", "https://www.zohoapis.com/crm/v3/Leads"),
            (
                "ZohoBooks",
                "books/v3/bills",
                "eu",
                "https://www.zohoapis.eu/books/v3/bills",
            ),
            ("desk", "/api/v1/tickets", "in", "https://desk.zoho.in/api/v1/tickets"),
            (
                "zohopeople",
                "/people/api",
                "ca",
                "https://people.zohocloud.ca/people/api",
            ),
        ] {
            assert_eq!(address(service, path, domain).unwrap(), expected);
        }
        assert!(
            address("zohocrmm", "/x", "")
                .unwrap_err()
                .message()
                .contains("zohocrmm")
        );
        assert!(address("crm", "/x", "moon").is_err());
    }
}
