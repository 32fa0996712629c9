//! Counters for `/metrics`, in the text format Prometheus reads. Nothing in it is about a person.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Mutex, PoisonError},
};

use shared::{Outcome, hub_api::PushResult};

use crate::store::Stats;

/// What happened since the hub started.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    counters: Mutex<Counters>,
}

#[derive(Debug, Default)]
struct Counters {
    requests: BTreeMap<(String, u16), u64>,
    ops: BTreeMap<&'static str, u64>,
    photo_bytes_in: u64,
    photo_bytes_out: u64,
}

impl Metrics {
    /// One request was answered.
    pub(crate) fn request(&self, endpoint: &str, status: u16) {
        self.with(|counters| {
            *counters
                .requests
                .entry((endpoint.to_owned(), status))
                .or_default() += 1;
        });
    }

    /// Operations were decided.
    pub(crate) fn ops(&self, results: &[PushResult]) {
        self.with(|counters| {
            for result in results {
                *counters.ops.entry(name(&result.outcome)).or_default() += 1;
            }
        });
    }

    /// Bytes of a photo arrived.
    pub(crate) fn photo_in(&self, bytes: u64) {
        self.with(|counters| counters.photo_bytes_in += bytes);
    }

    /// Bytes of a photo were sent.
    pub(crate) fn photo_out(&self, bytes: u64) {
        self.with(|counters| counters.photo_bytes_out += bytes);
    }

    /// Everything as text, with the figures of the store.
    pub(crate) fn text(&self, stats: &Stats) -> String {
        let mut text = Text::default();
        self.with(|counters| {
            text.head(
                "gridwalker_requests_total",
                "counter",
                "Requests by endpoint and status.",
            );
            for ((endpoint, status), count) in &counters.requests {
                text.line(
                    "gridwalker_requests_total",
                    &format!("{{endpoint=\"{endpoint}\",status=\"{status}\"}}"),
                    *count,
                );
            }
            text.head(
                "gridwalker_ops_total",
                "counter",
                "Operations answered, by outcome.",
            );
            for (outcome, count) in &counters.ops {
                text.line(
                    "gridwalker_ops_total",
                    &format!("{{outcome=\"{outcome}\"}}"),
                    *count,
                );
            }
            text.one(
                "gridwalker_photo_bytes_received_total",
                "counter",
                "Bytes of photos received.",
                counters.photo_bytes_in,
            );
            text.one(
                "gridwalker_photo_bytes_sent_total",
                "counter",
                "Bytes of photos sent.",
                counters.photo_bytes_out,
            );
        });
        text.one(
            "gridwalker_op_log",
            "gauge",
            "Operations in the log.",
            stats.ops,
        );
        text.one(
            "gridwalker_quarantined",
            "gauge",
            "Operations in quarantine.",
            stats.quarantined,
        );
        text.one("gridwalker_docs", "gauge", "Documents.", stats.docs);
        text.one(
            "gridwalker_devices",
            "gauge",
            "Enrolled devices, not revoked.",
            stats.devices,
        );
        text.one(
            "gridwalker_devices_clock_off",
            "gauge",
            "Of those, devices whose clock was more than 5 minutes off at their last hello.",
            stats.devices_clock_off,
        );
        text.one(
            "gridwalker_photos_complete",
            "gauge",
            "Whole photos.",
            stats.photos_complete,
        );
        text.one(
            "gridwalker_photos_unfinished",
            "gauge",
            "Photos with missing bytes.",
            stats.photos_unfinished,
        );
        text.one(
            "gridwalker_photos_missing",
            "gauge",
            "Photos and thumbnails that documents show and that are not whole.",
            stats.photos_missing,
        );
        text.one(
            "gridwalker_photo_bytes",
            "gauge",
            "Bytes of whole photos.",
            stats.photo_bytes,
        );
        text.head("gridwalker_feeds", "gauge", "Feeds by kind of scope.");
        for feed in &stats.feeds {
            text.line(
                "gridwalker_feeds",
                &format!("{{scope=\"{}\"}}", feed.kind),
                feed.feeds,
            );
        }
        text.head(
            "gridwalker_feed_seq",
            "gauge",
            "Sum of the heads of all feeds, by kind of scope.",
        );
        for feed in &stats.feeds {
            text.line(
                "gridwalker_feed_seq",
                &format!("{{scope=\"{}\"}}", feed.kind),
                feed.seq,
            );
        }
        text.0
    }

    fn with<T>(&self, f: impl FnOnce(&mut Counters) -> T) -> T {
        f(&mut self.counters.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.write(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
    }

    fn line(&mut self, name: &str, labels: &str, value: u64) {
        self.write(format_args!("{name}{labels} {value}\n"));
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: u64) {
        self.head(name, kind, help);
        self.line(name, "", value);
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing into a String can't fail.
        if self.0.write_fmt(text).is_err() {
            self.0.push('\n');
        }
    }
}

fn name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Applied => "applied",
        Outcome::Merged => "merged",
        Outcome::ConflictKept { .. } => "conflict_kept",
        Outcome::Duplicate => "duplicate",
        Outcome::Quarantined { .. } => "quarantined",
        Outcome::RetryLater => "retry_later",
    }
}
