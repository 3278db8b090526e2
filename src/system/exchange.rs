//! One exchange: the request goes out, the answer comes in piece by piece and is given up when it grows too large.

use encoding_rs::mem::decode_latin1;
use reqwest::RequestBuilder;

use super::failure::explain;
use crate::host::{Headers, HttpError, HttpErrorKind, Response};

/// The most that is set aside before the first piece of an answer is there: a server may announce anything.
const FIRST_PIECE: usize = 1 << 20;

/// Sends a request and reads its answer, whose decompressed body may have `limit` bytes.
pub(super) async fn exchange(request: RequestBuilder, limit: usize) -> Result<Response, HttpError> {
    let mut answer = request.send().await.map_err(explain)?;
    let status = answer.status().as_u16();
    let mut headers = Headers::default();
    for (name, value) in answer.headers() {
        headers.add(name.as_str(), text(value.as_bytes()));
    }
    let announced = answer.content_length().unwrap_or(0);
    if usize::try_from(announced).is_ok_and(|bytes| bytes <= limit) {
        let mut body = Vec::with_capacity((announced as usize).min(FIRST_PIECE));
        while let Some(piece) = answer.chunk().await.map_err(explain)? {
            if body.len() + piece.len() > limit {
                return Err(too_large(limit));
            }
            body.extend_from_slice(&piece);
        }
        Ok(Response { status, headers, body })
    } else {
        Err(too_large(limit))
    }
}

/// The value of a header: UTF-8, else Latin-1, the alphabet that HTTP grew up with.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => decode_latin1(bytes).into_owned(),
    }
}

fn too_large(limit: usize) -> HttpError {
    let size = if limit >= 1 << 20 {
        format!("{} MB", limit >> 20)
    } else {
        format!("{limit} bytes")
    };
    HttpError::new(HttpErrorKind::TooLarge, format!("the answer is larger than {size}"))
}
