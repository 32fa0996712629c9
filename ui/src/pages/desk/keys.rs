//! The desk's keys: j/k (or arrows) move, Enter opens, r registers, m merges, x rejects, Esc closes.

use leptos::prelude::*;
use shared::ipc::CaseAction;

use super::DeskState;
use crate::{dynamic::effect, look::Look, shell::typing};

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Down,
    Up,
    Open,
    Do(CaseAction),
    Close,
}

/// Listens as long as the page stands.
pub(super) fn listen(desk: DeskState) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if typing(&event) || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let Some(key) = key(&event.key()) else { return };
        event.prevent_default();
        press(desk, key);
    });
    on_cleanup(move || handle.remove());
    // A row that was pressed takes the keys along.
    effect(move || {
        if let Some(place) = desk.open.get().and_then(|case| desk.feed.place_of(case)) {
            desk.cursor.set(place);
        }
    });
}

fn key(name: &str) -> Option<Key> {
    match name {
        "j" | "ArrowDown" => Some(Key::Down),
        "k" | "ArrowUp" => Some(Key::Up),
        "Enter" | "o" => Some(Key::Open),
        "r" => Some(Key::Do(CaseAction::Register)),
        "m" => Some(Key::Do(CaseAction::Merge)),
        "x" => Some(Key::Do(CaseAction::Reject)),
        "Escape" => Some(Key::Close),
        _ => None,
    }
}

fn press(desk: DeskState, key: Key) {
    let open = desk.open.get_untracked();
    let cursor = desk.cursor.get_untracked();
    match key {
        Key::Down | Key::Up => {
            let there = open.is_none_or(|case| untrack(|| desk.feed.place_of(case)).is_some());
            let row = next(
                cursor,
                key == Key::Down,
                there,
                untrack(|| desk.feed.total()),
            );
            if open.is_some() {
                untrack(|| desk.open_row(row));
            } else {
                desk.cursor.set(row);
            }
        }
        Key::Open => untrack(|| desk.open_row(cursor)),
        Key::Do(action) => {
            if open.is_none() {
                untrack(|| desk.open_row(cursor));
            }
            desk.doing.set(Some(action));
        }
        Key::Close => desk.go.run(desk.query.peek(super::Query::address)),
    }
}

/// The row after a step. A case that was decided has left the list: the one that moved up into its
/// place is the next, and must not be stepped over.
fn next(cursor: u32, down: bool, still_there: bool, total: u32) -> u32 {
    let row = match (down, still_there) {
        (true, true) => cursor.saturating_add(1),
        (true, false) => cursor,
        (false, _) => cursor.saturating_sub(1),
    };
    row.min(total.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn keys_stop_at_both_ends() {
        assert_eq!(next(0, false, true, 5), 0);
        assert_eq!(next(4, true, true, 5), 4);
        assert_eq!(next(0, true, true, 0), 0, "an empty list has nowhere to go");
    }

    #[test]
    fn after_a_decision_the_next_case_is_not_stepped_over() {
        assert_eq!(next(2, true, false, 5), 2);
        assert_eq!(next(2, true, true, 5), 3);
    }
}
