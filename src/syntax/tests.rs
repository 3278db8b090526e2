//! What parses to what, what is said about the rest, and that nothing makes the parser fall over.

use super::dump::dump;
use super::{Parsed, Profile, parse};
use crate::diagnostic::{Code, Severity};
use crate::source::SourceId;

mod corpus;
mod printed;
mod robust;
mod slips;

fn read(text: &str) -> Parsed {
    parse(text, SourceId(0), Profile::Standard)
}

/// Parses without an error and gives this tree.
fn check(text: &str, expected: &str) {
    let parsed = read(text);
    let errors: Vec<_> = parsed
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{text}\n{errors:#?}");
    assert!(!parsed.incomplete, "{text}");
    assert_eq!(dump(text, &parsed.script), expected, "{text}");
}

/// Gives exactly one error, of this code, at this text, with these words in its title.
fn check_error(text: &str, code: Code, at: &str, words: &str) {
    let parsed = read(text);
    let errors: Vec<_> = parsed
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .collect();
    let [error] = errors.as_slice() else {
        panic!("{text}\n{errors:#?}")
    };
    let place = error.at.map(|at| &text[at.span.range()]);
    assert_eq!((error.code, place), (code, Some(at)), "{text}\n{error:#?}");
    assert!(error.title.contains(words), "{text}\n{}", error.title);
}

/// The constructs of real scripts, in the order in which the survey of them lists the odd ones.
pub(super) const SAMPLES: &[(&str, &str)] = &[
    (
        "if(code == 200 || code = 201)\n{\n}",
        "(if (|| (== code 200) (= code 201)) {})",
    ),
    (
        "r = F[ID = input.X && Who == zoho.loginuser];",
        "(= r F[(&& (= ID input.X) (== Who zoho.loginuser))])",
    ),
    ("y = if(a == \"\",b,if(c,d,e));", "(= y (?: (== a \"\") b (?: c d e)))"),
    ("if(a,b,c);", "(?: a b c)"),
    ("row.Model:ui.add(years);", "(row.Model:ui.add! years)"),
    (
        "sendmail\n[\n from :zoho.adminuserid\n to :\"a@x.org\",\"b@x.org\"\n Attachments :file:pdf1,file:pdf2\n]\ninfo 1;",
        "(sendmail from=zoho.adminuserid to=\"a@x.org\",\"b@x.org\" Attachments=file:pdf1,file:pdf2) (info 1)",
    ),
    ("a = List:String({x,y});", "(= a (List:String! (list x y)))"),
    ("m = Map:String();", "(= m (Map:String!))"),
    (
        "c = Collection(\"crm\" : \"5\",\"mail\" : \"4\");",
        "(= c (Collection! \"crm\":\"5\" \"mail\":\"4\"))",
    ),
    (
        "list:float f(list:int a, int i)\n{\n return a;\n}",
        "list:float f(list:int a, int i) {(return a)}",
    ),
    ("void Ns.f(Nuevo_Cliente c)\n{\n}", "void Ns.f(Nuevo_Cliente c) {}"),
    ("int f(int n){ return input.n; }", "int f(int n) {(return input.n)}"),
    ("string f()\n{\n return \"\";\n}", "string f() {(return \"\")}"),
    (
        "for each  r in F[A == 1] sort by B desc range from 1 to 5\n{\n}",
        "(for r (fetch F[(== A 1)] -B 1..5) {})",
    ),
    ("x = F[A == 1] sort by B, C desc;", "(= x (fetch F[(== A 1)] +B -C))"),
    (
        "x = F[A == 1] range from 0 to n + 1;",
        "(= x (fetch F[(== A 1)] 0..(+ n 1)))",
    ),
    ("x = F[A == 1].Name.getAll();", "(= x (F[(== A 1)].Name.getAll!))"),
    ("if(F[A == x].count() != 0) { }", "(if (!= (F[(== A x)].count!) 0) {})"),
    (
        "id = insert into F\n[\n A=1\n B.c = x + 1\n];",
        "(= id (insert F A=1 B.c=(+ x 1)))",
    ),
    (
        "insert into F [A=\"x\" B=\"y\" C=-z]\ninfo 1;",
        "(insert F A=\"x\" B=\"y\" C=(neg z)) (info 1)",
    ),
    (
        "insert into F [info=1 return=2 if = 3];",
        "(insert F info=1 return=2 if=3)",
    ),
    ("delete from F[ID == 1];", "(delete from F[(== ID 1)])"),
    (
        "r = F.Sub(); r.A = 1; input.Sub.insert(r);",
        "(= r (F.Sub!)) (= r.A 1) (input.Sub.insert! r)",
    ),
    (
        "hide A; show Sub.B; disable C; clear D;",
        "(hide A) (show Sub.B) (disable C) (clear D)",
    ),
    ("cancel submit; Cancel Delete;", "(cancel submit) (cancel delete)"),
    ("alert \"x\"; alert(Field,\"x\");", "(alert \"x\") (alert! Field \"x\")"),
    ("success message \"done\" + x;", "(success message (+ \"done\" x))"),
    (
        "sendmail [ reply to :a content type :HTML from : b ];",
        "(sendmail reply to=a content type=HTML from=b)",
    ),
    (
        "r = F[Level in levels && Role in roles];",
        "(= r F[(&& (in Level levels) (in Role roles))])",
    ),
    ("if(x not in xs) { }", "(if (not in x xs) {})"),
    (
        "r = F[Until is null || Until is not null];",
        "(= r F[(|| (is Until null) (is not Until null))])",
    ),
    (
        "r = F[Name contains \"a\" && Name.startsWith(\"b\")];",
        "(= r F[(&& (like Name \"a\") (Name.startsWith! \"b\"))])",
    ),
    (
        "n = leftpad(\"1\",9).replaceAll(\" \",\"1,\").toList();",
        "(= n (((leftpad! \"1\" 9).replaceAll! \" \" \"1,\").toList!))",
    ),
    (
        "for each index i in \"\".leftpad(50).toList(\"\") { }",
        "(for-index i ((\"\".leftpad! 50).toList! \"\") {})",
    ),
    (
        "for each n in {6,5,4} { }\nfor each n in [1,2] { }",
        "(for n (list 6 5 4) {}) (for n (list 1 2) {})",
    ),
    (
        "m = {\"inputs\":[{\"type\":\"text\"}],\"e\":{},\"l\":[]};",
        "(= m (map \"inputs\":(list (map \"type\":\"text\")) \"e\":empty \"l\":(list)))",
    ),
    (
        "r = zoho.crm._searchRecords(\"Leads\",\"(Email|=|\" + e + \")\");",
        "(= r (zoho.crm._searchRecords! \"Leads\" (+ (+ \"(Email|=|\" e) \")\")))",
    ),
    ("ms = (endDate - startDate);", "(= ms <(- endDate startDate)>)"),
    (
        "if(x == TRUE) { return True; } y = Null;",
        "(if (== x true) {(return true)}) (= y null)",
    ),
    ("i = j + \"Subtasks:\".length();", "(= i (+ j (\"Subtasks:\".length!)))"),
    (
        "x = invokeurl\n[\n url :\"http://a/\" + p // where\n type :GET\n content-type : \"a\"\n connection:\"c\"\n];",
        "(= x (invokeurl url=(+ \"http://a/\" p) type=GET content-type=\"a\" connection=\"c\"))",
    ),
    (
        "invokeUrl [ url: u type: POST headers: {\"a\":b} ]\nx = 1;",
        "(invokeUrl url=u type=POST headers=(map \"a\":b)) (= x 1)",
    ),
    (
        "r = invokeapi [ service :x path :\"p\" type :GET connection:\"c\" ];",
        "(= r (invokeapi service=x path=\"p\" type=GET connection=\"c\"))",
    ),
    (
        "info 9.sqrt(); info 10.1.ceil(); info 218.5.round(0);",
        "(info (9.sqrt!)) (info (10.1.ceil!)) (info (218.5.round! 0))",
    ),
    ("info .45 + 0.55;", "(info (+ .45 0.55))"),
    (
        "try { throw \"a\"; } catch (e) { info e.message; }",
        "(try {(throw \"a\")} e {(info e.message)})",
    ),
    ("try { a = 1; }", "(try {(= a 1)})"),
    ("Try { a = 1; } catch { }", "(try {(= a 1)} _ {})"),
    ("while(a < 3) { a += 1; }", "(while (< a 3) {(+= a 1)})"),
    ("x[i] = m[\"k\"] + l[0];", "(= x[i] (+ m[\"k\"] l[0]))"),
    ("{ a = 1; { b = 2; } }", "{(= a 1) {(= b 2)}}"),
    ("{\"a\":1};", "(map \"a\":1)"),
    (";;a = 1;;", "(= a 1)"),
    ("return;", "return"),
    ("info (7 * 7) + 4;", "(info (+ <(* 7 7)> 4))"),
    (
        "info -x; info +x; info !x && not y;",
        "(info (neg x)) (info (plus x)) (info (&& (! x) (! y)))",
    ),
    ("a = 1 - -1; b = a -1;", "(= a (- 1 (neg 1))) (= b (- a 1))"),
    (
        "if(a) { } // c\n else if(b) { } /* d */ else { x = {\"k\":1}; }",
        "(if a {} b {} else {(= x (map \"k\":1))})",
    ),
    ("info x or y and z;", "(info (|| x (&& y z)))"),
    ("input.A = null = null;", "(= input.A (= null null))"),
    (
        "a = 1 + 2 * 3 - 4 / 5 % 6 == 7 && !b || c < d;",
        "(= a (|| (&& (== (- (+ 1 (* 2 3)) (% (/ 4 5) 6)) 7) (! b)) (< c d)))",
    ),
    (
        "int f(int n)\n{\n return n;\n}\nx = f(1);\nvoid g()\n{\n}",
        "int f(int n) {(return n)} void g() {} (= x (f! 1))",
    ),
];

#[test]
fn constructs_of_real_scripts_parse() {
    for (text, expected) in SAMPLES {
        check(text, expected);
    }
}

#[test]
fn contextual_keywords_are_names_too() {
    let names = [
        "count",
        "url",
        "text",
        "message",
        "list",
        "map",
        "info",
        "type",
        "index",
        "from",
        "to",
        "not",
        "throw",
        "alert",
        "hide",
        "show",
        "clear",
        "reload",
        "cancel",
        "delete",
        "insert",
        "into",
        "sort",
        "range",
        "by",
        "asc",
        "desc",
        "and",
        "or",
        "is",
        "like",
        "contains",
        "ui",
        "file",
        "invokeurl",
        "sendmail",
        "while",
        "string",
        "success",
        "submit",
        "collection",
        "each",
    ];
    for name in names {
        if name == "each" {
            continue;
        }
        check(&format!("{name} = 1;"), &format!("(= {name} 1)"));
        check(&format!("x = {name};"), &format!("(= x {name})"));
        check(&format!("{name}.put(1);"), &format!("({name}.put! 1)"));
        check(&format!("x = a.{name};"), &format!("(= x a.{name})"));
        check(
            &format!("x = {name} + f({name});"),
            &format!("(= x (+ {name} (f! {name})))"),
        );
        check(&format!("for each {name} in x {{ }}"), &format!("(for {name} x {{}})"));
    }
}

#[test]
fn the_profile_decides_between_and_and_or() {
    let text = "x = a || b && c;";
    let tree = |profile| dump(text, &parse(text, SourceId(0), profile).script);
    assert_eq!(tree(Profile::Standard), "(= x (|| a (&& b c)))");
    assert_eq!(tree(Profile::Creator), "(= x (&& (|| a b) c))");
}

#[test]
fn warnings_are_no_errors() {
    let codes = |text: &str| {
        read(text)
            .diagnostics
            .iter()
            .map(|d| (d.code, d.severity))
            .collect::<Vec<_>>()
    };
    let warning = |code| vec![(code, Severity::Warning)];
    assert_eq!(codes("if(a = 1) { info a; }"), warning(Code::EqualsInCondition));
    assert_eq!(codes("if(true) { a = 1 }"), warning(Code::MissingSemicolon));
    assert_eq!(codes("for each x in l { return }"), warning(Code::MissingSemicolon));
    assert_eq!(codes("a = \"one\ntwo\";\ninfo a;"), warning(Code::LineBreakInText));
    assert_eq!(
        codes("x = invokeurl [ url: u, type: GET, ];"),
        vec![(Code::NotPortable, Severity::Warning); 2]
    );
    assert_eq!(codes("\u{FEFF}a\u{A0}=\u{200B}1;\r\n"), vec![]);
}

#[test]
fn an_open_bracket_is_told_with_its_place() {
    let text = "x = f(1 2);";
    let parsed = read(text);
    let also = &parsed.diagnostics[0].also[0];
    assert_eq!(
        (&text[also.at.span.range()], also.text.as_str()),
        ("(", "this `(` is still open")
    );
    let text = "if(a) {\n x = 1;\n";
    let parsed = read(text);
    assert_eq!(parsed.diagnostics[0].also[0].at.span.start, 6);
}

#[test]
fn several_errors_are_told_in_one_pass_and_in_order() {
    let text = "x = 1 + ;\ny = 2;\nz = a b;\nif(c {\n i++;\n}\nw = 3);\n";
    let parsed = read(text);
    let lines: Vec<_> = parsed
        .diagnostics
        .iter()
        .map(|d| text[..d.at.unwrap().span.start as usize].matches('\n').count() + 1)
        .collect();
    assert_eq!(lines, [1, 3, 4, 5, 7], "{:#?}", parsed.diagnostics);
    assert!(!parsed.incomplete);
    let many = "x = 1 + ;\n".repeat(500);
    let parsed = read(&many);
    assert_eq!(parsed.diagnostics.len(), 100);
    assert_eq!(parsed.diagnostics.last().map(|d| d.code), Some(Code::TooManyErrors));
}

#[test]
fn too_early_is_told_from_wrong() {
    for text in [
        "if(true) {",
        "x = 1",
        "x = f(1,",
        "x = invokeurl [ url : \"u\"",
        "x = \"abc",
        "/* abc",
        "void f(int a)",
        "void ns.",
        "for",
        "for each x",
        "for each x in y",
        "try {",
        "x = {\"a\":1, b",
        "x = a.",
        "hide",
        "x = 1 +",
        "row.Model:",
        "x = F[a == 1] sort",
        "string f(list:int",
        "if(a)",
        "if(a) { } else",
        "x = \"one\ntwo",
        "insert into F [ A = 1 B",
    ] {
        assert!(read(text).incomplete, "{text}\n{:#?}", read(text).diagnostics);
    }
    for text in [
        "x = 1;",
        "x = );",
        "a b",
        "x = 1 + ;\nif(a) {",
        "i++; if(a) {",
        "}",
        "if(a) { x = 1 + ; ",
    ] {
        assert!(!read(text).incomplete, "{text}");
    }
}

#[test]
fn an_application_export_is_told_in_one_line() {
    let parsed = read("/*\n * Author\n */\n application \"Shop\"\n {\n  date format = \"dd-MMM-yyyy\"\n }\n");
    assert_eq!(
        parsed.diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(),
        [Code::ApplicationExport]
    );
    assert!(parsed.script.body.is_empty());
    assert!(read("x = application \"a\";").diagnostics[0].code != Code::ApplicationExport);
}

/// Whether a number is too large is seen where its digits are read, after parsing.
#[test]
fn every_example_of_a_syntax_code_provokes_it() {
    for code in Code::ALL
        .iter()
        .filter(|code| code.number() < "DG0200" && **code != Code::NumberTooLarge && !code.example().is_empty())
    {
        let parsed = read(code.example());
        assert!(
            parsed.diagnostics.iter().any(|d| d.code == *code),
            "{code:?}: {:#?}",
            parsed.diagnostics
        );
    }
}

#[test]
fn the_grammar_for_people_has_the_rules_of_the_grammar() {
    let grammar = include_str!("../../grammar/deluge.lalrpop");
    let readme = include_str!("../../grammar/README.md");
    let start = |line: &str| {
        line.split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let rules: Vec<_> = grammar
        .lines()
        .filter(|line| line.contains(": ") && line.contains('=') && !line.starts_with([' ', '/']))
        .map(|line| start(line.trim_start_matches("pub ")))
        .collect();
    let named: Vec<_> = readme
        .lines()
        .filter(|line| line.contains(" ::= "))
        .map(start)
        .collect();
    assert!(named.len() > 20 && rules.len() > 30, "{named:?} {rules:?}");
    for name in &named {
        assert!(rules.contains(name), "`{name}` is in grammar/README.md alone");
    }
    // Rules that exist for the automaton's sake have no place in a text for people.
    let own = [
        "Bad",
        "BadLadder",
        "ItemList",
        "ParameterList",
        "Statements",
        "Ladder",
        "Chain",
        "Compound",
        "Fetch",
        "Entries",
        "Fields",
        "Primary",
    ];
    for rule in rules.iter().filter(|rule| !own.contains(&rule.as_str())) {
        assert!(named.contains(rule), "`{rule}` is missing in grammar/README.md");
    }
}
