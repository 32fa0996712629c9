//! The words of imports: what is wrong with a row, with a table, and how far it is.

use shared::ipc::{
    IMPORT_BYTES_MAX, IMPORT_COLUMNS_MAX, IMPORT_ROWS_MAX, IMPORT_UNPACKED_BYTES_MAX, ImportFormat,
    ImportProgress, ImportStage, ImportTrouble, ImportWrong,
};

use super::{Words, errors::Notice};

impl Words {
    /// What is wrong with a row, and what to do.
    pub(crate) fn import_wrong(self, why: &ImportWrong) -> String {
        let text = match why {
            ImportWrong::Value { wrong } => return self.wrong(wrong),
            ImportWrong::DigitsLost => self.import_w_digits_lost(),
            ImportWrong::FailedFormula => self.import_w_failed_formula(),
            ImportWrong::TwoHeads => self.import_w_two_heads(),
            ImportWrong::SamePerson { row } => return self.import_w_same_person(row),
            ImportWrong::SamePlace { row } => return self.import_w_same_place(row),
            ImportWrong::NoSuchBuilding => self.import_w_no_such_building(),
            ImportWrong::Unlike { row } => return self.import_w_unlike(row),
            ImportWrong::NoSuchGrid => self.import_w_no_such_grid(),
            ImportWrong::NotYourGrid => self.import_w_not_your_grid(),
            ImportWrong::OtherGrid => self.import_w_other_grid(),
            ImportWrong::NoGrid => self.import_w_no_grid(),
            ImportWrong::WhichHousehold => self.import_w_which_household(),
            ImportWrong::WhichPerson => self.import_w_which_person(),
            ImportWrong::WhichEntry => self.import_w_which_entry(),
        };
        text.to_owned()
    }

    /// What kind of file it was.
    pub(crate) fn import_format(self, format: ImportFormat) -> &'static str {
        match format {
            ImportFormat::Xlsx => self.import_format_xlsx(),
            ImportFormat::Utf8 => self.import_format_utf8(),
            ImportFormat::Utf16 => self.import_format_utf16(),
            ImportFormat::Gb18030 => self.import_format_gb18030(),
        }
    }

    /// How far it is; empty while nothing is being done.
    pub(crate) fn import_progress_of(self, progress: ImportProgress) -> String {
        let (done, total) = (progress.done, progress.total);
        match progress.stage {
            None => String::new(),
            Some(ImportStage::Reading) => self.import_reading().to_owned(),
            Some(ImportStage::Comparing) => self.import_comparing(done, total),
            Some(ImportStage::Checking) => self.import_checking(done, total),
            Some(ImportStage::Writing) => self.import_writing(done, total),
        }
    }

    /// Why a table can't be imported.
    pub(super) fn import_notice(self, why: ImportTrouble) -> Notice {
        let megabytes = |bytes: u64| bytes >> 20;
        let other = self.import_t_other_do();
        let (happened, todo) = match why {
            ImportTrouble::TooLarge => (
                self.import_t_too_large(megabytes(IMPORT_BYTES_MAX)),
                self.import_t_split_do(),
            ),
            ImportTrouble::Unpacks => (
                self.import_t_unpacks(megabytes(IMPORT_UNPACKED_BYTES_MAX)),
                self.import_t_split_do(),
            ),
            ImportTrouble::TooManyCells => (
                self.import_t_too_many_cells(IMPORT_COLUMNS_MAX, IMPORT_ROWS_MAX),
                self.import_t_split_do(),
            ),
            ImportTrouble::OldWorkbook => (
                self.import_t_old_workbook().to_owned(),
                self.import_t_old_workbook_do(),
            ),
            ImportTrouble::Damaged => (self.import_t_damaged().to_owned(), other),
            ImportTrouble::NoTable => (self.import_t_no_table().to_owned(), other),
            ImportTrouble::OpenQuote { row } => (self.import_t_open_quote(row), other),
            ImportTrouble::Empty => (self.import_t_empty().to_owned(), other),
            ImportTrouble::NotYourRole => (
                self.import_not_yours().to_owned(),
                self.import_not_yours_hint(),
            ),
            ImportTrouble::Mistakes => (
                self.import_t_mistakes().to_owned(),
                self.import_t_mistakes_do(),
            ),
            ImportTrouble::TwiceFilled => (
                self.import_t_twice_filled().to_owned(),
                self.import_t_twice_filled_do(),
            ),
            ImportTrouble::Nothing => (self.import_nothing().to_owned(), other),
            ImportTrouble::NotSaved => (
                self.import_t_not_saved().to_owned(),
                self.import_t_not_saved_do(),
            ),
        };
        Notice {
            happened,
            safe: self.import_safe(),
            todo: todo.to_owned(),
        }
    }
}
