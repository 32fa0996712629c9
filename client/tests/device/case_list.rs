//! The list: filter, search, order, window.

use client::testing;
use shared::{
    CaseId, Outcome,
    apply::Quarantine,
    case::State,
    ipc::{
        AcknowledgeCase, CaseColumn, CaseFilter, CasePage, CaseSort, DeliveryOf, FindSimilar,
        GetCatalogue, GetDelivery, GetToday, ListCases, StateFilter, Whose, WithdrawCase,
    },
};

use super::{
    city,
    tablet::{HOUR, Tablet},
};

fn ids(page: &CasePage) -> Vec<CaseId> {
    page.rows.iter().map(|row| row.id).collect()
}

#[tokio::test]
async fn a_case_is_found_by_words_pinyin_initials_and_receipt_code() {
    let tablet = Tablet::of(city::worker()).await;
    let road = tablet.report("E01", "校门口 有个坑").await;
    let cover = tablet.report("C01", "盖子响").await;
    let receipt = tablet.case(cover).await.receipt_code;

    let queries: [(&str, Vec<CaseId>); 12] = [
        ("坑", vec![road]),
        ("道路", vec![road]),
        ("dlps", vec![road]),
        ("daolu", vec![road]),
        ("Damaged", vec![road]),
        ("校门 dlps", vec![road]),
        ("dlps 盖子", vec![]),
        ("yushui", vec![cover]),
        (&receipt.to_lowercase(), vec![cover]),
        ("xhl8", vec![cover, road]),
        ("杏花路", vec![cover, road]),
        ("%", vec![]),
    ];
    for (query, expected) in queries {
        let mut expected = expected;
        let mut found = ids(&tablet.search(query).await);
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{query:?}");
    }
}

#[tokio::test]
async fn a_list_shows_whose_and_which_states_were_asked_for() {
    let other = Tablet::of(city::colleague()).await;
    let theirs = other.report("E01", "别人的").await;
    let tablet = Tablet::of(city::worker()).await;
    tablet.pull_case(&other, theirs).await;
    let open = tablet.report("E01", "我的").await;
    let done = tablet.report("E01", "撤回的").await;
    let args = WithdrawCase {
        case: done,
        reason: "误报".to_owned(),
    };
    tablet.client.withdraw_case(args).await.unwrap();
    let list = async |whose, states| {
        let mut found = ids(&tablet.list(CaseFilter { whose, states }, "").await);
        found.sort();
        found
    };
    let sorted = |mut ids: Vec<CaseId>| {
        ids.sort();
        ids
    };

    assert_eq!(
        list(Whose::Mine, StateFilter::Any).await,
        sorted(vec![open, done])
    );
    assert_eq!(
        list(Whose::All, StateFilter::Any).await,
        sorted(vec![theirs, open, done])
    );
    assert_eq!(
        list(Whose::All, StateFilter::Waiting).await,
        sorted(vec![theirs, open])
    );
    assert_eq!(list(Whose::All, StateFilter::Done).await, [done]);
    assert_eq!(list(Whose::All, StateFilter::Running).await, []);
    assert_eq!(
        list(Whose::All, StateFilter::Unsent).await,
        sorted(vec![open, done])
    );
}

#[tokio::test]
async fn a_list_comes_in_every_order_and_in_windows() {
    let tablet = Tablet::of(city::worker()).await;
    let mut reported = Vec::new();
    for category in ["E02", "C01", "E01"] {
        reported.push(tablet.report(category, "看见了").await);
        tablet.clock.turn(HOUR);
    }
    let list = async |by, ascending, offset, limit| {
        let args = ListCases {
            filter: CaseFilter::default(),
            query: String::new(),
            sort: CaseSort { by, ascending },
            offset,
            limit,
        };
        tablet.client.list_cases(args).await.unwrap()
    };
    let [litter, cover, road] = reported[..] else {
        panic!("three cases")
    };

    let newest = list(CaseColumn::Reported, false, 0, 2).await;
    assert_eq!((newest.total, ids(&newest)), (3, vec![road, cover]));
    let rest = list(CaseColumn::Reported, false, 2, 2).await;
    assert_eq!((rest.total, ids(&rest)), (3, vec![litter]));
    let by_category = list(CaseColumn::Category, true, 0, 9).await;
    assert_eq!(ids(&by_category), [cover, road, litter]);
    let columns = [
        CaseColumn::Reported,
        CaseColumn::Updated,
        CaseColumn::Deadline,
        CaseColumn::Urgency,
        CaseColumn::State,
        CaseColumn::Category,
        CaseColumn::Address,
    ];
    for by in columns {
        for ascending in [false, true] {
            assert_eq!(
                list(by, ascending, 0, 9).await.rows.len(),
                3,
                "{by:?} {ascending}"
            );
        }
    }
}

#[tokio::test]
async fn today_counts_what_was_done_since_midnight() {
    let tablet = Tablet::of(city::worker()).await;
    tablet.report("E01", "昨天的").await;
    tablet.clock.turn(24 * HOUR);
    tablet.report("E01", "今天的").await;
    tablet.write("E01", "还没写完").await;

    let today = tablet.client.get_today(GetToday {}).await.unwrap();

    assert_eq!((today.reported_today, today.open, today.closed), (1, 2, 0));
    assert_eq!((today.unfinished, today.status.ops_waiting), (2, 2));
    assert_eq!(today.drafts.len(), 1);
    assert_eq!(today.drafts[0].summary, "还没写完");
    assert!(
        today.due.iter().all(|row| row.state != State::Submitted),
        "nothing is due for him"
    );
}

#[tokio::test]
async fn the_likely_categories_begin_with_those_used_lately() {
    let tablet = Tablet::of(city::worker()).await;
    for category in ["C01", "E02", "E02"] {
        tablet.report(category, "看见了").await;
    }

    let view = tablet.client.get_catalogue(GetCatalogue {}).await.unwrap();

    let likely: Vec<_> = view
        .likely
        .iter()
        .map(shared::CategoryCode::as_str)
        .collect();
    assert_eq!(
        likely,
        ["E02", "C01", "E01"],
        "used twice, used once, then the catalogue's order"
    );
}

#[tokio::test]
async fn an_address_of_the_city_is_said_in_english_too_and_typed_words_are_not() {
    let tablet = Tablet::of(city::worker()).await;
    let known = tablet.report("E01", "校门口有个坑").await;
    let mut draft = tablet.write("C01", "盖子响").await;
    let place = draft.place.as_mut().unwrap();
    place.address = "小卖部后面".to_owned();
    tablet.save(&draft).await;
    let today = tablet.client.get_today(GetToday {}).await.unwrap();
    let [begun] = &today.drafts[..] else {
        panic!("one draft")
    };
    assert_eq!(
        (begun.address.as_str(), begun.address_en.as_str()),
        ("小卖部后面", "")
    );
    let typed = tablet.send(&draft).await.unwrap().case;

    let rows = tablet.search("").await.rows;
    let ledger = tablet.client.get_delivery(GetDelivery {}).await.unwrap();
    for (case, text, english) in [
        (known, "杏花路8号", "8 Xinghua Road"),
        (typed, "小卖部后面", ""),
    ] {
        let row = rows.iter().find(|row| row.id == case).unwrap();
        assert_eq!(
            (row.address.as_str(), row.address_en.as_str()),
            (text, english),
            "in the list"
        );
        assert_eq!(
            tablet.case(case).await.row.address_en,
            english,
            "on its page"
        );
        let item = ledger
            .items
            .iter()
            .find(|item| item.what.case() == Some(case))
            .unwrap();
        let DeliveryOf::Case { address_en, .. } = &item.what else {
            panic!("{item:?}");
        };
        assert_eq!(address_en, english, "in the ledger");
    }
    let again = tablet.write("E01", "同一个坑").await;
    let args = FindSimilar { draft: again.id };
    let similar = tablet.client.find_similar(args).await.unwrap();
    assert_eq!(similar[0].address_en, "8 Xinghua Road", "as a likely one");
    let today = tablet.client.get_today(GetToday {}).await.unwrap();
    assert_eq!(
        today.drafts[0].address_en, "8 Xinghua Road",
        "as one's own draft"
    );
}

#[tokio::test]
async fn cases_that_ask_for_attention_can_be_listed_alone() {
    let tablet = Tablet::of(city::worker()).await;
    let asking = tablet.report("E01", "校门口有个坑").await;
    let why = Quarantine::NotYourScope;
    testing::confirm_all(&tablet.client, Outcome::Quarantined { why })
        .await
        .unwrap();
    tablet.report("C01", "盖子响").await;
    let filter = CaseFilter {
        whose: Whose::All,
        states: StateFilter::Attention,
    };

    assert_eq!(ids(&tablet.list(filter, "").await), [asking]);
    assert_eq!(ids(&tablet.list(filter, "dlps").await), [asking]);
    assert_eq!(ids(&tablet.list(filter, "盖子").await), []);
    let seen = AcknowledgeCase { case: asking };
    tablet.client.acknowledge_case(seen).await.unwrap();
    assert_eq!(ids(&tablet.list(filter, "").await), []);
}
