//! Files that are no photo, or no longer one: each is refused by its reason, and what the report
//! had before is still there.

use client::testing;
use shared::{PhotoError, ipc::Code};

use super::{
    city,
    tablet::{Tablet, code, files_under, jpeg},
};

/// A JPEG whose header says 20,000 × 10,000.
fn two_hundred_megapixels() -> Vec<u8> {
    let mut file = jpeg(1);
    let frame = file.windows(2).position(|it| it == [0xFF, 0xC0]).unwrap();
    let size = [10_000_u16.to_be_bytes(), 20_000_u16.to_be_bytes()].concat();
    file.splice(frame + 5..frame + 9, size);
    file
}

#[tokio::test]
async fn a_file_that_is_no_photo_is_refused_by_its_reason_and_the_report_keeps_what_it_has() {
    let tablet = Tablet::of(city::worker()).await;
    let draft = tablet.write("E01", "路面破了").await;
    tablet.hand_in(Some(draft.id), &jpeg(1)).await.unwrap();
    let before = tablet.draft(draft.id).await.unwrap();
    let files = files_under(&tablet.folder.path().join("photos"));
    let whole = jpeg(2);
    let cases: [(&str, Vec<u8>, PhotoError); 6] = [
        (
            "HEIC",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(),
            PhotoError::Heic,
        ),
        (
            "truncated",
            whole[..whole.len() / 2].to_vec(),
            PhotoError::Truncated,
        ),
        (
            "200 MP",
            two_hundred_megapixels(),
            PhotoError::TooManyPixels { megapixels: 200 },
        ),
        ("0 bytes", Vec::new(), PhotoError::Empty),
        (
            "a renamed PDF",
            b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(),
            PhotoError::NotAnImage,
        ),
        (
            "larger than any photo",
            vec![0xFF; 64 * 1024 * 1024 + 1],
            PhotoError::TooLarge { bytes: 67_108_865 },
        ),
    ];
    for (what, file, why) in cases {
        let refused = tablet.hand_in(Some(draft.id), &file).await;

        assert_eq!(code(refused), Code::Photo { why }, "{what}");
        assert_eq!(
            tablet.draft(draft.id).await.unwrap(),
            before,
            "{what}: words and photo are untouched"
        );
        assert_eq!(
            files_under(&tablet.folder.path().join("photos")),
            files,
            "{what}: nothing of it stays on the disk"
        );
    }

    tablet.hand_in(Some(draft.id), &whole).await.unwrap();
    let kept = tablet.restart().await.draft(draft.id).await.unwrap();
    assert_eq!(kept.photos.len(), 2, "and the next good one is taken");
    assert_eq!(kept.description, "路面破了");
}

#[tokio::test]
async fn a_photo_on_a_full_disk_is_refused_and_taken_once_there_is_room() {
    let tablet = Tablet::of(city::worker()).await;
    let draft = tablet.write("E01", "路面破了").await;

    testing::fill_disk(&tablet.client, true).await.unwrap();
    let mut taken = 0;
    // What the last pages still have room for is used up first.
    let refused = loop {
        // Photos of their own, so that the draft doesn't reach its nine first.
        let photo = tablet.hand_in(None, &numbered(taken)).await;
        match photo {
            Ok(_) => taken += 1,
            refused => break refused,
        }
        assert!(taken < 2_000, "a disk is full some time");
    };

    assert_eq!(code(refused), Code::DiskFull);
    let before = tablet.draft(draft.id).await.unwrap();
    assert_eq!(before.description, "路面破了", "the report is whole");
    testing::fill_disk(&tablet.client, false).await.unwrap();
    tablet
        .hand_in(Some(draft.id), &numbered(taken))
        .await
        .unwrap();
    let kept = tablet.restart().await.draft(draft.id).await.unwrap();
    assert_eq!(kept.photos.len(), 1, "and the same photo goes in");
}

/// Small pictures, each another.
fn numbered(nth: usize) -> Vec<u8> {
    let colour = [
        u8::try_from(nth % 16 * 16).unwrap(),
        u8::try_from(nth / 16 % 16 * 16).unwrap(),
        u8::try_from(nth / 256 % 16 * 16).unwrap(),
    ];
    let mut file = Vec::new();
    jpeg_encoder::Encoder::new(&mut file, 90)
        .encode(
            &colour.repeat(32 * 32),
            32,
            32,
            jpeg_encoder::ColorType::Rgb,
        )
        .unwrap();
    file
}
