//! Which doors ask for a visit: by time, by who lives there, by campaigns; each door once.

use client::testing;
use shared::{
    Action, DocRef, EntryId, FieldName, Position, RecordId,
    ipc::{
        CampaignStage, CampaignView, Code, ConfirmDoor, DoorState, DueReason, EnterEntry, Filling,
        GetAnswers, GetCampaign, GetDoor, GetRound, GetToday, ListCampaigns, ListCountable,
        ListMissing, Otherwise, Round, VisitDoor,
    },
    register::{
        EntryKind, FieldValue, Fields,
        check::{Mistake, Wrong},
    },
    visit::Met,
};

use super::{
    city::{self, HOME},
    paper::{Paper, shipped},
    tablet::{HOUR, Tablet, code},
};

const DAY: i64 = 24 * HOUR;

/// A tablet with two buildings, the second one nearer; in each a door with two people.
struct Street {
    tablet: Tablet,
    doors: Vec<EntryId>,
    people: Vec<EntryId>,
}

fn fields(pairs: &[(&str, FieldValue)]) -> Fields {
    let pairs = pairs.iter().cloned();
    pairs
        .map(|(name, value)| (FieldName::from(name), Some(value)))
        .collect()
}

fn text(text: impl ToString) -> FieldValue {
    FieldValue::Text(text.to_string())
}

const YES: FieldValue = FieldValue::Flag(true);

impl Street {
    async fn new() -> Self {
        let tablet = Tablet::of(city::clerk()).await;
        let mut street = Self {
            tablet,
            doors: Vec::new(),
            people: Vec::new(),
        };
        for (number, lng) in [(1, 120.02), (2, 120.01)] {
            let building = street
                .enter(
                    EntryKind::Building,
                    &[
                        ("grid", text(HOME)),
                        ("compound", text("丽水花园")),
                        ("name", text(format!("{number}幢"))),
                        (
                            "position",
                            FieldValue::Point(Position::new(lng, 31.0).unwrap()),
                        ),
                    ],
                )
                .await;
            let door = street
                .enter(
                    EntryKind::Dwelling,
                    &[("building", text(building)), ("room", text("101"))],
                )
                .await;
            let household = street
                .enter(EntryKind::Household, &[("dwelling", text(door))])
                .await;
            street.doors.push(door);
            for (name, birth) in [("沈秋白", "1950-03-07"), ("沈见山", "1996-03-07")] {
                let person = [
                    ("household", text(household)),
                    ("name", text(name)),
                    ("birth", text(birth)),
                ];
                let person = street.enter(EntryKind::Resident, &person).await;
                street.people.push(person);
            }
        }
        street
    }

    async fn enter(&self, kind: EntryKind, pairs: &[(&str, FieldValue)]) -> EntryId {
        let set = fields(pairs);
        let enter = EnterEntry { kind, set };
        self.tablet.client.enter_entry(enter).await.unwrap().id
    }

    async fn campaign(&self, more: &[(&str, FieldValue)]) -> EntryId {
        let usual = [
            ("title", text("秋季接种")),
            ("form", text("vaccination")),
            ("about", text("resident")),
            ("from", text("2026-09-20")),
            ("until", text("2026-10-20")),
            ("grid:990101001001001", YES),
        ];
        self.enter(EntryKind::Campaign, &[&usual, more].concat())
            .await
    }

    async fn visit(&self, dwelling: EntryId, outcome: Met) {
        let visit = VisitDoor {
            dwelling,
            outcome,
            note: String::new(),
        };
        self.tablet.client.visit_door(visit).await.unwrap();
    }

    async fn round(&self, near: Option<Position>) -> Round {
        self.tablet
            .client
            .get_round(GetRound { near, doors: 500 })
            .await
            .unwrap()
    }

    async fn view(&self, campaign: EntryId) -> CampaignView {
        let get = GetCampaign {
            campaign,
            buildings: 100,
        };
        self.tablet.client.get_campaign(get).await.unwrap()
    }

    /// Fills in the form about somebody.
    async fn vaccinated(&self, person: EntryId, answers: &[(&str, &str)]) -> RecordId {
        let form = self.tablet.forms().await.forms.remove(0);
        let filling = Filling::New {
            form: form.doc,
            subject: Some(DocRef::entry(EntryKind::Resident, person)),
            prefill: Vec::new(),
        };
        let view = self.tablet.fill(filling).await.unwrap();
        let mut paper = Paper::of(&self.tablet, view);
        for (address, answer) in answers {
            paper.answer(address, answer).await.unwrap();
        }
        paper.done().await
    }
}

const UNWILLING: [(&str, &str); 2] = [
    ("vaccination/status", "not_done"),
    ("vaccination/reason_code", "unwilling"),
];

fn due(round: &Round) -> Vec<EntryId> {
    let doors = round.due.iter().flat_map(|it| &it.doors);
    doors.map(|it| it.dwelling).collect()
}

#[tokio::test]
async fn the_round_has_what_is_due_in_order_or_the_near_ones_first() {
    let street = Street::new().await;
    let [first, second] = street.doors.as_slice() else {
        panic!("two doors")
    };

    let round = street.round(None).await;
    assert_eq!(due(&round), [*first, *second], "by building");
    assert_eq!(round.due[0].doors[0].reasons, [DueReason::First]);
    assert_eq!(round.due[0].doors[0].residents, 2);

    let near = street.round(Position::new(120.0, 31.0).ok()).await;
    assert_eq!(due(&near), [*second, *first], "by distance");
    assert!(near.by_distance && near.without_position == 0);
    let metres = near.due[0].distance_m.unwrap();
    assert!((940..970).contains(&metres), "{metres} m along 31° north");
}

#[tokio::test]
async fn somebody_met_leaves_the_round_and_nobody_at_home_is_tried_again() {
    let street = Street::new().await;
    let [first, second] = street.doors.as_slice() else {
        panic!("two doors")
    };
    street.visit(*first, Met::Met).await;
    street.visit(*second, Met::NotHome).await;

    let round = street.round(None).await;
    assert_eq!(due(&round), []);
    let again = &round.revisit[0].doors[0];
    assert_eq!(again.dwelling, *second);
    assert_eq!(again.not_home_at.unwrap().as_ms(), street.tablet.now());
    assert_eq!((round.met_today, round.refused), (1, 0));

    street.tablet.clock.turn(HOUR);
    street.visit(*second, Met::Refused).await;
    let round = street.round(None).await;
    assert!(round.revisit.is_empty(), "they are left alone");
    assert_eq!(round.refused, 1);

    street.tablet.clock.turn(83 * DAY);
    assert_eq!(street.round(None).await.soon, 1, "in a week");
    street.tablet.clock.turn(7 * DAY);
    let round = street.round(None).await;
    assert_eq!(due(&round), [*first, *second]);
    let today = street.tablet.client.get_today(GetToday {}).await.unwrap();
    assert_eq!(today.doors_due, 0, "a clerk walks no round");
}

#[tokio::test]
async fn a_campaign_asks_about_those_it_means_until_there_is_a_record() {
    let street = Street::new().await;
    street.tablet.give(shipped("vaccination")).await;
    let [first, second] = street.doors.as_slice() else {
        panic!("two doors")
    };
    street.visit(*first, Met::Met).await;
    street.visit(*second, Met::Met).await;
    assert_eq!(due(&street.round(None).await), []);

    let campaign = street
        .campaign(&[("min_age", FieldValue::Number(60))])
        .await;

    let round = street.round(None).await;
    assert_eq!(due(&round), [*first, *second]);
    let DueReason::Campaign { missing, title, .. } = &round.due[0].doors[0].reasons[0] else {
        panic!("{:?}", round.due[0].doors[0].reasons)
    };
    assert_eq!(
        (title.as_str(), *missing),
        ("秋季接种", 1),
        "only the old one"
    );
    let view = street.view(campaign).await;
    assert_eq!((view.row.meant, view.row.recorded), (2, 0));
    assert_eq!(view.missing.len(), 2);
    assert_eq!(view.missing[0].door, "丽水花园 1-101");
    assert_eq!(view.row.form, "疫苗接种");

    street.tablet.clock.turn(HOUR);
    let dwelling = *first;
    let door = street.tablet.client.get_door(GetDoor { dwelling }).await;
    let door = door.unwrap();
    assert_eq!(door.asked.len(), 1);
    assert_eq!(door.asked[0].subject.id, street.people[0].0);
    assert!(door.asked[0].form.is_some());
    let record = street.vaccinated(street.people[0], &UNWILLING).await;

    let view = street.view(campaign).await;
    assert_eq!((view.row.meant, view.row.recorded), (2, 1));
    let covered: Vec<(u32, u32)> = view
        .buildings
        .iter()
        .map(|it| (it.meant, it.recorded))
        .collect();
    assert_eq!(covered, [(1, 1), (1, 0)]);
    assert_eq!((view.grids[0].meant, view.grids[0].recorded), (2, 1));
    assert_eq!(due(&street.round(None).await), [*second]);

    let answers = GetAnswers { campaign };
    let answers = street.tablet.client.get_answers(answers).await.unwrap();
    let said: Vec<(&str, &str, u32)> = answers
        .iter()
        .map(|it| {
            let answer = &it.answers[0];
            (it.question.as_str(), answer.answer.as_str(), answer.count)
        })
        .collect();
    assert_eq!(
        said,
        [
            ("接种状态", "未接种", 1),
            ("未接种原因", "不愿", 1),
            ("由谁告知", "本人", 1),
        ]
    );

    // The visit that is noted next takes along what was filled in here.
    street.tablet.clock.turn(HOUR);
    let confirm = ConfirmDoor { dwelling };
    street.tablet.client.confirm_door(confirm).await.unwrap();
    street.visit(dwelling, Met::Phone).await;
    let queued = testing::queued(&street.tablet.client).await.unwrap();
    let taken: Vec<Vec<RecordId>> = queued
        .iter()
        .filter_map(|op| match &op.action {
            Action::Visit(visiting) => Some(visiting.records.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(taken, [vec![], vec![], vec![record], vec![]], "once");
}

const DONE: [(&str, &str); 3] = [
    ("vaccination/status", "completed"),
    ("vaccination/dose_no", "2"),
    ("vaccination/occurred_on", "2026-09-01"),
];

/// What a campaign that counts vaccinations still says of those who are missing.
fn missing(view: &CampaignView) -> Vec<(&str, Option<&Otherwise>)> {
    let missing = view.missing.iter();
    missing
        .map(|it| (it.name.as_str(), it.otherwise.as_ref()))
        .collect()
}

#[tokio::test]
async fn where_a_campaign_says_what_counts_another_answer_leaves_people_on_the_list() {
    let street = Street::new().await;
    street.tablet.give(shipped("vaccination")).await;
    let campaign = street
        .campaign(&[("counts", text("status=completed"))])
        .await;
    let [done, refused, put_off, unasked] = street.people.as_slice() else {
        panic!("four people")
    };
    street.visit(street.doors[0], Met::Met).await;
    street.visit(street.doors[1], Met::Met).await;
    street.vaccinated(*done, &DONE).await;
    street.vaccinated(*refused, &UNWILLING).await;
    let deferred = [
        ("vaccination/status", "not_done"),
        ("vaccination/reason_code", "deferred"),
        ("vaccination/postponed_until", "2026-10-01"),
    ];
    street.vaccinated(*put_off, &deferred).await;

    let view = street.view(campaign).await;
    assert_eq!((view.row.meant, view.row.recorded), (4, 1));
    assert_eq!(view.row.counts.as_deref(), Some("接种状态：已接种"));
    let levels = [&view.communities, &view.grids, &view.buildings].map(|level| {
        let rows = level.iter();
        rows.map(|it| (it.name.as_str(), it.meant, it.recorded))
            .collect::<Vec<_>>()
    });
    assert_eq!(levels[0], [("杏花社区", 4, 1)]);
    assert_eq!(levels[1], [("杏花01网格", 4, 1)]);
    assert_eq!(levels[2], [("丽水花园 1幢", 2, 1), ("丽水花园 2幢", 2, 0)]);
    let said = |reason: &str, until: Option<&str>| Otherwise {
        said: vec!["未接种".to_owned(), reason.to_owned()],
        on: "2026-09-25".to_owned(),
        until: until.map(str::to_owned),
        again: false,
    };
    let (unwilling, later) = (said("不愿", None), said("暂缓", Some("2026-10-01")));
    assert_eq!(
        missing(&view),
        [
            ("沈见山", Some(&unwilling)),
            ("沈秋白", Some(&later)),
            ("沈见山", None),
        ]
    );

    let asked = async |door: usize| {
        let dwelling = street.doors[door];
        let door = street.tablet.client.get_door(GetDoor { dwelling }).await;
        let asked = door.unwrap().asked.into_iter();
        asked
            .map(|it| EntryId(it.subject.id))
            .collect::<Vec<EntryId>>()
    };
    assert!(asked(0).await.is_empty(), "one is done, the other said no");
    assert_eq!(asked(1).await, [*unasked], "the other waits until October");
    // The sixth day after: 1 October.
    street.tablet.clock.turn(6 * DAY);
    assert!(asked(0).await.is_empty());
    assert_eq!(asked(1).await, [*put_off, *unasked], "the day has come");
    assert!(missing(&street.view(campaign).await)[1].1.unwrap().again);
    street.vaccinated(*put_off, &DONE).await;
    assert_eq!(street.view(campaign).await.row.recorded, 2);
    // Whoever said no is asked again when the door is: thirty days later.
    let longer = street
        .campaign(&[
            ("counts", text("status=completed")),
            ("until", text("2026-12-31")),
        ])
        .await;
    street.tablet.clock.turn(24 * DAY);
    assert!(missing(&street.view(longer).await)[0].1.unwrap().again);
}

#[tokio::test]
async fn a_correction_counts_for_what_it_corrects_even_when_the_campaign_is_over() {
    let street = Street::new().await;
    street.tablet.give(shipped("vaccination")).await;
    let campaign = street
        .campaign(&[
            ("counts", text("status=completed")),
            ("until", text("2026-09-25")),
        ])
        .await;
    let wrong = street.vaccinated(street.people[0], &UNWILLING).await;
    assert_eq!(street.view(campaign).await.row.recorded, 0);
    street.tablet.clock.turn(3 * DAY);

    let filling = Filling::Correction { record: wrong };
    let view = street.tablet.fill(filling).await.unwrap();
    let mut paper = Paper::of(&street.tablet, view);
    for (address, answer) in DONE {
        paper.answer(address, answer).await.unwrap();
    }
    paper.done().await;
    street.vaccinated(street.people[1], &DONE).await;

    assert_eq!(
        street.view(campaign).await.row.recorded,
        1,
        "what was filled in afterwards is not of it"
    );
}

#[tokio::test]
async fn all_who_are_missing_can_be_had_however_many_there_are() {
    let street = Street::new().await;
    let household = street
        .enter(EntryKind::Household, &[("dwelling", text(street.doors[0]))])
        .await;
    for number in 0..100 {
        let person = [
            ("household", text(household)),
            ("name", text(format!("沈{number:03}"))),
        ];
        street.enter(EntryKind::Resident, &person).await;
    }
    let campaign = street.campaign(&[]).await;

    let view = street.view(campaign).await;

    assert_eq!((view.missing.len(), view.missing_total), (100, 104));
    let more = ListMissing {
        campaign,
        offset: 100,
    };
    let more = street.tablet.client.list_missing(more).await.unwrap();
    assert_eq!(more.len(), 4);
    let mut all: Vec<_> = view
        .missing
        .iter()
        .chain(&more)
        .map(|it| &it.name)
        .collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 102, "two names stand at each door");
}

#[tokio::test]
async fn what_may_count_is_offered_in_the_order_and_words_of_the_form() {
    let street = Street::new().await;
    street.tablet.give(shipped("vaccination")).await;
    let form = "vaccination".to_owned();
    let countable = street.tablet.client.list_countable(ListCountable { form });
    let countable = countable.await.unwrap();

    let status = &countable[0];
    assert_eq!(
        (status.question.as_str(), status.label.as_str()),
        ("status", "接种状态")
    );
    let said: Vec<_> = status
        .choices
        .iter()
        .map(|it| (it.value.as_str(), it.label.as_str()))
        .collect();
    assert_eq!(said, [("completed", "已接种"), ("not_done", "未接种")]);
}

#[tokio::test]
async fn only_the_last_record_about_somebody_counts_in_the_chart() {
    let street = Street::new().await;
    street.tablet.give(shipped("vaccination")).await;
    let campaign = street.campaign(&[]).await;
    street.vaccinated(street.people[0], &UNWILLING).await;
    street.tablet.clock.turn(HOUR);
    street.vaccinated(street.people[0], &DONE).await;

    let answers = GetAnswers { campaign };
    let answers = street.tablet.client.get_answers(answers).await.unwrap();
    let status = &answers[0].answers;
    assert_eq!(status.len(), 1, "{status:?}");
    assert_eq!((status[0].answer.as_str(), status[0].count), ("已接种", 1));
}

#[tokio::test]
async fn a_campaign_asks_only_in_its_days_and_its_grids() {
    let street = Street::new().await;
    let stage = async |more: &[(&str, FieldValue)]| {
        let id = street.campaign(more).await;
        let list = street.tablet.client.list_campaigns(ListCampaigns {}).await;
        let list = list.unwrap().campaigns;
        let row = list.into_iter().find(|it| it.id == id).unwrap();
        (row.stage, row.meant)
    };
    assert_eq!(stage(&[]).await, (CampaignStage::Running, 4));
    let later = [("from", text("2026-10-01"))];
    assert_eq!(stage(&later).await, (CampaignStage::Planned, 4));
    let before = [("from", text("2026-08-01")), ("until", text("2026-09-01"))];
    assert_eq!(stage(&before).await, (CampaignStage::Over, 4));
    let ended = [("ended_on", text("2026-09-24"))];
    assert_eq!(stage(&ended).await, (CampaignStage::Over, 4));
    let care = [("care:alone", YES)];
    assert_eq!(stage(&care).await, (CampaignStage::Running, 0));
    let households = [("about", text("household"))];
    assert_eq!(stage(&households).await, (CampaignStage::Running, 2));

    let dwelling = street.doors[0];
    let door = street.tablet.client.get_door(GetDoor { dwelling }).await;
    let mut titles: Vec<String> = door.unwrap().asked.into_iter().map(|it| it.name).collect();
    titles.sort();
    assert_eq!(titles, ["1-101", "沈秋白", "沈见山"], "those that run");
}

#[tokio::test]
async fn a_campaign_that_can_not_be_is_told_at_its_field() {
    let street = Street::new().await;
    let refused = async |pairs: &[(&str, FieldValue)]| {
        let kind = EntryKind::Campaign;
        let set = fields(pairs);
        code(
            street
                .tablet
                .client
                .enter_entry(EnterEntry { kind, set })
                .await,
        )
    };
    let right = [
        ("title", text("走访")),
        ("form", text("visit")),
        ("about", text("household")),
        ("from", text("2026-09-20")),
        ("until", text("2026-10-20")),
        ("grid:990101001001001", YES),
    ];
    let with = |field: &'static str, value| {
        let others = right.iter().filter(|(name, _)| *name != field).cloned();
        others.chain([(field, value)]).collect::<Vec<_>>()
    };
    let mistake = |field: &str, wrong| Code::Mistakes {
        mistakes: vec![Mistake {
            field: field.into(),
            wrong,
        }],
    };
    assert_eq!(
        refused(&with("until", text("2026-09-19"))).await,
        mistake("until", Wrong::BeforeBeginning)
    );
    assert_eq!(
        refused(&with("until", text("2026-02-30"))).await,
        mistake("until", Wrong::NotADay)
    );
    assert_eq!(
        refused(&with("about", text("street"))).await,
        mistake("about", Wrong::NotOffered)
    );
    assert_eq!(
        refused(&with("counts", text("completed"))).await,
        mistake("counts", Wrong::NotOffered),
        "which question?"
    );
    assert_eq!(
        refused(&right[..5]).await,
        mistake("grids", Wrong::Missing),
        "nowhere"
    );
}

#[tokio::test]
async fn a_door_where_they_asked_to_be_called_says_so() {
    let street = Street::new().await;
    let door = street.doors[1];
    street
        .enter(
            EntryKind::Household,
            &[("dwelling", text(door)), ("call_first", YES)],
        )
        .await;
    let round = street.round(None).await;
    let calls: Vec<bool> = round
        .due
        .iter()
        .flat_map(|it| it.doors.iter().map(|it| it.call_first))
        .collect();
    assert_eq!(calls, [false, true]);
    assert_eq!(round.quiet, None, "ten in the morning");

    street.tablet.clock.turn(11 * HOUR);
    let dwelling = door;
    let view = street.tablet.client.get_door(GetDoor { dwelling }).await;
    let view = view.unwrap();
    assert_eq!(view.quiet, Some([1230, 510]), "nine in the evening");
    assert!(view.call_first);
    assert_eq!(view.state, DoorState::Due);
}
