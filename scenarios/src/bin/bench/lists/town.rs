//! What is on the device: residents, places, cases, campaigns, and what was done at some doors.

use anyhow::{Context as _, Result};
use client::{Client, testing};
use scenarios::{dice::Dice, sample_city::table};
use serde_json::json;
use shared::{
    Doc, DocRef, EntryId, Extra, FieldName, GridCode, Kind, Position, Scope, Timestamp, deadline,
    ipc::{
        EnterEntry, GetBuilding, GetDoor, GetOwnGrids, GetToday, ImportChoices, ListBuildings,
        ListCampaigns, RunImport, VisitDoor,
    },
    record::{Filled, FormVersion, Given},
    register::{EntryKind, FieldValue, words::Table},
    visit::Met,
};
use uuid::Uuid;

use crate::{import::hand_in, search, start::cases};

const CASES: u32 = 100_000;
const PLACES: u32 = 20_000;

/// Doors where somebody was met or not; behind each, everybody is asked.
const VISITED: u32 = 1_000;

/// Doors at which somebody was entered twice.
const TWICE: u32 = 100;

const FORM: Uuid = Uuid::from_u128(1);

/// What pages ask about.
pub(super) struct Town {
    /// One that runs.
    pub(super) campaign: EntryId,
    buildings: Vec<EntryId>,
    doors: Vec<EntryId>,
    residents: Vec<EntryId>,
}

impl Town {
    /// Looks around.
    pub(super) async fn of(client: &Client) -> Result<Self> {
        let list = client.list_buildings(ListBuildings::default()).await?;
        let buildings: Vec<EntryId> = list.buildings.iter().map(|it| it.id).collect();
        let mut doors = Vec::new();
        // Here and there: of a thousand buildings fifty.
        for building in buildings.iter().step_by(buildings.len() / 50 + 1) {
            doors.extend(doors_of(client, *building).await?);
        }
        let mut residents = Vec::new();
        for door in doors.iter().step_by(doors.len() / 100 + 1) {
            let view = client.get_door(GetDoor { dwelling: *door }).await?;
            let members = view.households.iter().flat_map(|it| &it.members);
            residents.extend(members.map(|it| it.id));
        }
        let campaigns = client.list_campaigns(ListCampaigns {}).await?.campaigns;
        Ok(Self {
            campaign: campaigns.first().context("there are campaigns")?.id,
            buildings,
            doors,
            residents,
        })
    }

    pub(super) fn building(&self, dice: &mut Dice) -> Result<EntryId> {
        pick(&self.buildings, dice)
    }

    pub(super) fn door(&self, dice: &mut Dice) -> Result<EntryId> {
        pick(&self.doors, dice)
    }

    pub(super) fn resident(&self, dice: &mut Dice) -> Result<EntryId> {
        pick(&self.residents, dice)
    }

    /// Where the person is.
    pub(super) fn near() -> Result<Position> {
        Ok(Position::new(120.8928, 32.0075)?)
    }
}

fn pick(from: &[EntryId], dice: &mut Dice) -> Result<EntryId> {
    let at = dice.few(u32::try_from(from.len())?.max(1));
    from.get(at as usize).copied().context("there is one")
}

/// What is typed to find a place.
pub(super) fn typed(dice: &mut Dice) -> String {
    let name = table::name(dice.few(PLACES));
    name.chars().take(2).collect()
}

async fn doors_of(client: &Client, building: EntryId) -> Result<Vec<EntryId>> {
    let view = client.get_building(GetBuilding { building }).await?;
    let floors = view.units.into_iter().flat_map(|it| it.floors);
    Ok(floors.flat_map(|it| it.doors).map(|it| it.id).collect())
}

/// Puts everything on a clerk's new device.
pub(super) async fn fill(client: &Client, residents: u32) -> Result<()> {
    let grids = client.get_own_grids(GetOwnGrids {}).await?;
    let grid = grids.first().context("the clerk has a grid")?.code.clone();
    search::fill(client, residents).await?;
    places(client, &grid).await?;
    cases::put(client, CASES).await?;
    testing::pull(client, Scope::city(), form()).await?;
    at_doors(client, &grid).await?;
    // They begin last: what was done before would be looked through at each step.
    campaign(client, &grid, "秋季接种", &[]).await?;
    let of_the_old = [
        ("min_age", FieldValue::Number(60)),
        ("counts", FieldValue::from("status=done")),
    ];
    campaign(client, &grid, "老人接种", &of_the_old).await
}

async fn places(client: &Client, grid: &GridCode) -> Result<()> {
    let mut text = String::from("单位名称,类别,地址,联系人,联系电话\n");
    for at in 0..PLACES {
        let name = table::name(at);
        let row = format!("{name}{at}号店,商铺,文峰路{at}号,{name},138{at:08}\n");
        text.push_str(&row);
    }
    let (columns, _) = hand_in(client, &text).await?;
    let choices = ImportChoices {
        columns,
        of: Table::Places,
        grid: Some(grid.clone()),
        ..ImportChoices::default()
    };
    let leave_out = false;
    client.run_import(RunImport { choices, leave_out }).await?;
    Ok(())
}

fn form() -> Doc {
    let choices = [["done", "已接种"], ["not_done", "未接种"]];
    let form = json!({
        "format": 1, "id": "vaccination", "version": "1", "title": {"": "疫苗接种"}, "root": "data",
        "items": [{
            "name": "status", "label": {"": "接种状态"}, "shape": "question", "kind": "select_one",
            "choices": { "list": "status" },
        }],
        "lists": [{ "name": "status", "rows": { "columns": ["name", "label"], "rows": choices } }],
    });
    Doc {
        target: DocRef {
            kind: Kind::form(),
            id: FORM,
        },
        rev: 1,
        body: json!({ "form": form, "lists": {}, "loaded_at": 1 }),
    }
}

/// Visits, records, and people who were entered twice, at doors here and there.
async fn at_doors(client: &Client, grid: &GridCode) -> Result<()> {
    let buildings = client
        .list_buildings(ListBuildings::default())
        .await?
        .buildings;
    let mut records = Vec::new();
    let mut visited = 0;
    for building in buildings.iter().cycle() {
        let doors = doors_of(client, building.id).await?;
        for dwelling in doors.into_iter().step_by(23).take(20) {
            let outcome = if visited % 10 == 0 {
                Met::NotHome
            } else {
                Met::Met
            };
            let note = String::new();
            let visit = VisitDoor {
                dwelling,
                outcome,
                note,
            };
            client.visit_door(visit).await?;
            let door = client.get_door(GetDoor { dwelling }).await?;
            let at = door.visits.first().context("it was visited")?.at;
            for household in door.households {
                let twice = household.members.first().filter(|_| visited < TWICE);
                if let Some(member) = twice {
                    let birth = member.fields.iter().find(|it| it.field.as_str() == "birth");
                    let birth = birth.map(|it| it.value.clone());
                    let set = [
                        (
                            "household",
                            FieldValue::from(household.entry.id.to_string().as_str()),
                        ),
                        ("name", FieldValue::from(member.title.as_str())),
                        ("birth", birth.context("they were born")?),
                    ];
                    enter(client, EntryKind::Resident, &set).await?;
                }
                let members = household.members.iter();
                records.extend(members.map(|it| filled(grid, it.id, at)));
            }
            visited += 1;
            if visited == VISITED {
                testing::record_all(client, records).await?;
                return Ok(());
            }
        }
    }
    Ok(())
}

fn filled(grid: &GridCode, resident: EntryId, at: Timestamp) -> Filled {
    let status = if resident.as_bytes().last().is_some_and(|it| it % 4 == 0) {
        "not_done"
    } else {
        "done"
    };
    Filled {
        form: FormVersion {
            doc: FORM,
            id: "vaccination".to_owned(),
            version: "1".to_owned(),
        },
        subject: Some(DocRef::entry(EntryKind::Resident, resident)),
        grid: grid.clone(),
        begun_at: at,
        finished_at: at,
        name: String::new(),
        values: vec![Given {
            address: "status".to_owned(),
            value: status.to_owned(),
        }],
        photos: Vec::new(),
        replaces: None,
        told: None,
        extra: Extra::default(),
    }
}

async fn campaign(
    client: &Client,
    grid: &GridCode,
    title: &str,
    more: &[(&str, FieldValue)],
) -> Result<()> {
    let now = client.get_today(GetToday {}).await?.now;
    let [from, until] = [-30, 30].map(|days| deadline::day(480, now.plus_days(days)));
    let usual = [
        ("title", FieldValue::from(title)),
        ("form", FieldValue::from("vaccination")),
        ("about", FieldValue::from("resident")),
        ("from", FieldValue::from(from.as_str())),
        ("until", FieldValue::from(until.as_str())),
        ("grid", FieldValue::from(grid.as_str())),
    ];
    enter(client, EntryKind::Campaign, &[&usual, more].concat()).await
}

async fn enter(client: &Client, kind: EntryKind, set: &[(&str, FieldValue)]) -> Result<()> {
    let set = set.iter().cloned();
    let set = set.map(|(name, value)| (FieldName::from(name), Some(value)));
    let set = set.collect();
    client.enter_entry(EnterEntry { kind, set }).await?;
    Ok(())
}
