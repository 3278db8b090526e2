//! Reading scripts and other texts from files, folders and standard input.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::exit::{Exit, Stop};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceFile, SourceId, Span};

/// The endings of script files.
const ENDINGS: [&str; 3] = ["dg", "ds", "deluge"];

/// Reads one script; `-` is standard input.
pub(super) fn read_script(path: &str) -> Result<SourceFile, Stop> {
    let bytes = read_bytes(path)?;
    let name = shown_name(path);
    if bytes.len() >= u32::MAX as usize {
        return Err(Stop::usage(
            format!("`{name}` is larger than 4 GiB"),
            "split the script into several files",
        ));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(SourceFile::new(name, text)),
        Err(error) => Err(not_utf8(name, error.as_bytes(), error.utf8_error().valid_up_to())),
    }
}

/// Reads a text that is no script; `-` is standard input.
pub(super) fn read_text(path: &str) -> Result<String, Stop> {
    String::from_utf8(read_bytes(path)?).map_err(|error| {
        let title = format!(
            "`{}` is not UTF-8 text: byte {} does not fit",
            shown_name(path),
            error.utf8_error().valid_up_to() + 1
        );
        Stop::usage(title, "save the file as UTF-8")
    })
}

/// The bytes of a file or of standard input.
pub(super) fn read_bytes(path: &str) -> Result<Vec<u8>, Stop> {
    let read = if path == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    read.map_err(|error| Stop::unreadable(shown_name(path), &error))
}

fn shown_name(path: &str) -> &str {
    if path == "-" { "<stdin>" } else { path }
}

/// The message about the first byte that is not UTF-8, with what of the text could be read.
fn not_utf8(name: &str, bytes: &[u8], at: usize) -> Stop {
    let byte = bytes.get(at).copied().unwrap_or_default();
    let title = format!("the file is not UTF-8: byte {} is 0x{byte:02X}", at + 1);
    let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let help = if utf16 {
        "save the file as UTF-8; it looks like UTF-16"
    } else {
        "save the file as UTF-8"
    };
    let span = Span::new(at as u32, at as u32 + 1);
    let diagnostic = Diagnostic::error(Code::NotUtf8, SourceId(0), span, title).help(help);
    let text = String::from_utf8_lossy(bytes).into_owned();
    Stop {
        exit: Exit::NotCompiled,
        diagnostics: vec![diagnostic.label("this byte begins no character")],
        sources: vec![Arc::new(SourceFile::new(name, text))],
    }
}

/// Every script of a folder and of the folders in it, in the order of their paths. Hidden folders and links to folders
/// are left out.
pub(super) fn scripts_in(folder: &Path) -> Result<Vec<PathBuf>, Stop> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        let fail = |error: io::Error| Stop::unreadable(&folder.to_string_lossy(), &error);
        for entry in fs::read_dir(&folder).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let kind = entry.file_type().map_err(fail)?;
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if kind.is_dir() && !hidden {
                waiting.push(entry.path());
            } else if !kind.is_dir() && is_script(&entry.path()) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_script(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))) && path.is_file()
}

/// The scripts of library folders.
pub(super) fn read_libraries(folders: &[PathBuf]) -> Result<Vec<SourceFile>, Stop> {
    let mut libraries = Vec::new();
    for folder in folders {
        for path in scripts_in(folder)? {
            libraries.push(read_script(&path.to_string_lossy())?);
        }
    }
    if libraries.len() >= usize::from(u16::MAX) {
        let title = format!("the libraries hold {} files; 65,534 may be loaded", libraries.len());
        return Err(Stop::usage(title, "name a smaller folder with `--lib`"));
    }
    Ok(libraries)
}
