//! "Already reported?": open cases near by that are likely the same thing. One press adds this
//! report to one of them instead of making another.

use leptos::prelude::*;
use shared::ipc::SimilarCase;

use super::writer::{Wish, Writer};
use crate::{
    components::{Button, Glyph, Icon, Kind, SimilarWords},
    dynamic::attr,
    look::Look,
    words::use_words,
};

/// What is likely the same thing.
#[component]
pub(super) fn SimilarPart(writer: Writer) -> impl IntoView {
    let words = use_words();
    view! {
        <Show when=attr(move || !writer.similar.look(Vec::is_empty))>
            <section class="section similar" role="status" aria-label=words.similar_title()>
                <h2 class="part-name"><Icon glyph=Glyph::Eye />{words.similar_title()}</h2>
                <p class="aside">{words.similar_hint()}</p>
                <ul class="similar-list">
                    <For each=move || writer.similar.get() key=|it| it.case let(it)>
                        <li><SimilarRow writer it /></li>
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn SimilarRow(writer: Writer, it: SimilarCase) -> impl IntoView {
    let words = use_words();
    let case = it.case;
    let (word, glyph) = if it.mine {
        (words.similar_supplement(), Glyph::Note)
    } else {
        (words.similar_plus_one(), Glyph::Plus)
    };
    view! {
        <div class="similar-row" data-test="similar-row">
            <SimilarWords it />
            <Button kind=Kind::Plain icon=glyph test="similar-plus-one" disabled=Signal::derive(move || writer.wish.look(Option::is_some)) on_press=move || writer.wish_for(Wish::AddTo(case))>
                {word}
            </Button>
        </div>
    }
}
