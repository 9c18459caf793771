//! HTTP on this machine: the one builder of loopback servers.
//!
//! Main types: [`Guard`], which says what a server accepts, and [`serve`], which runs a router behind it. A server listens
//! on 127.0.0.1 only, answers nobody who names another host, comes from another origin or lacks the token, and takes a
//! bounded number of connections and bytes. There are no cookies and no CORS headers.
//!
//! Deliberately not here yet: the HTTP client, its record and its address policy; they come with the first request that
//! Patchbay sends.

mod guard;
mod listener;

pub use guard::{Guard, TOKEN_HEADER, Token};

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use tokio::net::TcpListener;

/// A bound loopback socket. Binding comes before anything is told its address, so nobody else can take the port.
#[derive(Debug)]
pub struct Loopback {
    listener: TcpListener,
    address: SocketAddr,
}

impl Loopback {
    /// Binds 127.0.0.1 on `port`; 0 lets the system choose a free one.
    ///
    /// # Errors
    /// The port is taken or may not be bound.
    pub async fn bind(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// The address that was bound, with its real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Answers requests with `routes` behind `guard` until the process ends.
///
/// # Errors
/// The socket failed for good.
pub async fn serve(loopback: Loopback, guard: Guard, routes: Router) -> io::Result<()> {
    let connections = guard.connections;
    let body_limit = guard.body_bytes;
    let checked = guard::Checked::new(guard, loopback.address);
    let app =
        routes.layer(DefaultBodyLimit::max(body_limit)).layer(middleware::from_fn_with_state(checked, guard::check));
    axum::serve(listener::Limited::new(loopback.listener, connections), app).await
}
