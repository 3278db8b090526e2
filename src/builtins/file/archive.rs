//! Zip files, as PKWARE's APPNOTE describes them: stored or deflated entries, without encryption and without the
//! extensions for archives beyond 4 GB.

use std::io::{Read as _, Write as _};

use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated, Meter};
use crate::value::File;

const LOCAL: u32 = 0x0403_4B50;
const CENTRAL: u32 = 0x0201_4B50;
const END: u32 = 0x0605_4B50;

/// The bytes of an end record without its comment, of a central record and of a local header without their names.
const END_LENGTH: usize = 22;
const CENTRAL_LENGTH: usize = 46;
const LOCAL_LENGTH: usize = 30;

/// Names are UTF-8.
const UTF_8: u16 = 1 << 11;

/// 1980-01-01, the first day that a zip file knows: packing the same files gives the same bytes.
const FIRST_DAY: u16 = 0x0021;

/// How many bytes are unpacked between two looks at the memory.
const CHUNK: usize = 1 << 18;

/// Packs files under their paths.
///
/// # Errors
/// There are too many, or they are too large, for a zip file.
pub(super) fn pack(files: &[(String, File)]) -> Evaluated<Vec<u8>> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (path, file) in files {
        let content = file.content();
        let offset = number(out.len())?;
        let header = pack_entry(path, content.bytes(), &mut out)?;
        directory.extend(CENTRAL.to_le_bytes());
        directory.extend(20u16.to_le_bytes());
        directory.extend(header);
        // The length of a comment, the disk, and the attributes: there are none.
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(path.as_bytes());
    }
    let count = u16::try_from(files.len()).map_err(|_| too_large())?;
    let (start, length) = (number(out.len())?, number(directory.len())?);
    out.append(&mut directory);
    out.extend(END.to_le_bytes());
    out.extend([0; 4]);
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(length.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0; 2]);
    Ok(out)
}

/// Appends a local header with its content, and gives the part of the header that the directory repeats.
fn pack_entry(path: &str, bytes: &[u8], out: &mut Vec<u8>) -> Evaluated<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let deflated = encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .unwrap_or_default();
    let (method, packed) = if deflated.is_empty() || deflated.len() >= bytes.len() {
        (0u16, bytes)
    } else {
        (8, deflated.as_slice())
    };
    let mut crc = Crc::new();
    crc.update(bytes);
    let mut header = Vec::with_capacity(26);
    header.extend(20u16.to_le_bytes());
    header.extend(UTF_8.to_le_bytes());
    header.extend(method.to_le_bytes());
    header.extend(0u16.to_le_bytes());
    header.extend(FIRST_DAY.to_le_bytes());
    header.extend(crc.sum().to_le_bytes());
    header.extend(number(packed.len())?.to_le_bytes());
    header.extend(number(bytes.len())?.to_le_bytes());
    header.extend(u16::try_from(path.len()).map_err(|_| too_large())?.to_le_bytes());
    header.extend(0u16.to_le_bytes());
    out.extend(LOCAL.to_le_bytes());
    out.extend(&header);
    out.extend(path.as_bytes());
    out.extend(packed);
    Ok(header)
}

fn number(length: usize) -> Evaluated<u32> {
    u32::try_from(length).map_err(|_| too_large())
}

fn too_large() -> Box<EvalError> {
    EvalError::failed(Code::BadArgument, "the files are too many or too large for a zip file")
}

/// Unpacks the files of a zip file, in the order of its directory; folders are left out. What is no zip file has none.
/// The memory is asked again and again while unpacking, so that a small file cannot fill it unseen.
///
/// # Errors
/// The file is damaged or encrypted, or what it holds does not fit the memory.
pub(super) fn unpack(zip: &[u8], meter: &mut Meter) -> Evaluated<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    let Some(mut entries) = Directory::find(zip) else {
        return Ok(files);
    };
    let mut held = 0;
    while let Some(entry) = entries.next_entry()? {
        if entry.path.ends_with('/') {
            continue;
        }
        let bytes = entry.unpack(zip, &mut |more| {
            held += more;
            meter.check()?;
            meter.reserve(held)
        })?;
        files.push((entry.path, bytes));
    }
    Ok(files)
}

/// The directory at the end of a zip file, read entry by entry.
struct Directory<'z> {
    rest: &'z [u8],
    left: u16,
}

struct Entry {
    path: String,
    flags: u16,
    method: u16,
    crc: u32,
    packed: usize,
    offset: usize,
}

impl<'z> Directory<'z> {
    /// The directory, found from the end record, which only a comment of at most 64 KB follows.
    fn find(zip: &'z [u8]) -> Option<Self> {
        let last = zip.len().checked_sub(END_LENGTH)?;
        let first = last.saturating_sub(usize::from(u16::MAX));
        let end = (first..=last)
            .rev()
            .find_map(|at| zip.get(at..).filter(|end| u32_at(end, 0) == Some(END)))?;
        Some(Self {
            rest: zip.get(u32_at(end, 16)? as usize..)?,
            left: u16_at(end, 10)?,
        })
    }

    fn next_entry(&mut self) -> Evaluated<Option<Entry>> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        let (entry, length) = read_entry(self.rest).ok_or_else(damaged)?;
        self.rest = self.rest.get(length..).unwrap_or_default();
        Ok(Some(entry))
    }
}

/// An entry of the directory, and how long it is.
fn read_entry(record: &[u8]) -> Option<(Entry, usize)> {
    if u32_at(record, 0)? != CENTRAL {
        return None;
    }
    let name = usize::from(u16_at(record, 28)?);
    let rest = usize::from(u16_at(record, 30)?) + usize::from(u16_at(record, 32)?);
    let path = record.get(CENTRAL_LENGTH..CENTRAL_LENGTH + name)?;
    let entry = Entry {
        path: String::from_utf8_lossy(path).into_owned(),
        flags: u16_at(record, 8)?,
        method: u16_at(record, 10)?,
        crc: u32_at(record, 16)?,
        packed: u32_at(record, 20)? as usize,
        offset: u32_at(record, 42)? as usize,
    };
    Some((entry, CENTRAL_LENGTH + name + rest))
}

impl Entry {
    /// The content; `grows` is asked before it grows.
    fn unpack(&self, zip: &[u8], grows: &mut dyn FnMut(usize) -> Evaluated<()>) -> Evaluated<Vec<u8>> {
        if self.flags & 1 != 0 {
            return Err(unreadable(format!("`{}` needs a password", self.path)));
        }
        let packed = self.content(zip).ok_or_else(damaged)?;
        let bytes = match self.method {
            0 => {
                grows(packed.len())?;
                packed.to_vec()
            }
            8 => inflate(packed, grows)?,
            _ => {
                return Err(unreadable(format!(
                    "`{}` is packed in a way that is not supported",
                    self.path
                )));
            }
        };
        let mut crc = Crc::new();
        crc.update(&bytes);
        if crc.sum() == self.crc {
            Ok(bytes)
        } else {
            Err(damaged())
        }
    }

    /// The packed bytes, behind the local header.
    fn content<'z>(&self, zip: &'z [u8]) -> Option<&'z [u8]> {
        let local = zip.get(self.offset..)?;
        if u32_at(local, 0)? != LOCAL {
            return None;
        }
        let start = LOCAL_LENGTH + usize::from(u16_at(local, 26)?) + usize::from(u16_at(local, 28)?);
        local.get(start..start.checked_add(self.packed)?)
    }
}

fn inflate(packed: &[u8], grows: &mut dyn FnMut(usize) -> Evaluated<()>) -> Evaluated<Vec<u8>> {
    let mut decoder = DeflateDecoder::new(packed);
    let mut bytes = Vec::new();
    loop {
        let before = bytes.len();
        decoder
            .by_ref()
            .take(CHUNK as u64)
            .read_to_end(&mut bytes)
            .map_err(|_| damaged())?;
        if bytes.len() == before {
            return Ok(bytes);
        }
        grows(bytes.len() - before)?;
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn damaged() -> Box<EvalError> {
    unreadable("it is damaged".to_owned())
}

fn unreadable(why: String) -> Box<EvalError> {
    EvalError::failed(Code::BadArchive, format!("the zip file cannot be read: {why}"))
}
