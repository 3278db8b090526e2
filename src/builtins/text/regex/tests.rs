use proptest::prelude::*;

use super::search::Search;
use super::*;

/// Whether a pattern matches a whole text.
fn whole(pattern: &str, text: &str) -> bool {
    let options = Options {
        whole: true,
        ..Options::default()
    };
    let pattern = Pattern::compile(pattern, options, text).unwrap_or_else(|error| panic!("{pattern}: {error}"));
    pattern.matches(text).unwrap()
}

/// Every match replaced, as `replaceAll` of Java does.
fn replaced(pattern: &str, text: &str, with: &str) -> Result<String, String> {
    replaced_within(1 << 23, pattern, text, with)
}

fn replaced_within(steps: u64, pattern: &str, text: &str, with: &str) -> Result<String, String> {
    let pattern = Pattern::compile(pattern, Options::default(), text).map_err(|error| error.to_string())?;
    let replacement = Replacement::read(with, &pattern)?;
    let mut search = Search::within(&pattern, text, steps);
    search.with_groups(replacement.has_groups());
    let (mut out, mut copied) = (String::new(), 0);
    while let Some(found) = search.next().map_err(|error| error.to_string())? {
        out.push_str(&text[copied..found.range.start]);
        replacement.append(&found, text, &mut out);
        copied = found.range.end;
    }
    Ok(out + &text[copied..])
}

#[track_caller]
fn gives(pattern: &str, text: &str, with: &str, expected: &str) {
    assert_eq!(
        replaced(pattern, text, with).as_deref(),
        Ok(expected),
        "{pattern:?} in {text:?}"
    );
}

#[test]
fn short_classes_are_ascii() {
    for (pattern, yes, no) in [
        (r"\d", "7", "٣"),
        (r"\w+", "az_09", "é"),
        (r"\W", "é", "e"),
        (r"\s+", " \t\n\x0B\x0C\r", "\u{A0}"),
        (r"\S", "\u{A0}", " "),
        (r"\h+", " \t\u{A0}\u{3000}", "\n"),
        (r"\H", "\n", "\t"),
        (r"\v+", "\n\x0B\x0C\r\u{85}\u{2028}", " "),
        (r"[\w-.]+", "a-b.c", "é"),
        (r"[^\d\s]+", "aé", "a b"),
        (r"(?U)\w+\d", "é٣", "-"),
        (r"\p{Alpha}\p{Punct}", "a!", "é!"),
        (r"\p{Lower}\P{Upper}", "ab", "aB"),
        (r"\p{L}\p{Lu}\pN", "éÉ½", "1É½"),
        (r"\p{IsLatin}\p{IsAlphabetic}\p{IsDigit}", "éß٣", "яß3"),
        (r"\p{InCyrillic}\p{javaLowerCase}\p{script=Greek}", "Ябγ", "яБγ"),
        (r"[\p{L}&&[^a-c]]+", "déf", "abc"),
        (r"[a-d[m-p]]+", "admp", "e"),
        (r"[a-z&&[def]]+", "fed", "abc"),
        (r"[]a]+", "]a", "b"),
        (r"[a^-]+", "-^a", "b"),
        (r"[\x41-\u0043\t]+", "AB\tC", "D"),
        (r"[\uD83C-\uDBFF\uDC00-\uDFFF]+", "😀", "a"),
        (r"\uD83D\uDE00\x{1F600}", "😀😀", "😀"),
        (r"\101\060\0101\cA\e", "", "x"),
    ] {
        if !yes.is_empty() {
            assert!(whole(pattern, yes), "{pattern} has to match {yes:?}");
        }
        assert!(!whole(pattern, no), "{pattern} must not match {no:?}");
    }
    assert!(whole(r"\0101\cA\e\0377\x{e9}", "A\u{1}\u{1B}ÿé"));
}

#[test]
fn dots_and_anchors_know_five_line_breaks() {
    for line_break in ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"] {
        assert!(!whole(".", line_break) && whole("(?s).", line_break));
        gives("b$", &format!("ab{line_break}"), "x", &format!("ax{line_break}"));
        gives(r"b\Z", &format!("ab{line_break}"), "x", &format!("ax{line_break}"));
        gives(r"b\z", &format!("ab{line_break}"), "x", &format!("ab{line_break}"));
        gives(
            "(?m)^",
            &format!("a{line_break}b{line_break}"),
            ">",
            &format!(">a{line_break}>b{line_break}"),
        );
        gives("(?m)$", &format!("a{line_break}b"), ";", &format!("a;{line_break}b;"));
    }
    gives("$", "a\r\n", ";", "a;\r\n;");
    gives("$", "a\n\n", ";", "a\n;\n;");
    gives("(?m)$", "a\r\nb", ";", "a;\r\nb;");
    gives("(?m)^", "a\r\nb", ">", ">a\r\n>b");
    gives("(?d)b$", "b\r", "x", "b\r");
    assert!(whole("(?d).", "\r") && whole("^a$", "a") && !whole("^a$", "a\n"));
    gives(r"\R", "a\r\nb\nc\u{2028}", "|", "a|b|c|");
}

#[test]
fn groups_look_arounds_and_references_work() {
    gives(r"(\d+)-(\d+)", "10-20", "$2:$1", "20:10");
    gives(
        r"(?<year>\d{4})-(?<month>\d\d)",
        "2024-05",
        "${month}/${year}$2",
        "05/202405",
    );
    gives(r"(?<=\d)(?=(\d{3})+$)", "1234567", ",", "1,234,567");
    gives(r"(a)|b", "ab", "[$1]", "[a][]");
    gives(r"(\w)\1", "aabbc", "<$1>", "<a><b>c");
    gives("(?<q>['\"])x\\k<q>", "'x' 'x\"", "y", "y 'x\"");
    gives(r"(a)\10", "aa0", "-", "-");
    gives(r"x\2", "x2", "-", "x2");
    gives(r"(?>a+)b|a++c|a{2}+", "aab aac aa", "-", "- - -");
    gives(r"(?i)zOhO(?-i)C", "ZOHOC zohoc", "-", "- zohoc");
    gives(r"((?i)a)a", "Aa AA", "-", "- AA");
    gives("(?x) a b # two letters\n c", "abc", "-", "-");
    gives("(?x)[a b]+", "ab a", "-", "- -");
    gives(r"a*", "baaac", "-", "-b--c-");
    gives("", "ab😀", "-", "-a-b-😀-");
    gives(r"\Ga", "aab a", "-", "--b a");
    gives(r"\Q1+1\E=2", "1+1=2", "ok", "ok");
    gives(r"\Q.*", "a.*b", "", "ab");
    gives("{{name}}", "Dear {{name}}", "Ann", "Dear Ann");
    gives(r"\{\{name}}", "Dear {{name}}", "Ann", "Dear Ann");
    gives("[\\[\\]\"]", "[\"a\"]", "", "a");
    gives(r"(?s)<!--.*?-->", "a<!-- \n -->b", "", "ab");
    gives("x{2,3}?", "xxxx", "-", "--");
}

/// What Java 17 gives for each of these.
#[test]
fn what_no_automaton_can_tell_is_as_in_java() {
    for (pattern, text, with, expected) in [
        // Quantifiers behind what matches nothing.
        ("(?=a)*b", "ab", "-", "a-"),
        ("(?=a){2}a", "ab", "-", "-b"),
        ("(?=(a))*a", "aab", "[$1]", "[a][a]b"),
        ("(?=(a)){0}a", "ab", "[$1]", "[]b"),
        ("(?=(a))??a", "ab", "[$1]", "[]b"),
        ("(?=(a))?+a", "ab", "[$1]", "[a]b"),
        ("(?!a)*b", "ab", "-", "a-"),
        ("^*a", "aab", "-", "--b"),
        (r"\b+a", "a a", "-", "- -"),
        ("(?:){3}a", "a", "-", "-"),
        ("(?:(?:(?<=a)|^)){1,2}b", "abb", "-", "a-b"),
        // A repetition behind a repetition repeats nothing.
        ("x*+{2}", "xxaxx", "-", "--a--"),
        ("x{2}{3}", "xxxxxxx", "-", "---x"),
        ("a|{2}", "aab", "-", "---b-"),
        ("({2}a)", "ab", "-", "-b"),
        // Groups in loops, empty turns among them.
        ("(?=a)(a?)*b", "aab", "[$1]", "[]"),
        ("(?:(a)|b)*(?=c)", "abc", "[$1]", "[a][]c"),
        ("((a)|b)*(?=c)", "abc", "[$1,$2]", "[b,a][,]c"),
        ("(?=.)(a|ab)(c|bcd)(d*)", "abcd", "[$1,$2,$3]", "[a,bcd,]"),
        ("(?>a{0,2}){2,3}b", "aaaab", "-", "-"),
        ("(?=a)(?:ab){2,}?c", "ababac ababc", "-", "ababac -"),
        // Looking back, the nearest first.
        ("(?<=(a|bc))d", "adbcd", "[$1]", "a[a]bc[bc]"),
        ("(?<=^|,)x", "x,x", "-", "-,-"),
        ("(?<!a{2,4})b", "aab ab", "-", "aab a-"),
        ("(?<=a*)b", "aab", "-", "aa-"),
        // Where the last match ended, empty ones among them.
        (r"\G", "ab", "-", "-ab"),
        (r"(?<=\G..)", "abcdef", "-", "ab-cd-ef-"),
        (r"\G(?=a)", "aa", "-", "-aa"),
        (r"(?!\G)a", "aaa", "-", "a-a"),
        (r"(\w)(?:\1)?+b", "aab ab", "-", "- -"),
        (r"(?i)(a)\1", "aA", "-", "-"),
    ] {
        gives(pattern, text, with, expected);
    }
    let told = replaced(r"a\N{DIGIT ONE}", "1", "").unwrap_err();
    assert!(
        told.contains(r"\N` is not supported") && told.ends_with("near index 2"),
        "{told}"
    );
}

#[test]
fn replacements_are_read_as_java_reads_them() {
    gives("a", "a", r"\$1\\", r"$1\");
    gives("(a)", "a", "$10", "a0");
    gives("a", "a", "$0$0", "aa");
    for (with, why) in [
        ("$1", "no group 1"),
        ("$", "illegal group reference"),
        ("$x", "illegal group reference"),
        ("${x}", "no group with name {x}"),
        ("${x", "missing trailing '}'"),
        ("\\", "character to be escaped is missing"),
    ] {
        let error = replaced("a", "a", with).unwrap_err();
        assert!(error.contains(why), "{with}: {error}");
    }
}

#[test]
fn malformed_patterns_are_told_with_their_place() {
    for (pattern, told) in [
        ("(", "unclosed group near index 0"),
        ("a)", "unmatched closing ')' near index 1"),
        ("a(b(c)", "unclosed group near index 1"),
        ("*a", "dangling meta character '*' near index 0"),
        ("a|+", "dangling meta character '+' near index 2"),
        ("a**", "dangling meta character '*' near index 2"),
        ("[a", "unclosed character class near index 0"),
        ("[]", "unclosed character class near index 0"),
        ("[z-a]", "illegal character range near index 1"),
        ("a{3,2}", "illegal repetition range near index 1"),
        (r"\y", "illegal escape sequence `\\y` near index 1"),
        ("a\\", "a backslash at the end near index 1"),
        (r"\p{NoSuch}", ""),
        (
            r"\p{no such!}",
            "unknown character property name {no such!} near index 2",
        ),
        (r"\k<no>", "a reference to a group that there is not near index 0"),
        ("(?<1>a)", "a group has no proper name near index 0"),
        ("(?<a>a)(?<a>b)", "the name a is given to two groups near index 7"),
        ("(?q)a", "unknown inline modifier near index 0"),
        (r"\xZ", "illegal hexadecimal escape sequence near index 1"),
        (r"\u12", "illegal Unicode escape sequence near index 1"),
    ] {
        let error = Pattern::compile(pattern, Options::default(), "").err();
        let error = error.unwrap_or_else(|| panic!("{pattern} is taken")).to_string();
        assert!(error.contains(told), "{pattern}: {error}");
    }
}

#[test]
fn plain_texts_build_no_engine() {
    for (pattern, literal) in [
        ("abc", "abc"),
        (r"a\.b\\", r"a.b\"),
        (r"\Qa+\E{x", "a+{x"),
        ("", ""),
        ("é 😀", "é 😀"),
    ] {
        let pattern = Pattern::compile(pattern, Options::default(), "").unwrap();
        assert_eq!(pattern.literal(), Some(literal));
    }
    for pattern in ["a.", "a+", "(a)", "(?i)a", "^a", "a|b", "[a]"] {
        assert!(
            Pattern::compile(pattern, Options::default(), "")
                .unwrap()
                .literal()
                .is_none()
        );
    }
    let first = Pattern::compile("a+", Options::default(), "").unwrap();
    assert!(Rc::ptr_eq(
        &first,
        &Pattern::compile("a+", Options::default(), "x").unwrap()
    ));
    for index in 0..2 * KEPT {
        Pattern::compile(&format!("a{index}+"), Options::default(), "").unwrap();
    }
    assert_eq!(RECENT.with_borrow(|recent| recent.0.len()), KEPT);
}

#[test]
fn hostile_patterns_stop_within_their_steps() {
    let letters = "a".repeat(1 << 20) + "!";
    for pattern in [
        "(a+)+$",
        "(a|aa)+$",
        "(a*)*b",
        r"(?:a+)+\1?b()",
        "(?=a*b)",
        "(a+)+(?=b)",
        "(.*)(.*)(.*)(.*)x(?=y)",
        "(?<=a+b)c",
        "(?!a*!)a",
        "(?=(a+))b",
        "((a{1,1000}){1,1000}){1,1000}b",
    ] {
        let text = letters.clone() + "\n";
        match replaced_within(1 << 20, pattern, &text, "-") {
            Ok(unchanged) => assert!(unchanged.len() >= text.len(), "{pattern}"),
            Err(error) => assert_eq!(error, "it takes too long on this text", "{pattern}"),
        }
    }
    let deep = "(".repeat(100_000);
    assert!(Pattern::compile(&deep, Options::default(), "").is_err());
    assert!(Pattern::compile(&"[".repeat(50_000), Options::default(), "").is_err());
    assert!(Pattern::compile(&"a".repeat(LONGEST + 1), Options::default(), "").is_err());
}

#[test]
fn many_dear_matches_are_bounded_together() {
    // Each match alone takes half a million steps; there are thousands.
    let pattern = r"(?:a|a){18}b(?=c)|a";
    let error = replaced(pattern, &"a".repeat(5000), "-").unwrap_err();
    assert_eq!(error, "it takes too long on this text");
    // Each runs over the whole text for a match of one letter: the automaton alone would take a day.
    let error = replaced_within(1 << 20, "a.*b|a", &"a".repeat(1 << 20), "-").unwrap_err();
    assert_eq!(error, "it takes too long on this text");
    // Cheap ones may be as many as there are.
    let text = "word, ".repeat(50_000);
    assert_eq!(replaced(r"\w+(?=,)", &text, "x").unwrap().len(), 50_000 * 3);
    let prose = "lorem ipsum dolor sit amet ".repeat(4000);
    assert_eq!(replaced(r"[a-z]+(?=@)", &prose, "x").unwrap(), prose);
}

proptest! {
    /// A quoted text is found exactly where plain search finds it.
    #[test]
    fn quoted_texts_are_plain(text in "[a.+*\\\\\\[\\](){}^$|?#é😀 \n-]{0,12}", wanted in "[a.+*\\\\\\[\\](){}^$|?#é -]{1,3}") {
        let escaped: String = wanted.chars().map(|sign| {
            if sign.is_ascii_alphanumeric() || !sign.is_ascii() { sign.to_string() } else { format!("\\{sign}") }
        }).collect();
        let with_engine = format!("(?:{escaped})");
        prop_assert_eq!(replaced(&escaped, &text, "-").unwrap(), text.replace(&wanted, "-"));
        prop_assert_eq!(replaced(&with_engine, &text, "-").unwrap(), text.replace(&wanted, "-"));
    }

    /// Inside the part that both flavours share, the translation changes nothing.
    #[test]
    fn shared_syntax_keeps_its_meaning(pattern in "([abc]|[ab]\\*|\\(a\\|b\\)|\\[ab\\]|\\[\\^a\\]|b\\+\\?|c\\?|\\(\\?:bc\\)\\*|a\\{1,2\\}){1,5}", text in "[abcd]{0,10}") {
        let plain = Regex::new(&pattern).unwrap();
        let expected = plain.find(&text).unwrap().map(|found| found.range());
        let pattern = Pattern::compile(&pattern, Options::default(), &text).unwrap();
        let found = Search::new(&pattern, &text).next().unwrap().map(|found| found.range);
        prop_assert_eq!(found, expected.clone());
        // An automaton finds what the machine finds.
        if let Program::Engine(engine) = &pattern.program {
            let mut attempts = attempt::Attempts::new(engine.machine().unwrap(), &text, 1 << 20);
            let found = attempts.find(0, 0).ok().flatten().map(|places| places[0]..places[1]);
            prop_assert_eq!(found, expected);
        }
    }

    /// No pattern and no text makes a fault, whatever they are.
    #[test]
    fn no_pattern_is_a_fault(pattern in "[a-c0-2()\\[\\]{}?*+|^$.\\\\,:=!<>&#dwsQEpPbkRxu-]{0,14}", text in "[a-c0\n\r é😀]{0,8}") {
        let _ = replaced(&pattern, &text, "<$0>");
        let _ = replaced("b", &text, &pattern);
    }
}
