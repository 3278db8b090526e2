//! A run at a terminal that met a connection nobody authorised offers to connect at once. The script is not run again by
//! itself: what it did until then is done.

use std::sync::Arc;

use super::arguments::HowToConnect;
use super::{Desk, consent};
use crate::cli::arguments::StoreArgument;
use crate::cli::exit::Stop;
use crate::cli::print::Out;
use crate::cli::{home, prompt};
use crate::host::Cancel;
use crate::runtime::{Consent, RunError};
use crate::system::{Network, SystemHttp};

/// Offers to give the consent that a run lacked, where somebody is there to give it and the provider asks for it.
pub(in crate::cli) fn offer(error: &RunError, store: &StoreArgument, cancel: &Cancel, out: &Out) -> Result<(), Stop> {
    let Some(Consent { connection, user, .. }) = error.kind.consent() else {
        return Ok(());
    };
    if !prompt::is_possible() {
        return Ok(());
    }
    let http = Arc::new(SystemHttp::new(Network::open()));
    let desk = Desk {
        connections: home::desk(&home::home(store)?, http),
        user: user.clone(),
        cancel: cancel.clone(),
        out,
    };
    let (_, service) = desk.connections.connection(connection.as_str(), user)?;
    if !service.asks_consent() || !prompt::confirm(&format!("connect `{connection}` as `{user}` now?"))? {
        return Ok(());
    }
    let connected = consent::consent(connection, &service, &HowToConnect::default(), &desk)?;
    consent::tell(&connected, out);
    out.talk(&format!("connected `{connection}`; run the script again"));
    Ok(())
}
