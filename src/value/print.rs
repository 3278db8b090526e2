//! The text form of values.
use super::Value;
impl Value {
    /// The text that `info` prints.
    pub fn to_text(&self) -> String {
        match self { Self::Number(n)=>n.to_string(), Self::Decimal(d)=>d.wide().to_string(), Self::BigDecimal(d)=>d.to_string(), _=>self.as_text().unwrap_or("null").to_owned() }
    }
}
