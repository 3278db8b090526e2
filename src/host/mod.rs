//! Everything a script may reach outside itself, as traits. Nothing else in the core does I/O.
//!
//! A [`Host`] bundles the traits; [`fake`] has deterministic twins of all of them.

mod authority;
mod clock;
mod closure;
mod context;
mod error;
pub mod fake;
mod function;
pub mod http;
mod limits;
mod log;
pub mod mail;
mod random;
mod scope;
mod settings;

use std::sync::Arc;

pub use authority::{
    Asked, Authority, AuthorityError, AuthorityErrorKind, Grant, LinkName, MissingConsent, NoAuthority, Retry, UserId,
};
pub use clock::Clock;
pub use closure::{Answer, Argument, Arguments, Caller, HostFunction, HostFunctions, Json, Refusal};
pub use context::{Context, RequestRecord};
pub use error::{CallSite, EvalError, Evaluated, Failure, Lookup, Origin, Raise};
pub use function::{Functions, NoFunctions, Parameter, Signature};
pub use http::{Body, Cancel, Headers, Http, HttpError, HttpErrorKind, Method, NoNetwork, Part, Request, Response};
pub use limits::{Kept, LimitKind, Limits, Meter, Usage, stop_if_pulled};
pub use log::{InfoLine, Log, NoLog, Step};
pub use mail::{Attachment, Mail, MailError, Message, NoMail};
pub use random::Random;
#[cfg(feature = "connections")]
pub(crate) use scope::ScopeRefusal;
pub(crate) use scope::scope_refusal;
pub use settings::{Settings, UserName};

/// What a run may reach. Cloning shares the parts.
#[derive(Clone)]
pub struct Host {
    /// Sends requests.
    pub http: Arc<dyn Http>,
    /// Puts the credentials of connections into requests.
    pub authority: Arc<dyn Authority>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives random bytes.
    pub random: Arc<dyn Random>,
    /// Takes mail.
    pub mail: Arc<dyn Mail>,
    /// Takes the lines of `info`, as they come.
    pub log: Arc<dyn Log>,
    /// Functions that the host adds under dotted names.
    pub functions: Arc<dyn Functions>,
    /// The login user of the run: whose grants connections use, `zoho.loginuser`.
    pub user: UserId,
}
