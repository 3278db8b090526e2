//! The built-ins of TEXT: searching, cutting, changing, replacing, and the regular expressions behind the last.
//!
//! Numbers, booleans and dates are taken by their text form. Indexes count UTF-16 units, as the Java behind Deluge does.

mod change;
mod cut;
mod fold;
mod regex;
mod replace;
mod search;
mod subject;

use super::Builtin;
use crate::value::Kind;

pub(super) use subject::Subject;

/// The tables of this family.
pub(super) const SEARCH: &[Builtin] = search::TABLE;
/// See [`SEARCH`].
pub(super) const CUT: &[Builtin] = cut::TABLE;
/// See [`SEARCH`].
pub(super) const CHANGE: &[Builtin] = change::TABLE;
/// See [`SEARCH`].
pub(super) const REPLACE: &[Builtin] = replace::TABLE;

/// What these built-ins are called on; the other plain kinds follow TEXT by themselves.
const TEXT: &[Kind] = &[Kind::Text];

/// What those are called on that take containers by their text form as well.
const TEXT_OR_CONTAINER: &[Kind] = &[Kind::Text, Kind::List, Kind::Map, Kind::Collection, Kind::Empty];
