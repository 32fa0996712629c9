//! 表单: which there are, how one is filled, and what was filled in. The core holds the session and
//! computes; the page shows lines and hands in answers.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{FormKnown, FormNotice, GridName, Marks};
use crate::{
    DocRef, DraftId, GridCode, PhotoRef, RecordId, Timestamp,
    hub_api::export::Export,
    record::{FormVersion, Given, Told},
    register::EntryKind,
};

/// Questions with at most so many choices bring them along; of others they are asked for.
pub const CHOICES_INLINE: usize = 12;

/// Asks which forms there are, and which were begun.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListForms {}

/// The forms of this device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormList {
    /// The latest version of each form, by title.
    pub forms: Vec<FormRow>,
    /// What was begun, the last one first.
    pub drafts: Vec<FormDraftRow>,
}

/// A form that can be begun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormRow {
    /// The document of its latest version.
    pub doc: Uuid,
    /// Its author's name for it, through all versions.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// The same in English; the same words where its author wrote none.
    pub title_en: String,
    /// The pinyin of the title, for searching.
    pub pinyin: String,
    /// What its author calls the version.
    pub version: String,
    /// What of the register it is about, where its author says so.
    pub about: Option<EntryKind>,
    /// Why it can't be filled in.
    pub trouble: Option<FormTrouble>,
}

/// Why a form can't be filled in. Its drafts are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormTrouble {
    /// The version of the form is not on this device.
    Missing,
    /// A newer app is needed.
    Newer,
    /// It has mistakes.
    Broken {
        /// How many.
        mistakes: u32,
        /// The first of them, for whoever wrote the form.
        first: String,
    },
    /// It is no form, or what was saved of the draft has no place in it.
    Unreadable,
    /// It asks for the register, and this device has more of it than a form can offer.
    RegisterTooLarge,
}

/// A form that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormDraftRow {
    /// Which.
    pub id: DraftId,
    /// What people call the form.
    pub title: String,
    /// The same in English.
    pub title_en: String,
    /// What this filling is called, if the form says so and it is known.
    pub name: String,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// It corrects a record.
    pub corrects: bool,
}

/// Opens a filling: one that was begun, or a new one, which is on the disk before the answer comes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenForm {
    /// Which.
    pub filling: Filling,
}

/// What is filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filling {
    /// The one that was begun.
    Draft {
        /// Which.
        draft: DraftId,
    },
    /// A new one.
    New {
        /// The document of the form's version.
        form: Uuid,
        /// Whom or what it is about.
        subject: Option<DocRef>,
        /// What is known already. What has no place in the form is passed over.
        prefill: Vec<Given>,
    },
    /// 更正: a new one that begins as a record stands, and will replace it.
    Correction {
        /// Which.
        record: RecordId,
    },
}

/// A filling as the page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormView {
    /// Which.
    pub draft: DraftId,
    /// The version of the form.
    pub form: FormVersion,
    /// What people call the form.
    pub title: String,
    /// The same in English.
    pub title_en: String,
    /// The languages it can be asked in; none if it has only one.
    pub languages: Vec<String>,
    /// The grids it may be filed in; more than one is a question.
    pub grids: Vec<GridName>,
    /// Whom or what it is about.
    pub subject: Option<DocRef>,
    /// The record it corrects.
    pub replaces: Option<RecordId>,
    /// What the person is told before they are asked.
    pub notice: Option<FormNotice>,
    /// All that is asked, in order.
    pub lines: Vec<FormLine>,
    /// How it stands.
    pub state: FormState,
}

/// How a filling stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormState {
    /// Counts what was shown; the page says which it has.
    pub shown: u32,
    /// Required questions without an answer.
    pub missing: u32,
    /// Answers that are not as they must be.
    pub wrong: u32,
    /// The language it is asked in.
    pub language: String,
    /// The grid it will be filed in.
    pub grid: Option<GridCode>,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// A line of the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormLine {
    /// By which it is answered.
    pub address: String,
    /// In how many groups and repeats it stands.
    pub depth: u32,
    /// What people read.
    pub label: String,
    /// What helps them.
    pub hint: String,
    /// How it should look, in the words of `XLSForm`.
    pub appearance: String,
    /// What it is.
    pub what: FormLineKind,
}

/// What a line of the page is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormLineKind {
    /// The heading of a group.
    Group,
    /// A repeat, before its instances.
    Repeat {
        /// How many it has.
        instances: u32,
        /// People add and remove them.
        is_open: bool,
    },
    /// The heading of an instance.
    Instance {
        /// Its place, from 1.
        position: u32,
        /// It can be taken away.
        is_open: bool,
        /// Something in it was answered by the person, so that taking it away takes an answer.
        answered: u32,
    },
    /// A question.
    Question(Box<FormQuestion>),
}

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormQuestion {
    /// What it asks for.
    pub kind: AskKind,
    /// What is answered, as forms write it.
    pub value: String,
    /// It must be answered.
    pub required: bool,
    /// It can't be.
    pub read_only: bool,
    /// What is wrong with the answer.
    pub wrong: Option<AnswerWrong>,
    /// What the form's author says of what is wrong, or of what is missing.
    pub message: Option<String>,
    /// The bounds of a range.
    pub range: Option<AskRange>,
    /// From what it is answered.
    pub choices: Option<FormChoices>,
    /// What is chosen, by its words; more than the choices tell where those are many.
    pub chosen: Vec<FormChoice>,
    /// The photo that is the answer.
    pub photo: Option<PhotoRef>,
    /// Who said so before, while the answer is what it began with.
    pub known: Option<FormKnown>,
    /// The number that is known, masked: it stands while no other is given, and no page gets it whole.
    pub kept: Option<String>,
}

/// What a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the kinds of XLSForm under their names")]
pub enum AskKind {
    Text,
    Integer,
    Decimal,
    Range,
    Date,
    Time,
    DateTime,
    SelectOne,
    SelectMultiple,
    Rank,
    Geopoint,
    Image,
    Barcode,
    Note,
    Acknowledge,
    /// Lines, areas, recordings, films, files: this app can't ask for them.
    Other,
}

/// The bounds of a range, as its author wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskRange {
    /// From.
    pub start: String,
    /// To.
    pub end: String,
    /// In steps of.
    pub step: String,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerWrong {
    /// It is missing.
    Missing,
    /// What must hold of it does not.
    Constraint,
    /// It is none of the choices that are offered now.
    NotOffered,
    /// Whether it is right could not be told: the form has a mistake.
    Unclear,
}

/// Why an answer is not taken. Nothing has changed then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each says itself what it is")]
pub enum AnswerRefusal {
    NoSuchQuestion,
    NotAsked,
    ReadOnly,
    NotInteger,
    NotDecimal,
    OutOfRange,
    NotDate,
    NotTime,
    NotDateTime,
    NotAChoice,
    NotPlace,
    TooLong,
    Counted,
}

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormChoice {
    /// What is kept.
    pub value: String,
    /// What people read.
    pub label: String,
}

/// Choices of a question, or the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormChoices {
    /// How many there are of those that were looked for.
    pub total: u32,
    /// Some of them, in the order in which they are shown. Of a question that has more than
    /// [`CHOICES_INLINE`] none: they are asked for.
    pub some: Vec<FormChoice>,
}

/// Answers a question; the empty text takes the answer back. It is on the disk before the answer
/// comes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnswerForm {
    /// The filling.
    pub draft: DraftId,
    /// [`FormState::shown`] of what the page has.
    pub shown: u32,
    /// The question.
    pub address: String,
    /// What was answered, as forms write it. Of a photo its digest.
    pub value: String,
}

/// Adds an instance to a repeat.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddToForm {
    /// The filling.
    pub draft: DraftId,
    /// [`FormState::shown`] of what the page has.
    pub shown: u32,
    /// The repeat.
    pub address: String,
}

/// Takes an instance of a repeat away, with all its answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemoveFromForm {
    /// The filling.
    pub draft: DraftId,
    /// [`FormState::shown`] of what the page has.
    pub shown: u32,
    /// The instance.
    pub address: String,
}

/// Says in which language the form is asked, or in which grid it is filed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetForm {
    /// The filling.
    pub draft: DraftId,
    /// [`FormState::shown`] of what the page has.
    pub shown: u32,
    /// In this language from now on.
    pub language: Option<String>,
    /// In this grid.
    pub grid: Option<GridCode>,
    /// This guardian of a child was told.
    pub guardian: Option<String>,
    /// The number that is kept for this question is wrong: it is left out.
    pub leave_out: Option<String>,
}

/// What is shown differently after something changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormChange {
    /// Lines that came and went, first; the page must have [`FormState::shown`] before.
    pub moved: Option<FormMove>,
    /// Lines that are there and say something else, by their place then.
    pub changed: Vec<FormLineAt>,
    /// How it stands.
    pub state: FormState,
}

/// Lines that took the place of others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormMove {
    /// Where.
    pub at: u32,
    /// How many went.
    pub gone: u32,
    /// Those that came.
    pub come: Vec<FormLine>,
}

/// A line and its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormLineAt {
    /// Where.
    pub at: u32,
    /// What stands there now.
    pub line: FormLine,
}

/// Looks for choices of a question.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindChoices {
    /// The filling.
    pub draft: DraftId,
    /// The question.
    pub address: String,
    /// A part of the words, or of their pinyin or its initials; empty for all.
    pub query: String,
    /// From the how-manieth on.
    pub from: u32,
    /// Not more than so many.
    pub limit: u32,
}

/// Finishes a filling: it becomes a record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FinishForm {
    /// Which.
    pub draft: DraftId,
}

/// Whether it could be finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormFinish {
    /// It is a record now, on the way to the hub.
    Done {
        /// Which.
        record: RecordId,
    },
    /// It goes on: it is about a child, and no guardian is named who was told.
    NoGuardian,
    /// It goes on: this keeps it from being finished, in the order of the form.
    Lacking {
        /// What.
        lacks: Vec<FormLack>,
    },
}

/// A question that is not answered as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormLack {
    /// Which.
    pub address: String,
    /// What is wrong.
    pub wrong: AnswerWrong,
    /// What the form's author says of it.
    pub message: Option<String>,
}

/// Puts a filling into the bin; it can be taken out for a while.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DiscardForm {
    /// Which.
    pub draft: DraftId,
}

/// Takes a filling out of the bin.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RestoreForm {
    /// Which.
    pub draft: DraftId,
}

/// A window of what was filled in, the last one first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListRecords {
    /// Only about this.
    pub subject: Option<DocRef>,
    /// The first row.
    pub offset: u32,
    /// Not more than so many.
    pub limit: u32,
}

/// A window of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordPage {
    /// How many there are.
    pub total: u32,
    /// The rows.
    pub rows: Vec<RecordRow>,
}

/// A record, as a list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordRow {
    /// Which.
    pub id: RecordId,
    /// What people call the form.
    pub title: String,
    /// The same in English.
    pub title_en: String,
    /// What it is called; may be empty.
    pub name: String,
    /// When it was finished.
    pub at: Timestamp,
    /// Who filled it in.
    pub by: String,
    /// The same in English letters.
    pub by_en: String,
    /// Its grid.
    pub grid: GridName,
    /// Another one corrects it.
    pub is_replaced: bool,
    /// It may be filed again as it is; told where it is asked whom it is about.
    pub again: bool,
    /// How far it has travelled; only for what this device did.
    pub marks: Option<Marks>,
}

/// Asks for a record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetRecord {
    /// Which.
    pub record: RecordId,
}

/// A record whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordView {
    /// As the list shows it.
    pub row: RecordRow,
    /// Questions and answers in the words of the form, in the language of the app.
    pub lines: Vec<RecordLine>,
    /// Why the words of the form can't be had; the lines have its names for things then.
    pub trouble: Option<FormTrouble>,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// Whom or what it is about.
    pub subject: Option<DocRef>,
    /// It corrects this one.
    pub replaces: Option<RecordId>,
    /// What the person was told then.
    pub told: Option<Told>,
    /// These correct it, the last one first.
    pub replaced_by: Vec<RecordId>,
    /// It may be corrected here.
    pub may_correct: bool,
    /// Masked answers may be looked at here, for a reason.
    pub may_look: bool,
    /// It may be erased here.
    pub may_erase: bool,
}

/// A line of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordLine {
    /// Where.
    pub address: String,
    /// In how many groups and repeats it stands.
    pub depth: u32,
    /// What was asked, or the heading of a group.
    pub label: String,
    /// What was answered, as people read it; none for a heading.
    pub answer: Option<String>,
    /// The place of an instance of a repeat, from 1.
    pub position: Option<u32>,
    /// The photo that is the answer.
    pub photo: Option<PhotoRef>,
    /// The answer is a number that is shown masked.
    pub masked: bool,
}

/// Asks for a masked answer of a record, with a reason, which is kept and sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RevealAnswer {
    /// The record.
    pub record: RecordId,
    /// Where.
    pub address: String,
    /// Why.
    pub reason: String,
}

/// Asks the hub for a file of what was filled in or of the register, and keeps it where the person keeps
/// files.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportFile {
    /// Which file.
    pub export: Export,
}
