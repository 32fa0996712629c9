//! Erasing: once the hub says so, nothing of what was erased is on a device, whoever wrote it; and who
//! did something with it reads why it had no effect.

use client::testing;
use shared::{
    Action, Author, Doc, DocRef, Extra, Op, OpId, Outcome, PhotoRef, RecordId, Role, Scope,
    apply::{Stamp, apply},
    case::Void,
    erase::{Erasing, Why},
    ipc::{Code, Erase, ErasedView, Filling, GetDelivery, GetErased, GetRecord, ListBuildings},
    register::EntryKind,
};

use super::{
    city,
    paper::shipped,
    register::{GRID, Scene},
    tablet::{Tablet, code, jpeg},
};

/// Stands in everything that must go.
const CANARY: &str = "金丝雀";

const ERASED: Outcome = Outcome::ConflictKept { why: Void::Erased };

impl Tablet {
    /// Fills in the vaccination form with the canary and a photo, as its author's device has it once the
    /// hub does.
    async fn records_canary(&self) -> (RecordId, PhotoRef) {
        self.give(shipped("vaccination")).await;
        let mut paper = self.take_up(1).await;
        for (address, value) in [
            ("person/name_shown", CANARY),
            ("vaccination/status", "completed"),
            ("vaccination/dose_no", "2"),
            ("vaccination/occurred_on", "2026-09-01"),
            ("reported_by", "document"),
        ] {
            paper.answer(address, value).await.unwrap();
        }
        let photo = self.hand_in(None, &jpeg(3)).await.unwrap();
        let digest = photo.digest.to_string();
        paper.answer("evidence", &digest).await.unwrap();
        (paper.done().await, photo)
    }

    async fn is_confirmed(&self, outcome: Outcome) {
        testing::confirm_all(&self.client, outcome).await.unwrap();
    }

    async fn pulls(&self, doc: Doc) {
        let scope = Scope::grid(&city::HOME.into());
        testing::pull(&self.client, scope, doc).await.unwrap();
        testing::finish_erasing(&self.client).await.unwrap();
    }

    /// Where the canary stands.
    async fn canary(&self) -> Vec<String> {
        let cells = testing::cells(&self.client).await.unwrap().into_iter();
        cells.filter(|it| it.contains(CANARY)).collect()
    }

    async fn erased(&self, target: DocRef) -> Option<ErasedView> {
        let asked = self.client.get_erased(GetErased { target }).await;
        asked.unwrap()
    }

    async fn erases(&self, target: DocRef, reason: &str) -> Code {
        let reason = reason.to_owned();
        code(self.client.erase(Erase { target, reason }).await)
    }

    async fn queued(&self) -> Vec<Op> {
        testing::queued(&self.client).await.unwrap()
    }
}

/// What the hub has of something, and what it has once a clerk erased it.
fn at_the_hub(ops: &[Op], target: &DocRef) -> [Doc; 2] {
    let ops: Vec<_> = ops.iter().filter(|op| op.target == *target).collect();
    let first = ops.first().copied().unwrap().clone();
    let erasing = Erasing {
        why: Why::Request,
        reason: "本人要求".to_owned(),
        grid: city::HOME.into(),
        form: None,
        extra: Extra::default(),
    };
    let erase = Op {
        op_id: OpId::from_bytes([9; 16]),
        action: Action::Erase(Box::new(erasing)),
        author: Author {
            staff: "C1".into(),
            role: Role::Clerk,
            extra: Extra::default(),
        },
        ..first
    };
    let before = ops.into_iter().fold(None::<Doc>, |doc, op| {
        apply(doc.as_ref(), op, &Stamp::Device).doc.or(doc)
    });
    let after = apply(before.as_ref(), &erase, &Stamp::Device).doc;
    [before.unwrap(), after.unwrap()]
}

#[tokio::test]
async fn of_a_record_nothing_is_left_with_its_author() {
    let tablet = Tablet::of(city::worker()).await;
    let (record, photo) = tablet.records_canary().await;
    let target = DocRef::record(record);
    let [before, after] = at_the_hub(&tablet.queued().await, &target);
    tablet.is_confirmed(Outcome::Applied).await;
    tablet.pulls(before).await;
    // Begun to be corrected: what is known stands in the draft.
    tablet.fill(Filling::Correction { record }).await.unwrap();
    assert!(
        !tablet.canary().await.is_empty(),
        "it is looked for rightly"
    );
    assert_eq!(tablet.holds(&photo), [true, true]);

    tablet.pulls(after).await;

    assert_eq!(tablet.canary().await, [""; 0]);
    assert_eq!(tablet.holds(&photo), [false, false]);
    let digest = photo.digest.to_string();
    let cells = testing::cells(&tablet.client).await.unwrap();
    let left: Vec<_> = cells.iter().filter(|it| it.contains(&digest)).collect();
    assert_eq!(left, [""; 0]);
    assert_eq!(tablet.records().await.total, 0);
    let seen = tablet.client.get_record(GetRecord { record }).await;
    assert_eq!(code(seen), Code::NotFound);
    let told = tablet.erased(target).await.unwrap();
    assert_eq!(
        (told.by.as_deref(), told.reason.as_str(), told.pending),
        (Some("何青禾"), "本人要求", false)
    );
}

#[tokio::test]
async fn of_a_record_nothing_is_left_with_others() {
    let author = Tablet::of(city::worker()).await;
    let (record, _) = author.records_canary().await;
    let target = DocRef::record(record);
    let [before, after] = at_the_hub(&author.queued().await, &target);
    let other = Tablet::of(city::colleague()).await;
    other.pulls(before).await;
    assert_eq!(other.records().await.total, 1);
    assert!(!other.canary().await.is_empty());

    other.pulls(after).await;

    assert_eq!(other.records().await.total, 0);
    assert_eq!(other.canary().await, [""; 0]);
}

#[tokio::test]
async fn a_photo_that_something_else_shows_stays() {
    let tablet = Tablet::of(city::worker()).await;
    let (first, photo) = tablet.records_canary().await;
    let (_, again) = tablet.records_canary().await;
    assert_eq!(photo.digest, again.digest, "the same picture twice");
    let ops = tablet.queued().await;
    let [_, after] = at_the_hub(&ops, &DocRef::record(first));
    tablet.is_confirmed(Outcome::Applied).await;

    tablet.pulls(after).await;

    assert_eq!(tablet.holds(&photo), [true, true]);
    assert_eq!(tablet.records().await.total, 1);
}

#[tokio::test]
async fn what_is_sent_too_late_goes_and_its_author_is_told() {
    let tablet = Tablet::of(city::worker()).await;
    let (_, photo) = tablet.records_canary().await;

    tablet.is_confirmed(ERASED).await;
    testing::finish_erasing(&tablet.client).await.unwrap();

    assert_eq!(tablet.canary().await, [""; 0]);
    assert_eq!(tablet.holds(&photo), [false, false]);
    assert_eq!(tablet.records().await.total, 0);
    let ledger = tablet.client.get_delivery(GetDelivery {}).await.unwrap();
    assert_eq!((ledger.erased, ledger.unfinished), (1, 0));
    let digest = photo.digest.to_string();
    let cells = testing::cells(&tablet.client).await.unwrap();
    let left: Vec<_> = cells.iter().filter(|it| it.contains(&digest)).collect();
    assert_eq!(left, [""; 0], "nothing of it is to be sent");
}

#[tokio::test]
async fn of_a_resident_nothing_is_left_neither_in_lists_nor_in_search() {
    let scene = Scene::new().await;
    let tablet = &scene.tablet;
    let household = scene.household.to_string();
    let pairs = [
        ("household", household.as_str()),
        ("name", CANARY),
        ("phone", "13800009999"),
    ];
    let id = scene.enter(EntryKind::Resident, &pairs).await;
    assert_eq!(scene.find(CANARY).await.len(), 1);
    let target = DocRef::entry(EntryKind::Resident, id);
    let [_, after] = at_the_hub(&tablet.queued().await, &target);

    // What waits goes, too: the hub would keep nothing of it.
    tablet.pulls(after).await;

    assert_eq!(tablet.canary().await, [""; 0]);
    assert_eq!(scene.find(CANARY).await.len(), 0);
    assert_eq!(scene.find("13800009999").await.len(), 0);
    let door = scene.door(scene.door).await;
    assert_eq!(door.households[0].members.len(), 2);
    let list = tablet.client.list_buildings(ListBuildings::default()).await;
    assert_eq!(list.unwrap().residents, 2);
    let ops = tablet.queued().await;
    let left = ops.iter().find(|op| op.target == target).unwrap();
    assert_eq!(left.action, Action::Erased, "its place in the sequence");
}

#[tokio::test]
async fn a_clerk_erases_a_record_and_it_is_gone_from_their_lists_at_once() {
    let author = Tablet::of(city::worker()).await;
    let (record, _) = author.records_canary().await;
    let target = DocRef::record(record);
    let [before, _] = at_the_hub(&author.queued().await, &target);
    let desk = Tablet::of(city::clerk()).await;
    desk.give(shipped("vaccination")).await;
    desk.pulls(before).await;
    assert!(desk.record(record).await.may_erase);
    assert!(!author.record(record).await.may_erase);

    assert_eq!(desk.erases(target.clone(), " ").await, Code::NoReason);
    let refused = author.erases(target.clone(), "本人要求").await;
    assert!(matches!(refused, Code::Rejected { .. }), "{refused:?}");
    let reason = "本人要求".to_owned();
    let erase = Erase {
        target: target.clone(),
        reason,
    };
    desk.client.erase(erase).await.unwrap();

    assert_eq!(desk.records().await.total, 0);
    assert!(desk.erased(target).await.unwrap().pending);
    let ops = desk.queued().await;
    let Action::Erase(erasing) = &ops[0].action else {
        panic!("it erases: {ops:?}");
    };
    assert_eq!(erasing.grid.as_str(), city::HOME);
    assert_eq!(erasing.form.as_ref().unwrap().id, "vaccination");
}

#[tokio::test]
async fn who_stands_twice_is_erased_twice() {
    let mut clerk = city::clerk();
    clerk.grids.push(GRID.into());
    let scene = Scene::of(clerk).await;
    let tablet = &scene.tablet;
    let household = scene.household.to_string();
    let other = scene
        .enter(
            EntryKind::Resident,
            &[("household", &household), ("name", CANARY)],
        )
        .await;
    let merge = shared::ipc::MergeResidents {
        survivor: scene.head,
        ends: other,
        take: Vec::new(),
    };
    tablet.client.merge_residents(merge).await.unwrap();

    let target = DocRef::entry(EntryKind::Resident, scene.head);
    let reason = "本人要求".to_owned();
    tablet.client.erase(Erase { target, reason }).await.unwrap();

    let ops = tablet.queued().await;
    let erased: Vec<_> = ops
        .iter()
        .filter(|op| matches!(op.action, Action::Erase(_)))
        .map(|op| op.target.id)
        .collect();
    assert_eq!(erased, [scene.head.0, other.0]);
}
