//! A form that was checked on the desk is handed to the hub, which publishes it.

use shared::{
    hub_api::publish::PublishOutcome,
    ipc::{DropForm, FormPublished, IpcError, Link, PublishForm, PublishTrouble},
};

use super::{OverHttp, SyncError, remote_of};
use crate::{Client, error::Error, publishing};

impl Client {
    /// Publishes the form that was checked, and asks for a sync: with it the form comes back.
    pub async fn publish_form(&self, _args: PublishForm) -> Result<FormPublished, IpcError> {
        let core = self.core().map_err(IpcError::from)?;
        let wanted = self.run(publishing::ready).await?;
        if core.link() == Link::Offline {
            return Err(SyncError::NeedsHub.into());
        }
        let remote = remote_of(core, &OverHttp::default()).await?;
        let published = remote.publish(&wanted).await.map_err(SyncError::from)?;
        let is_new = match published.outcome {
            PublishOutcome::New => true,
            PublishOutcome::There => false,
            PublishOutcome::VersionTaken => {
                return Err(Error::Publish(PublishTrouble::VersionTaken).into());
            }
        };
        self.drop_form(DropForm {}).await?;
        self.sync_now(shared::ipc::SyncNow {}).await?;
        Ok(FormPublished {
            version: published.version,
            is_new,
        })
    }
}
