//! The server itself: what is answered under which address.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use axum::extract::{DefaultBodyLimit, Path as InPath, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use thiserror::Error;

use super::decisions::{self, Change};
use super::{files, guard};

/// A decision with its remark is far smaller.
const MOST_BODY: usize = 64 << 10;

/// Why the report cannot be served.
#[derive(Debug, Error)]
pub enum ReviewError {
    #[error("{0} 里没有报告（找不到 index.html）。请先运行 material-audit audit，再指定它的报告文件夹。")]
    NoReport(String),
    #[error("无法在本机打开端口 {port}：{cause}。请换一个端口（--port），或不指定端口。")]
    Port { port: u16, cause: io::Error },
    #[error("无法取得随机数：{0}")]
    Random(String),
    #[error("本机服务出错：{0}")]
    Served(#[from] io::Error),
}

/// What every answer is made from.
#[derive(Debug)]
pub(super) struct Shelf {
    pub(super) folder: PathBuf,
    pub(super) token: String,
    pub(super) port: u16,
    /// A key that leads to the token, once: the address a browser is started with can be read by everybody on the machine.
    pub(super) door: String,
    pub(super) entered: AtomicBool,
}

/// A report about to be served.
#[derive(Debug)]
pub struct Review {
    listener: TcpListener,
    shelf: Arc<Shelf>,
}

impl Review {
    /// Takes a port on loopback; 0 takes any free one. Nobody is answered before [`Self::serve`].
    ///
    /// # Errors
    /// Where the folder holds no report or the port can't be had.
    pub fn open(folder: &Path, port: u16) -> Result<Self, ReviewError> {
        let whole = folder.canonicalize().ok().filter(|whole| whole.join(files::INDEX).is_file());
        let folder = whole.ok_or_else(|| ReviewError::NoReport(folder.display().to_string()))?;
        let taken = |cause| ReviewError::Port { port, cause };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(taken)?;
        listener.set_nonblocking(true).map_err(taken)?;
        let port = listener.local_addr().map_err(taken)?.port();
        let token = guard::token().map_err(ReviewError::Random)?;
        let door = guard::token().map_err(ReviewError::Random)?;
        let shelf = Shelf { folder, token, port, door, entered: AtomicBool::new(false) };
        Ok(Self { listener, shelf: Arc::new(shelf) })
    }

    /// Where a browser finds the report.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}/{}/{}", self.origin(), self.shelf.token, files::INDEX)
    }

    /// Leads there once, then nowhere: for a browser's command line.
    #[must_use]
    pub fn door(&self) -> String {
        format!("{}/{}", self.origin(), self.shelf.door)
    }

    fn origin(&self) -> String {
        format!("http://{}", SocketAddr::from((Ipv4Addr::LOCALHOST, self.shelf.port)))
    }

    /// Answers until the program ends.
    ///
    /// # Errors
    /// Where the system takes the port away.
    pub fn serve(self) -> Result<(), ReviewError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            axum::serve(listener, router(self.shelf)).await
        })?;
        Ok(())
    }
}

fn router(shelf: Arc<Shelf>) -> Router {
    Router::new()
        .route("/{token}/", get(front))
        .route("/{token}/review/decisions", get(told).post(decide))
        .route("/{token}/{*path}", get(file))
        .route(guard::ICON, get(|| async { StatusCode::NO_CONTENT }))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(DefaultBodyLimit::max(MOST_BODY))
        .layer(middleware::from_fn_with_state(Arc::clone(&shelf), guard::admit))
        .layer(middleware::from_fn(with_headers))
        .with_state(shelf)
}

/// Nothing is kept by the browser, told to other pages or shown inside them.
async fn with_headers(request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

async fn front() -> Redirect {
    Redirect::to(files::INDEX)
}

async fn file(State(shelf): State<Arc<Shelf>>, InPath((_, path)): InPath<(String, String)>) -> Response {
    blocking(move || match files::read(&shelf.folder, &path) {
        Some((kind, bytes)) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        None => (StatusCode::NOT_FOUND, "报告里没有这个文件。").into_response(),
    })
    .await
}

async fn told(State(shelf): State<Arc<Shelf>>) -> Response {
    blocking(move || answer(decisions::told(&shelf.folder))).await
}

async fn decide(State(shelf): State<Arc<Shelf>>, Json(change): Json<Change>) -> Response {
    blocking(move || answer(decisions::decide(&shelf.folder, &change))).await
}

fn answer(result: Result<decisions::Told, decisions::Refused>) -> Response {
    match result {
        Ok(told) => Json(told).into_response(),
        Err(refused) => (refused.status(), Json(refused)).into_response(),
    }
}

/// Files may lie on a slow disk, and another program may hold the decisions: other tabs don't wait for that.
async fn blocking(work: impl FnOnce() -> Response + Send + 'static) -> Response {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}
