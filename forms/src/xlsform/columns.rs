//! The columns of XLSForm, and the other names that people know them by.

use crate::program::Part;

pub(super) const SURVEY: &[&str] = &[
    "type",
    "name",
    "label",
    "hint",
    "guidance_hint",
    "required",
    "required_message",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
    "default",
    "appearance",
    "parameters",
    "read_only",
    "choice_filter",
    "repeat_count",
    "trigger",
    "save_to",
    "image",
    "audio",
    "video",
    "big-image",
    "note",
    "disabled",
];
pub(super) const CHOICES: &[&str] = &["list_name", "name", "label", "image", "audio", "video"];
pub(super) const SETTINGS: &[&str] = &[
    "form_title",
    "form_id",
    "version",
    "default_language",
    "instance_name",
    "name",
    "allow_choice_duplicates",
    "unchanged",
    "notice",
    "purpose",
    "retention_days",
    "style",
    "clean_text_values",
    "public_key",
    "submission_url",
    "auto_send",
    "auto_delete",
];
pub(super) const ENTITIES: &[&str] = &["list_name", "label", "entity_id", "create_if", "update_if"];

const ALIASES: &[(&str, &str)] = &[
    ("relevance", "relevant"),
    ("calculate", "calculation"),
    ("readonly", "read_only"),
    ("read only", "read_only"),
    ("constraint message", "constraint_message"),
    ("required message", "required_message"),
    ("choice filter", "choice_filter"),
    ("repeat count", "repeat_count"),
    ("jr:count", "repeat_count"),
    ("caption", "label"),
    ("list name", "list_name"),
    ("dataset", "list_name"),
    ("value", "name"),
    ("title", "form_title"),
    ("id_string", "form_id"),
    ("form title", "form_title"),
    ("form id", "form_id"),
    ("command", "type"),
    ("bind::relevant", "relevant"),
    ("bind::constraint", "constraint"),
    ("bind::required", "required"),
    ("bind::calculate", "calculation"),
    ("bind::readonly", "read_only"),
    ("control::appearance", "appearance"),
];

/// A heading: the column that it means, and its language. A column that is not known is the
/// author's own and stays as it is written.
pub(super) fn heading(written: &str, known: &[&str]) -> (String, String) {
    let written = written.trim();
    let written = written.strip_prefix("media::").unwrap_or(written);
    let named = |name: &str| {
        let small = name.trim().to_lowercase();
        let alias = ALIASES
            .iter()
            .find(|(alias, _)| *alias == small)
            .map(|(_, name)| *name);
        let name = alias.unwrap_or(&small);
        known.contains(&name).then(|| name.to_owned())
    };
    if let Some(name) = named(written) {
        return (name, String::new());
    }
    if let Some((name, language)) = written.split_once("::").or_else(|| written.split_once(':'))
        && let Some(name) = named(name)
    {
        return (name, language.trim().trim_start_matches(':').to_owned());
    }
    (written.to_owned(), String::new())
}

/// Where the author wrote what is said of an item.
pub(super) fn column_of(part: Part) -> &'static str {
    match part {
        Part::Type => "type",
        Part::Name => "name",
        Part::Label | Part::EntityLabel => "label",
        Part::Hint => "hint",
        Part::Relevant => "relevant",
        Part::Calculate => "calculation",
        Part::Trigger => "trigger",
        Part::Default => "default",
        Part::Required => "required",
        Part::RequiredMessage => "required_message",
        Part::Constraint => "constraint",
        Part::ConstraintMessage => "constraint_message",
        Part::ReadOnly => "read_only",
        Part::Filter => "choice_filter",
        Part::Seed | Part::Parameters => "parameters",
        Part::Count => "repeat_count",
        Part::InstanceName => "instance_name",
        Part::EntityId => "entity_id",
        Part::EntityCreate => "create_if",
        Part::EntityUpdate => "update_if",
    }
}
