//! The built-ins of FILE. Files live in memory; nothing here reads or writes a disk.

mod archive;

use std::collections::HashSet;

use super::{Builtin, Call, Effect, contains_itself, example, optional, required};
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated};
use crate::value::map::KeyHasher;
use crate::value::{Collection, Contents, Entries, File, Key, Kind, Value, media_type_of};

const FILE: &[Kind] = &[Kind::File];

/// The table of this family.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::method(&[Kind::Text, Kind::Map, Kind::List, Kind::Collection, Kind::File], "toFile", to_file)
        .params(&[required("name", Kind::Text)])
        .returns(Kind::File)
        .doc("Makes a file of a text, or of the text form of another value. The extension of the name tells its type.")
        .examples(&[example("\"a,b\".toFile(\"rows.csv\").getFileName()", "rows.csv")])
        .source("deluge/help/functions/file/to-file.html"),
    Builtin::method(FILE, "getFileContent", content)
        .returns(Kind::Text)
        .doc("The content as text: in the character set of the file, else UTF-8. What is no text comes out garbled.")
        .examples(&[example("\"hello\".toFile(\"a.txt\").getFileContent()", "hello")])
        .source("deluge/help/file/get-file-content.html"),
    Builtin::method(FILE, "getFileName", name)
        .returns(Kind::Text)
        .doc("The name, with its extension.")
        .examples(&[example("\"x\".toFile(\"a.txt\").getFileName()", "a.txt")])
        .source("deluge/help/file/get-file-name.html"),
    Builtin::method(FILE, "getFileSize", size)
        .returns(Kind::Text)
        .doc("The size in bytes.")
        .examples(&[example("\"añ\".toFile(\"a.txt\").getFileSize()", "3")])
        .source("deluge/help/file/get-file-size.html"),
    Builtin::method(FILE, "getFileType", media_type)
        .returns(Kind::Text)
        .doc("The media type.")
        .examples(&[example("\"x\".toFile(\"a.csv\").getFileType()", "text/csv")])
        .source("deluge/help/file/get-file-type.html"),
    Builtin::method(FILE, "setFileName", set_name)
        .params(&[required("name", Kind::Text)])
        .returns_nothing()
        .doc("Gives the file another name.")
        .examples(&[example(
            "f = \"x\".toFile(\"a.txt\"); f.setFileName(\"b.txt\"); info f.getFileName();",
            "b.txt",
        )])
        .source("deluge/help/file/set-file-name.html")
        .effect(Effect::Changes),
    Builtin::method(FILE, "setFileType", set_media_type)
        .params(&[required("type", Kind::Text)])
        .returns_nothing()
        .doc("Sets the type under which the file is sent, as a media type or an extension; nothing is converted.")
        .examples(&[example(
            "f = \"x\".toFile(\"a\"); f.setFileType(\"pdf\"); info f.getFileType();",
            "application/pdf",
        )])
        .source("deluge/help/file/set-file-type.html")
        .effect(Effect::Changes),
    Builtin::method(FILE, "setCharset", set_charset)
        .params(&[required("charset", Kind::Text)])
        .returns_nothing()
        .doc("Sets the character set of a text file, for reading it and for sending it.")
        .examples(&[example(
            "f = \"x\".toFile(\"a.txt\"); f.setCharSet(\"ISO-8859-1\"); info f.getFileContent();",
            "x",
        )])
        .source("deluge/help/file/set-charset.html")
        .effect(Effect::Changes),
    Builtin::method(FILE, "setParamName", set_param_name)
        .params(&[required("name", Kind::Text)])
        .returns_nothing()
        .doc("Sets the name of the part in which `invokeurl` sends the file.")
        .examples(&[example(
            "f = \"x\".toFile(\"a.txt\"); f.setParamName(\"attachment\"); info f.getFileName();",
            "a.txt",
        )])
        .source("deluge/help/webhook/invokeurl-api-task.html")
        .effect(Effect::Changes),
    Builtin::method(&[Kind::File, Kind::List, Kind::Map, Kind::Collection], "compress", compress)
        .params(&[optional("name", Kind::Text)])
        .returns(Kind::File)
        .doc("Packs a file, or several, into a zip file. In a map the keys are folders, which hold files, lists of files, or folders.")
        .examples(&[example("\"x\".toFile(\"a.txt\").compress(\"a.zip\").extract().size()", "1")])
        .source("deluge/help/functions/file/compress.html"),
    Builtin::method(FILE, "extract", extract)
        .returns(Kind::Collection)
        .doc("Unpacks a zip file: a collection of names and files. A file that is no zip file gives an empty collection.")
        .examples(&[example(
            "c = \"hello\".toFile(\"a.txt\").compress(\"a.zip\").extract(); info c.get(\"a.txt\").getFileContent();",
            "hello",
        )])
        .source("deluge/help/functions/file/extract.html"),
    Builtin::method(FILE, "convertToPDF", convert_to_pdf)
        .returns(Kind::File)
        .doc("Not available here: converting files needs Zoho's own service.")
        .examples(&[example(
            "try { f = \"x\".toFile(\"a.txt\").convertToPDF(); } catch (e) { info \"not here\"; }",
            "not here",
        )])
        .source("deluge/help/file-methods.html"),
];

fn to_file(call: &mut Call<'_, '_>) -> Evaluated {
    let name = call.text_arg(0)?.into_owned();
    let bytes = match call.receiver {
        Value::File(file) => file.content().bytes().to_vec(),
        _ => call.text()?.into_owned().into_bytes(),
    };
    call.reserve(bytes.len())?;
    let media_type = media_type_of(&name);
    Ok(Value::File(File::new(name, media_type, bytes)))
}

fn content(call: &mut Call<'_, '_>) -> Evaluated {
    let file = call.file()?;
    let content = file.content();
    // A byte that is no text becomes a character of three.
    call.reserve(content.bytes().len().saturating_mul(3))?;
    let charset = encoding_rs::Encoding::for_label(content.charset.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    let (text, ..) = charset.decode(content.bytes());
    Ok(Value::from_cow(text))
}

fn name(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::text(&call.file()?.content().name))
}

fn size(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::from_string(call.file()?.content().bytes().len().to_string()))
}

fn media_type(call: &mut Call<'_, '_>) -> Evaluated {
    let file = call.file()?;
    let content = file.content();
    Ok(Value::text(match content.media_type.as_str() {
        "" => media_type_of(&content.name),
        known => known,
    }))
}

fn set_name(call: &mut Call<'_, '_>) -> Evaluated {
    let name = call.text_arg(0)?.into_owned();
    call.file()?.content_mut().name = name;
    Ok(Value::Null)
}

fn set_media_type(call: &mut Call<'_, '_>) -> Evaluated {
    let given = call.text_arg(0)?.into_owned();
    let media_type = if given.contains('/') {
        given
    } else {
        media_type_of(&format!("file.{}", given.trim_start_matches('.'))).to_owned()
    };
    call.file()?.content_mut().media_type = media_type;
    Ok(Value::Null)
}

fn set_charset(call: &mut Call<'_, '_>) -> Evaluated {
    let charset = call.text_arg(0)?.into_owned();
    if encoding_rs::Encoding::for_label(charset.as_bytes()).is_none() {
        let message = format!("the character set `{charset}` is not known");
        return Err(call.fail(Code::BadArgument, message));
    }
    call.file()?.content_mut().charset = charset;
    Ok(Value::Null)
}

fn set_param_name(call: &mut Call<'_, '_>) -> Evaluated {
    let name = call.text_arg(0)?.into_owned();
    call.file()?.content_mut().param_name = name;
    Ok(Value::Null)
}

fn convert_to_pdf(call: &mut Call<'_, '_>) -> Evaluated {
    Err(call.fail(
        Code::NotAvailable,
        "`convertToPDF` is not available yet: converting files needs Zoho's own service",
    ))
}

/// How deep folders may lie in each other.
const FOLDERS: usize = 64;

/// What is to be packed: paths and files, no path twice.
#[derive(Default)]
struct Packing {
    files: Vec<(String, File)>,
    paths: HashSet<String, KeyHasher>,
}

impl Packing {
    /// Takes in a file, or what a container holds, under a folder.
    fn take(&mut self, value: &Value, folder: &str, depth: usize) -> Evaluated<()> {
        if depth > FOLDERS {
            return Err(contains_itself());
        }
        let all =
            |this: &mut Self, items: &[Value]| items.iter().try_for_each(|item| this.take(item, folder, depth + 1));
        match value.settled() {
            Value::File(file) => {
                let path = self.free_path(format!("{folder}{}", file.content().name));
                self.files.push((path, file.clone()));
                Ok(())
            }
            Value::List(list) => all(self, &list.items()),
            Value::Map(map) => self.take_folders(&map.entries(), folder, depth),
            Value::Collection(collection) => match &*collection.contents() {
                Contents::Empty => Ok(()),
                Contents::Values(values) => all(self, values),
                Contents::Pairs(pairs) => self.take_folders(pairs, folder, depth),
            },
            Value::Empty(_) => Ok(()),
            other => Err(EvalError::failed(
                Code::WrongKind,
                format!("`compress` packs files, and this is {}", other.kind().name()),
            )),
        }
    }

    fn take_folders(&mut self, entries: &Entries, folder: &str, depth: usize) -> Evaluated<()> {
        for (key, value) in entries {
            let inner = format!("{folder}{}/", key.value().key_text().trim_matches('/'));
            self.take(value, &inner, depth + 1)?;
        }
        Ok(())
    }

    /// The path, or one with a number where it is taken: `a (2).txt`.
    fn free_path(&mut self, path: String) -> String {
        let mut free = path.clone();
        let (stem, extension) = match path.rsplit_once('.') {
            Some((stem, extension)) if !extension.contains('/') => (stem, format!(".{extension}")),
            _ => (path.as_str(), String::new()),
        };
        let mut number = 2;
        while !self.paths.insert(free.clone()) {
            free = format!("{stem} ({number}){extension}");
            number += 1;
        }
        free
    }
}

fn compress(call: &mut Call<'_, '_>) -> Evaluated {
    let mut packing = Packing::default();
    packing.take(call.receiver, "", 0)?;
    let name = if call.has(0) {
        let name = call.text_arg(0)?.into_owned();
        if name.to_ascii_lowercase().ends_with(".zip") {
            name
        } else {
            name + ".zip"
        }
    } else {
        match call.receiver {
            Value::File(file) => {
                let name = file.content().name.clone();
                format!("{}.zip", name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem))
            }
            _ => "compressed.zip".to_owned(),
        }
    };
    let total = packing
        .files
        .iter()
        .map(|(path, file)| file.content().bytes().len() + 2 * path.len() + 128);
    call.reserve(total.sum())?;
    let zip = archive::pack(&packing.files)?;
    Ok(Value::File(File::new(name, "application/zip", zip)))
}

fn extract(call: &mut Call<'_, '_>) -> Evaluated {
    let file = call.file()?;
    let content = file.content();
    let mut entries = Entries::default();
    for (path, bytes) in archive::unpack(content.bytes(), &mut call.context.meter)? {
        let name = path.rsplit('/').next().unwrap_or_default();
        let file = File::new(name, media_type_of(name), bytes);
        entries.insert(Key::new(Value::from_string(path)), Value::File(file));
    }
    let contents = if entries.is_empty() {
        Contents::Empty
    } else {
        Contents::Pairs(entries)
    };
    Ok(Value::Collection(Collection::new(contents)))
}

#[cfg(test)]
mod tests;
