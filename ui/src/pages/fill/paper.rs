//! A filling in hand: its lines as the core last told them, and what is on its way to the core. One
//! thing at a time goes there, in order; what is still on its way when the page is left arrives all
//! the same.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use leptos::{prelude::*, task::spawn_local};
use shared::{
    DraftId, GridCode, RecordId,
    ipc::{
        AddToForm, AnswerForm, AnswerWrong, Code, FinishForm, FormChange, FormFinish, FormLack,
        FormLine, FormLineKind, FormQuestion, FormState, FormView, IpcError, RemoveFromForm,
        SetForm,
    },
};

use crate::{ipc, look::Look, words::Words};

/// Stands for the address of the guardian, who is no question of the form.
pub(super) const GUARDIAN: &str = "@guardian";

/// A filling in hand.
#[derive(Clone, Copy)]
pub(super) struct Paper {
    /// Which.
    pub(super) draft: DraftId,
    /// It is about somebody or something, and was begun there.
    pub(super) is_about: bool,
    /// All lines, in order.
    pub(super) lines: RwSignal<Vec<Line>>,
    /// How it stands.
    pub(super) state: RwSignal<FormState>,
    /// What failed and is about no question.
    pub(super) trouble: RwSignal<Option<IpcError>>,
    /// Instances of long repeats that are drawn whole.
    pub(super) opened: RwSignal<BTreeSet<String>>,
    /// What became of finishing.
    pub(super) ended: RwSignal<Option<End>>,
    refused: RwSignal<BTreeMap<String, IpcError>>,
    lacks: RwSignal<BTreeMap<String, FormLack>>,
    desk: StoredValue<Arc<Mutex<Desk>>>,
}

/// A line, and what it says now.
#[derive(Clone)]
pub(super) struct Line {
    /// By which it is known.
    pub(super) address: String,
    /// What it says now.
    pub(super) now: ArcRwSignal<FormLine>,
}

/// What became of finishing.
#[derive(Clone, PartialEq)]
pub(super) enum End {
    /// It is being tried.
    Trying,
    /// It is a record now.
    Done(RecordId),
    /// This question comes first of those that keep it from being finished.
    At(String),
}

/// What goes to the core.
#[derive(Clone)]
enum Job {
    Answer {
        address: String,
        value: String,
    },
    Add {
        address: String,
    },
    Remove {
        address: String,
    },
    Set {
        language: Option<String>,
        grid: Option<GridCode>,
        guardian: Option<String>,
        leave_out: Option<String>,
    },
    Finish,
}

#[derive(Default)]
struct Desk {
    jobs: VecDeque<Job>,
    working: Option<Job>,
    shown: u32,
}

/// What came of a job.
enum Came {
    Change(FormChange),
    Finish(FormFinish),
}

impl Paper {
    /// Takes up what the core gave.
    pub(super) fn of(view: FormView) -> Self {
        let desk = Desk {
            shown: view.state.shown,
            ..Desk::default()
        };
        Self {
            draft: view.draft,
            lines: RwSignal::new(view.lines.into_iter().map(Line::new).collect()),
            state: RwSignal::new(view.state),
            trouble: RwSignal::new(None),
            opened: RwSignal::new(BTreeSet::new()),
            is_about: view.subject.is_some(),
            ended: RwSignal::new(None),
            refused: RwSignal::new(BTreeMap::new()),
            lacks: RwSignal::new(BTreeMap::new()),
            desk: StoredValue::new(Arc::new(Mutex::new(desk))),
        }
    }

    /// Hands in an answer; a later one to the same question takes the place of one that waits.
    pub(super) fn answer(self, address: &str, value: String) {
        let Some(hand) = self.hand() else { return };
        hand.put(Job::Answer {
            address: address.to_owned(),
            value,
        });
    }

    /// Whoever writes keeps this, to hand in what was written when the page is gone already.
    pub(super) fn hand(self) -> Option<Hand> {
        let desk = self.desk.try_get_value()?;
        Some(Hand { paper: self, desk })
    }

    /// Whether nothing of a question is on its way to the core, and the core took what was. Follows
    /// what it answers.
    pub(super) fn took(self, address: &str) -> bool {
        self.state.track();
        let is_refused = self.refused.look(|all| all.contains_key(address));
        let Some(desk) = self.desk.try_get_value() else {
            return false;
        };
        let desk = lock(&desk);
        let is_of = |job: &Job| matches!(job, Job::Answer { address: of, .. } if of == address);
        !is_refused && !desk.jobs.iter().chain(&desk.working).any(is_of)
    }

    /// Adds an instance.
    pub(super) fn add(self, address: &str) {
        self.put(Job::Add {
            address: address.to_owned(),
        });
    }

    /// Takes an instance away.
    pub(super) fn remove(self, address: &str) {
        self.put(Job::Remove {
            address: address.to_owned(),
        });
    }

    /// Asks in this language.
    pub(super) fn speak(self, language: String) {
        self.put(Job::Set {
            language: Some(language),
            grid: None,
            guardian: None,
            leave_out: None,
        });
    }

    /// Files it in this grid.
    pub(super) fn file_in(self, grid: GridCode) {
        self.put(Job::Set {
            language: None,
            grid: Some(grid),
            guardian: None,
            leave_out: None,
        });
    }

    /// Names who was told in a child's place.
    pub(super) fn name_guardian(self, name: String) {
        self.put(Job::Set {
            language: None,
            grid: None,
            guardian: Some(name),
            leave_out: None,
        });
    }

    /// The number that is kept for a question is wrong.
    pub(super) fn leave_out(self, address: String) {
        self.put(Job::Set {
            language: None,
            grid: None,
            guardian: None,
            leave_out: Some(address),
        });
    }

    /// Finishes it, or points at what keeps it from being finished.
    pub(super) fn finish(self) {
        // What was typed and not taken would be left out without a word.
        let refused = self.refused.peek(|all| all.keys().next().cloned());
        if let Some(address) = refused {
            self.ended.set(Some(End::At(address)));
        } else {
            self.ended.set(Some(End::Trying));
            self.put(Job::Finish);
        }
    }

    /// What is wrong with the answer to a question, in words.
    pub(super) fn wrong(
        self,
        words: Words,
        address: &str,
        question: &FormQuestion,
    ) -> Option<String> {
        let refused = self.refused.look(|all| all.get(address).cloned());
        if let Some(error) = refused {
            return Some(match error.code {
                Code::Answer { why } => words.refusal(why).to_owned(),
                code => {
                    let notice = words.notice(&code);
                    words.sentences(&notice.happened, &notice.todo)
                }
            });
        }
        if let Some(wrong) = question.wrong {
            return words.answer_wrong(wrong, question.message.clone());
        }
        let lack = self.lacks.look(|all| all.get(address).cloned())?;
        let is_missing = lack.wrong == AnswerWrong::Missing && question.value.is_empty();
        is_missing
            .then(|| words.answer_wrong(lack.wrong, lack.message))
            .flatten()
    }

    /// What an instance is told apart by while it is not drawn whole: its first answer.
    pub(super) fn summary(self, instance: &str) -> Option<String> {
        let inside = format!("{instance}/");
        self.lines.look(|lines| {
            let mut within = lines
                .iter()
                .filter(|line| line.address.starts_with(&inside));
            within.find_map(|line| {
                line.now.look(|line| match &line.what {
                    FormLineKind::Question(question) => said(question),
                    _ => None,
                })
            })
        })
    }

    fn put(self, job: Job) {
        if let Some(hand) = self.hand() {
            hand.put(job);
        }
    }

    fn note(self, job: &Job, came: Came) {
        match (job, came) {
            (Job::Finish, Came::Finish(FormFinish::Done { record })) => {
                drop(self.ended.try_set(Some(End::Done(record))));
            }
            (_, Came::Finish(FormFinish::Lacking { lacks })) => self.lacking(lacks),
            (_, Came::Finish(FormFinish::NoGuardian)) => {
                drop(self.ended.try_set(Some(End::At(GUARDIAN.to_owned()))));
            }
            (_, Came::Finish(FormFinish::Done { .. })) => {}
            (job, Came::Change(change)) => {
                if let Job::Answer { address, .. } = job {
                    let _gone = self.refused.try_update(|all| all.remove(address));
                }
                drop(self.trouble.try_set(None));
                self.change(change);
            }
        }
    }

    fn lacking(self, lacks: Vec<FormLack>) {
        let first = lacks.first().map(|lack| lack.address.clone());
        let all = lacks.into_iter().map(|lack| (lack.address.clone(), lack));
        drop(self.lacks.try_set(all.collect()));
        drop(self.ended.try_set(first.map(End::At)));
    }

    fn change(self, change: FormChange) {
        if let Some(moved) = change.moved {
            let _gone = self.lines.try_update(|lines| {
                let at = index(moved.at).min(lines.len());
                let end = at.saturating_add(index(moved.gone)).min(lines.len());
                let before: BTreeMap<String, Line> = lines
                    .drain(at..end)
                    .map(|line| (line.address.clone(), line))
                    .collect();
                // What is still asked stays drawn.
                let come = moved
                    .come
                    .into_iter()
                    .map(|line| match before.get(&line.address) {
                        Some(known) => known.saying(line),
                        None => Line::new(line),
                    });
                let come: Vec<Line> = come.collect();
                lines.splice(at..at, come);
            });
        }
        let _gone = self.lines.try_with_untracked(|lines| {
            for one in change.changed {
                if let Some(line) = lines.get(index(one.at)) {
                    line.now.set(one.line);
                }
            }
        });
        drop(self.state.try_set(change.state));
    }

    fn refuse(self, job: &Job, error: IpcError) {
        match job {
            Job::Answer { address, .. } if error.code != Code::NotFound => {
                let address = address.clone();
                let _gone = self.refused.try_update(|all| all.insert(address, error));
            }
            Job::Finish => {
                drop(self.trouble.try_set(Some(error)));
                drop(self.ended.try_set(None));
            }
            Job::Answer { .. } | Job::Add { .. } | Job::Remove { .. } | Job::Set { .. } => {
                drop(self.trouble.try_set(Some(error)));
            }
        }
    }
}

/// What hands things to the core, whether or not the page is still there.
#[derive(Clone)]
pub(super) struct Hand {
    paper: Paper,
    desk: Arc<Mutex<Desk>>,
}

impl Hand {
    /// Hands in an answer.
    pub(super) fn answer(&self, address: &str, value: String) {
        self.put(Job::Answer {
            address: address.to_owned(),
            value,
        });
    }

    fn put(&self, job: Job) {
        let mut desk = lock(&self.desk);
        if let Job::Answer { address, .. } = &job {
            // Only the last of what waits at the end: order matters to what comes between.
            let same =
                |last: &Job| matches!(last, Job::Answer { address: of, .. } if of == address);
            if desk.jobs.back().is_some_and(same) {
                desk.jobs.pop_back();
            }
        }
        desk.jobs.push_back(job);
        let is_working = desk.working.is_some();
        drop(desk);
        if !is_working {
            let first = self.next();
            spawn_local(work(self.clone(), first));
        }
    }

    fn next(&self) -> Option<(Job, u32)> {
        let mut desk = lock(&self.desk);
        desk.working = desk.jobs.pop_front();
        Some((desk.working.clone()?, desk.shown))
    }
}

async fn work(hand: Hand, first: Option<(Job, u32)>) {
    let mut next = first;
    while let Some((job, shown)) = next {
        match send(hand.paper.draft, shown, job.clone()).await {
            Ok(came) => {
                if let Came::Change(change) = &came {
                    lock(&hand.desk).shown = change.state.shown;
                }
                hand.paper.note(&job, came);
            }
            Err(error) => hand.paper.refuse(&job, error),
        }
        next = hand.next();
    }
}

async fn send(draft: DraftId, shown: u32, job: Job) -> Result<Came, IpcError> {
    let change = match job {
        Job::Answer { address, value } => {
            ipc::call(AnswerForm {
                draft,
                shown,
                address,
                value,
            })
            .await?
        }
        Job::Add { address } => {
            ipc::call(AddToForm {
                draft,
                shown,
                address,
            })
            .await?
        }
        Job::Remove { address } => {
            ipc::call(RemoveFromForm {
                draft,
                shown,
                address,
            })
            .await?
        }
        Job::Set {
            language,
            grid,
            guardian,
            leave_out,
        } => {
            ipc::call(SetForm {
                draft,
                shown,
                language,
                grid,
                guardian,
                leave_out,
            })
            .await?
        }
        Job::Finish => return Ok(Came::Finish(ipc::call(FinishForm { draft }).await?)),
    };
    Ok(Came::Change(change))
}

impl Line {
    fn new(line: FormLine) -> Self {
        Self {
            address: line.address.clone(),
            now: ArcRwSignal::new(line),
        }
    }

    fn saying(&self, line: FormLine) -> Self {
        if self.now.peek(|now| *now != line) {
            self.now.set(line);
        }
        self.clone()
    }
}

/// The answer to a question in few words.
fn said(question: &FormQuestion) -> Option<String> {
    if question.value.is_empty() || question.photo.is_some() {
        return None;
    }
    let chosen: Vec<&str> = question.chosen.iter().map(|it| it.label.as_str()).collect();
    Some(match chosen.as_slice() {
        [] => question.value.clone(),
        chosen => chosen.join(" · "),
    })
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn lock(desk: &Mutex<Desk>) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}
