//! 走访: somebody was at a door. A visit never changes.

use serde::{Deserialize, Serialize};

use crate::{Action, DocRef, Extra, GridCode, Op, RecordId, case::Signed, made_once::MadeOnce};

/// 走访结果.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Met {
    /// 见面.
    Met,
    /// 未遇: nobody opened.
    NotHome,
    /// 拒访.
    Refused,
    /// 搬离: they live there no more.
    Moved,
    /// 电话.
    Phone,
}

impl Met {
    /// All of them, in the order people see.
    pub const ALL: [Self; 5] = [
        Self::Met,
        Self::NotHome,
        Self::Refused,
        Self::Moved,
        Self::Phone,
    ];

    /// Its name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotHome => "not_home",
            Self::Refused => "refused",
            Self::Moved => "moved",
            Self::Phone => "phone",
        }
    }

    /// Whether somebody was spoken to.
    pub const fn is_done(self) -> bool {
        match self {
            Self::Met | Self::Phone => true,
            Self::NotHome | Self::Refused | Self::Moved => false,
        }
    }
}

/// What a visit was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Visiting {
    /// Whose door: a dwelling or a place of the register.
    pub at: DocRef,
    /// The grid in whose feed it stands; one of the author's own.
    pub grid: GridCode,
    /// What came of it.
    pub outcome: Met,
    /// Words; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Records that were filled in at the door.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordId>,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The body of a visit's document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Visit {
    /// Who was there, and when.
    pub visited: Signed,
    /// What it was.
    pub visiting: Visiting,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

impl MadeOnce for Visit {
    fn made(op: &Op, signed: Signed) -> Option<Self> {
        match &op.action {
            Action::Visit(visiting) => Some(Self {
                visited: signed,
                visiting: (**visiting).clone(),
                extra: Extra::default(),
            }),
            _ => None,
        }
    }

    fn signed(&self) -> &Signed {
        &self.visited
    }

    fn grid(&self) -> &GridCode {
        &self.visiting.grid
    }
}
