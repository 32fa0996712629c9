//! The three marks of delivery: 在本机 · 已到达 · 照片齐. Each has its word and its sign; colour only helps.

use leptos::prelude::*;
use shared::ipc::Marks;

use super::icon::{Glyph, Icon};
use crate::words::{Words, use_words};

/// The three marks.
#[component]
pub(crate) fn MarksLine(
    /// How far it has travelled.
    marks: Marks,
) -> impl IntoView {
    let words = use_words();
    let photos_whole = marks.at_hub && marks.photos_at_hub == marks.photos;
    let photos = if photos_whole || marks.photos == 0 {
        words.marks_photos().to_owned()
    } else {
        photos_part(words, marks)
    };
    view! {
        <ul class="marks">
            <Mark done=true test="mark-here" name=words.marks_here().to_owned() />
            <Mark done=marks.at_hub test="mark-at-hub" name=words.marks_at_hub().to_owned() />
            <Mark done=photos_whole test="mark-photos" name=photos />
        </ul>
    }
}

/// 照片 0/2: sent, of all.
fn photos_part(words: Words, marks: Marks) -> String {
    let (all, done) = (marks.photos, marks.photos_at_hub);
    words.marks_photos_part(all, done)
}

#[component]
fn Mark(done: bool, test: &'static str, name: String) -> impl IntoView {
    let words = use_words();
    let glyph = if done {
        Glyph::CheckCircle
    } else {
        Glyph::Circle
    };
    let said = if done {
        words.marks_done(&name)
    } else {
        words.marks_waiting(&name)
    };
    view! {
        <li class="mark" data-done=done.to_string() data-test=test title=said>
            <Icon glyph />
            <span>{name}</span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use shared::ipc::Language;

    use super::*;

    #[test]
    fn photos_sent_stand_before_all() {
        let marks = Marks {
            at_hub: true,
            photos_at_hub: 1,
            photos: 3,
        };

        assert!(
            photos_part(Words(Language::Zh), marks).contains("1/3"),
            "one of three is at the hub"
        );
    }
}
