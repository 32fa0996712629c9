//! A device with the sample city on it, in the hands of a clerk who may do what there is to do.

use std::sync::Arc;

use client::{Client, FileKeys, Options, SystemClock, testing};
use scenarios::folders::copy;
use shared::{Doc, DocRef, Kind, OpId, Role, Scope, hub_api::StaffCard};
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) struct Tablet {
    // Closed before its folder goes.
    pub(crate) client: Client,
    runtime: Runtime,
    folder: TempDir,
}

/// Whose it is: a clerk of the sample city who walks four grids.
pub(crate) fn person() -> StaffCard {
    let city = scenarios::sample_city::sample_city().unwrap();
    let staff = city.staff.into_iter().find(|it| it.id.as_str() == "c-01");
    let staff = staff.unwrap();
    let grids = city.grids.into_iter().take(4);
    StaffCard {
        id: staff.id,
        name: staff.name,
        name_en: staff.name_en,
        badge_no: staff.badge_no,
        roles: vec![Role::Worker, Role::Clerk],
        grids: grids.map(|grid| grid.code).collect(),
        permissions: staff.permissions,
    }
}

impl Tablet {
    pub(crate) fn new() -> Self {
        let tablet = Self::on(tempfile::tempdir().unwrap());
        let city = scenarios::sample_city::sample_city().unwrap();
        tablet.waits_for(async {
            testing::enrol(&tablet.client, person()).await.unwrap();
            testing::load_pack(&tablet.client, city).await.unwrap();
        });
        tablet
    }

    fn on(folder: TempDir) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let options = Options {
            data_dir: folder.path().to_owned(),
            keys: Arc::new(FileKeys::new(folder.path())),
            clock: Arc::new(SystemClock::new()),
            device_name: "tablet".to_owned(),
            app_version: "0".to_owned(),
        };
        Self {
            client: runtime.block_on(Client::open(options)),
            runtime,
            folder,
        }
    }

    /// Runs this to its end.
    pub(crate) fn waits_for<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Has a form, as every device gets it.
    pub(crate) fn gets(&self, id: u128, form: &forms::Form) {
        let doc = Doc {
            target: DocRef {
                kind: Kind::form(),
                id: OpId::from_bytes(id.to_be_bytes()).0,
            },
            rev: 1,
            body: serde_json::json!({ "form": form, "lists": {}, "loaded_at": 1 }),
        };
        let pulled = testing::pull(&self.client, Scope::city(), doc);
        self.waits_for(pulled).unwrap();
    }

    /// Switches it off: others like it can be made.
    pub(crate) fn off(self) -> Template {
        let Self {
            client,
            runtime,
            folder,
        } = self;
        drop(client);
        drop(runtime);
        Template(folder)
    }
}

/// A device that is switched off. What an input does to a copy, the next one does not see: so an input
/// shows the same by itself.
pub(crate) struct Template(TempDir);

impl Template {
    /// Another just like it.
    pub(crate) fn copy(&self) -> Tablet {
        let folder = tempfile::tempdir().unwrap();
        copy(self.0.path(), folder.path()).unwrap();
        Tablet::on(folder)
    }
}
