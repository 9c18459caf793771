use std::future::{self, Future};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time;

use crate::guard::{self, Guard};

/// How long answers that have begun may still take once a server is stopped.
const GRACE: Duration = Duration::from_secs(2);

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
        Self::on(Ipv4Addr::LOCALHOST.into(), port).await
    }

    /// Binds `[::1]` on `port`; 0 lets the system choose a free one.
    ///
    /// # Errors
    /// The port is taken or may not be bound, or the machine has no IPv6.
    pub async fn bind_v6(port: u16) -> io::Result<Self> {
        Self::on(Ipv6Addr::LOCALHOST.into(), port).await
    }

    /// Binds 127.0.0.1 on the first of these ports that is free.
    ///
    /// # Errors
    /// None of them is; [`io::ErrorKind::AddrInUse`] also when there are none.
    pub async fn first_free(ports: &[u16]) -> io::Result<Self> {
        let mut last = io::Error::from(io::ErrorKind::AddrInUse);
        for port in ports {
            match Self::bind(*port).await {
                Ok(loopback) => return Ok(loopback),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    async fn on(ip: IpAddr, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((ip, port)).await?;
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
/// None today: a connection that fails ends alone, and a socket that takes none is asked again.
pub async fn serve(loopback: Loopback, guard: Guard, routes: Router) -> io::Result<()> {
    serve_until(loopback, guard, routes, future::pending()).await
}

/// Answers requests with `routes` behind `guard` until `stop` is ready. The port is free again at once; answers that have
/// begun get two more seconds. Dropping the future ends everything immediately.
///
/// # Errors
/// None today, as for [`serve`].
pub async fn serve_until(
    loopback: Loopback,
    guard: Guard,
    routes: Router,
    stop: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let free = Arc::new(Semaphore::new(guard.connections));
    let door = Door::new(guard, loopback.address, routes);
    let (stopping, stopped) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = async {
            // The semaphore is never closed; without a permit the connection would merely be uncounted.
            let permit = Arc::clone(&free).acquire_owned().await.ok();
            (loopback.listener.accept().await, permit)
        };
        let (accepted, permit) = tokio::select! {
            biased;
            () = &mut stop => break,
            Some(_) = connections.join_next() => continue,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let served = door.clone().answer(stream, stopped.clone());
                connections.spawn(async move {
                    served.await;
                    drop(permit);
                });
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                // Usually too many open files, which passes when others close some.
                tracing::warn!(%error, "a loopback server cannot take connections");
                time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
    drop(loopback);
    drop(stopping);
    let rest = async { while connections.join_next().await.is_some() {} };
    let _ = time::timeout(GRACE, rest).await;
    Ok(())
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// What every connection of a server goes through.
#[derive(Clone)]
struct Door {
    app: Router,
    http: Arc<Builder<TokioExecutor>>,
}

impl Door {
    fn new(guard: Guard, address: SocketAddr, routes: Router) -> Self {
        let mut http = Builder::new(TokioExecutor::new()).http1_only();
        http.http1()
            .timer(TokioTimer::new())
            .header_read_timeout(guard.header_deadline)
            .max_buf_size(guard.header_bytes + guard::TARGET_BYTES + 16 * 1024);
        let body_limit = guard.body_bytes;
        let checked = guard::Checked::new(guard, address);
        let app = routes
            .layer(DefaultBodyLimit::max(body_limit))
            .layer(middleware::from_fn_with_state(checked, guard::check));
        Self { app, http: Arc::new(http) }
    }

    async fn answer(self, stream: TcpStream, mut stopped: watch::Receiver<()>) {
        let service = TowerToHyperService::new(self.app);
        let mut connection = std::pin::pin!(self.http.serve_connection(TokioIo::new(stream), service));
        tokio::select! {
            // How a connection ends concerns the other side only.
            _ = connection.as_mut() => {}
            _ = stopped.changed() => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
    }
}
