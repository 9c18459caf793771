use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::Why;

/// Where an address lies, as far as the policy cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    Public,
    Loopback,
    Private,
    Never(Why),
}

/// The zone of an address; one that carries an IPv4 address (mapped, NAT64, 6to4, Teredo) lies where that one lies.
pub(crate) fn zone(ip: IpAddr) -> Zone {
    match ip {
        IpAddr::V4(ip) => zone_v4(ip),
        IpAddr::V6(ip) => zone_v6(ip),
    }
}

/// Names of the metadata servers of Google and Amazon, which work inside their clouds only.
pub(crate) fn is_metadata_name(name: &str) -> bool {
    const NAMES: [&str; 4] =
        ["metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"];
    NAMES.contains(&name.trim_end_matches('.').to_ascii_lowercase().as_str())
}

/// Names that mean this computer without being looked up (RFC 6761 6.3).
pub(crate) fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// The special blocks of IANA's IPv4 registry (RFC 6890), and the metadata addresses that clouds document.
fn zone_v4(ip: Ipv4Addr) -> Zone {
    match ip.octets() {
        // Amazon and everybody who copied it; Alibaba; Oracle; Azure.
        [169, 254, 169, 254] | [100, 100, 100, 200] | [192, 0, 0, 192] | [168, 63, 129, 16] => {
            Zone::Never(Why::Metadata)
        }
        [169, 254, ..] => Zone::Never(Why::LinkLocal),
        [0, ..] | [224..=255, ..] => Zone::Never(Why::NotOne),
        [127, ..] => Zone::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => Zone::Private,
        // Protocol assignments, documentation and benchmarks: if they lead anywhere, then nearby.
        [192, 0, 0 | 2, _] | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => Zone::Private,
        _ => Zone::Public,
    }
}

/// The blocks of IANA's IPv6 registry (RFC 4291, RFC 6890).
fn zone_v6(ip: Ipv6Addr) -> Zone {
    if let Some(inner) = carried_v4(ip) {
        return zone_v4(inner);
    }
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Zone::Loopback,
        [0, 0, 0, 0, 0, 0, 0, 0] | [0xff00..=0xffff, ..] => Zone::Never(Why::NotOne),
        // Amazon's and Google's metadata servers.
        [0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254] | [0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x0254] => Zone::Never(Why::Metadata),
        [0xfe80..=0xfebf, ..] => Zone::Never(Why::LinkLocal),
        [0x2001, 0x0db8, ..] => Zone::Private,
        [0x2000..=0x3fff, ..] => Zone::Public,
        _ => Zone::Private,
    }
}

/// The IPv4 address inside an IPv6 one.
fn carried_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, high, low] = ip.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match (a, b, c, d, e, f) {
        // Mapped (RFC 4291 2.5.5.2), translated (RFC 7915), and NAT64, whose local block has its IPv4 part in the same
        // place with the usual length (RFC 6052, RFC 8215).
        (0, 0, 0, 0, 0, 0xffff) | (0, 0, 0, 0, 0xffff, 0) | (0x64, 0xff9b, 0, 0, 0, 0) | (0x64, 0xff9b, 1, ..) => {
            Some(v4(high, low))
        }
        // IPv4-compatible, obsolete; `::` and `::1` are addresses of their own.
        (0, 0, 0, 0, 0, 0) if high != 0 || low > 1 => Some(v4(high, low)),
        // 6to4 (RFC 3056) and Teredo (RFC 4380 4), where the client's address is inverted.
        (0x2002, ..) => Some(v4(b, c)),
        (0x2001, 0, ..) => Some(v4(!high, !low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expect: Zone, addresses: &[&str]) {
        for address in addresses {
            assert_eq!(zone(address.parse().unwrap()), expect, "{address}");
        }
    }

    #[test]
    fn knows_where_ipv4_addresses_lie() {
        check(
            Zone::Public,
            &["1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "192.167.0.1", "198.20.0.1"],
        );
        check(Zone::Loopback, &["127.0.0.1", "127.255.255.254"]);
        check(Zone::Private, &["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "198.18.0.1"]);
        check(Zone::Never(Why::LinkLocal), &["169.254.0.1", "169.254.170.2", "169.254.255.255"]);
        check(Zone::Never(Why::Metadata), &["169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16"]);
        check(
            Zone::Never(Why::NotOne),
            &["0.0.0.0", "0.1.2.3", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"],
        );
    }

    #[test]
    fn knows_where_ipv6_addresses_lie() {
        check(Zone::Public, &["2606:4700::1111", "2a00:1450:4001::5"]);
        check(Zone::Loopback, &["::1"]);
        check(Zone::Private, &["fc00::1", "fd12:3456::1", "fec0::1", "2001:db8::1", "4000::1"]);
        check(Zone::Never(Why::LinkLocal), &["fe80::1", "febf::1"]);
        check(Zone::Never(Why::Metadata), &["fd00:ec2::254", "fd20:ce::254"]);
        check(Zone::Never(Why::NotOne), &["::", "ff02::1", "ff0e::1"]);
    }

    #[test]
    fn looks_inside_ipv6_forms_of_ipv4_addresses() {
        check(
            Zone::Loopback,
            &["::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "::ffff:0:127.0.0.1"],
        );
        check(Zone::Never(Why::Metadata), &["::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe"]);
        check(Zone::Never(Why::Metadata), &["2002:a9fe:a9fe::", "2001:0:1:2:3:4:5601:5601"]);
        check(Zone::Private, &["::ffff:10.0.0.1", "2002:c0a8:101::1"]);
        check(Zone::Public, &["::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]);
    }

    #[test]
    fn knows_names_without_looking_them_up() {
        assert!(is_local_name("localhost") && is_local_name("Localhost.") && is_local_name("a.b.localhost"));
        assert!(!is_local_name("localhost.example") && !is_local_name("notlocalhost"));
        assert!(is_metadata_name("Metadata.Google.Internal.") && is_metadata_name("metadata.goog"));
        assert!(!is_metadata_name("metadata.example"));
    }
}
