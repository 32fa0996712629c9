//! Files of the register: who stands in one and who does not, on each kind of database.
#![expect(clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::io::Cursor;

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use serde_json::{Value, json};
use shared::{CaseId, Outcome, hub_api::ErrorCode, hub_api::export::ExportOf};
use uuid::Uuid;

use crate::{
    cluster::database,
    world::{Device, Reply, World, fresh, pack_that_permits},
};

/// Numbers nobody has: no division begins with 99.
const NUMBER: &str = "990101195003070010";
const PHONE: &str = "13800005678";

/// Stands in what is known of somebody apart.
pub(crate) const CANARY: &str = "canary-7f3a";

pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) worker: Device,
    pub(crate) clerk: Device,
    /// By grid: 1 is the worker's.
    households: [Uuid; 3],
    resident: Uuid,
}

/// A door in each grid, and behind the first a resident of whom all kinds of things are known.
pub(crate) async fn scenes() -> Vec<Scene> {
    let mut scenes = Vec::new();
    for database in [None, Some(database())] {
        let world = World::on(database, |_| {}).await;
        let city = pack_that_permits(&["w1", "c1"]).to_string();
        world.hub.load_pack(city.as_bytes()).await.unwrap();
        let mut scene = Scene {
            worker: world.device("w1").await,
            clerk: world.device("c1").await,
            world,
            households: [Uuid::nil(); 3],
            resident: Uuid::nil(),
        };
        for (at, grid) in ["G1", "G2", "G3"].into_iter().enumerate() {
            scene.households[at] = scene.door(grid, &format!("w{}", at + 1)).await;
        }
        let known = json!({
            "grid": "G1", "household": scene.households[0], "name": "=田甲", "relation": "head",
            "sex": "2", "birth": "1950-03-07", "id_no": NUMBER, "phone": PHONE,
            "care:alone": true, "care:disability": true, "note": "-2+3",
        });
        scene.resident = enters(&scene.worker, "resident", known).await;
        let managed = json!({
            "grid": "G1", "resident": scene.resident, "control:mental": true, "note": CANARY,
        });
        enters(&scene.worker, "management", managed).await;
        scenes.push(scene);
    }
    scenes
}

impl Scene {
    /// A household with its door and building.
    async fn door(&self, grid: &str, staff: &str) -> Uuid {
        let of = self.world.device(staff).await;
        let mut above: Option<(&str, Uuid)> = None;
        for (kind, mut set) in [
            (
                "building",
                json!({
                    "compound": "丽水花园", "name": "3幢", "floors": 18,
                    "position": { "lng": 120.853_125, "lat": 31.98 },
                }),
            ),
            ("dwelling", json!({ "unit": "2单元", "room": "501" })),
            ("household", json!({ "call_first": true })),
        ] {
            set["grid"] = json!(grid);
            if let Some((field, id)) = above {
                set[field] = json!(id);
            }
            above = Some((kind, enters(&of, kind, set).await));
        }
        above.unwrap().1
    }

    /// Somebody else behind the first door.
    async fn person(&self, name: &str, more: Value) -> Uuid {
        let mut set = more;
        set["grid"] = json!("G1");
        set["household"] = json!(self.households[0]);
        set["name"] = json!(name);
        enters(&self.worker, "resident", set).await
    }

    async fn changes(&self, resident: Uuid, set: Value) {
        let action = json!({ "do": "change", "knew": [], "set": set });
        does(&self.clerk, "resident", resident, action).await;
    }

    pub(crate) async fn file(&self, by: &Device, wanted: &Value) -> Reply {
        let request = by
            .request("POST", "/sync/v1/export")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(wanted.to_string()));
        by.send(request.unwrap()).await
    }

    pub(crate) async fn text(&self, by: &Device, wanted: &Value) -> String {
        let reply = self.file(by, wanted).await;
        assert_eq!(reply.status, StatusCode::OK);
        let text = String::from_utf8(reply.body.to_vec()).unwrap();
        text.trim_start_matches('\u{feff}').to_owned()
    }

    /// The names in the clerk's file, in its order.
    async fn names(&self) -> Vec<String> {
        let text = self.text(&self.clerk, &wanted("csv")).await;
        let mut lines = text.lines().map(|it| it.split(',').collect::<Vec<_>>());
        let head = lines.next().unwrap();
        let at = head.iter().position(|it| *it == "姓名").unwrap();
        lines.map(|line| line[at].to_owned()).collect()
    }
}

async fn does(by: &Device, kind: &str, id: Uuid, action: Value) {
    let mut op = by.op(CaseId::from_bytes(fresh()), &action);
    op["target"] = json!({ "kind": kind, "id": id });
    let outcome = by.push(&[op]).await.results.remove(0).outcome;
    let counts = matches!(outcome, Outcome::Applied | Outcome::Merged);
    assert!(counts, "{kind}: {outcome:?}");
}

pub(crate) async fn enters(by: &Device, kind: &str, set: Value) -> Uuid {
    let id = Uuid::from_bytes(fresh());
    does(by, kind, id, json!({ "do": "enter", "set": set })).await;
    id
}

fn wanted(format: &str) -> Value {
    json!({ "what": "register", "format": format, "reason": "报街道" })
}

const HEAD: &str = "所属网格,小区,楼号,单元,房号,户号,与户主关系,姓名,证件类型,身份证号,性别,出生日期,民族,\
    联系电话,人口类别,户籍地,婚姻,学历,职业,联系人,联系人电话,关爱对象,残疾类别,残疾等级,在住情况,\
    在住起始,备注,先打电话,注销日期,户备注,楼层,房屋用途,房主,房主电话,门牌码,房屋备注,地址,楼栋编码,楼栋用途,\
    单元数,地上层数,地下层数,物业公司,物业电话,楼长,楼长电话,隐患,经度,纬度,省,市,区县,镇街,社区,标准地址,\
    导出人,导出时间";

#[tokio::test]
async fn a_row_is_a_resident_with_door_and_building_and_says_where_it_is_from() {
    for scene in scenes().await {
        let text = scene.text(&scene.clerk, &wanted("csv")).await;

        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(HEAD));
        assert_eq!(
            lines.next(),
            Some(
                "G1,丽水花园,3幢,2单元,501,,户主,'=田甲,,9901**********0010,女,1950-03-07,,138****5678,,,,,,,,\
                 独居老人、残疾,,,,,'-2+3,是,,,,,,,,,,,,,18,,,,,,,120.853125,31.98,无,无,试验区,一街,甲,\
                 试验区一街甲丽水花园3幢2单元501室,c1,2026-11-24T08:00:00+08:00"
            )
        );
        assert_eq!(lines.next(), None);
        assert!(!text.contains(CANARY) && !text.contains("精神"), "{text}");
    }
}

#[tokio::test]
async fn numbers_stand_whole_only_where_that_was_asked_for_and_it_is_put_down() {
    for scene in scenes().await {
        let mut whole = wanted("csv");
        whole["numbers"] = json!(true);

        let text = scene.text(&scene.clerk, &whole).await;

        assert!(text.contains(NUMBER) && text.contains(PHONE), "{text}");
        scene.file(&scene.clerk, &wanted("xlsx")).await;
        let exports = scene.world.hub.exports().await.unwrap();
        let put_down = exports.iter().map(|it| {
            (
                it.staff.as_str(),
                it.format.as_str(),
                it.numbers,
                it.records,
            )
        });
        assert!(put_down.eq([("c1", "csv", true, 1), ("c1", "xlsx", false, 1)]));
        assert!(exports.iter().all(|it| it.of == ExportOf::REGISTER));
        assert_eq!(
            (exports[0].reason.as_str(), exports[0].grids),
            ("报街道", 2)
        );
        let said = scene.world.run(&["exports"]);
        let said = String::from_utf8(said.stdout).unwrap();
        assert!(
            said.contains("register") && said.contains("whole"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn only_those_who_answer_for_grids_get_files_and_only_of_those() {
    for scene in scenes().await {
        let elsewhere = scene.world.device("w3").await;
        for (by, grid, household, name) in [
            (&scene.clerk, "G2", scene.households[1], "田乙"),
            (&elsewhere, "G3", scene.households[2], "田丙"),
        ] {
            let set = json!({ "grid": grid, "household": household, "name": name });
            enters(by, "resident", set).await;
        }

        assert_eq!(scene.names().await, ["'=田甲", "田乙"]);
        let exports = scene.world.hub.exports().await.unwrap().len();
        let refused = scene.file(&scene.worker, &wanted("csv")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(refused.error(), ErrorCode::Forbidden);
        assert_eq!(scene.world.hub.exports().await.unwrap().len(), exports);
    }
}

#[tokio::test]
async fn who_is_gone_has_no_row_and_the_head_comes_first() {
    for scene in scenes().await {
        for (name, more) in [
            ("田丁", json!({ "relation": "2" })),
            ("田戊", json!({ "relation": "1", "presence": "here" })),
            ("田己", json!({ "presence": "moved" })),
            ("田庚", json!({ "presence": "dead" })),
        ] {
            scene.person(name, more).await;
        }

        assert_eq!(scene.names().await, ["'=田甲", "田戊", "田丁"]);
    }
}

#[tokio::test]
async fn who_stood_twice_has_one_row_and_who_was_erased_none() {
    for scene in scenes().await {
        let [one, two, three] = [
            scene.person("田辛一", json!({ "relation": "2" })).await,
            scene.person("田辛二", json!({ "relation": "3" })).await,
            scene.person("田辛三", json!({ "relation": "4" })).await,
        ];
        scene.changes(two, json!({ "same_as": one })).await;
        // Merged the other way round, too: of a circle the first goes on.
        scene.changes(one, json!({ "same_as": two })).await;
        assert_eq!(scene.names().await, ["'=田甲", "田辛一", "田辛三"]);
        scene
            .changes(three, json!({ "same_as": Uuid::from_u128(9) }))
            .await;
        assert_eq!(
            scene.names().await,
            ["'=田甲", "田辛一"],
            "who goes on as somebody of another grid is told there"
        );

        let erase = json!({
            "do": "erase", "why": "request", "reason": "asked for it", "grid": "G1",
        });
        does(&scene.clerk, "resident", scene.resident, erase).await;
        assert_eq!(scene.names().await, ["田辛一"]);
    }
}

#[tokio::test]
async fn what_can_not_be_asked_for_is_refused_and_nothing_is_put_down() {
    let scene = scenes().await.remove(0);
    for (field, value) in [
        ("reason", json!("  ")),
        ("format", json!("fhir")),
        ("what", json!("management")),
    ] {
        let mut asked = wanted("csv");
        asked[field] = value;
        let refused = scene.file(&scene.clerk, &asked).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{field}");
    }
    assert_eq!(scene.world.hub.exports().await.unwrap(), []);
}

#[tokio::test]
async fn a_spreadsheet_has_texts_and_numbers_and_a_sheet_that_says_why() {
    use calamine::{Data, Reader as _, Xlsx};
    let scene = scenes().await.remove(0);

    let reply = scene.file(&scene.clerk, &wanted("xlsx")).await;

    let named = reply.header("content-disposition");
    assert!(named.contains("register-20261124080000.xlsx"), "{named}");
    let mut book = Xlsx::new(Cursor::new(reply.body.to_vec())).unwrap();
    let residents = book.worksheet_range("居民").unwrap();
    let at = |name: &str| {
        let head = residents.rows().next().unwrap();
        head.iter()
            .position(|it| *it == Data::String(name.to_owned()))
    };
    let cell = |name| residents.rows().nth(1).unwrap()[at(name).unwrap()].clone();
    assert_eq!(cell("姓名"), Data::String("=田甲".to_owned()), "a text");
    assert_eq!(cell("联系电话"), Data::String("138****5678".to_owned()));
    assert_eq!(cell("地上层数"), Data::Float(18.0));
    assert_eq!(cell("经度"), Data::Float(120.853_125));
    assert!(book.worksheet_formula("居民").unwrap().is_empty());
    let about = book.worksheet_range("说明").unwrap();
    let said: Vec<String> = about.rows().map(|row| row[1].to_string()).collect();
    assert!(said.contains(&"居民名册".to_owned()), "{said:?}");
    assert!(said.contains(&"报街道".to_owned()), "{said:?}");
}
