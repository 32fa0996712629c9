//! The conformance program against the hub of this repository, which must pass, and against the
//! same hub behind a proxy that lies in one way, which must fail exactly the checks made for that
//! lie. The program runs as a process of its own and knows nothing of either.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

mod lies;
mod stand;

use std::collections::BTreeSet;

use lies::Lie;
use stand::{Run, Stand};

const PROTOCOL: &str = include_str!("../../../docs/protocol.md");

#[tokio::test(flavor = "multi_thread")]
async fn the_hub_of_this_repository_holds_to_the_whole_protocol() {
    let run = Stand::honest().await.checked(&[]).await;

    assert_eq!(run.failed(), BTreeSet::new(), "{}", run.said);
    assert_eq!(run.exit, Some(0));
    let ids = run.ids();
    for level in ["core", "merge", "register", "photos", "scopes"] {
        let of_level = ids.iter().filter(|id| id.starts_with(level)).count();
        assert!(of_level >= 10, "{level} has {of_level} checks");
    }
    assert_eq!(run.skipped(), 0, "this hub has every feature: {}", run.said);
    let lines = run.said.lines().filter(|line| line.starts_with("ok "));
    assert_eq!(lines.count(), ids.len(), "one line a check: {}", run.said);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_the_report_is_the_same() {
    let run = Stand::honest_on_postgresql().await.checked(&[]).await;

    assert_eq!(run.failed(), BTreeSet::new(), "{}", run.said);
    assert_eq!(run.exit, Some(0));
    let on_sqlite = Stand::honest().await.checked(&[]).await;
    assert_eq!(run.findings(), on_sqlite.findings());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_check_has_a_name_of_its_own_and_a_section_of_the_protocol() {
    let run = Stand::honest().await.checked(&[]).await;

    let ids = run.ids();
    let different: BTreeSet<_> = ids.iter().collect();
    assert_eq!(different.len(), ids.len(), "{ids:?}");
    for (id, section) in run.sections() {
        let is_heading = PROTOCOL.lines().any(|line| {
            let number = line.trim_start_matches('#').trim_start();
            line.starts_with('#') && number.starts_with(&format!("{section} "))
        });
        assert!(
            is_heading,
            "{id} holds to section {section} of docs/protocol.md"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_people_a_level_needs_it_says_who_is_missing() {
    let stand = Stand::honest().await;
    let code = stand.code("w-0101").await;

    let run = stand
        .run(&["--enrolment", &code, "--level", "scopes"])
        .await;

    assert_eq!(run.exit, Some(2));
    assert!(
        run.said.contains("a worker of another grid"),
        "{}",
        run.said
    );
    let code = stand.code("w-0101").await;
    let run = stand
        .run(&["--enrolment", &code, "--level", "photos"])
        .await;
    assert_eq!(run.exit, Some(0), "photos need one worker: {}", run.said);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_moved_where_the_operator_says_nothing_of_it_or_does_not_do_it() {
    let stand = Stand::honest().await;
    for (more, found, said) in [
        (&[][..], "skip", "--move was not given"),
        (&["--move", "exit 3"], "FAIL", "--move to end with 0"),
        (&["--move", "exit 0"], "FAIL", "somebody who was moved"),
    ] {
        let mut args = stand.codes().await;
        args.extend(["--level", "scopes"].map(str::to_owned));
        args.extend(more.iter().map(|it| (*it).to_owned()));
        let args: Vec<_> = args.iter().map(String::as_str).collect();

        let run = stand.run(&args).await;

        let mut lines = run.said.lines();
        let line = lines.find(|line| line.starts_with(&format!("{found} scopes-15")));
        assert!(line.is_some_and(|it| it.contains(said)), "{}", run.said);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_answers_nothing_was_checked() {
    let stand = Stand::honest().await;
    let elsewhere = ["--base-url", "http://127.0.0.1:9", "--enrolment", "x"];

    let run = stand.run_bare(&elsewhere).await;

    assert_eq!(run.exit, Some(2), "{}", run.said);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_without_photos_is_not_held_to_them() {
    let run = Stand::lying(Lie::HasNoFeatures).await.checked(&[]).await;

    assert_eq!(run.exit, Some(0), "{}", run.said);
    let skipped = run.said.lines().filter(|line| line.starts_with("skip "));
    assert_eq!(skipped.count(), 18, "{}", run.said);
    assert_eq!(run.skipped(), 18);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_need_not_have_every_dictionary() {
    let run = Stand::lying(Lie::HasOneDictionary).await;
    let run = run.checked(&["core"]).await;

    assert_eq!(run.exit, Some(0), "{}", run.said);
    assert_eq!(run.skipped(), 0, "{}", run.said);
}

/// The checks a hub with this lie fails, of these levels.
async fn caught(lie: Lie, levels: &[&str]) -> BTreeSet<String> {
    let run: Run = Stand::lying(lie).await.checked(levels).await;
    assert_eq!(run.exit, Some(1), "{lie:?} is noticed: {}", run.said);
    run.failed()
}

macro_rules! lies_are_caught {
    ($($name:ident: $lie:ident in $levels:expr => $checks:expr;)*) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let caught = caught(Lie::$lie, &$levels).await;

                let expected: BTreeSet<_> = $checks.into_iter().map(str::to_owned).collect();
                assert_eq!(caught, expected);
            }
        )*

        /// Every check that catches a lie.
        const CATCHERS: &[&[&str]] = &[$(&$checks),*];
    };
}

lies_are_caught! {
    a_hub_that_forgets_names: ForgetsNames in ["core"] => ["core-01"];
    a_hub_that_takes_a_used_code: TakesUsedCodes in ["core"] => ["core-02"];
    a_hub_that_wastes_a_code_when_the_answer_is_lost: WastesCodes in ["core"] => ["core-03"];
    a_hub_that_confuses_codes: ConfusesCodes in ["core"] => ["core-04"];
    a_hub_that_confuses_tokens: ConfusesTokens in ["core"] => ["core-05"];
    a_hub_that_lacks_a_limit: LacksALimit in ["core"] => ["core-06"];
    a_hub_that_changes_its_epoch: ChangesItsEpoch in ["core"] => ["core-07", "core-09"];
    a_hub_that_counts_empty_pushes: CountsEmptyPushes in ["core"] => ["core-08"];
    a_hub_that_refuses_wrong_clocks: RefusesWrongClocks in ["core"] => ["core-09"];

    a_hub_that_drops_a_result: DropsAResult in ["core"]
        => ["core-10", "core-20", "core-54", "core-55"];
    a_hub_that_reorders_results: ReordersResults in ["core"] => ["core-11", "core-54"];
    a_hub_that_hides_documents: HidesDocuments in ["core"] => ["core-12", "core-26", "core-56"];
    a_hub_that_sums_up_something_else: SumsUpSomethingElse in ["core"] => ["core-54"];
    a_hub_that_moves_too_far: MovesTooFar in ["core"] => ["core-55"];
    a_hub_that_is_too_brief: IsTooBrief in ["core"] => ["core-56"];
    a_hub_that_forgets_what_it_acknowledged: ForgetsAcknowledged in ["core"]
        => ["core-12", "core-13", "core-18", "core-19", "core-32", "core-56"];
    a_hub_that_answers_a_replay_anew: AnswersReplaysAnew in ["core", "merge"]
        => ["core-14", "core-21", "core-52", "merge-09"];
    a_hub_that_counts_replays: CountsReplays in ["core"] => ["core-15", "core-55"];
    a_hub_that_confirms_behind_a_gap: ConfirmsBehindGaps in ["core"] => ["core-16"];
    a_hub_that_lets_a_clone_go_on: LetsClonesGoOn in ["core"] => ["core-17"];
    a_hub_that_believes_it_happened_when_it_came: ForgetsWhen in ["core"] => ["core-18", "core-54"];
    a_hub_that_refuses_a_batch_for_one_operation: RefusesTheBatch in ["core"] => ["core-20"];
    a_hub_that_gives_one_reason_for_all: GivesOneReason in ["core", "scopes"]
        => ["core-22", "core-23", "core-24", "core-25", "scopes-04", "scopes-12", "scopes-13"];
    a_hub_that_loses_unknown_fields: LosesUnknownFields in ["core"] => ["core-26"];
    a_hub_that_refuses_unknown_fields: RefusesUnknownFields in ["core"] => ["core-24", "core-27"];

    a_hub_that_loses_the_end_of_a_page: CutsFullPages in ["core"] => ["core-30", "core-38"];
    a_hub_that_skips_places: SkipsPlaces in ["core"] => ["core-31", "core-55"];
    a_hub_that_repeats_the_end: RepeatsTheEnd in ["core"] => ["core-33", "core-55"];
    a_hub_that_takes_any_cursor: TakesAnyCursor in ["core"] => ["core-34"];
    a_hub_with_a_wrong_sum: WrongSum in ["core"] => ["core-35", "core-55"];
    a_hub_that_opens_every_feed: OpensEveryFeed in ["core", "scopes"]
        => ["core-36", "scopes-02", "scopes-12", "scopes-15"];
    a_hub_that_lacks_a_section_of_the_city: LacksASection in ["core"] => ["core-35", "core-37"];

    a_hub_that_packs_for_all: PacksForAll in ["core"] => ["core-41"];
    a_hub_that_mistakes_methods_for_paths: MistakesMethods in ["core"] => ["core-42"];
    a_hub_that_quotes_what_was_sent: QuotesWhatWasSent in ["core"] => ["core-43"];
    a_hub_that_takes_too_much: TakesTooMuch in ["core"] => ["core-44", "core-45"];
    a_hub_that_takes_what_it_cannot_unpack: TakesBrotli in ["core"] => ["core-46"];

    a_hub_that_says_nothing_is_new: SaysNothingIsNew in ["core"] => ["core-58"];
    a_hub_that_forgets_a_dictionary: ForgetsADictionary in ["core"] => ["core-57"];
    a_hub_that_packs_with_another_dictionary: PacksWithAnother in ["core"] => ["core-59"];
    a_hub_that_hides_its_other_dictionaries: HidesDictionaries in ["core"] => ["core-59"];

    a_hub_that_keeps_an_identity: KeepsTheIdentity in ["core"] => ["core-51", "core-52"];
    a_hub_that_gives_identities_away: GivesIdentitiesAway in ["core"] => ["core-53"];

    a_hub_that_turns_the_timeline: TurnsTheTimeline in ["merge"] => ["merge-01"];
    a_hub_that_forgets_what_came_early: ForgetsTheEarly in ["merge", "register"]
        => ["merge-02", "register-04"];
    a_hub_that_calls_all_applied: CallsAllApplied in ["merge"] => ["merge-03"];
    a_hub_that_starts_the_clock_early: StartsTheClockEarly in ["merge"] => ["merge-04"];
    a_hub_that_hides_what_had_no_effect: HidesTheVoid in ["merge"]
        => ["merge-05", "merge-06", "merge-07", "merge-08", "merge-11", "merge-21"];
    a_hub_that_shows_others_less: ShowsOthersLess in ["merge"] => ["merge-10", "merge-18"];
    a_hub_that_rewrites_the_report: RewritesTheReport in ["merge"] => ["merge-12"];
    a_hub_where_the_last_writer_wins: KeepsOneCorrection in ["merge"] => ["merge-13"];
    a_hub_that_lets_anybody_correct: LetsAnybodyCorrect in ["merge"] => ["merge-14"];
    a_hub_that_hides_who_deleted: HidesWhoDeleted in ["merge"] => ["merge-15"];
    a_hub_where_deletes_win: LetsDeletesWin in ["merge"] => ["merge-16"];
    a_hub_that_restores_without_the_history: RestoresWithoutHistory in ["merge"] => ["merge-17"];
    a_hub_that_carries_nothing: CarriesNothing in ["merge"] => ["merge-18", "merge-19"];
    a_hub_that_carries_nothing_new: CarriesNothingNew in ["merge"] => ["merge-19"];
    a_hub_that_keeps_what_is_split: KeepsItMerged in ["merge"] => ["merge-20"];
    a_hub_that_keeps_open_what_is_done: KeepsItOpen in ["merge"] => ["merge-11"];

    a_hub_that_loses_values_it_does_not_know: LosesUnknownValues in ["register"]
        => ["register-01"];
    a_hub_where_the_last_change_wins: KeepsOneChange in ["register"]
        => ["register-02", "register-03"];
    a_hub_that_turns_the_changes: TurnsTheChanges in ["register"] => ["register-03"];
    a_hub_that_keeps_every_confirmation: KeepsEveryConfirmation in ["register"] => ["register-05"];
    a_hub_that_keeps_half_of_it: KeepsHalfOfIt in ["register"] => ["register-06"];
    a_hub_that_makes_it_twice: MakesItTwice in ["register"] => ["register-07"];
    a_hub_that_lets_anybody_in: LetsAnybodyIn in ["register"] => ["register-08"];
    a_hub_that_takes_any_number_of_fields: TakesAnyFields in ["register"] => ["register-10"];

    a_hub_that_hides_what_it_can: HidesTus in ["photos"] => ["photos-01"];
    a_hub_that_does_not_say_where: SaysNoPlace in ["photos"] => ["photos-02"];
    a_hub_that_begins_again: BeginsAgain in ["photos"] => ["photos-03", "photos-09"];
    a_hub_that_says_complete_too_early: CompleteTooEarly in ["photos"] => ["photos-04"];
    a_hub_that_believes_every_checksum: IgnoresChecksums in ["photos"] => ["photos-05"];
    a_hub_that_takes_any_offset: TakesAnyOffset in ["photos"] => ["photos-06"];
    a_hub_that_says_more_than_came: SaysMoreThanCame in ["photos"] => ["photos-07"];
    a_hub_that_keeps_bytes_under_a_false_digest: KeepsFalseDigests in ["photos"]
        => ["photos-05", "photos-08"];
    a_hub_that_has_no_etag: HasNoEtag in ["photos"] => ["photos-10"];
    a_hub_that_ignores_ranges: IgnoresRanges in ["photos"] => ["photos-11"];
    a_hub_that_serves_halves: ServesHalves in ["photos"] => ["photos-08", "photos-12"];
    a_hub_that_takes_any_tus: TakesAnyTus in ["photos"] => ["photos-13"];

    a_hub_that_lists_foreign_feeds: ListsForeignFeeds in ["scopes"] => ["scopes-01"];
    a_hub_that_serves_another_grids_document: ServesForeignDocuments in ["scopes"]
        => ["scopes-03"];
    a_hub_that_shows_what_it_refuses: ShowsWhatItRefuses in ["scopes"]
        => ["scopes-04", "scopes-12"];
    a_hub_that_tells_whether_there_are_management_tags: TellsWhatIsApart in ["scopes"]
        => ["scopes-12"];
    a_hub_that_lets_anybody_erase: LetsAnybodyErase in ["scopes"] => ["scopes-13"];
    a_hub_that_keeps_what_was_erased: KeepsWhatWasErased in ["scopes"] => ["scopes-14"];
    a_hub_that_has_no_inboxes: HasNoInboxes in ["scopes"]
        => ["scopes-05", "scopes-06", "scopes-07", "scopes-08"];
    a_hub_that_leaves_no_markers: LeavesNoMarkers in ["scopes", "register"]
        => ["scopes-08", "scopes-11", "register-09"];
    a_hub_that_asks_only_where_somebody_works_today: JudgesByToday in ["scopes"] => ["scopes-15"];
    a_hub_that_shows_photos_to_all: ShowsPhotosToAll in ["scopes"] => ["scopes-09"];
    a_hub_that_tells_of_photos: TellsOfPhotos in ["scopes"] => ["scopes-09", "scopes-10"];
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_check_that_no_lie_fails() {
    let run = Stand::honest().await.checked(&[]).await;

    let catchers: BTreeSet<_> = CATCHERS.iter().copied().flatten().copied().collect();
    for id in run.ids() {
        assert!(
            catchers.contains(id.as_str()),
            "{id} was never seen failing"
        );
    }
}
