//! stub
use super::*;
/// x
#[derive(Clone, Debug)]
pub enum Data {
    /// x
    Null,
}
impl From<&str> for Data {
    fn from(_: &str) -> Self {
        Self::Null
    }
}
impl Data {
    /// x
    pub fn from_value(_v: &Value, _d: &DateSettings) -> Result<Self, Unprintable> {
        Ok(Self::Null)
    }
    /// x
    pub fn into_value(self, _d: &DateSettings) -> Value {
        Value::Null
    }
}
