//! Vaccinations as HL7 FHIR R4 (hl7.org/fhir/R4/immunization.html): a collection of patients and
//! immunizations. A grid worker writes down what others say, so none is a primary source.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use shared::{DocRef, RecordId, record::Record, register::EntryKind};

use super::{
    Mark,
    gather::Gathered,
    questions::{self, Asked},
};

/// Codes for reasons that HL7 has none for.
const OWN_REASONS: &str = "urn:gridwalker:reason-not-vaccinated";

/// The bundle; `None`: the form has no question `status`, so it does not ask about vaccinations.
pub(super) fn bundle(gathered: Gathered, mark: &Mark) -> Option<Value> {
    let asked: BTreeMap<String, (String, Asked)> = questions::all(&gathered.form)
        .into_iter()
        .map(|(address, asked)| {
            let name = address.rsplit('/').next().unwrap_or(&address).to_owned();
            (name, (address, asked))
        })
        .collect();
    asked.get("status")?;
    let mut patients: BTreeMap<String, Value> = BTreeMap::new();
    let mut immunizations = Vec::new();
    for (id, record) in &gathered.records {
        // What was corrected says nothing any more; the correction stands for it.
        if gathered.corrected.contains(id) {
            continue;
        }
        let answers = Answers {
            asked: &asked,
            record,
        };
        let patient = patient_id(record.filled.subject.as_ref(), *id);
        patients
            .entry(patient.clone())
            .or_insert_with(|| self::patient(&gathered, record, &answers, &patient));
        immunizations.push(immunization(*id, record, &answers, &patient, mark));
    }
    let entries = patients.into_values().chain(immunizations);
    let entries = entries.map(|resource| {
        let id = resource.get("id").and_then(Value::as_str);
        let url = format!("urn:uuid:{}", id.unwrap_or_default());
        json!({ "fullUrl": url, "resource": resource })
    });
    let entries: Vec<Value> = entries.collect();
    Some(json!({
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": mark.moment(mark.at),
        "meta": { "tag": [{ "system": "urn:gridwalker:exported-by", "code": mark.by }] },
        "entry": entries,
    }))
}

/// The answers of one record, by the names of the questions.
struct Answers<'a> {
    asked: &'a BTreeMap<String, (String, Asked)>,
    record: &'a Record,
}

impl Answers<'_> {
    fn code(&self, name: &str) -> Option<&str> {
        let (address, _) = self.asked.get(name)?;
        let mut values = self.record.filled.values.iter();
        let given = values.find(|it| it.address == *address)?;
        Some(given.value.as_str()).filter(|it| !it.is_empty())
    }

    /// In the words of the form.
    fn words(&self, name: &str) -> Option<String> {
        let code = self.code(name)?;
        let (_, asked) = self.asked.get(name)?;
        Some(asked.said(code).to_owned())
    }
}

/// Somebody the register knows is the same patient in every record.
fn patient_id(subject: Option<&DocRef>, record: RecordId) -> String {
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

fn patient(gathered: &Gathered, record: &Record, answers: &Answers<'_>, id: &str) -> Value {
    let about = record.filled.subject.as_ref();
    let about = about.and_then(|it| gathered.entries.get(&it.id));
    let name = match about.map(|it| it.title.clone()) {
        Some(name) if !name.is_empty() => name,
        _ => answers
            .words("name_shown")
            .or_else(|| answers.words("name"))
            .unwrap_or_default(),
    };
    let mut patient = Map::new();
    patient.insert("resourceType".to_owned(), json!("Patient"));
    patient.insert("id".to_owned(), json!(id));
    if !name.is_empty() {
        patient.insert("name".to_owned(), json!([{ "text": name }]));
    }
    let gender = match about.map(|it| it.sex.as_str()) {
        Some("1") => Some("male"),
        Some("2") => Some("female"),
        Some("9") => Some("other"),
        _ => None,
    };
    if let Some(gender) = gender {
        patient.insert("gender".to_owned(), json!(gender));
    }
    if let Some(birth) = about
        .map(|it| it.birth.as_str())
        .filter(|it| !it.is_empty())
    {
        patient.insert("birthDate".to_owned(), json!(birth));
    }
    Value::Object(patient)
}

fn immunization(
    id: RecordId,
    record: &Record,
    answers: &Answers<'_>,
    patient: &str,
    mark: &Mark,
) -> Value {
    let is_done = answers.code("status") == Some("completed");
    let recorded = mark.moment(record.filled.finished_at);
    let vaccine = answers
        .words("product_code")
        .unwrap_or_else(|| "不详".to_owned());
    let mut it = json!({
        "resourceType": "Immunization",
        "id": id.to_string(),
        "status": if is_done { "completed" } else { "not-done" },
        "vaccineCode": { "text": vaccine },
        "patient": { "reference": format!("urn:uuid:{patient}") },
        "recorded": recorded,
        "primarySource": false,
    });
    let Some(fields) = it.as_object_mut() else {
        return it;
    };
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    match answers.code("occurred_on") {
        Some(day) if is_done => put("occurrenceDateTime", json!(day)),
        _ if is_done => put("occurrenceString", json!("日期不详")),
        // When it was found not to have been done (FHIR: occurrence of a not-done event).
        _ => put("occurrenceDateTime", json!(recorded)),
    };
    if let Some(origin) = answers.code("reported_by").and_then(origin) {
        put("reportOrigin", origin);
    }
    if let Some(reason) = answers.code("reason_code").filter(|_| !is_done) {
        let words = answers.words("reason_code").unwrap_or_default();
        put("statusReason", status_reason(reason, &words));
    }
    if is_done {
        if let Some(maker) = answers.words("manufacturer") {
            put("manufacturer", json!({ "display": maker }));
        }
        if let Some(lot) = answers.code("lot") {
            put("lotNumber", json!(lot));
        }
        if let Some(clinic) = answers.code("clinic") {
            put("performer", json!([{ "actor": { "display": clinic } }]));
        }
        if let Some(dose) = answers
            .code("dose_no")
            .and_then(|it| it.parse::<u32>().ok())
        {
            put(
                "protocolApplied",
                json!([{ "doseNumberPositiveInt": dose }]),
            );
        }
    }
    if let Some(note) = answers.code("reason_note") {
        put("note", json!([{ "text": note }]));
    }
    it
}

/// <https://terminology.hl7.org/CodeSystem-immunization-origin.html>.
fn origin(reported_by: &str) -> Option<Value> {
    let code = match reported_by {
        "self" | "family" => "recall",
        "document" => "record",
        _ => return None,
    };
    let system = "http://terminology.hl7.org/CodeSystem/immunization-origin";
    Some(json!({ "coding": [{ "system": system, "code": code }] }))
}

/// HL7's `ActReason` where it has a code that says the same, else the form's own.
fn status_reason(code: &str, words: &str) -> Value {
    let system = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    let coding = match code {
        "contraindication" => json!({ "system": system, "code": "MEDPREC" }),
        "unwilling" => json!({ "system": system, "code": "PATOBJ" }),
        _ => json!({ "system": OWN_REASONS, "code": code }),
    };
    json!({ "coding": [coding], "text": words })
}
