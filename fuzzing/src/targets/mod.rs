//! The targets, one function each: it makes what decodes ready, and says what damage begins with.

mod commands;
mod doors;
mod filled;
mod hub_answers;
mod hub_stand;
mod kept;
mod photo_pieces;
mod wire;

use crate::{
    measure::Bound,
    target::{Stand, Target},
};

fn of(name: &'static str, runs: u64, bound: Bound, stand: fn() -> Stand) -> Target {
    Target {
        name,
        runs,
        bound,
        stand,
    }
}

/// All of them, in the order of the table in docs/testing.md.
pub(crate) fn all() -> Vec<Target> {
    vec![
        of("messages", 20_000, wire::MESSAGE, wire::messages),
        of("operations", 20_000, wire::MESSAGE, wire::operations),
        of("packs", 20, wire::PACK, wire::packs),
        of("frames", 5_000, wire::FRAME, wire::frames),
        of("photos", 2_000, wire::PHOTO, wire::photos),
        of("plate_photos", 60, kept::PLATE, kept::plate_photos),
        of("pushes", 400, doors::PUSH, doors::pushes),
        of("requests", 800, doors::REQUEST, doors::requests),
        of("cursors", 1_500, doors::PULL, doors::cursors),
        of("codes", 1_500, doors::CODE, doors::codes),
        of(
            "photo_pieces",
            400,
            photo_pieces::PIECE,
            photo_pieces::photo_pieces,
        ),
        of("commands", 300, commands::COMMAND, commands::commands),
        of("imports", 150, kept::IMPORT, kept::imports),
        of("vault", 1_500, kept::VAULT, kept::vault),
        of(
            "hub_answers",
            300,
            hub_answers::ANSWERS,
            hub_answers::hub_answers,
        ),
        of("workbooks", 400, filled::WORKBOOK, filled::workbooks),
        of("sheets", 1_000, filled::FORM, filled::sheets),
        of("expressions", 1_500, filled::FORM, filled::expressions),
        of("definitions", 200, filled::FORM, filled::definitions),
        of("lists", 5_000, filled::LIST, filled::lists),
        of("typed", 10_000, kept::TYPED, kept::typed),
    ]
}
