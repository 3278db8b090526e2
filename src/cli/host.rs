//! The host and the settings of a run, out of its flags. Nothing is opened here that the script may not use.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::arguments::RunArguments;
use super::exit::Stop;
use super::home;
use super::post::Post;
use super::print::Out;
use crate::connections::{Connections, Home};
use crate::host::fake::FakeClock;
use crate::host::{Clock, Host, LinkName, NoAuthority, NoFunctions, Settings, UserName};
use crate::system::{Network, Origin, SystemClock, SystemHttp, SystemRandom};
use crate::value::pattern::Pattern;
use crate::value::{DateOrder, DateSettings, zone};

/// What the script may reach.
pub(super) fn host(arguments: &RunArguments, out: &Arc<Out>) -> Result<Host, Stop> {
    let network = network(arguments)?;
    let http = SystemHttp::new(network.clone());
    let clock: Arc<dyn Clock> = match &arguments.now {
        Some(instant) => Arc::new(FakeClock(instant_millis(instant, &zone_of(arguments)?)?)),
        None => Arc::new(SystemClock),
    };
    let tasks = arguments
        .handler
        .tasks(Arc::clone(&clock), out, Arc::new(NoFunctions))?;
    let mut host = Host {
        authority: Arc::new(NoAuthority),
        http: Arc::new(http),
        clock,
        functions: tasks,
        random: Arc::new(SystemRandom),
        user: home::user(arguments.user.as_deref()),
        ..Host::fake()
    };
    let through = mail_connection(arguments)?;
    let Ok(home) = home::home(&arguments.store) else {
        return Ok(host);
    };
    let desk = desk(&home, arguments);
    host.authority = Arc::new(desk.authority());
    let mut post = Post::of(&home, through, out);
    if !arguments.offline {
        post = post.with(desk, network, Arc::clone(&host.authority), host.user.clone());
    }
    host.mail = Arc::new(post);
    Ok(host)
}

/// The services and connections of a home. The store is opened at the first use of a connection. Providers are asked for
/// tokens whatever `--allow-host` says of the script's own requests, unless the run is offline.
fn desk(home: &Home, arguments: &RunArguments) -> Connections {
    let network = if arguments.offline {
        Network::none()
    } else {
        Network::open()
    };
    home::desk(home, Arc::new(SystemHttp::new(network)))
}

/// The connection that mail is sent through: `--mail`.
fn mail_connection(arguments: &RunArguments) -> Result<Option<LinkName>, Stop> {
    let Some(name) = &arguments.mail else {
        return Ok(None);
    };
    let link = LinkName::new(name).ok_or_else(|| {
        let title = format!("`--mail {name}`: that is not the link name of a connection");
        Stop::usage(title, "link names hold lower-case letters, digits and underscores")
    })?;
    Ok(Some(link))
}

/// Which hosts the script may reach: `--offline`, `--allow-host`.
fn network(arguments: &RunArguments) -> Result<Network, Stop> {
    if arguments.offline {
        return Ok(Network::none());
    }
    if arguments.allowed_hosts.is_empty() {
        return Ok(Network::open());
    }
    let origins = arguments.allowed_hosts.iter().map(|text| {
        Origin::parse(text)
            .map_err(|reason| Stop::usage(format!("`--allow-host`: {reason}"), "give each origin by itself"))
    });
    Ok(Network::only(origins.collect::<Result<Vec<_>, _>>()?))
}

/// What the script takes for granted.
pub(super) fn settings(arguments: &RunArguments) -> Result<Settings, Stop> {
    let mut dates = DateSettings {
        zone: zone_of(arguments)?,
        ..DateSettings::default()
    };
    if let Some(pattern) = &arguments.date_format {
        set_format(&mut dates, pattern)?;
    }
    let user = UserName {
        name: home::user(arguments.user.as_deref()).to_string(),
        address: String::new(),
    };
    Ok(Settings {
        profile: arguments.language.profile.into(),
        dates,
        login_user: user.clone(),
        admin_user: user,
        zoho_domain: arguments.zoho_domain.clone().unwrap_or_default(),
        trace: arguments.watch.trace,
        ..Settings::default()
    })
}

fn zone_of(arguments: &RunArguments) -> Result<TimeZone, Stop> {
    let Some(name) = &arguments.timezone else {
        return Ok(TimeZone::system());
    };
    zone::find(name).ok_or_else(|| {
        let title = format!("`--timezone {name}` names no time zone");
        Stop::usage(title, "give an IANA name such as Europe/Berlin or Asia/Kolkata")
    })
}

/// Prints dates in a pattern, and reads numeric dates in its order of day and month (DECISIONS: 19).
fn set_format(dates: &mut DateSettings, pattern: &str) -> Result<(), Stop> {
    let compiled = Pattern::compile(pattern).ok_or_else(|| {
        let title = format!("`--date-format {pattern}` is no pattern of Java's SimpleDateFormat");
        Stop::usage(title, "write it like yyyy-MM-dd or dd/MM/yyyy")
    })?;
    if compiled.has_time() {
        dates.date_time_format = pattern.to_owned();
    } else {
        dates.date_time_format = format!("{pattern} HH:mm:ss");
        dates.date_format = pattern.to_owned();
    }
    let day = pattern.find('d');
    let month = pattern.find('M').filter(|_| !pattern.contains("MMM"));
    if day.zip(month).is_some_and(|(day, month)| day < month) {
        dates.order = DateOrder::DayFirst;
    }
    Ok(())
}

/// An instant with its own zone or offset, or a date and time in the zone of the run.
fn instant_millis(text: &str, zone: &TimeZone) -> Result<i64, Stop> {
    let in_zone = |text: &str| {
        let civil: DateTime = text.parse().ok()?;
        zone.to_timestamp(civil).ok()
    };
    let instant: Option<Timestamp> = text.parse().ok().or_else(|| in_zone(text));
    instant.map(Timestamp::as_millisecond).ok_or_else(|| {
        let title = format!("`--now {text}` is no instant");
        Stop::usage(title, "write it like 2024-02-29T12:00:00Z or 2024-02-29T12:00")
    })
}
