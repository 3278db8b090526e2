//! FILE: bytes with a name, a content type and the part name of an upload; shared.

use std::cell::{Ref, RefCell, RefMut};
use std::rc::Rc;

use super::memory;

/// A shared file.
#[derive(Clone)]
pub struct File(Rc<RefCell<Content>>);

/// What a file is.
pub struct Content {
    /// Its name with extension.
    pub name: String,
    /// Its media type; empty where only the name tells.
    pub media_type: String,
    /// The part name in a multipart upload (`setParamName`); empty for the default.
    pub param_name: String,
    /// The character set of a text file (`setCharset`); empty for UTF-8.
    pub charset: String,
    /// The bytes. They are never changed in place.
    bytes: Vec<u8>,
}

impl Drop for Content {
    fn drop(&mut self) {
        memory::shrink(self.bytes.capacity());
    }
}

impl Content {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl File {
    /// A file of this name, media type and content.
    pub fn new(name: impl Into<String>, media_type: impl Into<String>, bytes: Vec<u8>) -> Self {
        memory::grow(bytes.capacity());
        let (name, media_type) = (name.into(), media_type.into());
        Self(Rc::new(RefCell::new(Content {
            name,
            media_type,
            param_name: String::new(),
            charset: String::new(),
            bytes,
        })))
    }

    /// The file, borrowed.
    pub fn content(&self) -> Ref<'_, Content> {
        self.0.borrow()
    }

    /// The file, to change its name and types.
    pub fn content_mut(&self) -> RefMut<'_, Content> {
        self.0.borrow_mut()
    }

    /// Whether both are one and the same file.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The media type that the extension of a file's name tells; `application/octet-stream` where it tells none.
pub fn media_type_of(name: &str) -> &'static str {
    let extension = name
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension)
        .to_ascii_lowercase();
    match extension.as_str() {
        "txt" | "log" | "dg" => "text/plain",
        "csv" => "text/csv",
        "tsv" => "text/tab-separated-values",
        "htm" | "html" => "text/html",
        "css" => "text/css",
        "js" => "text/javascript",
        "md" => "text/markdown",
        "ics" => "text/calendar",
        "vcf" => "text/vcard",
        "json" => "application/json",
        "xml" => "application/xml",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "gz" => "application/gzip",
        "rtf" => "application/rtf",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt" => "application/vnd.ms-powerpoint",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "bmp" => "image/bmp",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "tif" | "tiff" => "image/tiff",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "mp4" => "video/mp4",
        "mov" => "video/quicktime",
        "eml" => "message/rfc822",
        _ => "application/octet-stream",
    }
}
