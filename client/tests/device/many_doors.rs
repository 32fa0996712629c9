//! Registers that are longer than a person reads: their lists come in pages, and what their doors ask for
//! is counted while nobody waits.

use shared::{
    EntryId,
    ipc::{
        Area, BUILDINGS_MAX, Buildings, ConfirmDoor, DoorState, GetBuilding, GetDoor, GetRound,
        GetToday, ListBuildings, Round, Today, VisitDoor,
    },
    visit::Met,
};

use super::{city, import::import, tablet::Tablet};

/// So many buildings of so many doors, each with somebody.
async fn town(tablet: &Tablet, buildings: u32, doors: u32) {
    let mut table = "网格,小区,楼号,单元,房号,姓名\n".to_owned();
    for building in 1..=buildings {
        for door in 1..=doors {
            let row =
                format!("杏花01网格,杏花苑,{building}幢,1单元,{door:03},沈{building}之{door}\n");
            table.push_str(&row);
        }
    }
    import(tablet, &table).await.unwrap();
}

async fn page(tablet: &Tablet, offset: u32, limit: u32) -> Buildings {
    let list = ListBuildings { offset, limit };
    tablet.client.list_buildings(list).await.unwrap()
}

async fn round(tablet: &Tablet, doors: u32) -> Round {
    let round = GetRound { near: None, doors };
    tablet.client.get_round(round).await.unwrap()
}

async fn today(tablet: &Tablet) -> Today {
    tablet.client.get_today(GetToday {}).await.unwrap()
}

fn doors(round: &Round) -> Vec<EntryId> {
    let doors = round.due.iter().flat_map(|it| &it.doors);
    doors.map(|it| it.dwelling).collect()
}

async fn visit(tablet: &Tablet, dwelling: EntryId, outcome: Met) {
    let visit = VisitDoor {
        dwelling,
        outcome,
        note: String::new(),
    };
    tablet.client.visit_door(visit).await.unwrap();
}

#[tokio::test]
async fn buildings_come_in_pages_and_none_twice() {
    let clerk = Tablet::of(city::clerk()).await;
    town(&clerk, BUILDINGS_MAX + 5, 1).await;

    let first = page(&clerk, 0, u32::MAX).await;
    let second = page(&clerk, BUILDINGS_MAX, 50).await;

    let total = BUILDINGS_MAX + 5;
    assert_eq!((first.total, second.total), (total, total));
    assert_eq!(first.buildings.len(), BUILDINGS_MAX as usize);
    let names = first.buildings.iter().chain(&second.buildings);
    let names: Vec<&str> = names.map(|it| it.name.as_str()).collect();
    let all: Vec<String> = (1..=total).map(|it| format!("{it}幢")).collect();
    assert_eq!(names, all, "in their order");
    assert!(first.buildings.iter().all(|it| it.doors == 1), "{first:?}");
    assert_eq!((first.residents, first.households), (total, total));
}

#[tokio::test]
async fn a_round_gives_as_many_doors_as_are_asked_for_and_tells_how_many_there_are() {
    let clerk = Tablet::of(city::clerk()).await;
    town(&clerk, 3, 4).await;
    let all = doors(&round(&clerk, 100).await);

    let some = round(&clerk, 6).await;

    assert_eq!(all.len(), 12);
    assert_eq!(doors(&some), all[..6], "the first of them");
    assert_eq!((some.due_total, some.counting), (12, false));
    let counts = some.due.iter().map(|it| it.doors.len());
    assert_eq!(counts.collect::<Vec<_>>(), [4, 2], "building by building");

    visit(&clerk, all[0], Met::Met).await;
    visit(&clerk, all[11], Met::NotHome).await;

    let some = round(&clerk, 2).await;
    assert_eq!(doors(&some), all[1..3]);
    let revisit = some.revisit.iter().flat_map(|it| &it.doors);
    let revisit: Vec<EntryId> = revisit.map(|it| it.dwelling).collect();
    assert_eq!(revisit, [all[11]]);
    let figures = (some.due_total, some.revisit_total, some.met_today);
    assert_eq!(figures, (10, 1, 1));
}

#[tokio::test]
async fn many_doors_are_counted_while_nobody_waits() {
    const ALL: u32 = 8 * 200;
    let clerk = Tablet::of(city::clerk()).await;
    town(&clerk, 8, 200).await;
    let mut changes = clerk.client.changes();

    let first = round(&clerk, 1).await;

    assert!(first.counting, "{first:?}");
    assert!(first.due_total > 0 && first.due_total < ALL, "{first:?}");
    while !changes
        .recv()
        .await
        .unwrap()
        .touched
        .contains(&Area::Rounds)
    {}
    let then = round(&clerk, 1).await;
    assert_eq!((then.counting, then.due_total), (false, ALL));

    // What changes at one door is counted at once.
    visit(&clerk, doors(&then)[0], Met::Met).await;
    let now = round(&clerk, 1).await;
    assert_eq!((now.counting, now.due_total), (false, ALL - 1));
    assert_eq!((now.met_today, now.soon), (1, 0));
}

/// The numbers of the list, of the building's page and of each door are the same, whatever happened.
#[tokio::test]
async fn what_is_counted_is_what_the_doors_say() {
    let clerk = Tablet::of(city::clerk()).await;
    town(&clerk, 2, 5).await;
    let all = doors(&round(&clerk, 100).await);
    for (door, outcome) in [
        (0, Met::Met),
        (1, Met::NotHome),
        (2, Met::Refused),
        (6, Met::Moved),
    ] {
        visit(&clerk, all[door], outcome).await;
    }
    let dwelling = all[7];
    clerk
        .client
        .confirm_door(ConfirmDoor { dwelling })
        .await
        .unwrap();

    for row in page(&clerk, 0, 10).await.buildings {
        let building = row.id;
        let get = GetBuilding { building };
        let view = clerk.client.get_building(get).await.unwrap();
        let floors = view.units.iter().flat_map(|it| &it.floors);
        let cells: Vec<_> = floors.flat_map(|it| &it.doors).collect();
        let with = |state| {
            let cells = cells.iter().filter(|it| it.state == state);
            u32::try_from(cells.count()).unwrap()
        };
        let said = [row.doors, row.done, row.not_home];
        let doors = u32::try_from(cells.len()).unwrap();
        assert_eq!(
            said,
            [doors, with(DoorState::Done), with(DoorState::NotHome)]
        );
        for cell in &cells {
            let get = GetDoor { dwelling: cell.id };
            assert_eq!(clerk.client.get_door(get).await.unwrap().state, cell.state);
        }
    }
    assert_eq!(today(&clerk).await.doors_due, 0, "a clerk walks no round");
}
