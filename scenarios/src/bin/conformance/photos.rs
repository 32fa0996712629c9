//! Level photos: uploads by tus 1.0, whole or not at all, and downloads.

use reqwest::Method;

use crate::{
    answer::Answer,
    check::{Check, Verdict, Wrong, holds, same},
    device::Device,
    hub::Ask,
    stage::Stage,
    wire,
};

pub(crate) const CHECKS: [Check; 13] = [
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
    Check::new(
        "photos-13",
        "8.2",
        "other versions of tus, other types and too many bytes are refused",
        refusals,
    )
    .when("photos.tus"),
];

const CREATE: &str = "/sync/v1/photos";

pub(crate) fn path(digest: &str) -> String {
    format!("{CREATE}/{digest}")
}

fn create(digest: &str, length: usize) -> Ask {
    Ask::post(CREATE)
        .header("tus-resumable", "1.0.0")
        .header("upload-length", &length.to_string())
        .header("upload-metadata", &wire::metadata(digest))
}

fn head(device: &Device, digest: &str) -> Result<Answer, Wrong> {
    let ask = Ask::new(Method::HEAD, &path(digest)).header("tus-resumable", "1.0.0");
    device.send(ask)
}

/// A chunk without a checksum.
fn bare_chunk(digest: &str, offset: usize, bytes: &[u8]) -> Ask {
    Ask::new(Method::PATCH, &path(digest))
        .header("tus-resumable", "1.0.0")
        .header("content-type", "application/offset+octet-stream")
        .header("upload-offset", &offset.to_string())
        .body(bytes)
}

fn chunk(digest: &str, offset: usize, bytes: &[u8]) -> Ask {
    bare_chunk(digest, offset, bytes).header("upload-checksum", &wire::checksum(bytes))
}

/// A photo nobody has seen before, and its digest.
fn new_photo(length: usize) -> (Vec<u8>, String) {
    let bytes = wire::new_photo(length);
    let digest = wire::digest(&bytes);
    (bytes, digest)
}

/// Uploads a new photo whole; gives its bytes and its digest.
pub(crate) fn uploaded(device: &Device, length: usize) -> Result<(Vec<u8>, String), Wrong> {
    let (bytes, digest) = new_photo(length);
    device.send(create(&digest, length))?.is(201)?;
    let answer = device.send(chunk(&digest, 0, &bytes))?;
    answer.is(204)?;
    answer.stands_at(offset(length), true)?;
    Ok((bytes, digest))
}

/// The bytes from `from` to before `to`.
fn part(bytes: &[u8], from: usize, to: usize) -> &[u8] {
    bytes.get(from..to).unwrap_or_default()
}

fn offset(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

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
