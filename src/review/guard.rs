//! Who is answered: a browser on this machine, opened on the address that was printed here.
//!
//! Any page a browser has open may send requests to loopback. It doesn't know the token; it can't name a foreign host as
//! ours (DNS rebinding) without the `Host` telling; and it can't write, as a browser names its origin.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::server::Shelf;

pub(super) const ICON: &str = "/favicon.ico";

/// 128 bits, hexadecimal.
pub(super) fn token() -> Result<String, String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| e.to_string())?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

/// Lets a request through, or answers 403 and nothing else.
pub(super) async fn admit(State(shelf): State<Arc<Shelf>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let given = path.strip_prefix('/').and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let is_door = is_same(given, &shelf.door) && is_ours(request.method(), request.headers(), shelf.port);
    if is_door && !shelf.entered.swap(true, Ordering::Relaxed) {
        return Redirect::to(&format!("/{}/{}", shelf.token, super::files::INDEX)).into_response();
    }
    // Browsers ask every site for its picture, under this address alone; it tells nobody anything.
    let is_known = is_same(given, &shelf.token) || path == ICON;
    if is_known && is_ours(request.method(), request.headers(), shelf.port) {
        return next.run(request).await;
    }
    StatusCode::FORBIDDEN.into_response()
}

/// Whether two texts are equal, told in a time that doesn't depend on where they differ.
fn is_same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

fn is_ours(method: &Method, headers: &HeaderMap, port: u16) -> bool {
    let text = |name: &str| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let Some(host) = text(header::HOST.as_str()).filter(|host| hosts.iter().any(|h| h == host)) else { return false };
    // A typed address and a page of ours; not what another site links to or embeds.
    if text("sec-fetch-site").is_some_and(|site| !["none", "same-origin"].contains(&site)) {
        return false;
    }
    let origin = text(header::ORIGIN.as_str());
    if *method == Method::GET || *method == Method::HEAD {
        return origin.is_none_or(|origin| origin == format!("http://{host}"));
    }
    // A form of another site can't send JSON.
    origin.is_some_and(|origin| origin == format!("http://{host}"))
        && text(header::CONTENT_TYPE.as_str()).is_some_and(|kind| kind.starts_with("application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (k.parse().expect("a name"), v.parse().expect("a value"))).collect()
    }

    #[test]
    fn tokens_are_long_and_never_the_same() {
        let (a, b) = (token().expect("random"), token().expect("random"));
        assert!(a.len() == 32 && a != b);
        assert!(is_same(&a, &a.clone()) && !is_same(&a, &b) && !is_same(&a[1..], &a));
    }

    #[test]
    fn only_our_own_pages_are_answered() {
        let get = |pairs| is_ours(&Method::GET, &headers(pairs), 7000);
        assert!(get(&[("host", "127.0.0.1:7000")]));
        assert!(get(&[("host", "localhost:7000"), ("sec-fetch-site", "none")]));
        assert!(get(&[("host", "127.0.0.1:7000"), ("sec-fetch-site", "same-origin")]));
        assert!(!get(&[]), "no host");
        assert!(!get(&[("host", "evil.example:7000")]), "a name that was made to point here");
        assert!(!get(&[("host", "127.0.0.1:7001")]));
        assert!(!get(&[("host", "127.0.0.1:7000"), ("sec-fetch-site", "cross-site")]));
        assert!(!get(&[("host", "127.0.0.1:7000"), ("sec-fetch-site", "same-site")]), "another port's page");
        assert!(!get(&[("host", "127.0.0.1:7000"), ("origin", "http://evil.example")]));
    }

    #[test]
    fn only_our_own_pages_write() {
        const JSON: (&str, &str) = ("content-type", "application/json");
        let post = |pairs: &[(&'static str, &'static str)]| is_ours(&Method::POST, &headers(pairs), 7000);
        assert!(post(&[("host", "127.0.0.1:7000"), ("origin", "http://127.0.0.1:7000"), JSON]));
        assert!(!post(&[("host", "127.0.0.1:7000"), JSON]), "no origin");
        assert!(!post(&[("host", "127.0.0.1:7000"), ("origin", "null"), JSON]));
        assert!(!post(&[("host", "127.0.0.1:7000"), ("origin", "http://localhost:7000"), JSON]));
        let plain = [("host", "127.0.0.1:7000"), ("origin", "http://127.0.0.1:7000"), ("content-type", "text/plain")];
        assert!(!post(&plain));
    }
}
