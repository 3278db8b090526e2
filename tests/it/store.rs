//! The store under bad luck: shared, locked, without its key, damaged. Told by the binary, and never made worse.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::connections::{Store, get};
use crate::peer::Peer;
use crate::support::Done;

/// A store with one connection to a service that answers everything.
fn stocked() -> (Store, Peer) {
    let (store, peer) = (Store::new(), Peer::echo());
    store.stock(&peer.origin(), "canary-key-1");
    (store, peer)
}

/// Every file below a folder with its content.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.insert(path.clone(), fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

#[test]
fn many_runs_at_once_share_one_store() {
    let (store, peer) = stocked();
    let script = get(&peer.url("/"), "stock").repeat(3);
    let children: Vec<_> = (0..6).map(|_| store.run(&script).spawn()).collect();
    for child in children {
        let done = Done::of(&child.wait_with_output().expect("dg ends"));
        assert_eq!(done.status, 0, "{}", done.stderr);
    }
    assert_eq!(peer.headers_of("x-key"), ["canary-key-1"; 18]);
}

#[test]
fn a_locked_store_is_waited_for_and_then_told_with_who_may_hold_it() {
    let (store, peer) = stocked();
    let path = store.path().join("store.lock");
    let mut held = File::options().write(true).truncate(true).open(path).expect("the lock");
    held.lock().expect("it is free");
    write!(held, "{}", std::process::id()).expect("it is ours");
    let waiting = store.run(&get(&peer.url("/"), "stock")).spawn();
    let listing = store.connections(&["list"]).spawn();
    for child in [waiting, listing] {
        let done = Done::of(&child.wait_with_output().expect("dg ends"));
        assert_eq!(done.status, 5, "{}", done.stderr);
        let who = format!("process {} may hold it", std::process::id());
        done.says("error[DG0701]").says(&who).says("try again");
    }
    assert_eq!(peer.count(), 0);
    drop(held);
    store.run(&get(&peer.url("/"), "stock")).exits(0);
}

#[test]
fn a_wrong_key_reads_and_changes_nothing() {
    let (store, peer) = stocked();
    let wrong = "b".repeat(64);
    let run = store.run(&get(&peer.url("/"), "stock")).env("DG_KEY", &wrong);
    run.exits(5).says("error[DG0702]").says("another key").says("DG_KEY");
    let create = ["create", "other", "--service", "stock", "--secrets", "-"];
    for command in [
        store.connections(&create).stdin("{\"X-Key\": \"canary-key-2\"}"),
        store.connections(&["remove", "stock"]),
        store.services(&["edit", "stock", "--name", "Other"]),
        store.services(&["list"]),
    ] {
        let done = command.env("DG_KEY", &wrong).exits(5);
        let done = done.says("error[DG0702]");
        assert!(!done.stderr.contains(&wrong));
    }
    let garbage = store.connections(&["list"]).env("DG_KEY", "canary-not-a-key").exits(5);
    let garbage = garbage.says("64 hex digits");
    assert!(!garbage.stderr.contains("canary"));
    store.connections(&["list"]).exits(0).shows("stock");
    store.run(&get(&peer.url("/"), "stock")).exits(0);
    assert_eq!(peer.headers_of("x-key"), ["canary-key-1"]);
}

#[test]
fn a_lost_key_is_told_and_never_replaced() {
    let (store, peer) = stocked();
    let key = store.path().join("key");
    let kept = fs::read(&key).expect("the key");
    fs::remove_file(&key).expect("it is ours");
    let run = store.run(&get(&peer.url("/"), "stock")).exits(5);
    run.says("error[DG0702]")
        .says("its key is missing")
        .says("put the key back");
    let create = store.services(&["create", "--name", "New", "--auth", "basic", "--host", "a.example.com"]);
    create.exits(5).says("error[DG0702]");
    assert!(!key.exists());
    fs::write(&key, kept).expect("it is ours");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("it is ours");
        store.connections(&["list"]).exits(5).says("chmod 600");
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("it is ours");
    }
    store.run(&get(&peer.url("/"), "stock")).exits(0);
}

/// Makes a service, whichever.
const PAY: [&str; 7] = [
    "create",
    "--name",
    "Pay",
    "--auth",
    "basic",
    "--host",
    "pay.example.com",
];

#[test]
fn the_key_may_come_from_the_environment_alone() {
    let store = Store::new();
    let key = "0123456789abcdef".repeat(4);
    store.services(&PAY).env("DG_KEY", &key).exits(0);
    assert!(!store.path().join("key").exists());
    let base64 = "ASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze8=";
    store
        .services(&["list"])
        .env("DG_KEY", base64)
        .exits(0)
        .shows("pay.example.com");
    store.services(&["list"]).exits(5).says("its key is missing");
    if cfg!(unix) {
        let asks = |command: &str| store.services(&["list"]).env("DG_KEY_COMMAND", command);
        asks(&format!("echo {base64}")).exits(0).shows("pay.example.com");
        asks("echo canary").exits(5).says("is not a key");
        asks("exit 3").exits(5).says("DG0702").says("DG_KEY_COMMAND");
    }
}

#[test]
fn a_damaged_store_is_told_and_nothing_of_it_is_deleted() {
    let (store, peer) = stocked();
    let folder = store.path().join("store");
    for path in files(&folder)
        .keys()
        .filter(|path| path.to_string_lossy().contains("snap."))
    {
        fs::remove_file(path).expect("it is ours");
    }
    File::options()
        .write(true)
        .open(folder.join("db"))
        .and_then(|file| file.set_len(3))
        .expect("it is ours");
    let before = files(&store.path());
    for command in [store.run(&get(&peer.url("/"), "stock")), store.services(&["list"])] {
        let done = command.exits(5);
        done.says("error[DG0703]").says("dg deleted nothing of it").says("mv ");
    }
    let after = files(&store.path());
    for name in ["key", "store/db", "store/conf", "store/stamp"] {
        let path = store.path().join(name);
        assert!(
            before.contains_key(&path) && before.get(&path) == after.get(&path),
            "{name}"
        );
    }
    assert_eq!(peer.count(), 0);
}

#[test]
fn a_store_whose_last_changes_were_cut_off_is_told() {
    let (store, _peer) = stocked();
    let folder = store.path().join("store");
    let short = fs::read(folder.join("db")).expect("the log");
    store
        .connections(&["create", "later", "--service", "stock", "--no-connect"])
        .exits(0);
    for path in files(&folder)
        .keys()
        .filter(|path| path.to_string_lossy().contains("snap."))
    {
        fs::remove_file(path).expect("it is ours");
    }
    fs::write(folder.join("db"), short).expect("it is ours");
    let done = store.connections(&["list"]).exits(5);
    done.says("error[DG0703]").says("its last changes are gone");
}

#[test]
fn the_key_is_changed_for_the_whole_store_at_once() {
    let (store, peer) = stocked();
    let former = fs::read(store.path().join("key")).expect("the key");
    store.connections(&["rekey"]).exits(0).shows("sealed 4 records");
    assert_ne!(fs::read(store.path().join("key")).expect("the key"), former);
    assert!(!store.path().join("key.next").exists());
    store.run(&get(&peer.url("/"), "stock")).exits(0);
    fs::write(store.path().join("key"), former).expect("it is ours");
    store.connections(&["list"]).exits(5).says("error[DG0702]");
}

#[test]
fn a_change_of_the_key_that_was_interrupted_is_told_and_finished() {
    let (store, peer) = stocked();
    let (key, next) = (store.path().join("key"), store.path().join("key.next"));
    let former = fs::read(&key).expect("the key");
    store.connections(&["rekey"]).exits(0);
    // As if the process had died when everything was sealed and the old key still lay in its place.
    fs::rename(&key, &next).expect("it is ours");
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.write(true).create_new(true).open(&key).expect("it is ours");
    file.write_all(&former).expect("it is ours");
    store.run(&get(&peer.url("/"), "stock")).exits(5).says("error[DG0702]");
    store
        .connections(&["doctor"])
        .exits(5)
        .shows("interrupted")
        .shows("dg connections rekey");
    store.connections(&["rekey"]).exits(0).shows("sealed 0 records");
    store.run(&get(&peer.url("/"), "stock")).exits(0);
}

#[test]
fn a_key_in_the_environment_is_changed_to_one_that_is_given() {
    let store = Store::new();
    let (old, new) = ("a".repeat(64), "b".repeat(64));
    store.services(&PAY).env("DG_KEY", &old).exits(0);
    store
        .connections(&["rekey"])
        .env("DG_KEY", &old)
        .exits(1)
        .says("--new-key");
    let rekey = store.connections(&["rekey", "--new-key", "-"]).env("DG_KEY", &old);
    rekey.stdin(new.clone()).exits(0);
    store
        .services(&["list"])
        .env("DG_KEY", &old)
        .exits(5)
        .says("error[DG0702]");
    store
        .services(&["list"])
        .env("DG_KEY", &new)
        .exits(0)
        .shows("pay.example.com");
}

#[test]
fn the_doctor_finds_what_is_wrong_and_changes_nothing() {
    let nothing = Store::new();
    nothing.connections(&["doctor"]).exits(0).shows("is not there yet");
    let (store, _peer) = stocked();
    let well = store.connections(&["doctor"]).exits(0);
    well.shows("services: 1, connections: 1, grants: 1; all of them open")
        .shows("lock     free");
    store
        .connections(&["create", "idle", "--service", "stock", "--no-connect"])
        .exits(0);
    fs::write(store.path().join(".key.1.draft"), "").expect("it is ours");
    let before = files(&store.path()).len();
    let ill = store.connections(&["doctor"]).exits(5);
    ill.shows("dg connections connect idle").shows("the draft of a key");
    assert_eq!(files(&store.path()).len(), before);
    let wrong = store.connections(&["doctor"]).env("DG_KEY", "c".repeat(64)).exits(5);
    wrong.shows("another key");
}
