//! What all requests share.

use std::{net::IpAddr, sync::Arc};

use shared::DeviceId;

use crate::{config::Config, metrics::Metrics, photos::Photos, rate::Buckets, store::HubStore};

/// Everything a request may need, shared by all of them.
pub type Shared = Arc<App>;

/// The parts of a running hub.
#[derive(Debug)]
pub struct App {
    pub(crate) config: Config,
    pub(crate) store: Arc<dyn HubStore>,
    pub(crate) photos: Photos,
    pub(crate) metrics: Metrics,
    pub(crate) devices: Buckets<DeviceId>,
    pub(crate) guesses: Buckets<IpAddr>,
}

impl App {
    pub(crate) fn new(config: Config, store: Arc<dyn HubStore>, photos: Photos) -> Self {
        let rate = config.rate;
        Self {
            config,
            store,
            photos,
            metrics: Metrics::default(),
            devices: Buckets::new(rate.burst, rate.per_second.saturating_mul(60)),
            guesses: Buckets::new(rate.guesses_per_minute, rate.guesses_per_minute),
        }
    }
}
