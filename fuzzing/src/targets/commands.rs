//! Whatever the page, or somebody in its place, asks the core for.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use shared::ipc::{EnrolDevice, ExportFile, IpcError, ListForms, PublishForm, ReportDraft};

use super::photo_pieces::has_a_reason;
use crate::{
    measure::Bound,
    tablet::{Tablet, Template},
    target::Stand,
    whim::{self, Whim},
};

/// A command may answer with a whole page of cases and the catalogue of a city.
pub(super) const COMMAND: Bound = Bound {
    ms: 20_000,
    bytes: 128 << 20,
};

/// One input plays no more of them.
const AT_ONCE: usize = 12;

/// Takes arguments and gives the answer, as the page would see them.
type Call = fn(&Tablet, &mut Whim<'_>) -> Option<Result<Value, IpcError>>;

macro_rules! called {
    ($($name:ident($args:ident);)*) => {
        /// All but those that ask a hub.
        const CALLED: &[(&str, Call)] = &[
            $((stringify!($name), |tablet, whim| {
                let args = through_json::<shared::ipc::$args>(whim)?;
                let answer = tablet.waits_for(Box::pin(tablet.client.$name(args)));
                Some(answer.map(|it| serde_json::to_value(it).unwrap()))
            })),*
        ];

        /// Arguments as JSON, as they come.
        fn read_all(bytes: &[u8]) {
            $(drop(serde_json::from_slice::<shared::ipc::$args>(bytes));)*
            drop(serde_json::from_slice::<EnrolDevice>(bytes));
            drop(serde_json::from_slice::<ExportFile>(bytes));
            drop(serde_json::from_slice::<PublishForm>(bytes));
        }
    };
}

called! {
    get_session(GetSession);
    save_settings(SaveSettings);
    dismiss_set_aside(DismissSetAside);
    get_about(GetAbout);
    get_today(GetToday);
    get_catalogue(GetCatalogue);
    open_draft(OpenDraft);
    save_draft(SaveDraft);
    discard_draft(DiscardDraft);
    restore_draft(RestoreDraft);
    put_photo_chunk(PutPhotoChunk);
    resolve_place(ResolvePlace);
    find_addresses(FindAddresses);
    find_similar(FindSimilar);
    report_draft(ReportDraft);
    add_draft_to_case(AddDraftToCase);
    list_cases(ListCases);
    get_case(GetCase);
    get_history(GetHistory);
    supplement_case(SupplementCase);
    withdraw_case(WithdrawCase);
    self_handle_case(SelfHandleCase);
    register_case(RegisterCase);
    reject_case(RejectCase);
    acknowledge_case(AcknowledgeCase);
    amend_case(AmendCase);
    merge_case(MergeCase);
    split_case(SplitCase);
    find_alike(FindAlike);
    delete_case(DeleteCase);
    restore_case(RestoreCase);
    list_conflicts(ListConflicts);
    list_disputes(ListDisputes);
    get_entry_history(GetEntryHistory);
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
    confirm_door(ConfirmDoor);
    confirm_entry(ConfirmEntry);
    visit_door(VisitDoor);
    reveal_field(RevealField);
    reveal_answer(RevealAnswer);
    reveal_control(RevealControl);
    change_control(ChangeControl);
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
    get_round(GetRound);
    list_campaigns(ListCampaigns);
    get_campaign(GetCampaign);
    get_answers(GetAnswers);
    list_missing(ListMissing);
    list_countable(ListCountable);
    put_import_chunk(PutImportChunk);
    preview_import(PreviewImport);
    list_import_mistakes(ListImportMistakes);
    run_import(RunImport);
    get_import_progress(GetImportProgress);
    save_import_mistakes(SaveImportMistakes);
    drop_import(DropImport);
    get_delivery(GetDelivery);
    list_forms(ListForms);
    open_form(OpenForm);
    answer_form(AnswerForm);
    add_to_form(AddToForm);
    remove_from_form(RemoveFromForm);
    set_form(SetForm);
    find_choices(FindChoices);
    finish_form(FinishForm);
    file_unchanged(FileUnchanged);
    discard_form(DiscardForm);
    restore_form(RestoreForm);
    list_records(ListRecords);
    get_record(GetRecord);
    erase(Erase);
    get_erased(GetErased);
    put_form_chunk(PutFormChunk);
    drop_form(DropForm);
    get_sync_status(GetSyncStatus);
}

/// Those that ask a hub.
#[cfg(test)]
const NOT_CALLED: [&str; 5] = [
    "enrol_device",
    "export_file",
    "publish_form",
    "sync_now",
    "network_is_back",
];

/// Some arguments; what the page can't write down does not arrive.
fn through_json<T: Serialize + DeserializeOwned>(whim: &mut Whim<'_>) -> Option<T> {
    let args: T = whim::some(whim)?;
    serde_json::from_value(serde_json::to_value(&args).ok()?).ok()
}

/// Words, days, numbers and names that mean something to one command or another.
const WORDS: [&str; 40] = [
    "name",
    "phone",
    "id_no",
    "id_type",
    "sex",
    "birth",
    "relation",
    "household",
    "dwelling",
    "building",
    "unit",
    "floor",
    "room",
    "compound",
    "grid",
    "presence",
    "moved",
    "care:alone",
    "care:disability",
    "control:petition",
    "same_as",
    "door_code",
    "address",
    "position",
    "counts",
    "resident",
    "2026-09-25",
    "1990-03-07",
    "2999-01-01",
    "110101199003070011",
    "440524188001010014",
    "13800000001",
    "head",
    "1",
    "E0110",
    "漏水",
    "ls",
    "田甲",
    "1幢",
    "GRIDWALKER:DOOR/AAAAAAAAAAAAAAAAAAAAAAAAAA",
];

/// A device on which something of everything is, and the texts that name it.
fn furnished() -> (Template, Vec<String>) {
    let tablet = Tablet::new();
    for (id, name) in (1..).zip(super::filled::SHIPPED) {
        tablet.gets(id, &super::filled::shipped(name.1));
    }
    let mut pool: Vec<String> = WORDS.map(str::to_owned).to_vec();
    let grid = crate::tablet::person().grids[0].to_string();
    let mut enter = |kind: &str, fields: Value| {
        let args = serde_json::json!({ "kind": kind, "set": fields });
        let entered = tablet
            .client
            .enter_entry(serde_json::from_value(args).unwrap());
        let id = tablet.waits_for(entered).unwrap().id.to_string();
        pool.push(id.clone());
        id
    };
    let text = |text: &str| serde_json::json!(text);
    let building = enter(
        "building",
        serde_json::json!({ "grid": text(&grid), "name": "1幢", "compound": "杏花苑", "units": 2, "floors": 6 }),
    );
    for nth in ["101", "102"] {
        let dwelling = enter(
            "dwelling",
            serde_json::json!({ "building": building, "unit": "1", "floor": 1, "room": nth }),
        );
        let household = enter("household", serde_json::json!({ "dwelling": dwelling }));
        for name in ["田甲", "欧阳小云"] {
            let resident = serde_json::json!({ "household": household, "name": name });
            enter("resident", resident);
        }
    }
    pool.push(grid);
    let case = tablet.waits_for(report(&tablet));
    pool.extend(case);
    let forms = tablet
        .waits_for(tablet.client.list_forms(ListForms {}))
        .unwrap();
    names_in(&serde_json::to_value(forms).unwrap(), &mut pool);
    (tablet.off(), pool)
}

/// A report that was sent, and one that is being written.
async fn report(tablet: &Tablet) -> Vec<String> {
    let client = &tablet.client;
    let draft = scenarios::world::draft(client, "井盖松动", &[])
        .await
        .unwrap();
    let sent = client.report_draft(ReportDraft { draft }).await.unwrap();
    let open = scenarios::world::draft(client, "还没写完", &[])
        .await
        .unwrap();
    vec![sent.case.to_string(), draft.to_string(), open.to_string()]
}

/// Ids, digests and addresses that an answer names.
fn names_in(answer: &Value, pool: &mut Vec<String>) {
    match answer {
        Value::String(text) => {
            let is_a_name = (2..=64).contains(&text.len()) && text.is_ascii();
            if is_a_name && pool.len() < 400 && !pool.contains(text) {
                pool.push(text.clone());
            }
        }
        Value::Array(all) => all.iter().for_each(|one| names_in(one, pool)),
        Value::Object(all) => all.values().for_each(|one| names_in(one, pool)),
        _ => {}
    }
}

/// Some commands, one after the other, on a device of their own; each sees what the ones before named.
pub(super) fn commands() -> Stand {
    let (template, pool) = furnished();
    let count = u8::try_from(CALLED.len()).unwrap();
    let examples = (0..count).map(|nth| {
        let mut some = crate::chance::Chance::of(u64::from(nth));
        let mut bytes: Vec<u8> = (0..96)
            .map(|_| u8::try_from(some.next(256)).unwrap())
            .collect();
        bytes[0] = nth;
        bytes
    });
    Stand::new(examples.collect(), move |bytes| {
        read_all(bytes);
        let tablet = template.copy();
        let mut pool = pool.clone();
        let mut rest = bytes;
        for _ in 0..AT_ONCE {
            let known = pool.clone();
            let mut whim = Whim::new(rest, &known);
            if whim.is_used_up() {
                break;
            }
            let (name, call) = CALLED[whim.below(CALLED.len())];
            if let Some(answer) = call(&tablet, &mut whim) {
                match answer {
                    Ok(answer) => names_in(&answer, &mut pool),
                    Err(error) => assert!(has_a_reason(&error), "{name}: {error:?}"),
                }
            }
            let left = whim.left();
            rest = &bytes[bytes.len() - left..];
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_called_or_asks_a_hub() {
        let called = CALLED.iter().map(|(name, _)| *name);
        let all: std::collections::BTreeSet<_> = called.chain(NOT_CALLED).collect();
        assert_eq!(all, shared::ipc::COMMANDS.iter().copied().collect());
    }

    #[test]
    fn most_commands_get_arguments_that_they_take() {
        let (template, pool) = furnished();
        let mut chance = crate::chance::Chance::of(7);
        let mut answered = 0;
        for (_, call) in CALLED {
            let tablet = template.copy();
            let is_answered = (0..200).any(|_| {
                let bytes: Vec<u8> = (0..200)
                    .map(|_| u8::try_from(chance.next(256)).unwrap())
                    .collect();
                let answer = call(&tablet, &mut Whim::new(&bytes, &pool));
                matches!(answer, Some(Ok(_)))
            });
            answered += usize::from(is_answered);
        }
        assert!(
            answered * 2 > CALLED.len(),
            "{answered} of {}",
            CALLED.len()
        );
    }
}
