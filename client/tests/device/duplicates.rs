//! People who stand in the register twice: found, told apart, merged, and taken apart again.

use shared::{
    DocRef, EntryId, FieldName,
    ipc::{
        Alike, Arranged, ChangeEntry, Code, DuplicatePair, EntryView, Filling, GetRecord,
        ImportWrong, ListBuildings, ListDuplicates, ListRecords, MergeResidents, MoveHousehold,
        PartResidents, RecordPage, UndoArranged, UnmergeResident,
    },
    register::{EntryKind, FieldValue},
};

use super::{
    city,
    import::wrong,
    paper::{Paper, shipped},
    register::{Scene, says, set},
    tablet::{HOUR, code},
};

/// The number of 张三, who lives behind the first door.
const NUMBER: &str = "110101199003070011";

impl Scene {
    /// A clerk's.
    async fn of_clerk() -> Self {
        Self::of(city::clerk()).await
    }

    /// Somebody in a household of their own behind the other door.
    async fn across(&self, pairs: &[(&str, &str)]) -> EntryId {
        self.behind(self.empty, pairs).await
    }

    async fn behind(&self, door: EntryId, pairs: &[(&str, &str)]) -> EntryId {
        // Later than everybody else, so that their ids tell who was entered first.
        self.tablet.clock.turn(HOUR);
        let door = door.to_string();
        let household = self
            .enter(EntryKind::Household, &[("dwelling", &door)])
            .await;
        let household = household.to_string();
        let pairs: Vec<_> = pairs
            .iter()
            .copied()
            .chain([("household", household.as_str())])
            .collect();
        self.enter(EntryKind::Resident, &pairs).await
    }

    async fn pairs(&self) -> Vec<DuplicatePair> {
        let found = self.tablet.client.list_duplicates(ListDuplicates {}).await;
        let found = found.unwrap();
        assert_eq!(usize::try_from(found.total).unwrap(), found.pairs.len());
        found.pairs
    }

    async fn merge(&self, survivor: EntryId, ends: EntryId, take: &[&str]) -> Arranged {
        let merge = MergeResidents {
            survivor,
            ends,
            take: take.iter().map(|it| FieldName::from(*it)).collect(),
        };
        self.tablet.client.merge_residents(merge).await.unwrap()
    }

    async fn undo(&self, arranged: Arranged) {
        let done = arranged.done;
        let undo = UndoArranged { done };
        self.tablet.client.undo_arranged(undo).await.unwrap();
    }

    async fn residents(&self) -> u32 {
        let list = self
            .tablet
            .client
            .list_buildings(ListBuildings::default())
            .await;
        list.unwrap().residents
    }

    async fn records_of(&self, id: EntryId) -> RecordPage {
        let list = ListRecords {
            subject: Some(DocRef::entry(EntryKind::Resident, id)),
            offset: 0,
            limit: 10,
        };
        self.tablet.client.list_records(list).await.unwrap()
    }

    async fn across_door(&self) -> Vec<EntryView> {
        let door = self.door(self.empty).await;
        let members = door.households.into_iter().flat_map(|it| it.members);
        members.collect()
    }

    async fn set(&self, entry: EntryId, pairs: &[(&str, &str)]) {
        let change = ChangeEntry {
            kind: EntryKind::Resident,
            entry,
            set: set(pairs),
        };
        self.tablet.client.change_entry(change).await.unwrap();
    }
}

fn ids(pairs: &[DuplicatePair]) -> Vec<([EntryId; 2], Alike)> {
    let pairs = pairs.iter();
    pairs
        .map(|pair| (pair.two.each_ref().map(|it| it.id), pair.alike))
        .collect()
}

#[tokio::test]
async fn the_same_number_is_found_wherever_somebody_lives_and_shown_masked() {
    let scene = Scene::of_clerk().await;
    assert_eq!(scene.pairs().await, []);
    let twin = scene
        .across(&[
            ("name", "章三"),
            ("id_no", NUMBER),
            ("phone", "13800001234"),
        ])
        .await;

    let pairs = scene.pairs().await;

    assert_eq!(ids(&pairs), [([scene.head, twin], Alike::Number)]);
    let pair = &pairs[0];
    assert_eq!(
        pair.two.each_ref().map(|it| it.name.as_str()),
        ["张三", "章三"]
    );
    assert!(pair.two[1].place.ends_with("3-2-1201"), "{:?}", pair.two[1]);
    let field = |name: &str| pair.fields.iter().find(|it| it.field.as_str() == name);
    let number = field("id_no").unwrap();
    assert!(!number.differs);
    let masked = Some(FieldValue::from("1101**********0011"));
    assert_eq!(number.values, [masked.clone(), masked]);
    let phone = field("phone").unwrap();
    assert!(phone.differs);
    assert_eq!(phone.values[1], Some(FieldValue::from("138****1234")));
    assert!(field("name").unwrap().differs);
    assert!(field("grid").is_none());
    let told = format!("{pairs:?}");
    assert!(!told.contains(NUMBER) && !told.contains("13800001234"));

    // Birth and sex were said by the number that was wrong; they go with it.
    let corrected = [("id_no", "440524188001010014"), ("birth", ""), ("sex", "")];
    scene.set(twin, &corrected).await;
    assert_eq!(scene.pairs().await, [], "it was mistyped");
}

#[tokio::test]
async fn the_same_name_and_birth_count_behind_one_door_only() {
    let scene = Scene::of_clerk().await;
    let same = [("name", "李木兰"), ("birth", "1988-05-06")];
    let one = scene.across(&same).await;
    scene.tablet.clock.turn(HOUR);
    let door = scene.door.to_string();
    let household = scene
        .enter(EntryKind::Household, &[("dwelling", &door)])
        .await;
    let other = scene
        .enter(
            EntryKind::Resident,
            &[same[0], same[1], ("household", &household.to_string())],
        )
        .await;
    assert_eq!(scene.pairs().await, [], "two doors");
    scene
        .across(&[("name", "李木兰"), ("birth", "1988-05-07")])
        .await;
    scene.across(&[("name", "李木兰")]).await;
    assert_eq!(scene.pairs().await, [], "another day, or none");

    let go = MoveHousehold {
        household,
        dwelling: scene.empty,
    };
    scene.tablet.client.move_household(go).await.unwrap();

    assert_eq!(
        ids(&scene.pairs().await),
        [([one, other], Alike::NameBirthDoor)]
    );
}

#[tokio::test]
async fn numbers_of_two_kinds_of_documents_are_two_and_no_number_is_none() {
    let scene = Scene::of_clerk().await;
    for (of, number) in [("passport", "P1234567"), ("foreigner", "P1234567")] {
        scene
            .across(&[("name", "约翰"), ("id_type", of), ("id_no", number)])
            .await;
    }
    for name in ["甲", "乙"] {
        scene
            .across(&[("name", name), ("id_type", "none"), ("id_no", "无")])
            .await;
    }
    assert_eq!(scene.pairs().await, []);
    scene
        .across(&[
            ("name", "约翰"),
            ("id_type", "passport"),
            ("id_no", " p1234567"),
        ])
        .await;
    assert_eq!(scene.pairs().await.len(), 1, "however it is written");
}

#[tokio::test]
async fn who_is_merged_goes_on_as_one_with_what_the_clerk_chose() {
    let scene = Scene::of_clerk().await;
    let before = scene.residents().await;
    let twin = scene
        .across(&[
            ("name", "章三"),
            ("id_no", NUMBER),
            ("phone", "13800001234"),
            ("work", "木匠"),
            ("relation", "head"),
        ])
        .await;
    scene.tablet.give(shipped("vaccination")).await;
    let form = scene.tablet.forms().await.forms.remove(0).doc;
    let about = |id: EntryId| Filling::New {
        form,
        subject: Some(DocRef::entry(EntryKind::Resident, id)),
        prefill: Vec::new(),
    };
    let mut paper = Paper::of(&scene.tablet, scene.tablet.fill(about(twin)).await.unwrap());
    for (address, answer) in [
        ("vaccination/status", "not_done"),
        ("vaccination/reason_code", "unwilling"),
    ] {
        paper.answer(address, answer).await.unwrap();
    }
    paper.done().await;
    let begun = scene.tablet.fill(about(twin)).await.unwrap();

    let arranged = scene.merge(scene.head, twin, &["work"]).await;

    assert_eq!(scene.residents().await, before, "counted once");
    assert_eq!(scene.pairs().await, []);
    assert_eq!(scene.across_door().await, [], "listed once");
    let head = scene.head().await;
    assert_eq!(head.title, "张三");
    assert_eq!(says(&head, "work").as_deref(), Some("木匠"), "taken over");
    assert_eq!(says(&head, "phone").as_deref(), Some("138****5678"), "kept");
    assert_eq!(head.merged.len(), 1);
    assert_eq!(
        (head.merged[0].id, head.merged[0].name.as_str()),
        (twin, "章三")
    );
    for query in ["章三", "1234", "张三"] {
        let hits = scene.find(query).await;
        assert_eq!(hits.len(), 1, "{query}: {hits:?}");
        assert_eq!((hits[0].id, hits[0].door), (scene.head, Some(scene.door)));
    }
    let page = scene.records_of(scene.head).await;
    assert_eq!(
        (page.total, page.rows.len()),
        (1, 1),
        "told at the survivor"
    );
    let get = GetRecord {
        record: page.rows[0].id,
    };
    let record = scene.tablet.client.get_record(get).await.unwrap();
    assert_eq!(record.subject.unwrap().id, scene.head.0);
    let view = scene.tablet.fill(about(twin)).await.unwrap();
    assert_eq!(
        view.subject.unwrap().id,
        scene.head.0,
        "asked of the survivor"
    );

    // A form that was begun before is finished about whoever goes on.
    let mut paper = Paper::of(&scene.tablet, begun);
    for (address, answer) in [
        ("vaccination/status", "not_done"),
        ("vaccination/reason_code", "unwilling"),
        ("person/phone", "13900000009"),
    ] {
        paper.answer(address, answer).await.unwrap();
    }
    paper.done().await;
    assert_eq!(scene.records_of(scene.head).await.total, 2);
    assert_eq!(
        says(&scene.head().await, "phone").as_deref(),
        Some("139****0009")
    );

    scene.undo(arranged).await;
    assert_eq!(scene.residents().await, before + 1);
    assert_eq!(scene.across_door().await.len(), 1);
    let head = scene.head().await;
    assert_eq!(says(&head, "work"), None);
    assert_eq!(head.merged, []);
    assert_eq!(scene.records_of(twin).await.total, 2, "nothing was lost");
    assert_eq!(scene.records_of(scene.head).await.total, 0);
    assert_eq!(scene.pairs().await.len(), 1);
}

#[tokio::test]
async fn who_is_taken_to_live_elsewhere_comes_with_what_they_are_there() {
    let scene = Scene::of_clerk().await;
    let twin = scene
        .across(&[("name", "张三"), ("id_no", NUMBER), ("relation", "head")])
        .await;
    let spouse = scene.door(scene.door).await.households[0].members[1].id;
    scene.set(scene.head, &[("relation", "1")]).await;
    scene.set(spouse, &[("relation", "head")]).await;

    scene.merge(scene.head, twin, &["household"]).await;

    let across = scene.across_door().await;
    assert_eq!(across.len(), 1);
    assert_eq!(across[0].id, scene.head);
    assert_eq!(says(&across[0], "relation").as_deref(), Some("head"));
}

#[tokio::test]
async fn who_was_said_to_be_two_is_not_asked_about_again() {
    let scene = Scene::of_clerk().await;
    let twin = scene.across(&[("name", "章三"), ("id_no", NUMBER)]).await;
    assert_eq!(scene.pairs().await.len(), 1);
    let two = [twin, scene.head];
    let part = PartResidents { two };
    let arranged = scene.tablet.client.part_residents(part).await.unwrap();
    assert_eq!(scene.pairs().await, []);
    scene
        .set(twin, &[("id_no", NUMBER), ("work", "木匠")])
        .await;
    assert_eq!(scene.pairs().await, [], "nor when one of them is changed");
    assert!(
        scene
            .head()
            .await
            .fields
            .iter()
            .all(|it| !it.field.as_str().contains(':')),
        "it is no field that people see"
    );
    scene.undo(arranged).await;
    assert_eq!(scene.pairs().await.len(), 1);
}

#[tokio::test]
async fn a_chain_ends_in_one_and_comes_apart_link_by_link() {
    let scene = Scene::of_clerk().await;
    let second = scene.across(&[("name", "章三"), ("id_no", NUMBER)]).await;
    let third = scene.across(&[("name", "张叁"), ("id_no", NUMBER)]).await;
    assert_eq!(scene.pairs().await.len(), 3);

    scene.merge(second, third, &[]).await;
    scene.merge(scene.head, second, &[]).await;

    let merged = async || {
        let merged = scene.head().await.merged;
        merged.into_iter().map(|it| it.id).collect::<Vec<_>>()
    };
    assert_eq!(merged().await, [second, third]);
    assert_eq!(scene.find("张叁").await[0].id, scene.head);
    let unmerge = UnmergeResident { resident: second };
    scene.tablet.client.unmerge_resident(unmerge).await.unwrap();
    assert_eq!(merged().await, []);
    let across = scene.across_door().await;
    assert_eq!(across.len(), 1);
    assert_eq!((across[0].id, across[0].merged[0].id), (second, third));
}

#[tokio::test]
async fn a_worker_neither_sees_the_list_nor_may_say_who_is_one() {
    let scene = Scene::new().await;
    let twin = scene.across(&[("name", "章三"), ("id_no", NUMBER)]).await;
    let list = scene
        .tablet
        .client
        .list_buildings(ListBuildings::default())
        .await;
    assert_eq!(list.unwrap().duplicates, 0);
    let merge = MergeResidents {
        survivor: scene.head,
        ends: twin,
        take: Vec::new(),
    };
    let refused = code(scene.tablet.client.merge_residents(merge).await);
    assert!(matches!(refused, Code::Rejected { .. }), "{refused:?}");
    let change = ChangeEntry {
        kind: EntryKind::Resident,
        entry: twin,
        set: set(&[("same_as", &scene.head.to_string())]),
    };
    let refused = code(scene.tablet.client.change_entry(change).await);
    assert!(matches!(refused, Code::Rejected { .. }), "{refused:?}");
    assert_eq!(scene.across_door().await.len(), 1);
}

#[tokio::test]
async fn all_of_it_is_there_after_the_app_was_ended() {
    let scene = Scene::of_clerk().await;
    let twin = scene.across(&[("name", "章三"), ("id_no", NUMBER)]).await;
    scene.merge(scene.head, twin, &["name"]).await;
    let (door, empty) = (scene.door, scene.empty);
    let tablet = scene.tablet.restart().await;
    let get = |dwelling| tablet.client.get_door(shared::ipc::GetDoor { dwelling });
    assert_eq!(get(empty).await.unwrap().households[0].members, []);
    let head = get(door)
        .await
        .unwrap()
        .households
        .remove(0)
        .members
        .remove(0);
    assert_eq!((head.title.as_str(), head.merged[0].id), ("章三", twin));
}

#[tokio::test]
async fn a_table_that_has_somebody_who_stood_twice_means_the_one_that_goes_on() {
    let scene = Scene::of_clerk().await;
    let twin = scene.across(&[("name", "章三"), ("id_no", NUMBER)]).await;
    let table = format!("姓名,身份证号,备注\n张三,{NUMBER},晚上在家\n");
    let told = wrong(&scene.tablet, &table).await;
    let whys: Vec<_> = told.iter().map(|(_, _, why)| why).collect();
    assert!(
        whys.contains(&&ImportWrong::WhichPerson),
        "before: {whys:?}"
    );

    scene.merge(scene.head, twin, &[]).await;

    assert_eq!(wrong(&scene.tablet, &table).await, []);
}
