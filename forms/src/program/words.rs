//! Words in which answers can stand: `${name}` in a label is what was answered.

use std::collections::BTreeMap;

use super::{What, expr::Expr, resolve::Resolver};
use crate::{definition::Words, xpath};

/// Words by language, ready to be filled in.
#[derive(Default, Debug)]
pub(crate) struct Spoken(BTreeMap<String, Vec<Piece>>);

#[derive(Debug)]
pub(crate) enum Piece {
    Words(String),
    Value(Expr),
}

impl Spoken {
    pub(crate) fn of(words: &Words, resolver: &mut Resolver<'_>) -> Result<Self, What> {
        let mut spoken = BTreeMap::new();
        for (language, text) in &words.0 {
            if !text.is_empty() {
                spoken.insert(language.clone(), pieces(text, resolver)?);
            }
        }
        Ok(Self(spoken))
    }

    /// In this language, else in the form's own, else in any.
    pub(crate) fn in_language(&self, language: &str, default: &str) -> &[Piece] {
        let of = |language| self.0.get(language);
        let found = of(language).or_else(|| of("")).or_else(|| of(default));
        found
            .or_else(|| self.0.values().next())
            .map_or(&[], Vec::as_slice)
    }
}

fn pieces(text: &str, resolver: &mut Resolver<'_>) -> Result<Vec<Piece>, What> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        // Without its end it is words, as people write them.
        let Some(end) = after.find('}') else { break };
        let (reference, after) = after.split_at_checked(end + 1).unwrap_or((after, ""));
        if !before.is_empty() {
            pieces.push(Piece::Words(before.to_owned()));
        }
        pieces.push(Piece::Value(
            resolver.expression(&xpath::parse(reference)?)?,
        ));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    Ok(pieces)
}
