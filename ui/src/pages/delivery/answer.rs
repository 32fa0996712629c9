//! The question of the page, answered in one sentence.

use shared::ipc::Delivery;

use crate::{dates, words::Words};

/// The sentence, and whether it means yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) all_there: bool,
}

/// Answers.
pub(super) fn answer(words: Words, ledger: &Delivery) -> Answer {
    let all_there = ledger.unfinished == 0;
    let (today, waiting) = (u64::from(ledger.today), words.waiting(ledger.unfinished));
    let text = match (all_there, today, ledger.bytes_left) {
        (true, 0, _) if ledger.items.is_empty() => words.delivery_nothing().to_owned(),
        (true, 0, _) => words.delivery_all_there().to_owned(),
        (true, _, _) => words.delivery_today_there(today),
        (false, _, 0) => waiting,
        (false, _, bytes) => words.delivery_waiting_with(dates::bytes(bytes), waiting),
    };
    Answer { text, all_there }
}

#[cfg(test)]
mod tests {
    use shared::ipc::{Language, Link, SyncStatus};

    use super::*;

    fn ledger(today: u32, unfinished: u32, bytes_left: u64) -> Delivery {
        Delivery {
            items: Vec::new(),
            today,
            today_complete: today.saturating_sub(unfinished),
            unfinished,
            register_waiting: 0,
            register_aside: 0,
            erased: 0,
            bytes_left,
            status: SyncStatus {
                link: Link::Up,
                doing: None,
                last_complete_at: None,
                next_attempt_at: None,
                ops_waiting: 0,
                photos_waiting: 0,
                clock_off_ms: None,
            },
        }
    }

    #[test]
    fn the_answer_says_what_is_there_and_what_is_left() {
        let cases = [
            ((0, 0, 0), "还没有要送的", true),
            ((14, 0, 0), "今天 14 件，都已送到", true),
            ((14, 3, 2_100_000), "3 件待送，还剩 2.1 MB", false),
            ((2, 1, 0), "1 件待送", false),
            ((2, 1_000, 0), "1000 件待送", false),
            ((2, 1_001, 0), "超过 1000 件待送", false),
        ];
        for ((today, unfinished, bytes), text, all_there) in cases {
            let said = answer(Words(Language::Zh), &ledger(today, unfinished, bytes));

            assert_eq!(
                said,
                Answer {
                    text: text.to_owned(),
                    all_there
                },
                "{today} today, {unfinished} left"
            );
        }
    }

    #[test]
    fn one_item_is_not_items_in_english() {
        let said = answer(Words(Language::En), &ledger(1, 1, 400_000));

        assert_eq!(said.text, "1 item to deliver, 400 kB left");
    }
}
