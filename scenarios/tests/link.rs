//! Everything a tablet has to say, over links that are as bad as links are: it always arrives,
//! all of it, once. Loads are those of a test: some seconds each.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may fail loudly, and its bytes are worth reading"
)]

use std::time::Duration;

use client::sync::Patience;
use scenarios::link::{After, Conditions, Counted, Cut, Hauled, Line, Load, Stand};

/// Enough to be cut several times, however the link is.
const LOAD: Load = Load {
    records: 600,
    photos: 2,
    photo_width: 640,
};

/// A silent peer is given up after this; in the field after half a minute.
const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(5),
    idle: Duration::from_millis(1_500),
};

async fn hauled(load: Load, conditions: Conditions) -> Hauled {
    let stand = Stand::new(tempfile::tempdir().unwrap(), PATIENCE)
        .await
        .unwrap();
    let haul = stand.haul(load, conditions).await.unwrap();
    // Looks at the hub, and at what another device reads there, whether all came once.
    let hauled = haul.deliver().await.unwrap();
    println!("{conditions:?}: {:?}\n{}", hauled.carried, hauled.ledger);
    hauled
}

fn cut(kilobytes: u64, counted: Counted, after: After) -> Conditions {
    Conditions {
        cut: Some(Cut {
            every: kilobytes * 1024,
            counted,
            after,
        }),
        line: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_every_16_kilobytes_everything_arrives_once() {
    let hauled = hauled(LOAD, cut(16, Counted::Both, After::Closed)).await;

    assert!(hauled.carried.cuts > 5, "{hauled:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_every_64_kilobytes_it_costs_less_than_twice_as_much() {
    let clean = hauled(LOAD, Conditions::default()).await;

    let hauled = hauled(LOAD, cut(64, Counted::Both, After::Closed)).await;

    assert!(hauled.carried.cuts > 1, "{hauled:?}");
    assert!(
        hauled.carried.total() <= clean.carried.total() * 2,
        "{hauled:?} against {clean:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_every_256_kilobytes_everything_arrives_once() {
    let load = Load {
        records: 1_500,
        photos: 4,
        ..LOAD
    };

    let hauled = hauled(load, cut(256, Counted::Both, After::Closed)).await;

    assert!(hauled.carried.cuts > 1, "{hauled:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_break_costs_does_not_grow_with_what_went_before_it() {
    let load = Load {
        records: 4_000,
        photos: 0,
        ..LOAD
    };
    let clean = hauled(load, Conditions::default()).await;

    let hauled = hauled(load, cut(64, Counted::Both, After::Closed)).await;

    assert!(hauled.carried.cuts > 4, "{hauled:?}");
    assert!(
        hauled.carried.total() <= clean.carried.total() * 2,
        "{hauled:?} against {clean:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_does_not_matter_in_which_direction_the_cut_is_counted() {
    // Down comes little: the device works its own documents out.
    for (kilobytes, counted) in [(24, Counted::Up), (6, Counted::Down)] {
        let hauled = hauled(LOAD, cut(kilobytes, counted, After::Closed)).await;

        assert!(hauled.carried.cuts > 1, "{hauled:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_new_address_after_every_outage_everything_arrives_once() {
    let hauled = hauled(LOAD, cut(64, Counted::Both, After::NewAddress)).await;

    assert!(hauled.carried.cuts > 1, "{hauled:?}");
    assert!(
        hauled.carried.vanished > 0,
        "something was sent to where nobody is: {hauled:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_photo_hardly_a_byte_that_came_over_is_sent_again() {
    let load = Load {
        records: 1,
        photos: 3,
        ..LOAD
    };
    let clean = hauled(load, Conditions::default()).await;

    for after in [After::Closed, After::NewAddress] {
        let hauled = hauled(load, cut(64, Counted::Both, after)).await;

        let (pieces, at_once) = (
            hauled.ledger.of("PATCH photos"),
            clean.ledger.of("PATCH photos"),
        );
        let again = pieces.bodies_up - at_once.bodies_up;
        assert!(pieces.broken > 2, "{hauled:?}");
        // Where the hub has read what came over, not a byte is sent twice. On a link without any
        // delay the device may be back before the hub has read it; then one piece comes again. A
        // hub that throws away what a broken request brought would get all of `broken_up` again.
        assert!(again * 2 < pieces.broken_up, "{again} again: {hauled:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_slow_line_that_breaks_everything_arrives_once() {
    let load = Load {
        records: 60,
        photos: 1,
        photo_width: 320,
    };
    let conditions = Conditions {
        line: Some(Line {
            bits_per_s: 256_000,
            round_trip: Duration::from_millis(100),
        }),
        ..cut(16, Counted::Both, After::Closed)
    };

    let hauled = hauled(load, conditions).await;

    assert!(hauled.carried.cuts > 0, "{hauled:?}");
}
