//! A device as the hub sees one: a person, a token, a dense sequence of operations, and a copy of
//! what its feeds held when it last looked.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use serde_json::{Value, json};

use crate::{
    answer::{Answer, at, list, number, text},
    check::{Verdict, Wrong, holds},
    clock::now_ms,
    hub::{Ask, Hub},
    wire,
};

/// Documents of a feed by kind and id, as their latest item.
pub(crate) type Mirror = BTreeMap<(String, String), Value>;

/// More pages than this are no feed that ends.
const PAGES_MAX: usize = 10_000;

/// A device.
#[derive(Debug)]
pub(crate) struct Device {
    hub: Rc<Hub>,
    pub(crate) id: String,
    pub(crate) code: String,
    /// The whole answer to its enrolment.
    pub(crate) enrolled: Value,
    token: RefCell<String>,
    dev_seq: Cell<u64>,
    feeds: RefCell<BTreeMap<String, (String, Mirror)>>,
}

impl Device {
    /// Enrols a new device with this code.
    pub(crate) fn enrol(hub: &Rc<Hub>, code: &str) -> Result<Self, Wrong> {
        let id = wire::new_id();
        let enrolled = hub.send(&enrol(code, &id))?.ok()?;
        let token = text(&enrolled, "token").to_owned();
        holds(!token.is_empty(), "a token", &enrolled)?;
        Ok(Self {
            hub: Rc::clone(hub),
            id,
            code: code.to_owned(),
            enrolled,
            token: RefCell::new(token),
            dev_seq: Cell::new(1),
            feeds: RefCell::default(),
        })
    }

    /// The person's id.
    pub(crate) fn staff(&self) -> &str {
        text(&self.enrolled, "staff.id")
    }

    /// The grids the person sees.
    pub(crate) fn grids(&self) -> Vec<&str> {
        let grids = list(&self.enrolled, "staff.grids");
        grids.iter().filter_map(Value::as_str).collect()
    }

    /// The first of them.
    pub(crate) fn grid(&self) -> &str {
        text(&self.enrolled, "staff.grids.0")
    }

    pub(crate) fn has_role(&self, role: &str) -> bool {
        list(&self.enrolled, "staff.roles")
            .iter()
            .any(|other| other == role)
    }

    /// Whether the person may know 重点管理.
    pub(crate) fn is_permitted(&self) -> bool {
        let permissions = list(&self.enrolled, "staff.permissions");
        permissions.iter().any(|it| it == "control")
    }

    /// The role it acts in: a decider's if the person has one.
    pub(crate) fn role(&self) -> &str {
        let deciders = ["clerk", "dispatcher"];
        let decider = deciders.into_iter().find(|role| self.has_role(role));
        decider.unwrap_or_else(|| text(&self.enrolled, "staff.roles.0"))
    }

    /// The feed of the person's grid.
    pub(crate) fn grid_feed(&self) -> String {
        format!("grid:{}", self.grid())
    }

    /// The person's inbox.
    pub(crate) fn inbox(&self) -> String {
        format!("staff:{}", self.staff())
    }

    /// A copy of this device that speaks with another token, and has a sequence of its own.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self {
            hub: Rc::clone(&self.hub),
            id: self.id.clone(),
            code: self.code.clone(),
            enrolled: self.enrolled.clone(),
            token: RefCell::new(token.to_owned()),
            dev_seq: Cell::new(1),
            feeds: RefCell::default(),
        }
    }

    /// From now on with this token.
    pub(crate) fn take_token(&self, token: &str) {
        token.clone_into(&mut self.token.borrow_mut());
    }

    /// Sends a request with the device's token.
    pub(crate) fn send(&self, ask: Ask) -> Result<Answer, Wrong> {
        self.hub.send(&ask.token(&self.token.borrow()))
    }

    /// Sends the beginning of a request and hangs up.
    pub(crate) fn send_cut(&self, ask: Ask) {
        self.hub.send_cut(&ask.token(&self.token.borrow()));
    }

    pub(crate) fn hello(&self) -> Result<Value, Wrong> {
        self.send(Ask::get("/sync/v1/hello"))?.ok()
    }

    /// Goes on after the last operation the hub has, whatever became of those before.
    pub(crate) fn catch_up(&self) -> Verdict {
        let last = number(&self.hello()?, "last_dev_seq");
        self.dev_seq.set(last + 1);
        Ok(())
    }

    /// The place its next operation will take.
    pub(crate) fn next_seq(&self) -> u64 {
        self.dev_seq.get()
    }

    /// The next operation on a case.
    pub(crate) fn op(&self, case: &str, action: Value) -> Value {
        let dev_seq = self.dev_seq.get();
        self.dev_seq.set(dev_seq + 1);
        json!({
            "op_id": wire::new_id(),
            "dev_seq": dev_seq,
            "target": { "kind": "case", "id": case },
            "base_rev": 0,
            "action": action,
            "observed_at": wire::clocks(),
            "author": { "staff": self.staff(), "role": self.role() },
            "scope": self.grid_feed(),
            "schema": 1,
        })
    }

    /// Pushes these operations.
    pub(crate) fn try_push(&self, ops: &[Value]) -> Result<Answer, Wrong> {
        let body = json!({ "sent": wire::clocks(), "ops": ops });
        self.send(Ask::post("/sync/v1/push").packed(&body))
    }

    /// Pushes these operations and gives their results.
    pub(crate) fn push(&self, ops: &[Value]) -> Result<Vec<Value>, Wrong> {
        let answer = self.try_push(ops)?.ok()?;
        let results = at(&answer, "results").as_array();
        results
            .cloned()
            .ok_or_else(|| Wrong::new("results", &answer))
    }

    /// Pushes one operation and gives its result.
    pub(crate) fn push_one(&self, op: &Value) -> Result<Value, Wrong> {
        let results = self.push(std::slice::from_ref(op))?;
        match <[Value; 1]>::try_from(results) {
            Ok([result]) => Ok(result),
            Err(results) => Err(Wrong::new("one result", format!("{results:?}"))),
        }
    }

    /// Does something to a case; fails unless it takes effect. Gives the result.
    pub(crate) fn does(&self, case: &str, action: Value) -> Result<Value, Wrong> {
        let op = self.op(case, action);
        let result = self.push_one(&op)?;
        took_effect(&result)?;
        Ok(result)
    }

    /// Reports a new case in its own grid; gives the case's id.
    pub(crate) fn reports(&self) -> Result<String, Wrong> {
        let case = wire::new_id();
        self.does(&case, report(self.grid()))?;
        Ok(case)
    }

    pub(crate) fn try_pull(
        &self,
        scope: &str,
        cursor: &str,
        limit: usize,
    ) -> Result<Answer, Wrong> {
        let path = format!("/sync/v1/pull?scope={scope}&cursor={cursor}&limit={limit}");
        self.send(Ask::get(&path))
    }

    pub(crate) fn pull(&self, scope: &str, cursor: &str, limit: usize) -> Result<Value, Wrong> {
        self.try_pull(scope, cursor, limit)?.ok()
    }

    /// What the feed holds now: only what is new is pulled.
    pub(crate) fn feed(&self, scope: &str) -> Result<Mirror, Wrong> {
        let mut feeds = self.feeds.borrow_mut();
        let (cursor, mirror) = feeds.entry(scope.to_owned()).or_default();
        for _ in 0..PAGES_MAX {
            let page = self.pull(scope, cursor, 500)?;
            for item in list(&page, "items") {
                put(mirror, item);
            }
            text(&page, "cursor").clone_into(cursor);
            if at(&page, "more") != &Value::Bool(true) {
                return Ok(mirror.clone());
            }
        }
        Err(Wrong::new("a last page", format!("{PAGES_MAX} pages")))
    }

    /// The document of a case in this feed; `None` when it is not there.
    pub(crate) fn finds(&self, scope: &str, case: &str) -> Result<Option<Value>, Wrong> {
        let mirror = self.feed(scope)?;
        let item = mirror.get(&("case".to_owned(), case.to_owned()));
        Ok(item.map(|item| at(item, "doc").clone()))
    }

    /// The document of a case in the feed of the device's grid; fails when it is not there.
    pub(crate) fn sees(&self, case: &str) -> Result<Value, Wrong> {
        let scope = self.grid_feed();
        let doc = self.finds(&scope, case)?;
        doc.ok_or_else(|| Wrong::new(format!("case {case} in {scope}"), "it is not there"))
    }

    /// How far a feed goes, by hello.
    pub(crate) fn head(&self, scope: &str) -> Result<u64, Wrong> {
        let hello = self.hello()?;
        let heads = list(&hello, "scopes");
        let head = heads.iter().find(|head| text(head, "scope") == scope);
        head.map(|head| number(head, "seq"))
            .ok_or_else(|| Wrong::new(format!("{scope} in hello"), at(&hello, "scopes")))
    }
}

/// Fails unless the operation of this result took effect, beside another's or not.
pub(crate) fn took_effect(result: &Value) -> Verdict {
    let outcome = text(result, "outcome");
    holds(
        ["applied", "merged"].contains(&outcome),
        "the outcome applied or merged",
        result,
    )
}

/// A mirror takes an item: documents come and change, those that left or were deleted go.
pub(crate) fn put(mirror: &mut Mirror, item: &Value) {
    let key = |of: &str| {
        (
            text(item, &format!("{of}.kind")).to_owned(),
            text(item, &format!("{of}.id")).to_owned(),
        )
    };
    match text(item, "item") {
        "doc" => drop(mirror.insert(key("doc"), item.clone())),
        "left" | "deleted" => drop(mirror.remove(&key("target"))),
        _ => {}
    }
}

/// A request to enrol.
pub(crate) fn enrol(code: &str, device: &str) -> Ask {
    Ask::post("/sync/v1/enrol").packed(&json!({
        "code": code,
        "device": device,
        "device_name": "conformance",
        "app_version": env!("CARGO_PKG_VERSION"),
    }))
}

/// What somebody reports in this grid.
pub(crate) fn report(grid: &str) -> Value {
    json!({
        "do": "report",
        "category": null,
        "description": "垃圾未清理",
        "occurred_at": now_ms(),
        "place": {
            "position": null,
            "accuracy_m": null,
            "source": "typed",
            "address": "一号楼",
            "grid": grid,
            "in_own_grid": true,
        },
        "urgency": "normal",
        "photos": [],
    })
}

/// Words added to a case.
pub(crate) fn supplement(note: &str) -> Value {
    json!({ "do": "supplement", "note": note, "photos": [] })
}
