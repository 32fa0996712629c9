//! Downloads: the bytes, or some of them, once all are there.

use super::{chunk, create, new_photo, part, path, uploaded};
use crate::{
    check::{Check, Verdict, holds, same},
    hub::Ask,
    stage::Stage,
};

pub(super) const CHECKS: [Check; 3] = [
    Check::new(
        "photos-10",
        "8.5",
        "a photo comes back byte for byte, with its digest as ETag",
        download,
    )
    .when("photos.tus"),
    Check::new(
        "photos-11",
        "8.5",
        "Range gives exactly the bytes asked for",
        range,
    )
    .when("photos.tus"),
    Check::new(
        "photos-12",
        "8.5",
        "a photo that is not complete is not found",
        incomplete,
    )
    .when("photos.tus"),
];

fn download(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let (bytes, digest) = uploaded(worker, 70_000)?;
    let answer = worker.send(Ask::get(&path(&digest)))?;
    answer.is(200)?;
    holds(
        answer.body == bytes,
        "the photo byte for byte",
        answer.said(),
    )?;
    let etag = format!("\"{digest}\"");
    same("ETag", &etag.as_str(), &answer.header("etag"))?;
    let known = Ask::get(&path(&digest)).header("if-none-match", &etag);
    worker.send(known)?.is(304)
}

fn range(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let (bytes, digest) = uploaded(worker, 70_000)?;
    let cases = [
        ("bytes=0-9", (0, 10)),
        ("bytes=65530-65549", (65_530, 65_550)),
        ("bytes=69990-", (69_990, 70_000)),
        ("bytes=-5", (69_995, 70_000)),
        ("bytes=60000-99999", (60_000, 70_000)),
    ];
    for (range, (from, to)) in cases {
        let answer = worker.send(Ask::get(&path(&digest)).header("range", range))?;
        answer.is(206)?;
        let expected = part(&bytes, from, to);
        holds(
            answer.body == expected,
            format!("bytes {from} to {to} for {range}"),
            answer.said(),
        )?;
        let says = format!("bytes {from}-{}/70000", to - 1);
        same(
            "Content-Range",
            &says.as_str(),
            &answer.header("content-range"),
        )?;
    }
    let beyond = Ask::get(&path(&digest)).header("range", "bytes=70000-");
    worker.send(beyond)?.is(416)
}

fn incomplete(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let (bytes, digest) = new_photo(1_000);
    worker.send(create(&digest, 1_000))?.is(201)?;
    worker
        .send(chunk(&digest, 0, part(&bytes, 0, 999)))?
        .is(204)?;
    worker
        .send(Ask::get(&path(&digest)))?
        .refuses(404, "not_found")
}
