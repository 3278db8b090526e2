//! What is printed parses to the same tree, keeps every comment, and prints as itself.

use proptest::prelude::*;

use super::{SAMPLES, read};
use crate::diagnostic::Severity;
use crate::syntax::{dump::dump, print};

/// Asserts all of it for a text without errors.
pub(super) fn check(text: &str) {
    let parsed = read(text);
    let wrong = |told: &crate::diagnostic::Diagnostic| told.severity == Severity::Error;
    assert!(
        !parsed.diagnostics.iter().any(wrong),
        "{text}\n{:#?}",
        parsed.diagnostics
    );
    let printed = print(&parsed.script, text);
    let again = read(&printed);
    assert!(
        !again.diagnostics.iter().any(wrong),
        "{text}\n--- printed\n{printed}\n{:#?}",
        again.diagnostics
    );
    let (before, after) = (dump(text, &parsed.script), dump(&printed, &again.script));
    assert_eq!(before, after, "{text}\n--- printed\n{printed}");
    let comments = |text: &str, script: &crate::syntax::ast::Script| -> Vec<String> {
        script
            .comments
            .iter()
            .map(|at| text[at.range()].trim_end().to_owned())
            .collect()
    };
    assert_eq!(
        comments(text, &parsed.script),
        comments(&printed, &again.script),
        "{text}\n--- printed\n{printed}"
    );
    assert_eq!(print(&again.script, &printed), printed, "{text}");
}

#[test]
fn samples_survive_printing() {
    for (text, _) in SAMPLES {
        check(text);
    }
}

#[test]
fn the_layout_is_the_same_whatever_the_layout_before() {
    for (text, expected) in [
        ("a=1;b  =  2 ;", "a = 1;\nb = 2;\n"),
        ("a = 1;\n\n\n\nb = 2;", "a = 1;\n\nb = 2;\n"),
        (
            "if(a){info 1;}else if(b){}else{info {1,[2],{\"a\":-x}};}",
            "if(a)\n{\n\tinfo 1;\n}\nelse if(b)\n{\n}\nelse\n{\n\tinfo {1,[2],{\"a\":-x}};\n}\n",
        ),
        (
            "r=invokeUrl[url:\"a\"type:GET];",
            "r = invokeUrl\n[\n\turl :\"a\"\n\ttype :GET\n];\n",
        ),
        ("f(invokeurl [ url: a ]);", "f(invokeurl [ url :a ]);\n"),
        (
            "// head\nx = 1; // tail\n/* own */ y = {1, // inside\n2};\nif(a) // why\n{ // first\n b(); // last\n // end\n}\n// else\nelse { }",
            "// head\nx = 1; // tail\n/* own */\n// inside\ny = {1,2};\nif(a)\n{\n\t// why\n\t// first\n\tb(); // last\n\t// end\n}\n// else\nelse\n{\n}\n",
        ),
        (
            "list:int ns.f(list:int a,int b){try{return a;}catch(e){throw e;}}",
            "list:int ns.f(list:int a, int b)\n{\n\ttry\n\t{\n\t\treturn a;\n\t}\n\tcatch (e)\n\t{\n\t\tthrow e;\n\t}\n}\n",
        ),
    ] {
        let parsed = read(text);
        assert_eq!(print(&parsed.script, text), expected);
        check(text);
    }
}

// ---- Generated scripts ----

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "a", "b_1", "count", "info", "list", "map", "to", "Form", "text", "_x",
    ])
    .prop_map(str::to_owned)
}

fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => name(),
        1 => prop::sample::select(vec![
            "0", "42", "9223372036854775807", "1.50", ".5", "null", "TRUE", "false", "\"\"", "\"a\\\"b\\\\\"",
            "\"two\nlines // no comment\"", "'quoted'", "'01-Jan-2024'", "zoho.currentdate", "input.Name", "{}", "[]",
        ]).prop_map(str::to_owned),
    ]
}

/// An expression, its parts loosely laid out; comments stand between some.
fn expression() -> impl Strategy<Value = String> {
    let sign = prop::sample::select(vec![
        "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "and", "or", "in", "not in", "is",
        "contains", "=",
    ]);
    leaf().prop_recursive(4, 40, 4, move |inner| {
        let items = prop::collection::vec(inner.clone(), 0..4);
        let pairs = prop::collection::vec((inner.clone(), inner.clone()), 1..3);
        prop_oneof![
            3 => (inner.clone(), sign.clone(), inner.clone(), any::<bool>())
                .prop_map(|(a, sign, b, gap)| format!("({a} {sign}{}{b})", if gap { " /* why */ " } else { " " })),
            2 => (inner.clone(), prop::sample::select(vec!["+", "-", "*", "==", "&&", "||"]), inner.clone())
                .prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
            1 => (prop::sample::select(vec!["!", "-", "+", "not "]), inner.clone()).prop_map(|(sign, a)| format!("{sign}({a})")),
            1 => inner.clone().prop_map(|a| format!("( {a} )")),
            2 => (name(), items.clone()).prop_map(|(name, items)| format!("{name}.get( {} ).size()", items.join(" , "))),
            1 => (name(), items.clone()).prop_map(|(name, items)| format!("f_{name}({})", items.join(","))),
            1 => [inner.clone(), inner.clone(), inner.clone()].prop_map(|[a, b, c]| format!("if({a},{b},{c})")),
            1 => items.clone().prop_map(|items| format!("{{{}}}", items.join(","))),
            1 => items.prop_map(|items| format!("[{}]", items.join(", "))),
            1 => pairs.prop_map(|pairs| {
                let pairs: Vec<_> = pairs.iter().map(|(key, value)| format!("({key}) : {value}")).collect();
                format!("{{{}}}", pairs.join(","))
            }),
            1 => inner.clone().prop_map(|a| format!("List:String({a})")),
            1 => (name(), inner.clone()).prop_map(|(name, a)| format!("Form_{name}[{a}]")),
            1 => inner.prop_map(|a| format!("invokeurl [ url : {a} content-type:\"x\" /* c */ type :GET ]")),
        ]
    })
}

fn simple() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (name(), prop::sample::select(vec!["=", "+=", "-=", "*=", "/=", "%="]), expression())
            .prop_map(|(name, sign, value)| format!("{name} {sign} {value};")),
        2 => expression().prop_map(|value| format!("info {value};")),
        1 => expression().prop_map(|value| format!("return {value} ;")),
        1 => expression().prop_map(|value| format!("throw {value};")),
        1 => (name(), expression()).prop_map(|(name, value)| format!("{name}.put(\"k\",{value});")),
        1 => (name(), expression()).prop_map(|(name, value)| format!("m_{name}[{value}] = 1;")),
        1 => expression().prop_map(|value| format!("x = Form_a[{value}] sort by a desc, b range from 1 to {value};")),
        1 => expression().prop_map(|value| format!("y = insert into F [ A.first = {value} B = 2 ];")),
        1 => expression().prop_map(|value| format!("sendmail\n[\n from :{value}\n to :{value},{value}\n reply to :1 // why\n Attachments :file:a,file:b\n]")),
        1 => prop::sample::select(vec![
            ";", "return;", "break;", "continue;", "hide A;", "show A.B, C;", "cancel submit;", "alert \"x\";", "a.b:ui.add(1);",
            "delete from F[ID == 1];", "success message \"x\";", "// note", "/* a\n b */", "\n\n", "if(a,b(),c());",
        ]).prop_map(str::to_owned),
    ]
}

fn block() -> impl Strategy<Value = String> {
    simple().prop_recursive(3, 24, 4, |inner| {
        let body = prop::collection::vec(inner, 0..4).prop_map(|body| body.join("\n"));
        prop_oneof![
            2 => (expression(), body.clone(), expression(), body.clone(), body.clone()).prop_map(|(c, a, d, b, e)| {
                format!("if({c}) {{ {a}\n}}\n// between\nelse if({d})\n{{\n{b}\n}} else /* odd */ {{ {e}\n}}")
            }),
            1 => (expression(), body.clone()).prop_map(|(c, a)| format!("if({c}){{{a}\n}} // tail")),
            1 => (name(), expression(), body.clone()).prop_map(|(name, over, a)| format!("for each  {name} in {over}\n{{\n{a}\n}}")),
            1 => (expression(), body.clone()).prop_map(|(over, a)| format!("for each index i in {over} {{\n{a}\n}}")),
            1 => (body.clone(), body.clone()).prop_map(|(a, b)| format!("try {{ {a}\n}} catch (e) {{ {b}\n}}")),
            1 => (expression(), body).prop_map(|(c, a)| format!("while({c}) {{ {a}\n}}")),
        ]
    })
}

fn script() -> impl Strategy<Value = String> {
    let function = (
        prop::sample::select(vec!["void", "String", "list:int", "Some_Form"]),
        block(),
    )
        .prop_map(|(of, body)| format!("{of} ns.f(int a,  list:String b)\n{{\n{body}\n}}"));
    let part = prop_oneof![4 => block(), 1 => function];
    prop::collection::vec(part, 0..5).prop_map(|parts| parts.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn generated_scripts_survive_printing(text in script()) {
        check(&text);
    }
}
