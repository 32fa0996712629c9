//! Files of 单位/场所: what a row says, by whom one is had, and that it is put down, on each kind of database.

use axum::http::StatusCode;
use serde_json::{Value, json};
use shared::hub_api::{ErrorCode, export::ExportOf};
use uuid::Uuid;

use crate::export_register::{CANARY, Scene, enters, scenes};

const PHONE: &str = "13800009999";

const HEAD: &str = "所属网格,单位名称,场所类别,统一社会信用代码,小区,楼号,地址,联系人,联系电话,从业人数,\
    风险,经度,纬度,省,市,区县,镇街,社区,标准地址,导出人,导出时间";

fn wanted(format: &str) -> Value {
    json!({ "what": "places", "format": format, "reason": "报街道" })
}

/// In a building of the worker's grid, beside it, in the clerk's other grid, and in nobody's here.
async fn with_places() -> Vec<Scene> {
    let scenes = scenes().await;
    for scene in &scenes {
        let [building, of_others] = [("w1", "G1"), ("w3", "G3")];
        let stands_in = json!({ "compound": "云水雅苑", "name": "1幢", "grid": building.1 });
        let building = enters(&scene.worker, "building", stands_in).await;
        let noodles = json!({
            "grid": "G1", "building": building, "name": "=云水面馆", "kind": "shop",
            "uscc": "92990100MA90000015", "contact": "欧阳一帆", "contact_phone": PHONE, "staff": 6,
            "risks": "-液化气瓶", "position": { "lng": 120.853_125, "lat": 31.98 },
        });
        enters(&scene.worker, "place", noodles).await;
        let clinic =
            json!({ "grid": "G1", "name": "半夏诊所", "kind": "clinic", "address": "文峰路12号" });
        enters(&scene.worker, "place", clinic).await;
        let second = scene.world.device("w2").await;
        let shop = json!({ "grid": "G2", "building": Uuid::nil(), "name": "见山超市" });
        enters(&second, "place", shop).await;
        let third = scene.world.device(of_others.0).await;
        let other = json!({ "grid": of_others.1, "name": "别处的店" });
        enters(&third, "place", other).await;
    }
    scenes
}

#[tokio::test]
async fn a_row_is_a_place_with_its_building_and_says_where_it_is_from() {
    for scene in with_places().await {
        let text = scene.text(&scene.clerk, &wanted("csv")).await;

        let lines: Vec<&str> = text.lines().collect();
        let above = "无,无,试验区,一街,甲,试验区一街甲";
        let from = "c1,2026-11-24T08:00:00+08:00";
        assert_eq!(
            lines,
            [
                HEAD.to_owned(),
                format!("G1,半夏诊所,医疗机构,,,,文峰路12号,,,,,,,{above},{from}"),
                format!(
                    "G1,'=云水面馆,商铺,92990100MA90000015,云水雅苑,1幢,,欧阳一帆,138****9999,6,'-液化气瓶,\
                     120.853125,31.98,{above}云水雅苑1幢,{from}"
                ),
                format!("G2,见山超市,,,,,,,,,,,,{above},{from}"),
            ]
        );
        assert!(!text.contains(CANARY) && !text.contains("田甲"), "{text}");
    }
}

#[tokio::test]
async fn numbers_stand_whole_where_that_was_asked_for_and_each_file_is_put_down() {
    for scene in with_places().await {
        let mut whole = wanted("csv");
        whole["numbers"] = json!(true);

        let text = scene.text(&scene.clerk, &whole).await;
        let book = scene.file(&scene.clerk, &wanted("xlsx")).await;

        assert!(text.contains(PHONE), "{text}");
        let named = book.header("content-disposition");
        assert!(named.contains("places-20261124080000.xlsx"), "{named}");
        let refused = scene.file(&scene.worker, &wanted("csv")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(refused.error(), ErrorCode::Forbidden);
        let fhir = scene.file(&scene.clerk, &wanted("fhir")).await;
        assert_eq!(fhir.status, StatusCode::BAD_REQUEST);
        let exports = scene.world.hub.exports().await.unwrap();
        let put_down = exports
            .iter()
            .map(|it| (it.of.clone(), it.numbers, it.records));
        assert!(put_down.eq([(ExportOf::PLACES, true, 3), (ExportOf::PLACES, false, 3)]));
        let said = scene.world.run(&["exports"]);
        let said = String::from_utf8(said.stdout).unwrap();
        assert!(said.contains("places") && said.contains("whole"), "{said}");
    }
}
