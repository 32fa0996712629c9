//! The one stroke set: 24 px, line 1.75, round ends, drawn in the colour of the words beside it.

use leptos::prelude::*;

/// A drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glyph {
    Today,
    Camera,
    Cases,
    Delivery,
    Me,
    Desk,
    Check,
    CheckCircle,
    Circle,
    Clock,
    Warning,
    Offline,
    Cloud,
    Sync,
    Plus,
    Close,
    Back,
    Next,
    Search,
    Pin,
    Image,
    Note,
    Undo,
    Trash,
    Eye,
    Flag,
    Hand,
    Keyboard,
    Grid,
    Pen,
    Join,
    Door,
    Heart,
    Phone,
}

impl Glyph {
    /// The path in a 24 px square.
    const fn path(self) -> &'static str {
        match self {
            Self::Today => "M4 6.5h16v13H4zM4 10.5h16M8 3.5v5M16 3.5v5M8.5 15l2.3 2.2 4.7-4.4",
            Self::Camera => {
                "M4 8h3.5l1.8-2.8h5.4L16.5 8H20v11H4zM12 16.5a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8z"
            }
            Self::Join => "M5 5v3.5c0 3 2.5 4.5 7 4.5h7M5 19v-1.5c0-3 2.5-4.5 7-4.5M16 10l3 3-3 3",
            Self::Cases => "M5 4h14v16H5zM8.5 8.5h7M8.5 12h7M8.5 15.5h4",
            Self::Delivery => "M20.5 4 3.5 11l6.3 2.7L12.5 20zM9.8 13.7 20.5 4",
            Self::Me => {
                "M12 11.5a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6zM4.5 20c.8-3.7 3.8-5.6 7.5-5.6s6.7 1.9 7.5 5.6"
            }
            Self::Desk => "M4 5h16v14H4zM4 13.5h4.5l1.5 2.5h4l1.5-2.5H20",
            Self::Check => "M5 12.5l4.6 4.5L19 7.5",
            Self::CheckCircle => {
                "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM8.3 12.3l2.6 2.5 4.9-5.1"
            }
            Self::Circle => "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z",
            Self::Clock => "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7.2V12l3.2 2",
            Self::Warning => "M12 4 2.8 19.5h18.4zM12 10v4.2M12 16.9v.1",
            Self::Offline => {
                "M7 18.5h9.5M18.9 16.6a3.7 3.7 0 0 0-1.6-6.4 5.6 5.6 0 0 0-7-4.1M7.4 8.6a5 5 0 0 0-.4 9.9M4 4l16 16"
            }
            Self::Cloud => {
                "M7 18.5a4.6 4.6 0 0 1-.3-9.2 5.7 5.7 0 0 1 10.7.9 4.2 4.2 0 0 1-.4 8.3z"
            }
            Self::Sync => {
                "M19.5 12a7.5 7.5 0 0 1-13.3 4.8M4.5 12a7.5 7.5 0 0 1 13.3-4.8M18.2 3.5v4h-4M5.8 20.5v-4h4"
            }
            Self::Plus => "M12 5v14M5 12h14",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Back => "M14.5 5.5 8 12l6.5 6.5",
            Self::Next => "M9.5 5.5 16 12l-6.5 6.5",
            Self::Search => "M10.8 17.3a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20",
            Self::Pin => {
                "M12 21c4.4-4.8 6.6-8.3 6.6-11a6.6 6.6 0 1 0-13.2 0c0 2.7 2.2 6.2 6.6 11zM12 12.3a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8z"
            }
            Self::Image => "M4 5h16v14H4zM4 16l4.5-4.5 4 4 3-3 4.5 4.5M15.5 9.5v.1",
            Self::Note => "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
            Self::Pen => "M4.5 19.5l1-4.2L16.2 4.6l3.2 3.2L8.7 18.5zM14 6.8l3.2 3.2",
            Self::Undo => "M8.5 5 4.5 9l4 4M4.5 9h9.5a5.5 5.5 0 0 1 0 11H8",
            Self::Trash => "M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.3 10.5v5.5M13.7 10.5v5.5",
            Self::Eye => {
                "M2.8 12C5 8 8.2 6 12 6s7 2 9.2 6c-2.2 4-5.4 6-9.2 6s-7-2-9.2-6zM12 14.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6z"
            }
            Self::Flag => "M6 21V4.5h11.5l-2.5 4 2.5 4H6",
            Self::Hand => {
                "M7 12.5V7a1.5 1.5 0 0 1 3 0v4M10 11V5a1.5 1.5 0 0 1 3 0v6M13 11V6.5a1.5 1.5 0 0 1 3 0V12M16 11.5v-2a1.5 1.5 0 0 1 3 0V15a6 6 0 0 1-6 6h-1.5c-2.5 0-3.7-1-5-3.2L4.3 14a1.6 1.6 0 0 1 2.7-1.5"
            }
            Self::Keyboard => "M3 6.5h18v11H3zM6.5 10v.1M10 10v.1M13.5 10v.1M17 10v.1M8 14h8",
            Self::Door => "M6 20.5V4h12v16.5M3.5 20.5h17M14.5 12v.6M9 4v0",
            Self::Heart => {
                "M12 19.5C7 15.8 4 12.9 4 9.4A4 4 0 0 1 8 5.3c1.7 0 3.1.9 4 2.4.9-1.5 2.3-2.4 4-2.4a4 4 0 0 1 4 4.1c0 3.5-3 6.4-8 10.1z"
            }
            Self::Phone => {
                "M6.5 3.5h3l1.5 4.5-2.2 1.6a12 12 0 0 0 5.6 5.6l1.6-2.2 4.5 1.5v3a2 2 0 0 1-2 2C10.500 19.500 4.500 13.500 4.500 5.500a2 2 0 0 1 2-2z"
            }
            Self::Grid => "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
        }
    }
}

/// A drawing beside words. It says nothing to a screen reader; the words do.
#[component]
pub(crate) fn Icon(
    /// Which.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=glyph.path() />
        </svg>
    }
}
