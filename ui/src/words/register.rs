//! The words of the register: fields, codes, and what is wrong with a value.

use shared::{
    ipc::DoorState,
    register::{EntryKind, check::Wrong, schema::IN_GRID, words::ethnic::ethnic},
    visit::Met,
};

use super::Words;

impl Words {
    /// What a field is called; one this version does not know by its own name.
    pub(crate) fn field_of(self, kind: EntryKind, field: &str) -> String {
        let known = match (kind, field) {
            (EntryKind::Building, "name") => self.reg_f_building_name(),
            (EntryKind::Place, "name") => self.reg_f_place_name(),
            (EntryKind::Place, "kind") => self.reg_f_place_kind(),
            (EntryKind::Management, "officer") => self.control_officer(),
            (EntryKind::Management, "note") => self.control_note(),
            (EntryKind::Campaign, "note") => self.camp_f_note(),
            (EntryKind::Campaign, "ended_on") => self.camp_f_ended_on(),
            (EntryKind::Campaign, grid) if grid.starts_with(IN_GRID) => self.camp_f_grids(),
            (_, "title") => self.camp_f_title(),
            (_, "form") => self.camp_f_form(),
            (_, "counts") => self.camp_f_counts(),
            (_, "about") => self.camp_f_about(),
            (_, "from") => self.camp_f_from(),
            (_, "until") => self.camp_f_until(),
            (_, "min_age") => self.camp_f_min_age(),
            (_, "max_age") => self.camp_f_max_age(),
            (_, "call_first") => self.reg_f_call_first(),
            (_, "grid") => self.reg_f_grid(),
            (_, "compound") => self.reg_f_compound(),
            (_, "name") => self.reg_f_name(),
            (_, "address") => self.reg_f_address(),
            (_, "code") => self.reg_f_code(),
            (_, "use") => self.reg_f_use(),
            (_, "units") => self.reg_f_units(),
            (_, "floors") => self.reg_f_floors(),
            (_, "floors_below") => self.reg_f_floors_below(),
            (_, "manager") => self.reg_f_manager(),
            (_, "manager_phone") => self.reg_f_manager_phone(),
            (_, "steward") => self.reg_f_steward(),
            (_, "steward_phone") => self.reg_f_steward_phone(),
            (_, "hazards") => self.reg_f_hazards(),
            (_, "position") => self.reg_f_position(),
            (_, "lng") => self.reg_f_lng(),
            (_, "lat") => self.reg_f_lat(),
            (_, "building") => self.reg_f_building(),
            (_, "unit") => self.reg_f_unit(),
            (_, "floor") => self.reg_f_floor(),
            (_, "room") => self.reg_f_room(),
            (_, "owner") => self.reg_f_owner(),
            (_, "owner_phone") => self.reg_f_owner_phone(),
            (_, "door_code") => self.reg_f_door_code(),
            (_, "note") => self.reg_f_note(),
            (_, "dwelling") => self.reg_f_dwelling(),
            (_, "hukou_no") => self.reg_f_hukou_no(),
            (_, "ended_on") => self.reg_f_ended_on(),
            (_, "household") => self.reg_f_household(),
            (_, "relation") => self.reg_f_relation(),
            (_, "id_type") => self.reg_f_id_type(),
            (_, "id_no") => self.reg_f_id_no(),
            (_, "sex") => self.reg_f_sex(),
            (_, "birth") => self.reg_f_birth(),
            (_, "ethnic") => self.reg_f_ethnic(),
            (_, "phone") => self.reg_f_phone(),
            (_, "kind") => self.reg_f_kind(),
            (_, "hukou_address") => self.reg_f_hukou_address(),
            (_, "marital") => self.reg_f_marital(),
            (_, "education") => self.reg_f_education(),
            (_, "disability") => self.reg_f_disability(),
            (_, "disability_level") => self.reg_f_disability_level(),
            (_, "work") => self.reg_f_work(),
            (_, "contact") => self.reg_f_contact(),
            (_, "contact_phone") => self.reg_f_contact_phone(),
            (_, "presence") => self.reg_f_presence(),
            (_, "presence_since") => self.reg_f_presence_since(),
            (_, "uscc") => self.reg_f_uscc(),
            (_, "staff") => self.reg_f_staff(),
            (_, "risks") => self.reg_f_risks(),
            (_, "same_as") => self.dup_f_same_as(),
            (_, other) => return other.to_owned(),
        };
        known.to_owned()
    }

    /// What a code says; one this version does not know as it is.
    pub(crate) fn code_of(self, kind: EntryKind, field: &str, code: &str) -> String {
        if field == "ethnic" {
            return self.ethnic(code);
        }
        let known = match (kind, field, code) {
            (_, "use", "housing") => self.reg_c_use_housing(),
            (_, "use", "mixed") => self.reg_c_use_mixed(),
            (_, "use", "business") => self.reg_c_use_business(),
            (_, "use", "public") => self.reg_c_use_public(),
            (_, "use", "other") | (EntryKind::Place, "kind", "other") | (_, "education", "90") => {
                self.reg_c_use_other()
            }
            (_, "use", "owner") => self.reg_c_use_owner(),
            (_, "use", "rented") => self.reg_c_use_rented(),
            (_, "use", "vacant") => self.reg_c_use_vacant(),
            (_, "use", "shared") => self.reg_c_use_shared(),
            (_, "id_type", "resident") => self.reg_c_id_resident(),
            (_, "id_type", "passport") => self.reg_c_id_passport(),
            (_, "id_type", "hmt") => self.reg_c_id_hmt(),
            (_, "id_type", "foreigner") => self.reg_c_id_foreigner(),
            (_, "id_type", "other") => self.reg_c_id_other(),
            (_, "id_type", "none") => self.reg_c_id_none(),
            (_, "sex", "0") => self.reg_c_sex_0(),
            (_, "sex", "1") => self.reg_c_sex_1(),
            (_, "sex", "2") => self.reg_c_sex_2(),
            (_, "sex", "9") => self.reg_c_sex_9(),
            (EntryKind::Resident, "kind", "registered") => self.reg_c_kind_registered(),
            (EntryKind::Resident, "kind", "permanent") => self.reg_c_kind_permanent(),
            (EntryKind::Resident, "kind", "floating") => self.reg_c_kind_floating(),
            (EntryKind::Resident, "kind", "overseas") => self.reg_c_kind_overseas(),
            (_, "relation", "head") => self.reg_c_rel_head(),
            (_, "relation", "1") => self.reg_c_rel_1(),
            (_, "relation", "2") => self.reg_c_rel_2(),
            (_, "relation", "3") => self.reg_c_rel_3(),
            (_, "relation", "4") => self.reg_c_rel_4(),
            (_, "relation", "5") => self.reg_c_rel_5(),
            (_, "relation", "6") => self.reg_c_rel_6(),
            (_, "relation", "7") => self.reg_c_rel_7(),
            (_, "relation", "8") => self.reg_c_rel_8(),
            (_, "presence", "here") => self.reg_c_pres_here(),
            (_, "presence", "moved") => self.reg_c_pres_moved(),
            (_, "presence", "dead") => self.reg_c_pres_dead(),
            (_, "marital", "10") => self.reg_c_mar_10(),
            (_, "marital", "20") => self.reg_c_mar_20(),
            (_, "marital", "30") => self.reg_c_mar_30(),
            (_, "marital", "40") => self.reg_c_mar_40(),
            (_, "marital", "90") => self.reg_c_mar_90(),
            (_, "education", "10") => self.reg_c_edu_10(),
            (_, "education", "20") => self.reg_c_edu_20(),
            (_, "education", "30") => self.reg_c_edu_30(),
            (_, "education", "40") => self.reg_c_edu_40(),
            (_, "education", "60") => self.reg_c_edu_60(),
            (_, "education", "70") => self.reg_c_edu_70(),
            (_, "education", "80") => self.reg_c_edu_80(),
            (_, "disability", "1") => self.reg_c_dis_1(),
            (_, "disability", "2") => self.reg_c_dis_2(),
            (_, "disability", "3") => self.reg_c_dis_3(),
            (_, "disability", "4") => self.reg_c_dis_4(),
            (_, "disability", "5") => self.reg_c_dis_5(),
            (_, "disability", "6") => self.reg_c_dis_6(),
            (_, "disability", "7") => self.reg_c_dis_7(),
            (_, "disability_level", "1") => self.reg_c_dis_level_1(),
            (_, "disability_level", "2") => self.reg_c_dis_level_2(),
            (_, "disability_level", "3") => self.reg_c_dis_level_3(),
            (_, "disability_level", "4") => self.reg_c_dis_level_4(),
            (EntryKind::Place, "kind", "shop") => self.reg_c_place_shop(),
            (EntryKind::Place, "kind", "company") => self.reg_c_place_company(),
            (EntryKind::Place, "kind", "school") => self.reg_c_place_school(),
            (EntryKind::Place, "kind", "clinic") => self.reg_c_place_clinic(),
            (EntryKind::Place, "kind", "venue") => self.reg_c_place_venue(),
            (_, "about", "resident") => self.camp_about_resident(),
            (_, "about", "household") => self.camp_about_household(),
            (_, "about", "dwelling") => self.camp_about_dwelling(),
            (_, "care", "alone") => self.reg_c_care_alone(),
            (_, "care", "empty_nest") => self.reg_c_care_empty_nest(),
            (_, "care", "aged") => self.reg_c_care_aged(),
            (_, "care", "disabled_elder") => self.reg_c_care_disabled_elder(),
            (_, "care", "disability") => self.reg_c_care_disability(),
            (_, "care", "low_income") => self.reg_c_care_low_income(),
            (_, "care", "child_in_need") => self.reg_c_care_child_in_need(),
            (_, "care", "left_behind") => self.reg_c_care_left_behind(),
            (_, "care", "pregnant") => self.reg_c_care_pregnant(),
            (_, "care", "illness") => self.reg_c_care_illness(),
            (_, "care", "bereaved") => self.reg_c_care_bereaved(),
            (_, "care", "veteran") => self.reg_c_care_veteran(),
            (_, "care", "unemployed") => self.reg_c_care_unemployed(),
            (_, "control", "correction") => self.control_tag_correction(),
            (_, "control", "released") => self.control_tag_released(),
            (_, "control", "drugs") => self.control_tag_drugs(),
            (_, "control", "mental") => self.control_tag_mental(),
            (_, "control", "petition") => self.control_tag_petition(),
            (_, _, other) => return other.to_owned(),
        };
        known.to_owned()
    }

    /// An ethnic group, by the names of the standard.
    fn ethnic(self, code: &str) -> String {
        let Some((zh, latin)) = ethnic(code) else {
            return code.to_owned();
        };
        let mut said = self.pick(zh, latin).to_owned();
        if let Some(first) = said.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        said
    }

    /// What is registered.
    pub(crate) fn entry_kind(self, kind: EntryKind) -> &'static str {
        match kind {
            EntryKind::Building => self.reg_building(),
            EntryKind::Dwelling => self.reg_dwelling(),
            EntryKind::Household => self.reg_household(),
            EntryKind::Resident => self.reg_resident(),
            EntryKind::Place => self.reg_place(),
            EntryKind::Campaign => self.camp_one(),
            EntryKind::Management => self.control_title(),
        }
    }

    /// What a door asks for.
    pub(crate) fn door_state(self, state: DoorState) -> &'static str {
        match state {
            DoorState::Due => self.reg_state_due(),
            DoorState::NotHome => self.reg_state_not_home(),
            DoorState::Done => self.reg_state_done(),
            DoorState::Attention => self.reg_state_attention(),
            DoorState::Vacant => self.reg_state_vacant(),
        }
    }

    /// What came of a visit.
    pub(crate) fn met(self, outcome: Met) -> &'static str {
        match outcome {
            Met::Met => self.reg_met(),
            Met::NotHome => self.reg_not_home(),
            Met::Refused => self.reg_refused(),
            Met::Moved => self.reg_moved(),
            Met::Phone => self.reg_phone(),
        }
    }

    /// What is wrong with a value, and what to do.
    pub(crate) fn wrong(self, wrong: &Wrong) -> String {
        let said = match wrong {
            Wrong::Missing => self.reg_w_missing(),
            Wrong::NotOffered => self.reg_w_not_offered(),
            Wrong::NotADay => self.reg_w_not_a_day(),
            Wrong::InFuture => self.reg_w_in_future(),
            Wrong::OutOfRange => self.reg_w_out_of_range(),
            Wrong::IdLength => self.reg_w_id_length(),
            Wrong::IdBirth => self.reg_w_id_birth(),
            Wrong::IdChecksum => self.reg_w_id_checksum(),
            Wrong::IdOtherBirth => self.reg_w_id_other_birth(),
            Wrong::IdOtherSex => self.reg_w_id_other_sex(),
            Wrong::NotAPhone => self.reg_w_not_a_phone(),
            Wrong::NotACreditCode => self.reg_w_not_a_credit_code(),
            Wrong::BeforeBeginning => self.reg_w_before_beginning(),
            Wrong::TooLong => self.reg_w_too_long(),
            Wrong::OtherHead { name } => return self.reg_w_other_head(name),
        };
        said.to_owned()
    }
}
