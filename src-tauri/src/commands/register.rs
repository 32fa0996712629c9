//! 居民: the register, door by door.

super::commands! {
    list_buildings(ListBuildings);
    get_building(GetBuilding);
    get_door(GetDoor);
    list_places(ListPlaces);
    get_place_entry(GetPlaceEntry);
    search_register(SearchRegister);
    print_plates(PrintPlates);
    put_plate_chunk(PutPlateChunk);
    get_own_grids(GetOwnGrids);
    enter_entry(EnterEntry);
    change_entry(ChangeEntry);
    decide_field(DecideField);
    list_disputes(ListDisputes);
    get_entry_history(GetEntryHistory);
    confirm_door(ConfirmDoor);
    confirm_entry(ConfirmEntry);
    visit_door(VisitDoor);
    reveal_field(RevealField);
    reveal_answer(RevealAnswer);
    reveal_control(RevealControl);
    change_control(ChangeControl);
}
