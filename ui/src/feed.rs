//! A window of the list of cases, moved as the list is scrolled. The rows that were there stay on
//! screen until the next ones have come.

use std::ops::Range;

use leptos::prelude::*;
use shared::{
    CaseId,
    ipc::{Area, CaseFilter, CasePage, CaseRow, CaseSort, ListCases},
};

use crate::{
    ipc,
    live::{Live, live},
    look::Look,
};

/// Rows fetched at once; the most the core gives.
const WINDOW: u32 = 200;
/// The window begins at multiples of this, so that a small scroll fetches nothing.
const GRAIN: u32 = 50;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Asked {
    /// Which cases.
    pub(crate) filter: CaseFilter,
    /// Which words.
    pub(crate) query: String,
    /// In which order.
    pub(crate) sort: CaseSort,
}

/// The list.
#[derive(Clone, Copy)]
pub(crate) struct Feed {
    /// What came, with the place of its first row.
    page: Live<(u32, CasePage)>,
    first: RwSignal<u32>,
}

impl Feed {
    /// The list of what `asked` says.
    pub(crate) fn of(asked: Memo<Asked>) -> Self {
        let first = RwSignal::new(0);
        let page = live(&[Area::Cases, Area::Packs, Area::Delivery], move || {
            let Asked {
                filter,
                query,
                sort,
            } = asked.get();
            let offset = first.get();
            let list = ListCases {
                filter,
                query,
                sort,
                offset,
                limit: WINDOW,
            };
            async move { Ok((offset, ipc::call(list).await?)) }
        });
        Self { page, first }
    }

    /// How the last fetch went.
    pub(crate) fn live(self) -> Live<(u32, CasePage)> {
        self.page
    }

    /// How many rows fit; 0 before the first answer.
    pub(crate) fn total(self) -> u32 {
        self.known_total().unwrap_or(0)
    }

    /// How many rows fit, once that is known.
    pub(crate) fn known_total(self) -> Option<u32> {
        self.page
            .value
            .look(|page| page.as_ref().map(|(_, page)| page.total))
    }

    /// Whether the answer has come and is empty.
    pub(crate) fn is_empty(self) -> bool {
        self.known_total() == Some(0)
    }

    /// The row at a place, once it is there.
    pub(crate) fn row(self, index: u32) -> Option<CaseRow> {
        self.page.value.look(|page| {
            let (first, page) = page.as_ref()?;
            page.rows
                .get(usize::try_from(index.checked_sub(*first)?).ok()?)
                .cloned()
        })
    }

    /// The place of a case among the rows that are there.
    pub(crate) fn place_of(self, case: CaseId) -> Option<u32> {
        self.page.value.look(|page| {
            let (first, page) = page.as_ref()?;
            let place = page.rows.iter().position(|row| row.id == case)?;
            first.checked_add(u32::try_from(place).ok()?)
        })
    }

    /// Told which rows are on screen.
    pub(crate) fn look_at(self, window: Range<u32>) {
        let first = first_of(&window);
        if self.first.get_untracked() != first {
            self.first.set(first);
        }
    }
}

/// Where the window begins so that it holds the rows on screen with room on both sides.
fn first_of(on_screen: &Range<u32>) -> u32 {
    on_screen.start.saturating_sub(GRAIN) / GRAIN * GRAIN
}

#[cfg(test)]
mod tests {
    use super::{WINDOW, first_of};

    #[test]
    fn the_window_holds_what_is_on_screen() {
        for start in [0, 49, 50, 99, 100, 1_234, 9_980] {
            let on_screen = start..start + 40;
            let first = first_of(&on_screen);

            assert!(first <= on_screen.start, "rows from {start} must be in it");
            assert!(
                on_screen.end <= first + WINDOW,
                "to the last of those from {start}"
            );
        }
    }

    #[test]
    fn a_small_scroll_fetches_nothing() {
        assert_eq!(first_of(&(101..140)), first_of(&(120..159)));
    }
}
