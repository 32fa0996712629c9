//! The residents that rows speak of.

use shared::{
    EntryId, FieldName,
    ipc::ImportWrong,
    register::{EntryKind, FieldValue, Fields, check::Wrong, fields, schema},
};

use super::{Group, Merged, Work, differing, places::Place};
use crate::{
    error::Result,
    import::{
        known::{Person, Standing},
        rows::Said,
    },
    ops::change,
};

/// The resident that a row means.
pub(super) struct Meant {
    id: Option<EntryId>,
    standing: Option<Standing>,
    /// What is to be written of somebody who stands in the register.
    set: Fields,
    merged: Merged,
    /// The household to belong to; none: it stays as it is.
    household: Option<usize>,
    /// The household whose head this makes them.
    heads: Option<usize>,
    /// The register has them somewhere else, and they stay there: the row says nothing of its place.
    pub(super) is_elsewhere: bool,
}

impl Work<'_, '_> {
    /// Whether the register has exactly one with the number that a row names.
    pub(super) fn is_known_by_number(&self, said: &Said) -> Result<bool> {
        let number = said.text(EntryKind::Resident, "id_no");
        Ok(!number.is_empty() && self.known.with_number(number)?.len() == 1)
    }

    /// The resident that a row means, and the household; `None`: it speaks of none, or can't be
    /// understood. Whom an earlier row meant is told.
    pub(super) fn resident(
        &mut self,
        said: &mut Said,
        place: Option<&mut Place>,
    ) -> Result<Option<Meant>> {
        let dwelling = place.as_ref().and_then(|it| it.dwelling);
        if !said.speaks_of(EntryKind::Resident) {
            if let (Some(place), Some(dwelling), true) =
                (place, dwelling, said.speaks_of(EntryKind::Household))
            {
                place.household = self.household(said, dwelling, None)?;
                self.know(said, place.household)?;
            }
            return Ok(None);
        }
        let person = match self.person(said, dwelling)? {
            Ok(person) => person,
            Err(why) => {
                said.tell(EntryKind::Resident, "id_no", why);
                return Ok(None);
            }
        };
        if person.is_none() && said.text(EntryKind::Resident, "name").is_empty() {
            let wrong = Wrong::Missing;
            said.tell(EntryKind::Resident, "name", ImportWrong::Value { wrong });
        }
        self.tell_if_seen(said, person.as_ref(), dwelling);
        let home = person.as_ref().and_then(|it| it.household);
        let home_door = match home {
            Some(home) => self.known.dwelling_of(home)?,
            None => None,
        };
        let here = dwelling.and_then(|at| self.plan.dwellings.get(at)?.id);
        let is_elsewhere = person.is_some() && (dwelling.is_none() || home_door != here);
        let moves = is_elsewhere && dwelling.is_some();
        let stays = is_elsewhere && !(moves && self.of.replace);
        let household = match dwelling.filter(|_| !stays) {
            None => None,
            Some(dwelling) => self.household(said, dwelling, home.filter(|_| !is_elsewhere))?,
        };
        self.know(said, household)?;
        if let Some(place) = place {
            place.household = household;
        }
        let mut meant = Meant {
            id: person.as_ref().map(|it| it.id),
            standing: None,
            set: Fields::new(),
            merged: Merged::default(),
            household: household.filter(|_| person.is_none() || moves),
            heads: None,
            is_elsewhere: stays,
        };
        if let Some(person) = &person {
            let standing = (self.of.look)(EntryKind::Resident, person.id)?;
            let said_of_them = said.fields(EntryKind::Resident);
            (meant.set, meant.merged) = differing(&standing, said_of_them, self.of.replace);
            meant.merged.differing += u32::from(moves);
            let of = (EntryKind::Resident, &standing);
            tell_mistakes(said, of, &meant.set, self.of.reading.today);
            meant.standing = Some(standing);
        }
        let becomes_head = becomes_head(said, &meant, person.as_ref());
        meant.heads = household.filter(|_| becomes_head);
        let heads = meant.heads.and_then(|at| self.plan.households.get(at));
        if heads.is_some_and(|it| it.has_head) {
            said.tell(EntryKind::Resident, "relation", ImportWrong::TwoHeads);
        }
        Ok(Some(meant))
    }

    fn know(&mut self, said: &Said, household: Option<usize>) -> Result<()> {
        let asked = household.filter(|_| said.speaks_of(EntryKind::Household));
        asked.map_or(Ok(()), |at| self.know_household(at))
    }

    /// Whom of the register a row means: by the number, else by name and birth among those who live
    /// behind the same door.
    fn person(
        &mut self,
        said: &Said,
        dwelling: Option<usize>,
    ) -> Result<Result<Option<Person>, ImportWrong>> {
        let text = |field: &str| said.text(EntryKind::Resident, field);
        let (number, name) = (text("id_no"), text("name"));
        // A number with another birth than the one that stands is a mistake in one of them and to be
        // told, not another person.
        let birth = if said.is_birth_by_number {
            ""
        } else {
            text("birth")
        };
        if !number.is_empty() {
            match self.known.with_number(number)?.as_slice() {
                [] => {}
                [one] => return Ok(Ok(Some(one.clone()))),
                _ => return Ok(Err(ImportWrong::WhichPerson)),
            }
        }
        let door = dwelling.and_then(|at| self.plan.dwellings.get(at)?.id);
        let Some(door) = door.filter(|_| !name.is_empty()) else {
            return Ok(Ok(None));
        };
        let behind = self.known.behind(door)?.iter();
        let mut same: Vec<&Person> = behind
            .filter(|it| it.name == name)
            .filter(|it| it.birth == birth || it.birth.is_empty() || birth.is_empty())
            // Another number is another person.
            .filter(|it| it.id_no.is_empty() || number.is_empty())
            .collect();
        same.sort_unstable_by_key(|it| it.id);
        same.dedup_by_key(|it| it.id);
        Ok(match same.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some((*one).clone())),
            _ => Err(ImportWrong::WhichPerson),
        })
    }

    fn tell_if_seen(&mut self, said: &mut Said, person: Option<&Person>, dwelling: Option<usize>) {
        let text = |field: &str| said.text(EntryKind::Resident, field).to_owned();
        let (number, name, birth) = (text("id_no"), text("name"), text("birth"));
        let earlier = [
            self.by_number.get(&number).copied(),
            person.and_then(|it| self.by_id.get(&it.id).copied()),
            dwelling.filter(|_| number.is_empty()).and_then(|at| {
                self.by_name
                    .get(&(at, name.clone(), birth.clone()))
                    .copied()
            }),
        ];
        if let Some(row) = earlier.into_iter().flatten().next() {
            let field = if number.is_empty() { "name" } else { "id_no" };
            said.tell(EntryKind::Resident, field, ImportWrong::SamePerson { row });
            return;
        }
        if let Some(person) = person {
            self.by_id.insert(person.id, said.row);
        }
        if !number.is_empty() {
            self.by_number.insert(number, said.row);
        } else if let Some(at) = dwelling {
            self.by_name.insert((at, name, birth), said.row);
        }
    }

    /// Takes over what a row that is right says of its resident. Says whether anything changes by it.
    pub(super) fn take_resident(&mut self, said: &mut Said, meant: Meant) -> bool {
        if let Some(group) = meant.heads.and_then(|at| self.plan.households.get_mut(at)) {
            group.has_head = true;
        }
        let is_new = meant.standing.is_none();
        let set = if is_new {
            std::mem::take(said.fields_mut(EntryKind::Resident))
        } else {
            meant.set
        };
        let moves = !is_new && meant.household.is_some();
        let changes = is_new || !set.is_empty() || meant.household.is_some();
        self.count(meant.merged);
        self.plan.residents.push(Group {
            id: meant.id,
            standing: meant.standing,
            parent: meant.household,
            set: set.into(),
            used: true,
            moves,
            ..Group::default()
        });
        changes
    }
}

/// Whether somebody is the head of a household by this who was not.
fn becomes_head(said: &Said, meant: &Meant, person: Option<&Person>) -> bool {
    let becomes = match &meant.standing {
        Some(_) => meant.set.get("relation"),
        None => said.fields(EntryKind::Resident).get("relation"),
    };
    let becomes_head = becomes.and_then(|it| it.as_ref()?.text()) == Some("head");
    let stays_head = person.is_some_and(|it| it.is_head) && meant.household.is_none();
    let moves_as_head = person.is_some_and(|it| it.is_head) && meant.household.is_some();
    (becomes_head && !stays_head) || moves_as_head
}

/// What can't stand beside what stands: as when a person changes it.
pub(super) fn tell_mistakes(
    said: &mut Said,
    (kind, standing): (EntryKind, &Standing),
    set: &Fields,
    today: &str,
) {
    if set.is_empty() {
        return;
    }
    let mut all: Fields = standing.fields.clone();
    all.extend(set.clone());
    for mistake in change::mistakes_of(kind, &all, set, today) {
        let known = fields(kind).iter();
        let field = known.clone().find(|it| it.name == mistake.field.as_str());
        // A value that is wrong by itself was told already.
        let told = said
            .wrong
            .iter()
            .any(|it| mistake.field.as_str() == it.field);
        if let (Some(field), false) = (field, told) {
            let wrong = mistake.wrong;
            said.tell(kind, field.name, ImportWrong::Value { wrong });
        }
    }
}

impl Group {
    /// The links of an entry whose holder has this id.
    pub(in crate::import) fn link(&mut self, kind: EntryKind, holder: Option<EntryId>, grid: &str) {
        self.set
            .insert(FieldName::known(schema::GRID), Some(FieldValue::from(grid)));
        if let (Some((name, _)), Some(holder)) = (kind.belongs_to(), holder) {
            let link = FieldValue::Text(holder.to_string());
            self.set.insert(FieldName::known(name), Some(link));
        }
    }
}
