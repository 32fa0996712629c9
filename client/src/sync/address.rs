//! The hub's address, as a person types it, made into one form.

use std::{fmt, net::IpAddr, str::FromStr};

use reqwest::Url;

/// The address of a hub: scheme, host and port, nothing else.
///
/// Over plain `http` a token could be read by anybody on the way, so that is taken only for this
/// machine and private networks (a hub in the office, behind a VPN, in a test).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubAddress(Url);

/// Text that is not the address of a hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the address of a hub")]
pub struct NotAnAddress;

impl HubAddress {
    /// The full address of `path`, which begins with `/`.
    pub(crate) fn join(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(path);
        url
    }

    /// Whether requests go unencrypted.
    pub(crate) fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }
}

impl FromStr for HubAddress {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let text = text.trim();
        let has_scheme = text.contains("://");
        let parse = |scheme: &str| {
            let full = if has_scheme {
                text.to_owned()
            } else {
                format!("{scheme}://{text}")
            };
            Url::parse(&full).map_err(|_says_too_much| NotAnAddress)
        };
        let secure = parse("https")?;
        let private = is_private(&secure);
        // Parsed anew, not rewritten: the default port goes with the scheme.
        let url = if !has_scheme && private {
            parse("http")?
        } else {
            secure
        };

        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.host_str().is_some_and(|host| !host.is_empty());
        let known = match url.scheme() {
            "https" => true,
            "http" => private,
            _ => false,
        };
        if bare && known && url.port() != Some(0) {
            Ok(Self(url))
        } else {
            Err(NotAnAddress)
        }
    }
}

impl fmt::Display for HubAddress {
    /// Without the slash at the end, as people write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// Whether the host is this machine or on a network that doesn't reach beyond a building or VPN.
fn is_private(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match host.parse() {
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        Ok(IpAddr::V6(ip)) => {
            ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local()
        }
        Err(_) => {
            host == "localhost"
                || [".localhost", ".local", ".lan", ".internal", ".home.arpa"]
                    .iter()
                    .any(|ending| host.ends_with(ending))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_becomes_one_form() {
        let cases = [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("localhost:8080", "http://localhost:8080"),
            ("localhost", "http://localhost"),
            ("[::1]:8080", "http://[::1]:8080"),
            (" 192.168.3.7:9000 ", "http://192.168.3.7:9000"),
            ("http://10.1.2.3/", "http://10.1.2.3"),
            ("hub.lan:80", "http://hub.lan"),
            ("https://127.0.0.1:8443", "https://127.0.0.1:8443"),
            ("hub.example.org", "https://hub.example.org"),
            ("hub.example.org:8443", "https://hub.example.org:8443"),
            ("HTTPS://Hub.Example.Org:443/", "https://hub.example.org"),
            ("203.0.113.9:8080", "https://203.0.113.9:8080"),
        ];
        for (typed, expected) in cases {
            let address = typed
                .parse::<HubAddress>()
                .map(|address| address.to_string());
            assert_eq!(address.as_deref(), Ok(expected), "{typed:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let cases = [
            "",
            "   ",
            "://",
            "http://",
            "ftp://127.0.0.1",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "hub.example.org/login",
            "hub.example.org?x=1",
            "hub.example.org#top",
            "name:secret@hub.example.org",
            "127.0.0.1:0",
            "127.0.0.1:99999",
            "two words",
            "网格行 的 地址",
        ];
        for typed in cases {
            assert_eq!(typed.parse::<HubAddress>(), Err(NotAnAddress), "{typed:?}");
        }
    }

    #[test]
    fn a_token_is_never_sent_in_the_clear_over_a_public_network() {
        for typed in ["http://hub.example.org", "http://203.0.113.9:8080"] {
            assert_eq!(typed.parse::<HubAddress>(), Err(NotAnAddress), "{typed:?}");
        }
    }
}
