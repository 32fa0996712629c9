//! Who may do what in which state, and whether it works without the hub: the table of the trade,
//! in one place. Device and hub both ask here.

use serde::{Deserialize, Serialize};

use super::{Case, State};
use crate::{
    Action, Author, Extra, Role,
    op::{Amendment, Correction, Field, TEXT_MAX},
};

/// Why an operation has no effect 未生效. It is kept and shown all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Void {
    /// The case is no longer in a state this fits.
    #[error("the case is {state:?}")]
    WrongState {
        /// The state it was in.
        state: State,
    },
    /// Only the reporter may do this.
    #[error("only the reporter may do this")]
    NotYours,
    /// The person's role may not do this.
    #[error("the role may not do this")]
    NotYourRole,
    /// A reason is required and there was none.
    #[error("a reason is required")]
    NoReason,
    /// A note or a photo is required and there was neither.
    #[error("a note or a photo is required")]
    NothingAdded,
    /// The same person already reported or confirmed this case.
    #[error("this person already takes part in the case")]
    AlreadyCounted,
    /// A text is longer than [`TEXT_MAX`] characters.
    #[error("a text is too long")]
    TextTooLong,
    /// The case it should go on as can't take it: it is not there, not for the author to see, was
    /// deleted, or goes on as this very one.
    #[error("the other case can't take it")]
    NoSurvivor,
    /// The case it should go on as holds as many as it can: [`JOINED_MAX`](super::JOINED_MAX).
    #[error("the other case holds too many")]
    TooMany,
    /// What it was about was erased 已清除, and the operation's content with it.
    #[error("it was erased")]
    Erased,
    /// An operation of a newer version.
    #[error("this version doesn't know the operation")]
    Unknown,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// States it starts from.
    pub from: Stage,
    /// The state it leads to; `None` keeps the state.
    pub to: Option<State>,
    /// Roles that may do it.
    pub who: &'static [Role],
    /// Whose case it must be.
    pub whose: Whose,
    /// Whether it may be done without reaching the hub.
    pub offline: bool,
}

/// States an action starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// This one.
    Only(State),
    /// Those in which somebody still has to do something.
    Open,
    /// Those, and 并案: what is done with a merged case counts for the one it goes on as.
    OpenOrMerged,
    /// Any: what must not stay is deleted wherever the case stands.
    Any,
}

impl Stage {
    /// Whether a state is among them.
    pub fn contains(self, state: State) -> bool {
        match self {
            Self::Only(one) => state == one,
            Self::Open => state.is_open(),
            Self::OpenOrMerged => state.is_open() || state == State::Merged,
            Self::Any => true,
        }
    }
}

/// Whose case somebody may do something with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Anybody's who sees it.
    Anyones,
    /// Only one's own: the reporter.
    Own,
    /// One's own; anybody's for those who accept cases.
    OwnOrAcceptor,
}

const ANYONE: &[Role] = &[
    Role::Worker,
    Role::Clerk,
    Role::Dispatcher,
    Role::Handler,
    Role::Leader,
    Role::Admin,
];
const ACCEPTORS: &[Role] = &[Role::Clerk, Role::Dispatcher];

/// The rule for an action on an existing case; `None` for actions that are none (reporting makes
/// the case, others are of other kinds of documents, unknown ones are only kept).
pub const fn rule(action: &Action) -> Option<Rule> {
    let rule = match action {
        Action::Report(_)
        | Action::Enter(_)
        | Action::Change(_)
        | Action::Confirm(_)
        | Action::Record(_)
        | Action::Visit(_)
        | Action::Reveal(_)
        | Action::Erase(_)
        | Action::Erased
        | Action::Unknown(_) => return None,
        Action::Supplement(_) | Action::PlusOne(_) => Rule {
            from: Stage::OpenOrMerged,
            to: None,
            who: ANYONE,
            whose: Whose::Anyones,
            offline: true,
        },
        Action::SelfHandle(_) => Rule {
            from: Stage::Only(State::Submitted),
            to: Some(State::Closed),
            who: ANYONE,
            whose: Whose::Own,
            offline: true,
        },
        Action::Withdraw { .. } => Rule {
            from: Stage::Only(State::Submitted),
            to: Some(State::Withdrawn),
            who: ANYONE,
            whose: Whose::Own,
            offline: true,
        },
        Action::Register(_) => Rule {
            from: Stage::Only(State::Submitted),
            to: Some(State::Registered),
            who: ACCEPTORS,
            whose: Whose::Anyones,
            offline: false,
        },
        Action::Reject { .. } => Rule {
            from: Stage::Only(State::Submitted),
            to: Some(State::Rejected),
            who: ACCEPTORS,
            whose: Whose::Anyones,
            offline: false,
        },
        Action::Amend(_) => Rule {
            from: Stage::OpenOrMerged,
            to: None,
            who: ANYONE,
            whose: Whose::OwnOrAcceptor,
            offline: true,
        },
        Action::Merge { .. } => Rule {
            from: Stage::Only(State::Submitted),
            to: Some(State::Merged),
            who: ACCEPTORS,
            whose: Whose::Anyones,
            offline: false,
        },
        Action::Split { .. } => Rule {
            from: Stage::Only(State::Merged),
            to: Some(State::Submitted),
            who: ACCEPTORS,
            whose: Whose::Anyones,
            offline: false,
        },
        Action::Delete(_) | Action::Restore(_) => Rule {
            from: Stage::Any,
            to: None,
            who: ACCEPTORS,
            whose: Whose::Anyones,
            offline: true,
        },
    };
    Some(rule)
}

/// Like [`allowed`], for somebody who sees the case as it stands: of a deleted one only restoring is
/// left, and what nobody deleted can't be restored.
pub fn offered(case: &Case, action: &Action, author: &Author) -> Result<State, Void> {
    let deleted = case.deletion().is_some();
    let fits = match action {
        Action::Restore(_) => deleted || !case.disputed().is_empty(),
        _ => !deleted,
    };
    if !fits {
        let state = case.shown_state();
        return Err(Void::WrongState { state });
    }
    allowed(case, action, author)
}

/// The state `action` by `author` would lead to, or why it has no effect.
pub fn allowed(case: &Case, action: &Action, author: &Author) -> Result<State, Void> {
    let rule = rule(action).ok_or(Void::Unknown)?;
    if !rule.from.contains(case.state) {
        return Err(Void::WrongState { state: case.state });
    }
    if !rule.who.contains(&author.role) {
        return Err(Void::NotYourRole);
    }
    let own = case.reported.author.staff == author.staff;
    let may = match rule.whose {
        Whose::Anyones => true,
        Whose::Own => own,
        Whose::OwnOrAcceptor => own || ACCEPTORS.contains(&author.role),
    };
    if !may {
        return Err(Void::NotYours);
    }
    complete(case, action, author)?;
    Ok(rule.to.unwrap_or(case.state))
}

/// Whether somebody may correct something in this case now.
pub fn may_amend(case: &Case, author: &Author) -> bool {
    let any = Action::Amend(Amendment {
        knew: Vec::new(),
        to: vec![Correction::Urgency(case.report.urgency).into()],
        extra: Extra::default(),
    });
    offered(case, &any, author).is_ok()
}

/// Whether somebody may delete cases and restore them; it hangs on no case.
pub fn may_delete(author: &Author) -> bool {
    ACCEPTORS.contains(&author.role)
}

/// Whether everything the action needs is there.
fn complete(case: &Case, action: &Action, author: &Author) -> Result<(), Void> {
    if action
        .texts()
        .iter()
        .any(|text| text.chars().count() > TEXT_MAX)
    {
        return Err(Void::TextTooLong);
    }
    match action {
        Action::Supplement(addition) | Action::SelfHandle(addition)
            if addition.note.trim().is_empty() && addition.photos.is_empty() =>
        {
            Err(Void::NothingAdded)
        }
        Action::PlusOne(_) if case.own_followers().contains(&author.staff) => {
            Err(Void::AlreadyCounted)
        }
        Action::Withdraw(because) | Action::Reject(because) | Action::Split(because)
            if because.reason.trim().is_empty() =>
        {
            Err(Void::NoReason)
        }
        Action::Merge(merging) if merging.into == case.id => Err(Void::NoSurvivor),
        Action::Delete(deleting) if deleting.reason.trim().is_empty() => Err(Void::NoReason),
        Action::Restore(restoring) if restoring.knew.is_empty() => Err(Void::NothingAdded),
        Action::Amend(amendment) if amendment.to.is_empty() => Err(Void::NothingAdded),
        // The clerk's decision stands beside it: a limit hangs on its category.
        Action::Amend(amendment)
            if case.registration.is_some() && amendment.of(Field::Category).is_some() =>
        {
            Err(Void::WrongState { state: case.state })
        }
        Action::Report(_)
        | Action::Supplement(_)
        | Action::PlusOne(_)
        | Action::SelfHandle(_)
        | Action::Withdraw { .. }
        | Action::Register(_)
        | Action::Reject { .. }
        | Action::Amend(_)
        | Action::Merge { .. }
        | Action::Split { .. }
        | Action::Delete(_)
        | Action::Restore(_)
        | Action::Enter(_)
        | Action::Change(_)
        | Action::Confirm(_)
        | Action::Record(_)
        | Action::Visit(_)
        | Action::Reveal(_)
        | Action::Erase(_)
        | Action::Erased
        | Action::Unknown(_) => Ok(()),
    }
}
