//! What of a form stands in the register (XLSForm's entities): `save_to` of a question names the field,
//! `list_name` of the sheet `entities` what it is a field of. Such questions begin with what stands
//! there, and what is answered is written there, so that nothing is asked twice.

use forms::Form;
use shared::{
    FieldName, Kind,
    register::{EntryKind, FieldValue, Fields, Stands, Type, schema},
};

/// What a form is about, where its author says so.
pub(crate) fn about(form: &Form) -> Option<EntryKind> {
    let entity = form.entities.first()?;
    // What is apart no form asks for, and none is told.
    EntryKind::of(&Kind(entity.list.clone())).filter(|kind| !kind.is_apart())
}

/// Addresses of questions and the fields they stand for. Those in repeats are of nobody the form is
/// about.
pub(crate) fn fields(form: &Form) -> Vec<(String, FieldName)> {
    let asked = form.questions().into_iter().filter(|it| !it.in_repeat);
    let bound = asked.filter_map(|it| {
        let field = it.question.save_to.as_deref().map(FieldName::from)?;
        Some((it.address, field))
    });
    bound.collect()
}

/// What stands in a field, as forms write it.
pub(crate) fn as_answer(kind: EntryKind, stands: &Stands<'_>, field: &FieldName) -> Option<String> {
    schema::find(kind, field.as_str())?;
    match stands.value(field.as_str())? {
        FieldValue::Text(text) => Some(text.clone()),
        FieldValue::Number(number) => Some(number.to_string()),
        FieldValue::Flag(_) | FieldValue::Point(_) | FieldValue::Other(_) => None,
    }
}

/// What the answers say of the register: fields that are to be changed, and those that were found to be
/// as they stand.
pub(crate) fn told(
    kind: EntryKind,
    stands: &Stands<'_>,
    fields: &[(String, FieldName)],
    answers: &[(String, String)],
) -> (Fields, Vec<FieldName>) {
    let (mut set, mut same) = (Fields::new(), Vec::new());
    for (address, field) in fields {
        let answer = answers.iter().find(|(at, _)| at == address);
        let value = answer.and_then(|(_, answer)| as_value(kind, field, answer));
        let Some(value) = value else { continue };
        if stands.value(field.as_str()) == Some(&value) {
            same.push(field.clone());
        } else {
            set.insert(field.clone(), Some(value));
        }
    }
    (set, same)
}

fn as_value(kind: EntryKind, field: &FieldName, answer: &str) -> Option<FieldValue> {
    let of = schema::find(kind, field.as_str())?.of;
    Some(match (of, answer.parse()) {
        (Type::Number(..), Ok(number)) => FieldValue::Number(number),
        _ => FieldValue::from(answer),
    })
}
