//! Evaluating an expression over a document.

use std::cell::Cell;

use super::super::document::{Content, Document, NodeId, ROOT};
use super::{Axis, Expression, Operator, Problem, Step, Test, compare, function};
use crate::value::leash;

/// How many nodes may be looked at: a second's work. A hostile path is stopped here.
const BUDGET: usize = 20_000_000;

/// How many bytes of text count as much as one node.
const BYTES_PER_NODE: usize = 16;

/// What an expression gives.
#[derive(Debug, PartialEq)]
pub(in crate::builtins::xml) enum Answer {
    /// Nodes, in document order, once each.
    Nodes(Vec<NodeId>),
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// A boolean.
    Boolean(bool),
}

impl Answer {
    /// As text: that of the first node.
    pub(in crate::builtins::xml) fn into_text(self, document: &Document<'_>) -> String {
        match self {
            Self::Nodes(nodes) => match nodes.first() {
                Some(first) => document.string(*first).into_owned(),
                None => String::new(),
            },
            Self::Text(text) => text,
            Self::Number(number) => number_text(number),
            Self::Boolean(boolean) => boolean.to_string(),
        }
    }

    /// As number; NaN where it spells none.
    pub(super) fn to_number(&self, document: &Document<'_>) -> f64 {
        match self {
            Self::Nodes(nodes) => match nodes.first() {
                Some(first) => number_of(&document.string(*first)),
                None => f64::NAN,
            },
            Self::Text(text) => number_of(text),
            Self::Number(number) => *number,
            Self::Boolean(boolean) => f64::from(u8::from(*boolean)),
        }
    }

    /// As boolean: whether there is anything.
    pub(super) fn to_boolean(&self) -> bool {
        match self {
            Self::Nodes(nodes) => !nodes.is_empty(),
            Self::Text(text) => !text.is_empty(),
            Self::Number(number) => !(*number == 0.0 || number.is_nan()),
            Self::Boolean(boolean) => *boolean,
        }
    }

    /// As nodes.
    ///
    /// # Errors
    /// It is something else.
    pub(super) fn into_nodes(self) -> Result<Vec<NodeId>, Problem> {
        match self {
            Self::Nodes(nodes) => Ok(nodes),
            _ => Err(Problem::Meaningless(
                "nodes are needed where it has another value".to_owned(),
            )),
        }
    }
}

/// The number that a text spells: digits with a sign and a point, blanks around them; else NaN.
pub(super) fn number_of(text: &str) -> f64 {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain {
        text.parse().unwrap_or(f64::NAN)
    } else {
        f64::NAN
    }
}

fn number_text(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    number.to_string()
}

/// Evaluates an expression with the root as context node.
///
/// # Errors
/// The expression asks for nodes where there are none to be had, or for too many steps.
pub(in crate::builtins::xml) fn evaluate(expression: &Expression, document: &Document<'_>) -> Result<Answer, Problem> {
    let evaluator = Evaluator {
        document,
        left: Cell::new(BUDGET),
    };
    let place = Place {
        node: ROOT,
        position: 1,
        size: 1,
    };
    evaluator.expression(expression, place)
}

/// The node that an expression is evaluated for, and its place among those it was chosen with.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) node: NodeId,
    pub(super) position: usize,
    pub(super) size: usize,
}

/// Evaluates over one document, and counts.
pub(super) struct Evaluator<'d> {
    document: &'d Document<'d>,
    left: Cell<usize>,
}

impl Evaluator<'_> {
    /// The document.
    pub(super) fn document(&self) -> &Document<'_> {
        self.document
    }

    /// Counts the bytes of a text that was made.
    pub(super) fn charge(&self, bytes: usize) -> Result<(), Problem> {
        self.visit(bytes / BYTES_PER_NODE + 1)
    }

    fn visit(&self, nodes: usize) -> Result<(), Problem> {
        // The run that waits for the answer may have to end before the budget does.
        match self.left.get().checked_sub(nodes) {
            Some(left) if leash::spend(nodes * BYTES_PER_NODE, 0) => {
                self.left.set(left);
                Ok(())
            }
            _ => Err(Problem::TooHard),
        }
    }

    /// The value of an expression at a place.
    pub(super) fn expression(&self, expression: &Expression, place: Place) -> Result<Answer, Problem> {
        match expression {
            Expression::Literal(text) => Ok(Answer::Text(text.clone())),
            Expression::Number(number) => Ok(Answer::Number(*number)),
            Expression::Call(function, arguments) => function::call(self, *function, arguments, place),
            Expression::Negated(inner) => {
                let number = self.expression(inner, place)?.to_number(self.document);
                Ok(Answer::Number(-number))
            }
            Expression::Binary(operator, sides) => self.binary(*operator, sides, place),
            Expression::Path { absolute, steps } => {
                let start = if *absolute { ROOT } else { place.node };
                self.walk(vec![start], steps).map(Answer::Nodes)
            }
            Expression::Filter {
                base,
                predicates,
                steps,
            } => {
                let mut nodes = self.expression(base, place)?.into_nodes()?;
                for predicate in predicates {
                    nodes = self.filter(nodes, predicate)?;
                }
                self.walk(nodes, steps).map(Answer::Nodes)
            }
        }
    }

    fn binary(&self, operator: Operator, [left, right]: &[Expression; 2], place: Place) -> Result<Answer, Problem> {
        let left = self.expression(left, place)?;
        match operator {
            Operator::Or if left.to_boolean() => return Ok(Answer::Boolean(true)),
            Operator::And if !left.to_boolean() => return Ok(Answer::Boolean(false)),
            _ => {}
        }
        let right = self.expression(right, place)?;
        let arithmetic = |compute: fn(f64, f64) -> f64| {
            Answer::Number(compute(left.to_number(self.document), right.to_number(self.document)))
        };
        Ok(match operator {
            Operator::Or | Operator::And => Answer::Boolean(right.to_boolean()),
            Operator::Plus => arithmetic(|a, b| a + b),
            Operator::Minus => arithmetic(|a, b| a - b),
            Operator::Times => arithmetic(|a, b| a * b),
            Operator::Divided => arithmetic(|a, b| a / b),
            Operator::Modulo => arithmetic(|a, b| a % b),
            Operator::Union => {
                let mut nodes = left.into_nodes()?;
                nodes.extend(right.into_nodes()?);
                Answer::Nodes(in_order(nodes))
            }
            comparison => {
                self.charge(self.weight(&left) + self.weight(&right))?;
                Answer::Boolean(compare::holds(self.document, comparison, left, right))
            }
        })
    }

    /// About how many bytes comparing a value looks at.
    fn weight(&self, answer: &Answer) -> usize {
        match answer {
            Answer::Nodes(nodes) => {
                let sizes = nodes.iter().map(|node| self.document.node(*node).end - node);
                sizes.sum::<usize>() * BYTES_PER_NODE
            }
            Answer::Text(text) => text.len(),
            _ => 0,
        }
    }

    fn walk(&self, mut nodes: Vec<NodeId>, steps: &[Step]) -> Result<Vec<NodeId>, Problem> {
        for step in steps {
            let mut reached = Vec::new();
            for node in &nodes {
                reached.extend(self.step(*node, step)?);
            }
            nodes = in_order(reached);
        }
        Ok(nodes)
    }

    fn step(&self, node: NodeId, step: &Step) -> Result<Vec<NodeId>, Problem> {
        let mut found = Vec::new();
        let mut seen = 0;
        self.axis(node, step.axis, &mut |at| {
            seen += 1;
            if self.passes(at, step) {
                found.push(at);
            }
        });
        self.visit(seen + 1)?;
        for predicate in &step.predicates {
            found = self.filter(found, predicate)?;
        }
        Ok(found)
    }

    /// The nodes for which a predicate holds: a number holds at that place.
    fn filter(&self, nodes: Vec<NodeId>, predicate: &Expression) -> Result<Vec<NodeId>, Problem> {
        let size = nodes.len();
        let mut kept = Vec::new();
        for (index, node) in nodes.into_iter().enumerate() {
            let position = index + 1;
            self.visit(1)?;
            let holds = match self.expression(predicate, Place { node, position, size })? {
                Answer::Number(number) => number == position as f64,
                other => other.to_boolean(),
            };
            if holds {
                kept.push(node);
            }
        }
        Ok(kept)
    }

    fn passes(&self, node: NodeId, step: &Step) -> bool {
        let name = match (&self.document.node(node).content, step.axis) {
            (Content::Attribute(name, _), Axis::Attribute | Axis::Itself) => Some(name),
            (Content::Element(name), axis) if axis != Axis::Attribute => Some(name),
            _ => None,
        };
        match (&step.test, &self.document.node(node).content) {
            (Test::Node, _) | (Test::Text, Content::Text(_)) | (Test::Comment, Content::Comment(_)) => true,
            (Test::Instruction(wanted), Content::Instruction(target, _)) => {
                wanted.as_ref().is_none_or(|wanted| wanted == target)
            }
            (Test::Any, _) => name.is_some(),
            (Test::Name(wanted), _) => name == Some(wanted),
            (Test::Prefix(wanted), _) => name
                .and_then(|name| name.split_once(':'))
                .is_some_and(|(prefix, _)| prefix == wanted),
            _ => false,
        }
    }

    /// Gives the nodes of an axis, the nearest first.
    fn axis(&self, node: NodeId, axis: Axis, give: &mut dyn FnMut(NodeId)) {
        let document = self.document;
        let parent = document.node(node).parent;
        let end = document.node(node).end;
        let plain = |at: NodeId| {
            if !document.is_attribute(at) {
                give(at);
            }
        };
        match axis {
            Axis::Itself => give(node),
            Axis::Attribute => document.attributes(node).for_each(give),
            Axis::Child => document.children(node).for_each(give),
            Axis::Descendant => (node + 1..end).for_each(plain),
            Axis::DescendantOrSelf => {
                give(node);
                (node + 1..end).for_each(|at| {
                    if !document.is_attribute(at) {
                        give(at);
                    }
                });
            }
            Axis::Following => (end..document.len()).for_each(plain),
            Axis::Preceding => (1..node)
                .rev()
                .filter(|at| document.node(*at).end <= node)
                .for_each(plain),
            Axis::FollowingSibling if !document.is_attribute(node) && node != ROOT => {
                let within = |at: NodeId| Some(at).filter(|at| *at < document.node(parent).end);
                std::iter::successors(within(end), |at| within(document.node(*at).end)).for_each(plain);
            }
            Axis::PrecedingSibling if !document.is_attribute(node) && node != ROOT => {
                let before: Vec<NodeId> = document.children(parent).take_while(|at| *at < node).collect();
                before.into_iter().rev().for_each(plain);
            }
            Axis::Parent if node != ROOT => give(parent),
            Axis::Ancestor => self.ancestors(node).for_each(give),
            Axis::AncestorOrSelf => {
                give(node);
                self.ancestors(node).for_each(give);
            }
            // Without namespaces no node has any; the root has neither siblings nor a parent.
            Axis::Namespace | Axis::FollowingSibling | Axis::PrecedingSibling | Axis::Parent => {}
        }
    }

    fn ancestors(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let above = |at: NodeId| (at != ROOT).then(|| self.document.node(at).parent);
        std::iter::successors(above(node), move |at| above(*at))
    }
}

fn in_order(mut nodes: Vec<NodeId>) -> Vec<NodeId> {
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}
