//! The database of Cliq as a trait, and one in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use indexmap::IndexMap;

use super::criteria::{Criteria, CriteriaError, column_text, order};
use crate::value::Data;

/// The columns of a row, and what the database adds to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its id, of up to nineteen digits.
    pub id: i64,
    /// When it was added, in milliseconds since 1970-01-01T00:00Z.
    pub added: i64,
    /// When it was last changed.
    pub modified: i64,
    /// The columns by name.
    pub columns: IndexMap<String, Data>,
}

impl Row {
    /// The row as scripts see it: its columns behind `id`, `added_time` and `modified_time`, the times as text.
    pub fn to_data(&self) -> Data {
        let own = [
            ("id".to_owned(), Data::Text(self.id.to_string())),
            ("added_time".to_owned(), Data::Text(self.added.to_string())),
            ("modified_time".to_owned(), Data::Text(self.modified.to_string())),
        ];
        Data::Map(own.into_iter().chain(self.columns.clone()).collect())
    }
}

/// Which rows are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What has to hold for them.
    pub criteria: Option<Criteria>,
    /// Columns to sort by, and whether downwards.
    pub order: Vec<(String, bool)>,
    /// How many are left out at the front.
    pub skip: usize,
    /// The most that are given.
    pub limit: usize,
}

/// Why the database did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseError {
    /// There is no database of this name.
    Unknown(String),
    /// There is no row of this id.
    NoSuchRecord(i64),
    /// The criteria cannot be used.
    Criteria(CriteriaError),
    /// Something else, in a sentence.
    Failed(String),
}

impl DatabaseError {
    /// The code that Cliq's API gives.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "datastore_not_found",
            Self::NoSuchRecord(_) => "datastore_record_not_found",
            Self::Criteria(CriteriaError::Operator(_)) => "datastore_criteria_invalid_operator",
            Self::Criteria(CriteriaError::TooMany) => "datastore_criteria_limit_exceeded",
            Self::Criteria(CriteriaError::Malformed(_)) => "datastore_invalid_criteria",
            Self::Failed(_) => "datastore_access_denied",
        }
    }

    /// What happened, in a sentence.
    pub fn message(&self) -> String {
        match self {
            Self::Unknown(name) => format!("there is no database `{name}`"),
            Self::NoSuchRecord(id) => format!("there is no record {id}"),
            Self::Criteria(error) => error.to_string(),
            Self::Failed(message) => message.clone(),
        }
    }
}

/// Keeps rows by the name of their database. Times are milliseconds since 1970-01-01T00:00Z.
pub trait Database: Send + Sync {
    /// Adds a row.
    ///
    /// # Errors
    /// The database is unknown, or refuses.
    fn create(&self, name: &str, columns: IndexMap<String, Data>, now: i64) -> Result<Row, DatabaseError>;

    /// The rows that a query wants.
    ///
    /// # Errors
    /// The database is unknown, or refuses.
    fn find(&self, name: &str, query: &Query) -> Result<Vec<Row>, DatabaseError>;

    /// The row of an id.
    ///
    /// # Errors
    /// There is none.
    fn get(&self, name: &str, id: i64) -> Result<Row, DatabaseError>;

    /// Sets columns of a row; the others stay.
    ///
    /// # Errors
    /// There is no such row.
    fn update(&self, name: &str, id: i64, columns: IndexMap<String, Data>, now: i64) -> Result<Row, DatabaseError>;

    /// Removes a row.
    ///
    /// # Errors
    /// There is no such row.
    fn delete(&self, name: &str, id: i64) -> Result<(), DatabaseError>;
}

/// Databases in memory: for tests, and for bots that may forget. Without names, every name is a database.
#[derive(Default)]
pub struct MemoryDatabase {
    tables: Mutex<BTreeMap<String, BTreeMap<i64, Row>>>,
    is_closed: bool,
}

/// The id of the first row; ids have as many digits as Cliq's.
const FIRST_ID: i64 = 227_828_000_000_128_001;

impl MemoryDatabase {
    /// Databases of these names alone.
    pub fn of(names: &[&str]) -> Self {
        let tables = names.iter().map(|name| ((*name).to_owned(), BTreeMap::new()));
        Self {
            tables: Mutex::new(tables.collect()),
            is_closed: true,
        }
    }

    fn tables(&self) -> MutexGuard<'_, BTreeMap<String, BTreeMap<i64, Row>>> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<R>(
        &self,
        name: &str,
        work: impl FnOnce(&mut BTreeMap<i64, Row>) -> Result<R, DatabaseError>,
    ) -> Result<R, DatabaseError> {
        let mut tables = self.tables();
        if self.is_closed && !tables.contains_key(name) {
            return Err(DatabaseError::Unknown(name.to_owned()));
        }
        work(tables.entry(name.to_owned()).or_default())
    }
}

/// The order of two rows by these columns, each upwards or downwards.
fn order_of_rows(a: &Row, b: &Row, columns: &[(String, bool)]) -> std::cmp::Ordering {
    let column = |row: &Row, name: &str| row.columns.get(name).map(column_text).unwrap_or_default();
    let orders = columns.iter().map(|(name, downwards)| {
        let order = order(&column(a, name), &column(b, name));
        if *downwards { order.reverse() } else { order }
    });
    orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
}

impl Database for MemoryDatabase {
    fn create(&self, name: &str, columns: IndexMap<String, Data>, now: i64) -> Result<Row, DatabaseError> {
        self.with(name, |rows| {
            let id = rows.last_key_value().map_or(FIRST_ID, |(last, _)| last + 1);
            let row = Row {
                id,
                added: now,
                modified: now,
                columns,
            };
            rows.insert(id, row.clone());
            Ok(row)
        })
    }

    fn find(&self, name: &str, query: &Query) -> Result<Vec<Row>, DatabaseError> {
        self.with(name, |rows| {
            let wanted = |row: &&Row| {
                query
                    .criteria
                    .as_ref()
                    .is_none_or(|criteria| criteria.holds(&row.columns))
            };
            let mut found: Vec<&Row> = rows.values().filter(wanted).collect();
            found.sort_by(|a, b| order_of_rows(a, b, &query.order));
            Ok(found.into_iter().skip(query.skip).take(query.limit).cloned().collect())
        })
    }

    fn get(&self, name: &str, id: i64) -> Result<Row, DatabaseError> {
        self.with(name, |rows| {
            rows.get(&id).cloned().ok_or(DatabaseError::NoSuchRecord(id))
        })
    }

    fn update(&self, name: &str, id: i64, columns: IndexMap<String, Data>, now: i64) -> Result<Row, DatabaseError> {
        self.with(name, |rows| {
            let row = rows.get_mut(&id).ok_or(DatabaseError::NoSuchRecord(id))?;
            row.columns.extend(columns);
            row.modified = now;
            Ok(row.clone())
        })
    }

    fn delete(&self, name: &str, id: i64) -> Result<(), DatabaseError> {
        self.with(name, |rows| {
            rows.remove(&id).map(|_| ()).ok_or(DatabaseError::NoSuchRecord(id))
        })
    }
}
