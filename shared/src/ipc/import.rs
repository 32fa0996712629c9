//! 导入: the register of a community, taken over from a table. First it is read, then shown as it
//! would be understood, then taken over whole, or nothing of it.

use serde::{Deserialize, Serialize};

use crate::{
    FieldName, GridCode, ImportId,
    register::{EntryKind, FieldValue, check::Wrong, words::Table},
};

/// The largest file that is read, in bytes.
pub const IMPORT_BYTES_MAX: u64 = 50 << 20;
/// The largest workbook that is read, in bytes when it is unpacked.
pub const IMPORT_UNPACKED_BYTES_MAX: u64 = 500 << 20;
/// The most rows that are taken over at once.
pub const IMPORT_ROWS_MAX: u32 = 200_000;
/// The most columns a table may have.
pub const IMPORT_COLUMNS_MAX: u32 = 200;

/// Hands in a piece of a table. A new table takes the place of the one that was being looked at.
#[derive(Clone, Serialize, Deserialize)]
pub struct PutImportChunk {
    /// Names this attempt; chosen by the page.
    pub upload: String,
    /// Where the piece belongs, in bytes. 0 begins anew.
    pub offset: u64,
    /// Size of the whole file in bytes.
    pub total: u64,
    /// The piece, base 64.
    pub data: String,
}

impl std::fmt::Debug for PutImportChunk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PutImportChunk")
            .field("offset", &self.offset)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

/// How far a table is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportUpload {
    /// More is expected.
    Receiving {
        /// Bytes received.
        received: u64,
    },
    /// It was read.
    Read {
        /// What it is.
        table: Box<ImportTable>,
    },
}

/// A table that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportTable {
    /// What its rows are about, by what its columns are called.
    pub of: Table,
    /// What kind of file it was.
    pub format: ImportFormat,
    /// What the sheet of a workbook is called.
    pub sheet: String,
    /// Rows below the one with the names of the columns.
    pub rows: u32,
    /// The number of the row with the names of the columns, from 1.
    pub header_row: u32,
    /// The columns, in order.
    pub columns: Vec<ImportColumn>,
}

/// What kind of file a table was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportFormat {
    /// A workbook.
    Xlsx,
    /// CSV in UTF-8.
    Utf8,
    /// CSV in UTF-16.
    Utf16,
    /// CSV in GB18030, GBK or GB2312.
    Gb18030,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportColumn {
    /// What it is called in the table.
    pub header: String,
    /// What it was recognised as.
    pub field: Option<ImportField>,
    /// What it would be if the rows were about the other thing, see [`ImportTable::recognised_as`].
    pub otherwise: Option<ImportField>,
}

impl ImportTable {
    /// What each column is recognised as if the rows are about this.
    pub fn recognised_as(&self, of: Table) -> Vec<Option<ImportField>> {
        let columns = self.columns.iter();
        let fields = columns.map(|it| {
            if of == self.of {
                &it.field
            } else {
                &it.otherwise
            }
        });
        fields.cloned().collect()
    }
}

/// A field of the register that a column can fill. `care` of a resident is all care tags at once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ImportField {
    /// Of what.
    pub kind: EntryKind,
    /// Which.
    pub field: FieldName,
}

/// How the table is to be understood.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ImportChoices {
    /// What its rows are about.
    pub of: Table,
    /// What each column is; `None`: it is left out.
    pub columns: Vec<Option<ImportField>>,
    /// The grid of rows that name none and whose building is new, or that name no building.
    pub grid: Option<GridCode>,
    /// The compound of rows that name none; may be empty.
    pub compound: String,
    /// What stands in the register already and differs is replaced. Else only what is empty is filled.
    pub replace: bool,
}

/// Asks what would come of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PreviewImport {
    /// How the table is to be understood.
    pub choices: ImportChoices,
}

/// What would come of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportPreview {
    /// What would be written if the rows with mistakes were left out.
    pub counts: ImportCounts,
    /// Mistakes.
    pub mistakes: u32,
    /// Rows with mistakes.
    pub wrong_rows: u32,
    /// The first rows as they were understood.
    pub first: Vec<ImportRow>,
    /// A grid has to be chosen for some rows.
    pub needs_grid: bool,
    /// A compound has to be given for some rows.
    pub needs_compound: bool,
}

/// What an import writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportCounts {
    /// Rows that say anything.
    pub rows: u32,
    /// New buildings.
    pub buildings: u32,
    /// New dwellings.
    pub dwellings: u32,
    /// New households.
    pub households: u32,
    /// New residents.
    pub residents: u32,
    /// New 单位/场所.
    pub places: u32,
    /// Entries that are there already and are changed.
    pub changed: u32,
    /// Fields of those that were empty and are filled.
    pub filled: u32,
    /// Fields of those in which something else stands; replaced where that was chosen.
    pub differing: u32,
    /// Rows by which nothing changes.
    pub unchanged: u32,
}

impl ImportCounts {
    /// Entries that are new.
    pub const fn entered(&self) -> u32 {
        self.buildings + self.dwellings + self.households + self.residents + self.places
    }
}

/// A row as it was understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportRow {
    /// Its number in the file, from 1.
    pub row: u32,
    /// What would stand in each field it fills; masked where it is shown masked.
    pub cells: Vec<ImportCell>,
    /// Something is wrong with it.
    pub wrong: bool,
}

/// A cell as it was understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportCell {
    /// Its field.
    pub field: ImportField,
    /// What would stand there; `None`: it could not be understood.
    pub value: Option<FieldValue>,
}

/// Asks for a window of what is wrong, after a preview.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListImportMistakes {
    /// How many to pass over.
    pub offset: u32,
    /// How many.
    pub limit: u32,
}

/// A window of what is wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportMistakes {
    /// How many there are.
    pub total: u32,
    /// By row.
    pub mistakes: Vec<ImportMistake>,
}

/// One thing that is wrong. It quotes nothing of the table but the name of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportMistake {
    /// The number of the row in the file, from 1.
    pub row: u32,
    /// What the column is called in the table; empty: it has none.
    pub header: String,
    /// The field.
    pub field: ImportField,
    /// What is wrong.
    pub why: ImportWrong,
}

/// What can be wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportWrong {
    /// The value can't stand in its field.
    Value {
        /// Why.
        wrong: Wrong,
    },
    /// A spreadsheet made a number of it, and lost its last digits.
    DigitsLost,
    /// A formula of the spreadsheet failed.
    FailedFormula,
    /// The household has another head already.
    TwoHeads,
    /// The same person stands in an earlier row.
    SamePerson {
        /// Which.
        row: u32,
    },
    /// The same 单位/场所 stands in an earlier row.
    SamePlace {
        /// Which.
        row: u32,
    },
    /// The register has no such building; a table of 单位/场所 makes none.
    NoSuchBuilding,
    /// An earlier row says something else of the same building, dwelling or household.
    Unlike {
        /// Which.
        row: u32,
    },
    /// The city has no such grid.
    NoSuchGrid,
    /// Not one of this person's grids.
    NotYourGrid,
    /// It, or its building, stands in another grid.
    OtherGrid,
    /// No grid is named, and none was chosen.
    NoGrid,
    /// Several households live there, and nothing says which is meant.
    WhichHousehold,
    /// Several people in the register have this number.
    WhichPerson,
    /// Several entries of the register would be meant: the same building or door stands there twice.
    WhichEntry,
}

/// Takes the table over, all in one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunImport {
    /// How the table is to be understood.
    pub choices: ImportChoices,
    /// Rows with mistakes are left out. Else nothing is written while there is one.
    pub leave_out: bool,
}

/// What was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportDone {
    /// Which import it is.
    pub import: ImportId,
    /// What was written.
    pub counts: ImportCounts,
    /// Rows that were left out.
    pub left_out: u32,
}

/// Asks how far it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetImportProgress {}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportProgress {
    /// What is being done; `None`: nothing.
    pub stage: Option<ImportStage>,
    /// Rows, or entries that are written, that are done.
    pub done: u32,
    /// Of so many; 0: not known yet.
    pub total: u32,
}

/// What is being done with a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportStage {
    /// The file is read.
    Reading,
    /// What stands in the register is looked up.
    Comparing,
    /// Its rows are understood.
    Checking,
    /// It is written.
    Writing,
}

/// Forgets the table that was being looked at.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DropImport {}

/// Saves what is wrong as a table beside other downloads. The words are the page's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveImportMistakes {
    /// The table, CSV.
    pub text: String,
}

/// Where a file was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedFile {
    /// Its path.
    pub path: String,
}

/// Why a table can't be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportTrouble {
    /// More than [`IMPORT_BYTES_MAX`].
    TooLarge,
    /// More than [`IMPORT_UNPACKED_BYTES_MAX`] when unpacked.
    Unpacks,
    /// More than [`IMPORT_ROWS_MAX`] rows or [`IMPORT_COLUMNS_MAX`] columns.
    TooManyCells,
    /// A workbook of the old format, or with a password.
    OldWorkbook,
    /// A workbook that is damaged.
    Damaged,
    /// Neither a table of text nor a workbook.
    NoTable,
    /// A quote is opened and never closed.
    OpenQuote {
        /// In which row.
        row: u32,
    },
    /// There are no rows.
    Empty,
    /// Only clerks and dispatchers import.
    NotYourRole,
    /// Rows have mistakes, and were not to be left out.
    Mistakes,
    /// One field is filled by two columns.
    TwiceFilled,
    /// Nothing is left to be written.
    Nothing,
    /// The folder for downloads can't be written.
    NotSaved,
}
