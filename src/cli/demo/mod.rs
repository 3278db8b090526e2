//! `dg demo`: authenticated calls from end to end, on this machine alone. A service that refuses whoever brings no
//! credential, a throw-away store with one connection for each way to be authorised, and a script that sees none of it.

mod service;

use std::fs::DirBuilder;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use self::service::{DemoService, Keys};
use super::exit::{Exit, Stop};
use super::print::{Channel, InfoLines, Out};
use super::{home, table};
use crate::connections::Service;
use crate::connections::{Connections, DeskError, FileAudit, Home, KeySource, NewConnection, Outside, SledStore};
use crate::diagnostic::{Code, Diagnostic};
use crate::host::{Cancel, Host};
use crate::runtime::Runtime;
use crate::system::{Network, SystemClock, SystemHttp, SystemRandom};

/// The script, as it lies in `scripts`.
const SCRIPT: &str = include_str!("../../../scripts/demo.dg");

/// The ways to be authorised that have to be accepted.
const WAYS: usize = 3;

/// Runs the demonstration. Done only if the service accepted all three calls.
pub(super) fn run(out: &Arc<Out>) -> Result<Exit, Stop> {
    let keys = Keys::generate().map_err(|reason| failed(&reason))?;
    let service = DemoService::start(keys).map_err(|error| failed(&error.to_string()))?;
    let folder = Folder::new().map_err(|error| failed(&error.to_string()))?;
    let connections = desk(&Home::at(folder.0.clone()));
    connect(&connections, &service)?;
    out.line(&format!(
        "A service on {} refuses whoever brings no credential.",
        service.base()
    ));
    out.line("The script scripts/demo.dg prints:");
    out.line("");
    let ran = run_script(&connections, &service, out);
    out.line("");
    out.line("The service saw:");
    out.line("");
    let seen: Vec<[String; 4]> = service.seen().iter().map(service::Seen::row).collect();
    table::rows(out, ["REQUEST", "PATH", "CREDENTIAL", "ANSWER"], &seen);
    let accepted = service.accepted();
    out.line("");
    out.line(&format!("{accepted} of {WAYS} ways to be authorised were accepted."));
    ran?;
    Ok(if accepted == WAYS { Exit::Done } else { Exit::Connection })
}

fn failed(reason: &str) -> Stop {
    let title = format!("the demonstration could not begin: {reason}");
    let help = "see whether this machine lets programs listen on 127.0.0.1 and write to its temporary directory";
    Stop::new(Exit::Usage, Diagnostic::placeless(Code::Usage, title).help(help))
}

/// The desk of a store that nobody else uses; a key in the environment is for other stores.
fn desk(home: &Home) -> Connections {
    let store = SledStore::at(home.store(), Arc::new(SystemClock));
    let outside = Outside {
        http: Arc::new(SystemHttp::new(Network::open())),
        clock: Arc::new(SystemClock),
        audit: Arc::new(FileAudit::at(home.audit())),
    };
    Connections::new(Arc::new(store), KeySource::File(home.key()), outside)
}

/// Makes a service and a connection for each way to be authorised, as `dg services create` and `dg connections create`
/// would.
fn connect(connections: &Connections, service: &DemoService) -> Result<(), DeskError> {
    let keys = service.keys();
    let hosts = json!([service.base()]);
    let descriptions = [
        (
            json!({"name": "Demo key", "auth": "api_key", "params": ["X-Api-Key"], "hosts": hosts}),
            Some(json!({"X-Api-Key": keys.api_key})),
        ),
        (
            json!({"name": "Demo basic", "auth": "basic", "hosts": hosts}),
            Some(json!({"user": service::USER, "password": keys.password})),
        ),
        (
            json!({
                "name": "Demo OAuth", "auth": "oauth2", "grant_type": "client_credentials", "hosts": hosts,
                "client_id": service::CLIENT, "client_secret": keys.client_secret,
                "access_token_url": format!("{}/oauth/token", service.base()),
            }),
            None,
        ),
    ];
    for (description, answers) in descriptions {
        connect_one(connections, &description, answers.as_ref())?;
    }
    Ok(())
}

fn connect_one(connections: &Connections, description: &Value, answers: Option<&Value>) -> Result<(), DeskError> {
    let service = Service::from_json(description).map_err(DeskError::Invalid)?;
    connections.create_service(&service)?;
    let user = home::user(None);
    let link = service.link_name.to_string();
    connections.create_connection(&NewConnection {
        link_name: link.clone(),
        name: None,
        service: link.clone(),
        scopes: Vec::new(),
        owner: user.clone(),
        per_user: false,
        values: Vec::new(),
    })?;
    let cancel = Cancel::new();
    match answers {
        Some(answers) => connections.connect_with(&link, &user, answers, &cancel),
        None => connections.connect_client(&link, &user, &cancel),
    }
}

fn run_script(connections: &Connections, service: &DemoService, out: &Arc<Out>) -> Result<(), Stop> {
    let host = Host {
        http: Arc::new(SystemHttp::new(Network::open())),
        authority: Arc::new(connections.authority()),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        user: home::user(None),
        ..Host::fake()
    };
    let runtime = Runtime::builder().host(host).build();
    let compiled = runtime.compile("scripts/demo.dg", SCRIPT).map_err(|error| Stop {
        exit: Exit::NotCompiled,
        diagnostics: error.diagnostics,
        sources: error.sources,
    })?;
    let cancel = Cancel::new();
    let lines = InfoLines {
        out: Arc::clone(out),
        cancel: cancel.clone(),
        channel: Channel::Results,
    };
    let call = compiled
        .call()
        .input("base", service.base())
        .cancel(cancel)
        .log(Arc::new(lines));
    match call.run() {
        Ok(_) => Ok(()),
        Err(error) => {
            out.message(&error.diagnostic, &error.sources, Channel::Talk);
            Err(Stop {
                exit: Exit::Connection,
                diagnostics: Vec::new(),
                sources: Vec::new(),
            })
        }
    }
}

/// A directory for one demonstration, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("dg-demo-{}", Keys::random().map_err(std::io::Error::other)?));
        make_private(&path)?;
        Ok(Self(path))
    }
}

/// Makes a directory that must not be there yet, for its owner alone.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind is sealed with a key that lies beside it, and opens nothing any more.
        _ = std::fs::remove_dir_all(&self.0);
    }
}
