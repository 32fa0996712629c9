//! The PostgreSQL server of these tests: one for the whole binary, started when the first test asks,
//! and gone with the binary, however that ends.

use std::sync::OnceLock;

use hub::store::postgres::DatabaseUrl;
use pg_cluster::{Cluster, Durability};

/// The server.
pub(crate) fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER
        .get_or_init(|| Cluster::start(Durability::None).unwrap_or_else(|error| panic!("{error}")))
}

/// The address of a new, empty database.
pub(crate) fn database() -> String {
    let name = cluster().database().unwrap();
    cluster().url(&name)
}

/// The same, as a hub takes it.
pub(crate) fn database_url() -> DatabaseUrl {
    DatabaseUrl::from(database())
}
