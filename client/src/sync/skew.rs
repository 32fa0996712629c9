//! How far this device's clock is from the hub's. Only for telling people: what happened when is the
//! hub's to work out, from all clocks of the device.

use shared::{
    Timestamp,
    time::{CLOCK_OFF_MS, Observed},
};

/// Milliseconds that the device's clock is ahead of the hub's, negative when it is behind, if that is
/// more than [`CLOCK_OFF_MS`] however long the answer was under way.
pub(super) fn certainly_off_ms(
    asked: &Observed,
    heard: &Observed,
    server_time: Timestamp,
) -> Option<i64> {
    let earliest = asked.wall.since_ms(server_time);
    // The monotonic clock does not go on while the device sleeps, the wall clock can be set.
    let took_ms = heard.mono.saturating_sub(asked.mono).max(0);
    let latest = (earliest.saturating_add(took_ms)).max(heard.wall.since_ms(server_time));
    let off_ms = 0.clamp(earliest, latest);
    (off_ms.saturating_abs() > CLOCK_OFF_MS).then_some(off_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn at(wall: i64, mono: i64) -> Observed {
        Observed {
            wall: Timestamp::from_ms(wall),
            mono,
            boot: "b".to_owned(),
        }
    }

    #[test]
    fn a_clock_is_told_to_be_off_only_when_the_way_of_the_answer_does_not_explain_it() {
        let server = Timestamp::from_ms(1_000 * MINUTE);
        // Minutes: the wall clock at asking and at hearing, the monotonic one between; what is told.
        let cases = [
            ((1_000, 1_000, 0), None),
            ((1_005, 1_005, 0), None),
            ((1_006, 1_006, 0), Some(6)),
            ((994, 994, 0), Some(-6)),
            ((400, 400, 0), Some(-600)),
            // Half an hour on the way: the hub may have looked at its clock at either end.
            ((980, 1_010, 30), None),
            ((960, 990, 30), Some(-10)),
            ((1_010, 1_040, 30), Some(10)),
            // Asleep while the answer was on its way.
            ((940, 1_001, 1), None),
            // Set back by an hour meanwhile.
            ((1_001, 941, 1), None),
        ];
        for ((asked, heard, took), told) in cases {
            let off = certainly_off_ms(
                &at(asked * MINUTE, 0),
                &at(heard * MINUTE, took * MINUTE),
                server,
            );

            assert_eq!(
                off,
                told.map(|it: i64| it * MINUTE),
                "{asked}..{heard}, {took}"
            );
        }
    }

    #[test]
    fn the_ends_of_time_are_no_reason_to_panic() {
        for wall in [i64::MIN, i64::MAX] {
            for server in [i64::MIN, 0, i64::MAX] {
                let told = certainly_off_ms(
                    &at(wall, i64::MIN),
                    &at(wall, i64::MAX),
                    Timestamp::from_ms(server),
                );
                assert!(told.is_none_or(|off| off.saturating_abs() > CLOCK_OFF_MS));
            }
        }
    }
}
