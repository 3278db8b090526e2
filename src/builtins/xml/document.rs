//! XML as a tree of nodes in one table, in document order: a node's number says where it stands.
//!
//! Several elements may stand side by side at the top, as `executeXPath` gives them. Document types and their entities
//! are never obeyed: a reference to one is an error, so that a small text cannot grow into a large one.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// The number of a node in its document. The one of the root is 0; a smaller number stands before a larger one.
pub(super) type NodeId = usize;

/// What stands above all elements.
pub(super) const ROOT: NodeId = 0;

/// What joins several nodes in the answer of `executeXPath`.
pub(super) const SEPARATOR: &str = "-|-";

/// How deeply elements may be nested.
const MAX_DEPTH: usize = 1000;

/// A document over its text.
#[derive(Debug)]
pub(super) struct Document<'t> {
    text: &'t str,
    nodes: Vec<Node>,
}

/// One node.
#[derive(Debug)]
pub(super) struct Node {
    /// What it is.
    pub(super) content: Content,
    /// The node around it; the root's is the root itself.
    pub(super) parent: NodeId,
    /// The number behind its last descendant: everything between belongs to it.
    pub(super) end: NodeId,
    /// Where it stands in the text.
    span: Range<usize>,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Content {
    /// What stands above all elements.
    Root,
    /// An element with its name. Its attributes follow it, then its children.
    Element(String),
    /// An attribute with its name and value.
    Attribute(String, String),
    /// Text, references resolved, sections of CDATA included.
    Text(String),
    /// A comment.
    Comment(String),
    /// A processing instruction with its target and content.
    Instruction(String, String),
}

/// Why a text is not XML: at which byte, and what is wrong there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    /// The byte.
    pub(super) offset: usize,
    /// What is wrong, as part of a sentence.
    pub(super) why: String,
}

type Read<T> = Result<T, Malformed>;

impl<'t> Document<'t> {
    /// Reads a text.
    ///
    /// # Errors
    /// The text is not well-formed, or nested too deeply.
    pub(super) fn read(text: &'t str) -> Read<Self> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let mut builder = Builder {
            document: Self {
                text,
                nodes: Vec::new(),
            },
            open: Vec::new(),
        };
        builder.push(Content::Root, 0..text.len());
        builder.open.push(ROOT);
        builder.fill()?;
        Ok(builder.document)
    }

    /// A node.
    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The attributes of an element.
    pub(super) fn attributes(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        (id + 1..self.node(id).end).take_while(move |at| self.is_attribute(*at) && self.node(*at).parent == id)
    }

    /// The children of a node, in order.
    pub(super) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let end = self.node(id).end;
        let first = (id + 1..end).find(|at| !self.is_attribute(*at));
        std::iter::successors(first, move |at| Some(self.node(*at).end).filter(|next| *next < end))
    }

    /// Whether a node is an element.
    pub(super) fn is_element(&self, id: NodeId) -> bool {
        matches!(self.node(id).content, Content::Element(_))
    }

    /// Whether a node is an attribute.
    pub(super) fn is_attribute(&self, id: NodeId) -> bool {
        matches!(self.node(id).content, Content::Attribute(..))
    }

    /// What a node says: the text inside it.
    pub(super) fn string(&self, id: NodeId) -> Cow<'_, str> {
        match &self.node(id).content {
            Content::Attribute(_, value) | Content::Instruction(_, value) => Cow::Borrowed(value),
            Content::Text(text) | Content::Comment(text) => Cow::Borrowed(text),
            Content::Root | Content::Element(_) => {
                let mut texts = (id..self.node(id).end).filter_map(|at| match &self.node(at).content {
                    Content::Text(text) => Some(text.as_str()),
                    _ => None,
                });
                match (texts.next(), texts.next()) {
                    (None, _) => Cow::Borrowed(""),
                    (Some(only), None) => Cow::Borrowed(only),
                    (Some(first), Some(second)) => Cow::Owned([first, second].into_iter().chain(texts).collect()),
                }
            }
        }
    }

    /// A node as `executeXPath` answers it: an element as it stands in the text, an attribute as an element of its name,
    /// anything else as what it says.
    pub(super) fn write(&self, id: NodeId, out: &mut String) {
        let node = self.node(id);
        match &node.content {
            Content::Element(_) | Content::Root => out.push_str(self.text.get(node.span.clone()).unwrap_or_default()),
            Content::Attribute(name, value) => super::write::element(name, out, |out| super::write::escape(value, out)),
            Content::Text(text) | Content::Comment(text) | Content::Instruction(_, text) => out.push_str(text),
        }
    }
}

struct Builder<'t> {
    document: Document<'t>,
    /// The elements whose end is not read yet, the root first.
    open: Vec<NodeId>,
}

impl<'t> Builder<'t> {
    fn fill(&mut self) -> Read<()> {
        let mut reader = Reader::from_str(self.document.text);
        reader.config_mut().check_comments = true;
        loop {
            let start = offset(reader.buffer_position());
            let event = reader.read_event().map_err(|error| Malformed {
                offset: offset(reader.error_position()),
                why: error.to_string(),
            })?;
            let span = start..offset(reader.buffer_position());
            match event {
                Event::Start(tag) => self.element(&tag, span, true)?,
                Event::Empty(tag) => self.element(&tag, span, false)?,
                Event::End(_) => self.close(span.end),
                Event::Text(text) => self.text(&text.xml10_content(), span)?,
                Event::CData(text) => self.text(&text.xml10_content(), span)?,
                Event::GeneralRef(reference) => {
                    let character = resolve(&reference, span.start)?;
                    self.text(character.encode_utf8(&mut [0; 4]), span)?;
                }
                Event::Comment(text) => self.push(Content::Comment(text.xml10_content().into_owned()), span),
                Event::PI(instruction) => {
                    let (target, content) = (instruction.target().to_owned(), instruction.content().trim_start());
                    self.push(Content::Instruction(target, content.to_owned()), span);
                }
                Event::Decl(_) | Event::DocType(_) => {}
                Event::Eof => return self.finish(span.start),
            }
        }
    }

    fn push(&mut self, content: Content, span: Range<usize>) {
        let nodes = &mut self.document.nodes;
        nodes.push(Node {
            content,
            parent: self.open.last().copied().unwrap_or(ROOT),
            end: nodes.len() + 1,
            span,
        });
    }

    fn element(&mut self, tag: &BytesStart<'_>, span: Range<usize>, stays_open: bool) -> Read<()> {
        let malformed = |why: String| Malformed {
            offset: span.start,
            why,
        };
        if self.open.len() > MAX_DEPTH {
            return Err(malformed(format!("elements are nested more than {MAX_DEPTH} deep")));
        }
        self.push(Content::Element(tag.name().into_inner().to_owned()), span.clone());
        self.open.push(self.document.nodes.len() - 1);
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| malformed(error.to_string()))?;
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_err(|error| malformed(error.to_string()))?;
            let name = attribute.key.into_inner().to_owned();
            self.push(Content::Attribute(name, value.into_owned()), span.clone());
        }
        if !stays_open {
            self.close(span.end);
        }
        Ok(())
    }

    fn close(&mut self, at: usize) {
        let end = self.document.nodes.len();
        if let Some(id) = self.open.pop()
            && let Some(node) = self.document.nodes.get_mut(id)
        {
            node.end = end;
            node.span.end = at;
        }
    }

    /// Adds text, to the text right before it where there is one.
    fn text(&mut self, text: &str, span: Range<usize>) -> Read<()> {
        if self.open.len() == 1 {
            return if text
                .trim()
                .trim_matches(|sign| SEPARATOR.contains(sign))
                .trim()
                .is_empty()
            {
                Ok(())
            } else {
                Err(Malformed {
                    offset: span.start,
                    why: "text stands outside all elements".to_owned(),
                })
            };
        }
        let parent = self.open.last().copied().unwrap_or(ROOT);
        match self.document.nodes.last_mut() {
            Some(Node {
                content: Content::Text(before),
                parent: same,
                ..
            }) if *same == parent => before.push_str(text),
            _ => self.push(Content::Text(text.to_owned()), span),
        }
        Ok(())
    }

    fn finish(&mut self, at: usize) -> Read<()> {
        if let [_, .., innermost] = self.open[..]
            && let Content::Element(name) = &self.document.node(innermost).content
        {
            return Err(Malformed {
                offset: at,
                why: format!("`<{name}>` is never closed"),
            });
        }
        if !(0..self.document.len()).any(|at| self.document.is_element(at)) {
            return Err(Malformed {
                offset: at,
                why: "there is no element".to_owned(),
            });
        }
        self.close(self.document.text.len());
        Ok(())
    }
}

/// The character that a reference stands for.
fn resolve(reference: &BytesRef<'_>, at: usize) -> Read<char> {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return Ok(character);
    }
    match &*reference.xml10_content() {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        other => Err(Malformed {
            offset: at,
            why: format!("`&{other};` names no character of XML"),
        }),
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
