//! Filling a form: each answer is on the disk before it is shown.

use forms::session::Outcome;
use shared::{
    DraftId,
    ipc::{
        AddToForm, AnswerForm, Area, AskKind, Changed, DiscardForm, FindChoices, FormChange,
        FormChoices, FormMove, RemoveFromForm, RestoreForm, Saved, SetForm,
    },
    op::TEXT_MAX,
    search::{Name, fit},
};

use super::open_form::own_grids;
use crate::{
    core::Core,
    error::{Error, Result},
    filling::{DeviceWorld, Filling, ask_kind, between, choice, digest_in},
    found_by::syllables,
    number,
    store::form_drafts,
};

/// Choices handed out at once.
const CHOICES_MAX: usize = 200;

/// Answers a question.
pub(crate) fn answer(core: &Core, args: AnswerForm) -> Result<FormChange> {
    let AnswerForm {
        draft,
        shown,
        address,
        value,
    } = args;
    change(core, draft, shown, |filling, world| {
        let asked = filling.session.asks_for(&address).map(ask_kind);
        if asked == Some(AskKind::Image) && !value.is_empty() {
            // A photo that this device has not is the page's mistake.
            let digest = digest_in(&value).ok_or(Error::PhotoFile)?;
            let known = core.store.read(|db| filling.photo(db, digest))?;
            known.ok_or(Error::PhotoFile)?;
        }
        Ok(filling.session.answer(world, &address, &value)?)
    })
}

/// Adds an instance to a repeat.
pub(crate) fn add(core: &Core, args: AddToForm) -> Result<FormChange> {
    change(core, args.draft, args.shown, |filling, world| {
        let (_, outcome) = filling.session.add(world, &args.address)?;
        Ok(outcome)
    })
}

/// Takes an instance of a repeat away.
pub(crate) fn remove(core: &Core, args: RemoveFromForm) -> Result<FormChange> {
    change(core, args.draft, args.shown, |filling, world| {
        Ok(filling.session.remove(world, &args.address)?)
    })
}

/// Says in which language the form is asked, in which grid it is filed, or who was told in a child's
/// place. That is no answer.
pub(crate) fn set(core: &Core, args: SetForm) -> Result<FormChange> {
    let world = DeviceWorld::of(core)?;
    let mut open = core.fillings.open();
    let mut filling = open.take(core, &world, args.draft)?;
    let mut outcome = Outcome::default();
    if let Some(language) = args.language {
        if !filling.ready.languages.contains(&language) {
            open.put_back(filling);
            return Err(Error::Malformed("not a language of the form"));
        }
        outcome = filling.session.speak(&world, &language);
        filling.draft.language = language;
    }
    if let Some(grid) = args.grid {
        if !core.store.read(own_grids)?.contains(&grid) {
            open.put_back(filling);
            return Err(Error::Malformed("not a grid of the person"));
        }
        filling.draft.grid = Some(grid);
    }
    if let Some(guardian) = args.guardian {
        if guardian.chars().count() > TEXT_MAX {
            open.put_back(filling);
            return Err(Error::TextTooLong);
        }
        filling.draft.guardian = guardian;
    }
    filling.draft.left_out.extend(args.leave_out);
    core.store.write(|tx| {
        filling.save(tx, &outcome.changes)?;
        form_drafts::put(tx, &filling.draft)
    })?;
    filling.saved();
    let told = tell(core, &world, &mut filling, args.shown);
    open.put_back(filling);
    drop(open);
    told
}

/// Looks for choices of a question.
pub(crate) fn choices(core: &Core, args: FindChoices) -> Result<FormChoices> {
    let world = DeviceWorld::of(core)?;
    let mut open = core.fillings.open();
    let filling = open.take(core, &world, args.draft)?;
    let query = args.query.trim();
    // Pinyin is asked for in Latin letters.
    let spells = query.chars().all(|it| it.is_ascii() || it == 'ü');
    let fits = |label: &str| {
        let pinyin = if spells {
            syllables(label)
        } else {
            String::new()
        };
        let name = Name {
            text: label,
            pinyin: &pinyin,
        };
        fit(query, name).is_some()
    };
    let found = filling.session.some_choices(
        &world,
        &args.address,
        (!query.is_empty()).then_some(&fits as &dyn Fn(&str) -> bool),
        usize::try_from(args.from).unwrap_or(usize::MAX),
        usize::try_from(args.limit).map_or(CHOICES_MAX, |limit| limit.min(CHOICES_MAX)),
    );
    open.put_back(filling);
    drop(open);
    Ok(FormChoices {
        total: number::count(found.total),
        some: found.choices.into_iter().map(choice).collect(),
    })
}

/// Puts a filling into the bin.
pub(crate) fn discard(core: &Core, args: DiscardForm) -> Result<Saved> {
    let now = core.clock.now();
    let mut open = core.fillings.open();
    core.store
        .write(|tx| form_drafts::set_discarded(tx, args.draft, Some(now)))?;
    open.forget(args.draft);
    drop(open);
    core.announce(Changed::of([Area::Drafts]));
    Ok(Saved {})
}

/// Takes a filling out of the bin.
pub(crate) fn restore(core: &Core, args: RestoreForm) -> Result<Saved> {
    core.store
        .write(|tx| form_drafts::set_discarded(tx, args.draft, None))?;
    core.announce(Changed::of([Area::Drafts]));
    Ok(Saved {})
}

/// What a person does with an open filling: what is refused leaves it as it is, what can't be saved
/// never happened.
fn change(
    core: &Core,
    draft: DraftId,
    shown: u32,
    act: impl FnOnce(&mut Filling, &DeviceWorld) -> Result<Outcome>,
) -> Result<FormChange> {
    let world = DeviceWorld::of(core)?;
    let mut open = core.fillings.open();
    let mut filling = open.take(core, &world, draft)?;
    let outcome = match act(&mut filling, &world) {
        Ok(outcome) => outcome,
        Err(refused) => {
            open.put_back(filling);
            return Err(refused);
        }
    };
    // From here on a failure lets go of the session: the rows say what is true.
    filling.keep(core, &world, &outcome)?;
    let told = tell(core, &world, &mut filling, shown);
    open.put_back(filling);
    drop(open);
    core.announce(Changed::of([Area::Drafts]));
    told
}

fn tell(core: &Core, world: &DeviceWorld, filling: &mut Filling, shown: u32) -> Result<FormChange> {
    let is_known = filling.is_shown(shown);
    let (before, state) = filling.show(core, world)?;
    let (moved, changed) = if is_known {
        between(&before, filling.lines())
    } else {
        let whole = FormMove {
            at: 0,
            gone: u32::MAX,
            come: filling.lines().to_vec(),
        };
        (Some(whole), Vec::new())
    };
    Ok(FormChange {
        moved,
        changed,
        state,
    })
}
