//! Residents who stood in the register twice: which of the entries goes on.

use crate::EntryId;

/// Whom an entry goes on as; itself, when nothing was said of it. `same_as` gives what an entry names in
/// [`SAME_AS`](super::schema::SAME_AS), as far as that is known here.
///
/// Who is named is followed to the end. Two people who merge the same two entries the other way round
/// make a circle, and more of them a longer one: of a circle the entry with the lowest id goes on, the
/// one that was entered first. So the answer follows from what stands, whoever asks and in whatever
/// order it came; somebody always goes on, and everything that leads into a circle leads to the same.
pub fn survivor<E>(
    of: EntryId,
    mut same_as: impl FnMut(EntryId) -> Result<Option<EntryId>, E>,
) -> Result<EntryId, E> {
    let mut way = vec![of];
    let mut last = of;
    while let Some(next) = same_as(last)? {
        if let Some(begins) = way.iter().position(|it| *it == next) {
            let circle = way.iter().skip(begins);
            return Ok(circle.min().copied().unwrap_or(next));
        }
        way.push(next);
        last = next;
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, convert::Infallible};

    use super::*;

    fn id(number: u8) -> EntryId {
        EntryId::from_bytes([number; 16])
    }

    fn ends(names: &[(u8, u8)], of: u8) -> u8 {
        let names: BTreeMap<EntryId, EntryId> = names
            .iter()
            .map(|(one, as_)| (id(*one), id(*as_)))
            .collect();
        let found = survivor(id(of), |it| Ok::<_, Infallible>(names.get(&it).copied()));
        found.unwrap().as_bytes()[0]
    }

    #[test]
    fn who_is_named_is_followed_to_the_end() {
        assert_eq!(ends(&[], 1), 1, "nothing was said");
        assert_eq!(ends(&[(2, 1)], 2), 1);
        assert_eq!(ends(&[(1, 2), (2, 3), (3, 9)], 1), 9);
        assert_eq!(ends(&[(1, 2), (2, 3), (3, 9)], 9), 9);
    }

    #[test]
    fn of_a_circle_who_was_entered_first_goes_on_wherever_one_begins() {
        let both_ways = [(4, 7), (7, 4)];
        assert_eq!([4, 7].map(|it| ends(&both_ways, it)), [4, 4]);
        let three = [(6, 5), (5, 8), (8, 6), (1, 8), (2, 1)];
        assert_eq!([6, 5, 8, 1, 2].map(|it| ends(&three, it)), [5; 5]);
        assert_eq!(ends(&[(3, 3)], 3), 3, "who names themselves");
    }
}
