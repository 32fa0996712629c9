//! Fillings of forms: sessions in memory, each made again from its rows whenever it is not there.
//! Whatever a session changed is saved before anybody is told; one whose changes could not be saved
//! is let go of, and the rows are the truth.

pub(crate) mod bound;
mod closed;
mod difference;
mod kept;
pub(crate) mod known;
mod lines;
mod lists;
mod masked;
mod notice;
mod ready;
mod world;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use forms::{
    Session,
    session::{Change, Mistake, Outcome, Refusal, Saved, Wrong},
};
use rusqlite::Connection;
use shared::{
    Digest, DraftId, Kind, PhotoRef, Timestamp,
    ipc::{AskKind, FormLine, FormLineKind, FormState, FormTrouble},
};
use uuid::Uuid;

pub(crate) use closed::{Closed, closed};
pub(crate) use difference::between;
use known::{Known, Said};
pub(crate) use lines::{ask_kind, choice, chosen, lack};
pub(crate) use lists::{named_in, with_chosen, with_register};
pub(crate) use notice::{Due, Notice};
pub(crate) use ready::{About, Ready, Titles, language_for};
pub(crate) use world::DeviceWorld;

use crate::{
    core::Core,
    error::{Error, Result},
    number,
    store::{
        captured, form_answers,
        form_drafts::{self, FormDraft},
        form_last, mirror,
    },
};

/// So many forms are kept ready, and so many sessions open; the others are made again when they are
/// asked for.
const KEPT: usize = 4;

/// The forms and sessions in memory.
#[derive(Debug, Default)]
pub(crate) struct Fillings {
    forms: Mutex<Forms>,
    open: Mutex<Vec<Filling>>,
}

#[derive(Debug, Default)]
struct Forms {
    /// The one used last is the last.
    ready: Vec<Arc<Ready>>,
    about: BTreeMap<Uuid, About>,
}

/// One filling, with what the page has of it.
#[derive(Debug)]
pub(crate) struct Filling {
    /// What is saved beside the answers.
    pub(crate) draft: FormDraft,
    /// When it was last changed.
    pub(crate) changed_at: Timestamp,
    /// Its form.
    pub(crate) ready: Arc<Ready>,
    /// Its answers.
    pub(crate) session: Session,
    /// What restoring changed and no transaction has saved yet.
    unsaved: Vec<Change>,
    /// What the page has.
    lines: Vec<FormLine>,
    /// Counts what the page was given.
    shown: u32,
    photos: BTreeMap<Digest, PhotoRef>,
    /// Who said what questions begin with.
    said: BTreeMap<String, Said>,
    /// Numbers that are shown masked and are known.
    kept: BTreeMap<String, String>,
    /// The register has two answers to one of the questions.
    pub(crate) disputed: bool,
    /// What the person is to be told.
    pub(crate) notice: Option<Due>,
}

impl Fillings {
    /// The documents changed: what is known of forms is read anew. Open sessions keep theirs.
    pub(crate) fn forget_forms(&self) {
        *lock(&self.forms) = Forms::default();
    }

    /// The form, ready to be filled.
    pub(crate) fn ready(&self, db: &Connection, doc: Uuid) -> Result<Arc<Ready>> {
        let mut forms = lock(&self.forms);
        if let Some(ready) = forms.find(doc) {
            return Ok(ready);
        }
        let ready = Arc::new(ready::load(db, doc)?);
        forms.keep(Arc::clone(&ready));
        drop(forms);
        Ok(ready)
    }

    /// What people call the form, whether or not it can be filled in; `None` if it is not here.
    pub(crate) fn titles(&self, db: &Connection, doc: Uuid) -> Result<Option<Titles>> {
        let mut forms = lock(&self.forms);
        let about = forms.about(db, doc)?;
        drop(forms);
        let is_here = about.trouble != Some(FormTrouble::Missing);
        Ok(is_here.then_some(about.title))
    }

    /// What there is to say of every version of every form. Each is looked at once a start.
    pub(crate) fn about_all(&self, db: &Connection) -> Result<Vec<About>> {
        let mut forms = lock(&self.forms);
        let mut all = Vec::new();
        for target in mirror::refs(db, &Kind::form())? {
            all.push(forms.about(db, target.id)?);
        }
        drop(forms);
        Ok(all)
    }

    /// While this is held, nobody else changes an open filling. Taken before the database, never
    /// while it is held.
    pub(crate) fn open(&self) -> OpenFillings<'_> {
        OpenFillings(lock(&self.open))
    }
}

impl Forms {
    fn find(&mut self, doc: Uuid) -> Option<Arc<Ready>> {
        let at = self.ready.iter().position(|it| it.version.doc == doc)?;
        let ready = self.ready.remove(at);
        self.ready.push(Arc::clone(&ready));
        Some(ready)
    }

    fn about(&mut self, db: &Connection, doc: Uuid) -> Result<About> {
        if let Some(about) = self.about.get(&doc) {
            return Ok(about.clone());
        }
        let (about, ready) = ready::about(db, doc)?;
        if let Some(ready) = ready {
            self.keep(Arc::new(ready));
        }
        self.about.insert(doc, about.clone());
        Ok(about)
    }

    fn keep(&mut self, ready: Arc<Ready>) {
        self.ready.push(ready);
        let too_many = self.ready.len().saturating_sub(KEPT);
        self.ready.drain(..too_many);
    }
}

/// The sessions that are in memory.
pub(crate) struct OpenFillings<'a>(MutexGuard<'a, Vec<Filling>>);

impl OpenFillings<'_> {
    /// Takes the filling out, or makes it again from its rows. It is put back when all went well.
    pub(crate) fn take(
        &mut self,
        core: &Core,
        world: &DeviceWorld,
        id: DraftId,
    ) -> Result<Filling> {
        if let Some(at) = self.0.iter().position(|filling| filling.draft.id == id) {
            return Ok(self.0.remove(at));
        }
        Filling::restore(core, world, id)
    }

    /// The same for one that is opened: of a form that asks for the register as it is now.
    pub(crate) fn take_to_open(
        &mut self,
        core: &Core,
        world: &DeviceWorld,
        id: DraftId,
    ) -> Result<Filling> {
        self.0
            .retain(|filling| filling.draft.id != id || !lists::asks(&filling.ready));
        self.take(core, world, id)
    }

    /// Keeps a filling in memory.
    pub(crate) fn put_back(&mut self, filling: Filling) {
        self.0.push(filling);
        let too_many = self.0.len().saturating_sub(KEPT);
        self.0.drain(..too_many);
    }

    /// Lets go of a filling; its rows stay.
    pub(crate) fn forget(&mut self, id: DraftId) {
        self.0.retain(|filling| filling.draft.id != id);
    }

    /// Lets go of all of them: somebody else may have the device.
    pub(crate) fn forget_all(&mut self) {
        self.0.clear();
    }
}

impl Filling {
    /// A filling that just began.
    pub(crate) fn begun(
        draft: FormDraft,
        ready: Arc<Ready>,
        session: Session,
        known: Known,
        now: Timestamp,
    ) -> Self {
        Self {
            draft,
            changed_at: now,
            ready,
            session,
            unsaved: Vec::new(),
            lines: Vec::new(),
            shown: 0,
            photos: BTreeMap::new(),
            said: known.said,
            kept: known.kept,
            disputed: known.disputed,
            notice: known.notice,
        }
    }

    fn restore(core: &Core, world: &DeviceWorld, id: DraftId) -> Result<Self> {
        let (kept, ready, program, saved, last, known) = core.store.read(|db| {
            let kept = form_drafts::get_open(db, id)?;
            let ready = core.fillings.ready(db, kept.draft.form.doc)?;
            let last = form_last::get(db, &kept.draft.form.id)?;
            let saved = with_instances(form_answers::all(db, id)?);
            let program = with_register(db, &ready, &named_in(&saved))?;
            let known = kept.draft.known(core, db, &ready)?;
            Ok((kept, ready, program, saved, last, known))
        })?;
        let version = (
            kept.draft.form.id.as_str(),
            kept.draft.form.version.as_str(),
        );
        let restored = Session::restore(program, world, version, &saved, &last);
        let (mut session, outcome) = restored.map_err(|error| {
            tracing::error!(%error, "a draft of a form has no place in it");
            Error::Form(FormTrouble::Unreadable)
        })?;
        let mut unsaved = outcome.changes;
        let spoken = session.speak(world, &kept.draft.language);
        unsaved.extend(spoken.changes);
        let mut filling = Self::begun(kept.draft, ready, session, known, kept.changed_at);
        filling.unsaved = unsaved;
        // On a full disk it is still shown; what comes next saves it.
        if !filling.unsaved.is_empty()
            && let Err(error) = core.store.write(|tx| filling.save(tx, &[]))
        {
            tracing::warn!(%error, "what opening a form computed could not be saved yet");
        } else {
            filling.unsaved.clear();
        }
        Ok(filling)
    }

    /// Saves changes in the caller's transaction, behind those that wait.
    pub(crate) fn save(&self, tx: &Connection, changes: &[Change]) -> Result<()> {
        form_answers::save(tx, self.draft.id, &self.unsaved)?;
        form_answers::save(tx, self.draft.id, changes)
    }

    /// A person changed something: saved whole, before anybody is told.
    pub(crate) fn keep(
        &mut self,
        core: &Core,
        world: &DeviceWorld,
        outcome: &Outcome,
    ) -> Result<()> {
        let now = core.clock.now();
        let name = self.name(world);
        let renamed = self.draft.name != name;
        self.draft.name = name;
        core.store.write(|tx| {
            self.save(tx, &outcome.changes)?;
            if renamed {
                form_drafts::put(tx, &self.draft)?;
            }
            form_drafts::touch(tx, self.draft.id, now)?;
            fault::point("client/form: answered, not committed");
            Ok(())
        })?;
        self.saved();
        self.changed_at = now;
        Ok(())
    }

    /// What is shown now, and what was shown before; from now on the page has the former.
    pub(crate) fn show(
        &mut self,
        core: &Core,
        world: &DeviceWorld,
    ) -> Result<(Vec<FormLine>, FormState)> {
        let mut lines = lines::of(&self.session, world);
        self.put_photos(core, &mut lines)?;
        self.show_kept(&mut lines);
        self.put_known(&mut lines);
        let lacks = self.lacks(world);
        let missing = lacks.iter().filter(|lack| lack.wrong == Wrong::Required);
        let missing = missing.count();
        self.shown = self.shown.wrapping_add(1);
        let state = FormState {
            shown: self.shown,
            missing: number::count(missing),
            wrong: number::count(lacks.len() - missing),
            language: self.session.language().to_owned(),
            grid: self.draft.grid.clone(),
            changed_at: self.changed_at,
        };
        let before = std::mem::replace(&mut self.lines, lines);
        Ok((before, state))
    }

    /// What keeps it from being finished and a person can mend. A question that this app can't ask,
    /// and a condition that can't be computed, keep nobody from finishing.
    pub(crate) fn lacks(&self, world: &DeviceWorld) -> Vec<Mistake> {
        let mut mistakes = self.session.check(world);
        mistakes.retain(|mistake| {
            let asked = self.session.asks_for(&mistake.address).map(ask_kind);
            mistake.wrong != Wrong::Unclear
                && asked != Some(AskKind::Other)
                && self.is_lacking(&mistake.address, mistake.wrong)
        });
        mistakes
    }

    /// What it is called in lists, where nobody gives a reason for looking: numbers in it are masked.
    pub(crate) fn name(&self, world: &DeviceWorld) -> String {
        let name = self.session.name(world).unwrap_or_default();
        self.ready.masked.hide(name, &self.session.values())
    }

    /// What waited is saved.
    pub(crate) fn saved(&mut self) {
        self.unsaved.clear();
    }

    /// What the page has.
    pub(crate) fn lines(&self) -> &[FormLine] {
        &self.lines
    }

    /// Whether the page has what was shown last.
    pub(crate) fn is_shown(&self, shown: u32) -> bool {
        self.shown == shown
    }

    /// The photo of this digest: taken on this device, or standing in the record that is corrected.
    pub(crate) fn photo(&self, db: &Connection, digest: Digest) -> Result<Option<PhotoRef>> {
        if let Some(photo) = captured::find(db, digest)? {
            return Ok(Some(photo));
        }
        let replaced = self.draft.replaced(db, &self.ready)?;
        let mut photos = replaced.into_iter().flat_map(|it| it.photos);
        Ok(photos.find(|photo| photo.digest == digest))
    }

    fn put_known(&self, lines: &mut [FormLine]) {
        for line in lines {
            let FormLineKind::Question(question) = &mut line.what else {
                continue;
            };
            let said = self.said.get(&line.address);
            let said = said.filter(|it| it.value == question.value || question.kept.is_some());
            question.known = said.map(|said| said.known.clone());
        }
    }

    fn put_photos(&mut self, core: &Core, lines: &mut [FormLine]) -> Result<()> {
        for line in lines {
            let FormLineKind::Question(question) = &mut line.what else {
                continue;
            };
            let is_image = question.kind == AskKind::Image;
            let Some(digest) = digest_in(&question.value).filter(|_| is_image) else {
                continue;
            };
            if !self.photos.contains_key(&digest)
                && let Some(photo) = core.store.read(|db| self.photo(db, digest))?
            {
                self.photos.insert(digest, photo);
            }
            question.photo = self.photos.get(&digest).cloned();
        }
        Ok(())
    }
}

/// What was saved, and the instances that its addresses stand in, each once: of a damaged database a
/// value may have been read and its instance not; a record names values only.
pub(crate) fn with_instances(saved: Vec<Saved>) -> Vec<Saved> {
    let mut instances = BTreeSet::new();
    let mut values = Vec::new();
    for one in saved {
        let (Saved::Value { address, .. } | Saved::Instance { address }) = &one;
        for (end, _) in address.match_indices(']') {
            instances.extend(address.get(..=end).map(str::to_owned));
        }
        if matches!(one, Saved::Value { .. }) {
            values.push(one);
        }
    }
    let instances = instances.into_iter();
    instances
        .map(|address| Saved::Instance { address })
        .chain(values)
        .collect()
}

/// The digest that is the answer to a question for a photo.
pub(crate) fn digest_in(value: &str) -> Option<Digest> {
    value.parse().ok()
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Answer(lines::refusal(refusal))
    }
}

/// A panic elsewhere leaves nothing half-done that is not on the disk: sessions are taken out while
/// they are worked on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
