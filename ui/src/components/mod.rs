//! What pages are made of. Components show and ask; they fetch nothing and decide nothing.

mod badge;
mod button;
mod case_card;
mod chip;
mod empty;
mod field;
mod icon;
mod marks;
mod notice;
mod photo;
mod search_box;
mod sheet;
mod similar;
mod steps;
mod sync_glyph;
mod toast;
mod viewer;
mod virtual_list;

pub(crate) use badge::{StateBadge, UrgencyMark};
pub(crate) use button::{Button, Kind};
pub(crate) use case_card::{CaseCard, Due};
pub(crate) use chip::Chip;
pub(crate) use empty::Empty;
pub(crate) use field::{Field, TextInput};
pub(crate) use icon::{Glyph, Icon};
pub(crate) use marks::MarksLine;
pub(crate) use notice::ErrorNotice;
pub(crate) use photo::{PhotoStrip, Thumb};
pub(crate) use search_box::SearchBox;
pub(crate) use sheet::Sheet;
pub(crate) use similar::SimilarWords;
pub(crate) use steps::StepDots;
pub(crate) use sync_glyph::SyncGlyph;
pub(crate) use toast::{ToastShelf, Toasts, use_toasts};
pub(crate) use viewer::PhotoViewer;
pub(crate) use virtual_list::VirtualList;
