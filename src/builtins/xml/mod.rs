//! XML: texts of values, and the parts of a text that an XPath selects.

mod document;
#[cfg(test)]
mod tests;
mod write;
mod xpath;

use super::{Builtin, Call, contains_itself, example, json, required};
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated};
use crate::value::{Kind, List, Value};

use document::{Document, Malformed, SEPARATOR};
use xpath::{Answer, Problem};

/// What XML is made of, and what an XPath looks into.
const SOURCES: &[Kind] = &[Kind::Text, Kind::Map, Kind::List, Kind::Collection, Kind::Empty];

/// The table of this family.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::method(SOURCES, "toXml", to_xml)
        .returns(Kind::Text)
        .doc(
            "A map, or a text that writes one as JSON, as XML under a `root` element; a list repeats the element of its \
key. Signs that no name of XML may hold become `_`.",
        )
        .examples(&[
            example("{\"Name\" : \"Lia & Co\", \"OrderNo\" : {343,443}}.toXml()", "<root><Name>Lia &amp; Co</Name><OrderNo>343</OrderNo><OrderNo>443</OrderNo></root>"),
            example("\"{Name:'Lia', Tags:[]}\".toXML()", "<root><Name>Lia</Name></root>"),
        ])
        .source("creator/newhelp/script/built-in-functions/built-in-function-xml.html"),
    Builtin::method(SOURCES, "executeXPath", execute_xpath)
        .params(&[required("xpath", Kind::Text)])
        .returns(Kind::Text)
        .doc(
            "The parts of an XML text, or of JSON under a `root` element, that an XPath 1.0 expression selects: elements \
with their tags, an attribute as an element of its name, `text()` as it is. Several are joined by `-|-`, none give an empty text.",
        )
        .examples(&[
            example("\"<cd><title>Bob</title></cd>\".executeXPath(\"/cd/title\")", "<title>Bob</title>"),
            example("\"<a href=\\\"x.pdf\\\">Book</a>\".executeXPath(\"/a/@href\").executeXPath(\"/href/text()\")", "x.pdf"),
            example("\"{address:{city:Surat}}\".executeXPath(\"/root/address/city\")", "<city>Surat</city>"),
            example("\"<l><i>1</i><i>2</i></l>\".executeXPath(\"/l/i/text()\")", "1-|-2"),
        ])
        .source("creator/newhelp/script/built-in-functions/built-in-function-xml-execute.html"),
    Builtin::method(&[Kind::Text], "toXmlList", to_xml_list)
        .returns(Kind::List)
        .doc("A list of the elements that stand side by side in an XML text, as `executeXPath` gives them.")
        .examples(&[
            example("\"<l><i>1</i><i>2</i></l>\".executeXPath(\"/l/i\").toXmlList().size()", "2"),
            example("\"<i>1</i><i>2</i>\".toXmlList().get(1)", "<i>2</i>"),
        ])
        .source("deluge/help/functions/xml/toxmllist.html"),
];

fn to_xml(call: &mut Call<'_, '_>) -> Evaluated {
    let value = json::structure(call)?;
    written(call, &value).map(Value::from_string)
}

fn written(call: &Call<'_, '_>, value: &Value) -> Evaluated<String> {
    let mut xml = String::new();
    write::value(value, call.context.dates(), &mut xml).map_err(|_| contains_itself())?;
    Ok(xml)
}

fn execute_xpath(call: &mut Call<'_, '_>) -> Evaluated {
    let path = call.text_arg(0)?.into_owned();
    let is_json = match call.receiver.as_text() {
        Some(text) => text.trim_start().starts_with(['{', '[']),
        None => call.receiver.is_container(),
    };
    let text = if is_json {
        let value = json::structure(call)?;
        written(call, &value)?
    } else {
        call.text()?.into_owned()
    };
    // A tree takes more room than the text it is read from.
    const GROWTH: usize = 8;
    call.reserve(text.len().saturating_mul(GROWTH))?;
    let expression = xpath::parse(&path).map_err(|problem| invalid_path(call, &path, &problem))?;
    let document = Document::read(&text).map_err(|problem| invalid_xml(call, &text, &problem))?;
    let answer = xpath::evaluate(&expression, &document).map_err(|problem| invalid_path(call, &path, &problem))?;
    Ok(Value::from_string(match answer {
        Answer::Nodes(nodes) => {
            let mut out = String::new();
            for (index, node) in nodes.into_iter().enumerate() {
                if index > 0 {
                    out.push_str(SEPARATOR);
                }
                document.write(node, &mut out);
                call.reserve(out.len())?;
            }
            out
        }
        plain => plain.into_text(&document),
    }))
}

fn to_xml_list(call: &mut Call<'_, '_>) -> Evaluated {
    let text = call.text()?.into_owned();
    call.reserve(text.len().saturating_mul(2))?;
    let parts: Vec<Value> = match Document::read(&text) {
        Ok(document) => {
            let tops = document.children(document::ROOT);
            let elements = tops.filter(|at| document.is_element(*at));
            let written = elements.map(|at| {
                let mut part = String::new();
                document.write(at, &mut part);
                Value::from_string(part)
            });
            written.collect()
        }
        // What `text()` selected is no XML any more.
        Err(_) if !text.trim_start().starts_with('<') => match text.as_str() {
            "" => Vec::new(),
            text => text.split(SEPARATOR).map(Value::text).collect(),
        },
        Err(problem) => return Err(invalid_xml(call, &text, &problem)),
    };
    Ok(Value::List(List::new(parts)))
}

/// The documented error for a text that is no XML (deluge/help/error-messages.html).
fn invalid_xml(call: &Call<'_, '_>, text: &str, problem: &Malformed) -> Box<EvalError> {
    let line = text
        .as_bytes()
        .iter()
        .take(problem.offset)
        .filter(|byte| **byte == b'\n')
        .count()
        + 1;
    let message = format!(
        "Invalid XML or Invalid XPath: the text is no XML, {} (line {line})",
        problem.why
    );
    let error = call.fail(Code::BadXml, message);
    if text.trim_start().starts_with('<') {
        error
    } else {
        error.help("XML begins with `<`, JSON with `{` or `[`")
    }
}

fn invalid_path(call: &Call<'_, '_>, path: &str, problem: &Problem) -> Box<EvalError> {
    let shown: String = path.chars().take(60).collect();
    let error = call.fail(
        Code::BadXml,
        format!("Invalid XML or Invalid XPath: `{shown}` {problem}"),
    );
    match problem {
        Problem::TooHard => error.help("make the path simpler: name the elements instead of searching with `//`"),
        _ => error.help("write it like `/catalog/cd[@id='7']/title/text()`"),
    }
}
