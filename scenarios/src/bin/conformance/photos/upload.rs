//! Uploads: tus core, creation and checksum, and the digest of the whole.

use reqwest::Method;

use super::{CREATE, bare_chunk, chunk, create, head, new_photo, offset, part, path, uploaded};
use crate::{
    check::{Check, Verdict, Wrong, holds, same},
    hub::Ask,
    stage::Stage,
    wire,
};

pub(super) const CHECKS: [Check; 10] = [
    Check::new(
        "photos-01",
        "8.1",
        "OPTIONS says tus 1.0.0 with creation and checksum",
        abilities,
    )
    .when("photos.tus"),
    Check::new(
        "photos-02",
        "8.2",
        "creating an upload answers where it is and that it stands at 0",
        created,
    )
    .when("photos.tus"),
    Check::new(
        "photos-03",
        "8.2",
        "creating it again finds it where it stands",
        found,
    )
    .when("photos.tus"),
    Check::new(
        "photos-04",
        "8.3",
        "chunk by chunk the offset goes on, and only the last makes it complete",
        chunks,
    )
    .when("photos.tus"),
    Check::new(
        "photos-05",
        "8.3",
        "a chunk with a wrong checksum is refused and changes nothing",
        wrong_checksum,
    )
    .when("photos.tus"),
    Check::new(
        "photos-06",
        "8.3",
        "a chunk at another offset is refused and changes nothing",
        wrong_offset,
    )
    .when("photos.tus"),
    Check::new(
        "photos-07",
        "8.3",
        "after a cut the upload goes on where HEAD says, and is whole byte for byte",
        cut,
    )
    .when("photos.tus"),
    Check::new(
        "photos-08",
        "8.4",
        "bytes that do not have the digest are never complete",
        wrong_digest,
    )
    .when("photos.tus"),
    Check::new(
        "photos-09",
        "8.4",
        "a complete photo stays complete, however it is asked for",
        stays_complete,
    )
    .when("photos.tus"),
    Check::new(
        "photos-13",
        "8.2",
        "other versions of tus, other types and too many bytes are refused",
        refusals,
    )
    .when("photos.tus"),
];

fn abilities(stage: &Stage) -> Verdict {
    let answer = stage.hub.send(&Ask::new(Method::OPTIONS, CREATE))?;
    holds(
        (200..300).contains(&answer.status),
        "a status of 200 or 204",
        answer.said(),
    )?;
    same("Tus-Version", &"1.0.0", &answer.header("tus-version"))?;
    for extension in ["creation", "checksum"] {
        let has = answer
            .header("tus-extension")
            .split(',')
            .any(|it| it.trim() == extension);
        holds(
            has,
            format!("{extension} in Tus-Extension"),
            answer.header("tus-extension"),
        )?;
    }
    let algorithms = answer.header("tus-checksum-algorithm");
    holds(
        algorithms.contains("sha256"),
        "sha256 in Tus-Checksum-Algorithm",
        algorithms,
    )
}

fn created(stage: &Stage) -> Verdict {
    let (_, digest) = new_photo(100);
    let answer = stage.worker.send(create(&digest, 100))?;
    answer.is(201)?;
    answer.stands_at(0, false)?;
    same("Tus-Resumable", &"1.0.0", &answer.header("tus-resumable"))?;
    let location = answer.header("location");
    holds(location.ends_with(&path(&digest)), path(&digest), location)?;
    head(&stage.worker, &digest)?.stands_at(0, false)
}

fn found(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let (bytes, digest) = new_photo(100);
    worker.send(create(&digest, 100))?.is(201)?;
    worker
        .send(chunk(&digest, 0, part(&bytes, 0, 40)))?
        .is(204)?;
    let again = worker.send(create(&digest, 100))?;
    again.is(200)?;
    again.stands_at(40, false)
}

fn chunks(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let (bytes, digest) = new_photo(50_000);
    worker.send(create(&digest, bytes.len()))?.is(201)?;
    for (from, to) in [(0, 20_000), (20_000, 49_999), (49_999, 50_000)] {
        let answer = worker.send(chunk(&digest, from, part(&bytes, from, to)))?;
        answer.is(204)?;
        answer.stands_at(offset(to), to == 50_000)?;
        let answer = head(worker, &digest)?;
        answer.is(200)?;
        answer.stands_at(offset(to), to == 50_000)?;
    }
    head(worker, &wire::digest(b"conformance: nobody's photo"))?.is(404)
}

fn wrong_checksum(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let (bytes, digest) = new_photo(1_000);
    worker.send(create(&digest, 1_000))?.is(201)?;
    let ask = bare_chunk(&digest, 0, part(&bytes, 0, 500))
        .header("upload-checksum", &wire::checksum(b"other bytes"));
    worker.send(ask)?.refuses(460, "checksum_mismatch")?;
    head(worker, &digest)?.stands_at(0, false)?;
    worker
        .send(chunk(&digest, 0, &bytes))?
        .stands_at(1_000, true)
}

fn wrong_offset(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let (bytes, digest) = new_photo(1_000);
    worker.send(create(&digest, 1_000))?.is(201)?;
    worker
        .send(chunk(&digest, 0, part(&bytes, 0, 500)))?
        .is(204)?;
    for from in [0, 499, 501] {
        let ask = chunk(&digest, from, part(&bytes, from, from + 100));
        worker.send(ask)?.refuses(409, "offset_mismatch")?;
    }
    head(worker, &digest)?.stands_at(500, false)
}

fn cut(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let (bytes, digest) = new_photo(200_000);
    worker.send(create(&digest, bytes.len()))?.is(201)?;
    worker.send_cut(bare_chunk(&digest, 0, &bytes).cut_after(120_000));
    // The hub may still be putting away what came; then it says that it stands elsewhere.
    for _ in 0..5 {
        let from = head(worker, &digest)?.offset()?;
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        holds(from <= 120_000, "an offset of what was sent at most", from)?;
        let answer = worker.send(chunk(&digest, from, part(&bytes, from, bytes.len())))?;
        if answer.status == 409 {
            continue;
        }
        answer.is(204)?;
        answer.stands_at(offset(bytes.len()), true)?;
        let answer = worker.send(Ask::get(&path(&digest)))?;
        return holds(
            answer.body == bytes,
            "the photo byte for byte",
            answer.said(),
        );
    }
    Err(Wrong::new("an offset that is taken", "five times another"))
}

fn wrong_digest(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let (bytes, digest) = new_photo(1_000);
    let mut other = bytes.clone();
    other.reverse();
    worker.send(create(&digest, 1_000))?.is(201)?;
    // Each chunk has its checksum; only the whole is not what it says it is.
    worker
        .send(chunk(&digest, 0, &other))?
        .refuses(460, "checksum_mismatch")?;
    head(worker, &digest)?.stands_at(0, false)?;
    worker
        .send(Ask::get(&path(&digest)))?
        .refuses(404, "not_found")?;
    worker
        .send(chunk(&digest, 0, &bytes))?
        .stands_at(1_000, true)
}

fn stays_complete(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let (_, digest) = uploaded(worker, 1_000)?;
    head(worker, &digest)?.stands_at(1_000, true)?;
    let again = worker.send(create(&digest, 1_000))?;
    again.is(200)?;
    again.stands_at(1_000, true)
}

fn refusals(stage: &Stage) -> Verdict {
    let worker = &stage.worker;
    let (bytes, digest) = new_photo(1_000);
    let other_tus = Ask::post(CREATE)
        .header("tus-resumable", "0.2.2")
        .header("upload-length", "1000")
        .header("upload-metadata", &wire::metadata(&digest));
    worker.send(other_tus)?.refuses(412, "malformed")?;
    let no_digest = Ask::post(CREATE)
        .header("tus-resumable", "1.0.0")
        .header("upload-length", "1000");
    worker.send(no_digest)?.refuses(400, "malformed")?;
    let huge = usize::try_from(1_u64 << 40).unwrap_or(usize::MAX);
    worker
        .send(create(&digest, huge))?
        .refuses(413, "too_large")?;
    worker.send(create(&digest, 0))?.refuses(400, "malformed")?;
    worker.send(create(&digest, 1_000))?.is(201)?;
    let other_type = Ask::new(Method::PATCH, &path(&digest))
        .header("tus-resumable", "1.0.0")
        .header("content-type", "image/jpeg")
        .header("upload-offset", "0")
        .body(&bytes);
    worker.send(other_type)?.refuses(415, "unsupported_media")?;
    let longer = [bytes.as_slice(), b"x"].concat();
    worker
        .send(chunk(&digest, 0, &longer))?
        .refuses(413, "too_large")?;
    head(worker, &digest)?.stands_at(0, false)
}
