//! Who acts: roles, permissions and authors.

use serde::{Deserialize, Serialize};

use crate::{Extra, StaffId};

/// What a person may do. One person can have several; an operation is done in one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 网格员.
    Worker,
    /// 社区/街道工作人员.
    Clerk,
    /// 派遣员 of the command centre.
    Dispatcher,
    /// 职能部门处置人.
    Handler,
    /// 领导.
    Leader,
    /// Hub operator.
    Admin,
}

/// What a person may see and do beside their roles, because somebody gave it to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// 重点管理: the management tags of those who live in their grids.
    Control,
    /// One of a newer version; it permits nothing here.
    #[serde(other)]
    Unknown,
}

/// Who did something, and in which role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Author {
    /// The person.
    pub staff: StaffId,
    /// The role they acted in.
    pub role: Role,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Author {
    /// The hub itself, for what it does without anybody asking. No pack names a person so.
    pub fn hub() -> Self {
        Self {
            staff: StaffId::from("hub"),
            role: Role::Admin,
            extra: Extra::default(),
        }
    }

    /// Whether it was the hub itself.
    pub fn is_hub(&self) -> bool {
        *self == Self::hub()
    }
}
