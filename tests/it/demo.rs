//! `dg demo` from outside.

use crate::support::{Dg, Folder};

#[test]
fn the_demonstration_is_let_in_three_times_and_leaves_nothing_behind() {
    let temporary = Folder::new();
    let home = temporary.path().join("home");
    let done = Dg::new("demo")
        .env("TMPDIR", temporary.path())
        .env("DG_HOME", &home)
        .env("DG_KEY", "not a key, and none of its business")
        .exits(0);
    for part in [
        "GET /key/stock    -> 401",
        "API key           -> 12 boxes of tea",
        "user and password -> 3 open orders",
        "OAuth 2           -> 201 invoice for Nakamura",
        "X-Api-Key: ••••",
        "Authorization: Basic ••••",
        "Authorization: Bearer ••••",
        "3 of 3 ways",
    ] {
        assert!(done.stdout.contains(part), "{part}:\n{}", done.stdout);
    }
    assert_eq!(done.stderr, "");
    let left = std::fs::read_dir(temporary.path()).expect("a folder").count();
    assert_eq!(left, 0, "the throw-away store is thrown away");
}
