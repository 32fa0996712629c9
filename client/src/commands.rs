//! The commands of `shared::ipc`, each a method of its name. Arguments in, core called, answer out.

use std::sync::Arc;

use shared::ipc::{
    About, AcknowledgeCase, AddDraftToCase, AddToForm, AddressHit, AmendCase, AnswerForm, Answers,
    Area, Arranged, BuildingView, Buildings, CampaignView, Campaigns, CaseConflicts, CasePage,
    CaseView, CatalogueView, ChangeControl, ChangeEntry, Changed, ConfirmDoor, ConfirmEntry,
    ControlView, Countable, DecideField, DeleteCase, Delivery, DiscardDraft, DiscardForm,
    DismissSetAside, Disputes, DoorView, Draft, DraftView, DropForm, DropImport, Duplicates,
    EnrolDevice, EnterEntry, Entered, EntryHistory, Erase, ErasedView, FileUnchanged,
    FindAddresses, FindAlike, FindChoices, FindSimilar, FinishForm, FormChange, FormChoices,
    FormFinish, FormList, FormUpload, FormView, GetAbout, GetAnswers, GetBuilding, GetCampaign,
    GetCase, GetCatalogue, GetDelivery, GetDoor, GetEntryHistory, GetErased, GetHistory,
    GetImportProgress, GetOwnGrids, GetPlaceEntry, GetRecord, GetRound, GetSession, GetSyncStatus,
    GetToday, History, ImportDone, ImportMistakes, ImportPreview, ImportProgress, ImportUpload,
    IpcError, JoinHouseholds, LeaveHousehold, ListBuildings, ListCampaigns, ListCases,
    ListConflicts, ListCountable, ListDisputes, ListDuplicates, ListForms, ListImportMistakes,
    ListMissing, ListPlaces, ListRecords, MergeCase, MergeResidents, MoveHousehold, MoveResidents,
    NetworkIsBack, OpenDraft, OpenForm, OwnGrid, PartResidents, PhotoUpload, PlaceEntry, PlacePage,
    PlaceView, PlateUpload, PreviewImport, PrintPlates, PrintedPlates, PutFormChunk,
    PutImportChunk, PutPhotoChunk, PutPlateChunk, RecordPage, RecordView, RegisterCase,
    RegisterHits, RejectCase, RemoveFromForm, ReportDraft, Reported, ResolvePlace, RestoreCase,
    RestoreDraft, RestoreForm, RevealAnswer, RevealControl, RevealField, Revealed, Round,
    RunImport, SaveDraft, SaveImportMistakes, SaveSettings, Saved, SavedFile, SearchRegister,
    SelfHandleCase, Session, SetForm, Settings, SimilarCase, SplitCase, SplitHousehold,
    StillMissing, SupplementCase, SyncNow, SyncStatus, Today, Unchanged, UndoArranged,
    UnmergeResident, VisitDoor, WithdrawCase,
};

use crate::{Client, blocking::beside, import, ops, plates, publishing, set_aside, views};

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident($args:ident) -> $answer:ty = $work:path;)*) => {
        impl Client {
            $(
                $(#[$doc])*
                pub async fn $name(&self, args: $args) -> Result<$answer, IpcError> {
                    self.run(move |core| $work(core, args)).await
                }
            )*
        }
    };
}

commands! {
    /// What 今日 shows.
    get_today(GetToday) -> Today = views::today::get;
    /// All categories, and the likely ones.
    get_catalogue(GetCatalogue) -> CatalogueView = views::catalogue::get;
    /// Opens a draft, or begins one.
    open_draft(OpenDraft) -> Draft = ops::drafts::open;
    /// Saves a draft as it stands.
    save_draft(SaveDraft) -> DraftView = ops::drafts::save;
    /// Puts a draft into the bin.
    discard_draft(DiscardDraft) -> Saved = ops::drafts::discard;
    /// Takes a draft out of the bin.
    restore_draft(RestoreDraft) -> Saved = ops::drafts::restore;
    /// Takes a piece of a photo; with the last one the photo is stored.
    put_photo_chunk(PutPhotoChunk) -> PhotoUpload = ops::put_photo::put;
    /// Makes a place of what is known.
    resolve_place(ResolvePlace) -> PlaceView = views::places::resolve;
    /// Looks for addresses.
    find_addresses(FindAddresses) -> Vec<AddressHit> = views::places::find;
    /// Looks for cases that are likely the same as a draft.
    find_similar(FindSimilar) -> Vec<SimilarCase> = views::similar::find;
    /// 上报.
    report_draft(ReportDraft) -> Reported = ops::report::report;
    /// Adds a draft to an existing case.
    add_draft_to_case(AddDraftToCase) -> Reported = ops::add_draft::add;
    /// A window of the list.
    list_cases(ListCases) -> CasePage = views::case_list::list;
    /// One case whole.
    get_case(GetCase) -> CaseView = views::case::get;
    /// Everything that was done with a case.
    get_history(GetHistory) -> History = views::history::get;
    /// 补充 or +1.
    supplement_case(SupplementCase) -> Saved = ops::supplement::supplement;
    /// 撤回.
    withdraw_case(WithdrawCase) -> Saved = ops::withdraw::withdraw;
    /// 自行处置 after the report.
    self_handle_case(SelfHandleCase) -> Saved = ops::self_handle::self_handle;
    /// 立案.
    register_case(RegisterCase) -> Saved = ops::decide::register;
    /// 不予立案.
    reject_case(RejectCase) -> Saved = ops::decide::reject;
    /// 更正, and deciding what two people corrected differently.
    amend_case(AmendCase) -> Saved = ops::amend::amend;
    /// 并案.
    merge_case(MergeCase) -> Saved = ops::decide::merge;
    /// 撤销并案.
    split_case(SplitCase) -> Saved = ops::decide::split;
    /// Looks for cases that are likely the same as one that is there.
    find_alike(FindAlike) -> Vec<SimilarCase> = views::similar::alike;
    /// 删除, with a reason.
    delete_case(DeleteCase) -> Saved = ops::delete::delete;
    /// 恢复.
    restore_case(RestoreCase) -> Saved = ops::delete::restore;
    /// What this person may decide.
    list_conflicts(ListConflicts) -> Vec<CaseConflicts> = views::conflicts::list;
    /// What is to be decided of the register.
    list_disputes(ListDisputes) -> Disputes = views::register::disputes::list;
    /// Everything that was done with an entry of the register.
    get_entry_history(GetEntryHistory) -> EntryHistory = views::register::history::get;
    /// 知道了.
    acknowledge_case(AcknowledgeCase) -> Saved = ops::acknowledge::acknowledge;
    /// The buildings of this person's grids.
    list_buildings(ListBuildings) -> Buildings = views::register::buildings::list;
    /// One building, door by door.
    get_building(GetBuilding) -> BuildingView = views::register::building::get;
    /// What is behind one door.
    get_door(GetDoor) -> DoorView = views::register::door::get;
    /// A page of the places of this person's grids.
    list_places(ListPlaces) -> PlacePage = views::register::places::list;
    /// One place.
    get_place_entry(GetPlaceEntry) -> PlaceEntry = views::register::places::get;
    /// Looks for people, doors, buildings.
    search_register(SearchRegister) -> RegisterHits = views::register::search::find;
    /// Takes a piece of a photo of a door plate; with the last one the plate is read.
    put_plate_chunk(PutPlateChunk) -> PlateUpload = plates::put;
    /// The grids this person may enter things in.
    get_own_grids(GetOwnGrids) -> Vec<OwnGrid> = views::register::grids::own;
    /// 登记.
    enter_entry(EnterEntry) -> Entered = ops::enter::enter;
    /// 变更.
    change_entry(ChangeEntry) -> Saved = ops::change::change;
    /// Keeps one of several values.
    decide_field(DecideField) -> Saved = ops::change::decide;
    /// 无变化.
    confirm_door(ConfirmDoor) -> Saved = ops::visit::confirm;
    /// 无变化, of one entry.
    confirm_entry(ConfirmEntry) -> Saved = ops::visit::confirm_entry;
    /// 走访.
    visit_door(VisitDoor) -> Saved = ops::visit::visit;
    /// What stands in a masked field, for a reason.
    reveal_field(RevealField) -> Revealed = ops::reveal::field;
    /// Shows a masked answer of a record, for a reason.
    reveal_answer(RevealAnswer) -> Revealed = ops::reveal::answer;
    /// 重点管理 of a resident, for a reason.
    reveal_control(RevealControl) -> ControlView = ops::control::show;
    /// Changes it.
    change_control(ChangeControl) -> Saved = ops::control::change;
    /// 迁出, 去世.
    leave_household(LeaveHousehold) -> Arranged = ops::leave_household::leave;
    /// 搬到另一户.
    move_residents(MoveResidents) -> Arranged = ops::move_residents::go;
    /// 整户搬.
    move_household(MoveHousehold) -> Arranged = ops::move_household::go;
    /// 分户.
    split_household(SplitHousehold) -> Arranged = ops::split_household::split;
    /// 并户.
    join_households(JoinHouseholds) -> Arranged = ops::join_households::join;
    /// Takes one of these back.
    undo_arranged(UndoArranged) -> Saved = ops::undo_arranged::undo;
    /// People who may stand in the register twice.
    list_duplicates(ListDuplicates) -> Duplicates = views::register::duplicates::list;
    /// 是同一人.
    merge_residents(MergeResidents) -> Arranged = ops::merge_residents::merge;
    /// 不是同一人.
    part_residents(PartResidents) -> Arranged = ops::part_residents::part;
    /// 撤销合并.
    unmerge_resident(UnmergeResident) -> Arranged = ops::merge_residents::unmerge;
    /// Today's round.
    get_round(GetRound) -> Round = views::rounds::today::get;
    /// 专项.
    list_campaigns(ListCampaigns) -> Campaigns = views::rounds::campaigns::list;
    /// How far a campaign is.
    get_campaign(GetCampaign) -> CampaignView = views::rounds::campaigns::get;
    /// What was answered in a campaign.
    get_answers(GetAnswers) -> Vec<Answers> = views::rounds::answers::get;
    /// Who else is missing in a campaign.
    list_missing(ListMissing) -> Vec<StillMissing> = views::rounds::campaigns::missing;
    /// Which answers to a form may count in one.
    list_countable(ListCountable) -> Vec<Countable> = views::rounds::answers::countable;
    /// Takes a piece of a table; with the last one it is read.
    put_import_chunk(PutImportChunk) -> ImportUpload = import::put;
    /// What would come of the table.
    preview_import(PreviewImport) -> ImportPreview = import::preview;
    /// What is wrong with it.
    list_import_mistakes(ListImportMistakes) -> ImportMistakes = import::mistakes;
    /// How far it is.
    get_import_progress(GetImportProgress) -> ImportProgress = import::progress;
    /// Forgets the table.
    drop_import(DropImport) -> Saved = import::forget;
    /// Takes a piece of a form that is to be published; with the last one it is checked.
    put_form_chunk(PutFormChunk) -> FormUpload = publishing::put;
    /// Lets go of it.
    drop_form(DropForm) -> Saved = publishing::drop_form;
    /// Which forms there are, and which were begun.
    list_forms(ListForms) -> FormList = views::forms::list;
    /// Opens a form that was begun, or begins one.
    open_form(OpenForm) -> FormView = ops::open_form::open;
    /// Answers a question of a form.
    answer_form(AnswerForm) -> FormChange = ops::fill::answer;
    /// Adds an instance to a repeat.
    add_to_form(AddToForm) -> FormChange = ops::fill::add;
    /// Takes an instance of a repeat away.
    remove_from_form(RemoveFromForm) -> FormChange = ops::fill::remove;
    /// In which language a form is asked, in which grid it is filed.
    set_form(SetForm) -> FormChange = ops::fill::set;
    /// Looks for choices of a question.
    find_choices(FindChoices) -> FormChoices = ops::fill::choices;
    /// 完成: what was filled in becomes a record.
    finish_form(FinishForm) -> FormFinish = ops::finish_form::finish;
    /// 无变化: files what was filled in the last time again.
    file_unchanged(FileUnchanged) -> Unchanged = ops::file_unchanged::file;
    /// Puts a form that was begun into the bin.
    discard_form(DiscardForm) -> Saved = ops::fill::discard;
    /// Takes it out of the bin.
    restore_form(RestoreForm) -> Saved = ops::fill::restore;
    /// A window of what was filled in.
    list_records(ListRecords) -> RecordPage = views::records::list;
    /// One record whole.
    get_record(GetRecord) -> RecordView = views::records::get;
    /// 清除.
    erase(Erase) -> Saved = ops::erase::erase;
    /// What is left of something that was erased.
    get_erased(GetErased) -> Option<ErasedView> = views::erased::get;
    /// 都送到了吗.
    get_delivery(GetDelivery) -> Delivery = views::delivery::get;
    /// Saves language, theme, text size.
    save_settings(SaveSettings) -> Settings = ops::settings::save;
}

impl Client {
    /// Who is enrolled, how the app looks, and what is wrong. Answers without a database, too.
    pub async fn get_session(&self, _args: GetSession) -> Result<Session, IpcError> {
        let problem = self.problem();
        if self.core().is_err() {
            return Ok(views::session::without_database(problem));
        }
        self.run(move |core| views::session::get(core, problem))
            .await
    }

    /// The person need not be told again that a database was set aside.
    pub async fn dismiss_set_aside(&self, _args: DismissSetAside) -> Result<Session, IpcError> {
        let dir = self.options().data_dir.clone();
        let next = self
            .run(move |core| {
                set_aside::dismiss(&dir)?;
                core.announce(Changed::of([Area::Session]));
                Ok(set_aside::told_next(&dir))
            })
            .await?;
        self.set_problem(next);
        self.get_session(GetSession {}).await
    }

    /// What 我的 shows.
    pub async fn get_about(&self, _args: GetAbout) -> Result<About, IpcError> {
        let options = self.options().clone();
        self.run(move |core| views::about::get(core, &options))
            .await
    }

    /// 导入, all in one.
    pub async fn run_import(&self, args: RunImport) -> Result<ImportDone, IpcError> {
        let done = self.run(move |core| import::run(core, args)).await?;
        let core = Arc::clone(self.core()?);
        beside(move || {
            if let Err(error) = core.store.move_log() {
                tracing::warn!(%error, "the log could not be moved into the database");
            }
        });
        Ok(done)
    }

    /// Saves what is wrong with a table.
    pub async fn save_import_mistakes(
        &self,
        args: SaveImportMistakes,
    ) -> Result<SavedFile, IpcError> {
        let folder = self.files_dir();
        self.run(move |core| import::save_mistakes(core, &folder, args))
            .await
    }

    /// Makes a sheet of door plates.
    pub async fn print_plates(&self, args: PrintPlates) -> Result<PrintedPlates, IpcError> {
        let folder = self.files_dir();
        self.run(move |core| plates::print(core, &folder, args))
            .await
    }

    /// Trades a one-time code for a place at a hub.
    pub async fn enrol_device(&self, args: EnrolDevice) -> Result<Session, IpcError> {
        self.enrol_at(&args.hub_url, &args.code).await?;
        self.get_session(GetSession {}).await
    }

    /// How the sync stands.
    #[expect(clippy::unused_async, reason = "commands are all called alike")]
    pub async fn get_sync_status(&self, _args: GetSyncStatus) -> Result<SyncStatus, IpcError> {
        Ok(self.core()?.status())
    }

    /// Starts a round now.
    #[expect(clippy::unused_async, reason = "commands are all called alike")]
    pub async fn network_is_back(&self, _args: NetworkIsBack) -> Result<Saved, IpcError> {
        self.core()?.sync.ask();
        Ok(Saved {})
    }

    /// Starts a round now, and tries again what was stuck.
    pub async fn sync_now(&self, _args: SyncNow) -> Result<Saved, IpcError> {
        self.sync_again().await?;
        Ok(Saved {})
    }
}
