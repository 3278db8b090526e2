//! A terminal of which a test is the person: it types, and it reads the screen. There is no sleep in it: a test waits until
//! the screen shows what it expects, and fails after [`PATIENCE`] with the screen as it stood.
//!
//! A key must not be pressed before its reader is there: until then the system itself echoes it. So a test waits for the
//! prompt, types, and waits for what comes.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::fd::{AsFd, OwnedFd};
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use rustix::termios::{LocalModes, tcgetattr};
use vt100::{Parser, Screen};

use crate::support::Dg;

/// How long is waited for what must come, on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long is waited between two looks at what nothing tells of.
const GLANCE: Duration = Duration::from_millis(5);

/// The size of the screen at first.
const ROWS: u16 = 50;
const COLUMNS: u16 = 80;

/// What the keys send.
pub const ENTER: &str = "\r";
pub const TAB: &str = "\t";
pub const UP: &str = "\x1b[A";
pub const RIGHT: &str = "\x1b[C";
pub const CTRL_C: &str = "\x03";
pub const CTRL_D: &str = "\x04";

/// `dg` in a terminal.
pub struct Terminal {
    pty: Pty,
    child: Child,
    arriving: Receiver<Vec<u8>>,
    parser: Parser,
    written: Vec<u8>,
}

impl Terminal {
    /// Starts `dg` in a terminal of its own, which is the controlling one: Ctrl-C reaches it as a person's does.
    pub fn of(dg: Dg) -> Self {
        let (pty, pts) = open().expect("a terminal");
        pty.resize(Size::new(ROWS, COLUMNS)).expect("a size");
        let command = Command::from(dg.into_command()).env("TERM", "xterm-256color");
        let child = command.spawn(pts).expect("dg starts");
        let keyboard: OwnedFd = pty.as_fd().try_clone_to_owned().expect("a second hold of it");
        let mut output = std::fs::File::from(keyboard);
        let (arrives, arriving) = channel();
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            // The end of the program ends the reading, on Linux with an error.
            while let Ok(length @ 1..) = output.read(&mut piece) {
                if arrives.send(piece[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            pty,
            child,
            arriving,
            parser: Parser::new(count(ROWS), count(COLUMNS), 0),
            written: Vec::new(),
        }
    }

    /// Presses keys. They must be ones that a reader waits for.
    pub fn types(&mut self, keys: &str) {
        (&self.pty).write_all(keys.as_bytes()).expect("the terminal takes keys");
    }

    /// Pastes a text as terminals do: in brackets, so that its line breaks are no Enter.
    pub fn pastes(&mut self, text: &str) {
        self.types(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// Gives the window another width.
    pub fn widens(&mut self, columns: u16) {
        self.pty.resize(Size::new(ROWS, columns)).expect("a size");
        self.parser.screen_mut().set_size(count(ROWS), count(columns));
    }

    /// Waits until this stands somewhere on the screen.
    #[track_caller]
    pub fn shows(&mut self, text: &str) {
        self.waits(&format!("`{text}` on the screen"), |screen| {
            text_of(screen).contains(text)
        });
    }

    /// Waits until the screen ends so, blanks at the ends of its lines left out.
    #[track_caller]
    pub fn ends(&mut self, text: &str) {
        self.waits(&format!("the screen to end with\n{text}\n"), |screen| {
            text_of(screen).ends_with(text)
        });
    }

    /// Waits until what is typed is not shown any more: a prompt for a secret stands there a moment before.
    #[track_caller]
    pub fn hides(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let modes = tcgetattr(&self.pty).expect("the modes of the terminal").local_modes;
            if !modes.contains(LocalModes::ECHO) {
                return;
            }
            match self.arriving.recv_timeout(GLANCE) {
                Ok(piece) => self.takes(&piece),
                Err(_) => assert!(
                    Instant::now() < deadline,
                    "what is typed is shown; the screen:\n{}",
                    self.screen()
                ),
            }
        }
    }

    /// Waits until the screen is as it should be.
    #[track_caller]
    pub fn waits(&mut self, what: &str, is_so: impl Fn(&Screen) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_so(self.parser.screen()) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.arriving.recv_timeout(left) {
                Ok(piece) => self.takes(&piece),
                Err(reason) => panic!("no {what} ({reason}); the screen:\n{}", self.screen()),
            }
        }
    }

    /// Waits for the end of the program, and gives everything that it wrote.
    #[track_caller]
    pub fn exits(mut self, status: i32) -> String {
        let deadline = Instant::now() + PATIENCE;
        while let Ok(piece) = self
            .arriving
            .recv_timeout(deadline.saturating_duration_since(Instant::now()))
        {
            self.takes(&piece);
        }
        assert!(
            Instant::now() < deadline,
            "it does not end; the screen:\n{}",
            self.screen()
        );
        let ended = self.child.wait().expect("an end");
        assert_eq!(ended.code(), Some(status), "the screen:\n{}", self.screen());
        self.written()
    }

    /// What stands on the screen.
    pub fn screen(&self) -> String {
        text_of(self.parser.screen())
    }

    /// Everything that was written so far, with the escapes that colour it.
    pub fn written(&self) -> String {
        String::from_utf8_lossy(&self.written).into_owned()
    }

    fn takes(&mut self, piece: &[u8]) {
        self.parser.process(piece);
        self.written.extend_from_slice(piece);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn count(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).expect("a size that is not zero")
}

/// The lines of a screen without the blanks at their ends, and without the empty ones at its end.
fn text_of(screen: &Screen) -> String {
    let columns = screen.size().1.get();
    let lines: Vec<String> = screen.rows(0, columns).map(|row| row.trim_end().to_owned()).collect();
    lines.join("\n").trim_end().to_owned()
}
