//! The key that seals the store: 32 random bytes, from whoever starts the run or from a file made once. A key is never
//! made for a store that has records, because nothing would open them any more.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::diagnostic::Code;

use super::credential::Secret;
use super::home::{private_directory, private_file, sync_directory};
use super::key_command::KeyCommand;
use super::store::StoreError;

/// Where the key comes from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// The value of `DG_KEY`, handed over by whoever reads the environment: 64 hex digits or base64.
    Given(Secret),
    /// A command that prints it: `DG_KEY_COMMAND`.
    Command(KeyCommand),
    /// A file, made at the first write.
    File(PathBuf),
}

/// A key. Wiped when dropped; shown by its id alone.
pub(super) struct Key {
    bytes: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key(••••)")
    }
}

impl Key {
    /// Reads 64 hex digits or the base64 form of 32 bytes, with or without padding.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut bytes = Zeroizing::new([0; 32]);
        let read = match text.len() {
            64 => read_hex(text.as_bytes(), &mut bytes),
            43 | 44 => read_base64(text, &mut bytes),
            _ => false,
        };
        read.then_some(Self { bytes })
    }

    fn generate() -> Result<Self, StoreError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut()).map_err(|error| {
            let message = format!("the system gave no random bytes for the store's key: {error}");
            StoreError::new(Code::StoreFailed, message)
        })?;
        Ok(Self { bytes })
    }

    /// The bytes, for the cipher.
    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// A name for the key that says nothing about it.
    pub(super) fn id(&self) -> [u8; 8] {
        let digest = Sha256::new()
            .chain_update(b"dg key id")
            .chain_update(self.bytes.as_ref())
            .finalize();
        let mut id = [0; 8];
        id.copy_from_slice(&digest[..8]);
        id
    }

    /// The key that is to take the place of the one in this file: of an interrupted change, or a new one. It is on the
    /// disk when this returns.
    pub(super) fn next_to(path: &Path) -> Result<Self, StoreError> {
        KeySource::File(path.with_extension("next")).create()
    }

    /// Puts the next key in the place of the one in this file.
    pub(super) fn take_over(path: &Path) -> Result<(), StoreError> {
        let moved = fs::rename(path.with_extension("next"), path);
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let synced = moved.and_then(|()| sync_directory(directory.unwrap_or(Path::new("."))));
        synced.map_err(|error| unusable(path, &error))
    }

    fn to_line(&self) -> Zeroizing<String> {
        let mut line = Zeroizing::new(String::with_capacity(65));
        for byte in self.bytes.iter() {
            for nibble in [byte >> 4, byte & 15] {
                line.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        line.push('\n');
        line
    }
}

impl KeySource {
    /// The key, where there is one.
    pub(super) fn load(&self) -> Result<Option<Key>, StoreError> {
        match self {
            Self::Given(text) => match Key::parse(text.expose()) {
                Some(key) => Ok(Some(key)),
                None => Err(StoreError::new(
                    Code::StoreKey,
                    "the value of `DG_KEY` is not a key: it has to be 32 bytes, as 64 hex digits or as base64",
                )
                .help("set `DG_KEY` to the key that the store was made with, or unset it to use the `key` file")),
            },
            Self::Command(command) => match Key::parse(command.ask()?.expose()) {
                Some(key) => Ok(Some(key)),
                None => Err(StoreError::new(
                    Code::StoreKey,
                    "what the command in `DG_KEY_COMMAND` printed is not a key: it has to be 32 bytes, as 64 hex digits or as \
                     base64",
                )
                .help("`openssl rand -hex 32` makes a key to keep there, for a new store")),
            },
            Self::File(path) => load_file(path),
        }
    }

    /// Makes the key of a new store. Of several processes one makes it and the others read it.
    pub(super) fn create(&self) -> Result<Key, StoreError> {
        if let Some(key) = self.load()? {
            return Ok(key);
        }
        let Self::File(path) = self else {
            return Err(StoreError::new(Code::StoreKey, "there is no key"));
        };
        let failed = |error| unusable(path, &error);
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let directory = directory.unwrap_or(Path::new("."));
        private_directory(directory).map_err(failed)?;
        let key = Key::generate()?;
        let made = make_file(path, directory, &key).map_err(failed)?;
        if made {
            return Ok(key);
        }
        self.load()?.ok_or_else(|| self.missing())
    }

    /// The message for a store that has records and no key.
    pub(super) fn missing(&self) -> StoreError {
        let place = self.place();
        let message = format!("the store has records, but its key is missing: there is no {place}");
        StoreError::new(Code::StoreKey, message).help(
            "put the key back, or set `DG_KEY` to it; without that very key the records cannot be read, and no new key \
             is made for them",
        )
    }

    /// The message for a key that does not open the store.
    pub(super) fn wrong(&self) -> StoreError {
        let message = format!("the store was sealed with another key than the one in {}", self.place());
        StoreError::new(Code::StoreKey, message)
            .help("use the key that the store was made with; nothing was read or changed")
    }

    /// Where the key is, for messages.
    pub(super) fn place(&self) -> String {
        match self {
            Self::Given(_) => "`DG_KEY`".to_owned(),
            Self::Command(_) => "the answer of `DG_KEY_COMMAND`".to_owned(),
            Self::File(path) => format!("file `{}`", path.display()),
        }
    }
}

fn load_file(path: &Path) -> Result<Option<Key>, StoreError> {
    let text = match fs::read(path) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unusable(path, &error)),
    };
    check_mode(path)?;
    let key = std::str::from_utf8(&text).ok().and_then(Key::parse);
    key.map(Some).ok_or_else(|| {
        let message = format!("the key file `{}` does not hold a key of 64 hex digits", path.display());
        StoreError::new(Code::StoreKey, message).help("put the file back as it was; it is never written over")
    })
}

/// Refuses a key that other users can read, as ssh does.
#[cfg_attr(not(unix), expect(unused_variables, reason = "modes are a Unix matter"))]
fn check_mode(path: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path)
            .map_err(|error| unusable(path, &error))?
            .permissions()
            .mode();
        if mode & 0o077 != 0 {
            let place = path.display();
            let message = format!(
                "the key file `{place}` can be read by other users (mode {:03o})",
                mode & 0o777
            );
            return Err(StoreError::new(Code::StoreKey, message).help(format!("run `chmod 600 {place}`")));
        }
    }
    Ok(())
}

/// Writes the key beside its place and links it there: a link is made by one process only, and never to half a key.
fn make_file(path: &Path, directory: &Path, key: &Key) -> io::Result<bool> {
    let draft = directory.join(format!(".key.{}.{:02x?}", std::process::id(), random_name()?));
    let mut file = private_file().write(true).create_new(true).open(&draft)?;
    let linked = file
        .write_all(key.to_line().as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::hard_link(&draft, path));
    let removed = fs::remove_file(&draft);
    match linked {
        Ok(()) => {
            removed?;
            sync_directory(directory)?;
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

fn random_name() -> io::Result<u64> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(u64::from_ne_bytes(bytes))
}

fn unusable(path: &Path, error: &io::Error) -> StoreError {
    let message = format!("the key file `{}` could not be used: {error}", path.display());
    StoreError::new(Code::StoreKey, message).help("check who owns the file and its directory")
}

fn read_hex(text: &[u8], bytes: &mut [u8; 32]) -> bool {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let (Some(high), Some(low)) = (digit(pair[0]), digit(pair[1])) else {
            return false;
        };
        *byte = high << 4 | low;
    }
    true
}

fn read_base64(text: &str, bytes: &mut [u8; 32]) -> bool {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    [alphabet::STANDARD, alphabet::URL_SAFE].iter().any(|alphabet| {
        let mut buffer = Zeroizing::new([0; 36]);
        match GeneralPurpose::new(alphabet, config).decode_slice(text, buffer.as_mut()) {
            Ok(32) => {
                bytes.copy_from_slice(&buffer[..32]);
                true
            }
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connections::home::scratch::Scratch;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff";

    #[test]
    fn a_key_is_32_bytes_in_hex_or_base64() {
        let wanted = Key::parse(HEX).unwrap();
        for text in [
            HEX.to_uppercase().as_str(),
            &format!("  {HEX}\n"),
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8=",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8",
        ] {
            assert_eq!(Key::parse(text).map(|key| *key.bytes), Some(*wanted.bytes), "{text}");
        }
        let url_safe = "__79_Pv6-fj39vX08_Lx8O_u7ezr6uno5-bl5OPi4eA";
        let standard = url_safe.replace('_', "/").replace('-', "+");
        assert!(Key::parse(url_safe).is_some());
        assert_eq!(Key::parse(url_safe), Key::parse(&standard));
        for bad in [
            "",
            "secret",
            "password-password-password-password",
            &HEX[1..],
            &format!("{HEX}0"),
            &HEX.replace('f', "g"),
            &"A".repeat(42),
            &"A".repeat(45),
            &"é".repeat(32),
            &"!".repeat(43),
        ] {
            assert!(Key::parse(bad).is_none(), "{bad}");
        }
    }

    impl PartialEq for Key {
        fn eq(&self, other: &Self) -> bool {
            self.bytes == other.bytes
        }
    }

    #[test]
    fn a_bad_given_key_is_an_error_that_does_not_repeat_it() {
        let error = KeySource::Given(Secret::new("canary-not-a-key")).load().unwrap_err();
        assert_eq!(error.code, Code::StoreKey);
        assert!(!format!("{error:?}").contains("canary"));
    }

    #[test]
    fn of_eight_makers_all_have_the_same_key() {
        let scratch = Scratch::new();
        let source = KeySource::File(scratch.path().join("home/key"));
        assert!(source.load().unwrap().is_none());
        let lines: Vec<String> = std::thread::scope(|scope| {
            let makers: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| source.create().unwrap().to_line().to_string()))
                .collect();
            makers.into_iter().map(|maker| maker.join().unwrap()).collect()
        });
        assert!(lines.iter().all(|line| *line == lines[0]));
        assert_eq!(fs::read_to_string(scratch.path().join("home/key")).unwrap(), lines[0]);
        let others = fs::read_dir(scratch.path().join("home")).unwrap().count();
        assert_eq!(others, 1, "no draft is left");
    }

    #[test]
    fn a_damaged_key_file_is_never_written_over() {
        let scratch = Scratch::new();
        let path = scratch.path().join("key");
        for content in ["", "abc"] {
            let mut file = private_file()
                .write(true)
                .create(true)
                .truncate(true)
                .open(&path)
                .unwrap();
            file.write_all(content.as_bytes()).unwrap();
            let source = KeySource::File(path.clone());
            assert_eq!(source.create().unwrap_err().code, Code::StoreKey);
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_key_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let scratch = Scratch::new();
        let path = scratch.path().join("key");
        let source = KeySource::File(path.clone());
        source.create().unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = source.load().unwrap_err();
        assert!(error.help.unwrap().contains("chmod 600"));
    }
}
