//! Vaccinations as HL7 FHIR R4 (hl7.org/fhir/R4/immunization.html): a collection of patients and
//! immunizations. A grid worker writes down what others say, so none is a primary source. Records that
//! others correct are left out: the correction stands for them.

mod patient;

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use shared::{RecordId, record::Record};

use super::{
    Mark,
    gather::Gathered,
    questions::{self, Asked},
};

/// Codes for reasons that HL7 has none for.
const OWN_REASONS: &str = "urn:gridwalker:reason-not-vaccinated";

/// Vaccines, by the names that the form gives them: which there are is its author's to say.
const OWN_VACCINES: &str = "urn:gridwalker:vaccine";

/// 统一社会信用代码, by which GB 32100 names who vaccinated.
const CREDIT_CODES: &str = "urn:gridwalker:uscc";

/// 外地接种: given as the reason why nobody was vaccinated here, and says that they were.
const ELSEWHERE: &str = "elsewhere";

/// The bundle, made while it is written: as one value it took 409 MB of 20,000 records, and so 144.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bundle<'a> {
    resource_type: &'static str,
    r#type: &'static str,
    timestamp: String,
    meta: Value,
    entry: Entries<'a>,
}

/// The bundle; `None`: the form has no question `status`, so it does not ask about vaccinations.
/// `numbers`: what is shown masked stands there whole.
pub(super) fn bundle<'a>(
    gathered: &'a Gathered,
    numbers: bool,
    mark: &'a Mark,
) -> Option<Bundle<'a>> {
    let asked: BTreeMap<String, (String, Asked)> = questions::all(&gathered.form)
        .into_iter()
        .map(|(address, asked)| {
            let name = address.rsplit('/').next().unwrap_or(&address).to_owned();
            (name, (address, asked))
        })
        .collect();
    asked.get("status")?;
    Some(Bundle {
        resource_type: "Bundle",
        r#type: "collection",
        timestamp: mark.moment(mark.at),
        meta: json!({ "tag": [{ "system": "urn:gridwalker:exported-by", "code": mark.by }] }),
        entry: Entries {
            gathered,
            asked,
            numbers,
            mark,
        },
    })
}

/// Patients, each once, and behind them immunizations.
struct Entries<'a> {
    gathered: &'a Gathered,
    asked: BTreeMap<String, (String, Asked)>,
    numbers: bool,
    mark: &'a Mark,
}

impl Entries<'_> {
    fn answers<'s>(&'s self, record: &'s Record) -> Answers<'s> {
        Answers {
            asked: &self.asked,
            record,
        }
    }

    /// Records that say something, with whom each is about. What was corrected says nothing any more; the
    /// correction stands for it.
    fn records(&self) -> impl Iterator<Item = (RecordId, &Record, String)> {
        let records = self.gathered.records.iter();
        let stand = records.filter(|(id, _)| !self.gathered.corrected.contains(id));
        stand.map(|(id, record)| {
            let patient = patient::id(record.filled.subject.as_ref(), *id);
            (*id, record, patient)
        })
    }
}

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut patients: BTreeMap<String, &Record> = BTreeMap::new();
        for (_, record, patient) in self.records() {
            patients.entry(patient).or_insert(record);
        }
        let patients = patients.into_iter().map(|(patient, record)| {
            patient::of(self.gathered, &self.answers(record), &patient, self.numbers)
        });
        let immunizations = self.records().map(|(id, record, patient)| {
            immunization(id, record, &self.answers(record), &patient, self.mark)
        });
        serializer.collect_seq(patients.chain(immunizations).map(|resource| {
            let id = resource.get("id").and_then(Value::as_str);
            let url = format!("urn:uuid:{}", id.unwrap_or_default());
            json!({ "fullUrl": url, "resource": resource })
        }))
    }
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

fn immunization(
    id: RecordId,
    record: &Record,
    answers: &Answers<'_>,
    patient: &str,
    mark: &Mark,
) -> Value {
    let reason = answers.code("reason_code");
    let is_elsewhere = reason == Some(ELSEWHERE);
    let is_done = is_elsewhere || answers.code("status") == Some("completed");
    let recorded = mark.moment(record.filled.finished_at);
    let mut it = json!({
        "resourceType": "Immunization",
        "id": id.to_string(),
        "status": if is_done { "completed" } else { "not-done" },
        "vaccineCode": vaccine(answers),
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
    if let Some(reason) = reason.filter(|_| !is_done) {
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
            put("performer", performer(clinic, answers.code("clinic_uscc")));
        }
        // 接种地点, where a form asks for it beside 接种单位.
        if let Some(place) = answers.code("place").or_else(|| answers.code("clinic")) {
            put("location", json!({ "display": place }));
        }
        if let Some(protocol) = protocol(answers) {
            put("protocolApplied", json!([protocol]));
        }
    }
    let words = answers.words("reason_code").filter(|_| is_elsewhere);
    let notes = [words, answers.code("reason_note").map(str::to_owned)];
    let notes = notes.into_iter().flatten();
    let notes: Vec<Value> = notes.map(|note| json!({ "text": note })).collect();
    if !notes.is_empty() {
        put("note", Value::Array(notes));
    }
    it
}

/// With the form's own code, where it was answered.
fn vaccine(answers: &Answers<'_>) -> Value {
    let (Some(code), Some(words)) = (answers.code("product_code"), answers.words("product_code"))
    else {
        return json!({ "text": "不详" });
    };
    let coding = json!({ "system": OWN_VACCINES, "code": code, "display": words });
    json!({ "coding": [coding], "text": words })
}

/// Whoever vaccinated, <https://terminology.hl7.org/CodeSystem-v2-0443.html>.
fn performer(clinic: &str, credit_code: Option<&str>) -> Value {
    let system = "http://terminology.hl7.org/CodeSystem/v2-0443";
    let mut actor = json!({ "type": "Organization", "display": clinic });
    if let (Some(actor), Some(code)) = (actor.as_object_mut(), credit_code) {
        let identifier = json!({ "system": CREDIT_CODES, "value": code });
        actor.insert("identifier".to_owned(), identifier);
    }
    let function = json!({ "coding": [{ "system": system, "code": "AP" }] });
    json!([{ "function": function, "actor": actor }])
}

/// Which dose, and of how many, where both are numbers; a dose that is none is told in words.
fn protocol(answers: &Answers<'_>) -> Option<Value> {
    let number = |name: &str| {
        let number = answers.code(name)?.parse::<u32>().ok();
        number.filter(|it| *it > 0)
    };
    let mut protocol = match number("dose_no") {
        Some(dose) => json!({ "doseNumberPositiveInt": dose }),
        None => json!({ "doseNumberString": answers.words("dose_no")? }),
    };
    if let (Some(protocol), Some(series)) = (protocol.as_object_mut(), number("series_doses")) {
        protocol.insert("seriesDosesPositiveInt".to_owned(), json!(series));
    }
    Some(protocol)
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
