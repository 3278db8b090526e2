//! What `dg services` takes.

use clap::{Args, Subcommand};

use crate::cli::arguments::StoreArgument;

const EXAMPLES: &str = "\
Examples:
  dg services list --search google
  dg services setup google_drive
  dg services create --from stock.json
  dg services create --name Stock --auth api_key --param X-Api-Key --host https://stock.example.com
  dg services edit stock --add-host https://files.example.com";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub(in crate::cli) struct ServicesArguments {
    #[command(subcommand)]
    pub(super) command: ServicesCommand,

    #[command(flatten)]
    pub(super) store: StoreArgument,
}

#[derive(Debug, Subcommand)]
pub(super) enum ServicesCommand {
    /// Make a service: asked for, from flags, or from a description in JSON
    Create(Box<CreateService>),
    /// List the services of the store, and those of the catalogue to pick from
    List(ListServices),
    /// Take a service of the catalogue into the store, with your client id and secret
    Setup(SetupService),
    /// Show a service, without secrets
    Show(ShowService),
    /// Change a service; where its credentials would go elsewhere, its connections have to be connected again
    Edit(Box<EditService>),
    /// Remove a service that no connection uses
    Remove {
        /// Its link name
        service: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct CreateService {
    /// The description, one JSON object; `-` reads it from standard input. Flags win over it
    #[arg(long, value_name = "FILE")]
    pub(super) from: Option<String>,

    #[command(flatten)]
    pub(super) fields: ServiceFields,
}

#[derive(Debug, Args)]
pub(super) struct ListServices {
    /// Only those with this text in their names or hosts
    #[arg(long, value_name = "TEXT")]
    pub(super) search: Option<String>,

    /// Print one JSON array
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct SetupService {
    /// Its link name in the catalogue
    pub(super) service: String,

    /// The link name in the store [default: the same]
    #[arg(long)]
    pub(super) link_name: Option<String>,

    /// The client id that the provider gave you; for OAuth 1 the consumer key
    #[arg(long, value_name = "ID")]
    pub(super) client_id: Option<String>,

    /// A JSON file with `client_id` and `client_secret`; `-` reads it from standard input
    #[arg(long, value_name = "FILE")]
    pub(super) from: Option<String>,

    /// The port of the callback URL on this machine [default: 8400]
    #[arg(long, value_name = "PORT", conflicts_with = "callback_url")]
    pub(super) callback_port: Option<u16>,

    /// An https page that is registered instead; its address is pasted back
    #[arg(long, value_name = "URL")]
    pub(super) callback_url: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct ShowService {
    /// Its link name
    pub(super) service: String,

    /// Print the JSON that `--from` reads
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct EditService {
    /// Its link name, which never changes
    pub(super) service: String,

    /// The fields to change, one JSON object; `-` reads it from standard input. Flags win over it
    #[arg(long, value_name = "FILE")]
    pub(super) from: Option<String>,

    /// Allow one more origin; may be given again
    #[arg(long = "add-host", value_name = "ORIGIN")]
    pub(super) added_hosts: Vec<String>,

    #[command(flatten)]
    pub(super) fields: ServiceFields,
}

/// A service in flags. Secrets are not among them.
#[derive(Debug, Args)]
pub(super) struct ServiceFields {
    /// The name for people, 50 characters at most
    #[arg(long)]
    pub(super) name: Option<String>,
    /// The link name, which never changes later [default: made of the name]
    #[arg(long)]
    pub(super) link_name: Option<String>,
    /// The auth type
    #[arg(long, value_name = "TYPE", value_parser = ["api_key", "basic", "oauth1", "oauth2"])]
    pub(super) auth: Option<String>,
    /// Where credentials are placed
    #[arg(long, value_name = "PLACE", value_parser = ["header", "query", "form"])]
    pub(super) param_type: Option<String>,
    /// An origin that credentials may go to, e.g. https://api.example.com; may be given again
    #[arg(long = "host", value_name = "ORIGIN")]
    pub(super) hosts: Vec<String>,
    /// A parameter of an API key service, with what to call it; may be given again
    #[arg(long = "param", value_name = "KEY[=LABEL]")]
    pub(super) params: Vec<String>,
    /// A header that requests always carry; may be given again
    #[arg(long = "extra-header", value_name = "NAME=VALUE")]
    pub(super) extra_headers: Vec<String>,
    /// A URL that `dg connections test` asks
    #[arg(long, value_name = "URL")]
    pub(super) test_url: Option<String>,
    /// Client id of OAuth 2, consumer key of OAuth 1
    #[arg(long, value_name = "ID")]
    pub(super) client_id: Option<String>,
    /// A JSON file with `client_secret`; `-` reads it from standard input
    #[arg(long, value_name = "FILE")]
    pub(super) secrets: Option<String>,
    /// How a grant is had
    #[arg(long, value_name = "TYPE", value_parser = ["authorization_code", "client_credentials"])]
    pub(super) grant_type: Option<String>,
    /// Where the user consents
    #[arg(long, value_name = "URL")]
    pub(super) authorize_url: Option<String>,
    /// Where tokens are had
    #[arg(long, value_name = "URL")]
    pub(super) access_token_url: Option<String>,
    /// Where tokens are refreshed [default: where they are had]
    #[arg(long, value_name = "URL")]
    pub(super) refresh_token_url: Option<String>,
    /// Where OAuth 1 gives request tokens
    #[arg(long, value_name = "URL")]
    pub(super) request_token_url: Option<String>,
    /// How OAuth 1 signs
    #[arg(long, value_name = "METHOD", value_parser = ["HMAC-SHA1", "HMAC-SHA256", "PLAINTEXT"])]
    pub(super) signature_method: Option<String>,
    /// What stands between scopes
    #[arg(long, value_name = "SIGN", value_parser = ["comma", "space", "plus"])]
    pub(super) scope_delimiter: Option<String>,
    /// The header of the token [default: Authorization]
    #[arg(long, value_name = "NAME")]
    pub(super) header_name: Option<String>,
    /// What stands before the token [default: Bearer]
    #[arg(long, value_name = "TEXT")]
    pub(super) header_prefix: Option<String>,
    /// How the client proves itself to the token URL
    #[arg(long, value_name = "HOW", value_parser = ["body", "basic", "basic_raw"])]
    pub(super) token_auth_method: Option<String>,
    /// How token requests are written
    #[arg(long, value_name = "FORMAT", value_parser = ["form", "json"])]
    pub(super) token_body_format: Option<String>,
    /// Seconds that a token lives where the provider does not say
    #[arg(long, value_name = "SECONDS")]
    pub(super) assumed_lifetime: Option<u64>,
    /// A further parameter of the consent page; may be given again
    #[arg(long = "authorize-param", value_name = "NAME=VALUE")]
    pub(super) authorize_params: Vec<String>,
    /// A further parameter of token requests; may be given again
    #[arg(long = "token-param", value_name = "NAME=VALUE")]
    pub(super) token_params: Vec<String>,
    /// Whether a proof key goes with the consent (PKCE) [default: true]
    #[arg(long, value_name = "BOOL")]
    pub(super) pkce: Option<bool>,
}
