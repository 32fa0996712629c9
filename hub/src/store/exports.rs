//! What both stores say in the same words of what a file is made of, and of its kind.

use shared::hub_api::export::{ExportFormat, ExportOf, RegisterMark};

use super::StoreError;

/// The kind that stands in a row.
pub(super) fn format(written: &str) -> Result<ExportFormat, StoreError> {
    let mut all = ExportFormat::ALL.into_iter();
    let found = all.find(|it| it.as_str() == written);
    found.ok_or_else(|| StoreError::Unreadable {
        what: "export",
        source: "an unknown kind of file".into(),
    })
}

/// Form, first and last day as a row has them. No form is called nothing: so a table of the register is,
/// and which one stands where no day does; of residents nothing, as before there was another.
pub(super) fn written(of: &ExportOf) -> [&str; 3] {
    match of {
        ExportOf::Register {
            what: RegisterMark::Register,
        } => [""; 3],
        ExportOf::Register { what } => ["", what.as_str(), ""],
        ExportOf::Records { form, from, until } => [form, from, until],
    }
}

/// What a row of these says.
pub(super) fn of([form, from, until]: [String; 3]) -> ExportOf {
    if !form.is_empty() {
        return ExportOf::Records { form, from, until };
    }
    if from == RegisterMark::Places.as_str() {
        return ExportOf::PLACES;
    }
    ExportOf::REGISTER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_of_what_a_file_was_made() {
        let records = ExportOf::Records {
            form: "visit".to_owned(),
            from: "2026-11-01".to_owned(),
            until: "2026-11-30".to_owned(),
        };
        for it in [ExportOf::REGISTER, ExportOf::PLACES, records] {
            assert_eq!(of(written(&it).map(str::to_owned)), it);
        }
        assert_eq!(written(&ExportOf::REGISTER), [""; 3], "as it always was");
    }
}
