//! Residents by the numbers of their documents.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;
use shared::EntryId;

use super::{BETWEEN, found};
use crate::error::Result;

/// The residents who have one of these numbers, whatever document it is of: in one pass over all numbers,
/// in the order in which they stand.
pub(crate) fn with_numbers(
    db: &Connection,
    wanted: &HashSet<String>,
) -> Result<HashMap<String, Vec<EntryId>>> {
    let mut with = HashMap::new();
    if wanted.is_empty() {
        return Ok(with);
    }
    let mut statement = db.prepare_cached(
        "SELECT key, entry
           FROM alike_keys
          WHERE key >= '#'
            AND key < '$'",
    )?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let key = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        let number = number_in(key);
        if let Some(number) = number.and_then(|it| wanted.get(it)) {
            let residents: &mut Vec<EntryId> = with.entry(number.clone()).or_default();
            residents.push(EntryId::from_bytes(row.get(1)?));
        }
    }
    Ok(with)
}

/// The document's number of a resident, as [`super::Key::Number`] has it.
pub(crate) fn number(db: &Connection, id: EntryId) -> Result<Option<String>> {
    let keys = found(db, id)?;
    Ok(keys
        .iter()
        .find_map(|key| number_in(key))
        .map(str::to_owned))
}

fn number_in(key: &str) -> Option<&str> {
    let (_, number) = key.strip_prefix('#')?.split_once(BETWEEN)?;
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Key, put, tests::id},
        *,
    };
    use crate::{keys::Key as DatabaseKey, store::Store};

    #[test]
    fn residents_are_found_by_numbers_of_any_document_and_by_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.db");
        let store = Store::open(&path, &DatabaseKey::from_bytes([7; 32])).unwrap();
        let number = |of: &str, number: &str| Key::Number(of.to_owned(), number.to_owned());
        let named = Key::NameBirth("71".to_owned(), "1980-01-02".to_owned());
        let people = [
            vec![number("resident", "71"), named.clone()],
            vec![number("passport", "71")],
            vec![number("resident", "710")],
            vec![named],
        ];
        let found = store.write(|tx| {
            for (at, keys) in people.iter().enumerate() {
                put(tx, id(at), keys, &[])?;
            }
            let wanted = ["71", "72"].map(str::to_owned).into();
            let numbers = (0..people.len()).map(|at| super::number(tx, id(at)));
            Ok((
                with_numbers(tx, &wanted)?,
                numbers.collect::<Result<Vec<_>>>()?,
            ))
        });
        let (mut with, numbers) = found.unwrap();
        let mut same = with.remove("71").unwrap();
        same.sort_unstable();

        assert_eq!(same, [id(0), id(1)]);
        assert!(with.is_empty(), "{with:?}");
        let own = [Some("71"), Some("71"), Some("710"), None];
        assert_eq!(numbers, own.map(|it| it.map(str::to_owned)));
    }
}
