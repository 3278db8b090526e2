//! The grammar of XPath: one function a level of precedence, the loosest first.

use super::function::Function;
use super::token::{Token, tokens};
use super::{Axis, Expression, Operator, Problem, Step, Test};

/// How deeply brackets may be nested.
const MAX_DEPTH: usize = 64;

/// How many tokens a path may have; far more than anybody writes, and few enough for the tree to be walked.
const MAX_TOKENS: usize = 500;

/// Reads an expression.
///
/// # Errors
/// The text is no XPath 1.0 expression.
pub(in crate::builtins::xml) fn parse(text: &str) -> Result<Expression, Problem> {
    let tokens = tokens(text)?;
    if tokens.len() > MAX_TOKENS {
        return Err(Problem::Malformed(MAX_TOKENS, "the path is too long".to_owned()));
    }
    let mut parser = Parser {
        tokens,
        at: 0,
        depth: 0,
    };
    let expression = parser.expression()?;
    match parser.peek() {
        Token::End => Ok(expression),
        _ => Err(parser.expected("the end")),
    }
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    depth: usize,
}

type Parsed<T = Expression> = Result<T, Problem>;

/// The operators between two expressions, the loosest level first.
const LEVELS: &[&[Operator]] = &[
    &[Operator::Or],
    &[Operator::And],
    &[Operator::Equal, Operator::NotEqual],
    &[
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
    ],
    &[Operator::Plus, Operator::Minus],
    &[Operator::Times, Operator::Divided, Operator::Modulo],
];

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn peek_next(&self) -> &Token {
        self.tokens.get(self.at + 1).map_or(&Token::End, |(token, _)| token)
    }

    fn take(&mut self, token: &Token) -> bool {
        let taken = self.peek() == token;
        self.at += usize::from(taken);
        taken
    }

    fn require(&mut self, token: &Token, name: &str) -> Parsed<()> {
        if self.take(token) {
            Ok(())
        } else {
            Err(self.expected(name))
        }
    }

    fn expected(&self, what: &str) -> Problem {
        let at = self.tokens.get(self.at).map_or(1, |(_, at)| *at);
        Problem::Malformed(at, format!("{what} is expected"))
    }

    fn expression(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.expected("less nesting"));
        }
        let expression = self.level(0);
        self.depth -= 1;
        expression
    }

    fn level(&mut self, level: usize) -> Parsed {
        let Some(operators) = LEVELS.get(level) else {
            return self.negated();
        };
        let mut left = self.level(level + 1)?;
        while let Token::Operator(operator) = *self.peek()
            && operators.contains(&operator)
        {
            self.at += 1;
            let right = self.level(level + 1)?;
            left = Expression::Binary(operator, Box::new([left, right]));
        }
        Ok(left)
    }

    fn negated(&mut self) -> Parsed {
        let mut signs = 0;
        while self.take(&Token::Operator(Operator::Minus)) {
            signs += 1;
        }
        let expression = self.union()?;
        // Two signs still make a number of what is none.
        Ok(match signs {
            0 => expression,
            signs if signs % 2 == 1 => Expression::Negated(Box::new(expression)),
            _ => Expression::Negated(Box::new(Expression::Negated(Box::new(expression)))),
        })
    }

    fn union(&mut self) -> Parsed {
        let mut left = self.path()?;
        while self.take(&Token::Operator(Operator::Union)) {
            let right = self.path()?;
            left = Expression::Binary(Operator::Union, Box::new([left, right]));
        }
        Ok(left)
    }

    fn path(&mut self) -> Parsed {
        match self.peek() {
            Token::Slash => {
                self.at += 1;
                let steps = if self.begins_step() {
                    self.steps(Vec::new())?
                } else {
                    Vec::new()
                };
                Ok(Expression::Path { absolute: true, steps })
            }
            Token::DoubleSlash => {
                self.at += 1;
                let steps = self.steps(vec![everywhere()])?;
                Ok(Expression::Path { absolute: true, steps })
            }
            _ if self.begins_primary() => self.filter(),
            _ => {
                let steps = self.steps(Vec::new())?;
                Ok(Expression::Path { absolute: false, steps })
            }
        }
    }

    fn begins_step(&self) -> bool {
        matches!(
            self.peek(),
            Token::Name(_) | Token::Star | Token::At | Token::Dot | Token::DotDot
        )
    }

    fn begins_primary(&self) -> bool {
        match self.peek() {
            Token::Literal(_) | Token::Number(_) | Token::Open => true,
            Token::Name(name) => *self.peek_next() == Token::Open && !is_node_type(name),
            _ => false,
        }
    }

    fn filter(&mut self) -> Parsed {
        let base = self.primary()?;
        let predicates = self.predicates()?;
        let steps = match self.peek() {
            Token::Slash => {
                self.at += 1;
                self.steps(Vec::new())?
            }
            Token::DoubleSlash => {
                self.at += 1;
                self.steps(vec![everywhere()])?
            }
            _ => Vec::new(),
        };
        if predicates.is_empty() && steps.is_empty() {
            return Ok(base);
        }
        Ok(Expression::Filter {
            base: Box::new(base),
            predicates,
            steps,
        })
    }

    fn primary(&mut self) -> Parsed {
        let token = self.peek().clone();
        let start = self.at;
        self.at += 1;
        match token {
            Token::Literal(text) => Ok(Expression::Literal(text)),
            Token::Number(number) => Ok(Expression::Number(number)),
            Token::Open => {
                let inside = self.expression()?;
                self.require(&Token::Close, "`)`")?;
                Ok(inside)
            }
            Token::Name(name) => {
                let Some(function) = Function::find(&name) else {
                    self.at = start;
                    return Err(self.expected(&format!("a function of XPath 1.0, not `{name}`,")));
                };
                let arguments = self.arguments()?;
                if !function.takes(arguments.len()) {
                    self.at = start;
                    return Err(self.expected(&format!("another number of arguments for `{name}`")));
                }
                Ok(Expression::Call(function, arguments))
            }
            _ => {
                self.at = start;
                Err(self.expected("an expression"))
            }
        }
    }

    fn arguments(&mut self) -> Parsed<Vec<Expression>> {
        self.require(&Token::Open, "`(`")?;
        let mut arguments = Vec::new();
        if self.take(&Token::Close) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression()?);
            if self.take(&Token::Close) {
                return Ok(arguments);
            }
            self.require(&Token::Comma, "`,` or `)`")?;
        }
    }

    /// The steps of a path, behind those that are there.
    fn steps(&mut self, mut steps: Vec<Step>) -> Parsed<Vec<Step>> {
        loop {
            steps.push(self.step()?);
            if self.take(&Token::DoubleSlash) {
                steps.push(everywhere());
            } else if !self.take(&Token::Slash) {
                return Ok(steps);
            }
        }
    }

    fn step(&mut self) -> Parsed<Step> {
        if self.take(&Token::Dot) {
            return Ok(bare(Axis::Itself));
        }
        if self.take(&Token::DotDot) {
            return Ok(bare(Axis::Parent));
        }
        let axis = self.axis()?;
        let test = self.test()?;
        let predicates = self.predicates()?;
        Ok(Step { axis, test, predicates })
    }

    fn axis(&mut self) -> Parsed<Axis> {
        if self.take(&Token::At) {
            return Ok(Axis::Attribute);
        }
        let Token::Name(name) = self.peek() else {
            return Ok(Axis::Child);
        };
        if *self.peek_next() != Token::Colons {
            return Ok(Axis::Child);
        }
        let axis = match name.as_str() {
            "ancestor" => Axis::Ancestor,
            "ancestor-or-self" => Axis::AncestorOrSelf,
            "attribute" => Axis::Attribute,
            "child" => Axis::Child,
            "descendant" => Axis::Descendant,
            "descendant-or-self" => Axis::DescendantOrSelf,
            "following" => Axis::Following,
            "following-sibling" => Axis::FollowingSibling,
            "namespace" => Axis::Namespace,
            "parent" => Axis::Parent,
            "preceding" => Axis::Preceding,
            "preceding-sibling" => Axis::PrecedingSibling,
            "self" => Axis::Itself,
            _ => return Err(self.expected("an axis such as `child`")),
        };
        self.at += 2;
        Ok(axis)
    }

    fn test(&mut self) -> Parsed<Test> {
        if self.take(&Token::Star) {
            return Ok(Test::Any);
        }
        let Token::Name(name) = self.peek().clone() else {
            return Err(self.expected("a name, `*` or `text()`"));
        };
        self.at += 1;
        if *self.peek() == Token::Open && is_node_type(&name) {
            return self.node_type(&name);
        }
        Ok(match name.strip_suffix(":*") {
            Some(prefix) => Test::Prefix(prefix.to_owned()),
            None => Test::Name(name),
        })
    }

    fn node_type(&mut self, name: &str) -> Parsed<Test> {
        self.at += 1;
        let test = match name {
            "text" => Test::Text,
            "comment" => Test::Comment,
            "node" => Test::Node,
            _ => match self.peek().clone() {
                Token::Literal(target) => {
                    self.at += 1;
                    Test::Instruction(Some(target))
                }
                _ => Test::Instruction(None),
            },
        };
        self.require(&Token::Close, "`)`")?;
        Ok(test)
    }

    fn predicates(&mut self) -> Parsed<Vec<Expression>> {
        let mut predicates = Vec::new();
        while self.take(&Token::OpenPredicate) {
            predicates.push(self.expression()?);
            self.require(&Token::ClosePredicate, "`]`")?;
        }
        Ok(predicates)
    }
}

fn is_node_type(name: &str) -> bool {
    matches!(name, "text" | "comment" | "node" | "processing-instruction")
}

/// What `//` stands for.
fn everywhere() -> Step {
    bare(Axis::DescendantOrSelf)
}

/// A step that takes every node of an axis.
fn bare(axis: Axis) -> Step {
    Step {
        axis,
        test: Test::Node,
        predicates: Vec::new(),
    }
}
