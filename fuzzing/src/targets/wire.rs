//! Decoders alone: messages, operations, packs, packed bodies, photos.

use packing::{Dictionaries, Dictionary};
use scenarios::world::street_photo;
use shared::{
    Doc, Op,
    hub_api::{Enrolled, HelloAnswer, PullAnswer, Push, PushAnswer},
};

use crate::{measure::Bound, target::Stand};

/// The messages of docs/protocol.md are where the damage begins.
const PROTOCOL: &str = include_str!("../../../docs/protocol.md");

pub(super) fn examples() -> Vec<Vec<u8>> {
    let blocks = PROTOCOL.split("```json ").skip(1);
    let texts = blocks.filter_map(|block| block.split_once('\n')?.1.split("```").next());
    let all: Vec<_> = texts.map(|text| text.as_bytes().to_vec()).collect();
    assert!(all.len() > 10, "the examples are found");
    all
}

/// Messages are read into values of some dozen bytes for each byte; a damaged one is no larger than
/// twice an example of 4 KiB. A hundred times that is a mistake.
pub(super) const MESSAGE: Bound = Bound {
    ms: 2_000,
    bytes: 1 << 20,
};

pub(super) fn messages() -> Stand {
    Stand::new(examples(), |bytes| {
        let _hello = serde_json::from_slice::<HelloAnswer>(bytes);
        let _enrolled = serde_json::from_slice::<Enrolled>(bytes);
        let _pushed = serde_json::from_slice::<PushAnswer>(bytes);
        if let Ok(page) = serde_json::from_slice::<PullAnswer>(bytes) {
            let _text = format!("{page:?}");
        }
        if let Ok(push) = serde_json::from_slice::<Push>(bytes) {
            for op in push.ops {
                drop(hub::push::Incoming::read(op.to_string(), 262_144));
            }
        }
        if let (Ok(op), Ok(doc)) = (
            serde_json::from_slice::<Op>(bytes),
            serde_json::from_slice::<Doc>(bytes),
        ) {
            drop(shared::apply(
                Some(&doc),
                &op,
                &shared::apply::Stamp::Device,
            ));
        }
    })
}

/// Operations that can be read can be applied, one after the other.
pub(super) fn operations() -> Stand {
    Stand::new(examples(), |bytes| {
        let ops = match serde_json::from_slice::<Push>(bytes) {
            Ok(push) => push.ops,
            Err(_) => serde_json::from_slice(bytes).into_iter().collect(),
        };
        let mut doc = None;
        for op in ops {
            if let Ok(op) = serde_json::from_value::<Op>(op) {
                let applied = shared::apply(doc.as_ref(), &op, &shared::apply::Stamp::Device);
                doc = applied.doc.or(doc);
            }
        }
    })
}

/// A megabyte of text, read once into values and once into the pack.
pub(super) const PACK: Bound = Bound {
    ms: 20_000,
    bytes: 64 << 20,
};

pub(super) fn packs() -> Stand {
    let city = scenarios::sample_city::sample_city().unwrap();
    let text = scenarios::sample_city::to_text(&city).unwrap();
    Stand::new(vec![text.into_bytes()], |bytes| {
        drop(shared::pack::parse(bytes));
    })
}

/// What a packed body may unfold to, and a list that doubles as it grows.
const UNFOLDED: usize = 1 << 20;
pub(super) const FRAME: Bound = Bound {
    ms: 2_000,
    bytes: 4 << 20,
};

/// Bodies packed with each dictionary and without, by whoever.
pub(super) fn frames() -> Stand {
    let one = Dictionary::ALL.map(|it| Dictionaries::from_iter([it]));
    let has = one.into_iter().chain([Dictionaries::NONE]);
    let examples = examples().into_iter().flat_map(|text| {
        let packed = has.clone().map(|has| packing::pack(&text, has).unwrap());
        packed.collect::<Vec<_>>()
    });
    let bomb = packing::pack(&vec![b' '; UNFOLDED + 1], Dictionaries::NONE).unwrap();
    Stand::new(examples.chain([bomb]).collect(), |bytes| {
        let _told = Dictionary::of_frame(bytes);
        if let Ok(all) = packing::unpack(bytes, UNFOLDED) {
            assert!(all.len() <= UNFOLDED, "{}", all.len());
        }
    })
}

/// A head may promise 50 megapixels of three bytes, twice over while it is turned upright.
pub(super) const PHOTO: Bound = Bound {
    ms: 20_000,
    bytes: 400 << 20,
};

pub(super) fn photos() -> Stand {
    let mut exif = street_photo(2, 64, 48);
    let block =
        b"\xff\xe1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    exif.splice(2..2, block.iter().copied());
    Stand::new(vec![street_photo(1, 96, 64), exif], |bytes| {
        drop(client::photo::prepare(bytes));
    })
}
