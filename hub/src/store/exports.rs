//! What both stores say in the same words of what a file is made of, and of its kind.

use shared::hub_api::export::{ExportFormat, ExportOf};

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

/// Form, first and last day as a row has them. No form is called nothing: so the register is.
pub(super) fn written(of: &ExportOf) -> [&str; 3] {
    match of {
        ExportOf::Register { .. } => [""; 3],
        ExportOf::Records { form, from, until } => [form, from, until],
    }
}

/// What a row of these says.
pub(super) fn of([form, from, until]: [String; 3]) -> ExportOf {
    if form.is_empty() {
        return ExportOf::REGISTER;
    }
    ExportOf::Records { form, from, until }
}
