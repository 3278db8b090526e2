//! What a runtime is made of.

use std::fmt;
use std::sync::Arc;

use super::workers::Workers;
use super::{Runtime, Shared};
use crate::host::{
    Authority, Clock, Host, HostFunction, HostFunctions, Http, Limits, Log, Mail, Random, Settings, UserId, UserName,
};
use crate::syntax::Profile;
use crate::value::zone;

/// How many calls of [`super::Call::run_async`] run at once where the builder is not told otherwise.
const WORKERS: usize = 256;

/// Builds a [`Runtime`]. A script reaches nothing but what the builder is given.
#[must_use]
pub struct RuntimeBuilder {
    host: Host,
    functions: HostFunctions,
    settings: Settings,
    limits: Limits,
    workers: usize,
}

impl RuntimeBuilder {
    pub(super) fn new(host: Host) -> Self {
        Self {
            host,
            functions: HostFunctions::default(),
            settings: Settings::default(),
            limits: Limits::local(),
            workers: WORKERS,
        }
    }

    /// The whole host at once. Functions that were added stay, in front of the host's own.
    pub fn host(mut self, host: Host) -> Self {
        self.host = host;
        self
    }

    /// Who sends requests.
    pub fn http(mut self, http: impl Http + 'static) -> Self {
        self.host.http = Arc::new(http);
        self
    }

    /// Who puts credentials into requests.
    pub fn authority(mut self, authority: impl Authority + 'static) -> Self {
        self.host.authority = Arc::new(authority);
        self
    }

    /// Which hosts the requests of scripts may reach, over the real network: [`crate::system::Network::public`] refuses
    /// the addresses of this machine and of the networks it is in.
    #[cfg(feature = "http")]
    pub fn network(mut self, network: crate::system::Network) -> Self {
        self.host.http = Arc::new(crate::system::SystemHttp::new(network));
        self
    }

    /// The connections that scripts may use. `consent_page` is the address of the embedding program's own page at which
    /// the provider's answer arrives, and which calls [`crate::connections::Connections::finish_consent`]; with it a run
    /// that lacks a consent tells where the user gives it (see [`super::Consent`]).
    #[cfg(feature = "connections")]
    pub fn connections(
        mut self,
        connections: &crate::connections::Connections,
        consent_page: Option<url::Url>,
    ) -> Self {
        let authority = connections.authority();
        self.host.authority = Arc::new(match consent_page {
            Some(page) => authority.answering_at(page),
            None => authority,
        });
        self
    }

    /// The connections of a home directory, as `dg connections` keeps them there, sealed with the key file in it. Nothing
    /// is opened before a script uses a connection. A program that sends users to a consent page of its own makes its
    /// [`crate::connections::Connections`] itself and gives them to [`RuntimeBuilder::connections`].
    ///
    /// ```no_run
    /// use dgscript::{Runtime, system::Network};
    ///
    /// let runtime = Runtime::system().network(Network::public()).store("/var/lib/bot").build();
    /// ```
    #[cfg(all(feature = "store", feature = "http"))]
    pub fn store(self, home: impl Into<std::path::PathBuf>) -> Self {
        use crate::connections::{Connections, FileAudit, Home, KeySource, Outside, SledStore};
        use crate::system::{Network, SystemClock, SystemHttp};
        let home = Home::at(home);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let store = SledStore::at(home.store(), Arc::clone(&clock));
        let outside = Outside {
            http: Arc::new(SystemHttp::new(Network::open())),
            clock,
            audit: Arc::new(FileAudit::at(home.audit())),
        };
        self.connections(
            &Connections::new(Arc::new(store), KeySource::File(home.key()), outside),
            None,
        )
    }

    /// Who tells the time.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.host.clock = Arc::new(clock);
        self
    }

    /// Who gives randomness.
    pub fn random(mut self, random: impl Random + 'static) -> Self {
        self.host.random = Arc::new(random);
        self
    }

    /// Who takes mail.
    pub fn mail(mut self, mail: impl Mail + 'static) -> Self {
        self.host.mail = Arc::new(mail);
        self
    }

    /// Who takes the lines of `info` as they come, beside the outcome of each call.
    pub fn log(mut self, log: impl Log + 'static) -> Self {
        self.host.log = Arc::new(log);
        self
    }

    /// The login user of calls that name none.
    pub fn user(mut self, user: UserId) -> Self {
        self.settings.login_user = login_name(&user);
        self.host.user = user;
        self
    }

    /// Adds a function that scripts may call under a dotted name. The types of the closure say what goes in and comes
    /// out (see [`crate::host::Argument`] and [`crate::host::Answer`]); a `Result` that is an error becomes an error of
    /// the script, which it may catch. The name may tell the names of the parameters. A built-in of the same name comes
    /// first.
    ///
    /// ```
    /// # use dgscript::Runtime;
    /// let runtime = Runtime::builder()
    ///     .function("crm.lookup(id)", |id: i64| if id == 7 { Ok("Ada") } else { Err("no such customer") })
    ///     .build();
    /// let script = runtime.compile("t.dg", "return crm.lookup(7);")?;
    /// assert_eq!(script.call().run()?.result, "Ada".into());
    /// let wrong = runtime.compile("t.dg", "return crm.lookup();").unwrap_err();
    /// assert!(wrong.to_string().contains("call it as `crm.lookup(id NUMBER)`"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn function<Shape>(mut self, name: &str, function: impl HostFunction<Shape>) -> Self {
        self.functions.add(name, function);
        self
    }

    /// Says what an added function does, for `Runtime::functions` and whoever shows it to people.
    pub fn describe(mut self, name: &str, doc: &str) -> Self {
        self.functions.describe(name, doc, "");
        self
    }

    /// Adds a whole table of functions.
    pub fn functions(mut self, functions: HostFunctions) -> Self {
        self.functions.extend(functions);
        self
    }

    /// The settings of each run at once: dialect, zone, formats of dates, who is who.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Which dialect.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.settings.profile = profile;
        self
    }

    /// The time zone of scripts, by its IANA name: `Asia/Kolkata`.
    ///
    /// # Errors
    /// No zone has this name.
    pub fn zone(mut self, name: &str) -> Result<Self, UnknownZone> {
        self.settings.dates.zone = zone::find(name).ok_or_else(|| UnknownZone(name.to_owned()))?;
        Ok(self)
    }

    /// The limits of each run; [`Limits::sandbox`] for scripts of people one does not know.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How many calls of `run_async` may run at once; further ones wait. Threads are made when they are needed and end
    /// when they are not.
    pub fn workers(mut self, most: usize) -> Self {
        self.workers = most.max(1);
        self
    }

    /// The runtime.
    pub fn build(mut self) -> Runtime {
        if !self.functions.is_empty() {
            let rest = std::mem::replace(&mut self.host.functions, Arc::new(crate::host::NoFunctions));
            self.host.functions = Arc::new(self.functions.before(rest));
        }
        Runtime(Arc::new(Shared {
            host: self.host,
            settings: self.settings,
            limits: self.limits,
            workers: Workers::new(self.workers),
        }))
    }
}

/// A user as scripts see him where only his id is known: an address is one where it looks like one.
fn login_name(user: &UserId) -> UserName {
    let name = user.as_str().to_owned();
    let address = if name.contains('@') {
        name.clone()
    } else {
        String::new()
    };
    UserName { name, address }
}

/// No time zone has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownZone(pub String);

impl fmt::Display for UnknownZone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` names no time zone; one is `Europe/Berlin`", self.0)
    }
}

impl std::error::Error for UnknownZone {}
