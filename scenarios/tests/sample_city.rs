//! What the sample city promises to demo, tests and benches: it is what the issue asks for, a hub
//! would load it, and its ground plan has neither gaps nor overlaps.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use scenarios::sample_city::{CITY_CODE, sample_city, to_text};
use shared::{
    Position, Role, Timestamp,
    deadline::deadline,
    geo,
    pack::{Calendar, CityPack, DivisionKind, Domain, Limit, LimitKind, parse},
    search,
};
use time::{Date, Month};

fn city() -> CityPack {
    sample_city().unwrap()
}

fn committed_file() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/sample-city.json");
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn the_committed_file_is_what_the_generator_makes() {
    let made = to_text(&city()).unwrap();

    assert!(
        committed_file() == made,
        "because packs/sample-city.json is generated: run `cargo run -p scenarios --bin sample-city`"
    );
}

#[test]
fn a_hub_would_load_the_committed_file() {
    let text = committed_file();

    let pack = parse(text.as_bytes()).unwrap();

    assert_eq!(pack, city(), "because nothing may be lost in the file");
    assert!(
        text.len() <= 600_000,
        "because devices pull it over weak links: {} bytes",
        text.len()
    );
}

#[test]
fn the_city_has_the_size_the_issue_asks_for() {
    let pack = city();

    let of_kind = |kind| pack.divisions.iter().filter(|d| d.kind == kind).count();
    assert_eq!(of_kind(DivisionKind::Street), 3);
    assert_eq!(of_kind(DivisionKind::Community), 9);
    assert_eq!(pack.grids.len(), 36);
    assert!(pack.catalogue.categories.len() >= 90);
    let domains: BTreeSet<Domain> = pack.catalogue.categories.iter().map(|c| c.domain).collect();
    assert_eq!(domains.len(), 7, "because one tree covers every domain");
    for grid in &pack.grids {
        assert!(
            (20..=40).contains(&grid.addresses.len()),
            "{}: {} addresses",
            grid.name,
            grid.addresses.len()
        );
    }
}

#[test]
fn codes_have_the_national_shape_but_belong_to_no_place() {
    let pack = city();

    assert_eq!(pack.city.code, CITY_CODE);
    for division in &pack.divisions {
        let digits = match division.kind {
            DivisionKind::Street => 9,
            DivisionKind::Community => 12,
        };
        assert_eq!(division.code.len(), digits, "{}", division.name);
        assert!(division.code.starts_with(&division.parent));
    }
    for grid in &pack.grids {
        assert_eq!(grid.code.as_str().len(), 15, "{}", grid.name);
        assert!(grid.code.as_str().starts_with(&grid.community));
    }
}

#[test]
fn an_address_lies_in_its_own_grid_and_in_no_other() {
    let pack = city();

    for grid in &pack.grids {
        for address in &grid.addresses {
            let inside: Vec<_> = grids_at(&pack, address.position);
            assert_eq!(inside, [grid.name.as_str()], "{}", address.text);
        }
    }
}

#[test]
fn no_two_addresses_of_the_district_read_the_same() {
    let pack = city();
    let mut seen = BTreeSet::new();

    for address in pack.grids.iter().flat_map(|grid| &grid.addresses) {
        assert!(seen.insert(&address.text), "{} occurs twice", address.text);
        assert!(!address.pinyin.is_empty() && address.text.starts_with(&address.street));
    }
}

#[test]
fn house_numbers_of_a_road_rise_from_one_end_to_the_other() {
    let pack = city();
    let mut road: Vec<_> = pack
        .grids
        .iter()
        .flat_map(|grid| &grid.addresses)
        .filter(|address| address.street == "文峰路")
        .collect();
    road.sort_by(|a, b| a.position.lng().total_cmp(&b.position.lng()));

    for parity in [0, 1] {
        let numbers: Vec<u32> = road
            .iter()
            .filter_map(|address| {
                let number = address.text.strip_prefix("文峰路")?.strip_suffix('号')?;
                number.parse().ok()
            })
            .filter(|number| number % 2 == parity)
            .collect();
        assert!(numbers.len() > 20, "because the road passes six grids");
        assert!(
            numbers.is_sorted(),
            "because people look for a house along the road: {numbers:?}"
        );
    }
}

#[test]
fn every_point_of_the_district_lies_in_exactly_one_grid() {
    let pack = city();
    let outline = outline(&pack);
    let (mut inside, mut looked) = (0, 0);

    for (column, row) in (0..150).flat_map(|x| (0..150).map(move |y| (x, y))) {
        // Steps that are no multiple of the file's 1e-6 degrees, so that none hits a border.
        let lng = 120.885 + f64::from(column) * 0.000_200_013;
        let lat = 31.987 + f64::from(row) * 0.000_175_017;
        let point = Position::new(lng, lat).unwrap();
        looked += 1;
        let grids = grids_at(&pack, point);
        let expected = usize::from(geo::ring_contains(&outline, point));
        inside += expected;
        assert_eq!(grids.len(), expected, "{lng},{lat} lies in {grids:?}");
    }

    assert!(
        inside * 3 > looked,
        "because the raster must meet the district: {inside} of {looked}"
    );
}

#[test]
fn every_grid_is_about_as_wide_as_a_block_of_a_city() {
    for grid in city().grids {
        assert!(geo::ring_is_valid(&grid.polygon), "{}", grid.name);
        let mut widest: f64 = 0.0;
        for a in &grid.polygon {
            for b in &grid.polygon {
                widest = widest.max(geo::distance_m(at(*a), at(*b)));
            }
        }
        assert!(
            (330.0..=560.0).contains(&widest),
            "{}: {widest} m from corner to corner",
            grid.name
        );
    }
}

/// DOMAIN.md §6. The first four vectors know no holidays; the last two fall into the golden week.
#[test]
fn the_golden_deadlines_hold_with_this_calendar() {
    use LimitKind::{NaturalDay, UrgentHour, WorkDay, WorkHour};
    let full = city().calendar;
    let plain = Calendar {
        days: BTreeMap::new(),
        ..full.clone()
    };
    let friday = local(Month::September, 25, 17);
    let wednesday = local(Month::September, 30, 16);
    let vectors = [
        (
            &plain,
            friday,
            2,
            UrgentHour,
            local(Month::September, 25, 19),
        ),
        (&plain, friday, 4, WorkHour, local(Month::September, 28, 11)),
        (&plain, friday, 1, WorkDay, local(Month::September, 28, 17)),
        (&plain, friday, 5, WorkDay, local(Month::October, 2, 17)),
        (&full, wednesday, 2, WorkDay, local(Month::October, 9, 16)),
        (
            &full,
            wednesday,
            2,
            NaturalDay,
            local(Month::October, 2, 16),
        ),
    ];

    for (calendar, start, value, kind, expected) in vectors {
        assert_eq!(
            deadline(calendar, start, Limit { value, kind }),
            Some(expected),
            "because device and hub must agree on {value} {kind:?}"
        );
    }
}

#[test]
fn make_up_days_are_weekend_days_and_no_holiday_at_once() {
    let calendar = city().calendar;

    let mut make_up_days = 0;
    for (day, kind) in &calendar.days {
        let mut parts = day.split('-').map(|part| part.parse::<u16>().unwrap());
        let (year, month, day_of_month) = (
            i32::from(parts.next().unwrap()),
            u8::try_from(parts.next().unwrap()).unwrap(),
            u8::try_from(parts.next().unwrap()).unwrap(),
        );
        let date = Date::from_calendar_date(year, month.try_into().unwrap(), day_of_month).unwrap();
        if *kind == shared::pack::DayKind::Workday {
            make_up_days += 1;
            assert!(
                date.weekday().number_days_from_monday() >= 5,
                "{day}: a weekday is worked anyway"
            );
        }
        assert_eq!(
            calendar.is_working_day(date),
            *kind == shared::pack::DayKind::Workday
        );
    }
    assert_eq!(
        make_up_days, 11,
        "six announced in 2026, five assumed in 2027"
    );
}

#[test]
fn every_category_is_found_by_its_initials() {
    for category in city().catalogue.categories {
        let initials: String = category
            .pinyin
            .split(' ')
            .filter_map(|syllable| syllable.chars().next())
            .collect();
        let name = search::Name {
            text: &category.name,
            pinyin: &category.pinyin,
        };
        assert_eq!(
            search::fit(&initials, name),
            Some(search::Fit::Start),
            "{} by {initials}",
            category.name
        );
        let characters = category
            .name
            .chars()
            .filter(|c| c.is_alphanumeric())
            .count();
        assert_eq!(
            category.pinyin.split(' ').count(),
            characters,
            "{}: a syllable for each character, in {:?}",
            category.name,
            category.pinyin
        );
        assert!(
            category.pinyin.is_ascii(),
            "{}: {:?} can't be typed",
            category.name,
            category.pinyin
        );
    }
}

#[test]
fn every_category_is_complete_in_both_languages() {
    for category in city().catalogue.categories {
        let name = &category.name;
        assert!(
            category.name_en.is_ascii() && !category.name_en.is_empty(),
            "{name}"
        );
        assert!(category.major_name_en.is_ascii(), "{name}");
        assert!(
            !category.departments.is_empty(),
            "{name}: nobody handles it"
        );
        assert!(
            !category.words.is_empty(),
            "{name}: people say it otherwise too"
        );
        assert_eq!(
            category.hint.is_empty(),
            category.hint_en.is_empty(),
            "{name}"
        );
        assert!((1..=4).contains(&category.conditions.len()), "{name}");
        assert!(
            category.code.as_str().starts_with(&category.major),
            "{name}"
        );
        for condition in &category.conditions {
            assert!(
                condition.text_en.is_ascii(),
                "{name}: {}",
                condition.text_en
            );
            assert!(
                condition.close_en.is_ascii(),
                "{name}: {}",
                condition.close_en
            );
        }
    }
}

#[test]
fn every_grid_has_a_worker_and_every_community_a_clerk() {
    let pack = city();

    for grid in &pack.grids {
        let workers = pack
            .staff
            .iter()
            .filter(|s| s.roles == [Role::Worker] && s.grids == [grid.code.clone()]);
        assert_eq!(workers.count(), 1, "{}", grid.name);
        let clerks = pack
            .staff
            .iter()
            .filter(|s| s.roles == [Role::Clerk] && s.communities == [grid.community.clone()]);
        assert_eq!(clerks.count(), 1, "{}", grid.name);
    }
    for department in &pack.departments {
        let handlers = pack
            .staff
            .iter()
            .filter(|s| s.department.as_ref() == Some(&department.id));
        assert_eq!(handlers.count(), 1, "{}", department.name);
    }
    let names: BTreeSet<_> = pack.staff.iter().map(|s| &s.name).collect();
    let badges: BTreeSet<_> = pack.staff.iter().map(|s| &s.badge_no).collect();
    assert_eq!(
        names.len(),
        pack.staff.len(),
        "because namesakes confuse a demo"
    );
    assert_eq!(badges.len(), pack.staff.len());
}

fn at([lng, lat]: [f64; 2]) -> Position {
    Position::new(lng, lat).unwrap()
}

fn grids_at(pack: &CityPack, position: Position) -> Vec<&str> {
    pack.grids
        .iter()
        .filter(|grid| geo::ring_contains(&grid.polygon, position))
        .map(|grid| grid.name.as_str())
        .collect()
}

/// The outer border: the edges that belong to one grid only. Each edge within the district must
/// be there twice, from both sides; a border drawn twice in different ways would not chain.
fn outline(pack: &CityPack) -> Vec<[f64; 2]> {
    let key = |[lng, lat]: [f64; 2]| (lng.to_bits(), lat.to_bits());
    let mut edges = BTreeMap::new();
    for grid in &pack.grids {
        let ends = grid.polygon.iter().cycle().skip(1);
        for (from, to) in grid.polygon.iter().zip(ends) {
            if edges.remove(&(key(*to), key(*from))).is_none() {
                edges.insert((key(*from), key(*to)), (*from, *to));
            }
        }
    }
    let next: BTreeMap<_, _> = edges.values().map(|(from, to)| (key(*from), *to)).collect();
    assert_eq!(
        next.len(),
        edges.len(),
        "because the outer border is one ring"
    );
    let (start, _) = edges.values().next().copied().unwrap();
    let mut ring = vec![start];
    loop {
        let last = ring.last().copied().unwrap();
        let point = next.get(&key(last)).copied().unwrap();
        if key(point) == key(start) {
            break;
        }
        ring.push(point);
    }
    assert_eq!(
        ring.len(),
        next.len(),
        "because the district is one piece without holes"
    );
    ring
}

fn local(month: Month, day: u8, hour: u8) -> Timestamp {
    let date = Date::from_calendar_date(2026, month, day).unwrap();
    let utc = date.with_hms(hour, 0, 0).unwrap().assume_utc();
    Timestamp::from_ms((utc.unix_timestamp() - 8 * 3600) * 1_000)
}
