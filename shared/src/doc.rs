//! Documents: the hub's current state of one thing, and the feeds (scopes) they appear in.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Action, GridCode, Op, StaffId, canonical,
    case::CaseDoc,
    erase::{Erased, can_be_erased},
    made_once::MadeOnce,
    pack::Section,
    record::Record,
    register::{EntryDoc, EntryKind},
    reveal::Reveal,
    visit::Visit,
};

/// What a document is about. Kinds this version doesn't know are kept as they came.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Kind(pub String);

impl Kind {
    /// A case 案件; the body is a [`CaseDoc`].
    pub fn case() -> Self {
        Self("case".to_owned())
    }

    /// A section of the city pack, see [`Section`].
    pub fn pack() -> Self {
        Self("pack".to_owned())
    }

    /// One version of a form; the body is a [`FormDoc`](crate::form::FormDoc).
    pub fn form() -> Self {
        Self("form".to_owned())
    }

    /// A form that was filled in; the body is a [`Record`].
    pub fn record() -> Self {
        Self("record".to_owned())
    }

    /// A visit at a door; the body is a [`Visit`].
    pub fn visit() -> Self {
        Self("visit".to_owned())
    }

    /// That somebody looked at a masked value; the body is a [`Reveal`].
    pub fn reveal() -> Self {
        Self("reveal".to_owned())
    }

    /// The kind as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocRef {
    /// What it is about.
    pub kind: Kind,
    /// Its id.
    pub id: Uuid,
}

impl DocRef {
    /// The document of a case.
    pub fn case(id: crate::CaseId) -> Self {
        Self {
            kind: Kind::case(),
            id: id.0,
        }
    }

    /// The document of an entry of the register.
    pub fn entry(kind: EntryKind, id: crate::EntryId) -> Self {
        Self {
            kind: kind.kind(),
            id: id.0,
        }
    }

    /// The document of a record.
    pub fn record(id: crate::RecordId) -> Self {
        Self {
            kind: Kind::record(),
            id: id.0,
        }
    }

    /// The document of a pack section.
    pub fn pack(section: Section) -> Self {
        Self {
            kind: Kind::pack(),
            id: section.doc_id(),
        }
    }
}

/// A document at one revision; its body as JSON, or read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Doc<B = Value> {
    /// Which document.
    #[serde(flatten)]
    pub target: DocRef,
    /// Counts what changed it: its operations, and changes of cases it carries; 0 before the first.
    pub rev: u64,
    /// The content. Fields this version doesn't know stay in it and are sent back.
    pub body: B,
}

impl Doc {
    /// The body of a case document.
    ///
    /// Fails when the document is of another kind or its body is not a case.
    pub fn case(&self) -> Result<CaseDoc, serde_json::Error> {
        self.read(&Kind::case())
    }

    /// The body, where it is of a kind that takes operations.
    ///
    /// Fails when it is not what its kind says.
    pub fn body(&self) -> Result<Option<Body>, serde_json::Error> {
        Body::of(&self.target.kind, &self.body)
    }

    /// The body of a pack section.
    ///
    /// Fails when the document is of another kind or its body is not that section.
    pub fn pack<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        self.read(&Kind::pack())
    }

    /// A checksum of the body: FNV-1a over its canonical form (RFC 8785). Two sides that worked a
    /// document out by themselves find by it whether they agree.
    ///
    /// Fails for no body that was read from JSON.
    pub fn sum(&self) -> Result<u64, serde_json::Error> {
        Ok(fnv1a(&canonical::of_value(&self.body)?))
    }

    fn read<T: DeserializeOwned>(&self, kind: &Kind) -> Result<T, serde_json::Error> {
        if self.target.kind != *kind {
            return Err(serde::de::Error::custom("a document of another kind"));
        }
        T::deserialize(&self.body)
    }
}

/// What a document of a kind that takes operations says.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// 案件.
    Case(CaseDoc),
    /// One thing of the register.
    Entry(EntryKind, EntryDoc),
    /// 采集记录.
    Record(Box<Record>),
    /// 走访.
    Visit(Box<Visit>),
    /// 查看.
    Reveal(Box<Reveal>),
    /// 已清除: a record or a resident of which only that is left.
    Erased(Box<Erased>),
}

macro_rules! one_of {
    ($($(#[$doc:meta])* $name:ident: $variant:ident($body:ty);)*) => {
        impl Body {
            $(
                $(#[$doc])*
                pub fn $name(self) -> Option<$body> {
                    match self {
                        Self::$variant(body) => Some(body),
                        _ => None,
                    }
                }
            )*
        }
    };
}

one_of! {
    /// A case, if it is one.
    case: Case(CaseDoc);
    /// A record, if it is one.
    record: Record(Box<Record>);
    /// A visit, if it is one.
    visit: Visit(Box<Visit>);
    /// That somebody looked, if it is that.
    reveal: Reveal(Box<Reveal>);
}

impl Body {
    /// A body of this kind from JSON; `None` where documents of the kind take no operations.
    ///
    /// Fails when it is not what its kind says.
    fn of(kind: &Kind, json: &Value) -> Result<Option<Self>, serde_json::Error> {
        if can_be_erased(kind) && json.get("erased").is_some() {
            return Ok(Some(Self::Erased(Box::new(Erased::deserialize(json)?))));
        }
        Self::standing(kind, json)
    }

    /// The same from text, which is quicker than from what is made of the text.
    ///
    /// Fails when it is not what its kind says.
    pub fn of_text(kind: &Kind, json: &str) -> Result<Option<Self>, serde_json::Error> {
        let may_be_erased = can_be_erased(kind) && json.contains("\"erased\"");
        if !may_be_erased {
            let mut from = serde_json::Deserializer::from_str(json);
            match Self::standing(kind, &mut from) {
                // Nothing of it was read.
                Ok(None) => return Ok(None),
                Ok(body) if from.end().is_ok() => return Ok(body),
                // A field that stands twice can only be read from a value: the last one counts.
                Ok(_) | Err(_) => {}
            }
        }
        Self::of(kind, &serde_json::from_str(json)?)
    }

    /// What was not erased.
    fn standing<'de, D: Deserializer<'de>>(kind: &Kind, from: D) -> Result<Option<Self>, D::Error> {
        Ok(Some(if *kind == Kind::case() {
            Self::Case(CaseDoc::deserialize(from)?)
        } else if let Some(kind) = EntryKind::of(kind) {
            Self::Entry(kind, EntryDoc::deserialize(from)?)
        } else if *kind == Kind::record() {
            Self::Record(Box::new(Record::deserialize(from)?))
        } else if *kind == Kind::visit() {
            Self::Visit(Box::new(Visit::deserialize(from)?))
        } else if *kind == Kind::reveal() {
            Self::Reveal(Box::new(Reveal::deserialize(from)?))
        } else {
            return Ok(None);
        }))
    }

    /// An entry of the register, if it is one.
    pub fn entry(self) -> Option<EntryDoc> {
        match self {
            Self::Entry(_, entry) => Some(entry),
            _ => None,
        }
    }

    /// The feeds the document belongs to.
    pub fn audience(&self) -> BTreeSet<Scope> {
        match self {
            Self::Case(case) => case.audience(),
            Self::Entry(kind, entry) => entry.audience(*kind),
            Self::Record(record) => [Scope::grid(record.grid())].into(),
            Self::Visit(visit) => [Scope::grid(visit.grid())].into(),
            Self::Reveal(reveal) => [reveal.revealing.scope()].into(),
            Self::Erased(erased) => erased.audience(),
        }
    }

    /// Whether it lacks an operation that its hub took in.
    pub fn lacks(&self, op: &Op) -> bool {
        let is_excused = match self {
            // What was erased is not asked for again, neither from what is left nor with what is left.
            Self::Erased(_) => true,
            _ if matches!(op.action, Action::Erased) => true,
            // A later one of the same takes its place.
            Self::Entry(..) => matches!(op.action, Action::Confirm(_)),
            _ => false,
        };
        !is_excused && !self.shows(op)
    }

    /// Whether the operation is to be found in it.
    pub fn shows(&self, op: &Op) -> bool {
        match self {
            Self::Case(CaseDoc::Known(case)) => case.knows(op.op_id),
            Self::Case(CaseDoc::Awaiting(ops)) => ops.iter().any(|it| it.op_id == op.op_id),
            Self::Entry(_, entry) => entry.knows(op.op_id),
            Self::Record(record) => record.signed().op_id == op.op_id,
            Self::Visit(visit) => visit.signed().op_id == op.op_id,
            Self::Reveal(reveal) => reveal.signed().op_id == op.op_id,
            Self::Erased(_) => false,
        }
    }

    /// Whether it only keeps operations until the one arrives that makes it.
    pub fn is_awaiting(&self) -> bool {
        matches!(
            self,
            Self::Case(CaseDoc::Awaiting(_)) | Self::Entry(_, EntryDoc::Awaiting(_))
        )
    }
}

/// As it is stored and sent.
impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Case(case) => case.serialize(serializer),
            Self::Entry(_, entry) => entry.serialize(serializer),
            Self::Record(record) => record.serialize(serializer),
            Self::Visit(visit) => visit.serialize(serializer),
            Self::Reveal(reveal) => reveal.serialize(serializer),
            Self::Erased(erased) => erased.serialize(serializer),
        }
    }
}

/// What [`Doc::sum`] is of a document whose body is this JSON.
///
/// Fails when it is none.
pub fn sum_of_text(json: &str) -> Result<u64, serde_json::Error> {
    Ok(fnv1a(&canonical::of_text(json)?))
}

/// FNV-1a with 64 bits.
pub(crate) fn fnv1a<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    bytes.into_iter().fold(OFFSET, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(PRIME)
    })
}

/// A feed: `grid:<code>`, `control:<code>`, `staff:<id>` or `city`. Every feed has its own dense counter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Scope(pub String);

impl Scope {
    /// What everybody in the city gets: the packs.
    pub fn city() -> Self {
        Self("city".to_owned())
    }

    /// What happens in one grid.
    pub fn grid(code: &GridCode) -> Self {
        Self(["grid:", code.as_str()].concat())
    }

    /// 重点管理 in one grid: for those alone who have the permission
    /// [`Control`](crate::Permission::Control).
    pub fn control(code: &GridCode) -> Self {
        Self(format!("control:{code}"))
    }

    /// What one person takes part in, wherever it is: their inbox.
    pub fn staff(id: &StaffId) -> Self {
        Self(["staff:", id.as_str()].concat())
    }

    /// The scope as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
