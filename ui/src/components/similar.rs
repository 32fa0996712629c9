//! A case that is likely the same thing as another: its photo, what it is, where, and how it stands.

use leptos::prelude::*;
use shared::ipc::SimilarCase;

use super::photo::Thumb;
use crate::{
    dates::distance,
    session::{category_name, moment},
    words::use_words,
};

/// The photo and the words of the row.
#[component]
pub(crate) fn SimilarWords(
    /// The case.
    it: SimilarCase,
    /// Whether its number and its first words stand there, too: for those who compare.
    #[prop(optional)]
    whole: bool,
) -> impl IntoView {
    let words = use_words();
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
    let (number, summary) = (it.number, it.summary);
    let says = (whole && !summary.is_empty())
        .then(|| view! { <span class="similar-text">{summary}</span> });
    let number = whole.then(|| view! { <span class="similar-text similar-number">{number}</span> });
    view! {
        <Thumb photo=it.photo />
        <div class="row-words">
            <span class="category-name">{category_name(Some(it.category))}</span>
            {says}
            <span class="similar-text">{where_it_is}</span>
            <span class="similar-text">{moment(it.reported_at)}{how_it_stands}</span>
            {number}
        </div>
    }
}
