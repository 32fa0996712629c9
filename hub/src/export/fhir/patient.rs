//! Who was vaccinated, as HL7 FHIR R4 (hl7.org/fhir/R4/patient.html).

use serde_json::{Value, json};
use shared::{
    DocRef, RecordId,
    register::{EntryKind, mask},
};

use super::{super::gather::Gathered, Answers};

/// 公民身份号码; numbers of other documents go by [`OTHER_NUMBERS`] and their kind.
const CITIZEN_NUMBERS: &str = "urn:oid:2.16.156.1.112.1";

const OTHER_NUMBERS: &str = "urn:gridwalker:id-type:";

/// How a number that is not told is written all the same (hl7.org/fhir/R4/extension-rendered-value.html).
const RENDERED: &str = "http://hl7.org/fhir/StructureDefinition/rendered-value";

/// Somebody the register knows is the same patient in every record.
pub(super) fn id(subject: Option<&DocRef>, record: RecordId) -> String {
    match subject {
        Some(subject) if subject.kind == EntryKind::Resident.kind() => subject.id.to_string(),
        _ => {
            // Nobody the register knows: a patient of this record alone, with an id of its own.
            let mut bytes = *record.as_bytes();
            if let Some(last) = bytes.last_mut() {
                *last ^= 0xff;
            }
            uuid::Uuid::from_bytes(bytes).to_string()
        }
    }
}

/// Who a record is about: by the register, else by what was answered. `numbers`: numbers that are shown
/// masked stand there whole.
pub(super) fn of(gathered: &Gathered, answers: &Answers<'_>, id: &str, numbers: bool) -> Value {
    let about = answers.record.filled.subject.as_ref();
    let about = about.and_then(|it| gathered.entries.get(&it.id));
    let known = |text: Option<&String>| text.filter(|it| !it.is_empty()).cloned();
    let answered = |name: &str| answers.code(name).map(str::to_owned);
    let name = known(about.map(|it| &it.title))
        .or_else(|| answered("name_shown"))
        .or_else(|| answered("name"));
    // GB/T 2261.1 has 0 for unknown and 9 for not stated; neither is FHIR's `other`.
    let gender = match about.map(|it| it.sex.as_str()) {
        Some("1") => "male",
        Some("2") => "female",
        _ => "unknown",
    };
    let mut patient = json!({ "resourceType": "Patient", "id": id, "gender": gender });
    let Some(fields) = patient.as_object_mut() else {
        return patient;
    };
    let mut put = |field: &str, value: Value| fields.insert(field.to_owned(), value);
    if let Some(name) = name {
        put("name", json!([{ "text": name }]));
    }
    if let Some(birth) = known(about.map(|it| &it.birth)) {
        put("birthDate", json!(birth));
    }
    if let Some(number) = known(about.map(|it| &it.id_no)).or_else(|| answered("id_no")) {
        let of = known(about.map(|it| &it.id_type)).or_else(|| answered("id_type"));
        put("identifier", identifier(of.as_deref(), &number, numbers));
    }
    let phone = known(about.map(|it| &it.phone)).or_else(|| answered("phone"));
    if let Some(phone) = phone.filter(|_| numbers) {
        put("telecom", json!([{ "system": "phone", "value": phone }]));
    }
    patient
}

fn identifier(of: Option<&str>, number: &str, numbers: bool) -> Value {
    let system = match of {
        None | Some("resident") => CITIZEN_NUMBERS.to_owned(),
        Some(of) => format!("{OTHER_NUMBERS}{of}"),
    };
    if numbers {
        return json!([{ "system": system, "value": number }]);
    }
    let rendered = json!([{ "url": RENDERED, "valueString": mask(number) }]);
    json!([{ "system": system, "_value": { "extension": rendered } }])
}
