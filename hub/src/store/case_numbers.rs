//! 案件编号: how a case's number is made from the city, the local day and that day's counter. The
//! counter itself is a row of the store.

use shared::{Timestamp, deadline};

/// What `meta` says about a hub that never loaded a pack.
const NO_CITY: &str = "000000";

/// China has one time zone.
const UTC_OFFSET_MINUTES: i32 = 480;

/// The numbers of one local day.
#[derive(Debug)]
pub(super) struct CaseNumbers {
    city: String,
    pub(super) day: String,
    /// The last number that was given away.
    pub(super) last: u64,
    /// Whether one was, since they were read.
    pub(super) taken: bool,
}

impl CaseNumbers {
    /// The numbers of the local day of `at`, by what `meta` says of the city; `last` is still to
    /// be read.
    pub(super) fn of_day(city: Option<String>, utc_offset: Option<&str>, at: Timestamp) -> Self {
        let offset = utc_offset.and_then(|text| text.parse().ok());
        let local = deadline::local(offset.unwrap_or(UTC_OFFSET_MINUTES), at);
        let day = local.map_or_else(
            || "00000000".to_owned(),
            |local| {
                let month = u8::from(local.month());
                format!("{:04}{month:02}{:02}", local.year(), local.day())
            },
        );
        Self {
            city: city.unwrap_or_else(|| NO_CITY.to_owned()),
            day,
            last: 0,
            taken: false,
        }
    }

    /// The next number, for example `320699-20261124-0007`; it counts only once [`Self::take`]n.
    pub(super) fn next(&self) -> String {
        format!("{}-{}-{:04}", self.city, self.day, self.last + 1)
    }

    /// The next number was given away.
    pub(super) fn take(&mut self) {
        self.last += 1;
        self.taken = true;
    }
}
