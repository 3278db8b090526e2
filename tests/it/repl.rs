//! `dg repl` in a terminal, as a person meets it: typing, completing, interrupting, leaving.

use std::sync::Mutex;
use std::sync::mpsc::channel;

use vt100::Color;

use crate::connections::Store;
use crate::peer::{Peer, Reply};
use crate::support::{Dg, Folder};
use crate::terminal::{CTRL_C, CTRL_D, ENTER, RIGHT, TAB, Terminal, UP};

/// A session that waits for its first entry.
fn session() -> Terminal {
    begun(Dg::new("repl"))
}

fn begun(dg: Dg) -> Terminal {
    let mut terminal = Terminal::of(dg);
    terminal.ends("Ctrl-D leaves.\ndg>");
    terminal
}

impl Terminal {
    /// Types an entry and waits for what is said to it, and for the next prompt.
    #[track_caller]
    fn answers(&mut self, entry: &str, answer: &str) {
        self.types(&format!("{entry}{ENTER}"));
        let answer = if answer.is_empty() {
            String::new()
        } else {
            format!("{answer}\n")
        };
        self.ends(&format!("{entry}\n{answer}dg>"));
    }
}

#[test]
fn what_is_typed_is_answered_and_ctrl_d_leaves() {
    let mut terminal = session();
    terminal.answers("x = 20", "");
    terminal.answers("x * 2 + 2", "42");
    terminal.answers("_ + 1", "43");
    terminal.types(CTRL_D);
    terminal.exits(0);
}

#[test]
fn an_entry_goes_on_until_its_brackets_are_closed() {
    let mut terminal = session();
    terminal.types("for each n in {1, 2}\r{\rinfo n * 10;\r}\r");
    terminal.ends("dg> for each n in {1, 2}\n{\ninfo n * 10;\n}\n10\n20\ndg>");
    // Two empty lines end what will never be whole.
    terminal.types("info (1\r\r\r");
    terminal.shows("`(` is never closed");
    terminal.ends("dg>");
}

#[test]
fn tab_completes_by_the_kind_of_the_value() {
    let mut terminal = session();
    terminal.answers("m = {\"name\": \"Amy\"}", "");
    terminal.types(&format!("m.containK{TAB}"));
    terminal.ends("dg> m.containKey(   map.containKey(key)");
    terminal.types(&format!("\"na{TAB}\"){ENTER}"));
    terminal.ends("dg> m.containKey(\"name\")\ntrue\ndg>");
    terminal.types(&format!("m.{TAB}{TAB}"));
    terminal.shows("containValue");
    terminal.shows("keys");
    assert!(!terminal.screen().contains("toUpperCase"), "{}", terminal.screen());
}

#[test]
fn tab_completes_the_keys_of_a_task_and_the_link_names() {
    let store = Store::new();
    store.stock("http://127.0.0.1:1", "canary-key-1");
    let mut terminal = begun(store.dg("repl").args(["--as", "ada"]));
    terminal.types(&format!("r = invokeurl [ ur{TAB}"));
    terminal.ends("invokeurl [ url :");
    terminal.types(&format!("\"x\" type : PU{TAB}"));
    terminal.ends("type : PUT");
    terminal.types(&format!(" conn{TAB}\"st{TAB}"));
    terminal.ends("connection : \"stock");
}

#[test]
fn tab_completes_the_file_to_load() {
    let folder = Folder::new();
    let file = folder.file("greetings.dg", "greeting = \"hello\";");
    let mut terminal = session();
    let begin = file.strip_suffix("etings.dg").expect("its name");
    terminal.types(&format!(":load {begin}{TAB}"));
    terminal.waits("the whole name", |screen| {
        screen.contents().replace('\n', "").contains("greetings.dg")
    });
    terminal.types(ENTER);
    terminal.ends("dg>");
    terminal.answers("greeting", "\"hello\"");
}

#[test]
fn a_call_is_hinted_at_while_it_is_typed_and_not_taken() {
    let mut terminal = session();
    terminal.types("\"7\".leftPad(");
    terminal.shows("leftpad(width NUMBER)");
    terminal.types(&format!("3){ENTER}"));
    terminal.ends("dg> \"7\".leftPad(3)\n\"  7\"\ndg>");
}

#[test]
fn former_entries_come_back_with_the_arrow_and_as_a_hint() {
    let mut terminal = session();
    terminal.answers("first = 1", "");
    terminal.answers("second = 2", "");
    terminal.types(&format!("{UP}{UP}"));
    terminal.ends("dg> first = 1");
    terminal.types(ENTER);
    terminal.ends("dg> first = 1\ndg>");
    terminal.types("sec");
    terminal.ends("dg> second = 2");
    terminal.types(&format!("{RIGHT}0{ENTER}"));
    terminal.ends("dg>");
    terminal.answers("second", "20");
}

#[test]
fn ctrl_c_drops_the_line_and_not_the_session() {
    let mut terminal = session();
    terminal.types("x = (1 +");
    terminal.ends("x = (1 +");
    terminal.types(CTRL_C);
    terminal.ends("\ndg>");
    terminal.answers("x = 5", "");
    terminal.answers("x", "5");
}

#[test]
fn ctrl_c_stops_an_endless_loop_and_not_the_session() {
    let mut terminal = session();
    terminal.answers("x = 5", "");
    terminal.types("info \"begun\"; while(true) { x = x + 1; }\r");
    terminal.ends("}\nbegun");
    terminal.types(CTRL_C);
    terminal.ends("interrupted\ndg>");
    terminal.answers("x", "5");
}

#[test]
fn statements_are_shown_with_their_values_where_that_is_asked_for() {
    let mut terminal = session();
    terminal.types(&format!(":trace x = 20 + 1{ENTER}"));
    terminal.shows("→ x = 21");
    terminal.ends("\ndg>");
    terminal.answers("x = 2", "");
    terminal.answers(":trace", "every entry shows its statements");
    terminal.types(&format!("x = x * 2{ENTER}"));
    terminal.shows("x = 2 → x = 4");
    terminal.ends("\ndg>");
    terminal.answers(":trace", "statements are no longer shown");
    terminal.answers("x = 5", "");
    terminal.types(&format!(":trce{ENTER}"));
    terminal.shows("there is a command of a similar name: `:trace`");
}

#[test]
fn what_is_waited_for_is_told_and_ctrl_c_ends_the_waiting() {
    let (asked, is_asked) = channel();
    let asked = Mutex::new(asked);
    let peer = Peer::raw(move |_| {
        _ = asked.lock().expect("no panic").send(());
        Reply::Stall(Vec::new())
    });
    let mut terminal = session();
    terminal.answers("x = 5", "");
    terminal.types(&format!("x = invokeurl [ url: \"{}\" ]{ENTER}", peer.url("/slow")));
    is_asked.recv().expect("a request");
    terminal.shows(&format!("waiting for GET {}/slow: 1 s (Ctrl-C stops)", peer.origin()));
    terminal.types(CTRL_C);
    terminal.shows("interrupted");
    terminal.ends("\ndg>");
    assert!(!terminal.screen().contains("waiting for"), "{}", terminal.screen());
    terminal.answers("x", "5");
}

#[test]
fn a_question_mark_shows_the_page_of_a_built_in() {
    let mut terminal = session();
    terminal.types("\"\".leftPad?\r");
    terminal.shows("text.leftpad(width NUMBER)");
    terminal.ends("\ndg>");
}

#[test]
fn a_command_that_takes_nothing_does_not_pass_over_a_word() {
    let mut terminal = session();
    terminal.answers("x = 5", "");
    terminal.types(&format!(":reset y{ENTER}"));
    terminal.shows("`:reset` takes nothing behind it");
    terminal.ends("\ndg>");
    terminal.answers("x", "5");
    terminal.answers(":reset", "every variable and function is forgotten");
    terminal.types(&format!("x{ENTER}"));
    terminal.shows("Variable 'x' is not defined");
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let mut terminal = session();
    terminal.types("\"text\"\r");
    terminal.ends("\"text\"\n\"text\"\ndg>");
    terminal.waits("a coloured text", |screen| {
        let (row, _) = screen.cursor_position();
        let cell = screen.cell(row - 1, 1).expect("a cell");
        cell.fgcolor() != Color::Default
    });
    let mut plain = begun(Dg::new("repl").env("NO_COLOR", "1"));
    plain.types("\"text\" + 1 / 0\r");
    plain.ends("\ndg>");
    assert!(!has_colours(&plain.written()), "{:?}", plain.written());
}

/// Whether something was written in a colour or in bold: an escape that ends with `m`.
fn has_colours(written: &str) -> bool {
    let escapes = written.split("\x1b[").skip(1);
    escapes.into_iter().any(|rest| {
        let end = rest.find(|letter: char| letter.is_ascii_alphabetic());
        end.is_some_and(|end| rest[end..].starts_with('m'))
    })
}

#[test]
fn values_fold_to_the_width_that_the_window_has_now() {
    let mut terminal = session();
    let short = "{\"a\": \"0123456789\", \"b\": \"0123456789\", \"c\": \"0123456789\"}";
    terminal.answers(&format!("m = {short}"), "");
    terminal.answers("m", short);
    terminal.widens(50);
    terminal.types("m\r");
    terminal.ends("{\n  \"a\": \"0123456789\",\n  \"b\": \"0123456789\",\n  \"c\": \"0123456789\"\n}\ndg>");
}

#[test]
fn a_pasted_script_is_one_entry() {
    let mut terminal = session();
    let lines: String = (1..=30).map(|n| format!("v{n} = {n};\n")).collect();
    terminal.pastes(&lines);
    terminal.shows("v30 = 30;");
    terminal.types(ENTER);
    terminal.ends("\ndg>");
    terminal.answers("v1 + v30", "31");
}

#[test]
fn wide_letters_keep_the_cursor_in_its_place() {
    let mut terminal = session();
    terminal.types("x = \"日本🎉é\"");
    // `dg> x = "` are nine columns, the letters seven, the quote one.
    terminal.waits("the cursor behind the text", |screen| screen.cursor_position().1 == 17);
    terminal.types(ENTER);
    terminal.ends("\ndg>");
    terminal.answers("x.length()", "5");
}

#[test]
fn an_entry_that_fails_shows_its_place_and_assigns_nothing() {
    let mut terminal = session();
    terminal.answers("x = 1", "");
    terminal.types("x = 2; y = x / 0\r");
    terminal.shows("Divide by zero");
    terminal.ends("\ndg>");
    terminal.answers("x", "1");
}

/// A store with one secret.
fn store_with_a_secret() -> Store {
    let store = Store::new();
    store.stock("http://127.0.0.1:1", "canary/key 1+");
    store
}

impl Store {
    fn history(&self) -> String {
        std::fs::read_to_string(self.path().join("history")).expect("a history")
    }

    fn session(&self) -> Terminal {
        begun(self.dg("repl").args(["--as", "ada"]))
    }
}

#[test]
fn entries_with_a_stored_secret_are_not_kept_in_whatever_form_it_stands() {
    let store = store_with_a_secret();
    let mut terminal = store.session();
    for secret in [
        "canary/key 1+",
        "canary%2Fkey%201%2B",
        "canary%2Fkey+1%2B",
        "canary\\/key 1+",
        "Y2FuYXJ5L2tleSAxKw==",
        "63616e6172792f6b657920312b",
    ] {
        terminal.answers(&format!("k = \"{secret}\""), "");
    }
    terminal.answers("kept = 1", "");
    terminal.answers(" hidden = 1", "");
    // The history is written at once, and the arrow brings back nothing that is not in it.
    assert_eq!(store.history(), "#V2\nkept = 1\n");
    terminal.types(UP);
    terminal.ends("dg> kept = 1");
    terminal.types(UP);
    terminal.types(ENTER);
    terminal.ends("dg> kept = 1\ndg>");
    terminal.types(CTRL_D);
    terminal.exits(0);
}

#[test]
fn a_secret_that_is_stored_after_it_was_typed_leaves_the_history() {
    let store = Store::new();
    let mut terminal = store.session();
    terminal.answers("k = \"canary-key-1\"", "");
    terminal.answers("kept = 1", "");
    assert!(store.history().contains("canary"));
    store.stock("http://127.0.0.1:1", "canary-key-1");
    terminal.answers("k = \"canary-key-1\" + 2", "");
    assert!(!store.history().contains("+ 2"), "{}", store.history());
    let _second = store.session();
    assert_eq!(store.history(), "#V2\nkept = 1\n");
}

#[test]
fn two_sessions_share_one_history_that_is_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let store = Store::new();
    let (mut first, mut second) = (store.session(), store.session());
    first.answers("a = 1", "");
    second.answers("b = 2", "");
    first.answers("c = 3", "");
    assert_eq!(store.history(), "#V2\na = 1\nb = 2\nc = 3\n");
    let of = std::fs::metadata(store.path().join("history")).expect("a history");
    assert_eq!(of.permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_history_without_a_key_a_huge_one_and_none_at_all_leave_a_session() {
    let store = store_with_a_secret();
    let long: String = (0..5_000).map(|number| format!("x{number} = 1\n")).collect();
    std::fs::write(store.path().join("history"), format!("#V2\n{long}")).expect("a history");
    let mut terminal = store.session();
    terminal.answers("last = 1", "");
    let kept = store.history();
    assert_eq!(
        kept.lines().count(),
        2_001,
        "the mark of the format and the newest entries"
    );
    assert!(kept.ends_with("x4999 = 1\nlast = 1\n"));
    // Where the secrets cannot be known, nothing is kept, and nothing is lost.
    let other_key = "A".repeat(43);
    let mut sealed = begun(store.dg("repl").env("DG_KEY", other_key));
    sealed.answers("lost = 1", "");
    assert_eq!(store.history(), kept);
    // `session` has a home that cannot be made.
    session().answers("x = 1", "");
}
