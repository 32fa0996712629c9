//! 补充, +1 and 自行处置: words and photos that add to a case.

use leptos::prelude::*;
use shared::{
    CaseId, PhotoKind, PhotoRef,
    ipc::{CaseAction, IpcError, Saved, SelfHandleCase, SupplementCase},
    op::TEXT_MAX,
};

use super::photos_field::PhotosField;
use crate::{
    components::{Button, ErrorNotice, Field, Kind, TextInput, use_toasts},
    ipc,
    look::Look,
    words::{Words, use_words},
};

/// The form.
#[component]
pub(super) fn Addition(case: CaseId, action: CaseAction, done: Callback<()>) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let note = RwSignal::new(String::new());
    let photos = RwSignal::new(Vec::<PhotoRef>::new());
    let lacking = RwSignal::new(None::<String>);
    let kind = if action == CaseAction::SelfHandle {
        PhotoKind::After
    } else {
        PhotoKind::Near
    };
    let send = Action::new_local(move |(): &()| {
        let (note, photos) = (note.get_untracked(), photos.get_untracked());
        async move {
            let answer = save(case, action, note, photos).await;
            if answer.is_ok() {
                toasts.say(words.act_saved());
                done.run(());
            }
            answer
        }
    });
    let confirm = move |()| {
        let wrong = wrong(
            words,
            action,
            &note.read_untracked(),
            photos.peek(Vec::is_empty),
        );
        let ready = wrong.is_none();
        lacking.set(wrong);
        if ready {
            send.dispatch(());
        }
    };
    view! {
        <form class="form" on:submit=move |event| event.prevent_default()>
            {hint(words, action).map(|hint| view! { <p class="aside">{hint}</p> })}
            <Field label=label(words, action) id="addition-note" aside=aside(words, action) error=lacking>
                <TextInput rows=3 id="addition-note" test="sheet-note" value=note on_input=move |text| note.set(text) />
            </Field>
            <PhotosField photos kind />
            <ErrorNotice error=Signal::derive(move || failed(send.value().get())) />
            <div class="sheet-actions">
                <Button kind=Kind::Primary test="sheet-confirm" disabled=send.pending() on_press=confirm>
                    {word(words, action)}
                </Button>
            </div>
        </form>
    }
}

async fn save(
    case: CaseId,
    action: CaseAction,
    note: String,
    photos: Vec<PhotoRef>,
) -> Result<Saved, IpcError> {
    if action == CaseAction::SelfHandle {
        return ipc::call(SelfHandleCase { case, note, photos }).await;
    }
    let plus_one = action == CaseAction::PlusOne;
    ipc::call(SupplementCase {
        case,
        note,
        photos,
        plus_one,
    })
    .await
}

/// What keeps it from being sent, said at the field.
fn wrong(words: Words, action: CaseAction, note: &str, no_photos: bool) -> Option<String> {
    too_long(words, note).or_else(|| {
        let nothing = note.trim().is_empty() && no_photos;
        (nothing && action != CaseAction::PlusOne).then(|| words.act_need_something().to_owned())
    })
}

/// That a text is longer than what is taken.
pub(super) fn too_long(words: Words, text: &str) -> Option<String> {
    let over = text.chars().count().checked_sub(TEXT_MAX)?;
    (over > 0).then(|| words.act_too_long(TEXT_MAX, over))
}

/// The error of an attempt that failed.
pub(super) fn failed<T>(attempt: Option<Result<T, IpcError>>) -> Option<IpcError> {
    attempt.and_then(Result::err)
}

fn hint(words: Words, action: CaseAction) -> Option<&'static str> {
    match action {
        CaseAction::SelfHandle => Some(words.act_self_handle_hint()),
        CaseAction::PlusOne => Some(words.act_plus_one_hint()),
        CaseAction::Supplement
        | CaseAction::Withdraw
        | CaseAction::Register
        | CaseAction::Reject
        | CaseAction::Amend
        | CaseAction::Merge
        | CaseAction::Split
        | CaseAction::Delete
        | CaseAction::Restore => None,
    }
}

fn label(words: Words, action: CaseAction) -> &'static str {
    if action == CaseAction::SelfHandle {
        words.act_note_after()
    } else {
        words.act_note()
    }
}

fn aside(words: Words, action: CaseAction) -> &'static str {
    if action == CaseAction::PlusOne {
        words.act_optional()
    } else {
        ""
    }
}

fn word(words: Words, action: CaseAction) -> &'static str {
    match action {
        CaseAction::SelfHandle => words.act_self_handle(),
        CaseAction::PlusOne => words.act_plus_one(),
        CaseAction::Supplement
        | CaseAction::Withdraw
        | CaseAction::Register
        | CaseAction::Reject
        | CaseAction::Amend
        | CaseAction::Merge
        | CaseAction::Split
        | CaseAction::Delete
        | CaseAction::Restore => words.act_supplement(),
    }
}

#[cfg(test)]
mod tests {
    use shared::ipc::Language;

    use super::*;

    const ZH: Words = Words(Language::Zh);

    #[test]
    fn an_addition_needs_words_or_a_photo_and_a_plus_one_needs_neither() {
        assert!(wrong(ZH, CaseAction::Supplement, "  ", true).is_some());
        assert!(wrong(ZH, CaseAction::SelfHandle, "", true).is_some());
        assert_eq!(
            wrong(ZH, CaseAction::Supplement, "", false),
            None,
            "a photo is enough"
        );
        assert_eq!(
            wrong(ZH, CaseAction::SelfHandle, "已清理", true),
            None,
            "words are enough"
        );
        assert_eq!(
            wrong(ZH, CaseAction::PlusOne, "", true),
            None,
            "having seen it is enough"
        );
    }

    #[test]
    fn a_text_that_is_too_long_says_by_how_much() {
        let text = "字".repeat(TEXT_MAX + 3);

        let said = wrong(ZH, CaseAction::PlusOne, &text, true).unwrap();

        assert!(
            said.contains('3'),
            "the person sees how much to take out: {said}"
        );
        assert_eq!(
            too_long(ZH, &"字".repeat(TEXT_MAX)),
            None,
            "exactly as long as allowed is fine"
        );
    }
}
