//! What is planned of an entry, kept until it is written.

use shared::{
    FieldName,
    register::{FieldValue, Fields},
};

/// Values by field, in the order of the fields and one behind the other: as maps, those of a hundred thousand
/// rows took 180 MB more.
#[derive(Debug, Default)]
pub(in crate::import) struct Kept(Vec<(FieldName, Option<FieldValue>)>);

impl Kept {
    /// What is to stand in a field, if anything is said of it.
    pub(super) fn get(&self, field: &str) -> Option<&FieldValue> {
        let at = self.place(field).ok()?;
        self.0.get(at)?.1.as_ref()
    }

    /// Whether nothing is said.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is to stand in a field.
    pub(super) fn insert(&mut self, field: FieldName, value: Option<FieldValue>) {
        match self.place(field.as_str()) {
            Ok(at) => {
                if let Some((_, stands)) = self.0.get_mut(at) {
                    *stands = value;
                }
            }
            Err(at) => self.0.insert(at, (field, value)),
        }
    }

    fn place(&self, field: &str) -> Result<usize, usize> {
        self.0
            .binary_search_by(|(name, _)| name.as_str().cmp(field))
    }
}

impl Extend<(FieldName, Option<FieldValue>)> for Kept {
    fn extend<T: IntoIterator<Item = (FieldName, Option<FieldValue>)>>(&mut self, more: T) {
        for (field, value) in more {
            self.insert(field, value);
        }
    }
}

impl From<Fields> for Kept {
    fn from(fields: Fields) -> Self {
        Self(fields.into_iter().collect())
    }
}

impl From<Kept> for Fields {
    fn from(kept: Kept) -> Self {
        kept.0.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said() -> impl Strategy<Value = Vec<(FieldName, Option<FieldValue>)>> {
        let one = (0..6_u8, prop::option::of(0..3_u8));
        let named = one.prop_map(|(field, value)| {
            let value = value.map(|it| FieldValue::from(it.to_string().as_str()));
            (FieldName::from(format!("f{field}")), value)
        });
        prop::collection::vec(named, 0..12)
    }

    proptest! {
        #[test]
        fn what_is_kept_is_what_a_map_would_have(first in said(), more in said()) {
            let mut map: Fields = first.into_iter().collect();
            let mut kept = Kept::from(map.clone());
            kept.extend(more.clone());
            map.extend(more);

            prop_assert_eq!(kept.is_empty(), map.is_empty());
            for field in ["f0", "f5", "g"] {
                let stands = map.get(field).and_then(Option::as_ref);
                prop_assert_eq!(kept.get(field), stands);
            }
            prop_assert_eq!(Fields::from(kept), map);
        }
    }
}
