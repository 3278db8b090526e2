//! The summary page of a connection, and the lists My Connections and Shared Connections.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Desk;
use crate::cli::exit::{Exit, Stop};
use crate::cli::print::Out;
use crate::cli::table;
use crate::connections::{Standing, Summary, Use};

/// `dg connections list`.
pub(super) fn list(json: bool, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let summaries = desk.connections.summaries(&desk.user)?;
    if json {
        let all: Value = summaries.iter().map(to_json).collect();
        desk.out.line(&all.to_string());
        return Ok(Exit::Done);
    }
    if summaries.is_empty() {
        desk.out
            .talk("there are no connections yet; `dg connections create LINK --service SERVICE` makes one");
        return Ok(Exit::Done);
    }
    let (mine, shared): (Vec<Summary>, Vec<Summary>) = summaries.into_iter().partition(|summary| summary.mine);
    section(desk.out, "My Connections", &mine);
    if !mine.is_empty() && !shared.is_empty() {
        desk.out.line("");
    }
    section(desk.out, "Shared Connections", &shared);
    Ok(Exit::Done)
}

fn section(out: &Out, title: &str, summaries: &[Summary]) {
    if summaries.is_empty() {
        return;
    }
    out.line(title);
    let rows: Vec<[String; 5]> = summaries
        .iter()
        .map(|summary| {
            [
                summary.connection.link_name.to_string(),
                summary.connection.service.to_string(),
                summary.standing.label().to_owned(),
                whose(summary).to_owned(),
                summary.last_use.map_or_else(|| "never".to_owned(), instant),
            ]
        })
        .collect();
    table::rows(
        out,
        ["LINK NAME", "SERVICE", "STATE", "CREDENTIALS OF", "LAST USED"],
        &rows,
    );
}

fn whose(summary: &Summary) -> &str {
    if summary.connection.per_user {
        "login user"
    } else {
        summary.connection.owner.as_str()
    }
}

/// `dg connections show`: details, then what a script writes, then what Zoho's console shows as JSON.
pub(super) fn show(link: &str, json: bool, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let summary = desk.connections.summary(link, &desk.user)?;
    if json {
        desk.out.line(&format!("{:#}", to_json(&summary)));
        return Ok(Exit::Done);
    }
    table::values(desk.out, &details(&summary));
    desk.out.line("");
    desk.out.line(&sample(&summary));
    desk.out.line("");
    desk.out.line(&format!("{:#}", summary.connection.to_json()));
    Ok(Exit::Done)
}

fn details(summary: &Summary) -> Vec<(&'static str, String)> {
    let connection = &summary.connection;
    let service = match &summary.service {
        Some(service) => format!("{} (`{}`), {}", service.name, service.link_name, service.auth.label()),
        None => format!("`{}`, which is not there any more", connection.service),
    };
    let mut details = vec![
        ("Name", connection.name.clone()),
        ("Link name", connection.link_name.to_string()),
        ("Service", service),
        ("Owner", connection.owner.to_string()),
        ("Credentials of", whose(summary).to_owned()),
        ("State", state(summary)),
    ];
    if !connection.scopes.is_empty() {
        details.push(("Scopes asked", connection.scopes.join(", ")));
    }
    if !summary.granted.is_empty() {
        details.push(("Scopes granted", summary.granted.join(", ")));
    }
    if let Some(end) = summary.expires_at {
        let renewal = if summary.refreshes { ", refreshed by itself" } else { "" };
        details.push(("Token ends", format!("{}{renewal}", instant(end))));
    }
    details.push((
        "Last used",
        summary.last_use.map_or_else(|| "never".to_owned(), instant),
    ));
    details
}

fn state(summary: &Summary) -> String {
    let link = &summary.connection.link_name;
    match &summary.standing {
        Standing::Connected => "connected".to_owned(),
        Standing::NotConnected => format!("not connected; run `dg connections connect {link}`"),
        Standing::Expired => format!("expired; run `dg connections reconnect {link}`"),
        Standing::NeedsReconnect { reason } => {
            format!("needs reconnect: {reason}; run `dg connections reconnect {link}`")
        }
    }
}

/// The task that uses the connection, ready to paste.
fn sample(summary: &Summary) -> String {
    let service = summary.service.as_ref();
    let url = service.and_then(|service| {
        let tested = service.test_url.as_ref().map(ToString::to_string);
        tested.or_else(|| service.hosts.first().map(|host| format!("{host}/")))
    });
    format!(
        "response = invokeurl\n[\n\turl :\"{}\"\n\ttype :GET\n\tconnection :\"{}\"\n];\ninfo response;",
        url.unwrap_or_default(),
        summary.connection.link_name
    )
}

/// `dg connections log`: the uses of a connection, or of all that the user sees, oldest first.
pub(super) fn log(link: Option<&str>, last: usize, json: bool, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let uses = desk.connections.uses(link, &desk.user)?;
    let uses = &uses[uses.len().saturating_sub(last)..];
    if json {
        let lines: Vec<String> = uses.iter().map(Use::to_line).collect();
        desk.out.line(&format!("[{}]", lines.join(",")));
        return Ok(Exit::Done);
    }
    if uses.is_empty() {
        desk.out.talk("no use was noted yet");
        return Ok(Exit::Done);
    }
    let row = |event: &Use| {
        [
            instant(event.at),
            event.connection.to_string(),
            event.user.to_string(),
            event.method.to_owned(),
            event.host.clone(),
            event.outcome.clone(),
        ]
    };
    let rows: Vec<[String; 6]> = uses.iter().map(row).collect();
    table::rows(
        desk.out,
        ["TIME", "CONNECTION", "USER", "METHOD", "HOST", "OUTCOME"],
        &rows,
    );
    Ok(Exit::Done)
}

fn to_json(summary: &Summary) -> Value {
    let reason = match &summary.standing {
        Standing::NeedsReconnect { reason } => Some(reason),
        _ => None,
    };
    let mut shown = summary.connection.to_json();
    shown["state"] = json!(summary.standing.label());
    shown["reason"] = json!(reason);
    shown["owner"] = json!(summary.connection.owner.as_str());
    shown["mine"] = json!(summary.mine);
    shown["grantedScope"] = json!(summary.granted);
    shown["expiresAt"] = json!(summary.expires_at.map(instant));
    shown["lastUsed"] = json!(summary.last_use.map(instant));
    shown
}

/// An instant in the zone of this machine, to the second.
fn instant(millis: i64) -> String {
    let Ok(instant) = Timestamp::from_millisecond(millis) else {
        return "some day".to_owned();
    };
    instant
        .to_zoned_datetime(jiff::tz::TimeZone::system())
        .strftime("%Y-%m-%d %H:%M:%S %:z")
        .to_string()
}
