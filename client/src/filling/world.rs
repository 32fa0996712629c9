//! What a form may know of the world outside it, on this device.

use std::{cell::Cell, sync::Arc};

use forms::{World, civil::Moment};
use sha2::{Digest as _, Sha256};

use crate::{
    clock::{Clock, random},
    core::Core,
    error::Result,
    store::device,
};

/// The clock, chance, and who fills the form in.
#[derive(Debug)]
pub(crate) struct DeviceWorld {
    clock: Arc<dyn Clock>,
    utc_offset_minutes: i32,
    username: Option<String>,
    device: String,
    /// Asked for once, so that drawing from it can't fail.
    seed: [u8; 32],
    drawn: Cell<u64>,
}

impl DeviceWorld {
    /// As it is now.
    pub(crate) fn of(core: &Core) -> Result<Self> {
        let (device, utc_offset_minutes) = core
            .store
            .read(|db| Ok((device::get(db)?, core.packs(db)?.utc_offset_minutes())))?;
        Ok(Self {
            clock: Arc::clone(&core.clock),
            utc_offset_minutes,
            username: device.staff().ok().map(|staff| staff.name.clone()),
            device: device.id.to_string(),
            seed: random()?,
            drawn: Cell::new(0),
        })
    }

    fn draw(&self) -> [u8; 16] {
        let drawn = self.drawn.get();
        self.drawn.set(drawn.wrapping_add(1));
        let hash = Sha256::new()
            .chain_update(self.seed)
            .chain_update(drawn.to_le_bytes())
            .finalize();
        std::array::from_fn(|at| hash.get(at).copied().unwrap_or_default())
    }
}

impl World for DeviceWorld {
    fn now(&self) -> Moment {
        let offset_ms = i64::from(self.utc_offset_minutes) * 60_000;
        Moment {
            local_ms: self.clock.now().as_ms().saturating_add(offset_ms),
            offset_minutes: self.utc_offset_minutes,
        }
    }

    fn random(&self) -> f64 {
        let [a, b, c, d, ..] = self.draw();
        f64::from(u32::from_le_bytes([a, b, c, d])) / (f64::from(u32::MAX) + 1.0)
    }

    fn uuid(&self) -> String {
        uuid::Builder::from_random_bytes(self.draw())
            .into_uuid()
            .to_string()
    }

    fn property(&self, name: &str) -> Option<String> {
        match name {
            "username" => self.username.clone(),
            "deviceid" => Some(self.device.clone()),
            _ => None,
        }
    }
}
