//! The sheet `settings`: one row that says what the form is called.

use super::{
    Told,
    grid::{Grid, Line},
    mistake::What,
};
use crate::{
    definition::{Notice, Words},
    xpath::lexer::is_name,
};

pub(super) struct Settings {
    pub(super) id: String,
    pub(super) version: String,
    pub(super) title: Words,
    pub(super) root: String,
    pub(super) default_language: String,
    pub(super) instance_name: Option<String>,
    pub(super) allows_duplicates: bool,
    pub(super) unchanged: bool,
    pub(super) notice: Option<Notice>,
    pub(super) retention_days: Option<u32>,
}

pub(super) fn read(grid: Option<&Grid>, id: &str, told: &mut Told) -> Settings {
    let mut settings = Settings {
        id: id.to_owned(),
        version: String::new(),
        title: Words::default(),
        root: "data".to_owned(),
        default_language: String::new(),
        instance_name: None,
        allows_duplicates: false,
        unchanged: false,
        notice: None,
        retention_days: None,
    };
    if let Some(line) = grid.and_then(|grid| grid.lines().next()) {
        let text = |name: &str, without: &str| line.cell(name).unwrap_or(without).to_owned();
        settings.id = text("form_id", id);
        settings.version = text("version", "");
        settings.title = line.words("form_title");
        settings.default_language = text("default_language", "");
        settings.instance_name = line.expression("instance_name");
        settings.root = text("name", "data");
        if !is_name(&settings.root) {
            told.mistake(line.mistake("name", What::NoName(settings.root.clone())));
        }
        settings.allows_duplicates = yes_or_no(&line, "allow_choice_duplicates", told);
        settings.unchanged = yes_or_no(&line, "unchanged", told);
        settings.notice = notice(&line, told);
        settings.retention_days = retention_days(&line, told);
    }
    if settings.title.is_empty() {
        settings.title = Words::plain(settings.id.clone());
    }
    settings
}

/// What a person is told. Who is told something is told what for: each purpose once.
fn notice(line: &Line<'_>, told: &mut Told) -> Option<Notice> {
    let (purpose, text) = (line.words("purpose"), line.words("notice"));
    match (purpose.is_empty(), text.is_empty()) {
        (true, true) => None,
        (false, false) => Some(Notice { purpose, text }),
        (missing, _) => {
            let column = if missing { "purpose" } else { "notice" };
            told.mistake(line.mistake(column, What::Empty));
            None
        }
    }
}

/// The most days a form may say: a hundred years.
const RETENTION_MAX: u32 = 36_500;

/// For how many days records are kept; for ever where the cell is empty.
fn retention_days(line: &Line<'_>, told: &mut Told) -> Option<u32> {
    let said = line.cell("retention_days")?;
    let days = said.parse().ok();
    let days = days.filter(|days| (1..=RETENTION_MAX).contains(days));
    if days.is_none() {
        told.mistake(line.mistake("retention_days", What::Days(said.to_owned())));
    }
    days
}

/// What a cell says that is yes or no; no where it is empty, or says something else, which is told.
fn yes_or_no(line: &Line<'_>, column: &str, told: &mut Told) -> bool {
    let said = line.cell(column).unwrap_or("no");
    match said.to_lowercase().as_str() {
        "yes" | "true" => true,
        "no" | "false" => false,
        _ => {
            told.mistake(line.mistake(column, What::YesOrNo(said.to_owned())));
            false
        }
    }
}
