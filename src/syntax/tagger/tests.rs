//! What single words and signs are tagged as, and what is put in.

use super::tag;
use crate::source::SourceId;
use crate::syntax::lexer::lex;
use crate::syntax::token::Token;

/// The names of the tagged tokens; what is not in the text stands in parentheses.
fn tags(text: &str) -> Vec<String> {
    let (tokens, _) = lex(text, false);
    let tagged = tag(text, SourceId(0), tokens.clone());
    let name = |token: &crate::syntax::token::Spanned| {
        let kind = format!("{:?}", token.token);
        if token.start == token.end {
            format!("({kind})")
        } else {
            kind
        }
    };
    tagged.tokens.iter().map(name).collect()
}

fn check(text: &str, expected: &str) {
    assert_eq!(tags(text).join(" "), expected, "{text}");
}

#[test]
fn words_are_commands_only_where_a_statement_begins() {
    check("info x;", "Info Name Semicolon");
    check("info = 1;", "Name Assign Integer Semicolon");
    check("info.put(1);", "Name Dot Name OpenParen Integer CloseParen Semicolon");
    check("x = info;", "Name Assign Name Semicolon");
    check(
        "hide a; hide = 1;",
        "FieldCommand Name Semicolon Name Assign Integer Semicolon",
    );
    check("cancel submit;", "Cancel Semicolon");
    check(
        "for each index i in x { }",
        "ForEach Index Name In Name OpenBlock CloseBlock",
    );
    check("for each index in x { }", "ForEach Name In Name OpenBlock CloseBlock");
}

#[test]
fn words_are_operators_only_behind_an_operand() {
    check("x = a in b;", "Name Assign Name In Name Semicolon");
    check("x = a not in b;", "Name Assign Name NotIn Name Semicolon");
    check("x = not a and is;", "Name Assign Not Name And Name Semicolon");
    check("x = to + like;", "Name Assign Name Plus Name Semicolon");
}

#[test]
fn brackets_are_told_by_what_stands_before() {
    check("x = {1};", "Name Assign OpenBrace Integer CloseBrace Semicolon");
    check("{ x; }", "OpenBlock Name Semicolon CloseBlock");
    check(
        "x = [a[1]];",
        "Name Assign OpenList Name OpenIndex Integer CloseBracket CloseBracket Semicolon",
    );
    check(
        "x = ftp [ a-b : 1 c d : e ];",
        "Name Assign TaskName OpenTask Key Integer Key Name CloseBracket Semicolon",
    );
    check(
        "x = F[a == 1];",
        "Name Assign Name OpenIndex Name Equal Integer CloseBracket Semicolon",
    );
    check(
        "for each x in {1} { }",
        "ForEach Name In OpenBrace Integer CloseBrace OpenBlock CloseBlock",
    );
}

#[test]
fn the_first_equals_assigns_and_others_compare() {
    check("a = b = c;", "Name Assign Name EqualSign Name Semicolon");
    check("f(a = b);", "Name OpenParen Name EqualSign Name CloseParen Semicolon");
    check("return a = b;", "Return Name EqualSign Name Semicolon");
    check(
        "insert into F [ a = b c = (d = e) ]",
        "InsertInto Name OpenInsert Name Assign Name Name Assign OpenParen Name EqualSign Name CloseParen CloseBracket (Semicolon)",
    );
}

#[test]
fn what_is_left_out_is_put_in() {
    check(
        "sendmail [ to : a ]",
        "TaskName OpenTask Key Name CloseBracket (Semicolon)",
    );
    check("x = f(a;", "Name Assign Name OpenParen Name (CloseParen) Semicolon");
    check(
        "a = 1\nb = 2;",
        "Name Assign Integer (Semicolon) Name Assign Integer Semicolon",
    );
    check(
        "if(a) b();",
        "If OpenParen Name CloseParen (OpenBlock) Name OpenParen CloseParen Semicolon (CloseBlock)",
    );
    check(
        "{ { x",
        "OpenBlock OpenBlock Name (Semicolon) (CloseBlock) (CloseBlock)",
    );
    check("a = 1);", "Name Assign Integer Semicolon");
}

#[test]
fn a_header_is_told_by_its_shape() {
    check(
        "list:int a.b(Form f, map:string m) { }",
        "Type Colon Type Name Dot Name OpenParen Type Name Comma Type Colon Type Name CloseParen OpenBlock CloseBlock",
    );
    check("map(x);", "Name OpenParen Name CloseParen Semicolon");
    check("a b(c);", "Name Name Semicolon");
}

#[test]
fn what_follows_an_error_in_a_statement_is_left_out() {
    check("a b (c d) + e; f;", "Name Name Semicolon Name Semicolon");
    check(
        "if(a b c) { d; }",
        "If OpenParen Name Name CloseParen OpenBlock Name Semicolon CloseBlock",
    );
    check(
        "x = 1 2 +\ny = 3;",
        "Name Assign Integer Integer (Semicolon) Name Assign Integer Semicolon",
    );
}

#[test]
fn tagging_again_gives_the_same() {
    let text = "if(a = 1) { x = f(b; }";
    let (tokens, _) = lex(text, false);
    let (one, two) = (
        tag(text, SourceId(0), tokens.clone()),
        tag(text, SourceId(0), tokens.clone()),
    );
    assert_eq!(one.tokens, two.tokens);
    assert!(one.tokens.iter().all(|token| token.token != Token::Word));
}
