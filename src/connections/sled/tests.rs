use std::io::Write;
use std::process::{Command, Stdio};

use super::*;
use crate::connections::home::scratch::Scratch;
use crate::connections::store::conformance;
use crate::host::fake::{FakeClock, NOW_MILLIS};

fn store(scratch: &Scratch) -> SledStore {
    SledStore::at(scratch.path().join("store"), Arc::new(FakeClock(NOW_MILLIS)))
}

#[test]
fn it_does_what_every_store_does() {
    let scratch = Scratch::new();
    let next = std::sync::atomic::AtomicUsize::new(0);
    conformance::check(&|clock| {
        let number = next.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Arc::new(SledStore::at(scratch.path().join(format!("store{number}")), clock))
    });
}

#[test]
fn looking_makes_nothing() {
    let scratch = Scratch::new();
    let store = store(&scratch);
    assert_eq!(store.get("a").unwrap(), None);
    assert!(store.list("").unwrap().is_empty());
    assert!(!store.delete("a", 1).unwrap());
    store.release("a", "me").unwrap();
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0);
}

#[test]
fn two_handles_see_each_others_writes_at_once() {
    let scratch = Scratch::new();
    let (one, two) = (store(&scratch), store(&scratch));
    let mut version = one.put("k", None, b"0").unwrap();
    for round in 1..6u8 {
        let (writer, reader) = if round % 2 == 0 { (&one, &two) } else { (&two, &one) };
        version = writer.put("k", version, &[round]).unwrap();
        assert_eq!(reader.get("k").unwrap().unwrap().sealed, [round]);
        assert_eq!(reader.list("").unwrap().len(), 1);
        assert_eq!(writer.get("k").unwrap().unwrap().version, version.unwrap());
    }
    assert!(two.delete("k", version.unwrap()).unwrap());
    assert_eq!(one.get("k").unwrap(), None);
}

#[test]
fn what_is_kept_is_read_without_opening() {
    let scratch = Scratch::new();
    let store = store(&scratch);
    store.put("k", None, b"v").unwrap();
    store.get("k").unwrap();
    let _held = Lock::acquire(&scratch.path().join("store.lock"), Instant::now()).unwrap();
    let start = Instant::now();
    assert_eq!(store.get("k").unwrap().unwrap().sealed, b"v");
    assert_eq!(store.get("other").unwrap(), None);
    assert!(start.elapsed() < Duration::from_secs(1), "the lock was not asked for");
}

#[test]
fn a_store_with_many_rows_is_read_key_by_key() {
    let scratch = Scratch::new();
    let store = store(&scratch);
    store.put("k", None, b"v").unwrap();
    store
        .write(|opened| {
            let mut batch = sled::Batch::default();
            for number in 0..2_000 {
                let value = [&7u64.to_be_bytes()[..], b"row"].concat();
                batch.insert(format!("many/{number:05}").as_bytes(), value);
            }
            opened.commit(batch)
        })
        .unwrap();
    assert_eq!(store.get("k").unwrap().unwrap().sealed, b"v");
    assert_eq!(store.get("many/01999").unwrap().unwrap().version, 7);
    assert_eq!(store.get("missing").unwrap(), None);
    assert_eq!(store.list("many/").unwrap().len(), 2_000);
}

#[test]
fn a_half_written_snapshot_is_cleared_away() {
    let scratch = Scratch::new();
    let store = store(&scratch);
    store.put("k", None, b"v").unwrap();
    let leftover = store.directory().join("snap.FFFFFFFFFFFFFFFF.generating");
    fs::write(&leftover, b"abc").unwrap();
    let other = SledStore::at(store.directory(), Arc::new(FakeClock(0)));
    assert_eq!(other.get("k").unwrap().unwrap().sealed, b"v");
    assert!(!leftover.exists());
}

#[test]
fn a_damaged_store_is_told_and_left_as_it_is() {
    type Damage = (&'static str, fn(&Path));
    let damage: [Damage; 3] = [
        ("cut short", |db| {
            let file = fs::OpenOptions::new().write(true).open(db).unwrap();
            file.set_len(3).unwrap();
        }),
        ("emptied", |db| fs::write(db, b"").unwrap()),
        ("gone", |db| fs::remove_file(db).unwrap()),
    ];
    for (what, hurt) in damage {
        let scratch = Scratch::new();
        let store = store(&scratch);
        for number in 0..20u8 {
            store.put(&format!("k{number}"), None, &[number; 900]).unwrap();
        }
        // sled can rebuild a little from a snapshot; take that away too, as a bad disk would.
        for entry in fs::read_dir(store.directory()).unwrap() {
            let path = entry.unwrap().path();
            if path.to_string_lossy().contains("snap.") {
                fs::remove_file(path).unwrap();
            }
        }
        hurt(&store.directory().join("db"));
        for _ in 0..2 {
            let fresh = SledStore::at(store.directory(), Arc::new(FakeClock(0)));
            let error = fresh.get("k1").expect_err(what);
            assert_eq!(error.code, Code::StoreCorrupt, "{what}: {error:?}");
            assert!(error.message.contains("dg deleted nothing of it"), "{error:?}");
            assert!(error.help.unwrap().contains("mv "), "{what}");
            assert!(
                fresh.put("new", None, b"x").is_err(),
                "{what}: a damaged store takes nothing"
            );
        }
        assert!(store.directory().exists());
    }
}

#[test]
fn flipped_bits_never_give_wrong_rows() {
    let scratch = Scratch::new();
    let store = store(&scratch);
    for number in 0..20u8 {
        store.put(&format!("k{number:02}"), None, &[number; 900]).unwrap();
    }
    let log = store.directory().join("db");
    let mut bytes = fs::read(&log).unwrap();
    for at in (200..bytes.len()).step_by(97) {
        bytes[at] ^= 0x55;
    }
    fs::write(&log, bytes).unwrap();
    let fresh = SledStore::at(store.directory(), Arc::new(FakeClock(0)));
    if let Ok(rows) = fresh.list("") {
        for (key, row) in rows {
            let number: u8 = key[1..].parse().unwrap();
            assert_eq!(row.sealed, [number; 900]);
        }
    }
}

#[test]
fn a_store_that_stays_locked_is_busy() {
    let scratch = Scratch::new();
    let store = store(&scratch);
    store.put("k", None, b"v").unwrap();
    let _held = Lock::acquire(&scratch.path().join("store.lock"), Instant::now()).unwrap();
    let start = Instant::now();
    let error = store.put("k", Some(1), b"w").unwrap_err();
    assert_eq!(error.code, Code::StoreBusy);
    assert!(start.elapsed() >= Duration::from_millis(1_900));
}

#[test]
fn a_newer_format_is_left_alone() {
    let scratch = Scratch::new();
    let store = store(&scratch);
    store
        .write(|opened| opened.commit(sled_batch(FORMAT_KEY, Some(b"2".to_vec()))))
        .unwrap();
    let error = store.get("k").unwrap_err();
    assert_eq!(error.code, Code::StoreFailed);
    assert!(error.message.contains("newer version"));
}

#[cfg(unix)]
#[test]
fn files_are_closed_to_other_users() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let scratch = Scratch::new();
    let store = store(&scratch);
    store.put("k", None, b"v").unwrap();
    assert_eq!(mode(store.directory()), 0o700);
    for entry in fs::read_dir(store.directory()).unwrap() {
        let entry = entry.unwrap();
        let wanted = if entry.file_type().unwrap().is_dir() {
            0o700
        } else {
            0o600
        };
        assert_eq!(mode(&entry.path()), wanted, "{:?}", entry.path());
    }
    assert_eq!(mode(&scratch.path().join("store.lock")), 0o600);
}

/// The other process of the test below: this test binary, told by its environment to count.
const COUNTER: &str = "DG_TEST_COUNTER_DIRECTORY";
const ROUNDS: u64 = 25;

fn count(store: &SledStore) {
    for _ in 0..ROUNDS {
        loop {
            let row = store.get("counter").unwrap().unwrap();
            let number = u64::from_be_bytes(row.sealed.try_into().unwrap()) + 1;
            if store
                .put("counter", Some(row.version), &number.to_be_bytes())
                .unwrap()
                .is_some()
            {
                break;
            }
        }
    }
}

#[test]
fn counting_for_another_process() {
    // Does nothing unless the test below started this process.
    if let Ok(directory) = std::env::var(COUNTER) {
        count(&SledStore::at(directory, Arc::new(FakeClock(0))));
    }
}

#[test]
fn two_processes_share_one_store() {
    let scratch = Scratch::new();
    let store = store(&scratch);
    store.put("counter", None, &0u64.to_be_bytes()).unwrap();
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["connections::sled::tests::counting_for_another_process", "--exact"])
        .env(COUNTER, store.directory())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    count(&store);
    assert!(other.wait().unwrap().success());
    let row = store.get("counter").unwrap().unwrap();
    assert_eq!(u64::from_be_bytes(row.sealed.try_into().unwrap()), 2 * ROUNDS);
    std::io::stdout().flush().unwrap();
}
