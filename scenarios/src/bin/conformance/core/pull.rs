//! Documents down: feeds, pages, cursors, count and sum.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    answer::{at, list, number, text},
    check::{Check, Verdict, Wrong, holds, same},
    device::{Device, Mirror, put, supplement},
    stage::Stage,
    wire,
};

pub(super) const CHECKS: [Check; 9] = [
    Check::new(
        "core-30",
        "7.2",
        "pages together are the whole feed, ascending, each document once",
        pages,
    ),
    Check::new(
        "core-31",
        "7.1",
        "each change of a feed takes exactly the next place",
        dense,
    ),
    Check::new(
        "core-32",
        "7.1",
        "a document that changed stands at its latest place only",
        latest_place,
    ),
    Check::new(
        "core-33",
        "7.3",
        "after the last page its cursor gives nothing, and later what is new",
        cursor_goes_on,
    ),
    Check::new(
        "core-34",
        "7.3",
        "a cursor that is none, or another feed's, is gone",
        foreign_cursor,
    ),
    Check::new(
        "core-35",
        "7.4",
        "count and sum are those of the documents in the feed",
        count_and_sum,
    ),
    Check::new(
        "core-36",
        "7.1",
        "a feed that is not the device's is forbidden",
        foreign_feed,
    ),
    Check::new(
        "core-37",
        "7.5",
        "the feed city holds every section of the city pack",
        city,
    ),
    Check::new(
        "core-38",
        "7.2",
        "a page has no more items than were asked for, and at least one",
        limit,
    ),
];

/// The sections of the pack, by the id of their document.
const SECTIONS: [(&str, &str); 7] = [
    ("city", "67772f70-6163-6b2f-6369-747900000000"),
    ("divisions", "67772f70-6163-6b2f-6469-766973696f6e"),
    ("grids", "67772f70-6163-6b2f-6772-696473000000"),
    ("catalogue", "67772f70-6163-6b2f-6361-74616c6f6775"),
    ("calendar", "67772f70-6163-6b2f-6361-6c656e646172"),
    ("departments", "67772f70-6163-6b2f-6465-706172746d00"),
    ("directory", "67772f70-6163-6b2f-6469-726563746f72"),
];

/// The whole feed from the beginning, page by page; the last page with it.
fn whole(device: &Device, scope: &str, limit: usize) -> Result<(Vec<Value>, Value), Wrong> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = device.pull(scope, &cursor, limit)?;
        items.extend_from_slice(list(&page, "items"));
        text(&page, "cursor").clone_into(&mut cursor);
        holds(!cursor.is_empty(), "a cursor", &page)?;
        if at(&page, "more") != &Value::Bool(true) {
            return Ok((items, page));
        }
        holds(
            !list(&page, "items").is_empty(),
            "items where there are more",
            &page,
        )?;
    }
}

fn places(items: &[Value]) -> Vec<u64> {
    items.iter().map(|item| number(item, "seq")).collect()
}

/// Seven cases of its own in the feed of its grid, so that there is something to page through.
fn seven_cases(device: &Device) -> Result<BTreeSet<String>, Wrong> {
    (0..7).map(|_| device.reports()).collect()
}

fn pages(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let scope = worker.grid_feed();
    let cases = seven_cases(worker)?;
    let (items, _) = whole(worker, &scope, 3)?;
    let places = places(&items);
    let ascending = places.windows(2).all(|pair| pair.first() < pair.last());
    holds(ascending, "items ascending by seq", format!("{places:?}"))?;
    let ids: Vec<_> = items.iter().map(|item| text(item, "doc.id")).collect();
    let once: BTreeSet<_> = ids.iter().filter(|id| !id.is_empty()).collect();
    let documents = items.iter().filter(|it| text(it, "item") == "doc").count();
    same("different documents", &documents, &once.len())?;
    let missing: Vec<_> = cases
        .iter()
        .filter(|case| !ids.contains(&case.as_str()))
        .collect();
    holds(
        missing.is_empty(),
        "every case that was reported",
        format!("without {missing:?}"),
    )
}

fn dense(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let scope = worker.grid_feed();
    let before = worker.head(&scope)?;
    seven_cases(worker)?;
    same(
        "the feed's head in hello",
        &(before + 7),
        &worker.head(&scope)?,
    )?;
    let (items, _) = whole(worker, &scope, 100)?;
    let places: Vec<_> = places(&items)
        .into_iter()
        .filter(|place| *place > before)
        .collect();
    let expected: Vec<_> = (before + 1..=before + 7).collect();
    same("places of seven new documents", &expected, &places)
}

fn latest_place(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let scope = worker.grid_feed();
    let case = worker.reports()?;
    worker.reports()?;
    let before = worker.head(&scope)?;
    worker.does(&case, supplement("还在"))?;
    let (items, _) = whole(worker, &scope, 100)?;
    let here: Vec<_> = items
        .iter()
        .filter(|item| text(item, "doc.id") == case)
        .map(|item| (number(item, "seq"), number(item, "doc.rev")))
        .collect();
    same("place and revision", &vec![(before + 1, 2)], &here)
}

fn cursor_goes_on(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let scope = worker.grid_feed();
    worker.reports()?;
    let (_, last) = whole(worker, &scope, 100)?;
    let cursor = text(&last, "cursor");
    let nothing = worker.pull(&scope, cursor, 100)?;
    same(
        "items after the last page",
        &0,
        &list(&nothing, "items").len(),
    )?;
    same("more", &Value::Bool(false), at(&nothing, "more"))?;
    let case = worker.reports()?;
    let news = worker.pull(&scope, cursor, 100)?;
    let ids: Vec<_> = list(&news, "items")
        .iter()
        .map(|it| text(it, "doc.id"))
        .collect();
    same("what is new", &vec![case.as_str()], &ids)
}

fn foreign_cursor(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let citys = worker.pull("city", "", 1)?;
    let citys = text(&citys, "cursor");
    for cursor in ["nonsense", citys] {
        let answer = worker.try_pull(&worker.grid_feed(), cursor, 10)?;
        answer.refuses(410, "cursor_gone")?;
    }
    Ok(())
}

fn count_and_sum(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let case = worker.reports()?;
    worker.does(&case, supplement("还在"))?;
    for scope in [worker.grid_feed(), worker.inbox(), "city".to_owned()] {
        let (items, last) = whole(worker, &scope, 500)?;
        let mut mirror = Mirror::new();
        for item in &items {
            put(&mut mirror, item);
        }
        let mut sum = 0_u64;
        for ((kind, id), item) in &mirror {
            let share = wire::share(id, kind, number(item, "doc.rev"));
            let share = share.ok_or_else(|| Wrong::new("a UUID as id of a document", id))?;
            sum = sum.wrapping_add(share);
        }
        let ours = (u64::try_from(mirror.len()).unwrap_or(u64::MAX), sum);
        let theirs = (number(&last, "count"), number(&last, "sum"));
        same(&format!("count and sum of {scope}"), &ours, &theirs)?;
    }
    Ok(())
}

fn foreign_feed(stage: &Stage) -> Verdict {
    for scope in [
        "grid:conformance-nowhere",
        "staff:conformance-nobody",
        "nonsense",
    ] {
        let answer = stage.worker.try_pull(scope, "", 10)?;
        answer.refuses(403, "forbidden")?;
    }
    Ok(())
}

fn city(stage: &Stage) -> Verdict {
    let city = stage.worker.feed("city")?;
    let missing: Vec<_> = SECTIONS
        .iter()
        .filter(|(_, id)| !city.contains_key(&("pack".to_owned(), (*id).to_owned())))
        .map(|(name, _)| *name)
        .collect();
    holds(
        missing.is_empty(),
        "the seven sections as documents of kind pack",
        format!("without {}", missing.join(", ")),
    )
}

fn limit(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    worker.reports()?;
    worker.reports()?;
    for limit in [1, 2] {
        let page = worker.pull(&worker.grid_feed(), "", limit)?;
        let items = list(&page, "items").len();
        holds(
            (1..=limit).contains(&items),
            format!("1 to {limit} items"),
            items,
        )?;
    }
    Ok(())
}
