//! The trade's own codes in words: states, steps, urgency, limits, roles.

use shared::{
    PhotoKind, Role,
    case::{State, Step, Urgency},
    ipc::{Doing, Happening, Link, SyncStatus},
    op::Field,
    pack::{Limit, LimitKind},
};

use super::Words;

impl Words {
    /// A state.
    pub(crate) fn state(self, state: State) -> &'static str {
        match state {
            State::Submitted => self.state_submitted(),
            State::Verifying => self.state_verifying(),
            State::Registered => self.state_registered(),
            State::Dispatched => self.state_dispatched(),
            State::Handling => self.state_handling(),
            State::Handled => self.state_handled(),
            State::Checking => self.state_checking(),
            State::Closed => self.state_closed(),
            State::Returned => self.state_returned(),
            State::Suspended => self.state_suspended(),
            State::Rejected => self.state_rejected(),
            State::Withdrawn => self.state_withdrawn(),
            State::Merged => self.state_merged(),
            State::Deleted => self.state_deleted(),
        }
    }

    /// A step.
    pub(crate) fn step(self, step: Step) -> &'static str {
        match step {
            Step::Occur => self.step_occur(),
            Step::Track => self.step_track(),
            Step::Handle => self.step_handle(),
            Step::Feedback => self.step_feedback(),
        }
    }

    /// An urgency.
    pub(crate) fn urgency(self, urgency: Urgency) -> &'static str {
        match urgency {
            Urgency::Normal => self.urgency_normal(),
            Urgency::Urgent => self.urgency_urgent(),
            Urgency::Critical => self.urgency_critical(),
        }
    }

    /// A role.
    pub(crate) fn role(self, role: Role) -> &'static str {
        match role {
            Role::Worker => self.role_worker(),
            Role::Clerk => self.role_clerk(),
            Role::Dispatcher => self.role_dispatcher(),
            Role::Handler => self.role_handler(),
            Role::Leader => self.role_leader(),
            Role::Admin => self.role_admin(),
        }
    }

    /// What a photo shows.
    pub(crate) fn photo_kind(self, kind: PhotoKind) -> &'static str {
        match kind {
            PhotoKind::Near => self.photo_near(),
            PhotoKind::Far => self.photo_far(),
            PhotoKind::Reference => self.photo_reference(),
            PhotoKind::Before => self.photo_before(),
            PhotoKind::After => self.photo_after(),
        }
    }

    /// A limit.
    pub(crate) fn limit(self, limit: Limit) -> String {
        let value = u64::from(limit.value);
        match limit.kind {
            LimitKind::WorkHour => self.limit_work_hour(value),
            LimitKind::WorkDay => self.limit_work_day(value),
            LimitKind::UrgentHour => self.limit_urgent_hour(value),
            LimitKind::NaturalDay => self.limit_natural_day(value),
        }
    }

    /// What happened, as the timeline says it.
    pub(crate) fn happening(self, what: &Happening) -> &'static str {
        match what {
            Happening::Reported => self.happen_reported(),
            Happening::ReportedHandled => self.happen_reported_handled(),
            Happening::Supplemented => self.happen_supplemented(),
            Happening::PlusOne => self.happen_plus_one(),
            Happening::SelfHandled => self.happen_self_handled(),
            Happening::Withdrawn => self.happen_withdrawn(),
            Happening::Registered { .. } => self.happen_registered(),
            Happening::Rejected => self.happen_rejected(),
            Happening::Amended { .. } => self.happen_amended(),
            Happening::Merged => self.happen_merged(),
            Happening::Split => self.happen_split(),
            Happening::Joined { .. } => self.happen_joined(),
            Happening::Deleted { .. } => self.happen_deleted(),
            Happening::Restored => self.happen_restored(),
            Happening::Unknown => self.happen_unknown(),
        }
    }

    /// A field of a case.
    pub(crate) fn field(self, field: Field) -> &'static str {
        match field {
            Field::Category => self.field_category(),
            Field::Description => self.field_description(),
            Field::Place => self.field_place(),
            Field::Urgency => self.field_urgency(),
        }
    }

    /// How the sync stands, in a word or two.
    pub(crate) fn sync(self, status: &SyncStatus) -> String {
        match status.doing {
            Some(Doing::Push { left }) => return self.sync_push(left.into()),
            Some(Doing::PhotosUp { left, .. }) => return self.sync_photos_up(left),
            Some(Doing::Pull | Doing::PhotosDown { .. }) => return self.sync_pull().to_owned(),
            Some(Doing::Hello) => return self.sync_busy().to_owned(),
            None => {}
        }
        self.link(status.link).to_owned()
    }

    /// Whether the hub is reached.
    pub(crate) fn link(self, link: Link) -> &'static str {
        match link {
            Link::None => self.sync_none(),
            Link::Unknown => self.sync_unknown(),
            Link::Up => self.sync_up(),
            Link::Offline => self.sync_offline(),
            Link::NotAHub => self.sync_not_a_hub(),
            Link::Refused { .. } => self.sync_refused(),
            Link::Untrue => self.sync_untrue(),
            Link::Local => self.sync_local(),
        }
    }
}
