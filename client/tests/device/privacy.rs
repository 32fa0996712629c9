//! A lost tablet: nothing a person entered can be read from its files.

use std::fs;

use super::{
    city,
    tablet::{Tablet, files_under, jpeg},
};

const CANARY: &str = "老槐树下第三块地砖翘起来了";

#[tokio::test]
async fn no_file_on_the_tablet_holds_words_or_photos_in_the_clear() {
    let tablet = Tablet::of(city::worker()).await;
    let draft = tablet.write("E01", CANARY).await;
    let photo = tablet.hand_in(Some(draft.id), &jpeg(9)).await.unwrap();
    tablet.send(&draft).await.unwrap();
    tablet.write("E01", CANARY).await;
    let kept = tablet.client.photo_bytes(photo.digest).await.unwrap();
    let gbk = [0xC0, 0xCF, 0xBB, 0xB1, 0xCA, 0xF7];
    let utf16: Vec<u8> = CANARY
        .encode_utf16()
        .take(5)
        .flat_map(u16::to_le_bytes)
        .collect();
    let needles: [&[u8]; 4] = [CANARY.as_bytes(), &gbk, &utf16, &kept[kept.len() - 64..]];

    for moment in ["while it runs", "after it was shut"] {
        for path in files_under(tablet.folder.path()) {
            let bytes = fs::read(&path).unwrap();
            for needle in needles {
                let found = bytes.windows(needle.len()).any(|window| window == needle);
                assert!(
                    !found,
                    "{} tells what was entered, {moment}",
                    path.display()
                );
            }
        }
        if moment == "while it runs" {
            tablet.client.stop().await;
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_key_is_for_this_user_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let tablet = Tablet::new().await;

    let mode = fs::metadata(tablet.folder.path().join("device.key"))
        .unwrap()
        .permissions()
        .mode();

    assert_eq!(mode & 0o777, 0o600);
}
