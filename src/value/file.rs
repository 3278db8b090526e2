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
