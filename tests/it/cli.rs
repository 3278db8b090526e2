//! The command line: exit statuses, flags, formats, and bad input.

use std::io::{BufRead, BufReader, Read};

use serde_json::json;

use crate::support::{Dg, Done, Folder};

fn run(script: &str) -> Dg {
    Dg::new("run").arg("-").stdin(script)
}

#[test]
fn a_mistyped_command_names_the_nearest() {
    Dg::new("rnu").exits(1).says("'run'");
    Dg::new("connections").arg("shwo").exits(1).says("'show'");
    let done = Dg::new("frobnicate").exits(1);
    assert!(!done.stderr.contains("tip:"), "{}", done.stderr);
}

#[test]
fn lines_of_info_go_to_stdout_and_nothing_else_does() {
    let done = run("info \"one\";\ninfo \"two\\nthree\";\nif(1 = 1)\n{\n info 4;\n}").exits(0);
    done.stdout("one\ntwo\nthree\n4\n").says("warning[DG0301]");
}

#[test]
fn the_exit_status_says_what_went_wrong() {
    run("info 1;").exits(0);
    run("info 1").exits(2).says("error[DG0102]");
    run("info 1;\nthrow \"stock is empty\";")
        .exits(3)
        .stdout("1\n")
        .says("stock is empty");
    run("info total;").exits(2).says("Variable 'total' is not defined");
    run("f(1);").exits(2).says("error[DG0202]");
    Dg::new("run")
        .arg("nowhere.dg")
        .exits(1)
        .says("cannot read `nowhere.dg`");
    Dg::new("run").exits(1).says("Usage: dg run");
    Dg::new("chek").exits(1).says("check");
    Dg::new("--version").exits(0).shows(env!("CARGO_PKG_VERSION"));
    Dg::new("help").arg("run").exits(0).shows("--allow-host");
}

#[test]
fn an_error_names_the_file_line_and_column() {
    let folder = Folder::new();
    let file = folder.file("broken.dg", "a = 1;\nb = a / 0;\n");
    let done = Dg::new("run").arg(&file).exits(3);
    done.says("error[DG0404]")
        .says("broken.dg:2:9")
        .says("  2 | b = a / 0;");
}

#[test]
fn inputs_are_json_or_text_or_files() {
    let folder = Folder::new();
    let letter = folder.file("letter.txt", "Dear @all");
    let inputs = folder.file(
        "inputs.json",
        r#"{"id": 1234567890123456789, "user": {"name": "Ada"}, "n": 1}"#,
    );
    let script = "info n + 1;\ninfo id;\ninfo user.get(\"name\");\ninfo letter;\ninfo word + 1;\ninfo code + 1;";
    let done = run(script)
        .args([
            "--input",
            &inputs,
            "--arg",
            "n=41",
            "--arg",
            "word=hello",
            "--arg",
            "code=\"7\"",
        ])
        .args(["--arg", &format!("letter=@{letter}")])
        .exits(0);
    done.stdout("42\n1234567890123456789\nAda\nDear @all\nhello1\n71\n");
}

#[test]
fn inputs_that_cannot_be_read_are_usage_errors() {
    let folder = Folder::new();
    let list = folder.file("list.json", "[1]");
    run("info 1;").args(["--arg", "novalue"]).exits(1).says("has no `=`");
    run("info 1;")
        .args(["--arg", "x=@nowhere.txt"])
        .exits(1)
        .says("nowhere.txt");
    run("info 1;").args(["--input", &list]).exits(1).says("one JSON object");
    run("info 1;")
        .args(["--now", "yesterday"])
        .exits(1)
        .says("--now yesterday");
    run("info 1;")
        .args(["--timezone", "Mars/Olympus"])
        .exits(1)
        .says("--timezone Mars/Olympus");
    run("info 1;").args(["--lib", "nowhere"]).exits(1).says("nowhere");
}

#[test]
fn json_is_always_one_object() {
    let object = run("info \"a\";\ninfo 2;\nreturn {\"k\":{1,2.50}};")
        .arg("--json")
        .exits(0)
        .json();
    assert_eq!(object["info"], json!(["a", "2"]));
    assert_eq!(object["result"]["k"][0], json!(1));
    assert_eq!(object["usage"]["statements"], json!(3));
    assert_eq!((&object["requests"], &object["error"]), (&json!([]), &json!(null)));
    for (script, status, code) in [
        ("info 1", 2, "DG0102"),
        ("info 1;\nx = 1 / 0;", 3, "DG0404"),
        ("info x;", 2, "DG0201"),
    ] {
        let object = run(script).arg("--json").exits(status).json();
        let keys: Vec<&String> = object.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["info", "result", "usage", "requests", "error"]);
        assert_eq!(object["error"]["code"], json!(code));
    }
    let object = Dg::new("run").args(["nowhere.dg", "--json"]).exits(1).json();
    assert_eq!(object["error"]["code"], json!("DG0801"));
    let object = Dg::new("run")
        .args(["a.dg", "--json", "--no-such-flag"])
        .exits(1)
        .json();
    assert_eq!(object["error"]["code"], json!("DG0802"));
}

#[test]
fn json_messages_are_one_object_a_line() {
    let done = Dg::new("check")
        .args(["-", "--error-format", "json"])
        .stdin("x = 1 +;\ny = );\n")
        .exits(2);
    let objects: Vec<serde_json::Value> = done
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect();
    assert_eq!(objects.len(), 2, "{}", done.stdout);
    for key in [
        "code",
        "severity",
        "title",
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "help",
    ] {
        assert!(objects[0].get(key).is_some(), "{key} is missing: {}", objects[0]);
    }
    assert_eq!((&objects[0]["line"], &objects[1]["line"]), (&json!(1), &json!(2)));
}

#[test]
fn a_function_may_be_called_by_name() {
    let script = "int twice(int n)\n{\n return n * 2;\n}\nvoid say(string word)\n{\n info word;\n}";
    run(script)
        .args(["--call", "say", "--arg", "word=hi"])
        .exits(0)
        .stdout("hi\n");
    let object = run(script)
        .args(["--call", "twice", "--arg", "n=21", "--json"])
        .exits(0)
        .json();
    assert_eq!(object["result"], json!(42));
    run(script).exits(2).says("twice, say");
    run(script)
        .args(["--call", "thrice"])
        .exits(2)
        .says("Not able to find 'thrice' function");
}

#[test]
fn libraries_lend_their_functions() {
    let folder = Folder::new();
    folder.file(
        "lib/tax.dg",
        "decimal standalone.withTax(decimal price)\n{\n return price * 1.18;\n}\n",
    );
    let main = folder.file("main.dg", "info standalone.withTax(100);");
    let library = folder.path().join("lib");
    Dg::new("run")
        .args([&main, "--lib"])
        .arg(library)
        .exits(0)
        .stdout("118.00\n");
}

#[test]
fn the_clock_the_zone_and_the_format_can_be_set() {
    let done = run("info zoho.currenttime;\ninfo zoho.currentdate;\ninfo zoho.loginuser;")
        .args([
            "--now",
            "2024-02-29T20:00:00Z",
            "--timezone",
            "Asia/Kolkata",
            "--as",
            "amy",
        ])
        .exits(0);
    done.stdout("01-Mar-2024 01:30:00\n01-Mar-2024\namy\n");
    let done = run("info zoho.currentdate;")
        .args(["--now", "2024-02-29T20:00", "--date-format", "yyyy-MM-dd"])
        .exits(0);
    done.stdout("2024-02-29\n");
}

#[test]
fn the_limits_of_zoho_stop_a_run_and_tell_how_close_it_came() {
    run("info 1;")
        .args(["--limits", "zoho"])
        .exits(0)
        .stdout("1\n")
        .says("used 1 of 5000 statements");
    let endless = "a = 1;\nwhile(true)\n{\n a = a + 1;\n}";
    run(endless).args(["--limits", "zoho"]).exits(3).says("DG0451");
}

#[test]
fn check_tells_every_file_and_sums_up() {
    let folder = Folder::new();
    folder.file("a.dg", "info 1;");
    folder.file("deep/b.ds", "x = 1 +;");
    folder.file("deep/c.deluge", "info total;");
    folder.file("notes.txt", "not a script");
    folder.file("d.dg", [b'x', b' ', 0xFF]);
    let done = Dg::new("check").arg(folder.path()).exits(2);
    let done = done
        .says("checked 4 files: 2 errors, 1 warning")
        .shows("byte 3 is 0xFF")
        .shows("b.ds:1:8");
    done.shows("nothing assigns `total`");
}

#[test]
fn check_knows_declared_inputs_and_may_deny_warnings() {
    let check = |flags: &[&str]| {
        Dg::new("check")
            .arg("-")
            .args(flags)
            .stdin("userName = \"a\";\ninfo username;\ninfo message;")
    };
    let done = check(&["--inputs", "message"]).exits(0);
    done.shows("there is a variable of a similar name: `userName`")
        .says("0 errors, 1 warning");
    check(&["--deny-warnings"]).exits(2);
    check(&["--deny-warnings", "--inputs", "message,username"])
        .exits(0)
        .stdout("");
    check(&["--deny-warnings", "--syntax-only"]).exits(0).stdout("");
    Dg::new("check").arg("nowhere").exits(1).shows("cannot read `nowhere`");
}

#[test]
fn an_empty_file_is_a_script_that_does_nothing() {
    for text in ["", "\n\n", "// only a comment", "\u{feff}"] {
        run(text).exits(0).stdout("");
        Dg::new("check").arg("-").stdin(text).exits(0);
    }
    run("\u{feff}info 1;").exits(0).stdout("1\n");
}

#[test]
fn text_that_is_not_utf8_is_told_at_its_byte() {
    let script: &[u8] = b"info \"caf\xE9\";";
    Dg::new("run")
        .arg("-")
        .stdin(script)
        .exits(2)
        .says("error[DG0110]")
        .says("byte 10 is 0xE9")
        .says("<stdin>:1:10");
    let utf16: Vec<u8> = "info 1;".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_mark = [&[0xFF, 0xFE], utf16.as_slice()].concat();
    Dg::new("run").arg("-").stdin(with_mark).exits(2).says("UTF-16");
}

#[test]
fn a_script_of_ten_megabytes_runs() {
    let mut script = String::with_capacity(11 << 20);
    script.push_str("x = 0;\n");
    while script.len() < 10 << 20 {
        script.push_str(
            "if(x < 0)\n{\n\tinfo \"never \" + x + \" of a long line of text that is here to fill the file\";\n}\n",
        );
    }
    script.push_str("info x;\n");
    run(&script).exits(0).stdout("0\n");
    script.push_str("info 1 +;");
    run(&script).exits(2).says("DG0101");
}

#[test]
fn an_endless_line_with_an_error_is_cut() {
    let script = format!("x = \"{}\" + ;", "a".repeat(1 << 20));
    for format in ["plain", "pretty"] {
        let done = run(&script).args(["--error-format", format]).exits(2);
        assert!(done.stderr.len() < 4_000, "{} bytes", done.stderr.len());
    }
}

#[test]
fn absurd_nesting_is_an_error_with_a_place() {
    for (open, close) in [("(", ")"), ("{", "}"), ("[", "]"), ("!", ""), ("-", "")] {
        let script = format!("x = {}1{};", open.repeat(100_000), close.repeat(100_000));
        let done = run(&script).exits(2);
        done.says("<stdin>:1:");
    }
}

#[test]
fn colours_are_for_terminals_alone() {
    let done = run("info 1 +;")
        .args(["--error-format", "pretty"])
        .env("CLICOLOR_FORCE", "1")
        .exits(2);
    assert!(!done.stderr.contains('\u{1b}'), "{}", done.stderr);
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let mut child = run("while(true)\n{\n info \"yes\";\n}").spawn();
    let mut first = [0; 4];
    child
        .stdout
        .take()
        .expect("a pipe")
        .read_exact(&mut first)
        .expect("a line");
    let output = child.wait_with_output().expect("dg ends");
    let done = Done::of(&output);
    assert_eq!((done.status, &first), (0, b"yes\n"));
    assert!(!done.stderr.contains("error"), "{}", done.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("/dev/full");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dg"));
    let output = command.args(["explain", "201"]).stdout(full).output().expect("dg ends");
    let done = Done::of(&output);
    assert_eq!(done.status, 1);
    done.says("cannot write to standard output");
}

#[cfg(unix)]
#[test]
fn an_interrupt_stops_a_run_and_says_where() {
    let mut child = run("info \"started\";\nx = 0;\nwhile(true)\n{\n x = x + 1 - 1;\n}").spawn();
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe"))
        .read_line(&mut line)
        .expect("a line");
    assert_eq!(line, "started\n");
    let number = child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-INT", &number])
        .status()
        .expect("kill runs");
    assert!(sent.success());
    let done = Done::of(&child.wait_with_output().expect("dg ends"));
    assert_eq!(done.status, 130, "{}", done.stderr);
    done.says("DG0457");
}

#[test]
fn doc_shows_one_built_in_or_all() {
    Dg::new("doc")
        .arg("LEFTPAD")
        .exits(0)
        .shows("text.leftpad(")
        .shows("See https://www.zoho.com/deluge/help/");
    Dg::new("doc").arg("text.trim").exits(0).shows("trim");
    Dg::new("doc").arg("lefPad").exits(1).says("`dg doc leftpad`");
    Dg::new("doc").exits(0).shows("Dates and times").shows("leftpad");
    Dg::new("doc").arg("map.get").exits(0).shows("map.get(key)");
    Dg::new("doc").arg("map.leftPad").exits(1).says("no built-in is named");
}

#[test]
fn doc_searches_and_writes_the_whole_reference() {
    Dg::new("doc")
        .args(["--search", "weekend"])
        .exits(0)
        .shows("date.addBusinessDay(");
    Dg::new("doc")
        .args(["--search", "frobnicate"])
        .exits(1)
        .says("no built-in has `frobnicate`");
    Dg::new("doc")
        .arg("--markdown")
        .exits(0)
        .shows("## Maps")
        .shows("### leftpad")
        .shows("[Help page](https://");
    let done = Dg::new("doc").arg("--json").exits(0);
    let entries: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    assert!(entries.as_array().is_some_and(|entries| entries.len() > 200));
    let done = Dg::new("doc").args(["toXml", "--json"]).exits(0);
    let entries: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(entries[0]["name"], "toXml");
    Dg::new("doc")
        .args(["trim", "--markdown"])
        .exits(1)
        .says("cannot be used with");
}

#[test]
fn help_shows_examples_first_and_commands_in_groups() {
    let done = Dg::new("help").exits(0);
    let order = [
        "Usage: dg",
        "Examples:",
        "Scripts:",
        "  run   ",
        "Access to APIs:",
        "Your shell:",
        "Options:",
    ];
    let places: Vec<Option<usize>> = order.iter().map(|part| done.stdout.find(part)).collect();
    assert!(places.is_sorted() && places[0].is_some(), "{}", done.stdout);
    let done = Dg::new("run").arg("--help").exits(0);
    let examples = done.stdout.find("Examples:").expect("examples");
    assert!(
        examples < done.stdout.find("--arg <NAME=VALUE>\n").expect("flags"),
        "{}",
        done.stdout
    );
}

#[test]
fn mistyped_commands_and_flags_are_named_with_the_nearest_one() {
    Dg::new("cehck").exits(1).says("'check'");
    Dg::new("run").args(["-", "--offlin"]).exits(1).says("'--offline'");
}

#[test]
fn shells_and_man_get_what_they_need() {
    for shell in ["bash", "zsh", "fish"] {
        Dg::new("completions").arg(shell).exits(0).shows("connections");
    }
    Dg::new("man").exits(0).shows(".TH dg 1").shows("Examples");
    let folder = Folder::new();
    Dg::new("man").arg(folder.path()).exits(0);
    assert!(folder.path().join("dg-connections-create.1").exists());
}

#[test]
fn a_traced_run_tells_each_statement_with_its_values() {
    let done = run("total = 1;\nfor each n in {2,3}\n{\n\ttotal = total + n;\n}\ninfo total;\nm = Map();\nm.put(\"a\", m.size());\nx = 1 / 0;")
        .arg("--trace")
        .exits(3);
    let traced: Vec<&str> = done
        .stderr
        .lines()
        .take_while(|line| line.starts_with("<stdin>"))
        .collect();
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let traced: Vec<String> = traced.into_iter().map(words).collect();
    assert_eq!(
        traced,
        [
            "<stdin>:1 total = 1; → total = 1",
            "<stdin>:2 for each n in {2,3}",
            "<stdin>:4 total = total + n; total = 1, n = 2 → total = 3",
            "<stdin>:4 total = total + n; total = 3, n = 3 → total = 6",
            "<stdin>:6 info total; total = 6",
            "<stdin>:7 m = Map(); → m = Map()",
            "<stdin>:8 m.put(\"a\", m.size()); m = Map() → m = {\"a\": 0}",
            "<stdin>:9 x = 1 / 0; → failed",
        ]
    );
    assert_eq!(done.stdout, "6\n");
}

#[test]
fn a_trace_shows_what_stands_in_a_block_or_a_called_function_further_right() {
    let script = "int twice(int n)\n{\n\treturn n * 2;\n}\nfor each n in {1}\n{\n\tif(n == 1)\n\t{\n\t\tx = twice(n);\n\t}\n}\ny = 1;";
    let done = run(script).arg("--trace").exits(0);
    let statement = |line: &str| line[..line.len().min(40)].trim_end().to_owned();
    let traced: Vec<String> = done.stderr.lines().map(statement).collect();
    assert_eq!(
        traced,
        [
            "<stdin>:5    for each n in {1}",
            "<stdin>:7      if(n == 1)",
            "<stdin>:3          return n * 2;",
            "<stdin>:9        x = twice(n);",
            "<stdin>:12   y = 1;",
        ]
    );
}
