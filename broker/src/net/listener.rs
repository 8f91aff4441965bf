//! Binds listeners and accepts their connections, each once [`Admission`] lets it in.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

use super::admission::{Admission, Admitted};

/// Pause after `accept` failed for want of descriptors or memory: the backlog keeps the peers.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// Pending connections the kernel keeps (`socket.listen.backlog.size` may be smaller).
const BACKLOG: i32 = 1024;

/// Binds `address`; a taken port is an error, never shared with another process.
pub fn bind(address: SocketAddr, backlog: Option<i32>) -> io::Result<std::net::TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(backlog.unwrap_or(BACKLOG))?;
    Ok(socket.into())
}

/// Accepts on the listener `name` until dropped; `hand_over` gets each admitted connection.
pub async fn accept_loop(
    name: Arc<str>,
    listener: TcpListener,
    admission: Admission,
    mut hand_over: impl FnMut(std::net::TcpStream, SocketAddr, Admitted),
) {
    loop {
        match listener.accept().await {
            Ok((stream, remote)) => match admission.admit(&name, remote.ip()).await {
                Ok(admitted) => match stream.into_std() {
                    Ok(stream) => hand_over(stream, remote, admitted),
                    Err(error) => tracing::warn!(%remote, %error, "connection lost at accept"),
                },
                Err(refused) => tracing::info!(%remote, %refused, "connection refused"),
            },
            // The peer was gone before its turn came.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                tracing::warn!(%error, "accept failed");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}
