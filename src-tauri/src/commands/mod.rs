//! What the UI may call: one line a command. Arguments and answers are in `shared::ipc`, the work
//! is done by the core.
#![expect(
    clippy::let_underscore_must_use,
    reason = "tauri's macro drops a witness of types"
)]

mod capture;
mod cases;
mod delivery;
mod forms;
mod households;
mod import;
mod register;
mod rounds;
mod session;

/// Declares commands: each hands its arguments to the core's method of the same name.
macro_rules! commands {
    ($($name:ident($args:ident);)*) => {
        $(
            #[tauri::command]
            pub(crate) async fn $name(
                client: tauri::State<'_, client::Client>,
                args: shared::ipc::$args,
            ) -> Result<<shared::ipc::$args as shared::ipc::Command>::Answer, shared::ipc::IpcError>
            {
                client.$name(args).await
            }
        )*
    };
}
pub(crate) use commands;

/// The table of all commands.
pub(crate) fn handler() -> impl Fn(tauri::ipc::Invoke) -> bool {
    tauri::generate_handler![
        session::get_session,
        session::enrol_device,
        session::save_settings,
        session::dismiss_set_aside,
        session::get_about,
        capture::get_today,
        capture::get_catalogue,
        capture::open_draft,
        capture::save_draft,
        capture::discard_draft,
        capture::restore_draft,
        capture::put_photo_chunk,
        capture::resolve_place,
        capture::find_addresses,
        capture::find_similar,
        capture::report_draft,
        capture::add_draft_to_case,
        cases::list_cases,
        cases::get_case,
        cases::get_history,
        cases::supplement_case,
        cases::withdraw_case,
        cases::self_handle_case,
        cases::register_case,
        cases::reject_case,
        cases::acknowledge_case,
        cases::amend_case,
        cases::merge_case,
        cases::split_case,
        cases::find_alike,
        cases::delete_case,
        cases::restore_case,
        cases::list_conflicts,
        register::list_buildings,
        register::get_building,
        register::get_door,
        register::list_places,
        register::get_place_entry,
        register::search_register,
        register::print_plates,
        register::put_plate_chunk,
        register::get_own_grids,
        register::enter_entry,
        register::change_entry,
        register::decide_field,
        register::list_disputes,
        register::get_entry_history,
        register::confirm_door,
        register::confirm_entry,
        register::visit_door,
        register::reveal_field,
        register::reveal_answer,
        register::reveal_control,
        register::change_control,
        households::leave_household,
        households::move_residents,
        households::move_household,
        households::split_household,
        households::join_households,
        households::undo_arranged,
        households::list_duplicates,
        households::merge_residents,
        households::part_residents,
        households::unmerge_resident,
        rounds::get_round,
        rounds::list_campaigns,
        rounds::get_campaign,
        rounds::get_answers,
        rounds::list_missing,
        rounds::list_countable,
        import::put_import_chunk,
        import::preview_import,
        import::list_import_mistakes,
        import::run_import,
        import::get_import_progress,
        import::save_import_mistakes,
        import::drop_import,
        delivery::get_delivery,
        forms::list_forms,
        forms::open_form,
        forms::answer_form,
        forms::add_to_form,
        forms::remove_from_form,
        forms::set_form,
        forms::find_choices,
        forms::finish_form,
        forms::file_unchanged,
        forms::discard_form,
        forms::restore_form,
        forms::list_records,
        forms::get_record,
        forms::erase,
        forms::get_erased,
        forms::export_file,
        forms::put_form_chunk,
        forms::publish_form,
        forms::drop_form,
        delivery::get_sync_status,
        delivery::sync_now,
        delivery::network_is_back,
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_window_may_call_exactly_the_commands_of_the_contract() {
        let permitted: Vec<_> = include_str!("../../commands.txt").lines().collect();

        assert_eq!(
            permitted,
            shared::ipc::COMMANDS,
            "commands.txt lists what the build permits"
        );
    }

    #[test]
    fn the_capability_permits_every_command_and_nothing_else_of_ours() {
        let capability: serde_json::Value =
            serde_json::from_str(include_str!("../../capabilities/main.json")).unwrap();
        let permitted: Vec<_> = capability["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|p| p.as_str()?.strip_prefix("allow-"))
            .map(|p| p.replace('-', "_"))
            .collect();

        assert_eq!(permitted, shared::ipc::COMMANDS);
    }
}
