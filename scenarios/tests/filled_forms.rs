//! A form is loaded at the hub and reaches every device; one fills it in without a network, and what
//! was filled in is seen by whoever looks after that grid, and by nobody else.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use scenarios::world::{VACCINATED, VACCINATION, World, meet, put_photo, street_photo};
use shared::{
    DocRef,
    ipc::{
        Code, Erase, Filling, FormUpload, GetErased, PublishForm, PutFormChunk, RecordPage,
        RevealAnswer,
    },
};

#[tokio::test]
async fn what_was_filled_in_offline_is_seen_in_its_grid_and_nowhere_else() {
    let world = World::new().await.unwrap();
    let ana = world.device("w-0101").await.unwrap();
    let lin = world.device("c-01").await.unwrap();
    let bo = world.device("w-0102").await.unwrap();
    assert!(
        world
            .loads_form(VACCINATION, "vaccination")
            .await
            .unwrap()
            .is_new
    );
    for device in [&ana, &lin, &bo] {
        device.syncs().await.unwrap();
    }

    ana.goes_offline();
    let view = ana.begins_form().await.unwrap();
    ana.answers(&view, &VACCINATED).await.unwrap();
    let photo = street_photo(1, 800, 600);
    let photo = put_photo(ana.client(), None, &photo).await.unwrap();
    let digest = photo.digest.to_string();
    let proof = [("reported_by", "document"), ("evidence", digest.as_str())];
    ana.answers(&view, &proof).await.unwrap();
    let record = ana.finishes(view).await.unwrap();
    assert_eq!(
        ana.lists_records().await.unwrap().total,
        1,
        "she sees it at once"
    );
    let marks = |page: &RecordPage| page.rows[0].marks.unwrap();
    assert!(!marks(&ana.lists_records().await.unwrap()).at_hub);
    ana.goes_online();
    ana.syncs_until_delivered(5).await.unwrap();
    for device in [&lin, &bo] {
        device.syncs().await.unwrap();
    }

    assert!(
        marks(&ana.lists_records().await.unwrap()).complete(),
        "photo and all"
    );
    let seen = lin.reads(record).await.unwrap();
    assert_eq!(
        (seen.row.title.as_str(), seen.row.by.as_str()),
        ("疫苗接种", "林小禾")
    );
    let said: Vec<_> = seen
        .lines
        .iter()
        .filter_map(|line| line.answer.as_deref())
        .collect();
    assert_eq!(
        said,
        [
            "何田田",
            "已接种",
            "第二剂",
            "2026-09-01",
            "凭证",
            digest.as_str()
        ]
    );
    let bytes = lin.client().photo_bytes(photo.digest).await.unwrap();
    assert_eq!(bytes.len() as u64, photo.bytes, "the clerk sees the photo");
    assert_eq!(bo.lists_records().await.unwrap().total, 0);
    assert_eq!(bo.reads(record).await.unwrap_err().code, Code::NotFound);
    assert!(bo.client().photo_bytes(photo.digest).await.is_err());
    // Nothing is left to do, and nothing comes twice.
    ana.syncs().await.unwrap();
    assert_eq!(ana.lists_records().await.unwrap().total, 1);
}

#[tokio::test]
async fn a_correction_takes_the_place_of_the_record_for_everybody() {
    let world = World::new().await.unwrap();
    world.loads_form(VACCINATION, "vaccination").await.unwrap();
    let ana = world.device("w-0101").await.unwrap();
    let lin = world.device("c-01").await.unwrap();
    let view = ana.begins_form().await.unwrap();
    ana.answers(&view, &VACCINATED).await.unwrap();
    let first = ana.finishes(view).await.unwrap();
    ana.syncs_until_delivered(3).await.unwrap();
    lin.syncs().await.unwrap();

    world.minutes_pass(5);
    let correction = Filling::Correction { record: first };
    let view = lin.takes_up(correction).await.unwrap();
    lin.answers(&view, &[("vaccination/dose_no", "3")])
        .await
        .unwrap();
    let second = lin.finishes(view).await.unwrap();
    lin.syncs_until_delivered(3).await.unwrap();
    ana.syncs().await.unwrap();

    let old = ana.reads(first).await.unwrap();
    assert_eq!(old.replaced_by, [second]);
    let page = ana.lists_records().await.unwrap();
    let replaced: Vec<_> = page
        .rows
        .iter()
        .map(|row| (row.id, row.is_replaced))
        .collect();
    assert_eq!(replaced, [(second, false), (first, true)]);
    let new = ana.reads(second).await.unwrap();
    assert_eq!(new.row.by, "徐念慈");
    assert!(
        new.lines
            .iter()
            .any(|line| line.answer.as_deref() == Some("第三剂"))
    );
    assert!(
        new.lines
            .iter()
            .any(|line| line.answer.as_deref() == Some("何田田"))
    );
}

#[tokio::test]
async fn a_correction_is_finished_after_its_record_left_the_device_with_the_grid() {
    let world = World::new().await.unwrap();
    world.loads_form(VACCINATION, "vaccination").await.unwrap();
    let mut ana = world.device("w-0101").await.unwrap();
    let lin = world.device("c-01").await.unwrap();
    ana.syncs().await.unwrap();
    let view = ana.begins_form().await.unwrap();
    ana.answers(&view, &VACCINATED).await.unwrap();
    let photo = street_photo(1, 800, 600);
    let photo = put_photo(ana.client(), None, &photo).await.unwrap();
    let digest = photo.digest.to_string();
    let more = [
        ("person/phone", "13800000001"),
        ("reported_by", "document"),
        ("evidence", digest.as_str()),
    ];
    ana.answers(&view, &more).await.unwrap();
    let first = ana.finishes(view).await.unwrap();
    ana.syncs_until_delivered(5).await.unwrap();
    // Another tablet of hers, which took no photo.
    ana = world.wiped(ana, "w-0101").await.unwrap();
    ana.syncs().await.unwrap();
    world.minutes_pass(5);
    let correction = Filling::Correction { record: first };
    let view = ana.takes_up(correction).await.unwrap();
    ana.answers(&view, &[("vaccination/dose_no", "3")])
        .await
        .unwrap();

    world.moves("w-0101", "w-0102").await.unwrap();
    ana.syncs().await.unwrap();
    assert_eq!(ana.reads(first).await.unwrap_err().code, Code::NotFound);
    ana.restarts().await;
    let draft = view.draft;
    let view = ana.takes_up(Filling::Draft { draft }).await.unwrap();
    let second = ana.finishes(view).await.unwrap();
    ana.syncs_until_delivered(5).await.unwrap();
    meet(&[&lin, &ana]).await.unwrap();

    assert_eq!(
        ana.lists_records().await.unwrap().total,
        0,
        "no grid of hers"
    );
    assert_eq!(ana.reads(second).await.unwrap_err().code, Code::NotFound);
    let aside = world.hub().quarantine().await.unwrap();
    assert!(aside.is_empty(), "{aside:?}");
    let old = lin.reads(first).await.unwrap();
    assert_eq!(old.replaced_by, [second]);
    let new = lin.reads(second).await.unwrap();
    let answer = |address: &str| {
        let mut lines = new.lines.iter();
        let line = lines.find(|it| it.address == address).unwrap();
        line.answer.as_deref()
    };
    assert_eq!(answer("person/phone"), Some("138****0001"));
    assert_eq!(answer("evidence"), Some(digest.as_str()));
    assert_eq!(answer("vaccination/dose_no"), Some("第三剂"));
}

#[tokio::test]
async fn a_form_begun_before_a_tablet_was_copied_is_two_records_where_the_answers_differ() {
    let world = World::new().await.unwrap();
    let first = world.device("w-0101").await.unwrap();
    assert!(
        world
            .loads_form(VACCINATION, "vaccination")
            .await
            .unwrap()
            .is_new
    );
    first.syncs().await.unwrap();
    let view = first.begins_form().await.unwrap();
    first.answers(&view, &VACCINATED).await.unwrap();
    let (first, second) = world.clone_of(first, "w-0101-copy").await.unwrap();

    let draft = view.draft;
    let again = second.takes_up(Filling::Draft { draft }).await.unwrap();
    let other = [("person/name_shown", "何小禾")];
    second.answers(&again, &other).await.unwrap();
    let begun = first.takes_up(Filling::Draft { draft }).await.unwrap();
    let one = first.finishes(begun).await.unwrap();
    let two = second.finishes(again).await.unwrap();
    first.syncs_until_delivered(3).await.unwrap();
    second.syncs_until_delivered(3).await.unwrap();
    meet(&[&first, &second]).await.unwrap();

    for device in [&first, &second] {
        for (record, name) in [(one, "何田田"), (two, "何小禾")] {
            let seen = device.reads(record).await.unwrap();
            let mut said = seen.lines.iter().filter_map(|it| it.answer.as_deref());
            assert_eq!(said.next(), Some(name), "what was answered there");
        }
    }
}

#[tokio::test]
async fn a_clerk_publishes_a_form_from_the_desk_and_a_worker_fills_it_in() {
    let world = World::new().await.unwrap();
    let ana = world.device("w-0101").await.unwrap();
    let lin = world.device("c-01").await.unwrap();
    let piece = PutFormChunk {
        upload: "form-1".to_owned(),
        file: "vaccination.xlsx".to_owned(),
        offset: 0,
        total: VACCINATION.len() as u64,
        data: BASE64_STANDARD.encode(VACCINATION),
    };
    let checked = lin.client().put_form_chunk(piece.clone()).await.unwrap();
    assert!(
        matches!(&checked, FormUpload::Checked { check } if check.is_ready()),
        "{checked:?}"
    );

    let published = lin.client().publish_form(PublishForm {}).await.unwrap();
    lin.client().put_form_chunk(piece).await.unwrap();
    let again = lin.client().publish_form(PublishForm {}).await.unwrap();

    assert!(published.is_new);
    assert!(!again.is_new, "the same form is no news");
    ana.syncs().await.unwrap();
    let view = ana.begins_form().await.unwrap();
    ana.answers(&view, &VACCINATED).await.unwrap();
    ana.finishes(view).await.unwrap();
    ana.syncs_until_delivered(3).await.unwrap();
    lin.syncs().await.unwrap();
    assert_eq!(lin.lists_records().await.unwrap().total, 1);
}

#[tokio::test]
async fn who_looks_at_a_number_in_a_record_and_why_reaches_the_hub() {
    let world = World::new().await.unwrap();
    let ana = world.device("w-0101").await.unwrap();
    let bo = world.device("w-0102").await.unwrap();
    assert!(
        world
            .loads_form(VACCINATION, "vaccination")
            .await
            .unwrap()
            .is_new
    );
    meet(&[&ana, &bo]).await.unwrap();
    let view = ana.begins_form().await.unwrap();
    ana.answers(&view, &VACCINATED).await.unwrap();
    let phone = [("person/phone", "13800000001")];
    ana.answers(&view, &phone).await.unwrap();
    let record = ana.finishes(view).await.unwrap();

    let shown = ana.reads(record).await.unwrap();
    let reveal = RevealAnswer {
        record,
        address: "person/phone".to_owned(),
        reason: "打电话核对".to_owned(),
    };
    let looked = ana.client().reveal_answer(reveal.clone()).await.unwrap();
    ana.syncs_until_delivered(3).await.unwrap();

    let phone = shown.lines.iter().find(|it| it.address == "person/phone");
    assert_eq!(phone.unwrap().answer.as_deref(), Some("138****0001"));
    assert_eq!(looked.value.text(), Some("13800000001"));
    let report = ana.syncs().await.unwrap();
    assert_eq!(report.ops_waiting, 0);
    let delivery = ana.delivery().await.unwrap();
    assert_eq!(delivery.register_aside, 0, "the hub took it: {delivery:?}");
    bo.syncs().await.unwrap();
    let elsewhere = bo.client().reveal_answer(reveal).await;
    assert_eq!(
        elsewhere.unwrap_err().code,
        Code::NotFound,
        "of another grid"
    );
}

#[tokio::test]
async fn what_a_clerk_erases_goes_from_every_device_also_from_one_that_writes_it_later() {
    let world = World::new().await.unwrap();
    let ana = world.device("w-0101").await.unwrap();
    let lin = world.device("c-01").await.unwrap();
    world.loads_form(VACCINATION, "vaccination").await.unwrap();
    meet(&[&ana, &lin]).await.unwrap();
    let name = [("person/name_shown", "金丝雀")];
    let view = ana.begins_form().await.unwrap();
    ana.answers(&view, &VACCINATED).await.unwrap();
    ana.answers(&view, &name).await.unwrap();
    let photo = street_photo(1, 800, 600);
    let photo = put_photo(ana.client(), None, &photo).await.unwrap();
    let digest = photo.digest.to_string();
    let proof = [("reported_by", "document"), ("evidence", digest.as_str())];
    ana.answers(&view, &proof).await.unwrap();
    let record = ana.finishes(view).await.unwrap();
    ana.syncs_until_delivered(5).await.unwrap();
    lin.syncs().await.unwrap();

    // Ana corrects it where nobody hears of it.
    ana.goes_offline();
    let view = ana.takes_up(Filling::Correction { record }).await.unwrap();
    ana.answers(&view, &[("vaccination/dose_no", "3")])
        .await
        .unwrap();
    let correction = ana.finishes(view).await.unwrap();
    let target = DocRef::record(record);
    let erase = Erase {
        target: target.clone(),
        reason: "本人要求".to_owned(),
    };
    lin.client().erase(erase).await.unwrap();
    lin.syncs_until_delivered(3).await.unwrap();
    ana.goes_online();
    ana.syncs_until_delivered(5).await.unwrap();

    for device in [&ana, &lin] {
        let cells = client::testing::cells(device.client()).await.unwrap();
        let left: Vec<_> = cells.iter().filter(|it| it.contains("金丝雀")).collect();
        assert_eq!(left, [""; 0]);
        let left: Vec<_> = cells.iter().filter(|it| it.contains(&digest)).collect();
        assert_eq!(left, [""; 0]);
        assert_eq!(device.lists_records().await.unwrap().total, 0);
        for record in [record, correction] {
            let gone = device.reads(record).await.unwrap_err().code;
            assert_eq!(gone, Code::NotFound);
        }
        let told = GetErased {
            target: target.clone(),
        };
        let told = device.client().get_erased(told).await.unwrap().unwrap();
        assert_eq!((told.reason.as_str(), told.pending), ("本人要求", false));
    }
    assert_eq!(
        ana.delivery().await.unwrap().erased,
        1,
        "the correction had no effect, and she reads why"
    );
    let report = ana.syncs().await.unwrap();
    assert!(
        report.is_complete(),
        "and nothing is asked for again: {report:?}"
    );
}
