//! The kinds of questions (XLSForm, "Question types").

use serde::{Deserialize, Serialize};

/// What a question asks for, or what a field holds that nobody is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Words.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Decimal,
    /// A number between two bounds, in steps.
    Range,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A day with a time.
    DateTime,
    /// One of the choices.
    SelectOne,
    /// Any of the choices.
    SelectMultiple,
    /// All of the choices, put in order.
    Rank,
    /// A place.
    Geopoint,
    /// A line.
    Geotrace,
    /// An area.
    Geoshape,
    /// A picture, by whatever names it.
    Image,
    /// A recording.
    Audio,
    /// A film.
    Video,
    /// Any file.
    File,
    /// What a code says.
    Barcode,
    /// Words to read; nothing is asked.
    Note,
    /// To be confirmed with a tap.
    Acknowledge,
    /// Calculated and not shown.
    Calculate,
    /// Filled by others and not shown.
    Hidden,
    /// When the form was begun.
    Start,
    /// When it was finished.
    End,
    /// The day it was begun.
    Today,
    /// Which device.
    DeviceId,
    /// Who.
    Username,
    /// Under which number.
    PhoneNumber,
    /// Under which address.
    Email,
}

impl Kind {
    /// Whether a person meets it on the page.
    #[must_use]
    pub fn is_shown(self) -> bool {
        !matches!(
            self,
            Self::Calculate
                | Self::Hidden
                | Self::Start
                | Self::End
                | Self::Today
                | Self::DeviceId
                | Self::Username
                | Self::PhoneNumber
                | Self::Email
        )
    }

    /// Whether it is answered from a list.
    #[must_use]
    pub fn has_choices(self) -> bool {
        matches!(self, Self::SelectOne | Self::SelectMultiple | Self::Rank)
    }

    /// The name under which the world knows what fills it by itself.
    #[must_use]
    pub fn property(self) -> Option<&'static str> {
        match self {
            Self::DeviceId => Some("deviceid"),
            Self::Username => Some("username"),
            Self::PhoneNumber => Some("phonenumber"),
            Self::Email => Some("email"),
            _ => None,
        }
    }
}
