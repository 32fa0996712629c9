//! The form of the simulation: small, and with each thing that matters once: words, a number, a photo,
//! and a question that stands for a field of the register.

use anyhow::Result;

use crate::workbook::Rows;

/// The question that stands for a field of the resident the form is about.
pub(crate) const BOUND: &str = "work";

const SHEETS: [(&str, Rows<'static>); 3] = [
    (
        "survey",
        &[
            &["type", "name", "label", "save_to"],
            &["text", "note", "情况", ""],
            &["integer", "count", "人数", ""],
            &["text", BOUND, "工作单位", BOUND],
            &["image", "photo", "照片", ""],
        ],
    ),
    (
        "entities",
        &[&["list_name", "label"], &["resident", "${note}"]],
    ),
    (
        "settings",
        &[
            &["form_title", "form_id", "version"],
            &["上门", "door", "1"],
        ],
    ),
];

/// The form as people write it.
pub(crate) fn workbook() -> Result<Vec<u8>> {
    crate::workbook::workbook(&SHEETS)
}
