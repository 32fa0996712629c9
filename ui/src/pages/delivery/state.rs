//! How the sync stands: what is being done, or when it will be tried again and what to do.
//! Offline is a state, not an error.

use leptos::prelude::*;
use shared::ipc::{Doing, Link, SyncStatus};

use crate::{
    components::{Glyph, Icon},
    dates::Sayer,
    dynamic::part,
    session::use_app,
    words::{Words, use_words},
};

/// The line.
#[component]
pub(super) fn SyncLine(
    /// How it stands.
    status: SyncStatus,
) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let trouble = matches!(
        status.link,
        Link::NotAHub | Link::Refused { .. } | Link::Untrue | Link::Local
    );
    let glyph = match status.link {
        _ if status.doing.is_some() => Glyph::Sync,
        Link::Up => Glyph::Cloud,
        Link::None | Link::Unknown | Link::Offline => Glyph::Offline,
        Link::NotAHub | Link::Refused { .. } | Link::Untrue | Link::Local => Glyph::Warning,
    };
    let progress = match status.doing {
        Some(Doing::PhotosUp { sent, total, .. }) if total > 0 => Some((sent, total)),
        _ => None,
    };
    let title = words.sync(&status);
    let shown = status.clone();
    view! {
        <div class="sync-line" role="status" data-test="sync-state" data-trouble=trouble.to_string() data-complete-at=status.last_complete_at.map(|it| it.as_ms().to_string())>
            <Icon glyph />
            <div class="sync-line-words">
                <p>{title}</p>
                {progress.map(|(sent, total)| view! {
                    <progress class="sync-progress" max=total.to_string() value=sent.to_string() aria-label=words.sync_busy()></progress>
                })}
                <p class="aside">{part(move || detail(app.sayer(words), &shown))}</p>
            </div>
        </div>
    }
}

/// What to know beside the word: when it was all there, when it is tried again, what to do.
fn detail(sayer: Sayer, status: &SyncStatus) -> String {
    let words = sayer.words;
    let todo = (status.doing.is_none())
        .then(|| todo(words, status.link))
        .flatten();
    let next = status.next_attempt_at.filter(|_| status.doing.is_none());
    let next = next.map(|at| words.delivery_next(sayer.moment(at)));
    let last = status
        .last_complete_at
        .map(|at| words.delivery_last(sayer.moment(at)));
    [todo, next, last]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(words.delivery_between())
}

fn todo(words: Words, link: Link) -> Option<String> {
    match link {
        Link::Up | Link::Unknown => None,
        Link::None => Some(words.delivery_not_enrolled().to_owned()),
        Link::Offline => Some(words.delivery_offline().to_owned()),
        Link::NotAHub => Some(words.error_not_a_hub_do().to_owned()),
        Link::Refused { error } => {
            Some(words.sentences(words.hub_error(error), words.hub_error_todo(error)))
        }
        Link::Untrue => Some(words.delivery_untrue().to_owned()),
        Link::Local => Some(words.delivery_local().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use shared::{Timestamp, hub_api::ErrorCode, ipc::Language};

    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(1_795_413_900_000);

    fn said(status: SyncStatus) -> String {
        let sayer = Sayer {
            words: Words(Language::Zh),
            now: NOW,
            utc_offset_minutes: 480,
        };
        detail(sayer, &status)
    }

    fn status(link: Link) -> SyncStatus {
        SyncStatus {
            link,
            doing: None,
            last_complete_at: None,
            next_attempt_at: None,
            ops_waiting: 0,
            photos_waiting: 0,
            clock_off_ms: None,
        }
    }

    #[test]
    fn offline_says_that_it_goes_on_by_itself_and_when() {
        let next_attempt_at = Some(NOW.plus_ms(2 * 60_000));

        let text = said(SyncStatus {
            next_attempt_at,
            ..status(Link::Offline)
        });

        assert_eq!(text, "有网络时自动送出 · 今天 14:07 再试");
    }

    #[test]
    fn a_hub_that_contradicts_itself_is_told_with_what_is_safe() {
        let text = said(status(Link::Untrue));

        assert_eq!(
            text,
            "服务器的回答与它收到过的不符。您的内容都在本机，请告诉管理员"
        );
    }

    #[test]
    fn a_refusal_says_why_and_what_to_do() {
        let text = said(status(Link::Refused {
            error: ErrorCode::Revoked,
        }));

        assert_eq!(text, "服务器已停用这台设备。请联系管理员。");
    }
}
