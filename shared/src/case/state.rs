//! The states of a case, and the four steps people see.

use serde::{Deserialize, Serialize};

/// Where a case stands. Drafts are not cases yet; they live on one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 已上报.
    Submitted,
    /// 待核实: somebody looks whether it is true.
    Verifying,
    /// 已立案.
    Registered,
    /// 待处置: a department has been named.
    Dispatched,
    /// 处置中.
    Handling,
    /// 待反馈: handled, waiting for the check.
    Handled,
    /// 待核查: somebody looks whether it is mended.
    Checking,
    /// 结案.
    Closed,
    /// 回退.
    Returned,
    /// 挂账.
    Suspended,
    /// 不予立案.
    Rejected,
    /// 撤回.
    Withdrawn,
    /// 并案.
    Merged,
    /// 已删除. What people see of a deleted case; documents keep the state it had, so that
    /// restoring brings it back as it was, and the wire does not know this one.
    #[cfg_attr(feature = "schema", schemars(skip))]
    Deleted,
}

/// The four steps 发生 · 跟踪 · 处置 · 反馈.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 发生: seen and reported.
    Occur,
    /// 跟踪: accepted and passed on.
    Track,
    /// 处置: being handled.
    Handle,
    /// 反馈: done, and told to whoever reported.
    Feedback,
}

impl State {
    /// All states, in the order of the life cycle.
    pub const ALL: [Self; 14] = [
        Self::Submitted,
        Self::Verifying,
        Self::Registered,
        Self::Dispatched,
        Self::Handling,
        Self::Handled,
        Self::Checking,
        Self::Closed,
        Self::Returned,
        Self::Suspended,
        Self::Rejected,
        Self::Withdrawn,
        Self::Merged,
        Self::Deleted,
    ];

    /// The states in which somebody still has to do something.
    pub const fn is_open(self) -> bool {
        !matches!(
            self,
            Self::Closed | Self::Rejected | Self::Withdrawn | Self::Merged | Self::Deleted
        )
    }

    /// The step people see.
    pub const fn step(self) -> Step {
        match self {
            Self::Submitted | Self::Verifying => Step::Occur,
            Self::Registered | Self::Dispatched | Self::Returned => Step::Track,
            Self::Handling | Self::Suspended => Step::Handle,
            Self::Handled
            | Self::Checking
            | Self::Closed
            | Self::Rejected
            | Self::Withdrawn
            | Self::Merged
            | Self::Deleted => Step::Feedback,
        }
    }
}

/// 紧急程度.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// 一般.
    #[default]
    Normal,
    /// 紧急.
    Urgent,
    /// 特急.
    Critical,
}
