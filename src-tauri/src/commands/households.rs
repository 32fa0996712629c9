//! What happens to households, and people who stand in the register twice.

super::commands! {
    leave_household(LeaveHousehold);
    move_residents(MoveResidents);
    move_household(MoveHousehold);
    split_household(SplitHousehold);
    join_households(JoinHouseholds);
    undo_arranged(UndoArranged);
    list_duplicates(ListDuplicates);
    merge_residents(MergeResidents);
    part_residents(PartResidents);
    unmerge_resident(UnmergeResident);
}
