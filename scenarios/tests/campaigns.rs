//! 专项: a clerk launches a campaign, the workers of its grids find it in their rounds, what they fill
//! in is counted where it was launched; and two who change it are both heard.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use scenarios::{
    sample_city::register::{Entered, add, enter, set},
    world::{Device, VACCINATION, World, meet},
};
use shared::{
    DocRef, EntryId,
    ipc::{
        AnswerForm, CampaignView, ChangeEntry, DueReason, Filling, FinishForm, FormFinish,
        GetCampaign, GetDoor, GetRound, ListCampaigns, OpenForm,
    },
    register::{EntryKind, FieldValue},
};

struct Scene {
    world: World,
    clerk: Device,
    worker: Device,
    entered: Entered,
    campaign: EntryId,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new().await.unwrap();
        let loaded = world.loads_form(VACCINATION, "vaccination");
        loaded.await.unwrap();
        let clerk = world.device("c-01").await.unwrap();
        let worker = world.device("w-0101").await.unwrap();
        let entered = enter(clerk.client(), &Device::grid(), 1).await.unwrap();
        let mut fields = set(&[
            ("title", "秋季接种"),
            ("form", "vaccination"),
            ("about", "resident"),
            ("from", "2000-01-01"),
            ("until", "2099-12-31"),
        ]);
        let grid = format!("grid:{}", Device::grid());
        fields.insert(grid.as_str().into(), Some(FieldValue::Flag(true)));
        let campaign = add(clerk.client(), EntryKind::Campaign, fields)
            .await
            .unwrap();
        clerk.syncs_until_delivered(5).await.unwrap();
        meet(&[&worker]).await.unwrap();
        Self {
            world,
            clerk,
            worker,
            entered,
            campaign,
        }
    }
}

async fn view(device: &Device, campaign: EntryId) -> CampaignView {
    let get = GetCampaign {
        campaign,
        buildings: 100,
    };
    device.client().get_campaign(get).await.unwrap()
}

async fn change(device: &Device, campaign: EntryId, field: &str, to: &str) {
    let change = ChangeEntry {
        kind: EntryKind::Campaign,
        entry: campaign,
        set: set(&[(field, to)]),
    };
    device.client().change_entry(change).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_worker_fills_in_at_a_door_is_counted_where_the_campaign_was_launched() {
    let scene = Scene::new().await;
    let people = u32::try_from(scene.entered.residents.len()).unwrap();
    let dwelling = *scene.entered.dwellings.first().unwrap();

    let worker = scene.worker.client();
    let round = worker
        .get_round(GetRound {
            near: None,
            doors: 60,
        })
        .await
        .unwrap();
    let asks = |reason: &DueReason| matches!(reason, DueReason::Campaign { campaign, .. } if *campaign == scene.campaign);
    let doors = round.due.iter().flat_map(|it| &it.doors);
    let asked = doors.filter(|it| it.reasons.iter().any(asks));
    assert_eq!(asked.count(), 22, "24 doors, two of them vacant");
    let today = scene.worker.today().await.unwrap();
    assert_eq!(today.doors_due, 22);
    assert_eq!(today.campaigns[0].meant, people);

    scene.worker.goes_offline();
    let door = worker.get_door(GetDoor { dwelling }).await.unwrap();
    let asked = door.asked.first().unwrap();
    let filling = Filling::New {
        form: asked.form.unwrap(),
        subject: Some(asked.subject.clone()),
        prefill: Vec::new(),
    };
    let form = worker.open_form(OpenForm { filling }).await.unwrap();
    for (address, value) in [
        ("vaccination/status", "not_done"),
        ("vaccination/reason_code", "unwilling"),
    ] {
        let answer = AnswerForm {
            draft: form.draft,
            shown: 0,
            address: address.to_owned(),
            value: value.to_owned(),
        };
        worker.answer_form(answer).await.unwrap();
    }
    let finish = FinishForm { draft: form.draft };
    let finished = worker.finish_form(finish).await.unwrap();
    assert!(matches!(finished, FormFinish::Done { .. }));
    assert_eq!(view(&scene.worker, scene.campaign).await.row.recorded, 1);
    scene.worker.goes_online();
    scene.worker.syncs_until_delivered(5).await.unwrap();
    meet(&[&scene.clerk]).await.unwrap();

    let counted = view(&scene.clerk, scene.campaign).await;
    assert_eq!((counted.row.meant, counted.row.recorded), (people, 1));
    assert_eq!(counted.missing_total, people - 1);
    let named = DocRef::entry(
        EntryKind::Resident,
        *scene.entered.residents.first().unwrap(),
    );
    assert_eq!(asked.subject, named);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_campaign_reaches_its_grids_and_no_others() {
    let scene = Scene::new().await;
    let elsewhere = scene.world.device("w-0102").await.unwrap();
    meet(&[&elsewhere]).await.unwrap();
    let list = |device: &Device| {
        let client = device.client().clone();
        async move { client.list_campaigns(ListCampaigns {}).await.unwrap() }
    };
    let here = list(&scene.worker).await;
    assert_eq!(here.campaigns.len(), 1);
    assert!(!here.may_launch);
    assert!(list(&scene.clerk).await.may_launch);
    assert_eq!(list(&elsewhere).await.campaigns, []);

    change(&scene.clerk, scene.campaign, "ended_on", "2020-01-01").await;
    scene.clerk.syncs_until_delivered(5).await.unwrap();
    meet(&[&scene.worker]).await.unwrap();
    let round = GetRound {
        near: None,
        doors: 60,
    };
    let round = scene.worker.client().get_round(round).await.unwrap();
    let doors = round.due.iter().flat_map(|it| &it.doors);
    let mut reasons = doors.flat_map(|it| &it.reasons);
    assert!(
        reasons.all(|it| *it == DueReason::First),
        "nobody is asked for a campaign that was ended"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_clerks_who_change_a_campaign_are_both_heard() {
    let scene = Scene::new().await;
    let other = scene.world.device("d-01").await.unwrap();
    meet(&[&other]).await.unwrap();

    other.goes_offline();
    change(&other, scene.campaign, "until", "2027-01-31").await;
    change(&other, scene.campaign, "note", "先打电话").await;
    change(&scene.clerk, scene.campaign, "until", "2027-02-28").await;
    scene.clerk.syncs_until_delivered(5).await.unwrap();
    other.goes_online();
    other.syncs_until_delivered(5).await.unwrap();
    meet(&[&scene.clerk, &other]).await.unwrap();

    for device in [&scene.clerk, &other] {
        let view = view(device, scene.campaign).await;
        assert_eq!(view.row.conflicts, 1, "the last day");
        assert_eq!(view.note, "先打电话", "what only one changed stands");
        assert_eq!(view.entry.disputed.len(), 1);
    }
    change(&other, scene.campaign, "until", "2027-02-28").await;
    other.syncs_until_delivered(5).await.unwrap();
    meet(&[&scene.clerk]).await.unwrap();
    let view = view(&scene.clerk, scene.campaign).await;
    assert_eq!(
        (view.row.conflicts, view.row.until.as_str()),
        (0, "2027-02-28")
    );
}
