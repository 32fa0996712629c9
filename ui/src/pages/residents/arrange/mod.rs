//! What happens to a household and to those who belong to it: one sheet an act, a word with a way back
//! afterwards.

mod go;
mod join;
mod leave;
mod whereto;

use leptos::{prelude::*, task::spawn_local};
use shared::{
    EntryId,
    ipc::{Arranged, HouseholdView, UndoArranged},
};

use self::{go::Go, join::Join, leave::Leave};
use crate::{
    components::{Chip, Sheet, Toasts},
    dynamic::part,
    ipc,
    look::Look,
    words::{Words, use_words},
};

/// A household with what an act about it needs to know.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Family {
    /// The household.
    pub(super) id: EntryId,
    /// Its dwelling.
    pub(super) dwelling: EntryId,
    /// Who is there.
    pub(super) members: Vec<Member>,
    /// Other households behind the door, and who lives there.
    pub(super) others: Vec<(EntryId, String)>,
}

/// Somebody who is there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member {
    pub(super) id: EntryId,
    pub(super) name: String,
    pub(super) is_head: bool,
}

impl Family {
    /// One of the households behind a door.
    pub(super) fn of(
        words: Words,
        dwelling: EntryId,
        it: &HouseholdView,
        all: &[HouseholdView],
    ) -> Self {
        let others = all
            .iter()
            .filter(|other| other.entry.id != it.entry.id && !other.entry.gone);
        Self {
            id: it.entry.id,
            dwelling,
            members: present(it),
            others: others
                .map(|other| (other.entry.id, who(words, other)))
                .collect(),
        }
    }

    fn has_head(&self, among: impl Fn(EntryId) -> bool) -> bool {
        self.members.iter().any(|it| it.is_head && among(it.id))
    }
}

fn present(household: &HouseholdView) -> Vec<Member> {
    let there = household.members.iter().filter(|it| !it.gone);
    let members = there.map(|it| Member {
        id: it.id,
        name: it.title.clone(),
        is_head: household.heads.contains(&it.id),
    });
    members.collect()
}

/// Who lives in a household: it has no other name.
fn who(words: Words, household: &HouseholdView) -> String {
    let names: Vec<String> = present(household).into_iter().map(|it| it.name).collect();
    if names.is_empty() {
        return words.reg_members_empty().to_owned();
    }
    names.join(words.reg_between())
}

/// What is being done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Arranging {
    /// 迁出, 去世.
    Leave(Family, EntryId),
    /// 搬家: some of them, or all.
    Move(Family, Vec<EntryId>),
    /// 分户.
    Split(Family),
    /// 并户.
    Join(Family),
}

/// The sheet.
#[component]
pub(crate) fn ArrangeSheet(arranging: RwSignal<Option<Arranging>>) -> impl IntoView {
    let words = use_words();
    let open = Memo::new(move |_| arranging.look(Option::is_some));
    let title = Signal::derive(move || {
        let title = arranging.look(|it| match it {
            Some(Arranging::Leave(..)) => words.house_leave(),
            Some(Arranging::Move(..)) => words.house_move(),
            Some(Arranging::Split(_)) => words.house_split(),
            Some(Arranging::Join(_)) => words.house_join(),
            None => "",
        });
        title.to_owned()
    });
    let done = Callback::new(move |()| arranging.set(None));
    view! {
        <Sheet open title on_close=done>
            {part(move || arranging.get().map(|it| match it {
                Arranging::Leave(family, resident) => view! { <Leave family resident done /> }.into_any(),
                Arranging::Move(family, chosen) => view! { <Go family chosen here=false done /> }.into_any(),
                Arranging::Split(family) => view! { <Go family chosen=Vec::new() here=true done /> }.into_any(),
                Arranging::Join(family) => view! { <Join family done /> }.into_any(),
            }))}
        </Sheet>
    }
}

/// Says that an act is done, with a way back.
pub(in crate::pages::residents) fn say_done(
    words: Words,
    toasts: Toasts,
    said: &'static str,
    arranged: Arranged,
) {
    let undo = move || {
        let undo = UndoArranged {
            done: arranged.done.clone(),
        };
        spawn_local(async move {
            match ipc::call(undo).await {
                Ok(_) => toasts.say(words.house_undone()),
                Err(why) => toasts.say(words.notice(&why.code).happened),
            }
        });
    };
    toasts.say_undo(said, undo);
}

/// One of them, or nobody.
#[component]
pub(super) fn OneOf(
    label: &'static str,
    #[prop(optional)] aside: &'static str,
    test: &'static str,
    #[prop(into)] among: Signal<Vec<(EntryId, String)>>,
    chosen: RwSignal<Option<EntryId>>,
) -> impl IntoView {
    let chips = move || {
        let chips = among.get().into_iter().map(|(id, name)| {
            view! {
                <Chip
                    on=Signal::derive(move || chosen.get() == Some(id))
                    test
                    on_press=move || chosen.update(|it| *it = (*it != Some(id)).then_some(id))
                >
                    {name}
                </Chip>
            }
        });
        chips.collect_view()
    };
    view! {
        <fieldset class="segments-set field">
            <legend class="field-label">
                {label}
                {(!aside.is_empty()).then(|| view! { <span class="field-aside">{aside}</span> })}
            </legend>
            <div class="chips" role="group">{part(chips)}</div>
        </fieldset>
    }
}
