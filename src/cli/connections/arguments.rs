//! What `dg connections` takes.

use clap::{Args, Subcommand};

use crate::cli::arguments::StoreArgument;

const EXAMPLES: &str = "\
Examples:
  dg connections create stock --service stock
  dg connections create crm --service my_crm --scope leads.read --secrets crm-secrets.json
  dg connections show stock
  dg connections test stock https://stock.example.com/v1/me";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub(in crate::cli) struct ConnectionsArguments {
    #[command(subcommand)]
    pub(super) command: ConnectionsCommand,

    /// Act on behalf of this user [default: your account]
    #[arg(long = "as", value_name = "USER", global = true, display_order = 900)]
    pub(super) user: Option<String>,

    #[command(flatten)]
    pub(super) store: StoreArgument,
}

#[derive(Debug, Subcommand)]
pub(super) enum ConnectionsCommand {
    /// Make a connection and connect it; secrets are asked for, or read from a file, never from a flag
    Create(CreateConnection),
    /// Connect a connection: give it credentials
    Connect(ConnectConnection),
    /// Connect again, in the place of the former credentials
    Reconnect(ConnectConnection),
    /// Take the authorisation back, at the provider too where it can be told; the connection stays listed
    Revoke {
        /// Its link name
        link: String,
    },
    /// List your connections, and those of others that use your credentials
    List {
        /// Print one JSON array
        #[arg(long)]
        json: bool,
    },
    /// Show a connection and how a script uses it, without secrets
    Show {
        /// Its link name
        link: String,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Change a connection; with other scopes or addresses it has to be connected again
    Edit(EditConnection),
    /// Tell who used a connection when, against which host, and what came of it
    Log {
        /// Its link name [default: all that you see]
        link: Option<String>,
        /// The last so many uses
        #[arg(long, value_name = "COUNT", default_value_t = 20)]
        last: usize,
        /// Print one JSON array
        #[arg(long)]
        json: bool,
    },
    /// Write definitions of connections and their services as JSON, without credentials unless asked for
    Export {
        /// Their link names [default: all that you made]
        links: Vec<String>,
        /// The file to write [default: standard output]
        #[arg(long, value_name = "FILE")]
        to: Option<String>,
        /// Client secrets and your credentials too, sealed with a passphrase; `age --decrypt` opens the file as well
        #[arg(long)]
        with_credentials: bool,
        /// A file with the passphrase; `-` reads standard input [default: asked for]
        #[arg(long, value_name = "FILE", requires = "with_credentials")]
        passphrase_file: Option<String>,
    },
    /// Take in what `export` wrote, or the JSON that Zoho shows for a connection; nothing that is there changes
    Import {
        /// The file; `-` reads standard input
        file: String,
        /// A file with the passphrase of an export with credentials [default: asked for]
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<String>,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Look for what is wrong with the store, its key and the connections; nothing is changed
    Doctor,
    /// Seal the whole store with another key
    Rekey {
        /// A file with the new key, where the present one is in `DG_KEY`; `-` reads standard input
        #[arg(long, value_name = "FILE")]
        new_key: Option<String>,
    },
    /// Remove a connection and its credentials
    Remove {
        /// Its link name
        link: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Try a connection step by step
    Test {
        /// Its link name
        link: String,
        /// Send a GET request there, signed by the connection [default: the service's test URL]
        url: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(super) struct CreateConnection {
    /// The link name, as scripts write it: a-z first, then a-z, 0-9 and _, at most 50
    pub(super) link: String,

    /// The service it connects to
    #[arg(long, value_name = "SERVICE")]
    pub(super) service: String,

    /// A scope to ask for; may be given again
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(super) scopes: Vec<String>,

    /// The name for people, 50 characters at most [default: the service's]
    #[arg(long)]
    pub(super) name: Option<String>,

    /// Let every user bring his own credentials ("Use credentials of login user")
    #[arg(long)]
    pub(super) use_login_user: bool,

    /// What stands for a placeholder in the addresses of the service; may be given again
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(super) values: Vec<String>,

    /// Make it without connecting it
    #[arg(long, conflicts_with_all = ["secrets", "paste", "device", "no_browser"])]
    pub(super) no_connect: bool,

    #[command(flatten)]
    pub(super) how: HowToConnect,
}

#[derive(Debug, Args)]
pub(super) struct ConnectConnection {
    /// Its link name
    pub(super) link: String,

    #[command(flatten)]
    pub(super) how: HowToConnect,
}

/// How a connection gets its credentials.
#[derive(Debug, Default, Args)]
pub(super) struct HowToConnect {
    /// A JSON file with the secrets; `-` reads it from standard input
    #[arg(long, value_name = "FILE")]
    pub(super) secrets: Option<String>,

    /// Consent in a browser elsewhere, and paste the address at which it ends
    #[arg(long, conflicts_with = "secrets")]
    pub(super) paste: bool,

    /// Type a code in at a page of the provider, on any device
    #[arg(long, conflicts_with_all = ["secrets", "paste"])]
    pub(super) device: bool,

    /// Print the address without starting a browser
    #[arg(long, conflicts_with_all = ["secrets", "paste", "device"])]
    pub(super) no_browser: bool,
}

#[derive(Debug, Args)]
pub(super) struct EditConnection {
    /// Its link name, which never changes
    pub(super) link: String,

    /// The name for people, 50 characters at most
    #[arg(long)]
    pub(super) name: Option<String>,

    /// The scopes to ask for, in the place of the former ones; may be given again
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(super) scopes: Vec<String>,

    /// A scope to ask for beside the former ones; may be given again
    #[arg(long = "add-scope", value_name = "SCOPE", conflicts_with = "scopes")]
    pub(super) added_scopes: Vec<String>,

    /// Whether every user brings his own credentials
    #[arg(long, value_name = "BOOL")]
    pub(super) use_login_user: Option<bool>,

    /// What stands for a placeholder in the addresses of the service; may be given again
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(super) values: Vec<String>,
}
