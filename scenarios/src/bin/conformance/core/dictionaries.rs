//! Trained dictionaries. A hub may have all of those that the protocol knows, some or none.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    answer::{Answer, at, list},
    check::{Check, Verdict, Wrong, same},
    hub::Ask,
    stage::Stage,
    wire,
};

pub(super) const CHECKS: [Check; 2] = [
    Check::new(
        "core-57",
        "2.2",
        "each dictionary that hello lists is good for pushes",
        pushes,
    ),
    Check::new(
        "core-59",
        "2.2",
        "answers are packed with a dictionary for those who name it, and hello says all the hub has",
        answers,
    ),
];

/// The dictionaries of section 2.2.
const KNOWN: [&[u8]; 2] = [
    include_bytes!("../../../../../packing/src/cases-1.zdict"),
    include_bytes!("../../../../../packing/src/register-1.zdict"),
];

/// What a dictionary may be called that nobody has.
const NOBODYS: &str = "00000000";

/// A larger answer to hello is not unpacked.
const HELLO_MAX: usize = 1024 * 1024;

/// The names that a hello lists.
fn listed(hello: &Value) -> BTreeSet<String> {
    let names = list(hello, "dictionaries").iter().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

/// Those of the hub's that are known here, with their names.
fn at_hub(hello: &Value) -> Vec<(String, &'static [u8])> {
    let listed = listed(hello);
    let known = KNOWN.into_iter().map(|it| (wire::digest(it), it));
    known.filter(|(name, _)| listed.contains(name)).collect()
}

fn pushes(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let push = json!({ "sent": wire::clocks(), "ops": [] });
    for (_, dictionary) in at_hub(&worker.hello()?) {
        let packed = zstd::bulk::Compressor::with_dictionary(3, dictionary)
            .and_then(|mut packer| packer.compress(push.to_string().as_bytes()))
            .map_err(|error| Wrong::new("a packed body", error))?;
        let ask = Ask::post("/sync/v1/push")
            .header("content-type", "application/json")
            .header("content-encoding", "zstd")
            .body(&packed);
        worker.send(ask)?.ok()?;
    }
    Ok(())
}

fn answers(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let hello = worker.hello()?;
    let all = listed(&hello);
    let ask = || Ask::get("/sync/v1/hello").header("accept-encoding", "zstd");
    let names = |names: &str| ask().header("gridwalker-dictionary", names);
    for (name, dictionary) in at_hub(&hello) {
        let short = name.get(..8).unwrap_or_default();
        for named in [short.to_owned(), format!("{NOBODYS}, {short}")] {
            let answer = worker.send(names(&named))?;
            let (said, by_packing) = unpacked(&answer, dictionary)?;
            same("hub_id", &at(&hello, "hub_id"), &at(&said, "hub_id"))?;
            let mut told = listed(&said);
            told.extend(by_packing.then(|| name.clone()));
            same("all its dictionaries", &all, &told)?;
        }
    }
    for unnamed in [ask(), names(NOBODYS)] {
        let answer = worker.send(unnamed)?;
        same(
            "hub_id for who has no dictionary",
            &at(&hello, "hub_id"),
            &at(&answer.json, "hub_id"),
        )?;
        same("all its dictionaries", &all, &listed(&answer.json))?;
    }
    Ok(())
}

/// What an answer says to somebody who has this dictionary and no other, and whether it was packed with
/// it: that it may be, and need not.
fn unpacked(answer: &Answer, dictionary: &[u8]) -> Result<(Value, bool), Wrong> {
    if answer.header("content-encoding") != "zstd" {
        return Ok((answer.json.clone(), false));
    }
    let said = zstd::bulk::Decompressor::with_dictionary(dictionary)
        .and_then(|mut unpacker| unpacker.decompress(&answer.body, HELLO_MAX))
        .map_err(|error| Wrong::new("an answer packed with what was named", error))?;
    let with = zstd::zstd_safe::get_dict_id_from_frame(&answer.body);
    Ok((
        serde_json::from_slice(&said).unwrap_or_default(),
        with.is_some(),
    ))
}
