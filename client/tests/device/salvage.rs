//! A damaged database: what can be read of it goes on in the new one.

use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use bad_disk::damage::{PAGE, copy};
use client::testing;
use serde_json::json;
use shared::{
    CaseId,
    ipc::{Draft, Problem},
};
use tempfile::TempDir;

use super::{
    city,
    paper::{document, form, question},
    tablet::{Tablet, jpeg},
};

const DATABASE: &str = "device.db";
/// One by one, and the one that is sent again.
const REPORTS: usize = 41;

/// A tablet with much on it, switched off; and a draft that was sent, with what it became.
async fn used() -> (Arc<TempDir>, (Draft, CaseId)) {
    let tablet = Tablet::of(city::worker()).await;
    for nth in 1..REPORTS {
        tablet.report("E01", &format!("第{nth}件，井盖松动")).await;
    }
    let sent = tablet.write("E01", "井盖松动，已围挡").await;
    let case = tablet.send(&sent).await.unwrap().case;
    let draft = tablet.write("E01", "还没写完").await;
    tablet.hand_in(Some(draft.id), &jpeg(1)).await.unwrap();
    tablet.give(paper_form()).await;
    let mut paper = tablet.take_up(1).await;
    paper.add("member").await;
    for (address, value) in ANSWERS {
        paper.answer(address, value).await.unwrap();
    }
    (tablet.shut(), (sent, case))
}

const ANSWERS: [(&str, &str); 3] = [
    ("door", "3-2-501"),
    ("member[1]/name", "何田田"),
    ("member[2]/name", "何小禾"),
];

fn paper_form() -> shared::Doc {
    let items = json!([
        question("door", "text"),
        { "name": "member", "label": {"": "成员"}, "shape": "repeat",
          "items": [question("name", "text")] },
    ]);
    document(1, form("1", items), 1)
}

/// The tablet after one page of its database went bad.
async fn with_a_bad_page(whole: &Path, page: usize) -> Tablet {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    copy(whole, folder.path()).unwrap();
    let database = folder.path().join(DATABASE);
    let mut bytes = fs::read(&database).unwrap();
    let middle = bytes.iter_mut().skip(page * PAGE + 100).take(100);
    middle.for_each(|byte| *byte = 0x5A);
    fs::write(&database, bytes).unwrap();
    Tablet::on(folder).await
}

fn pages_of(folder: &Path) -> usize {
    fs::read(folder.join(DATABASE)).unwrap().len() / PAGE
}

#[tokio::test]
async fn whichever_page_is_damaged_nearly_everything_goes_on_in_the_new_database() {
    let (whole, (sent, case)) = used().await;
    let before = Tablet::on(Arc::clone(&whole)).await;
    let all: BTreeSet<_> = ops_of(&before).await.into_iter().collect();
    drop(before);
    let pages = pages_of(whole.path());
    let (mut whole_again, mut whole_papers, mut known_again) = (0, 0, 0);
    let mut nothing = Vec::new();
    for page in 0..pages {
        let tablet = with_a_bad_page(whole.path(), page).await;

        let Some(Problem::SetAside {
            operations, drafts, ..
        }) = tablet.session().await.problem
        else {
            panic!("damage of page {page} is noticed");
        };
        let read = usize::try_from(operations).unwrap();
        let ops = ops_of(&tablet).await;
        assert_eq!(ops.len(), read, "page {page}: what is told");
        assert!(ops.iter().all(|op| all.contains(op)), "page {page}");
        if read == 0 {
            nothing.push(page);
            continue;
        }
        // A page holds a few operations at most.
        assert!(read >= REPORTS - 8, "page {page}: {read}");
        assert_eq!(tablet.search("").await.rows.len(), ops.len(), "page {page}");
        if read == REPORTS && drafts == 2 {
            whole_again += 1;
            let again = tablet.send(&sent).await;
            known_again += usize::from(again.is_ok_and(|again| again.case == case));
            let today = tablet.client.get_today(shared::ipc::GetToday {});
            let today = today.await.unwrap();
            assert_eq!(today.drafts.len(), 1, "page {page}");
            whole_papers += usize::from(paper_is_whole(&tablet, today.form_drafts[0].id).await);
        }
    }
    // A few pages say what tables there are and where: without them nothing is found.
    assert!(nothing.len() <= 8, "{nothing:?} of {pages}");
    assert!(whole_again * 10 >= pages * 7, "{whole_again} of {pages}");
    // Answers that were on the bad page are gone, the form can be filled in all the same.
    assert!(
        whole_papers + 2 >= whole_again,
        "{whole_papers} of {whole_again}"
    );
    // So is what a draft became; who sends it again is told that it isn't there.
    assert!(
        known_again + 2 >= whole_again,
        "{known_again} of {whole_again}"
    );
}

/// Whether the form that was being filled in goes on with all its answers.
async fn paper_is_whole(tablet: &Tablet, draft: shared::DraftId) -> bool {
    tablet.give(paper_form()).await;
    let paper = tablet.take_up_again(draft).await;
    let answers = paper.answers();
    let all = ANSWERS.map(|(address, value)| (address.to_owned(), value.to_owned()));
    answers == all
}

#[tokio::test]
async fn what_was_brought_is_not_brought_again_and_can_be_worked_on() {
    let (whole, _) = used().await;
    let pages = pages_of(whole.path());
    let tablet = with_a_bad_page(whole.path(), pages - 1).await;
    let before = ops_of(&tablet).await;
    assert!(!before.is_empty());

    let tablet = tablet.restart().await;
    tablet
        .client
        .dismiss_set_aside(shared::ipc::DismissSetAside {})
        .await
        .unwrap();
    let tablet = tablet.restart().await;

    assert_eq!(ops_of(&tablet).await, before, "each once, in its order");
    let seqs: Vec<u64> = testing::queued(&tablet.client)
        .await
        .unwrap()
        .iter()
        .map(|op| op.dev_seq)
        .collect();
    let dense: Vec<u64> = (1..).take(seqs.len()).collect();
    assert_eq!(seqs, dense, "and the sequence has no holes");
    assert_eq!(tablet.session().await.problem, None);
}

async fn ops_of(tablet: &Tablet) -> Vec<shared::OpId> {
    let ops = testing::queued(&tablet.client).await.unwrap();
    ops.iter().map(|op| op.op_id).collect()
}
