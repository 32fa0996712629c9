//! One question: what is asked, where it is answered, and what is wrong, at the question itself.

use leptos::prelude::*;
use shared::ipc::{AskKind, FormKnown, FormLineKind, FormQuestion, KnownHow};

use super::{
    choices::ChoiceAsk,
    flag,
    paper::{Line, Paper},
    photo::PhotoAsk,
    point::PointAsk,
    rank::RankAsk,
    text::{RangeAsk, TextAsk},
    times::{DateAsk, DateTimeAsk, TimeAsk},
};
use crate::{
    components::{Button, Chip, Kind},
    dynamic::part,
    look::Look,
    session::moment,
    words::{Words, use_words},
};

/// A question in hand.
#[derive(Clone, Copy)]
pub(super) struct Ask {
    /// Where it stands.
    pub(super) paper: Paper,
    /// What it says now.
    pub(super) question: Memo<FormQuestion>,
    /// What people read.
    pub(super) label: Memo<String>,
    appearance: Memo<String>,
    address: StoredValue<String>,
}

impl Ask {
    fn of(paper: Paper, line: &Line) -> Self {
        let (of_question, of_label, of_look) =
            (line.now.clone(), line.now.clone(), line.now.clone());
        let first = line.now.peek(|line| question(&line.what));
        Self {
            paper,
            question: Memo::new(move |_| {
                let now = of_question.look(|line| question(&line.what));
                now.or_else(|| first.clone()).unwrap_or_else(nothing)
            }),
            label: Memo::new(move |_| of_label.look(|line| line.label.clone())),
            appearance: Memo::new(move |_| of_look.look(|line| line.appearance.clone())),
            address: StoredValue::new(line.address.clone()),
        }
    }

    /// Its address.
    pub(super) fn address(self) -> String {
        self.address.get_value()
    }

    /// The id of where it is answered.
    pub(super) fn input_id(self) -> String {
        format!("a-{}", self.address())
    }

    /// What is answered.
    pub(super) fn value(self) -> String {
        self.question.look(|it| it.value.clone())
    }

    /// Whether it can't be answered.
    pub(super) fn is_read_only(self) -> bool {
        self.question.look(|it| it.read_only)
    }

    /// Answers it.
    pub(super) fn answer(self, value: String) {
        self.paper.answer(&self.address(), value);
    }

    /// What is wrong, in words.
    pub(super) fn wrong(self, words: Words) -> Option<String> {
        self.question
            .look(|it| self.paper.wrong(words, &self.address(), it))
    }

    /// Whether its author wants it to look so.
    pub(super) fn looks(self, word: &str) -> bool {
        self.appearance
            .look(|all| all.split_whitespace().any(|it| it == word))
    }
}

fn question(what: &FormLineKind) -> Option<FormQuestion> {
    match what {
        FormLineKind::Question(question) => Some((**question).clone()),
        _ => None,
    }
}

/// What stands for a question that became none, until its line goes.
fn nothing() -> FormQuestion {
    FormQuestion {
        kind: AskKind::Note,
        value: String::new(),
        required: false,
        read_only: true,
        wrong: None,
        message: None,
        range: None,
        choices: None,
        chosen: Vec::new(),
        photo: None,
        known: None,
        kept: None,
    }
}

/// The question.
#[component]
pub(super) fn AskView(paper: Paper, line: Line) -> impl IntoView {
    let words = use_words();
    let ask = Ask::of(paper, &line);
    let hint = line.now.clone();
    let hint = Memo::new(move |_| hint.look(|line| line.hint.clone()));
    let kind = ask.question.peek(|it| it.kind);
    let is_note = kind == AskKind::Note;
    let aside = move || {
        ask.question.look(|it| match (it.read_only, it.required) {
            _ if is_note => None,
            (true, _) => Some(words.fill_read_only()),
            (false, true) if it.kept.is_none() => Some(words.fill_required()),
            (false, _) => None,
        })
    };
    let wrong = move || ask.wrong(words);
    let is_wrong = move || wrong().is_some();
    view! {
        <div class="fill-ask" data-test="ask" data-address=line.address.clone() data-wrong=flag(is_wrong) data-note=is_note.then_some("true")>
            <label class="fill-label" for=ask.input_id()>
                <span>{part(move || ask.label.get())}</span>
                {part(move || aside().map(|aside| view! { <span class="field-aside">{aside}</span> }))}
            </label>
            {part(move || {
                let hint = hint.get();
                (!hint.is_empty()).then(|| view! { <p class="fill-hint">{hint}</p> })
            })}
            {part(move || ask.question.look(|it| it.known.clone()).map(|known| view! { <Known known /> }))}
            {part(move || ask.question.look(|it| it.kept.clone()).map(|number| view! { <Kept ask number /> }))}
            {part(move || if ask.is_read_only() {
                view! { <ReadOnly ask /> }.into_any()
            } else {
                input(ask, kind)
            })}
            <p class="field-error" role="alert" data-test="field-error">{part(wrong)}</p>
        </div>
    }
}

fn input(ask: Ask, kind: AskKind) -> AnyView {
    match kind {
        AskKind::Text | AskKind::Barcode if ask.looks("multiline") => {
            view! { <TextAsk ask keyboard="text" rows=3 /> }.into_any()
        }
        AskKind::Text if ask.looks("numbers") => {
            view! { <TextAsk ask keyboard="numeric" /> }.into_any()
        }
        AskKind::Text | AskKind::Barcode => view! { <TextAsk ask keyboard="text" /> }.into_any(),
        AskKind::Integer => view! { <TextAsk ask keyboard="numeric" /> }.into_any(),
        AskKind::Decimal => view! { <TextAsk ask keyboard="decimal" /> }.into_any(),
        AskKind::Range => view! { <RangeAsk ask /> }.into_any(),
        AskKind::Date => view! { <DateAsk ask /> }.into_any(),
        AskKind::Time => view! { <TimeAsk ask /> }.into_any(),
        AskKind::DateTime => view! { <DateTimeAsk ask /> }.into_any(),
        AskKind::SelectOne => view! { <ChoiceAsk ask many=false /> }.into_any(),
        AskKind::SelectMultiple => view! { <ChoiceAsk ask many=true /> }.into_any(),
        AskKind::Rank => view! { <RankAsk ask /> }.into_any(),
        AskKind::Geopoint => view! { <PointAsk ask /> }.into_any(),
        AskKind::Image => view! { <PhotoAsk ask /> }.into_any(),
        AskKind::Acknowledge => view! { <AcknowledgeAsk ask /> }.into_any(),
        AskKind::Note => ().into_any(),
        AskKind::Other => view! { <p class="aside">{use_words().fill_other()}</p> }.into_any(),
    }
}

/// Who said before what the answer begins with.
#[component]
fn Known(known: FormKnown) -> impl IntoView {
    let words = use_words();
    let by = words.pick(&known.by, &known.by_en).to_owned();
    let at = moment(known.at);
    let said = move || match known.how {
        KnownHow::Given => words.reg_given_by(at(), by.clone()),
        KnownHow::Confirmed => words.reg_confirmed_by(at(), by.clone()),
        KnownHow::Imported => words.reg_imported_by(at(), by.clone()),
        KnownHow::LastTime => words.forms_last_time(at(), by.clone()),
    };
    view! { <p class="fill-hint" data-test="known">{said}</p> }
}

/// A number that is known and stands while no other is given.
#[component]
fn Kept(ask: Ask, number: String) -> impl IntoView {
    let words = use_words();
    view! {
        <div class="fill-kept">
            <p class="fill-hint" data-test="kept">{words.fill_kept(number)}</p>
            <Button kind=Kind::Quiet test="leave-out" on_press=move || ask.paper.leave_out(ask.address())>{words.fill_leave_out()}</Button>
        </div>
    }
}

/// What nobody can change, as words.
#[component]
fn ReadOnly(ask: Ask) -> impl IntoView {
    let said = move || {
        ask.question.look(|it| {
            let chosen: Vec<&str> = it.chosen.iter().map(|it| it.label.as_str()).collect();
            match chosen.as_slice() {
                [] => it.value.clone(),
                chosen => chosen.join(" · "),
            }
        })
    };
    view! {
        {part(move || {
            let said = said();
            (!said.is_empty()).then(|| view! { <p class="fill-said" data-test="said">{said}</p> })
        })}
    }
}

#[component]
fn AcknowledgeAsk(ask: Ask) -> impl IntoView {
    let words = use_words();
    let on = Signal::derive(move || ask.value() == "OK");
    let press = move || {
        let value = if on.get_untracked() { "" } else { "OK" };
        ask.answer(value.to_owned());
    };
    view! {
        <div class="chips">
            <Chip on test="acknowledge" on_press=press>
                {part(move || if on.get() { words.fill_confirmed() } else { words.fill_confirm() })}
            </Chip>
        </div>
    }
}
