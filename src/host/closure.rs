//! Closures over ordinary Rust types as functions of the host.
//!
//! [`HostFunctions`] is a table of them. The types of a closure's parameters say what the script has to give, so that
//! number and kind of the arguments are checked before the closure sees them; a `Result` that is an error becomes an error
//! of the script, which it may catch.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::Instant;

use indexmap::IndexMap;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::function::{Functions, Parameter, Signature};
use super::{Cancel, Context, EvalError, Evaluated, UserId};
use crate::diagnostic::Code;
use crate::value::{Data, DateSettings, Kind, Value};

/// Functions of the host, by dotted name. Later ones replace earlier ones of the same name.
#[derive(Clone, Default)]
pub struct HostFunctions {
    /// By name in lower case.
    entries: IndexMap<String, Entry>,
}

/// A closure behind its types.
type Run = dyn Fn(Arguments<'_>) -> Result<Value, Refusal> + Send + Sync;

#[derive(Clone)]
struct Entry {
    signature: Signature,
    run: Arc<Run>,
}

impl HostFunctions {
    /// Adds a closure. The name may tell the parameters' names, for messages and documentation: `crm.lookup(id)`.
    pub fn add<F, Shape>(&mut self, name: &str, function: F)
    where
        F: HostFunction<Shape>,
    {
        let (name, names) = name.split_once('(').unwrap_or((name, ""));
        let names = names.trim_end_matches(')').split(',').map(str::trim);
        let mut parameters = F::parameters();
        for (parameter, name) in parameters.iter_mut().zip(names) {
            parameter.name = name.to_owned();
        }
        let signature = Signature {
            name: name.trim().to_owned(),
            parameters,
            returns: F::returns(),
            ..Signature::default()
        };
        let run = move |arguments: Arguments<'_>| function.call(arguments);
        self.entries.insert(
            signature.name.to_ascii_lowercase(),
            Entry {
                signature,
                run: Arc::new(run),
            },
        );
    }

    /// Says what the function of this name does; nothing where there is none.
    pub fn describe(&mut self, name: &str, doc: &str, source: &'static str) {
        if let Some(entry) = self.entries.get_mut(&name.to_ascii_lowercase()) {
            entry.signature.doc = doc.to_owned();
            entry.signature.source = source;
        }
    }

    /// Takes over every function of another table.
    pub fn extend(&mut self, other: Self) {
        self.entries.extend(other.entries);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// These functions, and behind them those of another table that they do not hide.
    pub fn before(self, rest: Arc<dyn Functions>) -> impl Functions {
        Layered { own: self, rest }
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.get(&name.to_ascii_lowercase())
    }
}

impl Functions for HostFunctions {
    fn signature(&self, name: &str) -> Option<&Signature> {
        self.entry(name).map(|entry| &entry.signature)
    }

    fn signatures(&self) -> Vec<&Signature> {
        self.entries.values().map(|entry| &entry.signature).collect()
    }

    fn call(&self, name: &str, arguments: &[Value], context: &mut Context<'_>) -> Evaluated<Option<Value>> {
        let Some(entry) = self.entry(name) else {
            return Ok(None);
        };
        let form = || format!("call it as `{}`", entry.signature.call_form());
        if !entry.signature.takes(arguments.len()) {
            let message = format!("Number of Arguments mismatches for the function {name}");
            return Err(EvalError::failed(Code::ArgumentCount, message).help(form()));
        }
        let given = Arguments {
            values: arguments,
            next: 0,
            dates: &context.settings.dates,
            user: context.user,
            cancel: context.meter.cancel(),
        };
        match (entry.run)(given) {
            Ok(value) => Ok(Some(value)),
            Err(Refusal::Failed(message)) => {
                Err(EvalError::failed(Code::HostFailed, message).label("this call failed"))
            }
            Err(Refusal::Argument { index, wanted, found }) => {
                let message = format!(
                    "Incompatible types for function `{}` at argument index {index}: Required: [{wanted}] Found: {found}",
                    entry.signature.name
                );
                Err(EvalError::failed(Code::WrongKind, message).help(form()))
            }
        }
    }
}

/// Two tables, the first of which hides what the second has under the same name.
struct Layered {
    own: HostFunctions,
    rest: Arc<dyn Functions>,
}

impl Functions for Layered {
    fn signature(&self, name: &str) -> Option<&Signature> {
        self.own.signature(name).or_else(|| self.rest.signature(name))
    }

    fn signatures(&self) -> Vec<&Signature> {
        let mut all = self.own.signatures();
        let rest = self.rest.signatures().into_iter();
        all.extend(rest.filter(|signature| !self.own.knows(&signature.name)));
        all
    }

    fn call(&self, name: &str, arguments: &[Value], context: &mut Context<'_>) -> Evaluated<Option<Value>> {
        match self.own.call(name, arguments, context)? {
            Some(value) => Ok(Some(value)),
            None => self.rest.call(name, arguments, context),
        }
    }
}

/// Why a function of the host gave nothing.
pub enum Refusal {
    /// An argument is of the wrong kind.
    Argument {
        /// Which one, from 0.
        index: usize,
        /// What was wanted.
        wanted: String,
        /// What was given.
        found: &'static str,
    },
    /// The function failed, for this reason.
    Failed(String),
}

/// The arguments of one call, and who calls.
pub struct Arguments<'a> {
    values: &'a [Value],
    next: usize,
    dates: &'a DateSettings,
    user: &'a UserId,
    cancel: Cancel,
}

impl<'a> Arguments<'a> {
    /// The next argument; null where it was left out.
    fn take(&mut self) -> &'a Value {
        let value = self.values.get(self.next).map_or(&Value::Null, Value::settled);
        self.next += 1;
        value
    }

    /// The refusal of the argument taken last, for arguments made of others.
    pub fn refuse_data(&self, wanted: &str, found: &Data) -> Refusal {
        self.refuse(wanted, &found.clone().into_value(self.dates))
    }

    /// The refusal of the argument taken last.
    fn refuse(&self, wanted: impl Into<String>, found: &Value) -> Refusal {
        Refusal::Argument {
            index: self.next.saturating_sub(1),
            wanted: wanted.into(),
            found: found.kind().name(),
        }
    }
}

/// Who calls a function of the host. A closure that has a parameter of this type gets it without the script giving one.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The login user of the run.
    pub user: UserId,
    /// Stops what waits: the run's cancellation and its deadline.
    pub cancel: Cancel,
}

impl Caller {
    /// When the run has to end.
    pub fn deadline(&self) -> Option<Instant> {
        self.cancel.deadline()
    }
}

/// Any type that serde reads or writes, as parameter or result of a closure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

/// A type that a closure may have as parameter.
pub trait Argument: Sized {
    /// The parameter of the script that it stands for; `None` where it takes none.
    fn parameter() -> Option<Parameter>;

    /// Takes it out of the arguments.
    ///
    /// # Errors
    /// The argument is of another kind.
    fn take(arguments: &mut Arguments<'_>) -> Result<Self, Refusal>;
}

/// A type that a closure may give.
pub trait Answer {
    /// The kind of the result; `None` where it may be any.
    fn kind() -> Option<Kind>;

    /// The result as data.
    ///
    /// # Errors
    /// Why there is none.
    fn into_data(self) -> Result<Data, String>;
}

/// A closure with so many parameters. `Shape` is the tuple of their types.
pub trait HostFunction<Shape>: Send + Sync + 'static {
    /// What goes in.
    fn parameters() -> Vec<Parameter>;

    /// What comes out.
    fn returns() -> Option<Kind>;

    /// Takes the arguments apart and calls the closure.
    ///
    /// # Errors
    /// An argument does not fit, or the closure gave an error.
    fn call(&self, arguments: Arguments<'_>) -> Result<Value, Refusal>;
}

macro_rules! closures {
    ($($of:ident)*) => {
        impl<F, R, $($of),*> HostFunction<($($of,)*)> for F
        where
            F: Fn($($of),*) -> R + Send + Sync + 'static,
            R: Answer,
            $($of: Argument,)*
        {
            fn parameters() -> Vec<Parameter> {
                [$($of::parameter()),*].into_iter().collect::<Vec<Option<Parameter>>>().into_iter().flatten().collect()
            }

            fn returns() -> Option<Kind> {
                R::kind()
            }

            #[allow(unused_mut, non_snake_case, reason = "closures without parameters, variables named as their types")]
            fn call(&self, mut arguments: Arguments<'_>) -> Result<Value, Refusal> {
                $(let $of = $of::take(&mut arguments)?;)*
                let data = self($($of),*).into_data().map_err(Refusal::Failed)?;
                Ok(data.into_value(arguments.dates))
            }
        }
    };
}

closures!();
closures!(A);
closures!(A B);
closures!(A B C);
closures!(A B C D);
closures!(A B C D E);
closures!(A B C D E G);

impl Argument for Caller {
    fn parameter() -> Option<Parameter> {
        None
    }

    fn take(arguments: &mut Arguments<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            user: arguments.user.clone(),
            cancel: arguments.cancel.clone(),
        })
    }
}

fn parameter(kind: Option<Kind>) -> Option<Parameter> {
    Some(Parameter {
        name: String::new(),
        kind,
        optional: false,
    })
}

/// Parameters that are read from the argument alone: kind, type, and how.
macro_rules! arguments {
    ($($of:ty, $kind:expr, $read:expr;)*) => {$(
        impl Argument for $of {
            fn parameter() -> Option<Parameter> {
                parameter($kind)
            }

            fn take(arguments: &mut Arguments<'_>) -> Result<Self, Refusal> {
                let value = arguments.take();
                let read: fn(&Value, &DateSettings) -> Option<Self> = $read;
                let wanted = || $kind.map_or(stringify!($of), Kind::name);
                read(value, arguments.dates).ok_or_else(|| arguments.refuse(wanted(), value))
            }
        }
    )*};
}

arguments! {
    bool, Some(Kind::Boolean), |value, _| boolean(value);
    i64, Some(Kind::Number), |value, _| whole(value);
    i32, Some(Kind::Number), |value, _| whole(value)?.try_into().ok();
    u32, Some(Kind::Number), |value, _| whole(value)?.try_into().ok();
    u64, Some(Kind::Number), |value, _| whole(value)?.try_into().ok();
    usize, Some(Kind::Number), |value, _| whole(value)?.try_into().ok();
    f64, Some(Kind::Decimal), |value, _| value.as_double().or_else(|| value.as_text()?.trim().parse().ok());
    String, Some(Kind::Text), |value, dates| text(value, dates);
    Data, None::<Kind>, |value, dates| Data::from_value(value, dates).ok();
    serde_json::Value, None::<Kind>, |value, dates| Data::from_value(value, dates).ok().map(|data| data.to_json());
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Boolean(boolean) => Some(*boolean),
        other => match other.as_text()? {
            text if text.eq_ignore_ascii_case("true") => Some(true),
            text if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        },
    }
}

/// A whole number; numeric text counts, as it does for built-ins.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Decimal(_) | Value::BigDecimal(_) => {
            let wide = value.as_wide()?;
            wide.fract()
                .is_zero()
                .then(|| i64::try_from(wide.trunc().mantissa()).ok())?
        }
        other => other.as_text()?.trim().parse().ok(),
    }
}

/// A text; numbers, dates and booleans give their text form, containers and null do not.
fn text(value: &Value, dates: &DateSettings) -> Option<String> {
    match value {
        Value::Null => None,
        container if container.is_container() => None,
        plain => plain.to_text(dates).ok(),
    }
}

/// Null and what was left out are `None`.
impl<T: Argument> Argument for Option<T> {
    fn parameter() -> Option<Parameter> {
        T::parameter().map(|parameter| Parameter {
            optional: true,
            ..parameter
        })
    }

    fn take(arguments: &mut Arguments<'_>) -> Result<Self, Refusal> {
        match arguments.values.get(arguments.next).map(Value::settled) {
            None | Some(Value::Null) if T::parameter().is_some() => {
                arguments.next += 1;
                Ok(None)
            }
            _ => T::take(arguments).map(Some),
        }
    }
}

impl<T: Argument> Argument for Vec<T> {
    fn parameter() -> Option<Parameter> {
        parameter(Some(Kind::List))
    }

    fn take(arguments: &mut Arguments<'_>) -> Result<Self, Refusal> {
        let value = arguments.take();
        let list = value
            .as_list()
            .ok_or_else(|| arguments.refuse(Kind::List.name(), value))?;
        each(&list.items(), arguments).collect()
    }
}

/// Every element as an argument of its own.
fn each<'v, T: Argument>(
    items: &'v [Value],
    arguments: &'v Arguments<'_>,
) -> impl Iterator<Item = Result<T, Refusal>> + 'v {
    items.iter().map(|item| {
        let mut inner = Arguments {
            values: std::slice::from_ref(item),
            next: 0,
            dates: arguments.dates,
            user: arguments.user,
            cancel: arguments.cancel.clone(),
        };
        T::take(&mut inner).map_err(|refusal| match refusal {
            Refusal::Argument { wanted, found, .. } => Refusal::Argument {
                index: arguments.next.saturating_sub(1),
                wanted: format!("elements of {wanted}"),
                found,
            },
            failed @ Refusal::Failed(_) => failed,
        })
    })
}

/// The keys and values of a map.
fn pairs<T: Argument>(arguments: &mut Arguments<'_>) -> Result<Vec<(String, T)>, Refusal> {
    let value = arguments.take();
    let map = value
        .as_map()
        .ok_or_else(|| arguments.refuse(Kind::Map.name(), value))?;
    let entries = map.entries();
    let values: Vec<Value> = entries.values().cloned().collect();
    let keys = entries.keys().map(|key| key.value().key_text());
    keys.zip(each(&values, arguments))
        .map(|(key, value)| value.map(|value| (key, value)))
        .collect()
}

impl<T: Argument, S: BuildHasher + Default> Argument for HashMap<String, T, S> {
    fn parameter() -> Option<Parameter> {
        parameter(Some(Kind::Map))
    }

    fn take(arguments: &mut Arguments<'_>) -> Result<Self, Refusal> {
        pairs(arguments).map(|pairs| pairs.into_iter().collect())
    }
}

impl<T: Argument> Argument for BTreeMap<String, T> {
    fn parameter() -> Option<Parameter> {
        parameter(Some(Kind::Map))
    }

    fn take(arguments: &mut Arguments<'_>) -> Result<Self, Refusal> {
        pairs(arguments).map(|pairs| pairs.into_iter().collect())
    }
}

impl<T: DeserializeOwned> Argument for Json<T> {
    fn parameter() -> Option<Parameter> {
        parameter(None)
    }

    fn take(arguments: &mut Arguments<'_>) -> Result<Self, Refusal> {
        let value = arguments.take();
        let data = Data::from_value(value, arguments.dates).map_err(|_| arguments.refuse("plain data", value))?;
        data.to()
            .map(Json)
            .map_err(|error| arguments.refuse(error.to_string(), value))
    }
}

/// Results that are data already: kind, type, and how.
macro_rules! answers {
    ($($of:ty, $kind:expr, $make:expr;)*) => {$(
        impl Answer for $of {
            fn kind() -> Option<Kind> {
                $kind
            }

            fn into_data(self) -> Result<Data, String> {
                let make: fn(Self) -> Data = $make;
                Ok(make(self))
            }
        }
    )*};
}

answers! {
    (), Some(Kind::Null), |()| Data::Null;
    bool, Some(Kind::Boolean), Data::from;
    i64, Some(Kind::Number), Data::from;
    i32, Some(Kind::Number), Data::from;
    u32, Some(Kind::Number), Data::from;
    u64, Some(Kind::Number), Data::from;
    usize, Some(Kind::Number), |number| Data::from(number as u64);
    f64, Some(Kind::Decimal), Data::from;
    String, Some(Kind::Text), Data::from;
    &'static str, Some(Kind::Text), Data::from;
    Data, None, |data| data;
    serde_json::Value, None, Data::from;
}

impl<T: Answer> Answer for Option<T> {
    fn kind() -> Option<Kind> {
        None
    }

    fn into_data(self) -> Result<Data, String> {
        self.map_or(Ok(Data::Null), T::into_data)
    }
}

impl<T: Answer, E: Display> Answer for Result<T, E> {
    fn kind() -> Option<Kind> {
        T::kind()
    }

    fn into_data(self) -> Result<Data, String> {
        self.map_err(|error| error.to_string())?.into_data()
    }
}

impl<T: Answer> Answer for Vec<T> {
    fn kind() -> Option<Kind> {
        Some(Kind::List)
    }

    fn into_data(self) -> Result<Data, String> {
        self.into_iter()
            .map(T::into_data)
            .collect::<Result<_, _>>()
            .map(Data::List)
    }
}

/// A map as data, its entries in the order of their keys where it has none of its own.
fn map_data<T: Answer>(entries: impl IntoIterator<Item = (String, T)>) -> Result<Data, String> {
    let entries = entries.into_iter().map(|(key, value)| Ok((key, value.into_data()?)));
    entries.collect::<Result<_, String>>().map(Data::Map)
}

impl<T: Answer, S: BuildHasher> Answer for HashMap<String, T, S> {
    fn kind() -> Option<Kind> {
        Some(Kind::Map)
    }

    fn into_data(self) -> Result<Data, String> {
        map_data(self.into_iter().collect::<BTreeMap<_, _>>())
    }
}

impl<T: Answer> Answer for BTreeMap<String, T> {
    fn kind() -> Option<Kind> {
        Some(Kind::Map)
    }

    fn into_data(self) -> Result<Data, String> {
        map_data(self)
    }
}

impl<T: Serialize> Answer for Json<T> {
    fn kind() -> Option<Kind> {
        None
    }

    fn into_data(self) -> Result<Data, String> {
        Data::from_serialize(&self.0).map_err(|error| error.to_string())
    }
}
