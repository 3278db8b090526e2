//! The criteria of the Cliq database: `(department==Engineering) && (age >= 30 || status in open,new)`.

use std::fmt;

use indexmap::IndexMap;

use crate::value::Data;

/// The most comparisons that one criteria text may hold.
const MOST_CLAUSES: usize = 10;

/// A parsed criteria text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Criteria {
    /// Both hold.
    And(Box<Self>, Box<Self>),
    /// One of them holds.
    Or(Box<Self>, Box<Self>),
    /// A comparison of a column.
    Clause {
        /// The column.
        column: String,
        /// How it is compared.
        operator: Operator,
        /// The values, one but for `in`.
        values: Vec<String>,
    },
}

/// How a column is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `==` or `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `like`: contains, whatever the letter case.
    Like,
    /// `not like`
    NotLike,
    /// `in`
    In,
    /// `not in`
    NotIn,
}

/// The operators as they are written, the longer ones first.
const OPERATORS: [(&str, Operator); 11] = [
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterEqual),
    ("<=", Operator::LessEqual),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("=", Operator::Equal),
    ("not like ", Operator::NotLike),
    ("not in ", Operator::NotIn),
    ("like ", Operator::Like),
    ("in ", Operator::In),
];

/// Why a text is no criteria.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CriteriaError {
    /// It breaks off or goes on where it should not, at this byte.
    Malformed(usize),
    /// It has no operator that is known, at this byte.
    Operator(usize),
    /// It holds more comparisons than it may.
    TooMany,
}

impl fmt::Display for CriteriaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(at) => write!(formatter, "the criteria cannot be read from byte {at} on"),
            Self::Operator(at) => write!(formatter, "the criteria has no known operator at byte {at}"),
            Self::TooMany => write!(formatter, "the criteria holds more than {MOST_CLAUSES} comparisons"),
        }
    }
}

impl std::error::Error for CriteriaError {}

impl Criteria {
    /// Reads a criteria text.
    ///
    /// # Errors
    /// It is malformed, or holds too many comparisons.
    pub fn parse(text: &str) -> Result<Self, CriteriaError> {
        let mut reader = Reader {
            text,
            at: 0,
            clauses: 0,
            open: 0,
        };
        let criteria = reader.any()?;
        match reader.rest().trim().is_empty() {
            true => Ok(criteria),
            false => Err(CriteriaError::Malformed(reader.at)),
        }
    }

    /// Whether it holds for a row.
    pub fn holds(&self, row: &IndexMap<String, Data>) -> bool {
        match self {
            Self::And(a, b) => a.holds(row) && b.holds(row),
            Self::Or(a, b) => a.holds(row) || b.holds(row),
            Self::Clause {
                column,
                operator,
                values,
            } => clause_holds(row.get(column), *operator, values),
        }
    }
}

fn clause_holds(found: Option<&Data>, operator: Operator, values: &[String]) -> bool {
    let text = found.map(column_text).unwrap_or_default();
    let first = values.first().map_or("", String::as_str);
    let order = || order(&text, first);
    let like = || text.to_lowercase().contains(&first.trim_matches('%').to_lowercase());
    let among = || values.iter().any(|value| order_of_texts(&text, value).is_eq());
    match operator {
        Operator::Equal => order().is_eq(),
        Operator::NotEqual => order().is_ne(),
        Operator::Greater => order().is_gt(),
        Operator::GreaterEqual => order().is_ge(),
        Operator::Less => order().is_lt(),
        Operator::LessEqual => order().is_le(),
        Operator::Like => like(),
        Operator::NotLike => !like(),
        Operator::In => among(),
        Operator::NotIn => !among(),
    }
}

/// The text by which a column is compared.
pub(super) fn column_text(value: &Data) -> String {
    match value {
        Data::Null => String::new(),
        Data::Text(text) | Data::Decimal(text) => text.clone(),
        other => match other.to_json() {
            serde_json::Value::String(text) => text,
            json => json.to_string(),
        },
    }
}

/// The order of two columns: numbers by size, else texts.
pub(super) fn order(a: &str, b: &str) -> std::cmp::Ordering {
    order_of_texts(a, b)
}

fn order_of_texts(a: &str, b: &str) -> std::cmp::Ordering {
    // Ids have nineteen digits, which no double holds.
    if let (Ok(a), Ok(b)) = (a.parse::<i64>(), b.parse::<i64>()) {
        return a.cmp(&b);
    }
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
        _ => a.cmp(b),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    clauses: usize,
    open: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn takes(&mut self, sign: &str) -> bool {
        self.skip_blanks();
        let takes = self.rest().starts_with(sign);
        self.at += if takes { sign.len() } else { 0 };
        takes
    }

    fn any(&mut self) -> Result<Criteria, CriteriaError> {
        let mut criteria = self.all()?;
        while self.takes("||") {
            criteria = Criteria::Or(Box::new(criteria), Box::new(self.all()?));
        }
        Ok(criteria)
    }

    fn all(&mut self) -> Result<Criteria, CriteriaError> {
        let mut criteria = self.one()?;
        while self.takes("&&") {
            criteria = Criteria::And(Box::new(criteria), Box::new(self.one()?));
        }
        Ok(criteria)
    }

    fn one(&mut self) -> Result<Criteria, CriteriaError> {
        if !self.takes("(") {
            return self.clause();
        }
        self.open += 1;
        // Brackets beyond what so few comparisons could need would only deepen the recursion.
        if self.open > 4 * MOST_CLAUSES {
            return Err(CriteriaError::TooMany);
        }
        let criteria = self.any()?;
        if self.takes(")") {
            Ok(criteria)
        } else {
            Err(CriteriaError::Malformed(self.at))
        }
    }

    fn clause(&mut self) -> Result<Criteria, CriteriaError> {
        self.clauses += 1;
        if self.clauses > MOST_CLAUSES {
            return Err(CriteriaError::TooMany);
        }
        self.skip_blanks();
        let rest = self.rest();
        let is_name = |character: char| character.is_alphanumeric() || character == '_';
        let column = &rest[..rest.find(|character| !is_name(character)).unwrap_or(rest.len())];
        if column.is_empty() {
            return Err(CriteriaError::Malformed(self.at));
        }
        self.at += column.len();
        self.skip_blanks();
        let rest = self.rest();
        let starts = |sign: &str| {
            rest.get(..sign.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(sign))
        };
        let known = OPERATORS.iter().find(|(sign, _)| starts(sign));
        let Some((sign, operator)) = known else {
            return Err(CriteriaError::Operator(self.at));
        };
        self.at += sign.len();
        let value = self.value()?;
        let values = match operator {
            Operator::In | Operator::NotIn => value.trim_matches(['[', ']']).split(',').map(plain).collect(),
            _ => vec![plain(&value)],
        };
        Ok(Criteria::Clause {
            column: column.to_owned(),
            operator: *operator,
            values,
        })
    }

    /// A value up to the next sign of the grammar, or in quotes.
    fn value(&mut self) -> Result<String, CriteriaError> {
        self.skip_blanks();
        let rest = self.rest();
        if let Some(quote @ ('"' | '\'')) = rest.chars().next() {
            let end = rest[1..].find(quote).ok_or(CriteriaError::Malformed(self.at))?;
            self.at += end + 2;
            return Ok(rest[1..=end].to_owned());
        }
        let ends = ["&&", "||", ")"].iter().filter_map(|sign| rest.find(sign));
        let end = ends.min().unwrap_or(rest.len());
        self.at += end;
        Ok(rest[..end].trim().to_owned())
    }
}

/// A value without the blanks and quotes around it.
fn plain(value: &str) -> String {
    value.trim().trim_matches(['"', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> IndexMap<String, Data> {
        [
            ("department", Data::from("Engineering")),
            ("age", Data::from(42)),
            ("isactive", Data::from(true)),
            ("name", Data::from("John Doe")),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into_iter()
        .collect()
    }

    #[test]
    fn criteria_hold_or_not() {
        for (text, expected) in [
            ("isactive==true", true),
            ("isactive = false", false),
            ("(department==Engineering) && (isactive==true)", true),
            ("age > 9", true),
            ("age<42||age>=42", true),
            ("age <= 41 && name like doe || department != Sales", true),
            ("age <= 41 && (name like doe || department != Sales)", false),
            ("name not like \"%jane%\"", true),
            ("department in Sales, Engineering", true),
            ("department not in Sales,Engineering", false),
            ("name == 'John Doe'", true),
            ("nothing == ", true),
        ] {
            assert_eq!(Criteria::parse(text).unwrap().holds(&row()), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_criteria_says_where() {
        for (text, expected) in [
            ("", CriteriaError::Malformed(0)),
            ("(a==1", CriteriaError::Malformed(5)),
            ("a ~ 1", CriteriaError::Operator(2)),
            ("a==\"x", CriteriaError::Malformed(3)),
            ("a==1 ) b", CriteriaError::Malformed(5)),
        ] {
            assert_eq!(Criteria::parse(text), Err(expected), "{text}");
        }
        let many = ["a==1"; 11].join("&&");
        assert_eq!(Criteria::parse(&many), Err(CriteriaError::TooMany));
        assert_eq!(Criteria::parse(&"(".repeat(100_000)), Err(CriteriaError::TooMany));
    }
}
