//! Identities as newtypes, so that one can never be given where another is meant.
//! UUIDs are made by the device from a time and random bytes that the caller passes in.

use std::{
    borrow::{Borrow, Cow},
    fmt,
    str::FromStr,
};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Timestamp;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new version 7 UUID (RFC 9562 §5.7) from the moment `now` and ten random bytes.
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                let unix_ms = u64::try_from(now.as_ms()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid())
            }

            /// The sixteen bytes, as databases store them.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// From the sixteen bytes of a database.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

uuid_id!(
    /// A case 案件.
    CaseId
);
uuid_id!(
    /// An entry of the register: a building, dwelling, household, resident or place.
    EntryId
);
uuid_id!(
    /// An import 导入: all that was taken over from one file at once.
    ImportId
);
uuid_id!(
    /// A record 采集记录: a form that was filled in.
    RecordId
);
uuid_id!(
    /// That somebody looked at a masked value.
    RevealId
);
uuid_id!(
    /// A visit 走访.
    VisitId
);
uuid_id!(
    /// An operation: one thing a person did.
    OpId
);
uuid_id!(
    /// A report that is still being written; it lives on one device only.
    DraftId
);
uuid_id!(
    /// An enrolled device.
    DeviceId
);

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The code as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// A member of staff 工作人员, as the city pack names them.
    StaffId
);
text_id!(
    /// A grid's code 网格编码: text of any length up to 20 (cities differ: 14, 15, 16 or 20 digits).
    GridCode
);
text_id!(
    /// A category's code, 大类 and 小类 in the catalogue's edition, for example `E0110`.
    CategoryCode
);

// One that this program knows takes no memory of its own: a large table names a dozen in each row.
/// A field of the register, see [`crate::register::schema`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct FieldName(Cow<'static, str>);

impl FieldName {
    /// One that this program knows.
    pub const fn known(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for FieldName {
    fn from(name: &str) -> Self {
        Self(Cow::Owned(name.to_owned()))
    }
}

impl From<String> for FieldName {
    fn from(name: String) -> Self {
        Self(Cow::Owned(name))
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// A name stands in order, and is equal, as its text does: maps are asked for text.
impl Borrow<str> for FieldName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for &FieldName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// The SHA-256 digest of a file; a photo's identity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// From the 32 bytes of a digest.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// Text that is not 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 lower-case hexadecimal digits")]
pub struct NotADigest;

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        fn nibble(digit: u8) -> Result<u8, NotADigest> {
            match digit {
                b'0'..=b'9' => Ok(digit - b'0'),
                b'a'..=b'f' => Ok(digit - b'a' + 10),
                _ => Err(NotADigest),
            }
        }
        let mut bytes = [0; 32];
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != bytes.len() || !rest.is_empty() {
            return Err(NotADigest);
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = nibble(*high)? << 4 | nibble(*low)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_digest_survives_its_text_form() {
        let digest =
            Digest::from_bytes(std::array::from_fn(|i| u8::try_from(i * 7 % 256).unwrap()));

        assert_eq!(digest.to_string().parse(), Ok(digest));
    }

    #[test]
    fn text_that_is_no_digest_is_refused() {
        for text in [
            "",
            "ab",
            &"g".repeat(64),
            &"A".repeat(64),
            &"a".repeat(65),
            "../../etc/passwd",
        ] {
            assert_eq!(
                text.parse::<Digest>(),
                Err(NotADigest),
                "{text:?} is no digest"
            );
        }
    }

    #[test]
    fn a_field_is_the_same_whoever_names_it_and_is_found_by_its_text() {
        let read: FieldName = serde_json::from_str("\"phone\"").unwrap();
        let names = ["id_no", "name", "phone"];
        let fields: BTreeMap<FieldName, usize> =
            names.map(FieldName::known).into_iter().zip(0..).collect();

        assert_eq!(read, FieldName::known("phone"));
        assert_eq!(fields.get(&FieldName::from("name")), Some(&1));
        assert_eq!(fields.get("phone"), Some(&2));
        assert_eq!(serde_json::to_string(&read).unwrap(), "\"phone\"");
    }

    #[test]
    fn ids_made_later_sort_later() {
        let early = OpId::new(Timestamp::from_ms(1_000), [255; 10]);
        let late = OpId::new(Timestamp::from_ms(1_001), [0; 10]);

        assert!(early < late, "UUIDv7 begins with the time");
    }
}
