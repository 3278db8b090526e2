//! `{}`: a container of no kind yet. Its first map operation makes it a map, its first list operation a list, for all
//! that refer to it (DECISIONS: 6).

use std::cell::OnceCell;
use std::rc::Rc;

use super::{List, Map, Value};

/// A shared container that is not decided yet, or was decided meanwhile.
#[derive(Clone, Default)]
pub struct Empty(Rc<OnceCell<Value>>);

impl Empty {
    /// What it became: a list or a map; `None` while nothing decided.
    pub fn decided(&self) -> Option<&Value> {
        self.0.get()
    }

    /// The list it is from now on; a map where it is one already.
    pub fn into_list(&self) -> &Value {
        self.0.get_or_init(|| Value::List(List::new(Vec::new())))
    }

    /// The map it is from now on; a list where it is one already.
    pub fn into_map(&self) -> &Value {
        self.0.get_or_init(|| Value::Map(Map::default()))
    }

    /// Whether both are one and the same container.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}
