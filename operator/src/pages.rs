//! The pages of the operator: `/metrics`, `/healthz`, `/readyz`; and what `kubectl klamm` reads through the API server:
//! `/preview/NAMESPACE/NAME` (with `?brokers=COUNT`), the plan of a cluster, and `/diagnostics/NAMESPACE/NAME`.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::cluster::{Context, PassError, diagnose, preview};

/// Connections at a time; more wait.
const MOST: usize = 32;
/// Longest wait for a request, and for its answer to be taken.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest time for a page: some look at a whole cluster.
const PAGE: Duration = Duration::from_secs(45);
/// Looks at clusters at a time: a stranger who asks for many must not keep the operator from its work.
static LOOKS: Semaphore = Semaphore::const_new(1);
/// Looks that are asked for at a time, those that wait included: probes need connections, too.
static ASKED: Semaphore = Semaphore::const_new(8);

/// Serves the pages until dropped.
pub async fn serve(listener: TcpListener, context: Arc<Context>) {
    let places = Arc::new(Semaphore::new(MOST));
    let mut connections = JoinSet::new();
    loop {
        let place = Arc::clone(&places).acquire_owned().await;
        let accepted = listener.accept().await;
        while connections.try_join_next().is_some() {}
        let Ok((stream, peer)) = accepted else {
            // No descriptor is free, say; the next moment may have one.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let context = Arc::clone(&context);
        connections.spawn(async move {
            let _place = place;
            let answer = service_fn(move |request: Request<Incoming>| {
                let context = Arc::clone(&context);
                async move {
                    let query = request.uri().query().unwrap_or_default();
                    Ok::<_, Infallible>(response(page(&context, request.uri().path(), query).await))
                }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .keep_alive(false)
                .serve_connection(TokioIo::new(stream), answer);
            if let Ok(Err(error)) = tokio::time::timeout(PATIENCE + PAGE, connection).await {
                tracing::debug!(%peer, %error, "a page was not taken");
            }
        });
    }
}

/// Listens for [`serve`].
pub async fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::bind(address).await
}

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// HTTP's.
    pub status: StatusCode,
    /// Its content type.
    pub kind: &'static str,
    /// Its text.
    pub body: String,
}

/// The page at a path.
pub async fn page(context: &Context, path: &str, query: &str) -> Page {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["metrics"] => Page {
            status: StatusCode::OK,
            kind: "application/openmetrics-text; version=1.0.0; charset=utf-8",
            body: context.metrics.text(),
        },
        ["healthz" | "readyz"] => text(StatusCode::OK, "ok\n".to_owned()),
        ["preview", namespace, name] => match brokers(query) {
            Err(sentence) => text(StatusCode::BAD_REQUEST, sentence),
            Ok(brokers) => look(name, preview(context, (namespace, name), brokers)).await,
        },
        ["diagnostics", namespace, name] => look(name, diagnose(context, namespace, name)).await,
        _ => text(
            StatusCode::NOT_FOUND,
            "there are /metrics, /healthz, /readyz, /preview/NAMESPACE/NAME and /diagnostics/NAMESPACE/NAME\n".to_owned(),
        ),
    }
}

fn text(status: StatusCode, body: String) -> Page {
    Page { status, kind: "text/plain", body }
}

/// A page that takes a look at a cluster.
async fn look(name: &str, looked: impl Future<Output = Result<Option<String>, PassError>>) -> Page {
    let busy = || text(StatusCode::SERVICE_UNAVAILABLE, "others ask just now; ask again\n".to_owned());
    let Ok(_asked) = ASKED.try_acquire() else { return busy() };
    let Ok(_place) = LOOKS.acquire().await else { return busy() };
    match tokio::time::timeout(PAGE, looked).await {
        Ok(Ok(Some(found))) => text(StatusCode::OK, found),
        Ok(Ok(None)) => text(StatusCode::NOT_FOUND, format!("there is no KafkaCluster {name}\n")),
        Ok(Err(error)) => text(StatusCode::BAD_GATEWAY, format!("{error}\n")),
        Err(_) => text(StatusCode::GATEWAY_TIMEOUT, "the cluster takes too long\n".to_owned()),
    }
}

/// The count in `brokers=COUNT`, if it is given.
fn brokers(query: &str) -> Result<Option<u32>, String> {
    let count = query.split('&').find_map(|part| part.strip_prefix("brokers="));
    let wrong = |count: &str| format!("brokers={count} is no number of brokers\n");
    count.map(|count| count.parse().map_err(|_| wrong(count))).transpose()
}

fn response(page: Page) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(page.body)));
    *response.status_mut() = page.status;
    response.headers_mut().insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static(page.kind));
    response
}
