//! The sheet `entities`: what of the answers is kept as a record of its own.

use super::{Mistake, Told, grid::Grid, mistake::What, survey::Survey};
use crate::definition::Entity;

pub(super) fn read(
    grid: Option<&Grid>,
    read: &Survey,
    survey: &Grid,
    told: &mut Told,
) -> Vec<Entity> {
    let Some(grid) = grid else {
        if let Some(row) = read.first_saved {
            told.mistake(Mistake::at(survey, row, "save_to", What::NoEntities));
        }
        return Vec::new();
    };
    let mut entities = Vec::new();
    for line in grid.lines() {
        let Some(list) = line.cell("list_name") else {
            told.mistake(line.mistake("list_name", What::Empty));
            continue;
        };
        entities.push(Entity {
            list: list.to_owned(),
            label: line.expression("label"),
            id: line.expression("entity_id"),
            create_if: line.expression("create_if"),
            update_if: line.expression("update_if"),
        });
    }
    entities
}
