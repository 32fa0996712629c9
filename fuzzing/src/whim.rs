//! Arguments out of bytes: a deserializer that is asked for a type and gives some value of it, chosen by
//! the input. So whatever commands take, a run reaches beyond "this is not the JSON I take".
//!
//! A type that doesn't say what it wants (any JSON, or fields that are flattened) gets a text, a number
//! or a small map of what the pool knows.

use std::fmt;

use serde::{
    Deserialize,
    de::{
        self, DeserializeSeed, EnumAccess, Error as _, IntoDeserializer as _, MapAccess, SeqAccess,
        VariantAccess, Visitor, value::StrDeserializer,
    },
};

/// Nothing of this type can be had, or the input is used up.
#[derive(Debug)]
pub(crate) struct Unhad(String);

impl fmt::Display for Unhad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unhad {}

impl de::Error for Unhad {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Chooses by the bytes of an input, and zeros after its end.
pub(crate) struct Whim<'a> {
    bytes: &'a [u8],
    /// Texts that mean something here: ids, codes, days.
    pool: &'a [String],
    depth: usize,
}

impl<'a> Whim<'a> {
    pub(crate) fn new(bytes: &'a [u8], pool: &'a [String]) -> Self {
        Self {
            bytes,
            pool,
            depth: 0,
        }
    }

    /// Whether nothing is left to choose by.
    pub(crate) fn is_used_up(&self) -> bool {
        self.bytes.is_empty()
    }

    /// How many bytes were not used.
    pub(crate) fn left(&self) -> usize {
        self.bytes.len()
    }

    fn byte(&mut self) -> u8 {
        let (first, rest) = self.bytes.split_first().unwrap_or((&0, &[]));
        self.bytes = rest;
        *first
    }

    /// A number below this one, which is more than 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let chosen = u16::from_le_bytes([self.byte(), if end > 256 { self.byte() } else { 0 }]);
        usize::from(chosen) % end
    }

    fn number(&mut self) -> i64 {
        match self.below(8) {
            0 => 0,
            1 => 1,
            2 => i64::MAX,
            3 => i64::MIN,
            4 => -1,
            5 => i64::from(u32::MAX),
            6 => i64::from(self.byte()),
            _ => {
                let bytes = std::array::from_fn(|_| self.byte());
                i64::from_le_bytes(bytes)
            }
        }
    }

    fn text(&mut self) -> String {
        match self.below(8) {
            0 => String::new(),
            1 => {
                let length = self.below(64).min(self.bytes.len());
                let (own, rest) = self.bytes.split_at(length);
                self.bytes = rest;
                String::from_utf8_lossy(own).into_owned()
            }
            2 => "楼".repeat(self.below(3_000)),
            _ => {
                let at = self.below(self.pool.len());
                self.pool[at].clone()
            }
        }
    }

    /// One of what a type of its own names. Deeper than people's arguments lie in each other ends it.
    fn deeper(&mut self) -> Result<(), Unhad> {
        self.depth += 1;
        if self.depth > 40 {
            return Err(Unhad::custom("too deep"));
        }
        Ok(())
    }
}

macro_rules! numbers {
    ($($ask:ident $visit:ident $type:ty;)*) => {
        $(
            fn $ask<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unhad> {
                let bytes = self.number().to_le_bytes();
                let (low, _) = bytes.split_at(size_of::<$type>());
                let number = <$type>::from_le_bytes(low.try_into().unwrap());
                visitor.$visit(number)
            }
        )*
    };
}

impl<'de> de::Deserializer<'de> for &mut Whim<'_> {
    type Error = Unhad;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unhad> {
        match self.below(6) {
            0 => visitor.visit_bool(true),
            1 => visitor.visit_i64(self.number()),
            2 => visitor.visit_unit(),
            3 => self.deserialize_map(visitor),
            4 => self.deserialize_seq(visitor),
            _ => visitor.visit_string(self.text()),
        }
    }

    numbers! {
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unhad> {
        visitor.visit_bool(self.below(2) == 0)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unhad> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unhad> {
        // In the sample city, at the edge of the earth, or beyond; JSON has nothing that is no number.
        let some = [120.8928, 32.0075, 0.0, -180.0, 90.0, 1e300, -1e-300, 8.0];
        visitor.visit_f64(some[self.below(some.len())])
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unhad> {
        visitor.visit_char('户')
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unhad> {
        visitor.visit_string(self.text())
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unhad> {
        visitor.visit_string(self.text())
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unhad> {
        visitor.visit_string(self.text())
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unhad> {
        visitor.visit_string(self.text())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unhad> {
        if self.below(4) == 0 {
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unhad> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unhad> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unhad> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unhad> {
        self.deeper()?;
        let left = self.below(4);
        visitor.visit_seq(Several {
            whim: self,
            left,
            names: None,
        })
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Unhad> {
        visitor.visit_seq(Several {
            whim: self,
            left: length,
            names: None,
        })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Unhad> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unhad> {
        self.deeper()?;
        let left = self.below(4);
        visitor.visit_map(Several {
            whim: self,
            left,
            names: None,
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unhad> {
        self.deeper()?;
        let left = fields.len();
        visitor.visit_map(Several {
            whim: self,
            left,
            names: Some(fields),
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unhad> {
        self.deeper()?;
        if variants.is_empty() {
            return Err(Unhad::custom("nothing can be chosen"));
        }
        let variant = variants[self.below(variants.len())];
        visitor.visit_enum(Chosen {
            whim: self,
            variant,
        })
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unhad> {
        visitor.visit_string(self.text())
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unhad> {
        visitor.visit_unit()
    }
}

/// Several values, under these names if they have names of their own.
struct Several<'a, 'b> {
    whim: &'a mut Whim<'b>,
    left: usize,
    names: Option<&'static [&'static str]>,
}

impl<'de> SeqAccess<'de> for Several<'_, '_> {
    type Error = Unhad;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unhad> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(&mut *self.whim).map(Some)
    }
}

impl<'de> MapAccess<'de> for Several<'_, '_> {
    type Error = Unhad;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unhad> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        match self.names {
            Some(names) => {
                let name: StrDeserializer<'_, Unhad> =
                    names[names.len() - 1 - self.left].into_deserializer();
                seed.deserialize(name).map(Some)
            }
            None => seed.deserialize(&mut *self.whim).map(Some),
        }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unhad> {
        seed.deserialize(&mut *self.whim)
    }
}

struct Chosen<'a, 'b> {
    whim: &'a mut Whim<'b>,
    variant: &'static str,
}

impl<'de> EnumAccess<'de> for Chosen<'_, '_> {
    type Error = Unhad;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), Unhad> {
        let name: StrDeserializer<'_, Unhad> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Chosen<'_, '_> {
    type Error = Unhad;

    fn unit_variant(self) -> Result<(), Unhad> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unhad> {
        seed.deserialize(self.whim)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Unhad> {
        de::Deserializer::deserialize_tuple(self.whim, length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unhad> {
        de::Deserializer::deserialize_struct(self.whim, "", fields, visitor)
    }
}

/// Some value of this type.
pub(crate) fn some<'de, T: Deserialize<'de>>(whim: &mut Whim<'_>) -> Option<T> {
    whim.depth = 0;
    T::deserialize(whim).ok()
}
