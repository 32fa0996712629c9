//! 查看: somebody looked at a value that is shown masked, and said why. It never changes, and a resident
//! may ask for it (PIPL 45).

use serde::{Deserialize, Serialize};

use crate::{
    Action, DocRef, Extra, FieldName, GridCode, Op, Scope,
    case::Signed,
    made_once::MadeOnce,
    register::{EntryKind, schema::CONTROL_LOOK},
};

/// What was looked at, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revealing {
    /// Whose: an entry of the register, or the record in which it was answered.
    pub of: DocRef,
    /// Which field, or the address of the answer; never what stands in it.
    pub field: FieldName,
    /// Why.
    pub reason: String,
    /// The grid in whose feed it stands; one of the author's own.
    pub grid: GridCode,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Revealing {
    /// The feed it stands in. That somebody looked at management tags is for those alone who may see
    /// them: it says that there may be some.
    pub fn scope(&self) -> Scope {
        if self.is_of_control() {
            Scope::control(&self.grid)
        } else {
            Scope::grid(&self.grid)
        }
    }

    /// Whether management tags were looked at.
    pub fn is_of_control(&self) -> bool {
        match EntryKind::of(&self.of.kind) {
            Some(EntryKind::Resident) => self.field.as_str() == CONTROL_LOOK,
            Some(kind) => kind.is_apart(),
            None => false,
        }
    }
}

/// The body of its document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reveal {
    /// Who looked, and when.
    pub revealed: Signed,
    /// At what, and why.
    pub revealing: Revealing,
    /// Fields a newer version added; kept and sent back.
    #[serde(flatten)]
    pub extra: Extra,
}

impl MadeOnce for Reveal {
    fn made(op: &Op, signed: Signed) -> Option<Self> {
        match &op.action {
            Action::Reveal(revealing) => Some(Self {
                revealed: signed,
                revealing: (**revealing).clone(),
                extra: Extra::default(),
            }),
            _ => None,
        }
    }

    fn signed(&self) -> &Signed {
        &self.revealed
    }

    fn grid(&self) -> &GridCode {
        &self.revealing.grid
    }
}
