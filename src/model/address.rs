//! Which addresses the servers of a provider can fetch from: https, without a login, on the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, ParseError, Url};

use super::text::is_steering;

/// Why a text isn't an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAddress {
    /// Browsers read a backslash as a slash and drop white space, other programs don't, so the same text can name two
    /// different hosts.
    #[error("programs disagree on what a backslash, a blank or an invisible character in an address means")]
    Unclear,
    /// It cannot be read at all.
    #[error(transparent)]
    Unreadable(#[from] ParseError),
}

/// Reads an address in which every program sees the same host.
///
/// # Errors
/// [`NoAddress`] when the text isn't an address, or could be read as two different ones.
pub fn read(text: &str) -> Result<Url, NoAddress> {
    if text.contains(|c: char| c == '\\' || c.is_whitespace() || is_steering(c)) {
        return Err(NoAddress::Unclear);
    }
    Ok(Url::parse(text)?)
}

/// Whether an address points to this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).to_canonical().is_loopback(),
        Some(Host::Domain(name)) => is_local_name(name),
        None => false,
    }
}

/// Why no one can fetch from an address, whatever server is behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The scheme isn't https.
    NotHttps,
    /// It contains a user name or password.
    Login,
    /// It doesn't lead to a public host: the text says what it leads to.
    NotPublic(String),
}

/// Why an address is refused by its text alone. A host name is judged again by the addresses it resolves to.
#[must_use]
pub fn refused(url: &Url) -> Option<Refused> {
    if url.scheme() != "https" {
        return Some(Refused::NotHttps);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some(Refused::Login);
    }
    let why = match url.host() {
        Some(Host::Ipv4(ip)) => told(ip.into()),
        Some(Host::Ipv6(ip)) => told(ip.into()),
        Some(Host::Domain(name)) => is_local_name(name).then(|| format!("{name} is a local name")),
        None => Some("it names no host".to_owned()),
    };
    why.map(Refused::NotPublic)
}

/// What kind of address this is if it isn't public, in words: `10.0.0.1 is a private address`.
#[must_use]
pub fn told(ip: IpAddr) -> Option<String> {
    not_public(ip).map(|what| format!("{ip} is {what}"))
}

/// Whether a name is reserved for this machine (RFC 6761).
#[must_use]
pub fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// What kind of address this is if it isn't public; `None` for a public one.
#[must_use]
pub fn not_public(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => not_public_v4(ip),
        IpAddr::V6(ip) => not_public_v6(ip),
    }
}

/// From <https://www.iana.org/assignments/iana-ipv4-special-registry>, as of 2026-11-25, and the address at which Azure
/// serves its machines, <https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16>.
fn not_public_v4(ip: Ipv4Addr) -> Option<&'static str> {
    Some(match ip.octets() {
        [169, 254, 169, 254] | [168, 63, 129, 16] | [100, 100, 100, 200] | [192, 0, 0, 192] => METADATA,
        [0, 0, 0, 0] => UNSPECIFIED,
        [255, 255, 255, 255] => "the broadcast address",
        [127, ..] => LOOPBACK,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => "a private address",
        [169, 254, ..] => LINK_LOCAL,
        [100, 64..=127, ..] => "a carrier-grade NAT address",
        [198, 18..=19, ..] => BENCHMARK,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => DOCUMENTATION,
        [224..=239, ..] => MULTICAST,
        [0 | 240..=255, ..] | [192, 0, 0, _] | [192, 88, 99, _] => RESERVED,
        _ => return None,
    })
}

/// Only `2000::/3` is given out to hosts. The exceptions within it are listed in
/// <https://www.iana.org/assignments/iana-ipv6-special-registry>, as of 2026-11-25.
fn not_public_v6(ip: Ipv6Addr) -> Option<&'static str> {
    if ip == AWS_METADATA || ip == GOOGLE_METADATA {
        return Some(METADATA);
    }
    if let Some(inner) = inner(ip) {
        return not_public_v4(inner);
    }
    Some(match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => LOOPBACK,
        // IPv4-compatible addresses, which no host uses any more (RFC 4291).
        [0, 0, 0, 0, 0, 0, high, low] => not_public_v4(v4(high, low)).unwrap_or(RESERVED),
        // A Teredo address contains the client's address with every bit flipped (RFC 4380).
        [0x2001, 0, .., high, low] => not_public_v4(v4(!high, !low)).unwrap_or(RESERVED),
        [0xfe80..=0xfebf, ..] => LINK_LOCAL,
        [0xfec0..=0xfeff, ..] => "a site-local address",
        [0xfc00..=0xfdff, ..] => "a unique local address",
        [0xff00..=0xffff, ..] => MULTICAST,
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => DOCUMENTATION,
        [0x2001, 2, 0, ..] => BENCHMARK,
        [0x2001, 0..=0x1ff, ..] => RESERVED,
        [0x2000..=0x3fff, ..] => return None,
        _ => RESERVED,
    })
}

/// The IPv4 address that an IPv6 address stands for: mapped (RFC 4291), behind NAT64 (RFC 6052) or 6to4 (RFC 3056).
fn inner(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

fn v4(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

const AWS_METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
const GOOGLE_METADATA: Ipv6Addr = Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254);

const METADATA: &str = "a cloud metadata address";
const UNSPECIFIED: &str = "the unspecified address";
const LOOPBACK: &str = "a loopback address";
const LINK_LOCAL: &str = "a link-local address";
const BENCHMARK: &str = "a benchmark address";
const DOCUMENTATION: &str = "a documentation address";
const MULTICAST: &str = "a multicast address";
const RESERVED: &str = "a reserved address";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("http://127.8.8.8/", true)]
    #[case("http://[::1]/", true)]
    #[case("http://[::ffff:127.0.0.1]/", true)]
    #[case("http://LOCALHOST/", true)]
    #[case("http://a.localhost/", true)]
    #[case("http://0x7f.1/", true)]
    #[case("http://10.0.0.1/", false)]
    #[case("http://0.0.0.0/", false)]
    #[case("http://notlocalhost/", false)]
    fn only_this_machine_is_loopback(#[case] url: &str, #[case] loopback: bool) {
        assert_eq!(is_loopback(&Url::parse(url).unwrap()), loopback, "{url}");
    }

    fn seen(ip: &str) -> Option<&'static str> {
        not_public(ip.parse().unwrap())
    }

    #[rstest]
    #[case(LOOPBACK, &["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1"])]
    #[case("a private address", &["10.0.0.0", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:c0a8:1::", "2001:0:4136:e378:8000:63bf:f5ff:fffe"])]
    #[case(LINK_LOCAL, &["169.254.0.1", "fe80::1", "febf::1", "::ffff:169.254.1.1"])]
    #[case(METADATA, &["169.254.169.254", "fd00:ec2::254", "fd20:ce::254", "::ffff:a9fe:a9fe", "64:ff9b::a9fe:a9fe", "2001:0:4136:e378:8000:63bf:57c0:7eef", "168.63.129.16", "100.100.100.200"])]
    #[case("a unique local address", &["fc00::1", "fdff::1"])]
    #[case("a site-local address", &["fec0::1"])]
    #[case("a carrier-grade NAT address", &["100.64.0.0", "100.127.255.255"])]
    #[case(BENCHMARK, &["198.18.0.1", "198.19.255.255", "2001:2::1"])]
    #[case(DOCUMENTATION, &["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"])]
    #[case(MULTICAST, &["224.0.0.1", "239.255.255.255", "ff02::1"])]
    #[case(UNSPECIFIED, &["0.0.0.0", "::", "::ffff:0.0.0.0"])]
    #[case("the broadcast address", &["255.255.255.255"])]
    #[case(RESERVED, &["0.0.0.1", "240.0.0.1", "192.0.0.1", "192.88.99.1", "100::1", "5f00::1", "64:ff9b:1::1", "::ffff:0:808:808", "::8.8.8.8", "2001:20::1", "4000::1"])]
    fn what_is_not_public_is_named(#[case] what: &str, #[case] all: &[&str]) {
        for ip in all {
            assert_eq!(seen(ip), Some(what), "{ip}");
        }
    }

    #[rstest]
    fn what_is_public_is_not_refused(
        #[values(
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.0.0.1",
            "128.0.0.1",
            "169.253.1.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.167.1.1",
            "198.17.1.1",
            "198.20.1.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00::1",
            "2001:4860::8888",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1"
        )]
        ip: &str,
    ) {
        assert_eq!(seen(ip), None, "{ip}");
    }

    proptest! {
        #[test]
        fn an_address_within_another_is_judged_alike(bits in any::<u32>()) {
            let ip = Ipv4Addr::from_bits(bits);
            let own = not_public_v4(ip);
            prop_assert_eq!(not_public_v6(ip.to_ipv6_mapped()), own);
            let nat = Ipv6Addr::from_bits(0x64_ff9b << 96 | u128::from(bits));
            prop_assert_eq!(not_public_v6(nat), own);
            let six_to_four = Ipv6Addr::from_bits(0x2002 << 112 | u128::from(bits) << 80);
            prop_assert_eq!(not_public_v6(six_to_four), own);
            prop_assert!(not_public_v6(ip.to_ipv6_compatible()).is_some());
        }

        /// Everything the standard library knows to be special is refused as well.
        #[test]
        fn nothing_that_the_standard_library_calls_special_is_public(bits in any::<u32>(), long in any::<u128>()) {
            let ip = Ipv4Addr::from_bits(bits);
            let special = ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast()
                || ip.is_broadcast() || ip.is_documentation() || ip.is_unspecified();
            prop_assert!(!special || not_public_v4(ip).is_some());
            let ip = Ipv6Addr::from_bits(long);
            let special = ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_multicast();
            prop_assert!(!special || not_public_v6(ip).is_some());
        }
    }

    /// However the host is spelled, the address is read the way browsers read it.
    #[rstest]
    #[case("https://127.1/a", "127.0.0.1 is a loopback address")]
    #[case("https://0x7f.1/a", "127.0.0.1 is a loopback address")]
    #[case("https://2130706433/a", "127.0.0.1 is a loopback address")]
    #[case("https://0177.0.0.1/a", "127.0.0.1 is a loopback address")]
    #[case("https://127.0.0.1./a", "127.0.0.1 is a loopback address")]
    #[case("https://%31%32%37.0.0.1/a", "127.0.0.1 is a loopback address")]
    #[case("https://①②⑦.⓪.⓪.①/a", "127.0.0.1 is a loopback address")]
    #[case("https://0/a", "0.0.0.0 is the unspecified address")]
    #[case("https://[::ffff:7f00:1]/a", "::ffff:127.0.0.1 is a loopback address")]
    #[case("https://localhost/a", "localhost is a local name")]
    #[case("https://LOCALHOST./a", "localhost. is a local name")]
    #[case("https://a.b.localhost/a", "a.b.localhost is a local name")]
    fn a_host_is_read_as_browsers_read_it(#[case] url: &str, #[case] why: &str) {
        assert_eq!(refused(&url.parse().unwrap()), Some(Refused::NotPublic(why.to_owned())));
    }

    #[rstest]
    #[case("http://example.com/a", Some(Refused::NotHttps))]
    #[case("http://127.0.0.1/a", Some(Refused::NotHttps))]
    #[case("ftp://example.com/a", Some(Refused::NotHttps))]
    #[case("data:image/png;base64,AA", Some(Refused::NotHttps))]
    #[case("file:///etc/passwd", Some(Refused::NotHttps))]
    #[case("javascript:alert(1)", Some(Refused::NotHttps))]
    #[case("https://me@example.com/a", Some(Refused::Login))]
    #[case("https://:pw@127.0.0.1/a", Some(Refused::Login))]
    #[case("https://example.com/a", None)]
    #[case("https://8.8.8.8/a", None)]
    #[case("https://notlocalhost/a", None)]
    fn the_text_alone_may_decide(#[case] url: &str, #[case] why: Option<Refused>) {
        assert_eq!(refused(&url.parse().unwrap()), why);
    }
}
