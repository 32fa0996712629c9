//! That this device's clock is wrong: calmly, because nothing is lost by it.

use leptos::prelude::*;

use crate::{
    components::{Glyph, Icon},
    dates::Sayer,
    session::use_app,
    words::use_words,
};

/// The line.
#[component]
pub(super) fn ClockLine(
    /// How far the clock is ahead of the hub's; negative when it is behind.
    off_ms: i64,
) -> impl IntoView {
    let said = sentence(use_app().sayer(use_words()), off_ms);
    view! {
        <div class="sync-line clock-line" role="status" data-test="clock-off">
            <Icon glyph=Glyph::Clock />
            <p class="aside">{said}</p>
        </div>
    }
}

fn sentence(sayer: Sayer, off_ms: i64) -> String {
    let span = sayer.span(off_ms.saturating_abs());
    if off_ms < 0 {
        return sayer.words.delivery_clock_slow(span);
    }
    sayer.words.delivery_clock_fast(span)
}

#[cfg(test)]
mod tests {
    use shared::{Timestamp, ipc::Language};

    use super::*;
    use crate::words::Words;

    #[test]
    fn a_wrong_clock_is_told_with_its_direction_and_what_becomes_of_the_records() {
        const MINUTE: i64 = 60_000;
        let said = |language, off_ms| {
            let sayer = Sayer {
                words: Words(language),
                now: Timestamp::from_ms(0),
                utc_offset_minutes: 480,
            };
            sentence(sayer, off_ms)
        };

        assert_eq!(
            said(Language::Zh, 12 * MINUTE),
            "本机时间快 12 分钟，记录会按服务器时间校正"
        );
        assert_eq!(
            said(Language::Zh, -3 * 60 * MINUTE),
            "本机时间慢 3 小时，记录会按服务器时间校正"
        );
        assert_eq!(
            said(Language::En, -12 * MINUTE),
            "This device's clock is 12 min slow; records are corrected by the hub's time"
        );
    }
}
