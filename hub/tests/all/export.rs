//! Files of what was filled in: who gets one, what stands in it, and that each is put down.
#![expect(clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::io::Cursor;

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use shared::{CaseId, hub_api::ErrorCode};
use uuid::Uuid;

use crate::world::{Device, Reply, World, fresh, pack};

const VACCINATION: &[u8] = include_bytes!("../../../packs/forms/vaccination.xlsx");

/// Of 2026-11-24, 08:00 in China.
const MORNING: i64 = crate::world::MORNING;

struct Scene {
    world: World,
    worker: Device,
    clerk: Device,
    dwelling: Uuid,
    resident: Uuid,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new().await;
        let no_list = |_: &str| Err(hub::Error::FormTooLarge);
        let loaded = world.hub.load_form(VACCINATION, "vaccination", no_list);
        loaded.await.unwrap();
        let mut scene = Self {
            worker: world.device("w1").await,
            clerk: world.device("c1").await,
            world,
            dwelling: Uuid::nil(),
            resident: Uuid::nil(),
        };
        let mut above: Option<(&str, Uuid)> = None;
        for (kind, more) in [
            ("building", json!({ "compound": "丽水花园", "name": "3幢" })),
            ("dwelling", json!({ "unit": "2单元", "room": "501" })),
            ("household", json!({})),
            (
                "resident",
                json!({ "name": "=田甲", "sex": "2", "birth": "1950-03-07", "phone": "13800005678" }),
            ),
        ] {
            let mut set = more;
            set["grid"] = json!("G1");
            if let Some((field, id)) = above {
                set[field] = json!(id);
            }
            let id = Uuid::from_bytes(fresh());
            scene
                .does(kind, id, json!({ "do": "enter", "set": set }))
                .await;
            above = Some((kind, id));
            if kind == "dwelling" {
                scene.dwelling = id;
            }
            scene.resident = id;
        }
        scene
    }

    async fn does(&self, kind: &str, id: Uuid, action: Value) {
        let mut op = self.worker.op(CaseId::from_bytes(fresh()), &action);
        op["target"] = json!({ "kind": kind, "id": id });
        let answer = self.worker.push(&[op]).await;
        let outcome = &answer.results[0].outcome;
        assert_eq!(*outcome, shared::Outcome::Applied, "{kind}: {outcome:?}");
    }

    /// Somebody else lives there, of whom the next records are.
    async fn meets(&mut self, card: Value) {
        let mut set = card;
        set["grid"] = json!("G1");
        set["household"] = json!(self.dwelling);
        self.resident = Uuid::from_bytes(fresh());
        let enter = json!({ "do": "enter", "set": set });
        self.does("resident", self.resident, enter).await;
    }

    /// Fills in the form about the resident.
    async fn fills(&self, replaces: Option<Uuid>, values: &[(&str, &str)]) -> Uuid {
        let values: Vec<Value> = values
            .iter()
            .map(|(address, value)| json!({ "address": address, "value": value }))
            .collect();
        let id = Uuid::from_bytes(fresh());
        let mut action = json!({
            "do": "record",
            "form": { "doc": Uuid::from_u128(5), "id": "vaccination", "version": "1" },
            "subject": { "kind": "resident", "id": self.resident },
            "grid": "G1",
            "begun_at": MORNING, "finished_at": MORNING,
            "values": values,
        });
        if let Some(replaces) = replaces {
            action["replaces"] = json!(replaces);
        }
        self.does("record", id, action).await;
        id
    }

    async fn file(&self, by: &Device, wanted: Value) -> Reply {
        let request = by
            .request("POST", "/sync/v1/export")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(wanted.to_string()));
        by.send(request.unwrap()).await
    }
}

fn wanted(format: &str) -> Value {
    json!({
        "form": "vaccination", "format": format, "reason": "报街道",
        "from": "2026-11-24", "until": "2026-11-24",
    })
}

const NOT_DONE: [(&str, &str); 5] = [
    ("person/name_shown", "=田甲"),
    ("person/phone", "13800005678"),
    ("vaccination/status", "not_done"),
    ("vaccination/reason_code", "unwilling"),
    ("vaccination/reason_note", "-2+3"),
];

const DONE: [(&str, &str); 7] = [
    ("vaccination/status", "completed"),
    ("vaccination/dose_no", "2"),
    ("vaccination/occurred_on", "2026-09-01"),
    ("vaccination/product_code", "influenza"),
    ("vaccination/manufacturer", "e"),
    ("vaccination/lot", "L-7"),
    ("reported_by", "document"),
];

#[tokio::test]
async fn a_table_has_the_form_s_words_and_says_where_it_is_from() {
    let scene = Scene::new().await;
    let id = scene.fills(None, &NOT_DONE).await;

    let reply = scene.file(&scene.clerk, wanted("csv")).await;

    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(reply.header("cache-control"), "no-store");
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    assert_eq!(
        lines.next().unwrap(),
        "记录编号,完成时间,填写人,网格,对象编号,对象,住址,已被更正,\
         姓名,联系电话,接种状态,未接种原因,补充说明,导出人,导出时间"
    );
    let resident = scene.resident;
    assert_eq!(
        lines.next().unwrap(),
        format!(
            "{id},2026-11-24T08:00:00+08:00,w1,G1,{resident},'=田甲,丽水花园 3幢 2单元 501,,\
             '=田甲,138****5678,未接种,不愿,'-2+3,c1,2026-11-24T08:00:00+08:00"
        )
    );
    assert_eq!(lines.next(), None);
}

#[tokio::test]
async fn numbers_stand_whole_only_where_that_was_asked_for_and_it_is_put_down() {
    let scene = Scene::new().await;
    scene.fills(None, &NOT_DONE).await;
    let mut whole = wanted("csv");
    whole["numbers"] = json!(true);

    let reply = scene.file(&scene.clerk, whole).await;

    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(text.contains("13800005678"), "{text}");
    scene.file(&scene.clerk, wanted("xlsx")).await;
    let exports = scene.world.hub.exports().await.unwrap();
    let put_down: Vec<_> = exports
        .iter()
        .map(|it| {
            (
                it.staff.as_str(),
                it.format.as_str(),
                it.numbers,
                it.records,
            )
        })
        .collect();
    assert_eq!(put_down, [("c1", "csv", true, 1), ("c1", "xlsx", false, 1)]);
    assert_eq!(exports[0].reason, "报街道");
    assert_eq!(exports[0].grids, 2);
    let said = scene.world.run(&["exports"]);
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("报街道") && said.contains("whole"), "{said}");
}

#[tokio::test]
async fn only_those_who_answer_for_grids_get_files_and_only_of_those() {
    let scene = Scene::new().await;
    scene.fills(None, &NOT_DONE).await;

    let refused = scene.file(&scene.worker, wanted("csv")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.error(), ErrorCode::Forbidden);
    assert_eq!(scene.world.hub.exports().await.unwrap(), []);

    let mut larger = pack();
    let clerk = json!({
        "id": "c2", "name": "Test c2", "name_en": "c2", "badge_no": "0000", "roles": ["clerk"],
        "grids": [], "communities": ["320699001002"],
    });
    larger["staff"].as_array_mut().unwrap().push(clerk);
    let larger = larger.to_string();
    scene.world.hub.load_pack(larger.as_bytes()).await.unwrap();
    let elsewhere = scene.world.device("c2").await;
    let empty = scene.file(&elsewhere, wanted("csv")).await;
    let text = String::from_utf8(empty.body.to_vec()).unwrap();
    assert_eq!(
        text.lines().count(),
        1,
        "a head, and nobody of another community: {text}"
    );

    let mut before = wanted("csv");
    before["until"] = json!("2026-11-23");
    before["from"] = json!("2026-11-01");
    let empty = scene.file(&scene.clerk, before).await;
    let text = String::from_utf8(empty.body.to_vec()).unwrap();
    assert_eq!(text.lines().count(), 1, "the day before: {text}");
}

#[tokio::test]
async fn what_can_not_be_asked_for_is_refused_and_nothing_is_put_down() {
    let scene = Scene::new().await;
    for (field, value, status) in [
        ("reason", json!("  "), StatusCode::BAD_REQUEST),
        ("reason", json!("因".repeat(501)), StatusCode::BAD_REQUEST),
        ("until", json!("2026-11-23"), StatusCode::BAD_REQUEST),
        ("from", json!("2026-02-30"), StatusCode::BAD_REQUEST),
        ("format", json!("pdf"), StatusCode::BAD_REQUEST),
        ("form", json!("no such form"), StatusCode::NOT_FOUND),
    ] {
        let mut asked = wanted("csv");
        asked[field] = value;
        let refused = scene.file(&scene.clerk, asked).await;
        assert_eq!(refused.status, status, "{field}");
    }
    assert_eq!(scene.world.hub.exports().await.unwrap(), []);
}

#[tokio::test]
async fn a_spreadsheet_has_texts_and_numbers_and_a_sheet_that_says_why() {
    use calamine::{Data, Reader as _, Xlsx};
    let scene = Scene::new().await;
    scene.fills(None, &NOT_DONE).await;

    let reply = scene.file(&scene.clerk, wanted("xlsx")).await;

    let mut book = Xlsx::new(Cursor::new(reply.body.to_vec())).unwrap();
    let records = book.worksheet_range("记录").unwrap();
    let cell = |row, column| records.get_value((row, column)).cloned();
    assert_eq!(cell(0, 10), Some(Data::String("接种状态".to_owned())));
    assert_eq!(cell(1, 5), Some(Data::String("=田甲".to_owned())), "a text");
    assert_eq!(cell(1, 9), Some(Data::String("138****5678".to_owned())));
    assert!(
        book.worksheet_formula("记录").unwrap().is_empty(),
        "nothing is a formula"
    );
    let about = book.worksheet_range("说明").unwrap();
    let said: Vec<String> = about.rows().map(|row| row[1].to_string()).collect();
    assert!(said.contains(&"报街道".to_owned()), "{said:?}");
}

#[tokio::test]
async fn vaccinations_are_fhir_and_what_was_corrected_is_not_told_again() {
    let scene = Scene::new().await;
    let wrong = scene.fills(None, &NOT_DONE).await;
    scene.fills(Some(wrong), &DONE).await;
    scene.fills(None, &NOT_DONE).await;

    let reply = scene.file(&scene.clerk, wanted("fhir")).await;

    assert_eq!(reply.header("content-type"), "application/fhir+json");
    let bundle: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(bundle["resourceType"], "Bundle");
    let resources: Vec<&Value> = bundle["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["resource"])
        .collect();
    let [patient, first, second] = resources.as_slice() else {
        panic!("one patient, two immunizations: {bundle}")
    };
    assert_eq!(patient["resourceType"], "Patient");
    assert_eq!(patient["name"][0]["text"], "=田甲");
    assert_eq!(
        (&patient["gender"], &patient["birthDate"]),
        (&json!("female"), &json!("1950-03-07"))
    );
    assert!(patient.get("telecom").is_none(), "no number");
    let (done, not_done) = match first["status"].as_str() {
        Some("completed") => (first, second),
        _ => (second, first),
    };
    assert_eq!(done["status"], "completed");
    assert_eq!(done["primarySource"], false);
    assert_eq!(done["occurrenceDateTime"], "2026-09-01");
    assert_eq!(done["vaccineCode"]["text"], "流感疫苗");
    assert_eq!(done["manufacturer"]["display"], "戊生物");
    assert_eq!(done["lotNumber"], "L-7");
    assert_eq!(done["protocolApplied"][0]["doseNumberPositiveInt"], 2);
    assert_eq!(done["reportOrigin"]["coding"][0]["code"], "record");
    assert_eq!(
        done["patient"]["reference"],
        format!("urn:uuid:{}", scene.resident)
    );
    assert_eq!(not_done["status"], "not-done");
    assert_eq!(not_done["statusReason"]["coding"][0]["code"], "PATOBJ");
    assert_eq!(not_done["statusReason"]["text"], "不愿");
    assert!(not_done.get("lotNumber").is_none());
}

/// The immunization of one record, and whom it is about.
async fn told(scene: &Scene, numbers: bool, id: Uuid) -> (Value, Value) {
    let mut asked = wanted("fhir");
    asked["numbers"] = json!(numbers);
    let reply = scene.file(&scene.clerk, asked).await;
    let bundle: Value = serde_json::from_slice(&reply.body).unwrap();
    let find = |id: &str| {
        let mut all = bundle["entry"].as_array().unwrap().iter();
        let found = all.find(|it| it["resource"]["id"] == id);
        found.map(|it| it["resource"].clone()).unwrap()
    };
    let immunization = find(&id.to_string());
    let patient = immunization["patient"]["reference"].as_str().unwrap();
    let patient = find(patient.trim_start_matches("urn:uuid:"));
    (immunization, patient)
}

#[tokio::test]
async fn each_reason_not_to_be_vaccinated_is_told_and_elsewhere_is_vaccinated() {
    let scene = Scene::new().await;
    let own = "urn:gridwalker:reason-not-vaccinated";
    let hl7 = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    for (reason, coding, text) in [
        ("contraindication", (hl7, "MEDPREC"), "禁忌"),
        ("unwilling", (hl7, "PATOBJ"), "不愿"),
        ("deferred", (own, "deferred"), "暂缓"),
        ("age", (own, "age"), "年龄"),
        ("booked", (own, "booked"), "已预约"),
        ("unreachable", (own, "unreachable"), "无法联系"),
    ] {
        let answers = [
            ("vaccination/status", "not_done"),
            ("vaccination/reason_code", reason),
        ];
        let id = scene.fills(None, &answers).await;
        let (it, _) = told(&scene, false, id).await;
        assert_eq!(it["status"], "not-done", "{reason}");
        let said = &it["statusReason"]["coding"][0];
        assert_eq!(
            (&said["system"], &said["code"]),
            (&json!(coding.0), &json!(coding.1))
        );
        assert_eq!(it["statusReason"]["text"], text);
        assert_eq!(it["occurrenceDateTime"], "2026-11-24T08:00:00+08:00");
        assert_eq!(it["vaccineCode"], json!({ "text": "不详" }));
        for none in ["performer", "location", "protocolApplied"] {
            assert!(it.get(none).is_none(), "{reason}: {none}");
        }
    }

    let elsewhere = [
        ("vaccination/status", "not_done"),
        ("vaccination/reason_code", "elsewhere"),
        ("reported_by", "family"),
    ];
    let id = scene.fills(None, &elsewhere).await;
    let (it, _) = told(&scene, false, id).await;
    assert_eq!(it["status"], "completed");
    assert_eq!(it["primarySource"], false);
    assert_eq!(it["occurrenceString"], "日期不详");
    assert_eq!(it["reportOrigin"]["coding"][0]["code"], "recall");
    assert!(it.get("statusReason").is_none() && it.get("occurrenceDateTime").is_none());
    assert_eq!(it["note"], json!([{ "text": "外地接种" }]));
}

#[tokio::test]
async fn a_dose_says_which_vaccine_where_and_of_how_many() {
    let scene = Scene::new().await;
    let more = [
        ("series_doses", "3"),
        ("vaccination/clinic", "杏花社区卫生服务中心"),
    ];
    let id = scene.fills(None, &[&DONE[..], &more].concat()).await;

    let (it, _) = told(&scene, false, id).await;

    assert_eq!(
        it["vaccineCode"],
        json!({
            "coding": [{
                "system": "urn:gridwalker:vaccine", "code": "influenza", "display": "流感疫苗",
            }],
            "text": "流感疫苗",
        })
    );
    let protocol = json!([{ "doseNumberPositiveInt": 2, "seriesDosesPositiveInt": 3 }]);
    assert_eq!(it["protocolApplied"], protocol);
    let performer = &it["performer"][0];
    assert_eq!(performer["function"]["coding"][0]["code"], "AP");
    assert_eq!(performer["actor"]["type"], "Organization");
    assert_eq!(performer["actor"]["display"], "杏花社区卫生服务中心");
    assert_eq!(it["location"]["display"], "杏花社区卫生服务中心");
}

#[tokio::test]
async fn a_patient_s_numbers_are_masked_unless_they_were_asked_for() {
    let mut scene = Scene::new().await;
    let card = json!({
        "name": "田乙", "id_no": "320600198506150027", "phone": "13800005678",
    });
    scene.meets(card).await;
    let id = scene.fills(None, &DONE).await;

    let (_, masked) = told(&scene, false, id).await;
    let (_, whole) = told(&scene, true, id).await;

    assert_eq!(
        masked["identifier"],
        json!([{
            "system": "urn:oid:2.16.156.1.112.1",
            "_value": { "extension": [{
                "url": "http://hl7.org/fhir/StructureDefinition/rendered-value",
                "valueString": "3206**********0027",
            }]},
        }])
    );
    assert!(masked.get("telecom").is_none());
    let text = masked.to_string();
    assert!(!text.contains("320600198506150027") && !text.contains("13800005678"));
    assert_eq!(whole["identifier"][0]["value"], "320600198506150027");
    let telecom = json!([{ "system": "phone", "value": "13800005678" }]);
    assert_eq!(whole["telecom"], telecom);
    assert_eq!(whole["gender"], "unknown", "nobody said");
    for (sex, gender) in [
        ("1", "male"),
        ("2", "female"),
        ("0", "unknown"),
        ("9", "unknown"),
    ] {
        scene.meets(json!({ "name": "田丙", "sex": sex })).await;
        let id = scene.fills(None, &DONE).await;
        assert_eq!(told(&scene, false, id).await.1["gender"], gender, "{sex}");
    }
}

/// A form that asks for residents by the register's list.
fn asks_for_residents() -> Vec<u8> {
    let rows: [&[&str]; 3] = [
        &["type", "name", "label"],
        &["select_multiple_from_file resident.csv", "seen", "见到谁"],
        &["select_one_from_file dwelling.csv", "door", "在哪"],
    ];
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("survey").unwrap();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(cells) {
            sheet.write(row, column, *text).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

#[tokio::test]
async fn who_was_chosen_from_the_register_stands_there_by_name() {
    let scene = Scene::new().await;
    let no_list = |file: &str| {
        Err(hub::Error::FormListMissing {
            path: file.into(),
            source: std::io::ErrorKind::NotFound.into(),
        })
    };
    let book = asks_for_residents();
    scene
        .world
        .hub
        .load_form(&book, "seen", no_list)
        .await
        .unwrap();
    let (resident, gone) = (scene.resident, Uuid::from_u128(9));
    let action = json!({
        "do": "record",
        "form": { "doc": Uuid::from_u128(5), "id": "seen", "version": "1" },
        "grid": "G1",
        "begun_at": MORNING, "finished_at": MORNING,
        "values": [
            { "address": "seen", "value": format!("{resident} {gone}") },
            { "address": "door", "value": scene.dwelling },
        ],
    });
    scene
        .does("record", Uuid::from_bytes(fresh()), action)
        .await;
    let mut asked = wanted("csv");
    asked["form"] = json!("seen");

    let reply = scene.file(&scene.clerk, asked).await;

    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    let row = text.lines().nth(1).unwrap();
    assert!(
        row.contains(&format!(",'=田甲、{gone},丽水花园 3幢 2单元 501,")),
        "{row}"
    );
}
