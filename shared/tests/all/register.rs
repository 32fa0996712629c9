//! The register: what a change, a confirmation, a record and a visit do to their documents.

use proptest::prelude::*;
use serde_json::json;
use shared::{
    Action, DocRef, Extra, FieldName, GridCode, Kind, Op, Outcome, Permission, Role, Scope,
    apply::Quarantine,
    record::{Filled, FormVersion},
    register::{
        Changing, Confirming, Entering, Entry, EntryDoc, EntryKind, FieldValue, Fields, lists,
        schema,
    },
    reveal::Revealing,
    visit::{Met, Visiting},
};
use uuid::Uuid;

use crate::people::{ANA, BEN, LIN, at, fold, id, ids, op};

fn target(kind: Kind) -> DocRef {
    DocRef {
        kind,
        id: Uuid::from_u128(77),
    }
}

fn on(kind: Kind, op: Op) -> Op {
    Op {
        target: target(kind),
        ..op
    }
}

pub(crate) fn set(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| {
            let value = (!value.is_empty()).then(|| FieldValue::from(*value));
            (FieldName::from(*name), value)
        })
        .collect()
}

pub(crate) fn resident(op: Op) -> Op {
    on(EntryKind::Resident.kind(), op)
}

fn entered() -> Op {
    let set = set(&[
        (schema::GRID, "G1"),
        ("name", "田甲"),
        ("phone", "13800000001"),
    ]);
    resident(op(
        1,
        ANA,
        Action::Enter(Entering {
            set,
            import: None,
            extra: Extra::default(),
        }),
    ))
}

pub(crate) fn change(n: u8, who: (&str, Role), knew: &[u8], pairs: &[(&str, &str)]) -> Op {
    let changing = Changing {
        knew: ids(knew),
        set: set(pairs),
        import: None,
        extra: Extra::default(),
    };
    resident(op(n, who, Action::Change(changing)))
}

pub(crate) fn confirm(n: u8, who: (&str, Role), knew: &[u8], fields: &[&str]) -> Op {
    let confirming = Confirming {
        knew: ids(knew),
        fields: fields.iter().map(|it| FieldName::from(*it)).collect(),
        extra: Extra::default(),
    };
    resident(op(n, who, Action::Confirm(confirming)))
}

fn entry(ops: &[Op]) -> Entry {
    let doc = fold(ops).0.unwrap();
    match doc.body().unwrap().unwrap().entry().unwrap() {
        EntryDoc::Known(entry) => *entry,
        EntryDoc::Awaiting(_) => panic!("it was entered"),
    }
}

fn says(entry: &Entry, field: &str) -> Option<String> {
    entry.stands().text(field).map(str::to_owned)
}

#[test]
fn what_was_entered_stands_and_says_who_gave_it() {
    let entry = entry(&[entered(), change(2, BEN, &[1], &[("phone", "13800000002")])]);
    let stands = entry.stands();

    assert_eq!(stands.text("name"), Some("田甲"));
    assert_eq!(stands.text("phone"), Some("13800000002"));
    let by = |field: &str| {
        let name = FieldName::from(field);
        stands.fields[&name].by.author.staff.as_str().to_owned()
    };
    assert_eq!(
        (by("name").as_str(), by("phone").as_str()),
        ("w-ana", "w-ben")
    );
    assert_eq!(stands.heads, ids(&[2]));
}

#[test]
fn two_who_change_other_fields_do_not_meet_and_two_who_change_one_are_both_kept() {
    let entry = entry(&[
        entered(),
        change(2, ANA, &[1], &[("phone", "13800000002"), ("work", "渔行")]),
        change(
            3,
            BEN,
            &[1],
            &[("phone", "13800000003"), ("note", "晚上在家")],
        ),
    ]);
    let stands = entry.stands();

    assert_eq!(stands.text("work"), Some("渔行"));
    assert_eq!(stands.text("note"), Some("晚上在家"));
    let [disputed] = stands.disputed.as_slice() else {
        panic!("one field: {:?}", stands.disputed);
    };
    assert_eq!(disputed.field.as_str(), "phone");
    assert_eq!(disputed.base, Some(FieldValue::from("13800000001")));
    assert_eq!(disputed.values.len(), 2);
    assert_eq!(stands.heads, ids(&[2, 3]));

    let decided = fold_entry(&entry, &[2, 3]);
    assert!(decided.stands().disputed.is_empty());
}

fn fold_entry(before: &Entry, knew: &[u8]) -> Entry {
    let mut all = vec![entered()];
    for change in &before.changes {
        let n = change.signed.op_id;
        let found = (2..10).find(|it| id(*it) == n).unwrap();
        let who = if found == 2 { ANA } else { BEN };
        let mut op = self::change(found, who, &[], &[]);
        op.action = Action::Change(change.changing.clone());
        all.push(op);
    }
    all.push(change(9, LIN, knew, &[("phone", "13800000009")]));
    entry(&all)
}

#[test]
fn two_tags_of_two_people_both_stand() {
    let tag = |n, who, name: &str| {
        let mut op = change(n, who, &[1], &[]);
        let set = [(FieldName::from(name), Some(FieldValue::Flag(true)))].into();
        op.action = Action::Change(Changing {
            knew: ids(&[1]),
            set,
            import: None,
            extra: Extra::default(),
        });
        op
    };
    let entry = entry(&[
        entered(),
        tag(2, ANA, "care:alone"),
        tag(3, BEN, "care:low_income"),
    ]);

    let stands = entry.stands();
    assert!(stands.disputed.is_empty());
    for tag in ["care:alone", "care:low_income"] {
        assert_eq!(stands.value(tag), Some(&FieldValue::Flag(true)), "{tag}");
    }
}

#[test]
fn who_confirms_confirms_what_they_saw_and_nothing_newer() {
    let entry = entry(&[
        entered(),
        change(2, BEN, &[1], &[("phone", "13800000002")]),
        confirm(3, ANA, &[1], &[]),
    ]);
    let stands = entry.stands();

    let of = |field: &str| &stands.fields[&FieldName::from(field)];
    assert_eq!(of("name").confirmed.map(|it| it.at), Some(at(3)));
    assert_eq!(of("phone").confirmed, None, "Ana saw another number");
    assert_eq!(stands.heads, ids(&[2]), "who confirms changes nothing");
}

#[test]
fn a_hundred_confirmations_of_the_same_are_one_line() {
    let mut ops = vec![entered()];
    ops.extend((2..102).map(|n| confirm(n, ANA, &[1], &[])));
    ops.push(confirm(102, ANA, &[1], &["phone"]));

    let entry = entry(&ops);

    assert_eq!(entry.confirmed.len(), 2);
    let stands = entry.stands();
    assert_eq!(stands.confirmed_at(), Some(at(102)));
    let name = &stands.fields[&FieldName::from("name")];
    assert_eq!(name.last().at, at(101));
}

#[test]
fn what_was_taken_away_stands_no_more_and_is_still_there() {
    let entry = entry(&[entered(), change(2, ANA, &[1], &[("phone", "")])]);

    assert_eq!(says(&entry, "phone"), None);
    let once = entry.edits().any(|(_, fields)| {
        fields.get(&FieldName::from("phone")) == Some(&Some(FieldValue::from("13800000001")))
    });
    assert!(once);
}

#[test]
fn while_two_grids_stand_it_is_in_both_feeds() {
    let grids = |ops: &[Op]| -> Vec<String> {
        let doc = fold(ops).0.unwrap();
        let audience = doc.body().unwrap().unwrap().audience();
        audience.iter().map(Scope::to_string).collect()
    };

    assert_eq!(grids(&[entered()]), ["grid:G1"]);
    let to_2 = change(2, ANA, &[1], &[(schema::GRID, "G2")]);
    let to_3 = change(3, BEN, &[1], &[(schema::GRID, "G3")]);
    assert_eq!(grids(&[entered(), to_2.clone()]), ["grid:G2"]);
    assert_eq!(grids(&[entered(), to_2, to_3]), ["grid:G2", "grid:G3"]);
}

#[test]
fn an_operation_of_another_kind_has_no_place_there() {
    let quarantined = |why| Outcome::Quarantined { why };
    let (doc, outcomes) = fold(&[resident(op(1, ANA, Action::Withdraw("误报".into())))]);
    assert!(doc.is_none());
    assert_eq!(outcomes, [quarantined(Quarantine::NotForOperations)]);

    let set = set(&[(schema::GRID, "G1")]);
    let (doc, outcomes) = fold(&[op(
        1,
        ANA,
        Action::Enter(Entering {
            set,
            import: None,
            extra: Extra::default(),
        }),
    )]);
    assert!(doc.is_none(), "a case is reported, not entered");
    assert_eq!(outcomes, [quarantined(Quarantine::NotForOperations)]);
}

#[test]
fn management_stands_in_a_feed_of_its_own_and_needs_the_permission() {
    let kind = EntryKind::Management.kind();
    let fields = set(&[(schema::GRID, "G1"), ("resident", "r"), ("note", "每周")]);
    let entering = Entering {
        set: fields,
        import: None,
        extra: Extra::default(),
    };
    let entered = on(kind.clone(), op(1, ANA, Action::Enter(entering)));
    let moving = Changing {
        knew: ids(&[1]),
        set: set(&[(schema::GRID, "G2")]),
        import: None,
        extra: Extra::default(),
    };
    let moved = on(kind, op(2, BEN, Action::Change(moving)));
    let audience = |ops: &[Op]| {
        let doc = fold(ops).0.unwrap();
        doc.body().unwrap().unwrap().audience()
    };

    assert_eq!(
        audience(std::slice::from_ref(&entered)),
        [Scope("control:G1".into())].into()
    );
    let both = [entered.clone(), moved.clone()];
    assert_eq!(audience(&both), [Scope("control:G2".into())].into());
    assert_eq!(
        audience(std::slice::from_ref(&moved)),
        [].into(),
        "until it is known where it stands, it is nobody's"
    );
    assert_eq!(entered.needs(), Some(Permission::Control));
    assert_eq!(moved.needs(), Some(Permission::Control));
    assert_eq!(self::entered().needs(), None);
}

#[test]
fn a_look_at_management_is_told_where_it_stands_and_any_other_in_the_grid() {
    let look = |kind: Kind, field: &str| {
        let revealing = Revealing {
            of: target(kind),
            field: field.into(),
            reason: "核对".to_owned(),
            grid: GridCode::from("G1"),
            extra: Extra::default(),
        };
        let looked = on(
            Kind::reveal(),
            op(1, ANA, Action::Reveal(Box::new(revealing))),
        );
        let doc = fold(std::slice::from_ref(&looked)).0.unwrap();
        let audience = doc.body().unwrap().unwrap().audience();
        let audience = audience.iter().map(Scope::to_string).collect::<String>();
        (audience, looked.needs().is_some())
    };

    let (apart, open) = (
        ("control:G1".to_owned(), true),
        ("grid:G1".to_owned(), false),
    );
    assert_eq!(look(EntryKind::Resident.kind(), "control"), apart);
    assert_eq!(look(EntryKind::Management.kind(), "note"), apart);
    assert_eq!(look(EntryKind::Resident.kind(), "phone"), open);
    assert_eq!(
        look(Kind::record(), "control"),
        open,
        "so a question may be called"
    );
}

#[test]
fn management_tags_are_fields_of_management_alone() {
    for tag in schema::CONTROL_TAGS {
        let field = format!("{}{tag}", schema::CONTROL);
        for kind in EntryKind::ALL {
            let has = schema::find(kind, &field).is_some();
            assert_eq!(has, kind == EntryKind::Management, "{kind:?} {field}");
        }
    }
    assert_eq!(schema::find(EntryKind::Management, "control:rich"), None);
    let apart = EntryKind::ALL.into_iter().filter(|it| it.is_apart());
    assert!(lists::LISTED.iter().all(|it| !it.is_apart()));
    assert_eq!(apart.collect::<Vec<_>>(), [EntryKind::Management]);
}

fn filled() -> Filled {
    Filled {
        form: FormVersion {
            doc: Uuid::from_u128(5),
            id: "vaccination".to_owned(),
            version: "1".to_owned(),
        },
        subject: Some(target(EntryKind::Resident.kind())),
        grid: GridCode::from("G1"),
        begun_at: at(0),
        finished_at: at(1),
        name: "接种".to_owned(),
        values: Vec::new(),
        photos: Vec::new(),
        replaces: None,
        told: None,
        extra: Extra::default(),
    }
}

#[test]
fn a_record_and_a_visit_are_made_once_and_never_changed() {
    let visiting = Visiting {
        at: target(EntryKind::Dwelling.kind()),
        grid: GridCode::from("G1"),
        outcome: Met::NotHome,
        note: String::new(),
        records: Vec::new(),
        extra: Extra::default(),
    };
    for (kind, action) in [
        (Kind::record(), Action::Record(Box::new(filled()))),
        (Kind::visit(), Action::Visit(Box::new(visiting))),
    ] {
        let first = on(kind.clone(), op(1, ANA, action.clone()));
        let other = on(kind, op(2, BEN, action));
        let (doc, outcomes) = fold(&[first.clone(), first, other]);

        let doc = doc.unwrap();
        assert_eq!(doc.rev, 1);
        assert_eq!(
            outcomes,
            [
                Outcome::Applied,
                Outcome::Duplicate,
                Outcome::Quarantined {
                    why: Quarantine::AlreadyReported
                },
            ]
        );
        let audience = doc.body().unwrap().unwrap().audience();
        assert_eq!(audience, [Scope::grid(&GridCode::from("G1"))].into());
    }
}

proptest! {
    /// In whatever order they arrive, and however often, the same stands.
    #[test]
    fn the_order_of_arrival_does_not_matter(
        order in Just((0..7usize).collect::<Vec<_>>()).prop_shuffle(),
        again in 0..7usize,
    ) {
        let ops = [
            entered(),
            change(2, ANA, &[1], &[("phone", "13800000002"), ("work", "渔行")]),
            change(3, BEN, &[1], &[("phone", "13800000003")]),
            confirm(4, BEN, &[3], &[]),
            change(5, LIN, &[2, 3], &[("phone", "13800000005")]),
            confirm(6, ANA, &[2], &["work"]),
            confirm(7, BEN, &[3], &[]),
        ];
        let straight = entry(&ops);

        let mut shuffled: Vec<Op> = order.iter().map(|at| ops[*at].clone()).collect();
        shuffled.push(ops[again].clone());

        prop_assert_eq!(entry(&shuffled), straight);
    }
}

#[test]
fn what_stands_in_a_field_is_told_by_what_it_looks_like() {
    let other = |value: &serde_json::Value| FieldValue::Other(value.clone());
    let point = shared::Position::new(120.5, 30.25).unwrap();
    for (json, expected) in [
        (json!(true), FieldValue::Flag(true)),
        (json!(-20), FieldValue::Number(-20)),
        (json!(i64::MAX), FieldValue::Number(i64::MAX)),
        (json!(u64::MAX), other(&json!(u64::MAX))),
        (json!(1.5), other(&json!(1.5))),
        (json!(1.0), other(&json!(1.0))),
        (json!(""), FieldValue::from("")),
        (json!("1"), FieldValue::from("1")),
        (json!("2026-11-27"), FieldValue::from("2026-11-27")),
        (
            json!({"lng": 120.5, "lat": 30.25}),
            FieldValue::Point(point),
        ),
        (json!({"lng": 120.5}), other(&json!({"lng": 120.5}))),
        (
            json!({"lng": "120.5", "lat": 30.25}),
            other(&json!({"lng": "120.5", "lat": 30.25})),
        ),
        (json!([120.5, 30.25]), other(&json!([120.5, 30.25]))),
        (json!(["a", 1]), other(&json!(["a", 1]))),
        (json!(null), other(&json!(null))),
    ] {
        let text = json.to_string();
        assert_eq!(
            serde_json::from_str::<FieldValue>(&text).unwrap(),
            expected,
            "{text}"
        );
        let from_value: FieldValue = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(from_value, expected, "{text}");
        assert_eq!(serde_json::to_value(&expected).unwrap(), json, "{text}");
    }
    let taken: Option<FieldValue> = serde_json::from_str("null").unwrap();
    assert_eq!(taken, None, "nothing is what takes a value away");
}
