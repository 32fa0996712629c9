//! Answers of whatever calls itself a hub, to a device that has work to send.

use std::{collections::BTreeSet, sync::Arc};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use client::{
    sync::{Check, Connect, HubAddress, PhotoPart, Remote, RemoteError, Upload},
    testing,
};
use scenarios::world::{draft, street_photo};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::{
    Digest,
    hub_api::{
        Enrol, Enrolled, Hello, HelloAnswer, Pull, PullAnswer, Push, PushAnswer, Renew, Renewed,
    },
    ipc::{GetDelivery, GetToday, ListForms, ReportDraft},
};

use super::photo_pieces::has_a_reason;
use crate::{
    measure::Bound,
    tablet::{Tablet, person},
    target::Stand,
};

/// A round reads each answer once, and pages until the hub says that there are no more.
pub(super) const ANSWERS: Bound = Bound {
    ms: 20_000,
    bytes: 64 << 20,
};

/// Answers by the name of the request; what is missing is a broken connection. Of pages one after the
/// other, the last for ever.
#[derive(Debug, Clone)]
struct Liar {
    says: Arc<Value>,
    pages: Arc<std::sync::atomic::AtomicUsize>,
}

fn cut() -> RemoteError {
    RemoteError::CutOff("the connection broke".into())
}

impl Liar {
    fn say<T: DeserializeOwned>(&self, what: &str) -> Result<T, RemoteError> {
        let said = self.says.get(what).ok_or_else(cut)?;
        T::deserialize(said).map_err(|_other_than_a_hub| RemoteError::NotAHub)
    }

    fn upload(&self) -> Result<Upload, RemoteError> {
        let said = self.says.get("upload").ok_or_else(cut)?;
        Ok(Upload {
            offset: said["offset"].as_u64().ok_or(RemoteError::NotAHub)?,
            complete: said["complete"] == json!(true),
        })
    }
}

impl Connect for Liar {
    type Remote = Self;

    fn connect(&self, _at: &HubAddress, _token: Option<&str>) -> Result<Self, RemoteError> {
        Ok(self.clone())
    }
}

impl Remote for Liar {
    async fn hello(&self, _: &Hello) -> Result<HelloAnswer, RemoteError> {
        self.say("hello")
    }

    async fn push(&self, _: &Push) -> Result<PushAnswer, RemoteError> {
        self.say("push")
    }

    async fn pull(&self, _: &Pull) -> Result<PullAnswer, RemoteError> {
        let pages = self.says.get("pull").and_then(Value::as_array);
        let pages = pages.filter(|it| !it.is_empty()).ok_or_else(cut)?;
        let nth = self
            .pages
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        // A hub that never ends is ended by the link some time.
        if nth > 300 {
            return Err(cut());
        }
        let page = &pages[nth.min(pages.len() - 1)];
        serde::Deserialize::deserialize(page).map_err(|_no_hub| RemoteError::NotAHub)
    }

    async fn enrol(&self, _: &Enrol) -> Result<Enrolled, RemoteError> {
        self.say("enrol")
    }

    async fn renew(&self, _: &Renew) -> Result<Renewed, RemoteError> {
        self.say("renew")
    }

    async fn photo_create(&self, _: Digest, _: u64) -> Result<Upload, RemoteError> {
        self.upload()
    }

    async fn photo_head(&self, _: Digest) -> Result<Option<Upload>, RemoteError> {
        self.upload().map(Some)
    }

    async fn photo_patch(
        &self,
        _: Digest,
        _: u64,
        _: Bytes,
        _: Check,
    ) -> Result<Upload, RemoteError> {
        self.upload()
    }

    async fn photo_get(&self, _: Digest, _: u64, _: u64) -> Result<Option<PhotoPart>, RemoteError> {
        let said = self.says.get("photo").ok_or_else(cut)?;
        let bytes = said["bytes"].as_str().unwrap_or_default();
        let bytes = BASE64_STANDARD.decode(bytes);
        Ok(Some(PhotoPart {
            total: said["total"].as_u64().ok_or(RemoteError::NotAHub)?,
            bytes: bytes.map_err(|_no_hub| RemoteError::NotAHub)?.into(),
        }))
    }
}

/// Two honest answers and a page; `$OP1` and the like stand for what is only known here.
fn examples() -> Vec<Vec<u8>> {
    let hello = json!({
        "protocol": { "min": 1, "max": 1 }, "features": ["brief"], "hub_id": "hub-test",
        "hub_name": "测试中心", "epoch": "e1", "server_time": 1_790_000_000_000_i64,
        "limits": { "max_ops": 500, "max_body": 4_194_304, "max_op": 262_144,
                    "chunk_min": 16_384, "chunk_max": 1_048_576 },
        "scopes": [{ "scope": "city", "seq": 3 }, { "scope": "staff:c-01", "seq": 1 }],
        "last_dev_seq": 0, "staff": person(), "dictionaries": [],
    });
    let results = json!([
        { "op_id": "$OP1", "outcome": "applied", "rev": 1 },
        { "op_id": "$OP2", "outcome": "quarantined", "why": "out_of_bounds", "rev": 0 },
    ]);
    let plain = json!([
        { "op_id": "$OP1", "outcome": "applied", "rev": 1,
          "brief": { "sum": "0", "case_no": "20261127-0001" } },
        { "op_id": "$OP2", "outcome": "retry_later", "rev": 0 },
    ]);
    let case = json!({
        "item": "doc", "seq": 1,
        "doc": { "target": { "kind": "case", "id": "$CASE1" }, "rev": 1, "body": { "known": {} } },
    });
    let left = json!({ "item": "left", "seq": 2, "target": { "kind": "case", "id": "$CASE2" } });
    let page = |items: Value| {
        json!([{ "items": items, "cursor": "c1", "more": true, "count": 1, "sum": 0 },
               { "items": [], "cursor": "c2", "more": false, "count": 1, "sum": 0 }])
    };
    let upload = json!({ "offset": 0, "complete": false });
    let photo = json!({ "total": 3, "bytes": "AAAA" });
    let protocol = super::wire::examples().into_iter();
    let of_protocol = protocol.filter_map(|text| {
        let said: Value = serde_json::from_slice(&text).ok()?;
        let with = |what: &str, said: Value| {
            let mut all = json!({ "hello": hello, "upload": upload, "photo": photo });
            all[what] = said;
            Some(all)
        };
        if said.get("items").is_some() {
            with("pull", json!([said]))
        } else if said.get("results").is_some() {
            with("push", said)
        } else if said.get("protocol").is_some() {
            with("hello", said)
        } else {
            None
        }
    });
    [(results, case), (plain, left)]
        .into_iter()
        .map(|(results, item)| {
            json!({
                "hello": hello, "upload": upload, "photo": photo,
                "renew": { "token": "other" },
                "push": { "results": results, "received_at": 1_790_000_000_000_i64, "moved": [] },
                "pull": page(json!([item])),
            })
        })
        .chain(of_protocol)
        .map(|it| it.to_string().into_bytes())
        .collect()
}

/// What is not confirmed by its name waits on, and the pages go on showing something.
pub(super) fn hub_answers() -> Stand {
    let tablet = Tablet::new();
    let cases = ["井盖松动", "路灯不亮"].map(|words| {
        tablet.waits_for(async {
            let photo = street_photo(7, 64, 48);
            let draft = draft(&tablet.client, words, &[photo]).await.unwrap();
            tablet
                .client
                .report_draft(ReportDraft { draft })
                .await
                .unwrap()
                .case
        })
    });
    let ops = tablet.waits_for(testing::queued(&tablet.client)).unwrap();
    let named: Vec<_> = (1..)
        .zip(&ops)
        .map(|(nth, op)| (format!("$OP{nth}"), op.op_id.to_string()))
        .chain(
            (1..)
                .zip(&cases)
                .map(|(nth, case)| (format!("$CASE{nth}"), case.to_string())),
        )
        .collect();
    let template = tablet.off();
    Stand::new(examples(), move |bytes| {
        let mut text = String::from_utf8_lossy(bytes).into_owned();
        for (name, id) in &named {
            text = text.replace(name, id);
        }
        let Ok(says) = serde_json::from_str::<Value>(&text) else {
            return;
        };
        let confirmed = says["push"].to_string();
        let liar = Liar {
            says: Arc::new(says),
            pages: Arc::default(),
        };
        let tablet = template.copy();
        let client = &tablet.client;
        let queued = || -> BTreeSet<String> {
            let ops = tablet.waits_for(testing::queued(client)).unwrap();
            ops.iter().map(|op| op.op_id.to_string()).collect()
        };
        let before = queued();
        for _ in 0..2 {
            let _told = tablet.waits_for(client.sync_once_with(&liar));
        }
        for gone in before.difference(&queued()) {
            assert!(confirmed.contains(gone), "{gone} was never confirmed");
        }
        let today = tablet.waits_for(client.get_today(GetToday {}));
        assert!(today.as_ref().err().is_none_or(has_a_reason), "{today:?}");
        let forms = tablet.waits_for(client.list_forms(ListForms {}));
        assert!(forms.as_ref().err().is_none_or(has_a_reason), "{forms:?}");
        let delivery = tablet.waits_for(client.get_delivery(GetDelivery {}));
        assert!(
            delivery.as_ref().err().is_none_or(has_a_reason),
            "{delivery:?}"
        );
    })
}
