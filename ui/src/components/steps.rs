//! The four steps 发生 · 跟踪 · 处置 · 反馈: a dot each, the word of where it stands.

use leptos::prelude::*;
use shared::case::{State, Step};

use crate::words::use_words;

const STEPS: [(Step, &str); 4] = [
    (Step::Occur, "occur"),
    (Step::Track, "track"),
    (Step::Handle, "handle"),
    (Step::Feedback, "feedback"),
];

/// The name style sheets know a step by.
pub(super) const fn name(step: Step) -> &'static str {
    match step {
        Step::Occur => "occur",
        Step::Track => "track",
        Step::Handle => "handle",
        Step::Feedback => "feedback",
    }
}

/// Where a case stands. A case that ended without being handled (撤回, 不予立案, 并案, 已删除) shows its first dot
/// and its last, and none between: it did not go through them.
#[component]
pub(crate) fn StepDots(
    /// Where it stands.
    state: State,
    /// All four words, as on the case page; else only the dots.
    #[prop(optional)]
    words: bool,
) -> impl IntoView {
    let text = use_words();
    let at = state.step();
    let skipped = matches!(
        state,
        State::Rejected | State::Withdrawn | State::Merged | State::Deleted
    );
    let number = STEPS.iter().take_while(|(step, _)| *step <= at).count();
    let dots = STEPS.map(|(step, name)| {
        let passed = step < at && (step == Step::Occur || !skipped);
        let dot = if step == at {
            "at"
        } else if passed {
            "passed"
        } else {
            "ahead"
        };
        view! {
            <li class="step" data-step=name data-dot=dot>
                <span class="step-dot"></span>
                {words.then(|| view! { <span class="step-word">{text.step(step)}</span> })}
            </li>
        }
    });
    view! {
        <ol
            class="steps"
            class:steps-worded=words
            data-at=name(at)
            data-test="case-step"
            aria-label=text.step_label(number, text.step(at))
        >
            {dots.collect_view()}
        </ol>
    }
}
