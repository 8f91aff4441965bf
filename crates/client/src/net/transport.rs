//! Opens the byte stream of a connection. What secures a connection is chosen here and nowhere else.

use std::sync::Arc;
use std::{io, net::SocketAddr};

use klamm_config::HostPort;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpSocket, TcpStream};

use super::resolve::resolve;
use crate::config::{ClientConfig, SecurityProtocol};
use crate::error::ClientError;

/// What frames are read from.
pub(super) type ReadHalf = Box<dyn AsyncRead + Send + Unpin>;
/// What frames are written to.
pub(super) type WriteHalf = Box<dyn AsyncWrite + Send + Unpin>;

/// Dials the addresses of `target` one after the other until one answers.
pub(super) async fn open(
    target: &HostPort,
    config: &ClientConfig,
) -> Result<(ReadHalf, WriteHalf), ClientError> {
    let mut last = None;
    for address in resolve(&target.host, target.port).await? {
        match dial(address, config).await {
            Ok(stream) => return Ok(secure(stream, config.security_protocol)),
            Err(cause) => last = Some(cause),
        }
    }
    let cause = last.unwrap_or_else(|| io::Error::from(io::ErrorKind::AddrNotAvailable));
    Err(ClientError::Connect { address: address_text(target), cause: Arc::new(cause) })
}

async fn dial(address: SocketAddr, config: &ClientConfig) -> io::Result<TcpStream> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    if let Ok(size) = u32::try_from(config.send_buffer_bytes) {
        socket.set_send_buffer_size(size)?;
    }
    if let Ok(size) = u32::try_from(config.receive_buffer_bytes) {
        socket.set_recv_buffer_size(size)?;
    }
    socket.set_nodelay(true)?;
    socket.set_keepalive(true)?;
    socket.connect(address).await
}

fn secure(stream: TcpStream, protocol: SecurityProtocol) -> (ReadHalf, WriteHalf) {
    match protocol {
        SecurityProtocol::Plaintext => {
            let (read, write) = stream.into_split();
            (Box::new(read), Box::new(write))
        }
    }
}

/// `host:port`, with brackets around IPv6 addresses.
pub(super) fn address_text(target: &HostPort) -> String {
    if target.host.contains(':') {
        return format!("[{}]:{}", target.host, target.port);
    }
    format!("{}:{}", target.host, target.port)
}
