//! "Already reported?": open cases near by that are likely the same thing. One press adds this
//! report to one of them instead of making another.

use leptos::prelude::*;
use shared::ipc::SimilarCase;

use super::writer::{Wish, Writer};
use crate::{
    components::{Button, Glyph, Icon, Kind, Thumb},
    dates::distance,
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
    let others = u64::try_from(it.plus_ones).unwrap_or(0);
    let away = words.similar_away(distance(words, it.distance_m));
    let where_it_is = if it.address.is_empty() {
        away
    } else {
        format!("{away} · {}", words.pick(&it.address, &it.address_en))
    };
    let state = words.state(it.state);
    let how_it_stands = if others > 0 {
        format!(" · {state} · {}", words.case_plus_ones(others))
    } else {
        format!(" · {state}")
    };
    view! {
        <div class="similar-row" data-test="similar-row">
            <Thumb photo=it.photo />
            <div class="row-words">
                <span class="category-name">{crate::session::category_name(Some(it.category))}</span>
                <span class="similar-text">{where_it_is}</span>
                <span class="similar-text">{crate::session::moment(it.reported_at)}{how_it_stands}</span>
            </div>
            <Button kind=Kind::Plain icon=glyph test="similar-plus-one" disabled=Signal::derive(move || writer.wish.look(Option::is_some)) on_press=move || writer.wish_for(Wish::AddTo(case))>
                {word}
            </Button>
        </div>
    }
}
