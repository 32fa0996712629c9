//! A row, taken apart into what it says of building, dwelling, household, resident and 单位/场所.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashSet},
    ops::Range,
};

use forms::sheet::Sheet;
use shared::{
    FieldName, GridCode, Position,
    ipc::ImportWrong,
    pack::Grid,
    register::{
        EntryKind, FieldValue, Fields, check, schema, told_by_number,
        words::{CARE, LAT, LNG, Table},
    },
};

use super::{names::Target, progress::Progress, values};

/// The kinds that rows speak of, from what holds to what is held.
pub(super) const KINDS: [EntryKind; 5] = [
    EntryKind::Building,
    EntryKind::Dwelling,
    EntryKind::Household,
    EntryKind::Resident,
    EntryKind::Place,
];

/// Something wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) row: u32,
    pub(super) kind: EntryKind,
    pub(super) field: &'static str,
    /// The column it is about; none: no column is that field.
    pub(super) column: Option<usize>,
    pub(super) why: ImportWrong,
}

/// What a row says.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Its number in the file.
    pub(super) row: u32,
    /// By [`KINDS`]; the grid is apart.
    pub(super) of: [Fields; 5],
    /// The grid it names.
    pub(super) grid: Option<GridCode>,
    /// Degrees of longitude and latitude, before they are a place.
    degrees: [Option<f64>; 2],
    /// The day of birth is what the number says: no cell does.
    pub(super) is_birth_by_number: bool,
    /// What is wrong with it by itself.
    pub(super) wrong: Vec<Found>,
}

impl Said {
    /// What it says of a kind.
    pub(super) fn fields(&self, kind: EntryKind) -> &Fields {
        let [building, dwelling, household, resident, place] = &self.of;
        match kind {
            EntryKind::Building | EntryKind::Campaign | EntryKind::Management => building,
            EntryKind::Dwelling => dwelling,
            EntryKind::Household => household,
            EntryKind::Resident => resident,
            EntryKind::Place => place,
        }
    }

    pub(super) fn fields_mut(&mut self, kind: EntryKind) -> &mut Fields {
        let [building, dwelling, household, resident, place] = &mut self.of;
        match kind {
            EntryKind::Building | EntryKind::Campaign | EntryKind::Management => building,
            EntryKind::Dwelling => dwelling,
            EntryKind::Household => household,
            EntryKind::Resident => resident,
            EntryKind::Place => place,
        }
    }

    /// The words in a field.
    pub(super) fn text(&self, kind: EntryKind, field: &str) -> &str {
        let value = self.fields(kind).get(field);
        let text = value.and_then(|it| it.as_ref()?.text());
        text.unwrap_or_default()
    }

    /// Whether it says anything of a kind.
    pub(super) fn speaks_of(&self, kind: EntryKind) -> bool {
        !self.fields(kind).is_empty()
    }

    /// Something is wrong.
    pub(super) fn tell(&mut self, kind: EntryKind, field: &'static str, why: ImportWrong) {
        self.wrong.push(Found {
            row: self.row,
            kind,
            field,
            column: None,
            why,
        });
    }
}

/// The grids of the city, by what rows call them.
#[derive(Debug, Default)]
pub(super) struct Grids {
    by_name: BTreeMap<String, Option<GridCode>>,
    own: Vec<GridCode>,
}

impl Grids {
    /// All grids of the city, and this person's own.
    pub(super) fn new<'a>(all: impl Iterator<Item = &'a Grid>, own: Vec<GridCode>) -> Self {
        let mut by_name: BTreeMap<String, Option<GridCode>> = BTreeMap::new();
        for grid in all {
            for name in [grid.code.as_str(), &grid.name, &grid.name_en] {
                let same = by_name.entry(name.trim().to_lowercase());
                // A name that two grids have names none of them.
                same.and_modify(|it| {
                    if it.as_ref() != Some(&grid.code) {
                        *it = None;
                    }
                })
                .or_insert_with(|| Some(grid.code.clone()));
            }
        }
        Self { by_name, own }
    }

    /// Whether it is one of this person's.
    pub(super) fn is_own(&self, grid: &GridCode) -> bool {
        self.own.contains(grid)
    }

    fn find(&self, text: &str) -> Result<GridCode, ImportWrong> {
        let found = self.by_name.get(&text.trim().to_lowercase());
        let grid = found.and_then(Option::as_ref);
        let grid = grid.ok_or(ImportWrong::NoSuchGrid)?;
        if self.is_own(grid) {
            Ok(grid.clone())
        } else {
            Err(ImportWrong::NotYourGrid)
        }
    }
}

/// How rows are read.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    /// What rows are about.
    pub(super) table: Table,
    /// What each column is.
    pub(super) targets: &'a [Option<Target>],
    /// The grids.
    pub(super) grids: &'a Grids,
    /// The compound of rows that name none.
    pub(super) compound: &'a str,
    /// The day it is, `YYYY-MM-DD`.
    pub(super) today: &'a str,
}

impl Reading<'_> {
    /// Reads the `at`th row. What is wrong with it by itself is told; whatever was understood is
    /// there all the same.
    pub(super) fn row<'s>(
        &self,
        sheet: &'s Sheet,
        at: usize,
        cells: &mut Vec<Cow<'s, str>>,
    ) -> Said {
        sheet.row(at, cells);
        let mut said = Said {
            row: sheet.number(at),
            ..Said::default()
        };
        for (cell, target) in cells.iter().zip(self.targets) {
            if let (Some(target), false) = (target, cell.is_empty()) {
                self.cell(&mut said, *target, cell);
            }
        }
        place(&mut said, self.table.located());
        let has_place = [EntryKind::Building, EntryKind::Dwelling]
            .iter()
            .any(|kind| said.speaks_of(*kind));
        if has_place && !self.compound.is_empty() {
            let compound = said
                .of
                .first_mut()
                .map(|it| it.entry(FieldName::known("compound")));
            compound.map(|it| it.or_insert_with(|| Some(self.compound.into())));
        }
        let told = told_by_number(said.fields(EntryKind::Resident), self.today);
        said.is_birth_by_number = told.contains_key(&FieldName::from("birth"));
        said.fields_mut(EntryKind::Resident).extend(told);
        self.check(&mut said);
        said
    }

    /// The numbers of residents that rows name.
    pub(super) fn numbers(
        &self,
        sheet: &Sheet,
        rows: Range<usize>,
        progress: &Progress,
    ) -> HashSet<String> {
        let is_number = |it: &Target| it.kind == EntryKind::Resident && it.name == "id_no";
        let mut targets = self.targets.iter();
        let Some(column) = targets.position(|it| it.as_ref().is_some_and(is_number)) else {
            return HashSet::new();
        };
        let target = self.targets.get(column).copied().flatten();
        progress.expect(rows.len());
        let mut numbers = HashSet::with_capacity(rows.len());
        let mut cells = Vec::new();
        numbers.extend(rows.filter_map(|at| {
            progress.step();
            sheet.row(at, &mut cells);
            match values::read(target?, cells.get(column)?) {
                Ok(FieldValue::Text(number)) => Some(number),
                Ok(_) | Err(_) => None,
            }
        }));
        numbers
    }

    fn cell(&self, said: &mut Said, target: Target, text: &str) {
        let (kind, name) = (target.kind, target.name);
        if name == schema::GRID {
            match self.grids.find(text) {
                Ok(grid) => said.grid = Some(grid),
                Err(why) => said.tell(kind, schema::GRID, why),
            }
        } else if name == CARE {
            match values::care(text) {
                Ok(tags) => {
                    let tags = tags.into_iter().map(|tag| {
                        let name = format!("{}{tag}", schema::CARE);
                        (FieldName::from(name), Some(FieldValue::Flag(true)))
                    });
                    said.fields_mut(kind).extend(tags);
                }
                Err(why) => said.tell(kind, CARE, why),
            }
        } else if let Some((half, name, at_most)) = half_of_a_place(name) {
            match values::degrees(text, at_most) {
                Ok(degrees) => {
                    if let Some(half) = said.degrees.get_mut(half) {
                        *half = Some(degrees);
                    }
                }
                Err(why) => said.tell(kind, name, why),
            }
        } else {
            match values::read(target, text) {
                Ok(value) => {
                    said.fields_mut(kind)
                        .insert(FieldName::known(name), Some(value));
                }
                Err(why) => said.tell(kind, name, why),
            }
        }
    }

    /// What can't stand, as everywhere. That something is missing is told where it is known what
    /// the row is about.
    fn check(&self, said: &mut Said) {
        for kind in KINDS {
            if !said.speaks_of(kind) {
                continue;
            }
            let mistakes = check::mistakes(kind, said.fields(kind), self.today);
            for mistake in mistakes {
                let field = schema::fields(kind)
                    .iter()
                    .find(|it| it.name == mistake.field.as_str());
                let (Some(field), false) = (field, mistake.wrong == check::Wrong::Missing) else {
                    continue;
                };
                let why = ImportWrong::Value {
                    wrong: mistake.wrong,
                };
                said.tell(kind, field.name, why);
            }
        }
    }
}

/// Which half of a place a column has, and how many degrees it may be.
fn half_of_a_place(name: &str) -> Option<(usize, &'static str, f64)> {
    match name {
        LNG => Some((0, LNG, 180.0)),
        LAT => Some((1, LAT, 90.0)),
        _ => None,
    }
}

/// Makes a place of its halves. Half a place is none, and neither is what stands where a device knew
/// nothing: 0, 0.
fn place(said: &mut Said, of: EntryKind) {
    let wrong = |wrong| ImportWrong::Value { wrong };
    match said.degrees {
        [None, None] => {}
        [Some(lng), Some(lat)] => match Position::new(lng, lat) {
            Ok(position) => {
                let value = Some(FieldValue::Point(position));
                said.fields_mut(of).insert(schema::POSITION.into(), value);
            }
            Err(_) => said.tell(of, LNG, wrong(check::Wrong::OutOfRange)),
        },
        [lng, _] => {
            let missing = if lng.is_none() { LNG } else { LAT };
            // It stood there and was told to be wrong already.
            if !said.wrong.iter().any(|it| it.field == missing) {
                said.tell(of, missing, wrong(check::Wrong::Missing));
            }
        }
    }
}
