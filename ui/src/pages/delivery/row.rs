//! One case or record and how far it has travelled.

use leptos::prelude::*;
use shared::ipc::{DeliveryItem, DeliveryOf, Stuck};

use crate::{
    components::{Glyph, Icon, MarksLine},
    dates,
    dynamic::part,
    session::{category_name, moment},
    words::use_words,
};

/// A row of the ledger.
#[component]
pub(super) fn DeliveryRow(
    /// Which.
    item: DeliveryItem,
) -> impl IntoView {
    let words = use_words();
    let left = (item.bytes_left > 0).then(|| words.delivery_left(dates::bytes(item.bytes_left)));
    let stuck = item.stuck.as_ref().map(|stuck| match stuck {
        // The others say what to do themselves.
        Stuck::Void { .. } => words.sentences(&words.stuck(stuck), words.void_do()),
        _ => words.stuck(stuck),
    });
    let (to, title, text) = match item.what {
        DeliveryOf::Case {
            case,
            category,
            address,
            address_en,
        } => {
            let address = match words.pick(&address, &address_en) {
                "" => words.place_point().to_owned(),
                address => address.to_owned(),
            };
            let name = category_name(category);
            (format!("/cases/{case}"), part(name), address)
        }
        DeliveryOf::Record {
            record,
            title,
            title_en,
            name,
        } => {
            let title = words.pick(&title, &title_en).to_owned();
            (
                format!("/records/{record}"),
                part(move || title.clone()),
                name,
            )
        }
    };
    view! {
        <a class="row delivery-row" data-test="delivery-row" href=to>
            <span class="row-words">
                <span class="row-line">
                    <span class="row-title">{title}</span>
                    <span class="row-end">{moment(item.at)}</span>
                </span>
                <span class="row-text">{text}</span>
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
