//! Comparisons of XPath (section 3.4 of the recommendation): one with a node-set holds where it holds for any node.
//! Two node-sets are compared in time linear in their sizes.

use std::collections::HashSet;

use super::super::document::{Document, NodeId};
use super::Operator;
use super::evaluate::{Answer, number_of};

/// Whether a comparison holds.
pub(super) fn holds(document: &Document<'_>, operator: Operator, left: Answer, right: Answer) -> bool {
    match (left, right) {
        (Answer::Nodes(left), Answer::Nodes(right)) => between_sets(document, operator, &left, &right),
        (Answer::Nodes(nodes), other) => with_set(document, operator, &nodes, &other),
        (other, Answer::Nodes(nodes)) => with_set(document, mirrored(operator), &nodes, &other),
        (left, right) => between_values(document, operator, &left, &right),
    }
}

fn mirrored(operator: Operator) -> Operator {
    match operator {
        Operator::Less => Operator::Greater,
        Operator::LessOrEqual => Operator::GreaterOrEqual,
        Operator::Greater => Operator::Less,
        Operator::GreaterOrEqual => Operator::LessOrEqual,
        same => same,
    }
}

fn with_set(document: &Document<'_>, operator: Operator, nodes: &[NodeId], other: &Answer) -> bool {
    if let Answer::Boolean(_) = other {
        return between_values(document, operator, &Answer::Boolean(!nodes.is_empty()), other);
    }
    nodes.iter().any(|node| {
        let text = Answer::Text(document.string(*node).into_owned());
        between_values(document, operator, &text, other)
    })
}

fn between_values(document: &Document<'_>, operator: Operator, left: &Answer, right: &Answer) -> bool {
    let equal = match operator {
        Operator::Equal | Operator::NotEqual => match (left, right) {
            (Answer::Boolean(_), _) | (_, Answer::Boolean(_)) => left.to_boolean() == right.to_boolean(),
            (Answer::Number(_), _) | (_, Answer::Number(_)) => left.to_number(document) == right.to_number(document),
            (Answer::Text(left), Answer::Text(right)) => left == right,
            _ => false,
        },
        _ => return numbers(operator, left.to_number(document), right.to_number(document)),
    };
    equal == (operator == Operator::Equal)
}

fn numbers(operator: Operator, left: f64, right: f64) -> bool {
    match operator {
        Operator::Less => left < right,
        Operator::LessOrEqual => left <= right,
        Operator::Greater => left > right,
        _ => left >= right,
    }
}

fn between_sets(document: &Document<'_>, operator: Operator, left: &[NodeId], right: &[NodeId]) -> bool {
    let texts = |nodes: &[NodeId]| -> HashSet<String> {
        nodes.iter().map(|node| document.string(*node).into_owned()).collect()
    };
    match operator {
        Operator::Equal => !texts(left).is_disjoint(&texts(right)),
        Operator::NotEqual => {
            // A pair that differs exists unless all texts of both sides are one and the same.
            let (left, right) = (texts(left), texts(right));
            !left.is_empty() && !right.is_empty() && left.union(&right).count() > 1
        }
        _ => {
            let values = |nodes: &[NodeId]| -> Vec<f64> {
                let numbers = nodes.iter().map(|node| number_of(&document.string(*node)));
                numbers.filter(|number| !number.is_nan()).collect()
            };
            let least = |numbers: &[f64]| numbers.iter().copied().fold(f64::NAN, f64::min);
            let most = |numbers: &[f64]| numbers.iter().copied().fold(f64::NAN, f64::max);
            let (left, right) = (values(left), values(right));
            if matches!(operator, Operator::Less | Operator::LessOrEqual) {
                numbers(operator, least(&left), most(&right))
            } else {
                numbers(operator, most(&left), least(&right))
            }
        }
    }
}
