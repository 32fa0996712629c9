//! What many of these stories begin with, and look at.

use scenarios::world::{Device, World, meet};
use shared::CaseId;

/// What was said about a case, oldest first.
pub(crate) async fn said(device: &Device, case: CaseId) -> Vec<String> {
    let timeline = device.sees(case).await.unwrap().timeline;
    timeline.into_iter().map(|entry| entry.text).collect()
}

/// A case the worker reported and the clerk has.
pub(crate) async fn shared_case(world: &World) -> (Device, Device, CaseId) {
    let worker = world.device("w-0101").await.unwrap();
    let clerk = world.device("c-01").await.unwrap();
    let case = worker.reports("楼道堆物", &[]).await.unwrap();
    meet(&[&worker, &clerk]).await.unwrap();
    (worker, clerk, case)
}

/// Words that stay long on the wire; fewer of them than asked for, about a seventh.
pub(crate) fn incompressible(seed: u64, characters: usize) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..characters)
        .filter_map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from_u32(0x4e00 + u32::try_from(state % 20_000).ok()?)
        })
        .collect()
}
