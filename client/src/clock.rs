//! Time and chance. The only file that reads a clock or asks for random bytes; everybody else is
//! told.

use std::{fmt, time::Instant};

use shared::{Timestamp, time::Observed};

/// The device's clocks.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The wall clock. It can be wrong, and set back.
    fn now(&self) -> Timestamp;
    /// Milliseconds of a clock that never goes back, within one [`Clock::boot`].
    fn mono_ms(&self) -> i64;
    /// Names the boot that [`Clock::mono_ms`] belongs to.
    fn boot(&self) -> &str;

    /// All three at once, as operations carry them.
    fn observed(&self) -> Observed {
        Observed {
            wall: self.now(),
            mono: self.mono_ms(),
            boot: self.boot().to_owned(),
        }
    }
}

/// The clocks of the machine.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
    /// The monotonic clock counts from the start of this process, so a boot's name is not enough.
    boot: String,
}

impl SystemClock {
    /// Begins to count.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the file that reads the clock"
    )]
    pub fn new() -> Self {
        let process =
            random::<6>().map_or_else(|_none| std::process::id().to_string(), hex::encode);
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        Self {
            started: Instant::now(),
            boot: format!("{}/{process}", boot.trim()),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the file that reads the clock"
    )]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let ms = since.map_or(0, |since| since.as_millis());
        Timestamp::from_ms(i64::try_from(ms).unwrap_or(i64::MAX))
    }

    fn mono_ms(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    fn boot(&self) -> &str {
        &self.boot
    }
}

/// Random bytes of the operating system; of the simulation, in one.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// So many times ten random bytes, in order, for ids that are all made at once: those that are
/// written one after the other then lie beside each other in every index.
pub(crate) fn random_in_order(count: usize) -> Result<Vec<[u8; 10]>, getrandom::Error> {
    let mut bytes = vec![[0; 10]; count];
    fill(bytes.as_flattened_mut())?;
    for bytes in &mut bytes {
        // Version and variant are written over these bits; what is in order must stay so.
        bytes[0] &= 0x0F;
        bytes[2] &= 0x3F;
    }
    bytes.sort_unstable();
    Ok(bytes)
}

fn fill(bytes: &mut [u8]) -> Result<(), getrandom::Error> {
    if fault::fill(bytes) {
        return Ok(());
    }
    getrandom::fill(bytes)
}
