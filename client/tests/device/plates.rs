//! Door plates: printed for a building, hung, photographed, and read again.

use std::{collections::BTreeSet, fs};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use client::testing;
use shared::{
    EntryId, PhotoError,
    ipc::{
        ChangeEntry, Code, IpcError, PlateTrouble, PlateUpload, PrintPlates, PrintedPlates,
        PutPlateChunk,
    },
    plate,
    register::EntryKind,
};

use super::{
    camera::{Plate, Random, Shot, photo, plates_of, png},
    city,
    register::{Scene, set},
    tablet::{Tablet, code, files_under},
};

/// Bytes of a piece, as the page hands them in.
const PIECE: usize = 256 * 1024;

const NOTICE: &str = "网格员走访用，码中没有住户信息";

async fn print(scene: &Scene) -> (PrintedPlates, String) {
    let args = PrintPlates {
        building: scene.building,
        notice: NOTICE.to_owned(),
    };
    let printed = scene.tablet.client.print_plates(args).await.unwrap();
    let page = fs::read_to_string(&printed.path).unwrap();
    (printed, page)
}

async fn change(scene: &Scene, kind: EntryKind, entry: EntryId, pairs: &[(&str, &str)]) {
    let change = ChangeEntry {
        kind,
        entry,
        set: set(pairs),
    };
    scene.tablet.client.change_entry(change).await.unwrap();
}

/// Hands in a photo; gives the door that it opens.
async fn scan(tablet: &Tablet, file: &[u8]) -> Result<EntryId, IpcError> {
    let pieces = file.chunks(PIECE).chain(file.is_empty().then_some(file));
    for (nth, piece) in pieces.enumerate() {
        let chunk = PutPlateChunk {
            upload: "plate".to_owned(),
            offset: (nth * PIECE) as u64,
            total: file.len() as u64,
            data: BASE64_STANDARD.encode(piece),
        };
        if let PlateUpload::Read { dwelling } = tablet.client.put_plate_chunk(chunk).await? {
            return Ok(dwelling);
        }
    }
    panic!("the last piece is answered");
}

fn trouble(result: Result<EntryId, IpcError>) -> PlateTrouble {
    match code(result) {
        Code::Plate { why } => why,
        other => panic!("not a plate's trouble: {other:?}"),
    }
}

#[tokio::test]
async fn a_sheet_has_a_plate_for_each_door_in_the_order_of_the_matrix_and_names_nobody() {
    let scene = Scene::new().await;
    let of_it = scene.building.to_string();
    scene
        .enter(
            EntryKind::Dwelling,
            &[
                ("building", &of_it),
                ("unit", "2单元"),
                ("floor", "12"),
                ("room", "1202"),
                ("owner", "钱老板"),
                ("door_code", "329901001001234"),
            ],
        )
        .await;
    change(
        &scene,
        EntryKind::Building,
        scene.building,
        &[("address", "丽水路12号")],
    )
    .await;

    let (printed, page) = print(&scene).await;

    let plates = plates_of(&page);
    let names: Vec<&str> = plates.iter().map(|it| it.door.as_str()).collect();
    assert_eq!(
        names,
        ["3-2-1201", "3-2-1202", "3-2-501"],
        "the highest floor first"
    );
    assert_eq!(printed.plates, 3);
    for words in ["丽水花园 3幢", "丽水路12号", NOTICE] {
        assert_eq!(page.matches(&format!(">{words}</p>")).count(), 3, "{words}");
    }
    assert_eq!(
        page.matches(">329901001001234</p>").count(),
        1,
        "a city's code can be typed"
    );
    for personal in ["张三", "欧阳", "钱老板", "13800005678", "110101"] {
        assert!(
            !page.contains(personal),
            "{personal} is nobody's business at the door"
        );
    }
    let others: BTreeSet<&str> = ["http:", "https:", "src=", "url("].into();
    assert!(
        others.iter().all(|it| !page.contains(it)),
        "it needs no other file"
    );
    let name = printed.path.rsplit('/').next().unwrap();
    assert_eq!(name, "door-plates-2026-09-25.html");

    let (again, _) = print(&scene).await;
    assert_ne!(again.path, printed.path, "no file covers another");
}

#[tokio::test]
async fn what_a_building_is_called_stays_a_name_on_the_page() {
    let scene = Scene::new().await;
    let hostile = "<script>alert(1)</script>\"'&";
    for (kind, id, field) in [
        (EntryKind::Building, scene.building, "compound"),
        (EntryKind::Building, scene.building, "name"),
        (EntryKind::Building, scene.building, "address"),
        (EntryKind::Dwelling, scene.door, "unit"),
        (EntryKind::Dwelling, scene.door, "room"),
        (EntryKind::Dwelling, scene.door, "door_code"),
    ] {
        change(&scene, kind, id, &[(field, hostile)]).await;
    }
    let args = PrintPlates {
        building: scene.building,
        notice: hostile.to_owned(),
    };

    let printed = scene.tablet.client.print_plates(args).await.unwrap();

    let page = fs::read_to_string(printed.path).unwrap();
    assert!(!page.to_lowercase().contains("<script"), "{page}");
    let known: BTreeSet<&str> = page.split('<').skip(1).map(tag).collect();
    let ours: BTreeSet<&str> = [
        "!doctype", "html", "head", "meta", "title", "style", "body", "ul", "li", "svg", "path",
        "div", "p",
    ]
    .into();
    assert_eq!(known, ours, "no other tag is in it");
    assert!(page.contains("<title>&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp; "));
}

fn tag(text: &str) -> &str {
    let text = text.trim_start_matches('/');
    text.split(|it: char| !(it.is_ascii_alphanumeric() || it == '!'))
        .next()
        .unwrap()
}

#[tokio::test]
async fn a_building_without_doors_or_from_elsewhere_has_no_sheet() {
    let scene = Scene::new().await;
    let bare = scene
        .enter(
            EntryKind::Building,
            &[("grid", "G1"), ("compound", "丽水花园"), ("name", "9幢")],
        )
        .await;
    for building in [bare, EntryId::from_bytes([9; 16])] {
        let args = PrintPlates {
            building,
            notice: String::new(),
        };
        let refused = scene.tablet.client.print_plates(args).await;
        assert_eq!(code(refused), Code::NotFound);
    }
}

#[tokio::test]
async fn a_printed_plate_is_photographed_and_opens_its_door() {
    let scene = Scene::new().await;
    change(
        &scene,
        EntryKind::Dwelling,
        scene.empty,
        &[("door_code", "329901001001234")],
    )
    .await;
    let (_, page) = print(&scene).await;
    let plates = plates_of(&page);
    let [of_empty, of_door] = &plates[..] else {
        panic!("two doors")
    };
    let shots = [
        (
            "straight",
            Shot {
                size: (900, 700),
                code: 400,
                ..Shot::default()
            },
        ),
        (
            "askew",
            Shot {
                size: (1_200, 900),
                code: 380,
                turned: 17.0,
                ..Shot::default()
            },
        ),
        (
            "upside down",
            Shot {
                size: (1_200, 900),
                code: 380,
                turned: 171.0,
                ..Shot::default()
            },
        ),
        (
            "blurred, in bad light",
            Shot {
                size: (1_600, 1_200),
                code: 420,
                turned: -8.0,
                blur: 4.0,
                grain: 30,
            },
        ),
        (
            "from across the stairs, 12 megapixels",
            Shot {
                size: (4_000, 3_000),
                code: 150,
                turned: 5.0,
                grain: 24,
                ..Shot::default()
            },
        ),
        (
            "filling 12 megapixels",
            Shot {
                size: (4_000, 3_000),
                code: 2_600,
                turned: 3.0,
                blur: 25.0,
                grain: 40,
            },
        ),
    ];
    for (how, shot) in shots {
        for (plate, dwelling) in [(of_door, scene.door), (of_empty, scene.empty)] {
            let file = photo(&[plate], &shot);
            let opened = scan(&scene.tablet, &file).await;
            assert_eq!(opened, Ok(dwelling), "{how}: {}", plate.door);
        }
    }
    let file = png(&[of_door], &Shot::default());
    assert_eq!(
        scan(&scene.tablet, &file).await,
        Ok(scene.door),
        "a picture of the screen"
    );
}

#[tokio::test]
async fn a_city_s_plate_opens_the_door_that_has_its_code_as_it_stands_now() {
    let scene = Scene::new().await;
    let see = async |text: &str| {
        let file = photo(&[&Plate::saying(text)], &Shot::default());
        scan(&scene.tablet, &file).await
    };
    let enter = async |door, code: &str| {
        change(&scene, EntryKind::Dwelling, door, &[("door_code", code)]).await;
    };
    let address = "https://mp.example/door?city=3299&code=3299-0100A-1234";

    enter(scene.door, "3299-0100a-1234").await;
    assert_eq!(see("3299-0100A-1234").await, Ok(scene.door));
    assert_eq!(
        see(address).await,
        Ok(scene.door),
        "the code in an address of the web"
    );
    assert_eq!(
        trouble(see("3299-0100A-12345").await),
        PlateTrouble::NotADoor,
        "a longer code is another"
    );
    assert_eq!(
        trouble(see("3299-0100A-123").await),
        PlateTrouble::NotADoor,
        "a shorter, too"
    );
    assert_eq!(
        scene.find("3299").await,
        [],
        "nobody who looks for a telephone finds doors"
    );

    enter(scene.door, address).await;
    assert_eq!(
        see(address).await,
        Ok(scene.door),
        "or the address is the code"
    );
    assert_eq!(
        trouble(see("3299-0100A-1234").await),
        PlateTrouble::NotADoor,
        "it was changed"
    );

    enter(scene.empty, address).await;
    assert_eq!(
        trouble(see(address).await),
        PlateTrouble::Several,
        "one code was entered for two doors"
    );
}

#[tokio::test]
async fn what_a_tablet_knew_before_plates_were_read_is_found_by_them() {
    let scene = Scene::new().await;
    change(
        &scene,
        EntryKind::Dwelling,
        scene.door,
        &[("door_code", "329901001001234")],
    )
    .await;
    let rows = testing::register_rows(&scene.tablet.client).await.unwrap();

    testing::refold_all(&scene.tablet.client).await.unwrap();

    let anew = testing::register_rows(&scene.tablet.client).await.unwrap();
    assert_eq!(anew, rows);
    let file = photo(&[&Plate::saying("329901001001234")], &Shot::default());
    assert_eq!(scan(&scene.tablet, &file).await, Ok(scene.door));
}

#[tokio::test]
async fn a_photo_that_opens_no_door_says_why() {
    let scene = Scene::new().await;
    let ours = |id| Plate::saying(&plate::Plate::Ours(id).to_string());
    let elsewhere = ours(EntryId::from_bytes([9; 16]));
    let payment = Plate::saying("https://pay.example/merchant/200100300400");
    let torn = Plate::saying("GRIDWALKER:DOOR/AGM2HRC5");
    let (here, other) = (ours(scene.door), ours(scene.empty));
    let cases: [(&str, &[&Plate], Result<EntryId, PlateTrouble>); 9] = [
        ("a bare wall", &[], Err(PlateTrouble::NoCode)),
        ("a payment", &[&payment], Err(PlateTrouble::NotADoor)),
        ("half an id", &[&torn], Err(PlateTrouble::NotADoor)),
        (
            "a building",
            &[&ours(scene.building)],
            Err(PlateTrouble::NotADoor),
        ),
        (
            "another grid's door",
            &[&elsewhere],
            Err(PlateTrouble::NotHere),
        ),
        (
            "with a payment",
            &[&payment, &elsewhere],
            Err(PlateTrouble::NotHere),
        ),
        ("two doors", &[&here, &other], Err(PlateTrouble::Several)),
        (
            "one door beside others' codes",
            &[&payment, &here, &elsewhere],
            Ok(scene.door),
        ),
        ("one door twice", &[&here, &here], Ok(scene.door)),
    ];
    for (what, plates, expected) in cases {
        let shot = Shot {
            size: (1_500, 700),
            ..Shot::default()
        };
        let opened = scan(&scene.tablet, &photo(plates, &shot)).await;
        let expected = expected.map_err(|why| Code::Plate { why });
        assert_eq!(opened.map_err(|error| error.code), expected, "{what}");
    }
}

#[tokio::test]
async fn a_picture_that_can_t_be_read_is_told_as_such_and_nothing_of_any_is_kept() {
    let scene = Scene::new().await;
    let before = files_under(scene.tablet.folder.path());
    let said = plate::Plate::Ours(scene.door).to_string();
    let whole = photo(&[&Plate::saying(&said)], &Shot::default());
    let mut huge = whole.clone();
    let frame = huge.windows(2).position(|it| it == [0xFF, 0xC0]).unwrap();
    huge[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    let cases = [
        ("empty", Vec::new(), PhotoError::Empty),
        (
            "cut off",
            whole[..whole.len() / 2].to_vec(),
            PhotoError::Truncated,
        ),
        (
            "a renamed page",
            b"<!doctype html>".to_vec(),
            PhotoError::NotAnImage,
        ),
        (
            "HEIC",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(),
            PhotoError::Heic,
        ),
        (
            "65,535 x 65,535",
            huge,
            PhotoError::TooManyPixels { megapixels: 4_295 },
        ),
    ];
    for (what, file, why) in cases {
        assert_eq!(
            code(scan(&scene.tablet, &file).await),
            Code::Photo { why },
            "{what}"
        );
    }

    assert_eq!(
        scan(&scene.tablet, &whole).await,
        Ok(scene.door),
        "the next good one opens"
    );
    assert_eq!(
        files_under(scene.tablet.folder.path()),
        before,
        "no picture stays on the disk"
    );
}

#[tokio::test]
async fn damaged_and_misleading_pictures_are_answered_like_any_other() {
    let tablet = Tablet::of(city::worker()).await;
    let plate = Plate::saying("GRIDWALKER:DOOR/AGM2HRC5NZ7YBEJDIVTYTK6N54");
    let mut random = Random(7);
    for run in 0..60 {
        let shot = Shot {
            size: (500, 400),
            code: 200 + u16::try_from(random.below(400)).unwrap(),
            turned: f64::from(random.below(360)),
            grain: random.below(200),
            ..Shot::default()
        };
        let mut file = photo(&[&plate, &plate], &shot);
        for _ in 0..random.below(6) {
            let at = usize::try_from(random.below(i32::MAX)).unwrap() % file.len();
            file[at] = u8::try_from(random.below(256)).unwrap();
        }
        match code(scan(&tablet, &file).await) {
            Code::Photo { .. } | Code::Plate { .. } => {}
            other => panic!("run {run}: {other:?}"),
        }
    }
}
