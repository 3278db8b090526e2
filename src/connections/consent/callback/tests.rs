use std::io::{Read, Write};
use std::net::TcpStream;

use super::*;

fn service() -> LinkName {
    LinkName::new("books").unwrap()
}

/// Sends a request as a browser would, and gives the whole answer.
fn fetch(url: &Url, request: &str) -> String {
    let address = url.socket_addrs(|| None).unwrap();
    let mut stream = TcpStream::connect(address[0]).unwrap();
    write!(stream, "{request} HTTP/1.1\r\nHost: {}\r\n\r\n", url.authority()).unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

fn browse(url: &Url, target: &'static str) -> JoinHandle<String> {
    let url = url.clone();
    thread::spawn(move || fetch(&url, &format!("GET {target}")))
}

#[test]
fn the_page_is_open_before_anybody_is_sent_and_tells_what_came_of_it() {
    let callback = Callback::open(None, &service()).unwrap();
    assert_eq!(callback.url().host_str(), Some("127.0.0.1"));
    assert!(callback.url().port().is_some() && callback.url().path() == CALLBACK_PATH);
    let browser = browse(callback.url(), "/callback?code=a%2Fb&state=s");
    let visit = callback.wait(Duration::from_secs(60), &Cancel::new()).unwrap();
    assert_eq!(visit.address().query(), Some("code=a%2Fb&state=s"));
    let why = ConsentError::denied("access_denied: <script>alert(1)</script>");
    visit.answer(Err(&why));
    let page = browser.join().unwrap();
    assert!(
        page.starts_with("HTTP/1.1 200") && page.contains("Not connected"),
        "{page}"
    );
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>"), "{page}");
    for header in [
        "cache-control: no-store",
        "referrer-policy: no-referrer",
        "default-src 'none'",
    ] {
        assert!(page.contains(header), "{header}");
    }
    let browser = browse(callback.url(), "/callback?oauth_token=t&oauth_verifier=v");
    callback
        .wait(Duration::from_secs(60), &Cancel::new())
        .unwrap()
        .answer(Ok(()));
    assert!(browser.join().unwrap().contains("<h1>Connected</h1>"));
}

#[test]
fn what_is_no_answer_is_not_taken_for_one() {
    let callback = Callback::open(None, &service()).unwrap();
    for (request, status) in [
        ("GET /favicon.ico", "404"),
        ("GET /callback", "400"),
        ("GET /callback?state=s", "400"),
        ("POST /callback?code=a", "400"),
        ("GET /other?code=a", "404"),
    ] {
        let page = fetch(callback.url(), request);
        assert!(page.starts_with(&format!("HTTP/1.1 {status}")), "{request}: {page}");
    }
    let nobody = callback.wait(Duration::ZERO, &Cancel::new()).err().unwrap();
    assert_eq!(nobody.kind, ConsentErrorKind::TimedOut);
}

#[test]
fn a_stop_ends_the_waiting() {
    let callback = Callback::open(None, &service()).unwrap();
    let cancel = Cancel::new();
    cancel.cancel();
    let stopped = callback.wait(Duration::from_secs(300), &cancel).err().unwrap();
    assert_eq!(stopped.kind, ConsentErrorKind::Interrupted);
}

#[test]
fn a_port_that_is_taken_is_told_with_the_ways_out() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let registered = Url::parse(&format!("http://127.0.0.1:{port}/cb")).unwrap();
    let error = Callback::open(Some(&registered), &service()).err().unwrap();
    assert_eq!(error.kind, ConsentErrorKind::Callback);
    assert!(
        error.message.contains(&port.to_string()) && error.message.contains("another program"),
        "{error:?}"
    );
    let help = error.help.unwrap();
    assert!(help.contains("--paste") && help.contains("`books`"), "{help}");
    drop(taken);

    let callback = Callback::open(Some(&registered), &service()).unwrap();
    assert_eq!(
        callback.url(),
        &registered,
        "a registered address is used to the letter"
    );
    drop(callback);
    Callback::open(Some(&registered), &service()).expect("the port is free again at once");
}

#[test]
fn localhost_is_heard_and_other_machines_are_not_promised() {
    let registered = Url::parse("http://localhost/back").unwrap();
    let callback = Callback::open(Some(&registered), &service()).unwrap();
    assert_eq!(
        (callback.url().host_str(), callback.url().path()),
        (Some("localhost"), "/back")
    );
    let at_v4 = Url::parse(&format!("http://127.0.0.1:{}/", callback.url().port().unwrap())).unwrap();
    assert!(fetch(&at_v4, "GET /").starts_with("HTTP/1.1 404"));
    for elsewhere in ["https://app.example.com/cb", "https://127.0.0.1/cb"] {
        let error = Callback::open(Some(&Url::parse(elsewhere).unwrap()), &service())
            .err()
            .unwrap();
        assert!(error.help.unwrap().contains("--paste"), "{elsewhere}");
    }
}
