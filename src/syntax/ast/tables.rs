//! The tables in which lies what a node has many of, or what is too large for a node.
//!
//! A node names it by number. So a node is a few words of plain data, no list of the tree is an allocation of its own, and
//! dropping a tree is dropping its tables.

use std::fmt;
use std::marker::PhantomData;

use super::{
    Arm, Call, Command, ExpressionId, Fetch, Field, Insert, Item, Method, Name, Parameter, Script, StatementId, Task,
    Try, Typed,
};

/// A part of a script that lies in the table of its kind; [`Script::part`] gives it.
pub struct Id<T> {
    index: u32,
    of: PhantomData<fn() -> T>,
}

/// Parts of a script that lie side by side in the table of their kind, in the order of the text; [`Script::list`] gives
/// them.
pub struct List<T> {
    first: u32,
    count: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> List<T> {
    /// How many there are.
    pub const fn len(self) -> usize {
        self.count as usize
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.count == 0
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self {
            first: 0,
            count: 0,
            of: PhantomData,
        }
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for List<T> {}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index)
    }
}

impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}+{}", self.first, self.count)
    }
}

/// What lies in a table of a script.
pub trait Part: Sized {
    #[doc(hidden)]
    fn table(tables: &Tables) -> &Vec<Self>;
    #[doc(hidden)]
    fn table_mut(tables: &mut Tables) -> &mut Vec<Self>;
}

macro_rules! tables {
    ($($name:ident: $part:ty,)*) => {
        /// A table for each kind of part.
        #[derive(Clone, Debug, Default)]
        pub struct Tables {
            $($name: Vec<$part>,)*
        }

        $(impl Part for $part {
            fn table(tables: &Tables) -> &Vec<Self> {
                &tables.$name
            }

            fn table_mut(tables: &mut Tables) -> &mut Vec<Self> {
                &mut tables.$name
            }
        })*
    };
}

tables! {
    statements: StatementId,
    values: ExpressionId,
    pairs: (ExpressionId, ExpressionId),
    items: Item,
    arms: Arm,
    names: Name,
    parameters: Parameter,
    fields: Field,
    calls: Call,
    methods: Method,
    typed: Typed,
    tasks: Task,
    inserts: Insert,
    fetches: Fetch,
    tries: Try,
    commands: Command,
}

impl Script {
    /// A part of the script.
    pub fn part<T: Part>(&self, id: Id<T>) -> &T {
        &T::table(&self.tables)[id.index as usize]
    }

    /// Parts of the script, in the order of the text.
    pub fn list<T: Part>(&self, list: List<T>) -> &[T] {
        let first = list.first as usize;
        &T::table(&self.tables)[first..first + list.len()]
    }

    pub(in crate::syntax) fn part_mut<T: Part>(&mut self, id: Id<T>) -> &mut T {
        &mut T::table_mut(&mut self.tables)[id.index as usize]
    }

    pub(in crate::syntax) fn add<T: Part>(&mut self, part: T) -> Id<T> {
        let table = T::table_mut(&mut self.tables);
        table.push(part);
        Id {
            index: table.len() as u32 - 1,
            of: PhantomData,
        }
    }

    pub(in crate::syntax) fn add_list<T: Part>(&mut self, parts: impl IntoIterator<Item = T>) -> List<T> {
        let table = T::table_mut(&mut self.tables);
        let first = table.len();
        table.extend(parts);
        List {
            first: first as u32,
            count: (table.len() - first) as u32,
            of: PhantomData,
        }
    }
}
