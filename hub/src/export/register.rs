//! 名册: the register as a table, one row a resident who is there, with household, door and building; or
//! one row a 单位/场所, with the building it stands in. The columns are those that an import reads, so that
//! what left can come back.

use std::collections::{BTreeMap, HashMap, HashSet};

use shared::{
    Body, EntryId, GridCode, Scope,
    hub_api::{ErrorCode, export::EXPORT_ENTRIES_MAX},
    register::{
        Entry, EntryDoc, EntryKind as K, FieldValue, Stands, Type, fields,
        ladder::{Ladder, Rung},
        mask, order, schema, survivor,
        words::{self, Table as Of, codes, columns},
    },
};

use super::{
    Mark,
    cells::{AFTER, Cell, Table, after},
    gather::each,
};
use crate::{
    app::Shared,
    error::{Answered, Failure},
    store::Session,
};

/// The columns of a table.
const fn columns_of(table: Of) -> &'static [(K, &'static str)] {
    match table {
        Of::Residents => RESIDENTS,
        Of::Places => PLACES,
    }
}

/// Where, who, and behind them what else is known of where they live.
const RESIDENTS: &[(K, &str)] = &[
    (K::Building, schema::GRID),
    (K::Building, "compound"),
    (K::Building, "name"),
    (K::Dwelling, "unit"),
    (K::Dwelling, "room"),
    (K::Household, "hukou_no"),
    (K::Resident, "relation"),
    (K::Resident, "name"),
    (K::Resident, "id_type"),
    (K::Resident, "id_no"),
    (K::Resident, "sex"),
    (K::Resident, "birth"),
    (K::Resident, "ethnic"),
    (K::Resident, "phone"),
    (K::Resident, "kind"),
    (K::Resident, "hukou_address"),
    (K::Resident, "marital"),
    (K::Resident, "education"),
    (K::Resident, "work"),
    (K::Resident, "contact"),
    (K::Resident, "contact_phone"),
    (K::Resident, words::CARE),
    (K::Resident, "disability"),
    (K::Resident, "disability_level"),
    (K::Resident, "presence"),
    (K::Resident, "presence_since"),
    (K::Resident, "note"),
    (K::Household, "call_first"),
    (K::Household, "ended_on"),
    (K::Household, "note"),
    (K::Dwelling, "floor"),
    (K::Dwelling, "use"),
    (K::Dwelling, "owner"),
    (K::Dwelling, "owner_phone"),
    (K::Dwelling, "door_code"),
    (K::Dwelling, "note"),
    (K::Building, "address"),
    (K::Building, "code"),
    (K::Building, "use"),
    (K::Building, "units"),
    (K::Building, "floors"),
    (K::Building, "floors_below"),
    (K::Building, "manager"),
    (K::Building, "manager_phone"),
    (K::Building, "steward"),
    (K::Building, "steward_phone"),
    (K::Building, "hazards"),
    (K::Building, words::LNG),
    (K::Building, words::LAT),
];

/// What it is, and where.
const PLACES: &[(K, &str)] = &[
    (K::Place, schema::GRID),
    (K::Place, "name"),
    (K::Place, "kind"),
    (K::Place, "uscc"),
    (K::Building, "compound"),
    (K::Building, "name"),
    (K::Place, "address"),
    (K::Place, "contact"),
    (K::Place, "contact_phone"),
    (K::Place, "staff"),
    (K::Place, "risks"),
    (K::Place, words::LNG),
    (K::Place, words::LAT),
];

/// What follows of the standard address 标准地址, beside the columns that say the rest of it. An import
/// needs none of that: the grid says it.
const LADDER: [(&str, Rung); 5] = [
    ("省", Rung::Province),
    ("市", Rung::Prefecture),
    ("区县", Rung::District),
    ("镇街", Rung::Street),
    ("社区", Rung::Community),
];

/// All of it in one line.
const ADDRESS: &str = "标准地址";

/// The register of some grids, as far as one table tells it.
pub(super) struct Register {
    of: Of,
    grids: BTreeMap<GridCode, Ladder>,
    entries: HashMap<EntryId, Line>,
}

/// What a table needs of an entry.
struct Line {
    kind: K,
    parent: Option<EntryId>,
    order: String,
    same_as: Option<EntryId>,
    /// A resident who moved out or died.
    gone: bool,
    /// What it says of its address.
    ladder: Ladder,
    /// What stands in its columns; nothing of who is gone.
    cells: BTreeMap<&'static str, Cell>,
}

/// What has a row, behind what holds it, from the outermost on.
type Way<'a> = [Option<&'a Line>; 4];

/// Gathers what the rows of a table have; no other kind of entry is read, what is known of somebody apart
/// least of all. `numbers`: what is shown masked stands there whole.
pub(super) async fn gather(
    app: &Shared,
    session: &Session,
    of: Of,
    grids: BTreeMap<GridCode, Ladder>,
    numbers: bool,
) -> Answered<Register> {
    let mut register = Register {
        of,
        grids,
        entries: HashMap::new(),
    };
    let mut there = HashSet::new();
    for grid in &session.staff.grids {
        each::<Failure>(app, &Scope::grid(grid), |doc| {
            // What was erased has another body; what can't be read is for `quarantine` and monitoring.
            let Ok(Some(Body::Entry(kind, EntryDoc::Known(entry)))) = doc.body() else {
                return Ok(());
            };
            if !of.kinds().contains(&kind) {
                return Ok(());
            }
            let id = EntryId(doc.target.id);
            let line = line(kind, &entry, numbers);
            if kind == of.about() && !line.gone {
                there.insert(id);
            }
            register.entries.insert(id, line);
            if there.len() > EXPORT_ENTRIES_MAX {
                return Err(Failure::new(
                    ErrorCode::TooLarge,
                    "there are too many entries in these grids for one file",
                ));
            }
            Ok(())
        })
        .await?;
    }
    Ok(register)
}

fn line(kind: K, entry: &Entry, numbers: bool) -> Line {
    let stands = entry.stands();
    let text = |field| stands.text(field).unwrap_or_default();
    let link = |field| text(field).parse().ok();
    let gone = kind == K::Resident && schema::GONE.contains(&text("presence"));
    Line {
        kind,
        parent: kind.belongs_to().and_then(|(field, _)| link(field)),
        order: order(kind, entry, &stands),
        same_as: (kind == K::Resident)
            .then(|| link(schema::SAME_AS))
            .flatten(),
        gone,
        ladder: Ladder::default().with(kind, &stands),
        cells: if gone {
            BTreeMap::new()
        } else {
            cells(kind, &stands, numbers)
        },
    }
}

fn cells(kind: K, stands: &Stands<'_>, numbers: bool) -> BTreeMap<&'static str, Cell> {
    let mut cells = BTreeMap::new();
    for field in fields(kind) {
        let cell = stands
            .value(field.name)
            .and_then(|it| said(kind, field.name, field.of, it));
        let cell = cell.map(|cell| match cell {
            Cell::Text(text) if field.is_masked() && !numbers => Cell::Text(mask(&text)),
            cell => cell,
        });
        cells.extend(cell.map(|cell| (field.name, cell)));
    }
    if let Some(FieldValue::Point(at)) = stands.value(schema::POSITION) {
        cells.insert(words::LNG, Cell::Number(at.lng()));
        cells.insert(words::LAT, Cell::Number(at.lat()));
    }
    let tags = stands.flags(schema::CARE);
    let tags: Vec<&str> = tags
        .map(|tag| codes::word(kind, words::CARE, tag).unwrap_or(tag))
        .collect();
    if !tags.is_empty() {
        cells.insert(words::CARE, Cell::Text(tags.join(words::BETWEEN)));
    }
    cells
}

/// A value in words; `None`: nothing that a cell says.
fn said(kind: K, field: &str, of: Type, value: &FieldValue) -> Option<Cell> {
    let text = match value {
        FieldValue::Flag(true) => words::YES.to_owned(),
        FieldValue::Flag(false) => words::NO.to_owned(),
        FieldValue::Number(number) => match (of, i32::try_from(*number)) {
            (Type::Number(..), Ok(number)) => return Some(Cell::Number(number.into())),
            _ => number.to_string(),
        },
        FieldValue::Text(text) if matches!(of, Type::Code(_)) => {
            codes::word(kind, field, text).unwrap_or(text).to_owned()
        }
        FieldValue::Text(text) => text.clone(),
        FieldValue::Point(_) | FieldValue::Other(_) => return None,
    };
    Some(Cell::Text(text)).filter(|_| !matches!(of, Type::Link(_)))
}

impl Register {
    /// The table, in the order in which one walks.
    pub(super) fn table(self, mark: &Mark) -> Table {
        let columns = columns_of(self.of);
        let names = columns.iter().map(|(kind, field)| {
            let name = columns::name(self.of, *kind, field);
            name.unwrap_or(field)
        });
        let ladder = LADDER.iter().map(|(name, _)| *name).chain([ADDRESS]);
        let header = names.chain(ladder).chain(AFTER).map(str::to_owned);
        let told = self.entries.iter();
        let told = told.filter(|(id, line)| line.kind == self.of.about() && self.is_told(**id));
        let mut ways: Vec<(EntryId, Way<'_>)> =
            told.map(|(id, line)| (*id, self.way(line))).collect();
        ways.sort_by_cached_key(|(id, way)| {
            let order = way.map(|it| it.map_or("", |it| it.order.as_str()));
            (self.grid(way), order, *id)
        });
        let rows = ways.iter().map(|(_, way)| {
            let cells = columns.iter().map(|(kind, field)| {
                if *field == schema::GRID {
                    return Cell::Text(self.grid(way).to_owned());
                }
                let line = way.iter().flatten().find(|it| it.kind == *kind);
                let cell = line.and_then(|it| it.cells.get(field));
                cell.cloned().unwrap_or_else(|| Cell::Text(String::new()))
            });
            cells.chain(self.address(way)).chain(after(mark)).collect()
        });
        Table {
            of: match self.of {
                Of::Residents => "居民",
                Of::Places => "单位场所",
            },
            header: header.collect(),
            rows: rows.collect(),
        }
    }

    /// Whether somebody has a row: who is there, and goes on as nobody else. Whoever goes on as somebody
    /// of another grid is told there.
    fn is_told(&self, id: EntryId) -> bool {
        let named = |id: EntryId| {
            let named = self.entries.get(&id).and_then(|it| it.same_as);
            named.filter(|as_| *as_ != id)
        };
        let known = |id| Ok(named(id).filter(|as_| self.entries.contains_key(as_)));
        let went_elsewhere = named(id).is_some_and(|as_| !self.entries.contains_key(&as_));
        let goes_on: Result<EntryId, std::convert::Infallible> = survivor(id, known);
        let is_there = self.entries.get(&id).is_some_and(|it| !it.gone);
        is_there && !went_elsewhere && goes_on == Ok(id)
    }

    /// From what has a row up to the building; what is in no grid of this person's is not there.
    fn way<'a>(&'a self, told: &'a Line) -> Way<'a> {
        let above = |line: Option<&'a Line>| {
            let line = line?;
            let (_, kind) = line.kind.belongs_to()?;
            let above = self.entries.get(&line.parent?)?;
            (above.kind == kind).then_some(above)
        };
        let one = above(Some(told));
        let two = above(one);
        [above(two), two, one, Some(told)]
    }

    /// What the columns of the address say.
    fn address(&self, way: &Way<'_>) -> impl Iterator<Item = Cell> + use<> {
        let grid = GridCode::from(self.grid(way));
        let above = self.grids.get(&grid).cloned().unwrap_or_default();
        let lines = way.iter().flatten();
        let ladder = lines.fold(above, |ladder, line| ladder.and(&line.ladder));
        let levels = LADDER.map(|(_, rung)| ladder.on(rung).to_owned());
        levels.into_iter().chain([ladder.line()]).map(Cell::Text)
    }

    /// The grid by which an import finds where a row belongs: of a resident the building's, and their own
    /// where that is not known; of a place its own.
    fn grid<'a>(&self, way: &Way<'a>) -> &'a str {
        let mut grids = way.iter().flatten().filter_map(|it| {
            let cell = it.cells.get(schema::GRID)?;
            match cell {
                Cell::Text(grid) => Some(grid.as_str()),
                Cell::Number(_) => None,
            }
        });
        let grid = match self.of {
            Of::Residents => grids.next(),
            Of::Places => grids.next_back(),
        };
        grid.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_columns_are_those_that_an_import_reads_each_once() {
        for table in Of::ALL {
            let columns = columns_of(table);
            let written: BTreeSet<(K, &str)> = columns.iter().copied().collect();
            let read = columns::names(table)
                .iter()
                .map(|(kind, field, _)| (*kind, *field));
            assert_eq!(written, read.collect());
            assert_eq!(written.len(), columns.len());
        }
    }
}
