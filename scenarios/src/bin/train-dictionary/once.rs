//! What is said of somebody once: visits, forms filled in, looks at what is shown masked, erasures.

use shared::{
    Action, DocRef, EntryId, Extra, GridCode, Kind, RecordId, Timestamp,
    erase::{Erasing, Why},
    record::{Filled, FormVersion, Given, Told},
    register::{EntryKind, schema},
    reveal::Revealing,
    visit::{Met, Visiting},
};

use super::{
    chance::Chance,
    doors::{Deed, id},
    entries::day,
    envelope::{photos, time},
};

/// Somebody was at a door.
pub(super) fn visit(chance: &mut Chance, grid: &GridCode, dwelling: EntryId) -> Deed {
    let note = if chance.percent(40) {
        let count = 2 + chance.below(12);
        chance.words(count)
    } else {
        String::new()
    };
    let records = chance.below(4).saturating_sub(2);
    let visiting = Visiting {
        at: DocRef::entry(EntryKind::Dwelling, dwelling),
        grid: grid.clone(),
        outcome: chance.one(&Met::ALL).copied().unwrap_or(Met::Met),
        note,
        records: (0..records).map(|_| RecordId(id(chance).0)).collect(),
        extra: Extra::default(),
    };
    let target = DocRef {
        kind: Kind::visit(),
        id: id(chance).0,
    };
    (target, Action::Visit(Box::new(visiting)))
}

/// Somebody looked at what is shown masked.
pub(super) fn look(chance: &mut Chance, grid: &GridCode, resident: EntryId) -> Deed {
    let masked: Vec<_> = schema_masked().collect();
    let count = 3 + chance.below(6);
    let revealing = Revealing {
        of: DocRef::entry(EntryKind::Resident, resident),
        field: chance.one(&masked).copied().unwrap_or("phone").into(),
        reason: chance.words(count),
        grid: grid.clone(),
        extra: Extra::default(),
    };
    let target = DocRef {
        kind: Kind::reveal(),
        id: id(chance).0,
    };
    (target, Action::Reveal(Box::new(revealing)))
}

/// A form that was filled in.
pub(super) fn filled(chance: &mut Chance, grid: &GridCode, subject: Option<DocRef>) -> Filled {
    let form = FormVersion {
        doc: id(chance).0,
        id: format!("{}-{}", chance.letters(6), chance.letters(5)),
        version: format!("20{}", chance.digits(8)),
    };
    let begun_at = time(chance);
    let took = i64::try_from(chance.below(900_000)).unwrap_or(0);
    let photos = photos(chance);
    let mut values: Vec<_> = (0..=chance.below(6)).map(|_| answered(chance)).collect();
    values.extend(photos.iter().map(|photo| Given {
        address: format!("{}/{}", chance.letters(5), chance.letters(8)),
        value: photo.digest.to_string(),
    }));
    Filled {
        form,
        subject,
        grid: grid.clone(),
        begun_at,
        finished_at: Timestamp::from_ms(begun_at.as_ms() + took),
        name: if chance.percent(80) {
            chance.words(3)
        } else {
            String::new()
        },
        values,
        photos,
        replaces: chance.percent(8).then(|| RecordId(id(chance).0)),
        told: chance.percent(25).then(|| Told {
            purpose: chance.words(6),
            guardian: chance.percent(20).then(|| chance.words(3)),
            extra: Extra::default(),
        }),
        extra: Extra::default(),
    }
}

/// Somebody asked to be erased.
pub(super) fn erase(chance: &mut Chance, grid: &GridCode, resident: EntryId) -> Deed {
    let count = 4 + chance.below(5);
    let erasing = Erasing {
        why: Why::Request,
        reason: chance.words(count),
        grid: grid.clone(),
        form: None,
        extra: Extra::default(),
    };
    let target = DocRef::entry(EntryKind::Resident, resident);
    (target, Action::Erase(Box::new(erasing)))
}

/// The fields of residents that are shown masked.
fn schema_masked() -> impl Iterator<Item = &'static str> {
    let all = schema::fields(EntryKind::Resident).iter();
    all.filter(|it| it.is_masked()).map(|it| it.name)
}

fn answered(chance: &mut Chance) -> Given {
    let (group, question) = (3 + chance.below(7), 3 + chance.below(9));
    let (group, question) = (chance.letters(group), chance.letters(question));
    let address = match chance.below(5) {
        0 => question,
        1 => format!("{group}[{}]/{question}", 1 + chance.below(6)),
        _ => format!("{group}/{question}"),
    };
    let value = match chance.below(6) {
        0 => chance.digits(1),
        1 => day(chance),
        2 => format!("1{}", chance.digits(10)),
        3 => {
            let count = 2 + chance.below(8);
            chance.words(count)
        }
        _ => {
            let count = 2 + chance.below(8);
            chance.letters(count)
        }
    };
    Given { address, value }
}
