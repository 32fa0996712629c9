//! What the UI may ask the core, one struct a command, and the answers. Used by `ui` to call and
//! by `src-tauri` to serve, so the two can't drift.

mod capture;
mod cases;
mod control;
mod delivery;
mod disputes;
mod entry_history;
mod erasing;
mod forms;
mod history;
mod households;
mod import;
mod merging;
mod places;
mod plates;
mod publish;
mod register;
mod rounds;
mod session;
mod today;
mod unchanged;

pub use capture::*;
pub use cases::*;
pub use control::*;
pub use delivery::*;
pub use disputes::*;
pub use entry_history::*;
pub use erasing::*;
pub use forms::*;
pub use history::*;
pub use households::*;
pub use import::*;
pub use merging::*;
pub use places::*;
pub use plates::*;
pub use publish::*;
pub use register::*;
pub use rounds::*;
pub use session::*;
pub use today::*;
pub use unchanged::*;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{PhotoError, case::Void, hub_api::ErrorCode, register::check::Mistake};

/// A command of the core.
pub trait Command: Serialize + DeserializeOwned {
    /// Its name on the wire.
    const NAME: &'static str;
    /// What comes back on success.
    type Answer: Serialize + DeserializeOwned;
}

macro_rules! commands {
    ($($request:ty => $name:literal -> $answer:ty;)*) => {
        $(impl Command for $request {
            const NAME: &'static str = $name;
            type Answer = $answer;
        })*

        /// The names of all commands.
        pub const COMMANDS: &[&str] = &[$($name),*];
    };
}

commands! {
    GetSession => "get_session" -> Session;
    EnrolDevice => "enrol_device" -> Session;
    SaveSettings => "save_settings" -> Settings;
    DismissSetAside => "dismiss_set_aside" -> Session;
    GetAbout => "get_about" -> About;
    GetToday => "get_today" -> Today;
    GetCatalogue => "get_catalogue" -> CatalogueView;
    OpenDraft => "open_draft" -> Draft;
    SaveDraft => "save_draft" -> DraftView;
    DiscardDraft => "discard_draft" -> Saved;
    RestoreDraft => "restore_draft" -> Saved;
    PutPhotoChunk => "put_photo_chunk" -> PhotoUpload;
    ResolvePlace => "resolve_place" -> PlaceView;
    FindAddresses => "find_addresses" -> Vec<AddressHit>;
    FindSimilar => "find_similar" -> Vec<SimilarCase>;
    ReportDraft => "report_draft" -> Reported;
    AddDraftToCase => "add_draft_to_case" -> Reported;
    ListCases => "list_cases" -> CasePage;
    GetCase => "get_case" -> CaseView;
    GetHistory => "get_history" -> History;
    SupplementCase => "supplement_case" -> Saved;
    WithdrawCase => "withdraw_case" -> Saved;
    SelfHandleCase => "self_handle_case" -> Saved;
    RegisterCase => "register_case" -> Saved;
    RejectCase => "reject_case" -> Saved;
    AcknowledgeCase => "acknowledge_case" -> Saved;
    AmendCase => "amend_case" -> Saved;
    MergeCase => "merge_case" -> Saved;
    SplitCase => "split_case" -> Saved;
    FindAlike => "find_alike" -> Vec<SimilarCase>;
    DeleteCase => "delete_case" -> Saved;
    RestoreCase => "restore_case" -> Saved;
    ListConflicts => "list_conflicts" -> Vec<CaseConflicts>;
    ListDisputes => "list_disputes" -> Disputes;
    GetEntryHistory => "get_entry_history" -> EntryHistory;
    ListBuildings => "list_buildings" -> Buildings;
    GetBuilding => "get_building" -> BuildingView;
    GetDoor => "get_door" -> DoorView;
    ListPlaces => "list_places" -> PlacePage;
    GetPlaceEntry => "get_place_entry" -> PlaceEntry;
    SearchRegister => "search_register" -> RegisterHits;
    PrintPlates => "print_plates" -> PrintedPlates;
    PutPlateChunk => "put_plate_chunk" -> PlateUpload;
    GetOwnGrids => "get_own_grids" -> Vec<OwnGrid>;
    EnterEntry => "enter_entry" -> Entered;
    ChangeEntry => "change_entry" -> Saved;
    DecideField => "decide_field" -> Saved;
    ConfirmDoor => "confirm_door" -> Saved;
    ConfirmEntry => "confirm_entry" -> Saved;
    VisitDoor => "visit_door" -> Saved;
    RevealField => "reveal_field" -> Revealed;
    RevealAnswer => "reveal_answer" -> Revealed;
    RevealControl => "reveal_control" -> ControlView;
    ChangeControl => "change_control" -> Saved;
    LeaveHousehold => "leave_household" -> Arranged;
    MoveResidents => "move_residents" -> Arranged;
    MoveHousehold => "move_household" -> Arranged;
    SplitHousehold => "split_household" -> Arranged;
    JoinHouseholds => "join_households" -> Arranged;
    UndoArranged => "undo_arranged" -> Saved;
    ListDuplicates => "list_duplicates" -> Duplicates;
    MergeResidents => "merge_residents" -> Arranged;
    PartResidents => "part_residents" -> Arranged;
    UnmergeResident => "unmerge_resident" -> Arranged;
    GetRound => "get_round" -> Round;
    ListCampaigns => "list_campaigns" -> Campaigns;
    GetCampaign => "get_campaign" -> CampaignView;
    GetAnswers => "get_answers" -> Vec<Answers>;
    ListMissing => "list_missing" -> Vec<StillMissing>;
    ListCountable => "list_countable" -> Vec<Countable>;
    PutImportChunk => "put_import_chunk" -> ImportUpload;
    PreviewImport => "preview_import" -> ImportPreview;
    ListImportMistakes => "list_import_mistakes" -> ImportMistakes;
    RunImport => "run_import" -> ImportDone;
    GetImportProgress => "get_import_progress" -> ImportProgress;
    SaveImportMistakes => "save_import_mistakes" -> SavedFile;
    DropImport => "drop_import" -> Saved;
    GetDelivery => "get_delivery" -> Delivery;
    ListForms => "list_forms" -> FormList;
    OpenForm => "open_form" -> FormView;
    AnswerForm => "answer_form" -> FormChange;
    AddToForm => "add_to_form" -> FormChange;
    RemoveFromForm => "remove_from_form" -> FormChange;
    SetForm => "set_form" -> FormChange;
    FindChoices => "find_choices" -> FormChoices;
    FinishForm => "finish_form" -> FormFinish;
    FileUnchanged => "file_unchanged" -> Unchanged;
    DiscardForm => "discard_form" -> Saved;
    RestoreForm => "restore_form" -> Saved;
    ListRecords => "list_records" -> RecordPage;
    GetRecord => "get_record" -> RecordView;
    Erase => "erase" -> Saved;
    GetErased => "get_erased" -> Option<ErasedView>;
    ExportFile => "export_file" -> SavedFile;
    PutFormChunk => "put_form_chunk" -> FormUpload;
    PublishForm => "publish_form" -> FormPublished;
    DropForm => "drop_form" -> Saved;
    GetSyncStatus => "get_sync_status" -> SyncStatus;
    SyncNow => "sync_now" -> Saved;
    NetworkIsBack => "network_is_back" -> Saved;
}

/// The name of the event that says what changed; its payload is [`Changed`].
pub const CHANGED_EVENT: &str = "changed";

/// The name of the event that says how the sync stands; its payload is [`SyncStatus`].
pub const SYNC_EVENT: &str = "sync";

/// A kind of thing that pages show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// Who is enrolled, settings.
    Session,
    /// Grids, catalogue, calendar.
    Packs,
    /// Drafts.
    Drafts,
    /// Cases.
    Cases,
    /// The register and visits.
    Register,
    /// What doors ask for, and how far campaigns are, was counted further.
    Rounds,
    /// Forms that can be filled in.
    Forms,
    /// What was filled in.
    Records,
    /// What is on its way to the hub.
    Delivery,
}

/// What a change touched; pages that show it fetch anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Changed {
    /// What was touched.
    pub touched: BTreeSet<Area>,
}

impl Changed {
    /// A change of these kinds.
    pub fn of(areas: impl IntoIterator<Item = Area>) -> Self {
        Self {
            touched: areas.into_iter().collect(),
        }
    }

    /// Both changes together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.touched.extend(other.touched);
        self
    }
}

/// Answer of a command that has nothing else to say: what was entered is on the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {}

/// What a command failed with: a code the UI has words for, in two languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{detail}")]
pub struct IpcError {
    /// What went wrong.
    pub code: Code,
    /// One English sentence for logs; never personal data.
    pub detail: String,
}

/// What can go wrong, as far as a person would do something different about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The thing is not on this device.
    NotFound,
    /// The device is not enrolled yet.
    NotEnrolled,
    /// The rules of the life cycle say no.
    Rejected {
        /// Why.
        why: Void,
    },
    /// This can only be done while the hub is reached.
    NeedsHub,
    /// The draft lacks something.
    Incomplete {
        /// What.
        missing: Missing,
    },
    /// The category may not be handled on the spot.
    NotSelfHandled,
    /// Values that can't stand in their fields.
    Mistakes {
        /// Which, and what is wrong with them.
        mistakes: Vec<Mistake>,
    },
    /// Something must be said why.
    NoReason,
    /// A first and a last day that are none, or the wrong way round.
    NoSuchDays,
    /// A file could not be written where the person keeps files.
    NoFile,
    /// A text is longer than [`crate::op::TEXT_MAX`] characters.
    TextTooLong,
    /// The form, or what was begun of it, can't be filled in.
    Form {
        /// Why.
        why: FormTrouble,
    },
    /// The answer is none to what is asked.
    Answer {
        /// Why.
        why: AnswerRefusal,
    },
    /// What was filled in is more than one record may hold.
    FormTooLarge,
    /// The person has no grid that it could be filed in.
    NoGrid,
    /// The table can't be imported.
    Import {
        /// Why.
        why: ImportTrouble,
    },
    /// A form can't be published.
    Publish {
        /// Why.
        why: PublishTrouble,
    },
    /// A photo of a door plate opens no door.
    Plate {
        /// Why.
        why: PlateTrouble,
    },
    /// The file can't be taken as a photo.
    Photo {
        /// Why.
        why: PhotoError,
    },
    /// The photo's file on this device is damaged or gone.
    PhotoFile,
    /// No space left on the device.
    DiskFull,
    /// The local database failed.
    Storage,
    /// The database was set aside, or a newer app wrote it: see [`Problem`].
    NoDatabase,
    /// The hub's address is not an address.
    BadAddress,
    /// The hub can't be reached.
    Unreachable,
    /// Something else than a hub answered: a captive portal, a wrong address.
    NotAHub,
    /// The hub refused.
    Hub {
        /// Why.
        error: ErrorCode,
    },
    /// The device belongs to another hub, which doesn't have everything yet.
    UnsentWork,
    /// The request itself was wrong: a bug of ours.
    Internal,
}

/// What a draft still needs before it can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// A category, or an explicit 不确定.
    Category,
    /// A place: position, address or typed words.
    Place,
    /// Words or a photo.
    Content,
    /// An after photo or a note on what was done.
    Handled,
}
