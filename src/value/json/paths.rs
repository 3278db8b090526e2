//! The keys of the maps of one text. The maps of a document are built alike: their keys, one after the other, are paths in
//! a tree, and what maps of the same path share is held once.

use std::rc::Rc;

use crate::value::Value;
use crate::value::entries::Shape;
use crate::value::map::{Alike, Key};

/// The paths of the maps read so far.
pub(super) struct Paths {
    /// The first is the root, which has no key.
    nodes: Vec<Node>,
    /// How many nodes there may be.
    most: usize,
}

/// A key, behind those on the way to it.
struct Node {
    key: Key,
    /// The node before it; the root is before itself.
    before: Place,
    /// The first of the nodes behind it.
    first: Option<Place>,
    /// The next node that is behind the same one.
    next: Option<Place>,
    /// What maps share that end here.
    alike: Alike,
}

/// Where a node is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u32);

/// Where every path begins.
pub(super) const ROOT: Place = Place(0);

/// Behind one key stand at most so many: where there are more, the keys are data, as in a dictionary.
const BRANCHES: usize = 8;

/// As many keys may a map have that shares them.
const LENGTH: usize = 256;

/// So many nodes are enough.
const MOST: usize = 1 << 12;

/// In a shorter text there is too little to share: following the paths would cost more than it saves.
const SHORT: usize = 1 << 14;

impl Paths {
    /// No paths yet, for the maps of a text.
    pub(super) fn of(text: &str) -> Self {
        Self {
            nodes: Vec::new(),
            most: if text.len() < SHORT { 0 } else { MOST },
        }
    }

    /// The node of a key behind another node; `None` where such a map does not share its keys with others, or has the key
    /// already.
    pub(super) fn step(&mut self, from: Place, key: &str) -> Option<Place> {
        let mut branches = 0;
        let mut last = None;
        let mut next = self.at(from).and_then(|node| node.first);
        while let Some(place) = next {
            let node = self.at(place)?;
            if node.key.has_text(key) {
                return Some(place);
            }
            (last, next) = (next, node.next);
            branches += 1;
        }
        if branches == BRANCHES || self.nodes.len() >= self.most {
            return None;
        }
        self.add(from, last, key)
    }

    fn at(&self, place: Place) -> Option<&Node> {
        self.nodes.get(place.0 as usize)
    }

    /// Adds a node for a key that is not on the way yet.
    fn add(&mut self, from: Place, last: Option<Place>, key: &str) -> Option<Place> {
        if self.nodes.is_empty() {
            self.nodes.push(Node::new(Value::Null, ROOT));
        }
        let (mut length, mut way) = (1, from);
        while way != ROOT {
            let node = self.at(way)?;
            if node.key.has_text(key) || length == LENGTH {
                return None;
            }
            (length, way) = (length + 1, node.before);
        }
        let place = Place(self.nodes.len() as u32);
        self.nodes.push(Node::new(Value::text(key), from));
        match last {
            Some(last) => self.nodes.get_mut(last.0 as usize)?.next = Some(place),
            None => self.nodes.get_mut(from.0 as usize)?.first = Some(place),
        }
        Some(place)
    }

    /// The keys on the way to a node, its own the last.
    pub(super) fn keys(&self, end: Place) -> Vec<Key> {
        let mut keys = Vec::new();
        let mut way = end;
        while way != ROOT
            && let Some(node) = self.at(way)
        {
            keys.push(node.key.clone());
            way = node.before;
        }
        keys.reverse();
        keys
    }

    /// What maps share whose last key is at this node; `None` for the first, which may be the only one.
    pub(super) fn shape(&mut self, end: Place) -> Option<Rc<Shape>> {
        let mut alike = std::mem::take(&mut self.nodes.get_mut(end.0 as usize)?.alike);
        let shape = alike.shape(|| self.keys(end));
        self.nodes.get_mut(end.0 as usize)?.alike = alike;
        shape
    }
}

impl Node {
    fn new(key: Value, before: Place) -> Self {
        Self {
            key: Key::new(key),
            before,
            first: None,
            next: None,
            alike: Alike::default(),
        }
    }
}
