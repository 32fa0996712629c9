//! One case and how far it has travelled.

use leptos::prelude::*;
use shared::ipc::{DeliveryItem, Stuck};

use crate::{
    components::{Glyph, Icon, MarksLine},
    dates,
    session::{category_name, moment},
    words::use_words,
};

/// A row of the ledger.
#[component]
pub(super) fn DeliveryRow(
    /// The case.
    item: DeliveryItem,
) -> impl IntoView {
    let words = use_words();
    let left = (item.bytes_left > 0).then(|| words.delivery_left(dates::bytes(item.bytes_left)));
    let stuck = item.stuck.as_ref().map(|stuck| match stuck {
        // The others say what to do themselves.
        Stuck::Void { .. } => words.sentences(&words.stuck(stuck), words.void_do()),
        _ => words.stuck(stuck),
    });
    let address = if item.address.is_empty() {
        words.place_point().to_owned()
    } else {
        words.pick(&item.address, &item.address_en).to_owned()
    };
    view! {
        <a class="row delivery-row" data-test="delivery-row" href=format!("/cases/{}", item.case)>
            <span class="row-words">
                <span class="row-line">
                    <span class="row-title">{category_name(item.category)}</span>
                    <span class="row-end">{moment(item.at)}</span>
                </span>
                <span class="row-text">{address}</span>
                <span class="row-line delivery-marks">
                    <MarksLine marks=item.marks />
                    <span class="row-end">{left}</span>
                </span>
                {stuck.map(|text| view! {
                    <span class="delivery-stuck" data-test="delivery-stuck"><Icon glyph=Glyph::Warning /><span>{text}</span></span>
                })}
            </span>
            <Icon glyph=Glyph::Next />
        </a>
    }
}
