//! The tasks of Zoho Cliq: its database, and posting messages (deluge/help/cliq/).
//!
//! A task that fails gives a map with `message` and `code`, as Cliq's API does, and raises nothing. The connection that
//! may stand as last argument is taken and not used: the host decides where messages and rows go.

use std::sync::{Arc, Mutex, PoisonError};

use indexmap::IndexMap;

use super::criteria::Criteria;
use super::database::{Database, DatabaseError, MemoryDatabase, Query};
use crate::host::{Caller, Clock, HostFunctions, UserId};
use crate::value::Data;

/// What the tasks work on.
#[derive(Clone)]
pub struct Cliq {
    /// Where rows are kept.
    pub database: Arc<dyn Database>,
    /// Where messages go.
    pub messages: Arc<dyn Messages>,
    /// Tells when a row was added or changed.
    pub clock: Arc<dyn Clock>,
}

/// A message that a script posts.
#[derive(Clone, Debug, PartialEq)]
pub struct Posted {
    /// Which task posts it: `postToChannel`.
    pub task: &'static str,
    /// To whom: a user, chat, channel or bot, by the name that the task takes.
    pub to: String,
    /// The bot that posts it, with `postToChannelAsBot`.
    pub bot: Option<String>,
    /// The text, or the map of a message.
    pub message: Data,
    /// The login user of the run.
    pub user: UserId,
}

/// Takes the messages of scripts.
pub trait Messages: Send + Sync {
    /// Posts a message.
    ///
    /// # Errors
    /// Cliq's code, and what happened in a sentence.
    fn post(&self, message: Posted) -> Result<(), (String, String)>;
}

/// Keeps messages: for tests.
#[derive(Default)]
pub struct KeptMessages(Mutex<Vec<Posted>>);

impl KeptMessages {
    /// The messages so far.
    pub fn posted(&self) -> Vec<Posted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Messages for KeptMessages {
    fn post(&self, message: Posted) -> Result<(), (String, String)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(message);
        Ok(())
    }
}

impl Cliq {
    /// Rows and messages in memory.
    pub fn in_memory(clock: impl Clock + 'static) -> Self {
        Self {
            database: Arc::new(MemoryDatabase::default()),
            messages: Arc::new(KeptMessages::default()),
            clock: Arc::new(clock),
        }
    }

    /// The tasks as functions for [`crate::runtime::RuntimeBuilder::functions`].
    pub fn functions(&self) -> HostFunctions {
        let mut functions = HostFunctions::default();
        self.add_database(&mut functions);
        self.add_posting(&mut functions);
        functions
    }

    fn add_database(&self, functions: &mut HostFunctions) {
        let mut add = Adding(functions);
        let cliq = self.clone();
        add.task(
            "zoho.cliq.createRecord(database, values, connection)",
            move |name: String, values: IndexData, _connection: Connection| cliq.create(&name, values.0),
            "Adds a row to a database of Cliq; the answer holds `status`, `id`, `url` and `data`.",
            "deluge/help/cliq/create-record.html",
        );
        let cliq = self.clone();
        add.task(
            "zoho.cliq.getRecords(database, query, connection)",
            move |name: String, query: Option<Data>, _connection: Connection| cliq.find(&name, query),
            "The rows of a database of Cliq under `list`; the query may hold `criteria`, `order_by`, `limit` and `from_index`.",
            "cliq/help/platform/working-with-databases.html",
        );
        let cliq = self.clone();
        add.task(
            "zoho.cliq.getRecordById(database, id, connection)",
            move |name: String, id: i64, _connection: Connection| {
                answer(cliq.database.get(&name, id).map(|row| ("data", row.to_data())))
            },
            "The row of an id, under `data`.",
            "deluge/help/cliq/get-record-by-id.html",
        );
        let cliq = self.clone();
        add.task(
            "zoho.cliq.updateRecord(database, id, values, connection)",
            move |name: String, id: i64, values: IndexData, _connection: Connection| {
                let now = cliq.clock.now_millis();
                answer(
                    cliq.database
                        .update(&name, id, values.0, now)
                        .map(|row| ("data", row.to_data())),
                )
            },
            "Sets columns of a row; the others stay.",
            "deluge/help/cliq/update-record.html",
        );
        let cliq = self.clone();
        add.task(
            "zoho.cliq.deleteRecord(database, id, connection)",
            move |name: String, id: i64, _connection: Connection| {
                answer(
                    cliq.database
                        .delete(&name, id)
                        .map(|()| ("id", Data::Text(id.to_string()))),
                )
            },
            "Removes the row of an id.",
            "deluge/help/cliq/delete-record.html",
        );
        let cliq = self.clone();
        add.task(
            "zoho.cliq.deleteRecords(database, criteria, connection)",
            move |name: String, criteria: String, _connection: Connection| cliq.delete_all(&name, &criteria),
            "Removes every row for which the criteria holds.",
            "deluge/help/cliq/delete-records.html",
        );
    }

    fn add_posting(&self, functions: &mut HostFunctions) {
        const TASKS: [(&str, &str, &str); 7] = [
            ("postToUser", "user", "deluge/help/cliq/post-to-user.html"),
            ("postToChat", "chat", "deluge/help/cliq/posting-to-zoho-cliq.html"),
            (
                "postToChatAsAdmin",
                "chat",
                "deluge/help/cliq/posting-to-zoho-cliq.html",
            ),
            ("postToChannel", "channel", "deluge/help/cliq/posting-to-zoho-cliq.html"),
            (
                "postToChannelAsAdmin",
                "channel",
                "deluge/help/cliq/posting-to-zoho-cliq.html",
            ),
            ("postToBot", "bot", "deluge/help/cliq/post-to-bot.html"),
            ("postToBotAsAdmin", "bot", "deluge/help/cliq/post-to-bot-as-admin.html"),
        ];
        let mut add = Adding(functions);
        for (task, whom, source) in TASKS {
            let messages = Arc::clone(&self.messages);
            add.task(
                &format!("zoho.cliq.{task}({whom}, message, connection)"),
                move |caller: Caller, to: String, message: Data, _connection: Connection| {
                    post(
                        &*messages,
                        Posted {
                            task,
                            to,
                            bot: None,
                            message,
                            user: caller.user,
                        },
                    )
                },
                "Posts a text or the map of a message.",
                source,
            );
        }
        let messages = Arc::clone(&self.messages);
        add.task(
            "zoho.cliq.postToChannelAsBot(channel, bot, message, connection)",
            move |caller: Caller, to: String, bot: String, message: Data, _connection: Connection| {
                let task = "postToChannelAsBot";
                post(
                    &*messages,
                    Posted {
                        task,
                        to,
                        bot: Some(bot),
                        message,
                        user: caller.user,
                    },
                )
            },
            "Posts a text or the map of a message to a channel, in the name of a bot that is in it.",
            "deluge/help/cliq/posting-to-zoho-cliq.html",
        );
    }

    fn create(&self, name: &str, columns: IndexMap<String, Data>) -> Data {
        let created = self.database.create(name, columns, self.clock.now_millis());
        match created {
            Ok(row) => [
                ("status", Data::from("SUCCESS")),
                ("url", Data::Text(format!("/api/v2/storages/{name}/records/{}", row.id))),
                ("id", Data::Text(row.id.to_string())),
                ("data", row.to_data()),
            ]
            .into_iter()
            .collect(),
            Err(error) => failure(error.code(), error.message()),
        }
    }

    /// The query may be left out, also before a connection: a text that stands in its place is the connection.
    fn find(&self, name: &str, query: Option<Data>) -> Data {
        let query = match query {
            Some(Data::Map(query)) => read_query(&query),
            _ => read_query(&IndexMap::new()),
        };
        let rows = query.and_then(|query| self.database.find(name, &query));
        answer(rows.map(|rows| ("list", Data::List(rows.iter().map(super::Row::to_data).collect()))))
    }

    fn delete_all(&self, name: &str, criteria: &str) -> Data {
        let criteria = Criteria::parse(criteria).map_err(DatabaseError::Criteria);
        let deleted = criteria.and_then(|criteria| {
            let query = Query {
                criteria: Some(criteria),
                limit: usize::MAX,
                ..Query::default()
            };
            let rows = self.database.find(name, &query)?;
            rows.iter().try_for_each(|row| self.database.delete(name, row.id))?;
            Ok(("count", Data::Number(rows.len() as i64)))
        });
        answer(deleted)
    }
}

/// The last argument: a connection's link name, which is taken and not used.
type Connection = Option<String>;

/// The values of a row: a map with its entries in order.
struct IndexData(IndexMap<String, Data>);

impl crate::host::Argument for IndexData {
    fn parameter() -> Option<crate::host::Parameter> {
        Some(crate::host::Parameter {
            kind: Some(crate::value::Kind::Map),
            ..crate::host::Parameter::default()
        })
    }

    fn take(arguments: &mut crate::host::Arguments<'_>) -> Result<Self, crate::host::Refusal> {
        match Data::take(arguments)? {
            Data::Map(entries) => Ok(Self(entries)),
            other => Err(arguments.refuse_data("KEY-VALUE", &other)),
        }
    }
}

/// Adds functions with their documentation.
struct Adding<'f>(&'f mut HostFunctions);

impl Adding<'_> {
    fn task<Shape>(&mut self, form: &str, run: impl crate::host::HostFunction<Shape>, doc: &str, source: &'static str) {
        self.0.add(form, run);
        let name = form.split('(').next().unwrap_or(form);
        self.0.describe(name, doc, source);
    }
}

/// The answer of a task that worked, or did not.
fn answer(result: Result<(&'static str, Data), DatabaseError>) -> Data {
    match result {
        Ok(entry) => [("status", Data::from("SUCCESS")), entry].into_iter().collect(),
        Err(error) => failure(error.code(), error.message()),
    }
}

fn failure(code: &str, message: String) -> Data {
    [("message", Data::Text(message)), ("code", Data::from(code))]
        .into_iter()
        .collect()
}

fn post(messages: &dyn Messages, message: Posted) -> Data {
    match messages.post(message) {
        Ok(()) => [("status", "SUCCESS")].into_iter().collect(),
        Err((code, message)) => failure(&code, message),
    }
}

/// How many rows are given where the query does not say.
const USUAL: usize = 50;

/// The most rows that one query gives.
const MOST: usize = 100;

fn read_query(query: &IndexMap<String, Data>) -> Result<Query, DatabaseError> {
    let text = |key: &str| {
        query
            .get(key)
            .map(super::criteria::column_text)
            .filter(|text| !text.trim().is_empty())
    };
    let number = |key: &str| text(key).and_then(|text| text.trim().parse::<usize>().ok());
    let criteria = text("criteria").map(|text| Criteria::parse(&text)).transpose();
    let order = text("order_by").unwrap_or_default();
    let order = order
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (column, direction) = part.split_once(' ').unwrap_or((part, ""));
            (column.to_owned(), direction.trim().eq_ignore_ascii_case("desc"))
        });
    Ok(Query {
        criteria: criteria.map_err(DatabaseError::Criteria)?,
        order: order.collect(),
        skip: number("from_index").map_or(0, |from| from.saturating_sub(1)),
        limit: number("limit").unwrap_or(USUAL).min(MOST),
    })
}
