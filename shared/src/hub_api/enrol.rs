//! `POST /sync/v1/enrol`: trades a one-time code for a device token.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Endpoint, Method};
use crate::{DeviceId, GridCode, Permission, Role, StaffId};

/// A device asks to be enrolled. The only request without a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Enrol {
    /// The one-time code, as printed by `gridwalker-hub enrol`; blanks, dashes and case don't matter.
    pub code: String,
    /// The device's own id, made by itself. Repeating a request that was answered with the same id
    /// gives a new token instead of an error, so a lost answer doesn't waste the code.
    pub device: DeviceId,
    /// What kind of device it is, for the operator's list; not a person's name.
    pub device_name: String,
    /// Version of the app.
    pub app_version: String,
}

/// The device is enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Enrolled {
    /// The device token, sent as `Authorization: Bearer …`. The hub keeps only its hash.
    pub token: String,
    /// The person the device belongs to.
    pub staff: StaffCard,
    /// Which hub this is; stays the same when its address changes.
    pub hub_id: String,
    /// The hub's name, for people.
    pub hub_name: String,
}

/// Who somebody is and what they may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StaffCard {
    /// Id.
    pub id: StaffId,
    /// Name.
    pub name: String,
    /// Name in English letters.
    pub name_en: String,
    /// Number on the badge.
    pub badge_no: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Grids they walk or look after.
    pub grids: Vec<GridCode>,
    /// What they may see and do beside.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub permissions: BTreeSet<Permission>,
}

impl StaffCard {
    /// Whether they may see and write 重点管理 of those who live in this grid.
    pub fn has_control(&self, grid: &GridCode) -> bool {
        self.permissions.contains(&Permission::Control) && self.grids.contains(grid)
    }

    /// The role they act in by default: a clerk's desk if they have one, else the field.
    pub fn main_role(&self) -> Role {
        let order = [
            Role::Dispatcher,
            Role::Clerk,
            Role::Handler,
            Role::Leader,
            Role::Admin,
            Role::Worker,
        ];
        order
            .into_iter()
            .find(|role| self.roles.contains(role))
            .unwrap_or(Role::Worker)
    }
}

impl Endpoint for Enrol {
    const METHOD: Method = Method::Post;
    const PATH: &'static str = "/sync/v1/enrol";
    type Answer = Enrolled;
}
