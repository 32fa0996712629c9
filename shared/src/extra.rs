//! What a newer version says in an object of ours: kept where it stood, and sent back.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Map, Value};

/// Fields that this version does not know, flattened into the object in which they stand. Mostly there
/// are none; then it takes the room of one pointer, and nothing is allocated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(transparent)
)]
pub struct Extra(
    #[cfg_attr(feature = "schema", schemars(with = "Map<String, Value>"))]
    Option<Box<Map<String, Value>>>,
);

impl Extra {
    /// The same in another object, whose own fields have these names: what is called like one of them
    /// stays away, or an operation could say what is not its author's to say, such as who signed it.
    #[must_use]
    pub fn beside(&self, own: &[&str]) -> Self {
        let fields = self.0.iter().flat_map(|fields| fields.iter());
        fields
            .filter(|(name, _)| !own.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// What stands under this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.get(name)
    }

    /// Forgets all of it.
    pub fn clear(&mut self) {
        self.0 = None;
    }
}

impl FromIterator<(String, Value)> for Extra {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(fields: I) -> Self {
        Map::from_iter(fields).into()
    }
}

impl From<Map<String, Value>> for Extra {
    fn from(fields: Map<String, Value>) -> Self {
        Self((!fields.is_empty()).then(|| Box::new(fields)))
    }
}

impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(fields) => fields.serialize(to),
            None => to.serialize_map(Some(0))?.end(),
        }
    }
}

impl<'de> Deserialize<'de> for Extra {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Map::deserialize(from).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extra(json: &str) -> Extra {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn nothing_unknown_takes_the_room_of_a_pointer() {
        assert_eq!(size_of::<Extra>(), size_of::<usize>());
        assert_eq!(extra("{}"), Extra::default());
        assert_eq!(serde_json::to_string(&Extra::default()).unwrap(), "{}");
    }

    #[test]
    fn what_is_called_like_a_field_of_the_other_object_stays_away() {
        let said = extra(r#"{"at":1,"weather":"rain"}"#);

        assert_eq!(
            said.beside(&["at", "author"]),
            extra(r#"{"weather":"rain"}"#)
        );
        assert_eq!(said.beside(&["at", "weather"]), Extra::default());
    }
}
