//! What can be wrong with a request.

use std::io::Read as _;

use axum::http::Method;
use serde_json::{Value, json};
use shared::hub_api::{ErrorCode, photo};

use super::{
    Endpoint,
    sample::{Ask, BODY_MAX, Scene},
};
use ErrorCode::{
    ChecksumMismatch, CursorGone, Forbidden, Malformed, NotEnrolled, NotFound, OffsetMismatch,
    Revoked, TooLarge, UnsupportedMedia,
};

/// A request with something wrong, and the codes it may be refused with.
pub(super) struct Spoilt {
    pub(super) what: String,
    pub(super) ask: Ask,
    pub(super) expected: Vec<ErrorCode>,
}

/// Everything that can be wrong with a request to this endpoint.
pub(super) async fn spoilt(scene: &Scene, endpoint: &Endpoint) -> Vec<Spoilt> {
    let mut bench = Bench {
        good: Ask::good(scene, endpoint).await,
        all: Vec::new(),
    };
    if !endpoint.is_open() {
        bench.tokens(&scene.revoked.token);
    }
    // What the hub can do of tus is the same for every photo, and touches none.
    if endpoint.method != Method::OPTIONS {
        bench.paths(endpoint);
    }
    bench.queries(endpoint);
    bench.headers(endpoint);
    match endpoint.body_type() {
        Some("application/json") => bench.json(),
        Some(photo::CHUNK_TYPE) => bench.chunks(),
        Some(other) => panic!("what can be wrong with {other} is not said here"),
        None => {}
    }
    bench.all
}

struct Bench {
    good: Ask,
    all: Vec<Spoilt>,
}

impl Bench {
    fn add(&mut self, what: &str, expected: &[ErrorCode], spoil: impl FnOnce(Ask) -> Ask) {
        self.all.push(Spoilt {
            what: what.to_owned(),
            ask: spoil(self.good.clone()),
            expected: expected.to_vec(),
        });
    }

    fn tokens(&mut self, revoked: &str) {
        self.add("no token", &[NotEnrolled], |ask| {
            ask.without_header("authorization")
        });
        self.add("a revoked device's token", &[Revoked], |ask| {
            ask.with_token(revoked)
        });
        let long = format!("Bearer {}", "a".repeat(100_000));
        for value in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer nobody",
            "Basic dzE6",
            "canary",
            &long,
        ] {
            let what = format!("the token {value:.20}");
            self.add(&what, &[NotEnrolled], |ask| {
                ask.header("authorization", value)
            });
        }
        self.add("a token that is no text", &[NotEnrolled], |ask| {
            ask.raw_header("authorization", b"Bearer \xff\xfe")
        });
    }

    fn paths(&mut self, endpoint: &Endpoint) {
        for (name, _) in endpoint.parameters("path") {
            let place = format!("{{{name}}}");
            for value in [
                "canary",
                "%00",
                "%ff%fe",
                "..%2F..%2Fhub.db",
                &"a".repeat(10_000),
            ] {
                let path = endpoint.path.replace(&place, value);
                let what = format!("{name} {value:.20}");
                self.add(&what, &[NotFound], |ask| Ask { path, ..ask });
            }
        }
    }

    fn queries(&mut self, endpoint: &Endpoint) {
        for (name, parameter) in endpoint.parameters("query") {
            if parameter["required"] == true {
                self.add(&format!("no {name}"), &[Malformed], |ask| {
                    ask.with_query(name, None)
                });
            }
            // Clocks that can't be read are as good as none: `clocks` tries that.
            if ["wall", "mono", "boot"].contains(&name) {
                continue;
            }
            let number = parameter["schema"]["type"] == "integer";
            let rubbish = [
                "-1",
                "1.5",
                "NaN",
                "99999999999999999999999",
                "canary",
                "%ff%fe",
            ];
            for value in rubbish {
                let codes: &[_] = if number {
                    &[Malformed]
                } else {
                    &[Forbidden, CursorGone]
                };
                let what = format!("{name}={value}");
                self.add(&what, codes, |ask| ask.with_query(name, Some(value)));
            }
        }
    }

    fn headers(&mut self, endpoint: &Endpoint) {
        for (name, parameter) in endpoint.parameters("header") {
            if parameter["required"] == true {
                self.add(&format!("no {name}"), &[Malformed], |ask| {
                    ask.without_header(name)
                });
            }
            // A range that can't be followed is ignored: RFC 9110, 14.2.
            if name == "Range" {
                continue;
            }
            let long = "9".repeat(5_000);
            for value in [
                b"".as_slice(),
                b"canary",
                b"-1",
                b"\xff\xfe",
                long.as_bytes(),
            ] {
                let what = format!("{name}: {:.20}", value.escape_ascii());
                self.add(&what, &[Malformed], |ask| ask.raw_header(name, value));
            }
        }
        if endpoint
            .parameters("header")
            .any(|(name, _)| name == photo::UPLOAD_LENGTH)
        {
            let what = "a photo of a terabyte";
            self.add(what, &[TooLarge], |ask| {
                ask.header(photo::UPLOAD_LENGTH, "1000000000000")
            });
        }
    }

    fn json(&mut self) {
        let good = self.good.body.clone();
        let half = good[..good.len() / 2].to_vec();
        let shape = json!({ "canary": "张三" }).to_string();
        let null: Value = serde_json::from_slice(&good).unwrap();
        let null = null
            .as_object()
            .unwrap()
            .keys()
            .map(|key| (key.clone(), Value::Null));
        let null = Value::Object(null.collect()).to_string();
        let brackets = vec![b'['; 50_000];
        let bodies: [(&str, &[u8]); 8] = [
            ("nothing", b""),
            ("half of it", &half),
            ("another shape", shape.as_bytes()),
            ("nulls", null.as_bytes()),
            ("a list", b"[]"),
            ("not a number", b"{\"sent\":NaN}"),
            ("no text", &[0xff; 1_000]),
            ("brackets", &brackets),
        ];
        for (what, body) in bodies {
            self.add(what, &[Malformed], |ask| ask.body(body));
            let packed = zstd::encode_all(body, 3).unwrap();
            self.add(&format!("{what}, packed"), &[Malformed], |ask| {
                ask.header("content-encoding", "zstd").body(&packed)
            });
        }
        let packed = zstd::encode_all(good.as_slice(), 3).unwrap();
        for (what, body) in [
            ("rubbish", good.as_slice()),
            ("a piece", &packed[..packed.len() - 5]),
        ] {
            self.add(&format!("{what} said to be zstd"), &[Malformed], |ask| {
                ask.header("content-encoding", "zstd").body(body)
            });
        }
        self.add("cut off", &[Malformed], |ask| Ask {
            cut: true,
            ..ask.body(&half)
        });
        for kind in [
            b"text/html".as_slice(),
            b"application/xml",
            b"canary",
            b"\xff",
        ] {
            let what = format!("content type {}", kind.escape_ascii());
            self.add(&what, &[UnsupportedMedia], |ask| {
                ask.raw_header("content-type", kind)
            });
        }
        for encoding in ["gzip", "br", "zstd, zstd", "canary"] {
            self.add(
                &format!("encoding {encoding}"),
                &[UnsupportedMedia],
                |ask| ask.header("content-encoding", encoding),
            );
        }
        self.add("too large", &[TooLarge], |ask| {
            ask.body(&vec![b' '; BODY_MAX + 1])
        });
        let bomb = std::io::repeat(b' ').take(64 << 20);
        let bomb = zstd::encode_all(bomb, 1).unwrap();
        assert!(bomb.len() < BODY_MAX, "small as it comes: {}", bomb.len());
        self.add("too large once unfolded", &[TooLarge], |ask| {
            ask.header("content-encoding", "zstd").body(&bomb)
        });
    }

    fn chunks(&mut self) {
        let good = self.good.body.clone();
        let longer = [good.as_slice(), b"x"].concat();
        self.add("more than the photo has", &[TooLarge], |ask| {
            ask.without_header(photo::UPLOAD_CHECKSUM).body(&longer)
        });
        self.add("a megabyte too much", &[TooLarge], |ask| {
            ask.body(&vec![7; 1 << 20])
        });
        self.add("another chunk's checksum", &[ChecksumMismatch], |ask| {
            ask.body(&good[1..])
        });
        self.add("nothing under a checksum", &[ChecksumMismatch], |ask| {
            ask.body(b"")
        });
        self.add("cut off", &[Malformed], |ask| Ask { cut: true, ..ask });
        for offset in ["0", "49", "51", "18446744073709551615"] {
            self.add(&format!("offset {offset}"), &[OffsetMismatch], |ask| {
                ask.header(photo::UPLOAD_OFFSET, offset)
            });
        }
        for kind in ["text/html", "application/json", "image/jpeg"] {
            self.add(
                &format!("content type {kind}"),
                &[UnsupportedMedia],
                |ask| ask.header("content-type", kind),
            );
        }
        self.add("no content type", &[UnsupportedMedia], |ask| {
            ask.without_header("content-type")
        });
    }
}
