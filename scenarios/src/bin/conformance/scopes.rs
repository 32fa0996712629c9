//! Level scopes: who sees what. A device never gets a document or a photo that is not for its
//! person, and everybody who takes part in a case hears of it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    answer::{at, list, text},
    check::{Check, Verdict, holds, same},
    device::{Device, report, supplement},
    hub::Ask,
    photos,
    stage::Stage,
    wire,
};

pub(crate) const CHECKS: [Check; 10] = [
    Check::new(
        "scopes-01",
        "5",
        "hello lists exactly the feeds of the person",
        feeds,
    ),
    Check::new(
        "scopes-02",
        "7.1",
        "the feeds of others are forbidden",
        forbidden,
    ),
    Check::new(
        "scopes-03",
        "7.1",
        "a grid's feed holds that grid's cases and no others",
        only_its_own,
    ),
    Check::new(
        "scopes-04",
        "6.5",
        "an operation on a case the person may not see is quarantined and shows nothing",
        foreign_case,
    ),
    Check::new(
        "scopes-05",
        "7.6",
        "a case is in its grid's feed and in the reporter's inbox",
        audience,
    ),
    Check::new(
        "scopes-06",
        "7.6",
        "whoever adds a +1 has the case in the inbox, with all that comes later",
        audience_follows,
    ),
    Check::new(
        "scopes-07",
        "7.6",
        "who reports in another grid keeps the case in the inbox, and that grid gets it",
        elsewhere,
    ),
    Check::new(
        "scopes-08",
        "7.6",
        "a document that leaves a feed leaves a marker with its id only",
        left,
    ),
    Check::new(
        "scopes-09",
        "8.6",
        "a photo is for those who see a document that shows it, and forbidden to others",
        photo,
    )
    .when("photos.tus"),
    Check::new(
        "scopes-10",
        "8.6",
        "whether there is a photo is not told to those it is not for",
        no_photo,
    )
    .when("photos.tus"),
];

fn feeds(stage: &Stage) -> Verdict {
    for device in [&stage.worker, stage.stranger()?, stage.clerk()?] {
        let hello = device.hello()?;
        let mut listed: Vec<_> = list(&hello, "scopes")
            .iter()
            .map(|head| text(head, "scope").to_owned())
            .collect();
        let grids = list(&hello, "staff.grids").iter().filter_map(Value::as_str);
        let of_a_grid = if device.is_permitted() {
            &["grid", "control"][..]
        } else {
            &["grid"]
        };
        let mut expected: Vec<_> = grids
            .flat_map(|grid| of_a_grid.iter().map(move |of| format!("{of}:{grid}")))
            .collect();
        expected.extend(["city".to_owned(), device.inbox()]);
        listed.sort();
        expected.sort();
        same("feeds in hello", &expected, &listed)?;
    }
    Ok(())
}

fn forbidden(stage: &Stage) -> Verdict {
    let (worker, stranger) = (&stage.worker, stage.stranger()?);
    for (asks, whose) in [(worker, stranger), (stranger, worker)] {
        for scope in [whose.grid_feed(), whose.inbox()] {
            asks.try_pull(&scope, "", 10)?.refuses(403, "forbidden")?;
        }
    }
    Ok(())
}

fn only_its_own(stage: &Stage) -> Verdict {
    let (worker, stranger) = (&stage.worker, stage.stranger()?);
    let [ours, theirs] = [worker.reports()?, stranger.reports()?];
    for (device, own, others) in [(worker, &ours, &theirs), (stranger, &theirs, &ours)] {
        device.sees(own)?;
        let scopes: Vec<_> = device
            .grids()
            .iter()
            .map(|grid| format!("grid:{grid}"))
            .collect();
        for scope in scopes {
            let feed = device.feed(&scope)?;
            let strays: Vec<_> = feed
                .values()
                .filter(|item| text(item, "doc.kind") == "case")
                .filter(|item| {
                    let grid = text(item, "doc.body.known.report.place.grid");
                    text(item, "doc.id") == others || format!("grid:{grid}") != scope
                })
                .map(|item| text(item, "doc.id"))
                .collect();
            holds(
                strays.is_empty(),
                format!("only cases of {scope}"),
                format!("also {}", strays.join(", ")),
            )?;
        }
        let inbox = device.finds(&device.inbox(), others)?;
        holds(inbox.is_none(), "no case of others in the inbox", others)?;
    }
    Ok(())
}

fn foreign_case(stage: &Stage) -> Verdict {
    let (worker, stranger) = (&stage.worker, stage.stranger()?);
    let case = worker.reports()?;
    let op = stranger.op(&case, supplement("看到了"));
    let result = stranger.push_one(&op)?;
    let got = (text(&result, "outcome"), text(&result, "why"));
    same(
        "outcome and reason",
        &("quarantined", "not_your_scope"),
        &got,
    )?;
    holds(
        at(&result, "doc").is_null(),
        "a result without the document",
        &result,
    )?;
    let events = at(&worker.sees(&case)?, "body.known.events").clone();
    same("events of the case", &json!([]), &events)
}

/// Fails unless the case is in this feed of the device, or is not.
fn is_in(device: &Device, scope: &str, case: &str, is_there: bool) -> Verdict {
    let found = device.finds(scope, case)?.is_some();
    same(
        &format!("whether the case is in {scope}"),
        &is_there,
        &found,
    )
}

fn audience(stage: &Stage) -> Verdict {
    let (worker, clerk) = (&stage.worker, stage.clerk()?);
    let case = worker.reports()?;
    is_in(worker, &worker.grid_feed(), &case, true)?;
    is_in(worker, &worker.inbox(), &case, true)?;
    is_in(clerk, &worker.grid_feed(), &case, true)?;
    is_in(clerk, &clerk.inbox(), &case, false)
}

fn audience_follows(stage: &Stage) -> Verdict {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    let case = worker.reports()?;
    is_in(colleague, &colleague.inbox(), &case, false)?;
    let plus_one = json!({ "do": "plus_one", "note": "我也看到了", "photos": [] });
    colleague.does(&case, plus_one)?;
    is_in(colleague, &colleague.inbox(), &case, true)?;
    worker.does(&case, supplement("还在"))?;
    let there = colleague.finds(&colleague.inbox(), &case)?;
    let here = worker.finds(&worker.inbox(), &case)?;
    same("the document in both inboxes", &here, &there)
}

fn elsewhere(stage: &Stage) -> Verdict {
    let (worker, stranger) = (&stage.worker, stage.stranger()?);
    let case = wire::new_id();
    worker.does(&case, report(stranger.grid()))?;
    is_in(worker, &worker.inbox(), &case, true)?;
    is_in(worker, &worker.grid_feed(), &case, false)?;
    is_in(stranger, &stranger.grid_feed(), &case, true)?;
    let note = supplement("我去看过了");
    stranger.does(&case, note)?;
    let answer = worker.finds(&worker.inbox(), &case)?.unwrap_or(Value::Null);
    let words = text(&answer, "body.known.events.0.action.note");
    same("what the reporter hears", &"我去看过了", &words)
}

fn left(stage: &Stage) -> Verdict {
    let (worker, colleague) = (&stage.worker, stage.colleague()?);
    let inbox = colleague.inbox();
    let case = wire::new_id();
    // Who does something with a case before its report is there has it in the inbox, until the
    // report says whose it is.
    colleague.does(&case, supplement("先到"))?;
    is_in(colleague, &inbox, &case, true)?;
    let cursor = {
        let page = colleague.pull(&inbox, "", 500)?;
        text(&page, "cursor").to_owned()
    };
    let before = colleague.head(&inbox)?;
    worker.does(&case, report(worker.grid()))?;
    let page = colleague.pull(&inbox, &cursor, 500)?;
    let target = json!({ "kind": "case", "id": case });
    let marker = json!({ "item": "left", "seq": before + 1, "target": target });
    same("the marker", &[marker].as_slice(), &list(&page, "items"))?;
    let feed = colleague.feed(&inbox)?;
    let count = u64::try_from(feed.len()).unwrap_or(u64::MAX);
    same(
        "count without it",
        &Some(count),
        &at(&page, "count").as_u64(),
    )
}

fn photo(stage: &Stage) -> Verdict {
    let (worker, colleague, stranger) = (&stage.worker, stage.colleague()?, stage.stranger()?);
    let (bytes, digest) = photos::uploaded(worker, 5_000)?;
    let (_, thumb) = photos::uploaded(worker, 500)?;
    let get = |device: &Device, digest: &str| device.send(Ask::get(&photos::path(digest)));
    get(colleague, &digest)?.refuses(403, "forbidden")?;
    let mut report = report(worker.grid());
    if let Some(fields) = report.as_object_mut() {
        let shown = json!([{
            "digest": digest, "thumb": thumb, "kind": "near", "bytes": 5_000,
            "thumb_bytes": 500, "width": 640, "height": 480, "taken_at": null, "position": null,
        }]);
        fields.insert("photos".to_owned(), shown);
    }
    worker.does(&wire::new_id(), report)?;
    let answer = get(colleague, &digest)?;
    answer.is(200)?;
    holds(
        answer.body == bytes,
        "the photo byte for byte",
        answer.said(),
    )?;
    get(colleague, &thumb)?.is(200)?;
    for digest in [&digest, &thumb] {
        get(stranger, digest)?.refuses(403, "forbidden")?;
    }
    Ok(())
}

fn no_photo(stage: &Stage) -> Verdict {
    let stranger = stage.stranger()?;
    let nobodys = wire::digest(wire::new_id().as_bytes());
    let answer = stranger.send(Ask::new(Method::GET, &photos::path(&nobodys)))?;
    answer.refuses(403, "forbidden")
}
