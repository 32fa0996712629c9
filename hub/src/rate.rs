//! Token buckets, so that one broken or hostile peer can't keep the hub from the others.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use shared::Timestamp;

/// How many peers are remembered; beyond that, those that asked for nothing lately are forgotten.
const PEERS_MAX: usize = 10_000;

/// Buckets by peer.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    burst: f64,
    per_ms: f64,
    peers: Mutex<BTreeMap<K, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Timestamp,
}

impl<K: Ord + Clone> Buckets<K> {
    /// `burst` at once, then `per_minute`.
    pub(crate) fn new(burst: u32, per_minute: u32) -> Self {
        Self {
            burst: f64::from(burst),
            per_ms: f64::from(per_minute) / 60_000.0,
            peers: Mutex::new(BTreeMap::new()),
        }
    }

    /// Takes one token, or tells how many seconds to wait for the next.
    pub(crate) fn take(&self, peer: &K, now: Timestamp) -> Result<(), u64> {
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        if peers.len() >= PEERS_MAX {
            peers.retain(|_, bucket| self.refilled(*bucket, now) < self.burst);
        }
        let tokens = peers
            .get(peer)
            .map_or(self.burst, |bucket| self.refilled(*bucket, now));
        let (left, answer) = if tokens < 1.0 {
            (tokens, Err(self.wait_s(1.0 - tokens)))
        } else {
            (tokens - 1.0, Ok(()))
        };
        let bucket = Bucket {
            tokens: left,
            at: now,
        };
        peers.insert(peer.clone(), bucket);
        drop(peers);
        answer
    }

    /// Whether there is a token, without taking it.
    pub(crate) fn look(&self, peer: &K, now: Timestamp) -> Result<(), u64> {
        let peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(bucket) = peers.get(peer).copied() else {
            return Ok(());
        };
        drop(peers);
        let tokens = self.refilled(bucket, now);
        if tokens < 1.0 {
            return Err(self.wait_s(1.0 - tokens));
        }
        Ok(())
    }

    fn refilled(&self, bucket: Bucket, now: Timestamp) -> f64 {
        let since_ms = u32::try_from(now.since_ms(bucket.at).max(0)).unwrap_or(u32::MAX);
        (bucket.tokens + f64::from(since_ms) * self.per_ms).min(self.burst)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 1..=3600 before"
    )]
    fn wait_s(&self, missing: f64) -> u64 {
        (missing / self.per_ms / 1_000.0).ceil().clamp(1.0, 3_600.0) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_ms(1_000_000);

    #[test]
    fn a_burst_is_let_through_and_then_one_at_a_time() {
        let buckets = Buckets::new(3, 60);

        for _ in 0..3 {
            assert_eq!(buckets.take(&"a", NOON), Ok(()));
        }

        assert_eq!(buckets.take(&"a", NOON), Err(1), "the burst is used up");
        assert_eq!(buckets.take(&"b", NOON), Ok(()), "others are not affected");
        assert_eq!(buckets.take(&"a", NOON.plus_ms(1_000)), Ok(()));
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out_for_ever() {
        let buckets = Buckets::new(1, 60);
        assert_eq!(buckets.take(&"a", NOON), Ok(()));

        assert!(buckets.take(&"a", NOON.plus_ms(-500_000)).is_err());

        assert_eq!(buckets.take(&"a", NOON.plus_ms(-499_000)), Ok(()));
    }
}
