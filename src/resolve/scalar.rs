//! Which expressions may be tried as numbers in registers (`interpret::scalar`) before they are computed as values.

use super::program::{Binary, Expression, Method, Quick, Spanned, Sum};

/// The deepest nesting that is worth trying: an attempt that fails is made again at each level.
const DEEPEST: u8 = 6;

impl<O> Binary<O> {
    /// Two operands with an operator between them.
    pub(super) fn new(operator: O, left: Spanned, right: Spanned) -> Self {
        let scalar = match (left.value.scalar(), right.value.scalar()) {
            (Some(left), Some(right)) => Some(left.max(right) + 1).filter(|depth| *depth <= DEEPEST),
            _ => None,
        };
        Self {
            operator,
            scalar,
            measured: left.value.is_measured() || right.value.is_measured(),
            left: left.value,
            right: right.value,
            left_at: left.at,
            right_at: right.at,
        }
    }
}

impl Sum {
    /// A sum of these addends.
    pub(super) fn new(first: Spanned, rest: Box<[Spanned]>) -> Self {
        let scalar = deepest(&first, &rest)
            .map(|depth| depth + 1)
            .filter(|depth| *depth <= DEEPEST);
        Self { scalar, first, rest }
    }
}

/// The deepest of the addends that may all be computed as scalars.
fn deepest(first: &Spanned, rest: &[Spanned]) -> Option<u8> {
    let first = first.value.scalar()?;
    rest.iter()
        .try_fold(first, |deepest, addend| Some(deepest.max(addend.value.scalar()?)))
}

impl Expression {
    /// Whether it is a call of a function of the program, or an operator on one.
    fn is_measured(&self) -> bool {
        match self {
            Self::Call(_) => true,
            Self::Arithmetic(node) => node.measured,
            _ => false,
        }
    }

    /// How deep operators are nested in an expression that may be computed as [`Binary::scalar`] says.
    fn scalar(&self) -> Option<u8> {
        match self {
            Self::Slot(_) | Self::Number(_) | Self::Decimal(_) => Some(0),
            Self::Arithmetic(node) => node.scalar,
            Self::Sum(sum) => sum.scalar,
            Self::Method(method) => method.item_depth(),
            _ => None,
        }
    }
}

impl Method {
    /// How deep operators are nested in `list.get(index)` and `map.get("key")` on a variable, or on `list.get(index)` with two
    /// variables.
    fn item_depth(&self) -> Option<u8> {
        let of_variable = match &self.receiver.value {
            Expression::Slot(_) => true,
            Expression::Method(row) => row.item.is_some(),
            _ => false,
        };
        match &*self.arguments {
            [argument] if of_variable && self.quick == Quick::Get => match self.key {
                Some(_) => Some(1),
                None => argument.scalar().map(|depth| depth + 1),
            },
            _ => None,
        }
    }
}
