//! What went wrong, in words: what happened, what is safe, what to do, in this order.

use shared::{
    PhotoError,
    apply::Quarantine,
    case::{JOINED_MAX, Void},
    hub_api::ErrorCode,
    ipc::{Code, Missing, PlateTrouble, Problem, Stuck},
    op::TEXT_MAX,
    photo::PHOTOS_MAX,
};

use super::Words;
use crate::dates;

/// What happened, what is safe, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// What happened.
    pub(crate) happened: String,
    /// What is safe.
    pub(crate) safe: &'static str,
    /// What to do.
    pub(crate) todo: String,
}

impl Words {
    /// The notice for an error of the core.
    pub(crate) fn notice(self, code: &Code) -> Notice {
        let safe = self.error_safe();
        let (happened, safe, todo) = match code {
            Code::NotFound => (self.error_not_found(), safe, self.error_not_found_do()),
            Code::NotEnrolled => (
                self.error_not_enrolled(),
                safe,
                self.error_not_enrolled_do(),
            ),
            Code::Rejected { why } => return self.void_notice(why),
            Code::NeedsHub => (self.error_needs_hub(), safe, self.error_needs_hub_do()),
            Code::Incomplete { missing } => return self.missing_notice(*missing),
            Code::NotSelfHandled => (
                self.error_not_self_handled(),
                safe,
                self.error_not_self_handled_do(),
            ),
            Code::Mistakes { .. } => (self.error_mistakes(), safe, self.error_mistakes_do()),
            Code::NoReason => (self.error_no_reason(), safe, self.error_no_reason_do()),
            Code::NoSuchDays => (
                self.error_no_such_days(),
                safe,
                self.error_no_such_days_do(),
            ),
            Code::NoFile => (self.error_no_file(), safe, self.error_no_file_do()),
            Code::TextTooLong => return self.too_long_notice(),
            Code::Form { why } => return self.form_notice(why),
            Code::Answer { why } => {
                let todo = self.refusal(*why);
                (self.error_answer(), safe, todo)
            }
            Code::FormTooLarge => (
                self.error_form_too_large(),
                safe,
                self.error_form_too_large_do(),
            ),
            Code::NoGrid => (self.error_no_grid(), safe, self.error_no_grid_do()),
            Code::Import { why } => return self.import_notice(*why),
            Code::Publish { why } => return self.publish_notice(*why),
            Code::Plate { why } => return self.plate_notice(*why),
            Code::Photo { why } => return self.photo_notice(why),
            Code::PhotoFile => (
                self.error_photo_file(),
                self.error_photo_file_safe(),
                self.error_photo_file_do(),
            ),
            Code::DiskFull => (
                self.error_disk_full(),
                self.error_disk_full_safe(),
                self.error_disk_full_do(),
            ),
            Code::Storage => (
                self.error_storage(),
                self.error_storage_safe(),
                self.error_storage_do(),
            ),
            Code::NoDatabase => (
                self.error_no_database(),
                self.error_no_database_safe(),
                self.error_no_database_do(),
            ),
            Code::BadAddress => (self.error_bad_address(), safe, self.error_bad_address_do()),
            Code::Unreachable => (self.error_unreachable(), safe, self.error_unreachable_do()),
            Code::NotAHub => (self.error_not_a_hub(), safe, self.error_not_a_hub_do()),
            Code::Hub { error } => return self.hub_notice(*error),
            Code::UnsentWork => (self.error_unsent_work(), safe, self.error_unsent_work_do()),
            Code::Internal => (self.error_internal(), safe, self.error_internal_do()),
        };
        Notice {
            happened: happened.to_owned(),
            safe,
            todo: todo.to_owned(),
        }
    }

    /// What a draft lacks.
    pub(crate) fn missing(self, missing: Missing) -> &'static str {
        match missing {
            Missing::Category => self.error_incomplete_category(),
            Missing::Place => self.error_incomplete_place(),
            Missing::Content => self.error_incomplete_content(),
            Missing::Handled => self.error_incomplete_handled(),
        }
    }

    fn missing_notice(self, missing: Missing) -> Notice {
        let todo = match missing {
            Missing::Category => self.error_incomplete_category_do(),
            Missing::Place => self.error_incomplete_place_do(),
            Missing::Content => self.error_incomplete_content_do(),
            Missing::Handled => self.error_incomplete_handled_do(),
        };
        Notice {
            happened: self.missing(missing).to_owned(),
            safe: self.error_safe(),
            todo: todo.to_owned(),
        }
    }

    fn too_long_notice(self) -> Notice {
        Notice {
            happened: self.error_text_too_long().to_owned(),
            safe: self.error_safe(),
            todo: self.error_text_too_long_do(TEXT_MAX),
        }
    }

    /// Why something had no effect 未生效.
    pub(crate) fn void(self, why: &Void) -> String {
        let text = match why {
            Void::WrongState { state } => return self.void_wrong_state(self.state(*state)),
            Void::NotYours => self.void_not_yours(),
            Void::NotYourRole => self.void_not_your_role(),
            Void::NoReason => self.void_no_reason(),
            Void::NothingAdded => self.void_nothing_added(),
            Void::AlreadyCounted => self.void_already_counted(),
            Void::TextTooLong => self.void_text_too_long(),
            Void::NoSurvivor => self.void_no_survivor(),
            Void::TooMany => return self.void_too_many(JOINED_MAX),
            Void::Erased => self.void_erased(),
            Void::Unknown => self.void_unknown(),
        };
        text.to_owned()
    }

    fn void_notice(self, why: &Void) -> Notice {
        Notice {
            happened: self.void(why),
            safe: self.error_safe(),
            todo: self.void_do().to_owned(),
        }
    }

    fn plate_notice(self, why: PlateTrouble) -> Notice {
        let (happened, todo) = match why {
            PlateTrouble::NoCode => (self.plate_no_code(), self.plate_no_code_do()),
            PlateTrouble::NotADoor => (self.plate_not_a_door(), self.plate_not_a_door_do()),
            PlateTrouble::NotHere => (self.plate_not_here(), self.plate_not_here_do()),
            PlateTrouble::Several => (self.plate_several(), self.plate_several_do()),
        };
        Notice {
            happened: happened.to_owned(),
            safe: self.plate_safe(),
            todo: todo.to_owned(),
        }
    }

    fn photo_notice(self, why: &PhotoError) -> Notice {
        let other = self.photo_error_choose_other();
        let (happened, todo) = match why {
            PhotoError::Empty => (self.photo_error_empty().to_owned(), other),
            PhotoError::Heic => (
                self.photo_error_heic().to_owned(),
                self.photo_error_heic_do(),
            ),
            PhotoError::NotAnImage => (self.photo_error_not_an_image().to_owned(), other),
            PhotoError::Truncated => (self.photo_error_truncated().to_owned(), other),
            PhotoError::Damaged => (self.photo_error_damaged().to_owned(), other),
            PhotoError::TooManyPixels { megapixels } => (
                self.photo_error_too_many_pixels(megapixels),
                self.photo_error_too_many_pixels_do(),
            ),
            PhotoError::TooSmall => (self.photo_error_too_small().to_owned(), other),
            PhotoError::TooLarge { bytes } => {
                (self.photo_error_too_large(dates::bytes(*bytes)), other)
            }
            PhotoError::TooMany => (
                self.photo_error_too_many(PHOTOS_MAX),
                self.photo_error_too_many_do(),
            ),
        };
        Notice {
            happened,
            safe: self.photo_error_safe(),
            todo: todo.to_owned(),
        }
    }

    /// What the hub refused.
    pub(crate) fn hub_error(self, error: ErrorCode) -> &'static str {
        match error {
            ErrorCode::Malformed => self.hub_error_malformed(),
            ErrorCode::NotEnrolled => self.hub_error_not_enrolled(),
            ErrorCode::Revoked => self.hub_error_revoked(),
            ErrorCode::Forbidden => self.hub_error_forbidden(),
            ErrorCode::NotFound => self.hub_error_not_found(),
            ErrorCode::CodeUsed => self.hub_error_code_used(),
            ErrorCode::CodeUnknown => self.hub_error_code_unknown(),
            ErrorCode::NewEpochRequired => self.hub_error_new_epoch(),
            ErrorCode::CursorGone => self.hub_error_cursor_gone(),
            ErrorCode::TooLarge => self.hub_error_too_large(),
            ErrorCode::UnsupportedMedia => self.hub_error_unsupported(),
            ErrorCode::ProtocolVersion => self.hub_error_protocol(),
            ErrorCode::TooMany => self.hub_error_too_many(),
            ErrorCode::ChecksumMismatch => self.hub_error_checksum(),
            ErrorCode::OffsetMismatch => self.hub_error_offset(),
            ErrorCode::HubFull => self.hub_error_full(),
            ErrorCode::Unavailable => self.hub_error_unavailable(),
            ErrorCode::Internal => self.hub_error_internal(),
            ErrorCode::Unknown => self.hub_error_unknown(),
        }
    }

    /// What to do when the hub refused.
    pub(crate) fn hub_error_todo(self, error: ErrorCode) -> &'static str {
        match error {
            ErrorCode::NotEnrolled => self.hub_error_not_enrolled_do(),
            ErrorCode::CodeUsed | ErrorCode::CodeUnknown => self.hub_error_code_do(),
            ErrorCode::NewEpochRequired | ErrorCode::CursorGone => self.hub_error_auto(),
            ErrorCode::ProtocolVersion => self.hub_error_protocol_do(),
            ErrorCode::TooMany
            | ErrorCode::ChecksumMismatch
            | ErrorCode::OffsetMismatch
            | ErrorCode::HubFull
            | ErrorCode::Unavailable => self.hub_error_later(),
            ErrorCode::Malformed
            | ErrorCode::Revoked
            | ErrorCode::Forbidden
            | ErrorCode::NotFound
            | ErrorCode::TooLarge
            | ErrorCode::UnsupportedMedia
            | ErrorCode::Internal
            | ErrorCode::Unknown => self.hub_error_ask_admin(),
        }
    }

    fn hub_notice(self, error: ErrorCode) -> Notice {
        Notice {
            happened: self.hub_error(error).to_owned(),
            safe: self.error_safe(),
            todo: self.hub_error_todo(error).to_owned(),
        }
    }

    /// Why the hub keeps something aside.
    pub(crate) fn quarantine(self, why: Quarantine) -> &'static str {
        match why {
            Quarantine::AlreadyReported => self.quarantine_already_reported(),
            Quarantine::NotForOperations => self.quarantine_not_for_operations(),
            Quarantine::UnreadableDocument => self.quarantine_unreadable_document(),
            Quarantine::UnreadableOperation => self.quarantine_unreadable_operation(),
            Quarantine::TooLarge => self.quarantine_too_large(),
            Quarantine::OutOfBounds => self.quarantine_out_of_bounds(),
            Quarantine::NotTheAuthor => self.quarantine_not_the_author(),
            Quarantine::NotYourRole => self.quarantine_not_your_role(),
            Quarantine::NotYourScope => self.quarantine_not_your_scope(),
        }
    }

    /// Why a delivery is stuck.
    pub(crate) fn stuck(self, stuck: &Stuck) -> String {
        match stuck {
            Stuck::Quarantined { why } => {
                self.because(self.quarantine_title(), self.quarantine(*why))
            }
            Stuck::Void { why } => self.because(self.case_void(), &self.void(why)),
            Stuck::PhotoFile => self.sentences(self.error_photo_file(), self.error_photo_file_do()),
            Stuck::PhotoRefused { error } => {
                self.sentences(self.hub_error(*error), self.hub_error_todo(*error))
            }
        }
    }

    /// What a person must know about the database before working on.
    pub(crate) fn problem(self, problem: &Problem) -> Notice {
        let (happened, safe, todo) = match problem {
            Problem::SetAside {
                operations, drafts, ..
            } => (
                self.problem_set_aside(*operations, *drafts),
                self.problem_set_aside_safe(),
                self.problem_set_aside_do(),
            ),
            Problem::Newer => (
                self.problem_newer().to_owned(),
                self.problem_untouched(),
                self.problem_newer_do(),
            ),
            Problem::KeyMissing => (
                self.problem_key_missing().to_owned(),
                self.problem_untouched(),
                self.problem_key_missing_do(),
            ),
            Problem::Unwritable => (
                self.problem_unwritable().to_owned(),
                self.problem_untouched(),
                self.problem_unwritable_do(),
            ),
        };
        Notice {
            happened,
            safe,
            todo: todo.to_owned(),
        }
    }

    fn because(self, what: &str, why: &str) -> String {
        format!("{what}{}{why}", self.app_colon())
    }
}

#[cfg(test)]
mod tests {
    use shared::ipc::{AnswerRefusal, FormTrouble, Language};

    use super::*;

    #[test]
    fn an_error_says_what_happened_what_is_safe_and_what_to_do() {
        let codes = [
            Code::NotFound,
            Code::NeedsHub,
            Code::DiskFull,
            Code::Storage,
            Code::NotAHub,
            Code::Internal,
            Code::Photo {
                why: PhotoError::Heic,
            },
            Code::Hub {
                error: ErrorCode::Revoked,
            },
            Code::Rejected {
                why: Void::NotYours,
            },
            Code::Incomplete {
                missing: Missing::Place,
            },
            Code::Answer {
                why: AnswerRefusal::NotDate,
            },
            Code::Form {
                why: FormTrouble::Broken {
                    mistakes: 2,
                    first: "a circle".to_owned(),
                },
            },
            Code::FormTooLarge,
            Code::NoGrid,
        ];
        for words in [Words(Language::Zh), Words(Language::En)] {
            for code in &codes {
                let notice = words.notice(code);

                for part in [notice.happened.as_str(), notice.safe, &notice.todo] {
                    assert!(!part.is_empty(), "no part is left out of {code:?}");
                    assert!(
                        !part.contains('!') && !part.contains('！'),
                        "we do not shout"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_stuck_says_why_with_the_colon_of_its_language() {
        let stuck = Stuck::Void {
            why: Void::NotYours,
        };

        let zh = Words(Language::Zh).stuck(&stuck);
        let en = Words(Language::En).stuck(&stuck);

        assert_eq!(zh, "未生效：只有上报人可以这样做。");
        assert_eq!(en, "No effect: Only the reporter may do this.");
    }

    #[test]
    fn a_problem_says_what_happened_what_is_safe_and_what_to_do() {
        let problems = [
            Problem::SetAside {
                kept_at: "set-aside/1".to_owned(),
                operations: 3,
                drafts: 1,
            },
            Problem::Newer,
            Problem::KeyMissing,
            Problem::Unwritable,
        ];
        for words in [Words(Language::Zh), Words(Language::En)] {
            for problem in &problems {
                let notice = words.problem(problem);

                for part in [notice.happened.as_str(), notice.safe, &notice.todo] {
                    assert!(!part.is_empty(), "no part is left out of {problem:?}");
                }
            }
        }
    }
}
