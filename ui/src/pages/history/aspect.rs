//! What a history may be narrowed to, as it stands in the address and as people read it.

use shared::{case::Aspect, op::Field};

use crate::words::Words;

/// The word in the address.
pub(super) const fn in_address(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::State => "state",
        Aspect::Field(Field::Category) => "category",
        Aspect::Field(Field::Description) => "description",
        Aspect::Field(Field::Place) => "place",
        Aspect::Field(Field::Urgency) => "urgency",
        Aspect::Photos => "photos",
    }
}

/// What the address asks for; `None`: everything.
pub(super) fn from_address(word: &str) -> Option<Aspect> {
    let mut all = Aspect::ALL.into_iter();
    all.find(|aspect| in_address(*aspect) == word)
}

/// The word people read.
pub(super) fn name(words: Words, aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::State => words.history_state(),
        Aspect::Field(field) => words.field(field),
        Aspect::Photos => words.history_photos(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_aspect_has_a_word_of_its_own_in_the_address() {
        for aspect in Aspect::ALL {
            assert_eq!(from_address(in_address(aspect)), Some(aspect));
        }
        assert_eq!(from_address("nothing"), None);
    }
}
