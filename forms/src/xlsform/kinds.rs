//! The types of XLSForm (<https://xlsform.org/en/#question-types>).

use super::mistake::What;
use crate::{definition::Kind, program::near};

/// What the column `type` says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum TypeCell {
    Begin(Holder),
    End(Holder),
    /// A question without a list.
    Plain(Kind),
    /// A question with a list of the sheet `choices`.
    Select {
        kind: Kind,
        list: String,
        or_other: bool,
    },
    /// A question with a file beside the form.
    FromFile {
        kind: Kind,
        file: String,
    },
    /// A file that only expressions look into; its name stands in the column `name`.
    File,
    /// Something that can be left out.
    PassedOver,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Holder {
    Group,
    Repeat,
}

const PLAIN: [(&str, Kind); 37] = [
    ("text", Kind::Text),
    ("string", Kind::Text),
    ("integer", Kind::Integer),
    ("int", Kind::Integer),
    ("decimal", Kind::Decimal),
    ("range", Kind::Range),
    ("date", Kind::Date),
    ("time", Kind::Time),
    ("datetime", Kind::DateTime),
    ("date time", Kind::DateTime),
    ("geopoint", Kind::Geopoint),
    ("gps", Kind::Geopoint),
    ("location", Kind::Geopoint),
    ("geotrace", Kind::Geotrace),
    ("geoshape", Kind::Geoshape),
    ("image", Kind::Image),
    ("photo", Kind::Image),
    ("audio", Kind::Audio),
    ("video", Kind::Video),
    ("file", Kind::File),
    ("barcode", Kind::Barcode),
    ("note", Kind::Note),
    ("acknowledge", Kind::Acknowledge),
    ("trigger", Kind::Acknowledge),
    ("calculate", Kind::Calculate),
    ("calculation", Kind::Calculate),
    ("hidden", Kind::Hidden),
    ("start", Kind::Start),
    ("start time", Kind::Start),
    ("end", Kind::End),
    ("end time", Kind::End),
    ("today", Kind::Today),
    ("deviceid", Kind::DeviceId),
    ("device id", Kind::DeviceId),
    ("username", Kind::Username),
    ("phonenumber", Kind::PhoneNumber),
    ("email", Kind::Email),
];
/// With `_` for the spaces that people also write. Longer ones first: `select_one` begins
/// `select_one_from_file`.
const LISTED: [(&str, Kind, bool); 7] = [
    ("select_one_from_file", Kind::SelectOne, true),
    ("select_multiple_from_file", Kind::SelectMultiple, true),
    ("select_all_that_apply_from", Kind::SelectMultiple, false),
    ("select_one_from", Kind::SelectOne, false),
    ("select_one", Kind::SelectOne, false),
    ("select_multiple", Kind::SelectMultiple, false),
    ("rank", Kind::Rank, false),
];
const HOLDERS: [(&str, Holder); 2] = [("group", Holder::Group), ("repeat", Holder::Repeat)];
const PASSED_OVER: [&str; 5] = [
    "audit",
    "simserial",
    "subscriberid",
    "start-geopoint",
    "uri:deviceid",
];
const UNSUPPORTED: [&str; 6] = [
    "select_one_external",
    "xml-external",
    "osm",
    "background-audio",
    "background-geopoint",
    "loop",
];

pub(super) fn parse(written: &str) -> Result<TypeCell, What> {
    let words: Vec<&str> = written.split_whitespace().collect();
    let text = words.join(" ");
    let small = text.to_lowercase();
    if let Some((_, kind)) = PLAIN.iter().find(|(name, _)| *name == small) {
        return Ok(TypeCell::Plain(*kind));
    }
    for (name, holder) in HOLDERS {
        if small == format!("begin {name}") || small == format!("begin_{name}") {
            return Ok(TypeCell::Begin(holder));
        }
        if small == format!("end {name}") || small == format!("end_{name}") {
            return Ok(TypeCell::End(holder));
        }
    }
    if small == "csv-external" {
        return Ok(TypeCell::File);
    }
    if PASSED_OVER.contains(&small.as_str()) {
        return Ok(TypeCell::PassedOver);
    }
    let first = small.split(' ').next().unwrap_or_default();
    if UNSUPPORTED.contains(&first)
        || UNSUPPORTED
            .iter()
            .any(|name| small == format!("begin {name}"))
    {
        return Err(What::UnsupportedType(text));
    }
    let joined = small.replace(' ', "_");
    for (name, kind, is_file) in LISTED {
        let rest = text.get(name.len()..).filter(|_| joined.starts_with(name));
        let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with(' ')) else {
            continue;
        };
        return listed(kind, is_file, rest.trim());
    }
    let known = PLAIN
        .iter()
        .map(|(name, _)| *name)
        .chain(LISTED.iter().map(|(name, ..)| *name));
    let known = known.chain(["begin group", "begin repeat", "end group", "end repeat"]);
    let near = near(first, known.clone()).or_else(|| near(&small, known));
    Err(What::UnknownType { given: text, near })
}

fn listed(kind: Kind, is_file: bool, rest: &str) -> Result<TypeCell, What> {
    if rest.is_empty() {
        return Err(What::NoListNamed);
    }
    if is_file {
        let is_csv = rest.to_lowercase().ends_with(".csv");
        return is_csv
            .then(|| TypeCell::FromFile {
                kind,
                file: rest.to_owned(),
            })
            .ok_or_else(|| What::FileKind(rest.to_owned()));
    }
    let (list, or_other) = ["or_other", "or specify other", "or other"]
        .iter()
        .find_map(|other| rest.strip_suffix(other))
        .map_or((rest, false), |list| (list.trim(), true));
    if list.contains(' ') {
        return Err(What::UnknownType {
            given: rest.to_owned(),
            near: None,
        });
    }
    Ok(TypeCell::Select {
        kind,
        list: list.to_owned(),
        or_other,
    })
}
