//! What is wrong with forms and answers, in words.

use shared::ipc::{AnswerRefusal, AnswerWrong, FormTrouble};

use super::{Words, errors::Notice};

impl Words {
    /// Why a form can't be filled in.
    pub(crate) fn trouble(self, trouble: &FormTrouble) -> String {
        match trouble {
            FormTrouble::Missing => self.error_form_missing().to_owned(),
            FormTrouble::Newer => self.error_form_newer().to_owned(),
            FormTrouble::Broken { mistakes, .. } => self.error_form_broken(mistakes),
            FormTrouble::Unreadable => self.error_form_unreadable().to_owned(),
            FormTrouble::RegisterTooLarge => self.error_form_register().to_owned(),
        }
    }

    /// What to do about a form that can't be filled in.
    pub(crate) fn trouble_do(self, trouble: &FormTrouble) -> String {
        match trouble {
            FormTrouble::Missing => self.error_form_missing_do().to_owned(),
            FormTrouble::Newer => self.error_form_newer_do().to_owned(),
            FormTrouble::Broken { first, .. } => self.error_form_broken_do(first),
            FormTrouble::Unreadable => self.error_form_unreadable_do().to_owned(),
            FormTrouble::RegisterTooLarge => self.error_form_register_do().to_owned(),
        }
    }

    pub(super) fn form_notice(self, trouble: &FormTrouble) -> Notice {
        Notice {
            happened: self.trouble(trouble),
            safe: self.error_safe(),
            todo: self.trouble_do(trouble),
        }
    }

    /// Why an answer was not taken, so that it says what to do.
    pub(crate) fn refusal(self, why: AnswerRefusal) -> &'static str {
        match why {
            AnswerRefusal::NoSuchQuestion | AnswerRefusal::NotAsked => self.fill_not_asked(),
            AnswerRefusal::ReadOnly => self.fill_is_read_only(),
            AnswerRefusal::NotInteger => self.fill_not_integer(),
            AnswerRefusal::NotDecimal => self.fill_not_decimal(),
            AnswerRefusal::OutOfRange => self.fill_out_of_range(),
            AnswerRefusal::NotDate => self.fill_not_date(),
            AnswerRefusal::NotTime => self.fill_not_time(),
            AnswerRefusal::NotDateTime => self.fill_not_date_time(),
            AnswerRefusal::NotAChoice => self.fill_not_a_choice(),
            AnswerRefusal::NotPlace => self.fill_not_place(),
            AnswerRefusal::TooLong => self.fill_answer_too_long(),
            AnswerRefusal::Counted => self.fill_counted(),
        }
    }

    /// What is wrong with an answer: in the words of the form's author, where there are any.
    pub(crate) fn answer_wrong(
        self,
        wrong: AnswerWrong,
        message: Option<String>,
    ) -> Option<String> {
        let own = match wrong {
            AnswerWrong::Missing => self.fill_missing(),
            AnswerWrong::Constraint => self.fill_broken(),
            AnswerWrong::NotOffered => self.fill_not_offered(),
            // A mistake of the form's; nobody here can do anything about it.
            AnswerWrong::Unclear => return None,
        };
        Some(message.unwrap_or_else(|| own.to_owned()))
    }
}
