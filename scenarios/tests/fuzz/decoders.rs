//! Decoders alone: messages, operations, packs, photos.

use scenarios::world::street_photo;
use shared::{
    Doc, Op,
    hub_api::{Enrolled, HelloAnswer, PullAnswer, Push, PushAnswer},
};

use crate::{Bound, alone, examples, fuzz};

/// Messages are read into values of some dozen bytes for each byte; a damaged one is no larger than
/// twice an example of 4 KiB. A hundred times that is a mistake.
const MESSAGE: Bound = Bound {
    ms: 2_000,
    bytes: 1 << 20,
};

#[test]
fn messages_of_the_protocol() {
    let _alone = alone();
    fuzz(20_000, &examples(), MESSAGE, |bytes| {
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
    });
}

#[test]
fn operations_that_can_be_read_can_be_applied() {
    let _alone = alone();
    fuzz(20_000, &examples(), MESSAGE, |bytes| {
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
    });
}

#[test]
fn city_packs() {
    let _alone = alone();
    let city = scenarios::sample_city::sample_city().unwrap();
    let text = scenarios::sample_city::to_text(&city).unwrap();
    // A megabyte of text, read once into values and once into the pack.
    let bound = Bound {
        ms: 20_000,
        bytes: 64 << 20,
    };
    fuzz(20, &[text.into_bytes()], bound, |bytes| {
        drop(shared::pack::parse(bytes));
    });
}

#[test]
fn photos() {
    let _alone = alone();
    let mut exif = street_photo(2, 64, 48);
    let block =
        b"\xff\xe1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    exif.splice(2..2, block.iter().copied());
    // A head may promise 50 megapixels of three bytes, twice over while it is turned upright.
    let bound = Bound {
        ms: 20_000,
        bytes: 400 << 20,
    };
    fuzz(2_000, &[street_photo(1, 96, 64), exif], bound, |bytes| {
        drop(client::photo::prepare(bytes));
    });
}
