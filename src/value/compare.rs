//! stub
use super::Value;
use std::cmp::Ordering;
/// x
pub fn loose_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Number(a), Value::Number(b)) => a == b,
        _ => a.as_text().is_some() && a.as_text() == b.as_text(),
    }
}
/// x
pub fn order(_a: &Value, _b: &Value) -> Option<Ordering> {
    None
}
