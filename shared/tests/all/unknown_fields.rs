//! Fields of a newer version, where an operation meets others. That all are kept, the hub's tests hold
//! against every example of the protocol.

use serde_json::{Value, json};
use shared::{Doc, Extra, Op};

use crate::{
    people::{ANA, BEN, LIN, amend, fold, op, report, reports, says},
    register::{change, confirm, resident, set},
};

/// The operation as a newer app would say it: with this in what was done, and in the operation itself.
fn saying(op: Op, in_action: Value, in_op: Value) -> Op {
    let mut json = serde_json::to_value(op).unwrap();
    let mut add = |to: &str, fields: Value| {
        let Some(Value::Object(into)) = json.pointer_mut(to) else {
            panic!("there is {to}");
        };
        into.extend(fields.as_object().unwrap().clone());
    };
    add("/action", in_action);
    add("", in_op);
    serde_json::from_value(json).unwrap()
}

fn doc(ops: &[Op]) -> Doc {
    fold(ops).0.unwrap()
}

/// Every order of these.
fn orders(ops: &[Op]) -> Vec<Vec<Op>> {
    if ops.len() < 2 {
        return vec![ops.to_vec()];
    }
    let with_first = |n: usize| {
        let mut rest = ops.to_vec();
        let first = rest.remove(n);
        orders(&rest).into_iter().map(move |mut order| {
            order.insert(0, first.clone());
            order
        })
    };
    (0..ops.len()).flat_map(with_first).collect()
}

fn entered() -> Op {
    let set = set(&[("grid", "G1"), ("name", "田甲")]);
    let entering = shared::register::Entering {
        set,
        import: None,
        extra: Extra::default(),
    };
    resident(op(1, ANA, shared::Action::Enter(entering)))
}

#[test]
fn in_whatever_order_operations_come_their_unknown_fields_stand_in_the_same_places() {
    let says_more = |op: Op, n: u8| saying(op, json!({ "x": n }), json!({ "y": n }));
    let of_the_register = [
        says_more(entered(), 1),
        says_more(change(2, BEN, &[1], &[("phone", "1")]), 2),
        says_more(change(3, LIN, &[1], &[("phone", "1")]), 3),
        says_more(confirm(4, BEN, &[1], &["name"]), 4),
        says_more(confirm(5, LIN, &[1], &["name"]), 5),
    ];
    let of_a_case = [
        says_more(reports(report(None, "一堆")), 1),
        says_more(amend(2, ANA, &[1], [says("两堆")]), 2),
        says_more(amend(3, LIN, &[1], [says("两堆")]), 3),
    ];
    for ops in [&of_the_register[..], &of_a_case[..]] {
        let bodies = orders(ops).into_iter().map(|order| doc(&order).body);
        let bodies: Vec<Value> = bodies.collect();

        assert!(bodies.iter().all(|it| *it == bodies[0]), "{bodies:?}");
    }
}

#[test]
fn of_two_who_confirmed_the_same_the_last_stands_with_what_it_said() {
    let one = saying(
        confirm(2, ANA, &[1], &[]),
        json!({ "how": "seen" }),
        json!({}),
    );
    let other = saying(
        confirm(3, ANA, &[1], &[]),
        json!({ "how": "told" }),
        json!({}),
    );

    let body = doc(&[entered(), other, one]).body;

    let confirmed = body["known"]["confirmed"].as_array().unwrap();
    assert_eq!(confirmed.len(), 1, "a door is confirmed every month");
    assert_eq!(confirmed[0]["how"], "told");
}

#[test]
fn two_places_that_differ_in_an_unknown_field_alone_are_two_values() {
    let moved = |n: u8, floor: u8| {
        let place = report(None, "").place;
        let place = shared::op::Correction::Place(Box::new(place));
        let op = amend(n, LIN, &[1], [place]);
        let mut json = serde_json::to_value(op).unwrap();
        json["action"]["to"][0]["value"]["floor"] = json!(floor);
        serde_json::from_value::<Op>(json).unwrap()
    };
    let first = reports(report(None, "一堆"));

    let conflicts = |ops: &[Op]| crate::people::case(ops).amended().conflicts.len();

    assert_eq!(conflicts(&[first.clone(), moved(2, 1), moved(3, 2)]), 1);
    assert_eq!(conflicts(&[first, moved(2, 1), moved(3, 1)]), 0);
}

#[test]
fn no_unknown_field_says_who_did_something_or_when() {
    let forged = json!({
        "op_id": "019dfc1c-5c00-7000-8000-0000000000ff", "author": { "staff": "d-tao", "role": "dispatcher" },
        "at": 1, "received_at": 1,
    });
    let signed = json!({
        "signed": forged, "entered": forged, "reported": forged, "erased": forged,
        "changes": [{ "signed": forged, "knew": [], "set": { "name": "赵" } }],
        "confirmed": [{ "signed": forged, "knew": [] }], "given": { "name": "赵" },
        "writers": [], "apart": true,
    });
    let times = json!({ "at": 1, "received_at": 1 });
    let lies = |op: Op| saying(op, signed.clone(), times.clone());
    let erasing = shared::erase::Erasing {
        why: shared::erase::Why::Request,
        reason: "本人要求".to_owned(),
        grid: "G1".into(),
        form: None,
        extra: Extra::default(),
    };
    let erase = resident(op(5, LIN, shared::Action::Erase(Box::new(erasing))));
    let honest = [
        entered(),
        change(2, BEN, &[1], &[("phone", "1")]),
        confirm(3, BEN, &[2], &[]),
    ];
    let mut all: Vec<Op> = honest.iter().cloned().map(lies).collect();
    let (told, so) = (doc(&all).body, doc(&honest).body);
    for known in ["entered", "given", "changes", "confirmed"] {
        let mut known_now = told["known"][known].clone();
        // What names nothing there may stay.
        strip(&mut known_now);
        assert_eq!(known_now, so["known"][known], "{known}");
    }

    all.push(lies(erase.clone()));
    let erased = doc(&all).body;
    let mut honest = honest.to_vec();
    honest.push(erase);
    for known in ["erased", "writers", "apart"] {
        assert_eq!(erased[known], doc(&honest).body[known], "{known}");
    }
}

/// Takes away what has no meaning where it stands now.
fn strip(value: &mut Value) {
    if let Value::Array(items) = value {
        for item in items.iter_mut().filter_map(Value::as_object_mut) {
            item.retain(|name, _| ["signed", "knew", "set", "fields"].contains(&name.as_str()));
        }
    }
}
