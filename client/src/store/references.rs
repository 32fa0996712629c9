//! Which photo files something on this device still refers to.

use std::collections::BTreeSet;

use rusqlite::Connection;
use shared::Digest;

use crate::error::Result;

/// Every digest that a draft (in the bin or not), an operation, a document, a case, or a file on
/// its way to the hub names.
pub(crate) fn all(db: &Connection) -> Result<BTreeSet<Digest>> {
    let mut found = BTreeSet::new();
    // Looked for in the text, not in fields: a field of a newer version may name a photo, too.
    let mut texts = db.prepare_cached(
        "SELECT body FROM drafts
          UNION ALL
         SELECT op FROM outbox
          UNION ALL
         SELECT value FROM form_answers WHERE value IS NOT NULL
          UNION ALL
         SELECT answers FROM form_last
          UNION ALL
         SELECT body FROM mirror WHERE kind <> 'pack'",
    )?;
    let mut rows = texts.query([])?;
    while let Some(row) = rows.next()? {
        found.extend(digests_in(row.get_ref(0)?.as_str().unwrap_or_default()));
    }
    let mut known = db.prepare_cached(
        "SELECT digest FROM case_photos
          UNION
         SELECT thumb FROM case_photos
          UNION
         SELECT digest FROM files WHERE own = 1 AND at_hub = 0
          UNION
         -- An answer names the photo alone; its thumbnail is as needed.
         SELECT thumb FROM captured
          WHERE lower(hex(digest)) IN (SELECT value FROM form_answers)",
    )?;
    let mut rows = known.query([])?;
    while let Some(row) = rows.next()? {
        found.insert(Digest::from_bytes(row.get(0)?));
    }
    Ok(found)
}

fn digests_in(text: &str) -> impl Iterator<Item = Digest> + '_ {
    text.split(|c: char| !c.is_ascii_hexdigit())
        .filter(|word| word.len() == 64)
        .filter_map(|word| word.parse().ok())
}
