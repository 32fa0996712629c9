//! Reads forms as people write them: XLSForm (<https://xlsform.org>), a workbook with the sheets
//! `survey`, `choices`, `settings` and `entities`. Whatever is wrong is told with its sheet, row
//! and column, all of it at once.

mod choices;
mod columns;
mod entities;
mod grid;
mod kinds;
mod mistake;
mod question;
mod settings;
mod survey;
mod workbook;

pub use mistake::{Mistake, What};
pub use workbook::{Book, Sheet, Unreadable, read};

use crate::{
    Beside, Form, Program,
    definition::FORMAT,
    program::{Part, Problem},
};
use columns::column_of;
use grid::Grid;
use survey::Survey;

/// A form that was read, and what its author should know though it can be used.
#[derive(Clone, PartialEq, Debug)]
pub struct Loaded {
    /// The form.
    pub form: Form,
    /// What was passed over.
    pub warnings: Vec<Mistake>,
}

/// Makes a form of a workbook. `id` is what it is called if it says nothing itself: the file's
/// name, mostly. `beside` are the lists beside it that are at hand; of those that are not, it is
/// not checked whether they have the columns that the form asks for.
pub fn load(book: &Book, id: &str, beside: &Beside) -> Result<Loaded, Vec<Mistake>> {
    let mut told = Told::default();
    let Some(survey) = book.sheet("survey") else {
        return Err(vec![Mistake::of_sheet("survey", What::NoSheet)]);
    };
    let survey = Grid::of(survey, columns::SURVEY, &mut told);
    let sheet = |name: &str, known, told: &mut Told| {
        book.sheet(name).map(|sheet| Grid::of(sheet, known, told))
    };
    let choices = sheet("choices", columns::CHOICES, &mut told);
    let settings = sheet("settings", columns::SETTINGS, &mut told);
    let entities = sheet("entities", columns::ENTITIES, &mut told);
    for column in ["type", "name"] {
        if !survey.has(column) {
            told.mistake(Mistake::at(
                &survey,
                survey.header_row,
                column,
                What::NoColumn,
            ));
        }
    }
    let settings = settings::read(settings.as_ref(), id, &mut told);
    let mut lists = choices::read(choices.as_ref(), settings.allows_duplicates, &mut told);
    let read = survey::read(&survey, &mut lists, &mut told);
    let records = entities::read(entities.as_ref(), &read, &survey, &mut told);
    let form = Form {
        format: FORMAT,
        id: settings.id,
        version: settings.version,
        title: settings.title,
        root: settings.root,
        languages: languages(&survey, choices.as_ref()),
        default_language: settings.default_language,
        instance_name: settings.instance_name,
        unchanged: settings.unchanged,
        retention_days: settings.retention_days,
        notice: settings.notice,
        items: read.items.clone(),
        lists: lists.into_lists(),
        files: read.files.clone(),
        entities: records,
    };
    if told.mistakes.is_empty() {
        let problems = Program::check(form.clone(), beside.clone())
            .err()
            .unwrap_or_default();
        told.mistakes.extend(
            problems
                .into_iter()
                .map(|problem| placed(problem, &read, &survey, entities.as_ref())),
        );
    }
    if told.mistakes.is_empty() {
        return Ok(Loaded {
            form,
            warnings: told.warnings,
        });
    }
    told.mistakes
        .sort_by(|one, other| (&one.sheet, one.row).cmp(&(&other.sheet, other.row)));
    Err(told.mistakes)
}

/// What is found on the way.
#[derive(Default)]
struct Told {
    mistakes: Vec<Mistake>,
    warnings: Vec<Mistake>,
}

impl Told {
    fn mistake(&mut self, mistake: Mistake) {
        self.mistakes.push(mistake);
    }

    fn warning(&mut self, mistake: Mistake) {
        self.warnings.push(mistake);
    }
}

/// Languages in the order in which their columns come.
fn languages(survey: &Grid, choices: Option<&Grid>) -> Vec<String> {
    let mut languages: Vec<String> = Vec::new();
    for language in survey
        .languages()
        .chain(choices.into_iter().flat_map(Grid::languages))
    {
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    languages
}

/// A problem of the form, told where its author wrote it.
fn placed(problem: Problem, read: &Survey, survey: &Grid, entities: Option<&Grid>) -> Mistake {
    let is_of_entity = matches!(
        problem.place.part,
        Part::EntityLabel | Part::EntityId | Part::EntityCreate | Part::EntityUpdate
    );
    if let Some(entities) = entities.filter(|_| is_of_entity) {
        let line = problem
            .place
            .item
            .and_then(|item| entities.lines().nth(item));
        let row = line.map_or(entities.header_row, |line| line.number);
        let column = column_of(problem.place.part);
        return Mistake::at(entities, row, column, What::Form(problem.what));
    }
    let row = problem
        .place
        .item
        .and_then(|item| read.rows.get(item).copied());
    if let Some(row) = row {
        return Mistake::at(
            survey,
            row,
            &survey.written(column_of(problem.place.part)),
            What::Form(problem.what),
        );
    }
    let column = (problem.place.part == Part::InstanceName).then(|| "instance_name".to_owned());
    let sheet = if column.is_some() {
        "settings"
    } else {
        "survey"
    };
    Mistake {
        sheet: sheet.to_owned(),
        row: None,
        column,
        what: What::Form(problem.what),
    }
}
