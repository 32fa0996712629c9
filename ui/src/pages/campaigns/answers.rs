//! What was answered in a campaign: bars with their figures, question by question, for example
//! 未接种原因. Counted when the page is open, so that the rest never waits for it.

use leptos::prelude::*;
use shared::{
    EntryId,
    ipc::{Answered, Answers, Area, GetAnswers},
};

use crate::{
    components::ErrorNotice,
    dynamic::part,
    ipc,
    live::live,
    words::{Words, use_words},
};

/// All questions of a campaign that can be counted.
#[component]
pub(super) fn AnswersOf(campaign: EntryId) -> impl IntoView {
    let words = use_words();
    let answers = live(&[Area::Records, Area::Forms, Area::Session], move || {
        ipc::call(GetAnswers { campaign })
    });
    view! {
        <ErrorNotice error=answers.error on_retry=move || answers.again() />
        {part(move || answers.value.get().filter(|all| !all.is_empty()).map(|all| {
            let charts = all.into_iter().map(|it| chart(words, it));
            view! {
                <section class="section campaign-answers" data-test="answers">
                    <h2 class="section-name">{words.camp_answers()}</h2>
                    <div class="answer-charts">{charts.collect_view()}</div>
                </section>
            }
        }))}
    }
}

fn chart(words: Words, answers: Answers) -> impl IntoView {
    let all: u32 = answers.answers.iter().map(|it| it.count).sum();
    let most = answers.answers.iter().map(|it| it.count).max().unwrap_or(1);
    let bars = answers
        .answers
        .into_iter()
        .map(|it| bar(words, it, most, all));
    view! {
        <figure class="card answer-chart">
            <figcaption class="answer-question">{answers.question}</figcaption>
            <dl class="answer-bars">{bars.collect_view()}</dl>
        </figure>
    }
}

fn bar(words: Words, it: Answered, most: u32, all: u32) -> impl IntoView {
    let length = f64::from(it.count) * 100.0 / f64::from(most.max(1));
    let share = f64::from(it.count) * 100.0 / f64::from(all.max(1));
    view! {
        <div class="answer-bar">
            <dt>{it.answer}</dt>
            <dd>
                <span class="answer-track" aria-hidden="true"><span class="answer-length" style=format!("inline-size: {length:.1}%")></span></span>
                <span class="answer-count">{words.camp_count_of(it.count, format!("{share:.0}%"))}</span>
            </dd>
        </div>
    }
}
