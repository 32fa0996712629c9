//! A long list of which only what is on screen is drawn. Rows have one height, so the place of
//! each is known without measuring.

use std::ops::Range;

use leptos::{html::Div, prelude::*};

use crate::dynamic::{attr, effect, heard};

/// Rows drawn above and below what is on screen, so that a flick shows no gap.
const SPARE: u32 = 8;

/// A long list in its own scroller.
#[component]
pub(crate) fn VirtualList<V: IntoView + 'static>(
    /// How many rows there are.
    #[prop(into)]
    total: Signal<u32>,
    /// Height of a row in pixels; follows text size and layout.
    #[prop(into)]
    row_px: Signal<u32>,
    /// Told which rows are on screen or near.
    #[prop(into)]
    on_window: Callback<Range<u32>>,
    /// A row that must be seen, when it changes.
    #[prop(optional, into)]
    keep_in_view: Signal<Option<u32>>,
    /// What stands above the rows and stays there.
    #[prop(optional)]
    head: Option<AnyView>,
    /// Draws a row.
    row: impl Fn(u32) -> V + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let scroller = NodeRef::<Div>::new();
    let top = RwSignal::new(0_u32);
    let height = RwSignal::new(0_u32);
    let look = move || {
        if let Some(scroller) = scroller.get_untracked() {
            top.set(u32::try_from(scroller.scroll_top()).unwrap_or(0));
            height.set(u32::try_from(scroller.client_height()).unwrap_or(0));
        }
    };
    scroller.on_load(move |_| request_animation_frame(look));
    let resized = window_event_listener(leptos::ev::resize, move |_| look());
    on_cleanup(move || resized.remove());

    let window = Memo::new(move |_| seen(top.get(), height.get(), row_px.get(), total.get()));
    effect(move || on_window.run(window.get()));
    effect(move || {
        let (Some(row), Some(scroller)) = (keep_in_view.get(), scroller.get()) else {
            return;
        };
        let px = |rows: u32| {
            i32::try_from(rows.saturating_mul(row_px.get_untracked())).unwrap_or(i32::MAX)
        };
        // The head stays above the rows and covers what is scrolled under it.
        let head = (scroller.scroll_height() - px(total.get_untracked()))
            .clamp(0, scroller.client_height() / 2);
        let seen = scroller.client_height() - head;
        let (place, end) = (px(row), px(row.saturating_add(1)));
        if place < scroller.scroll_top() {
            scroller.set_scroll_top(place);
        } else if end > scroller.scroll_top().saturating_add(seen) {
            scroller.set_scroll_top(end.saturating_sub(seen));
        }
    });
    view! {
        <div class="virtual" node_ref=scroller tabindex="-1" on:scroll=heard(move |_| look())>
            {head}
            <ul class="virtual-rows" style:height=attr(move || format!("{}px", total.get().saturating_mul(row_px.get())))>
                <For each=move || window.get() key=|index| *index let(index)>
                    <li class="virtual-row" style:transform=attr(move || format!("translateY({}px)", index.saturating_mul(row_px.get()))) style:height=attr(move || format!("{}px", row_px.get()))>
                        {row(index)}
                    </li>
                </For>
            </ul>
        </div>
    }
}

/// Which rows to draw.
fn seen(top_px: u32, height_px: u32, row_px: u32, total: u32) -> Range<u32> {
    let row_px = row_px.max(1);
    let first = (top_px / row_px).saturating_sub(SPARE).min(total);
    let last = (top_px.saturating_add(height_px) / row_px)
        .saturating_add(1 + SPARE)
        .min(total);
    first..last
}

#[cfg(test)]
mod tests {
    use super::seen;

    #[test]
    fn only_what_is_near_the_screen_is_drawn() {
        assert_eq!(seen(0, 640, 64, 10_000), 0..19);
        assert_eq!(seen(64_000, 640, 64, 10_000), 992..1_019);
        assert_eq!(seen(0, 640, 64, 3), 0..3, "a short list is drawn whole");
        assert_eq!(
            seen(9_999_999, 640, 64, 5),
            5..5,
            "a list that got shorter draws nothing beyond its end"
        );
    }

    #[test]
    fn a_list_without_rows_or_height_draws_nothing_and_does_not_fail() {
        assert_eq!(seen(0, 640, 64, 0), 0..0);
        assert_eq!(seen(0, 0, 0, 100), 0..9);
    }
}
