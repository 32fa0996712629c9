//! Brings together what a file is made of: records of a form in the grids of whoever asks, and who they
//! are about.

use std::collections::{BTreeMap, BTreeSet};

use forms::Form;
use serde::Deserialize as _;
use shared::{
    Body, Doc, DocRef, GridCode, Kind, RecordId, Scope, Timestamp,
    form::FormDoc,
    hub_api::{ErrorCode, FeedItem},
    pack::{self, Calendar, Division, Grid, Section},
    record::Record,
    register::{EntryDoc, EntryKind, ladder::Ladder},
};
use uuid::Uuid;

use crate::{
    app::{App, Shared},
    error::{Answered, Failure},
    store::{PageRequest, Session, StoreError},
};

/// Documents read at once.
const PAGE: usize = 1_000;

/// The most bytes of documents read at once.
const PAGE_BYTES: usize = 4 * 1024 * 1024;

/// Minutes that China is ahead of UTC; used until a pack says otherwise.
const CHINA_MINUTES: i32 = 480;

/// What a file is made of.
pub(super) struct Gathered {
    /// The form, as its last version says it.
    pub(super) form: Form,
    /// The records, by time.
    pub(super) records: Vec<(RecordId, Record)>,
    /// Records that others correct.
    pub(super) corrected: BTreeSet<RecordId>,
    /// Who and what records are about.
    pub(super) entries: BTreeMap<Uuid, About>,
}

/// What a file says of an entry of the register.
#[derive(Debug, Clone, Default)]
pub(super) struct About {
    /// A name, a room's number.
    pub(super) title: String,
    /// The entry it belongs to.
    pub(super) parent: Option<Uuid>,
    /// GB/T 2261.1.
    pub(super) sex: String,
    /// `YYYY-MM-DD`.
    pub(super) birth: String,
    /// The kind of document that [`id_no`](Self::id_no) is the number of.
    pub(super) id_type: String,
    /// 证件号码.
    pub(super) id_no: String,
    /// 联系电话.
    pub(super) phone: String,
}

impl Gathered {
    /// Somebody's name, or what else the subject of a record is called.
    pub(super) fn name(&self, subject: &DocRef) -> String {
        let found = self.entries.get(&subject.id);
        found.map(|it| it.title.clone()).unwrap_or_default()
    }

    /// What an entry is called that was chosen from the register, if it is here: whoever has a name by
    /// that, a door by where it is.
    pub(super) fn called(&self, entry: &DocRef) -> Option<String> {
        let called = match EntryKind::of(&entry.kind)? {
            EntryKind::Dwelling | EntryKind::Household => self.address(entry),
            // No record is about it, and no export reads its feed.
            EntryKind::Management => String::new(),
            EntryKind::Building | EntryKind::Resident | EntryKind::Place | EntryKind::Campaign => {
                self.name(entry)
            }
        };
        Some(called).filter(|called| !called.is_empty())
    }

    /// Where the subject of a record is: building, unit and room, in words.
    pub(super) fn address(&self, subject: &DocRef) -> String {
        let mut parts = Vec::new();
        let mut at = Some(subject.id);
        let mut kind = EntryKind::of(&subject.kind);
        // No longer than the ladder of the register is deep, whatever the documents say.
        for _ in 0..EntryKind::ALL.len() {
            let (Some(id), Some(of)) = (at, kind) else {
                break;
            };
            let Some(about) = self.entries.get(&id) else {
                break;
            };
            if matches!(of, EntryKind::Building | EntryKind::Dwelling) {
                parts.push(about.title.clone());
            }
            at = about.parent;
            kind = of.belongs_to().map(|(_, above)| above);
        }
        parts.reverse();
        parts.join(" ")
    }
}

/// What everybody in the city has that a file needs.
pub(super) struct City {
    /// Minutes that local time is ahead of UTC.
    pub(super) utc_offset_minutes: i32,
    /// The form, as its last version says it.
    form: Option<Form>,
    itself: Option<pack::City>,
    divisions: Vec<Division>,
    grids: Vec<Grid>,
}

impl City {
    /// Where each grid is.
    pub(super) fn ladders(&self) -> BTreeMap<GridCode, Ladder> {
        let divisions: BTreeMap<&str, &Division> = self
            .divisions
            .iter()
            .map(|it| (it.code.as_str(), it))
            .collect();
        let division = |code: &str| divisions.get(code).copied();
        let grids = self.grids.iter();
        grids
            .map(|grid| {
                let ladder = Ladder::of_grid(self.itself.as_ref(), division, grid);
                (grid.code.clone(), ladder)
            })
            .collect()
    }

    /// The form that was looked for.
    pub(super) fn form(self) -> Answered<Form> {
        let unknown = || Failure::new(ErrorCode::NotFound, "the hub has no form of this id");
        self.form.ok_or_else(unknown)
    }
}

/// Looks for the city's clock, and for the form of this id, where one is asked for.
pub(super) async fn city(app: &Shared, form: Option<&str>) -> Answered<City> {
    // By no name no form can be put down.
    let form = form.filter(|form| !form.is_empty());
    let mut found: Option<(Timestamp, Form)> = None;
    let mut city = City {
        utc_offset_minutes: CHINA_MINUTES,
        form: None,
        itself: None,
        divisions: Vec::new(),
        grids: Vec::new(),
    };
    each::<Failure>(app, &Scope::city(), |doc| {
        // What can't be read is for monitoring; a file does without.
        match Section::of_doc(doc.target.id) {
            Some(Section::Calendar) => {
                if let Ok(calendar) = doc.pack::<Calendar>() {
                    city.utc_offset_minutes = calendar.utc_offset_minutes;
                }
            }
            Some(Section::City) => city.itself = doc.pack().ok(),
            Some(Section::Divisions) => city.divisions = doc.pack().unwrap_or_default(),
            Some(Section::Grids) => city.grids = doc.pack().unwrap_or_default(),
            Some(_) | None => {}
        }
        if doc.target.kind != Kind::form() {
            return Ok(());
        }
        let Ok(read) = FormDoc::deserialize(&doc.body) else {
            return Ok(());
        };
        let id = read.form.get("id").and_then(|it| it.as_str());
        let is_it = form.is_some() && id == form;
        let is_later = found.as_ref().is_none_or(|(at, _)| *at < read.loaded_at);
        if is_it
            && is_later
            && let Ok(form) = Form::deserialize(&read.form)
        {
            found = Some((read.loaded_at, form));
        }
        Ok(())
    })
    .await?;
    city.form = found.map(|(_, form)| form);
    Ok(city)
}

/// Gathers it.
pub(super) async fn gather(
    app: &Shared,
    session: &Session,
    form: Form,
    [from, to]: [Timestamp; 2],
) -> Answered<Gathered> {
    let mut records: BTreeMap<RecordId, Record> = BTreeMap::new();
    let mut corrected = BTreeSet::new();
    let mut entries = BTreeMap::new();
    for grid in &session.staff.grids {
        each::<Failure>(app, &Scope::grid(grid), |doc| {
            let id = doc.target.id;
            match doc.body() {
                Ok(Some(Body::Record(record))) if record.filled.form.id == form.id => {
                    corrected.extend(record.filled.replaces);
                    let at = record.filled.finished_at;
                    if (from..to).contains(&at) {
                        records.insert(RecordId(id), *record);
                    }
                }
                Ok(Some(Body::Entry(kind, EntryDoc::Known(entry)))) => {
                    entries.insert(id, about(kind, &entry.stands()));
                }
                // What can't be read is for `quarantine` and monitoring; a file does without.
                Ok(_) | Err(_) => {}
            }
            if records.len() > app.config.export_records_max {
                return Err(Failure::new(
                    ErrorCode::TooLarge,
                    "there are too many records in these days; ask for fewer days",
                ));
            }
            Ok(())
        })
        .await?;
    }
    let mut records: Vec<(RecordId, Record)> = records.into_iter().collect();
    records.sort_by_key(|(id, record)| (record.filled.finished_at, *id));
    Ok(Gathered {
        form,
        records,
        corrected,
        entries,
    })
}

fn about(kind: EntryKind, stands: &shared::register::Stands<'_>) -> About {
    let text = |field| stands.text(field).unwrap_or_default();
    let title = match kind {
        EntryKind::Building => [text("compound"), text("name")].join(" "),
        EntryKind::Dwelling => [text("unit"), text("room")].join(" "),
        EntryKind::Household => text("hukou_no").to_owned(),
        EntryKind::Resident | EntryKind::Place => text("name").to_owned(),
        EntryKind::Campaign => text("title").to_owned(),
        EntryKind::Management => String::new(),
    };
    let parent = kind
        .belongs_to()
        .and_then(|(field, _)| text(field).parse().ok());
    About {
        title: title.trim().to_owned(),
        parent,
        sex: text("sex").to_owned(),
        birth: text("birth").to_owned(),
        id_type: text("id_type").to_owned(),
        id_no: text("id_no").to_owned(),
        phone: text("phone").to_owned(),
    }
}

/// Every document of a feed.
pub(crate) async fn each<E: From<StoreError>>(
    app: &App,
    scope: &Scope,
    mut take: impl FnMut(&Doc) -> Result<(), E>,
) -> Result<(), E> {
    let mut after = 0;
    loop {
        let request = PageRequest {
            scope: scope.clone(),
            after,
            limit: PAGE,
            bytes: PAGE_BYTES,
        };
        let page = app.store.pull(request).await?;
        for item in &page.items {
            if let FeedItem::Doc { doc, .. } = item {
                take(doc)?;
            }
        }
        if page.seq >= page.head {
            return Ok(());
        }
        after = page.seq;
    }
}
