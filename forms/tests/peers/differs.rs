//! What the engines don't agree on. What they say and why this one is as it is stands in
//! `docs/forms.md`.

use crate::peer::Peer;

pub(crate) struct Differs {
    /// The case.
    pub(crate) name: &'static str,
    /// Who differs from us.
    peers: &'static [Peer],
}

const J: &[Peer] = &[Peer::JavaRosa];
const X: &[Peer] = &[Peer::XformsEngine];
const BOTH: &[Peer] = &[Peer::JavaRosa, Peer::XformsEngine];

pub(crate) const DIFFERS: &[Differs] = &[
    Differs {
        name: "sum(${x})",
        peers: X,
    },
    Differs {
        name: "max(${x})",
        peers: X,
    },
    Differs {
        name: "min(${x})",
        peers: X,
    },
    Differs {
        name: "sum(/data/rep/*)",
        peers: BOTH,
    },
    Differs {
        name: "count(/data/rep/*)",
        peers: J,
    },
    Differs {
        name: "max(-3, -5)",
        peers: J,
    },
    Differs {
        name: "number('1970-01-11')",
        peers: BOTH,
    },
    Differs {
        name: "number('1,5')",
        peers: J,
    },
    Differs {
        name: "number('1e3')",
        peers: X,
    },
    Differs {
        name: "'2026-01-05' - '2026-01-01'",
        peers: J,
    },
    Differs {
        name: "${born} < '2000-01-01'",
        peers: J,
    },
    Differs {
        name: "'2000-01-01' > ${born}",
        peers: J,
    },
    Differs {
        name: "date('2026-01-31')",
        peers: J,
    },
    Differs {
        name: "date(100)",
        peers: BOTH,
    },
    Differs {
        name: "date(${born} + 10)",
        peers: J,
    },
    Differs {
        name: "date('31.12.2025')",
        peers: X,
    },
    Differs {
        name: "decimal-time('12:00:00.000+08:00')",
        peers: J,
    },
    Differs {
        name: "decimal-time('06:00:00.000+08:00')",
        peers: J,
    },
    Differs {
        name: "floor(-1.2)",
        peers: J,
    },
    Differs {
        name: "ceiling(-1.2)",
        peers: J,
    },
    Differs {
        name: "round(-2.5)",
        peers: X,
    },
    Differs {
        name: "round(-1.5)",
        peers: X,
    },
    Differs {
        name: "round(1.005, 2)",
        peers: X,
    },
    Differs {
        name: "boolean(${blank})",
        peers: J,
    },
    Differs {
        name: "boolean-from-string('TRUE')",
        peers: X,
    },
    Differs {
        name: "regex('a12', '[0-9]+')",
        peers: X,
    },
    Differs {
        name: "position(${rep})",
        peers: X,
    },
    Differs {
        name: "/data/rep[2]/x",
        peers: J,
    },
    Differs {
        name: "/data/rep[last()]/y",
        peers: J,
    },
    Differs {
        name: "instance('towns')/root/item[2]/name",
        peers: J,
    },
    Differs {
        name: "//y",
        peers: J,
    },
    Differs {
        name: "indexed-repeat(${x}, ${rep}, 0)",
        peers: J,
    },
    Differs {
        name: "area(${shape})",
        peers: X,
    },
    Differs {
        name: "distance(${shape})",
        peers: X,
    },
    Differs {
        name: "count(${rep}[${x} > 3])",
        peers: X,
    },
    Differs {
        name: "how many siblings, told inside of the repeat",
        peers: J,
    },
    Differs {
        name: "several choices",
        peers: X,
    },
    Differs {
        name: "repeats in repeats",
        peers: X,
    },
    Differs {
        name: "a circle is refused",
        peers: X,
    },
    Differs {
        name: "a value that uses itself is refused",
        peers: X,
    },
];

pub(crate) fn differs(name: &str, peer: Peer) -> Option<&'static Differs> {
    DIFFERS
        .iter()
        .find(|differs| differs.name == name && differs.peers.contains(&peer))
}
