//! 搬家 and 分户: who goes, where to, and who is the head where that is not known.

use leptos::prelude::*;
use shared::{
    EntryId,
    ipc::{Arranged, IpcError, MoveHousehold, MoveResidents, SplitHousehold},
};

use super::{
    Family, OneOf, say_done,
    whereto::{Found, Target, WhereTo},
};
use crate::{
    components::{Button, Chip, ErrorNotice, Kind, use_toasts},
    dynamic::{effect, part},
    ipc,
    look::Look,
    words::use_words,
};

/// What is to be done, once all of it is known.
#[derive(Debug, Clone)]
enum Going {
    Whole(MoveHousehold),
    Into(MoveResidents),
    Apart(SplitHousehold),
}

/// What has been chosen so far.
#[derive(Clone, Copy)]
struct Choice {
    /// Who goes.
    who: RwSignal<Vec<EntryId>>,
    /// Behind which door; nothing to choose for who stays behind this one.
    door: RwSignal<Option<Found>>,
    /// Into which household there.
    target: RwSignal<Option<Target>>,
    /// The head of a new household.
    head: RwSignal<Option<EntryId>>,
    /// The head of those left.
    head_left: RwSignal<Option<EntryId>>,
}

#[component]
pub(super) fn Go(
    family: Family,
    chosen: Vec<EntryId>,
    /// 分户: behind the same door.
    here: bool,
    done: Callback<()>,
) -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let it = Choice {
        who: RwSignal::new(chosen),
        door: RwSignal::new(None),
        target: RwSignal::new(here.then_some(Target::New)),
        head: RwSignal::new(None),
        head_left: RwSignal::new(None),
    };
    let lacking = RwSignal::new(None::<&'static str>);
    let from = family.id;
    let stored = StoredValue::new(family.clone());
    let save = Action::new_local(move |going: &Going| {
        let going = going.clone();
        async move {
            let arranged = send(going).await?;
            let said = if here {
                words.house_said_split()
            } else {
                words.house_said_move()
            };
            say_done(words, toasts, said, arranged);
            done.run(());
            Ok(())
        }
    });
    let error = Signal::derive(move || save.value().get().and_then(Result::err));
    let confirm = move |()| {
        let going = stored.with_value(|family| it.going(family, here));
        match going {
            Ok(going) => {
                lacking.set(None);
                save.dispatch(going);
            }
            Err(Lacking::Who) => lacking.set(Some(words.house_need_who())),
            Err(Lacking::Where) => lacking.set(Some(words.house_need_where())),
            Err(Lacking::Head) => lacking.set(Some(words.house_need_head())),
            Err(Lacking::Rest) => lacking.set(Some(words.house_need_rest())),
        }
    };
    // What was lacking is not told of any more once something else is chosen.
    effect(move || {
        it.who.track();
        it.target.track();
        it.head.track();
        lacking.set(None);
    });
    let going = Signal::derive(move || {
        it.who.look(|who| {
            let of = |family: &Family| named(family, |id| who.contains(&id));
            stored.with_value(of)
        })
    });
    let staying = Signal::derive(move || {
        it.who.look(|who| {
            let of = |family: &Family| named(family, |id| !who.contains(&id));
            stored.with_value(of)
        })
    });
    let asks_head = Memo::new(move |_| {
        let is_whole = !here && staying.look(Vec::is_empty);
        let several = going.look(|it| it.len() > 1);
        it.target.get() == Some(Target::New) && several && !is_whole
    });
    let asks_left = Memo::new(move |_| {
        // Of two heads, each named on another tablet, one may stay.
        let needed = it.who.look(|who| {
            stored.with_value(|family| {
                family.has_head(|id| who.contains(&id)) && !family.has_head(|id| !who.contains(&id))
            })
        });
        needed && !staying.look(Vec::is_empty)
    });
    let whoever = family.members.into_iter().map(|member| {
        let id = member.id;
        view! {
            <Chip
                on=Signal::derive(move || it.who.look(|who| who.contains(&id)))
                test="arrange-member"
                on_press=move || it.turn(id)
            >
                {member.name}
            </Chip>
        }
    });
    view! {
        <form class="form" on:submit=move |event| event.prevent_default()>
            <fieldset class="segments-set field">
                <legend class="field-label">{words.house_who()}</legend>
                <div class="chips" role="group">{whoever.collect_view()}</div>
            </fieldset>
            {(!here).then(|| view! { <WhereTo from door=it.door target=it.target /> })}
            {part(move || asks_head.get().then(|| view! { <OneOf label=words.house_head_new() test="head-new" among=going chosen=it.head /> }))}
            {part(move || asks_left.get().then(|| view! { <OneOf label=words.house_head_left() aside=words.house_later() test="head-left" among=staying chosen=it.head_left /> }))}
            {part(move || lacking.get().map(|it| view! { <p class="field-error" data-test="field-error">{it}</p> }))}
            <ErrorNotice error />
            <div class="sheet-actions">
                <Button kind=Kind::Primary test="sheet-confirm" disabled=save.pending() on_press=confirm>{if here { words.house_split() } else { words.house_move_do() }}</Button>
            </div>
        </form>
    }
}

fn named(family: &Family, wanted: impl Fn(EntryId) -> bool) -> Vec<(EntryId, String)> {
    let members = family.members.iter().filter(|it| wanted(it.id));
    members.map(|it| (it.id, it.name.clone())).collect()
}

/// What is still to be said.
enum Lacking {
    Who,
    Where,
    Head,
    Rest,
}

impl Choice {
    fn turn(self, id: EntryId) {
        self.who.update(|who| {
            let before = who.len();
            who.retain(|it| *it != id);
            if who.len() == before {
                who.push(id);
            }
        });
    }

    fn going(self, family: &Family, here: bool) -> Result<Going, Lacking> {
        let residents = self.who.get_untracked();
        if residents.is_empty() {
            return Err(Lacking::Who);
        }
        let dwelling = match (here, self.door.get_untracked()) {
            (true, _) => family.dwelling,
            (false, Some(door)) => door.id,
            (false, None) => return Err(Lacking::Where),
        };
        let target = self.target.get_untracked().ok_or(Lacking::Where)?;
        let is_whole = family.members.iter().all(|it| residents.contains(&it.id));
        let left = |it: &EntryId| !residents.contains(it);
        let head_left = self.head_left.get_untracked().filter(left);
        match target {
            Target::Household(household) => Ok(Going::Into(MoveResidents {
                residents,
                household,
                head_left,
            })),
            Target::New if is_whole && here => Err(Lacking::Rest),
            Target::New if is_whole => Ok(Going::Whole(MoveHousehold {
                household: family.id,
                dwelling,
            })),
            Target::New => {
                let only = match residents.as_slice() {
                    [one] => Some(*one),
                    _ => None,
                };
                let named = self.head.get_untracked();
                let named = named.filter(|it| residents.contains(it));
                Ok(Going::Apart(SplitHousehold {
                    head: named.or(only).ok_or(Lacking::Head)?,
                    residents,
                    dwelling,
                    head_left,
                }))
            }
        }
    }
}

async fn send(going: Going) -> Result<Arranged, IpcError> {
    match going {
        Going::Whole(whole) => ipc::call(whole).await,
        Going::Into(into) => ipc::call(into).await,
        Going::Apart(apart) => ipc::call(apart).await,
    }
}
