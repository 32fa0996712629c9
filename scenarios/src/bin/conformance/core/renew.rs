//! A new identity for a device that is a copy of another.

use serde_json::json;

use crate::{
    answer::{number, text},
    check::{Check, Verdict, holds, same},
    device::{Device, supplement},
    hub::Ask,
    stage::Stage,
    wire,
};

pub(super) const CHECKS: [Check; 3] = [
    Check::new(
        "core-51",
        "5.1",
        "a cloned device gets an identity with an empty sequence, and its twin keeps the old one",
        renewed,
    ),
    Check::new(
        "core-52",
        "5.1",
        "what was sent under the old identity has no second effect under the new one",
        sent_again,
    ),
    Check::new(
        "core-53",
        "5.1",
        "an identity in use is not given to a second device",
        in_use,
    ),
];

fn renew(device: &Device, id: &str) -> Result<crate::answer::Answer, crate::check::Wrong> {
    device.send(Ask::post("/sync/v1/renew").packed(&json!({ "device": id })))
}

fn renewed(stage: &Stage) -> Verdict {
    let twin = &stage.worker;
    let old = twin.hello()?;
    let id = wire::new_id();

    let lost = renew(twin, &id)?.ok()?;
    let kept = renew(twin, &id)?.ok()?;

    holds(
        text(&lost, "token") != text(&kept, "token"),
        "a new token for a request that is repeated",
        &kept,
    )?;
    let copy = twin.with_token(text(&kept, "token"));
    same("last_dev_seq", &0, &number(&copy.hello()?, "last_dev_seq"))?;
    same(
        "last_dev_seq of the twin",
        &number(&old, "last_dev_seq"),
        &number(&twin.hello()?, "last_dev_seq"),
    )
}

fn sent_again(stage: &Stage) -> Verdict {
    let twin = &stage.worker;
    let case = twin.reports()?;
    let op = twin.op(&case, supplement("只算一次"));
    let first = twin.push_one(&op)?;
    let token = renew(twin, &wire::new_id())?.ok()?;
    let copy = twin.with_token(text(&token, "token"));
    let mut again = op;
    if let Some(fields) = again.as_object_mut() {
        fields.insert("dev_seq".to_owned(), json!(1));
    }

    let second = copy.push_one(&again)?;

    same(
        "outcome",
        &text(&first, "outcome"),
        &text(&second, "outcome"),
    )?;
    same("revision", &number(&first, "rev"), &number(&second, "rev"))?;
    same("last_dev_seq", &1, &number(&copy.hello()?, "last_dev_seq"))
}

fn in_use(stage: &Stage) -> Verdict {
    let device = &stage.worker;
    renew(device, &device.id)?.refuses(403, "forbidden")
}
