//! What can be done to a report, as sentences.

use shared::{
    Digest, DraftId, Extra, GridCode, PhotoKind, PhotoRef, Place, PlaceSource, Position, Timestamp,
    ipc::{Choice, Draft, Missing},
    op::TEXT_MAX,
    photo::PHOTOS_MAX,
};

use super::*;

const NOW: Timestamp = Timestamp::from_ms(1_795_000_000_000);

fn photo(number: u8) -> PhotoRef {
    PhotoRef {
        digest: Digest::from_bytes([number; 32]),
        thumb: Digest::from_bytes([number + 100; 32]),
        kind: PhotoKind::Near,
        bytes: 400_000,
        thumb_bytes: 9_000,
        width: 1_920,
        height: 1_440,
        taken_at: None,
        position: None,
        extra: Extra::default(),
    }
}

fn place(source: PlaceSource) -> Place {
    Place {
        position: Position::new(120.86, 32.01).ok(),
        accuracy_m: None,
        source,
        address: "人民路12号".to_owned(),
        grid: GridCode::from("320000001001001"),
        in_own_grid: true,
        extra: Extra::default(),
    }
}

/// A report with these photos, opened at the core and saved.
fn with_photos(numbers: &[u8]) -> Writing {
    let mut writing = opened(Writing::blank(NOW));
    for number in numbers {
        writing.change(Change::PhotoAdded(Box::new(photo(*number))));
    }
    save(&mut writing);
    writing
}

fn opened(mut writing: Writing) -> Writing {
    writing.begin();
    let id = DraftId::new(NOW, [7; 10]);
    writing.opened(&Draft {
        id,
        ..writing.sheet().clone()
    });
    writing
}

fn save(writing: &mut Writing) -> Option<Draft> {
    let (revision, save) = writing.to_save()?;
    writing.was_saved(revision);
    Some(save.draft)
}

fn numbers(photos: &[PhotoRef]) -> Vec<u8> {
    photos
        .iter()
        .map(|photo| photo.digest.as_bytes()[0])
        .collect()
}

#[test]
fn a_sheet_nobody_wrote_on_saves_nothing() {
    let mut writing = Writing::blank(NOW);
    writing.guess_place(place(PlaceSource::Device));

    assert_eq!(writing.to_save(), None, "a guessed place begins no draft");
    assert!(writing.is_empty(), "a guessed place is not the person's");
    assert!(writing.is_saved(), "there is nothing to save");
}

#[test]
fn the_first_change_is_saved_once_the_core_has_a_draft() {
    let mut writing = Writing::blank(NOW);
    writing.change(Change::Description("井盖".to_owned()));
    assert_eq!(
        writing.to_save(),
        None,
        "there is no draft to save into yet"
    );
    assert!(!writing.is_saved(), "and the page says so");

    let mut writing = opened(writing);

    let draft = save(&mut writing).expect("the words wait to be saved");
    assert_eq!(draft.description, "井盖");
    assert!(writing.is_saved(), "nothing is left");
}

#[test]
fn what_is_typed_while_saving_stays_unsaved() {
    let mut writing = opened(Writing::blank(NOW));
    writing.change(Change::Description("井".to_owned()));
    let (revision, _) = writing.to_save().expect("a word waits");
    writing.change(Change::Description("井盖".to_owned()));

    writing.was_saved(revision);

    assert!(!writing.is_saved(), "the second word is not on disk");
    let (_, save) = writing.to_save().expect("the second word waits");
    assert_eq!(save.draft.description, "井盖");
}

#[test]
fn an_earlier_save_that_comes_late_makes_nothing_dirty() {
    let mut writing = with_photos(&[1]);

    writing.was_saved(0);

    assert!(writing.is_saved(), "what is on disk stays on disk");
}

#[test]
fn a_text_that_is_too_long_to_send_is_saved_all_the_same() {
    let mut writing = opened(Writing::blank(NOW));
    let long = "很".repeat(TEXT_MAX + 3);
    writing.change(Change::Description(long.clone()));

    let draft = save(&mut writing).expect("the words wait");

    assert_eq!(draft.description, long, "no word of the person's is cut");
    assert!(writing.is_saved(), "only sending has limits");
    assert_eq!(room(&long), Room::Over(3), "and the page says so");
}

#[test]
fn handling_on_the_spot_goes_off_where_the_category_forbids_it_and_the_words_stay() {
    let mut writing = opened(Writing::blank(NOW));
    writing.change(Change::SelfHandled(true));
    writing.change(Change::HandledNote("已清走".to_owned()));
    writing.fit_category(None);
    assert!(writing.sheet().self_handled, "nothing is chosen yet");

    writing.change(Change::Category(Choice::Unsure));
    writing.fit_category(None);

    assert!(!writing.sheet().self_handled, "the clerk will choose");
    assert_eq!(
        writing.sheet().handled_note,
        "已清走",
        "what was typed stays"
    );
}

#[test]
fn room_is_only_spoken_of_near_the_end() {
    let cases = [
        (0, Room::Plenty),
        (TEXT_MAX - 501, Room::Plenty),
        (TEXT_MAX - 500, Room::Left(500)),
        (TEXT_MAX, Room::Left(0)),
        (TEXT_MAX + 1, Room::Over(1)),
    ];
    for (length, expected) in cases {
        assert_eq!(room(&"字".repeat(length)), expected, "{length} characters");
    }
}

#[test]
fn what_is_missing_is_named_from_top_to_bottom() {
    let mut writing = Writing::blank(NOW);
    assert_eq!(
        writing.missing(),
        [Missing::Content, Missing::Place, Missing::Category],
        "a blank sheet lacks everything"
    );

    writing.change(Change::Description("  ".to_owned()));
    assert!(
        writing.missing().contains(&Missing::Content),
        "blanks are no words"
    );

    writing.change(Change::PhotoAdded(Box::new(photo(1))));
    writing.change(Change::Place(Box::new(place(PlaceSource::Typed))));
    writing.change(Change::Category(Choice::Unsure));
    assert_eq!(writing.missing(), [], "unsure is a choice");
}

#[test]
fn handling_on_the_spot_needs_a_note_or_an_after_photo() {
    let mut writing = with_photos(&[1]);
    writing.change(Change::SelfHandled(true));
    assert!(writing.missing().contains(&Missing::Handled));

    let mut noted = writing.clone();
    noted.change(Change::HandledNote("已清走".to_owned()));
    assert!(
        !noted.missing().contains(&Missing::Handled),
        "a note is enough"
    );

    writing.change(Change::PhotoKind(0, PhotoKind::After));
    assert!(
        !writing.missing().contains(&Missing::Handled),
        "an after photo is enough"
    );
}

#[test]
fn a_photo_taken_out_can_be_put_back_where_it_was() {
    let mut writing = with_photos(&[1, 2, 3]);

    writing.change(Change::PhotoRemoved(1));
    assert_eq!(numbers(&writing.sheet().photos), [1, 3]);
    let (_, taken_out) = writing.to_save().expect("the removal is a change");
    assert_eq!(numbers(&taken_out.draft.photos), [1, 3]);
    assert_eq!(
        taken_out.removed,
        [photo(2).digest],
        "it is gone on disk too, because that is said"
    );

    writing.change(Change::PhotoRestored);
    assert_eq!(numbers(&writing.sheet().photos), [1, 2, 3]);
    let (_, back) = writing.to_save().expect("so is putting it back");
    assert_eq!(back.removed, [], "and then nothing is taken out");
}

#[test]
fn the_same_file_chosen_twice_is_one_photo() {
    let writing = with_photos(&[1, 1]);

    assert_eq!(numbers(&writing.sheet().photos), [1]);
}

#[test]
fn photos_move_within_the_row_only() {
    let mut writing = with_photos(&[1, 2, 3]);

    writing.change(Change::PhotoMoved { from: 2, to: 0 });
    assert_eq!(numbers(&writing.sheet().photos), [3, 1, 2]);
    writing.change(Change::PhotoMoved { from: 0, to: 9 });
    assert_eq!(
        numbers(&writing.sheet().photos),
        [3, 1, 2],
        "there is no tenth place"
    );
    assert_eq!(Way::Earlier.from(0, 3), None);
    assert_eq!(Way::Later.from(2, 3), None);
    assert_eq!(Way::Later.from(1, 3), Some(2));
}

#[test]
fn nine_photos_leave_no_room() {
    let writing = with_photos(&[1, 2, 3, 4, 5, 6, 7, 8, 9]);

    assert_eq!(writing.sheet().photos.len(), PHOTOS_MAX);
    assert_eq!(writing.photos_left(), 0);
}

#[test]
fn a_photo_from_elsewhere_is_noticed_once_the_place_is_known() {
    let mut writing = opened(Writing::blank(NOW));
    let elsewhere = Position::new(120.87, 32.01).ok();
    writing.change(Change::PhotoAdded(Box::new(PhotoRef {
        position: elsewhere,
        ..photo(1)
    })));
    assert_eq!(writing.far_photo(), None, "without a place nothing is far");

    writing.change(Change::Place(Box::new(place(PlaceSource::Device))));

    let far = writing.far_photo().expect("a kilometre is far");
    assert!((900.0..1_000.0).contains(&far.metres), "{} m", far.metres);
}

#[test]
fn a_guess_never_replaces_a_choice() {
    let mut writing = Writing::blank(NOW);
    writing.change(Change::Place(Box::new(place(PlaceSource::Address))));

    writing.guess_place(place(PlaceSource::Device));

    let source = writing.sheet().place.as_ref().map(|place| place.source);
    assert_eq!(
        source,
        Some(PlaceSource::Address),
        "the person's word stands"
    );
}

#[test]
fn a_draft_thrown_away_elsewhere_loses_nothing_that_stands_on_the_sheet() {
    let mut writing = with_photos(&[1]);
    writing.lost();
    assert!(!writing.is_saved(), "the page must not say it is on disk");

    let mut writing = opened(writing);

    let draft = save(&mut writing).expect("all of it waits for the new draft");
    assert_eq!(numbers(&draft.photos), [1]);
}

#[test]
fn a_guess_on_a_sheet_nobody_began_can_be_forgotten_and_a_place_of_a_begun_one_stays() {
    let mut clean = Writing::blank(NOW);
    clean.guess_place(place(PlaceSource::Device));
    let mut begun = clean.clone();
    begun.change(Change::Description("堆物".to_owned()));

    clean.forget_guess();
    begun.forget_guess();

    assert_eq!(clean.sheet().place, None, "the device is asked again");
    assert!(begun.sheet().place.is_some(), "it was reported there");
}
