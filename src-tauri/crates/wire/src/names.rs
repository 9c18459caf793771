use std::error::Error;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::Why;
use crate::address::{Zone, is_local_name, is_metadata_name, zone};

type Found = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// How names become addresses: the system's way, or a test's.
pub(crate) type LookUp = Arc<dyn Fn(String) -> Found + Send + Sync>;

/// Asks the system.
pub(crate) fn system() -> LookUp {
    Arc::new(|name| {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect()) })
    })
}

/// How far a client may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Public addresses only.
    Public,
    /// Loopback and private addresses too, as far as they are used at all.
    Near,
}

/// The look-up and the judgement of a name in one. What it returns is what gets connected to, so a name that answers
/// differently the second time gains nothing.
pub(crate) struct Names {
    pub(crate) look_up: LookUp,
    pub(crate) reach: Reach,
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        let (look_up, reach) = (Arc::clone(&self.look_up), self.reach);
        Box::pin(async move {
            let found = if is_local_name(&name) {
                vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
            } else if is_metadata_name(&name) {
                return Err(Barred::Never(Why::Metadata).into());
            } else {
                look_up(name).await?
            };
            let allowed = admit(&found, reach)?;
            Ok(Box::new(allowed.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs)
        })
    }
}

/// All of the addresses or none: a name with one bad address is a bad name.
fn admit(found: &[IpAddr], reach: Reach) -> Result<Vec<IpAddr>, Barred> {
    let zones: Vec<Zone> = found.iter().map(|ip| zone(*ip)).collect();
    for zone in &zones {
        if let Zone::Never(why) = zone {
            return Err(Barred::Never(*why));
        }
    }
    if reach == Reach::Public {
        for zone in &zones {
            match zone {
                Zone::Loopback => return Err(Barred::Near(Why::Loopback)),
                Zone::Private => return Err(Barred::Near(Why::Private)),
                Zone::Public | Zone::Never(_) => {}
            }
        }
    }
    Ok(found.to_vec())
}

/// Why the addresses of a name are not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Barred {
    Never(Why),
    /// This client reaches public addresses only.
    Near(Why),
}

impl fmt::Display for Barred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never(why) | Self::Near(why) => write!(f, "{why}"),
        }
    }
}

impl Error for Barred {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(addresses: &[&str], reach: Reach, expect: Result<(), Barred>) {
        let found: Vec<IpAddr> = addresses.iter().map(|address| address.parse().unwrap()).collect();
        assert_eq!(admit(&found, reach).map(|kept| assert_eq!(kept, found)), expect, "{addresses:?}");
    }

    #[test]
    fn one_bad_address_spoils_a_name() {
        check(&["8.8.8.8", "2606:4700::1111"], Reach::Public, Ok(()));
        check(&["8.8.8.8", "127.0.0.1"], Reach::Public, Err(Barred::Near(Why::Loopback)));
        check(&["8.8.8.8", "fd00::1"], Reach::Public, Err(Barred::Near(Why::Private)));
        check(&["127.0.0.1", "169.254.169.254"], Reach::Public, Err(Barred::Never(Why::Metadata)));
        check(&["8.8.8.8", "127.0.0.1", "10.1.1.1"], Reach::Near, Ok(()));
        check(&["127.0.0.1", "fe80::1"], Reach::Near, Err(Barred::Never(Why::LinkLocal)));
    }
}
