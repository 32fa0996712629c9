//! `POST /sync/v1/export`: what was filled in, as a file for others. Not part of the sync: only the hub
//! has all of it, and every file is put down with who asked for it and why.

use serde::{Deserialize, Serialize};

use crate::{Role, register::check::is_day};

/// Where it is asked for. The answer is the file.
pub const EXPORT_PATH: &str = "/sync/v1/export";

/// The most records in one file.
pub const EXPORT_RECORDS_MAX: usize = 20_000;

/// The longest reason, in characters.
pub const EXPORT_REASON_MAX: usize = 500;

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// A table in text, UTF-8 with a byte order mark, RFC 4180.
    Csv,
    /// A table for spreadsheets.
    Xlsx,
    /// HL7 FHIR R4: a bundle of `Immunization`s, of forms that ask as the vaccination form does.
    Fhir,
}

impl ExportFormat {
    /// All of them, in the order people see.
    pub const ALL: [Self; 3] = [Self::Xlsx, Self::Csv, Self::Fhir];

    /// Its name on the wire, which is how files end, too, but of FHIR.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Fhir => "fhir",
        }
    }

    /// How a file of it ends.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Fhir => "json",
        }
    }
}

/// Asks for a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Export {
    /// Of which form, by its author's name for it.
    pub form: String,
    /// What kind of file.
    pub format: ExportFormat,
    /// Finished on this day or later, `YYYY-MM-DD`.
    pub from: String,
    /// Finished on this day or before, `YYYY-MM-DD`.
    pub until: String,
    /// Why; it is kept.
    pub reason: String,
    /// Whether numbers that are shown masked stand in it whole.
    #[serde(default)]
    pub numbers: bool,
}

/// Why a file can't be asked for so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportLacks {
    /// The first and the last day are none, or the wrong way round.
    Days,
    /// It does not say why.
    Reason,
    /// The reason is longer than [`EXPORT_REASON_MAX`].
    ShorterReason,
}

impl Export {
    /// What stands against it, if anything; told before the hub is asked, and by the hub.
    pub fn lacks(&self) -> Option<ExportLacks> {
        match self.reason.trim().chars().count() {
            0 => return Some(ExportLacks::Reason),
            1..=EXPORT_REASON_MAX => {}
            _ => return Some(ExportLacks::ShorterReason),
        }
        let are_days = is_day(&self.from) && is_day(&self.until) && self.from <= self.until;
        (!are_days).then_some(ExportLacks::Days)
    }
}

/// Who may ask for a file.
pub fn may_export(role: Role) -> bool {
    match role {
        Role::Clerk | Role::Dispatcher | Role::Leader => true,
        Role::Worker | Role::Handler | Role::Admin => false,
    }
}
