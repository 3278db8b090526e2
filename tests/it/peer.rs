//! A server on loopback that keeps what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// What is written for one request.
pub enum Reply {
    /// These bytes, head and all; then the next request may come.
    Bytes(Vec<u8>),
    /// These bytes, and then the connection ends.
    Last(Vec<u8>),
    /// These bytes, and then nothing more for as long as the client stays.
    Stall(Vec<u8>),
    /// This head, and then the same piece again and again until the client has enough.
    Flood(Vec<u8>),
}

type Answer = dyn Fn(&Arrived) -> Reply + Send + Sync;

/// The server. It answers until the test's process ends.
pub struct Peer {
    address: SocketAddr,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    written: Arc<AtomicUsize>,
}

impl Peer {
    /// Answers 200 and `{"ok":true}`.
    pub fn echo() -> Self {
        Self::answering(200, "{\"ok\":true}")
    }

    /// Answers always the same.
    pub fn answering(status: u16, body: &str) -> Self {
        let body = body.to_owned();
        Self::new(move |_| (status, body.clone()))
    }

    /// Answers as the function says, in JSON.
    pub fn new(answer: impl Fn(&Arrived) -> (u16, String) + Send + Sync + 'static) -> Self {
        Self::raw(move |request| {
            let (status, body) = answer(request);
            Reply::of(status, "content-type: application/json\r\n", body.as_bytes())
        })
    }

    /// Answers with whatever bytes the function gives.
    pub fn raw(answer: impl Fn(&Arrived) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let written = Arc::new(AtomicUsize::new(0));
        let kept = Kept {
            arrived: Arc::clone(&arrived),
            written: Arc::clone(&written),
        };
        let answer: Arc<Answer> = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, answer) = (kept.clone(), Arc::clone(&answer));
                std::thread::spawn(move || serve(stream, &kept, &*answer));
            }
        });
        Self {
            address,
            arrived,
            written,
        }
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().expect("no panic").clone()
    }

    pub fn count(&self) -> usize {
        self.arrived().len()
    }

    /// The bytes of floods that a client took.
    pub fn written(&self) -> usize {
        self.written.load(Ordering::SeqCst)
    }

    /// The values of a header in all requests, in their order.
    pub fn headers_of(&self, name: &str) -> Vec<String> {
        self.arrived().iter().flat_map(|request| request.header(name)).collect()
    }

    /// The values of a header in the last request.
    pub fn headers_of_last(&self, name: &str) -> Vec<String> {
        self.arrived()
            .last()
            .map(|request| request.header(name))
            .unwrap_or_default()
    }
}

impl Arrived {
    pub fn header(&self, name: &str) -> Vec<String> {
        let named = self
            .headers
            .iter()
            .filter(|(other, _)| other.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.clone()).collect()
    }
}

impl Reply {
    /// A whole answer with these further header lines, each with its line break.
    pub fn of(status: u16, headers: &str, body: &[u8]) -> Self {
        let head = format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\n\r\n", body.len());
        Self::Bytes([head.as_bytes(), body].concat())
    }
}

#[derive(Clone)]
struct Kept {
    arrived: Arc<Mutex<Vec<Arrived>>>,
    written: Arc<AtomicUsize>,
}

fn serve(stream: TcpStream, kept: &Kept, answer: &Answer) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream;
    loop {
        let request = read(&mut reader)?;
        kept.arrived.lock().expect("no panic").push(request.clone());
        match answer(&request) {
            Reply::Bytes(bytes) => writer.write_all(&bytes).ok()?,
            Reply::Last(bytes) => return writer.write_all(&bytes).ok(),
            Reply::Stall(bytes) => {
                writer.write_all(&bytes).ok()?;
                // The client's end of the connection is the only thing that can come now.
                return reader.read(&mut [0]).ok().map(|_| ());
            }
            Reply::Flood(head) => {
                writer.write_all(&head).ok()?;
                let piece = vec![b'x'; 1 << 16];
                loop {
                    writer.write_all(&piece).ok()?;
                    kept.written.fetch_add(piece.len(), Ordering::SeqCst);
                }
            }
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Arrived> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8_lossy(&body).into_owned();
    Some(Arrived {
        method,
        path,
        headers,
        body,
    })
}
