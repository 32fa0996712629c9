//! What this person may do with the case: a bar of buttons, and a sheet for each.

use leptos::prelude::*;
use shared::ipc::{CaseAction, CaseView};

use super::{
    addition::Addition, amend::Amend, deleted::Restore, merge::Merge, reason::Reason,
    register::Register,
};
use crate::{
    components::{Button, Glyph, Kind, Sheet},
    dynamic::part,
    live::Live,
    look::Look,
    words::{Words, use_words},
};

/// The buttons.
#[component]
pub(super) fn ActionBar(
    actions: Vec<CaseAction>,
    doing: RwSignal<Option<CaseAction>>,
) -> impl IntoView {
    let words = use_words();
    let actions: Vec<CaseAction> = actions
        .into_iter()
        // Two stand beside what they are about, one away from what is pressed every day.
        .filter(|action| {
            !matches!(
                action,
                CaseAction::Amend | CaseAction::Merge | CaseAction::Delete
            )
        })
        .collect();
    if actions.is_empty() {
        return None;
    }
    let buttons = actions
        .into_iter()
        .map(|action| {
            let (test, word, kind, icon) = button(words, action);
            view! {
                <Button kind=kind icon=icon test=test on_press=move || doing.set(Some(action))>{word}</Button>
            }
        })
        .collect_view();
    Some(view! { <div class="case-actions">{buttons}</div> })
}

/// The sheet of the action that is being done.
#[component]
pub(crate) fn ActionSheet(
    /// The case.
    view: Live<CaseView>,
    /// What is being done.
    doing: RwSignal<Option<CaseAction>>,
) -> impl IntoView {
    let words = use_words();
    let close = Callback::new(move |()| doing.set(None));
    let title = Signal::derive(move || {
        doing
            .get()
            .map(|action| title(words, action).to_owned())
            .unwrap_or_default()
    });
    view! {
        <Sheet open=Signal::derive(move || doing.look(Option::is_some)) title on_close=close>
            {part(move || {
                let case = view.value.get_untracked()?;
                let id = case.row.id;
                Some(match doing.get_untracked()? {
                    action @ (CaseAction::Supplement | CaseAction::PlusOne | CaseAction::SelfHandle) => {
                        view! { <Addition case=id action done=close /> }.into_any()
                    }
                    action @ (CaseAction::Withdraw | CaseAction::Reject | CaseAction::Split | CaseAction::Delete) => {
                        view! { <Reason case=id action done=close /> }.into_any()
                    }
                    CaseAction::Register => view! { <Register case done=close /> }.into_any(),
                    CaseAction::Merge => view! { <Merge case=id done=close /> }.into_any(),
                    CaseAction::Restore => view! { <Restore case=id done=close /> }.into_any(),
                    CaseAction::Amend => view! { <Amend case done=close /> }.into_any(),
                })
            })}
        </Sheet>
    }
}

fn button(words: Words, action: CaseAction) -> (&'static str, &'static str, Kind, Glyph) {
    match action {
        CaseAction::Supplement => (
            "action-supplement",
            words.act_supplement(),
            Kind::Plain,
            Glyph::Note,
        ),
        CaseAction::PlusOne => (
            "action-plus-one",
            words.act_plus_one(),
            Kind::Plain,
            Glyph::Plus,
        ),
        CaseAction::SelfHandle => (
            "action-self-handle",
            words.act_self_handle(),
            Kind::Plain,
            Glyph::Hand,
        ),
        CaseAction::Withdraw => (
            "action-withdraw",
            words.act_withdraw(),
            Kind::Plain,
            Glyph::Undo,
        ),
        CaseAction::Register => (
            "action-register",
            words.act_register(),
            Kind::Primary,
            Glyph::Check,
        ),
        CaseAction::Reject => (
            "action-reject",
            words.act_reject(),
            Kind::Plain,
            Glyph::Close,
        ),
        CaseAction::Merge => ("action-merge", words.act_merge(), Kind::Plain, Glyph::Join),
        CaseAction::Split => ("action-split", words.act_split(), Kind::Plain, Glyph::Undo),
        CaseAction::Amend => ("action-amend", words.act_amend(), Kind::Plain, Glyph::Pen),
        CaseAction::Delete => (
            "action-delete",
            words.act_delete(),
            Kind::Danger,
            Glyph::Trash,
        ),
        CaseAction::Restore => (
            "action-restore",
            words.act_restore(),
            Kind::Primary,
            Glyph::Undo,
        ),
    }
}

fn title(words: Words, action: CaseAction) -> &'static str {
    match action {
        CaseAction::Supplement => words.act_supplement_title(),
        CaseAction::PlusOne => words.act_plus_one_title(),
        CaseAction::SelfHandle => words.act_self_handle_title(),
        CaseAction::Withdraw => words.act_withdraw_title(),
        CaseAction::Register => words.act_register_title(),
        CaseAction::Reject => words.act_reject_title(),
        CaseAction::Amend => words.act_amend_title(),
        CaseAction::Merge => words.act_merge_title(),
        CaseAction::Split => words.act_split_title(),
        CaseAction::Delete => words.act_delete_title(),
        CaseAction::Restore => words.act_restore_title(),
    }
}
