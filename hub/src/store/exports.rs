//! What both stores say of a file's kind in the same words.

use shared::hub_api::export::ExportFormat;

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
