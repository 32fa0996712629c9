//! 案件: the list, filtered, searched, sorted, a window at a time.

use shared::{
    ipc::{CasePage, ListCases},
    search::{Name, fit},
};

use super::rows::rows;
use crate::{
    core::Core,
    error::Result,
    found_by::as_typed,
    packs::Packs,
    store::cases_list::{self, WORDS_MAX, Word},
};

/// Rows of one window at most.
const WINDOW_MAX: u32 = 200;

/// A window of the list.
pub(crate) fn list(core: &Core, args: ListCases) -> Result<CasePage> {
    core.store.read(|db| {
        let packs = core.packs(db)?;
        let words = words(&packs, &args.query);
        let window = (args.offset, args.limit.min(WINDOW_MAX));
        let listed = cases_list::list(db, args.filter, &words, args.sort, window)?;
        Ok(CasePage {
            total: listed.total,
            rows: rows(db, &packs, listed.rows)?,
        })
    })
}

/// The words of a query, each with the categories it names: all must be found, in any order.
fn words(packs: &Packs, query: &str) -> Vec<Word> {
    let query = as_typed(query);
    query
        .split_whitespace()
        .take(WORDS_MAX)
        .map(|word| word_of(packs, word))
        .collect()
}

fn word_of(packs: &Packs, text: &str) -> Word {
    let categories = packs
        .catalogue
        .iter()
        .flat_map(|catalogue| &catalogue.categories);
    let named = categories.filter(|category| {
        fit(
            text,
            Name {
                text: &category.name,
                pinyin: &category.pinyin,
            },
        )
        .is_some()
            || fit(
                text,
                Name {
                    text: &category.name_en,
                    pinyin: "",
                },
            )
            .is_some()
            || category.words.iter().any(|word| {
                fit(
                    text,
                    Name {
                        text: word,
                        pinyin: "",
                    },
                )
                .is_some()
            })
    });
    Word {
        text: text.to_owned(),
        categories: named.map(|category| category.code.clone()).collect(),
    }
}
