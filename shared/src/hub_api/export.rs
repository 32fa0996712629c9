//! `POST /sync/v1/export`: what was filled in, or the register, as a file for others. Not part of the
//! sync: only the hub has all of it, and every file is put down with who asked for it and why.

use serde::{Deserialize, Serialize};

use crate::{
    Role,
    register::{check::is_day, words::Table},
};

/// Where it is asked for. The answer is the file.
pub const EXPORT_PATH: &str = "/sync/v1/export";

/// The most records in one file.
pub const EXPORT_RECORDS_MAX: usize = 20_000;

/// The most residents, or places, in one file: a whole street. It can't be asked for in parts, as records can.
pub const EXPORT_ENTRIES_MAX: usize = 100_000;

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
    /// Of what.
    #[serde(flatten)]
    pub of: ExportOf,
    /// What kind of file.
    pub format: ExportFormat,
    /// Why; it is kept.
    pub reason: String,
    /// Whether numbers that are shown masked stand in it whole.
    #[serde(default)]
    pub numbers: bool,
}

/// Of what a file is made. Whoever says nothing else means records, as before there was a register to
/// ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ExportOf {
    /// A table of the register in the grids of whoever asks.
    Register {
        /// Which.
        what: RegisterMark,
    },
    /// What was filled in.
    Records {
        /// Of which form, by its author's name for it.
        form: String,
        /// Finished on this day or later, `YYYY-MM-DD`.
        from: String,
        /// Finished on this day or before, `YYYY-MM-DD`.
        until: String,
    },
}

/// The word for a table of the register in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RegisterMark {
    /// 名册: everybody who lives there.
    Register,
    /// 单位/场所: shops, companies, schools, clinics, venues.
    Places,
}

impl RegisterMark {
    /// Which table of the register it is.
    pub const fn table(self) -> Table {
        match self {
            Self::Register => Table::Residents,
            Self::Places => Table::Places,
        }
    }

    /// Its name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Places => "places",
        }
    }
}

impl ExportOf {
    /// 名册.
    pub const REGISTER: Self = Self::Register {
        what: RegisterMark::Register,
    };
    /// 单位/场所.
    pub const PLACES: Self = Self::Register {
        what: RegisterMark::Places,
    };

    /// What files of it are called by: the form's own name, or the table of the register.
    pub fn name(&self) -> &str {
        match self {
            Self::Register { what } => what.as_str(),
            Self::Records { form, .. } => form,
        }
    }

    /// Whether such a file can be made of it.
    pub fn can_be(&self, format: ExportFormat) -> bool {
        match (self, format) {
            (_, ExportFormat::Csv | ExportFormat::Xlsx)
            | (Self::Records { .. }, ExportFormat::Fhir) => true,
            (Self::Register { .. }, ExportFormat::Fhir) => false,
        }
    }
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
    /// No such file is made of it.
    Format,
}

impl Export {
    /// What stands against it, if anything; told before the hub is asked, and by the hub.
    pub fn lacks(&self) -> Option<ExportLacks> {
        match self.reason.trim().chars().count() {
            0 => return Some(ExportLacks::Reason),
            1..=EXPORT_REASON_MAX => {}
            _ => return Some(ExportLacks::ShorterReason),
        }
        if !self.of.can_be(self.format) {
            return Some(ExportLacks::Format);
        }
        match &self.of {
            ExportOf::Register { .. } => None,
            ExportOf::Records { from, until, .. } => {
                let are_days = is_day(from) && is_day(until) && from <= until;
                (!are_days).then_some(ExportLacks::Days)
            }
        }
    }
}

/// Who may ask for a file.
pub fn may_export(role: Role) -> bool {
    match role {
        Role::Clerk | Role::Dispatcher | Role::Leader => true,
        Role::Worker | Role::Handler | Role::Admin => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::*;

    #[test]
    fn who_says_nothing_else_means_records_as_before_there_was_a_choice() {
        let days = json!({
            "form": "visit", "from": "2026-11-01", "until": "2026-11-30", "format": "csv", "reason": "x",
        });
        let records = ExportOf::Records {
            form: "visit".to_owned(),
            from: "2026-11-01".to_owned(),
            until: "2026-11-30".to_owned(),
        };
        let asked: Export = from_value(days.clone()).unwrap();
        assert_eq!((&asked.of, asked.lacks()), (&records, None));

        let register = json!({ "what": "register", "format": "xlsx", "reason": "x" });
        let mut asked: Export = from_value(register).unwrap();
        assert_eq!((&asked.of, asked.lacks()), (&ExportOf::REGISTER, None));
        asked.format = ExportFormat::Fhir;
        assert_eq!(asked.lacks(), Some(ExportLacks::Format));

        let places = json!({ "what": "places", "format": "csv", "reason": "x" });
        let asked: Export = from_value(places).unwrap();
        assert_eq!((&asked.of, asked.lacks()), (&ExportOf::PLACES, None));
        assert_eq!(asked.of.name(), "places");

        let other = json!({ "what": "campaigns", "format": "xlsx", "reason": "x" });
        assert!(from_value::<Export>(other).is_err(), "nobody guesses");
    }
}
