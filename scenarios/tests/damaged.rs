//! A tablet's database goes bad: what can be read of it goes on, and the hub gives back the rest.

use scenarios::world::{World, street_photo};
use shared::ipc::{GetSession, Problem};

#[tokio::test]
async fn what_a_damaged_tablet_had_not_sent_arrives_once_and_the_rest_comes_back() {
    let world = World::new().await.unwrap();
    let tablet = world.device("w-0101").await.unwrap();
    let mut sent = Vec::new();
    for nth in 0..12 {
        sent.push(
            tablet
                .reports(&format!("送到的第{nth}件"), &[])
                .await
                .unwrap(),
        );
    }
    tablet.syncs_until_delivered(5).await.unwrap();
    tablet.goes_offline();
    let photo = street_photo(1, 640, 480);
    let mut unsent = Vec::new();
    for nth in 0..6 {
        let photos = if nth == 0 {
            vec![photo.clone()]
        } else {
            Vec::new()
        };
        unsent.push(
            tablet
                .reports(&format!("没送到的第{nth}件"), &photos)
                .await
                .unwrap(),
        );
    }

    let tablet = world
        .damages(tablet, |operations| (6..18).contains(&operations))
        .await
        .unwrap();
    let session = tablet.client().get_session(GetSession {}).await.unwrap();
    let Some(Problem::SetAside { operations, .. }) = session.problem else {
        panic!("it is told");
    };

    tablet.goes_online();
    let before = tablet.lists().await.unwrap().rows.len();
    assert!(
        before > 0,
        "what was read is shown before any network: {operations}"
    );
    tablet.syncs_until_delivered(8).await.unwrap();
    tablet.syncs().await.unwrap();

    let clerk = world.device("c-01").await.unwrap();
    clerk.syncs_until_delivered(8).await.unwrap();
    for case in &sent {
        assert_eq!(
            tablet.sees(*case).await.unwrap().timeline.len(),
            1,
            "each once, and back"
        );
    }
    let mut arrived = 0;
    for case in &unsent {
        if let Ok(seen) = clerk.sees(*case).await {
            assert_eq!(seen.timeline.len(), 1, "each once");
            arrived += 1;
        }
    }
    assert!(
        arrived + 12 >= operations as usize,
        "{arrived} of {operations} read"
    );
    // What comes after goes its way, too.
    let after = tablet.reports("之后的一件", &[]).await.unwrap();
    tablet.syncs_until_delivered(3).await.unwrap();
    clerk.syncs().await.unwrap();
    assert!(clerk.sees(after).await.is_ok());
}
