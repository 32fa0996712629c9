//! The words of publishing a form: what is wrong with it, and why it can't be published.

use shared::ipc::{FormFault, FormMistake, PublishTrouble};

use super::{Words, errors::Notice};

impl Words {
    /// What is wrong, and what was perhaps meant.
    pub(crate) fn publish_wrong(self, mistake: &FormMistake) -> String {
        let mut text = self.fault(mistake.fault).to_owned();
        if !mistake.given.is_empty() {
            text = self.publish_given(&mistake.given, text);
        }
        match &mistake.near {
            Some(near) => self.publish_near(near, text),
            None => text,
        }
    }

    fn fault(self, fault: FormFault) -> &'static str {
        match fault {
            FormFault::NoSheet => self.publish_f_no_sheet(),
            FormFault::NoColumn => self.publish_f_no_column(),
            FormFault::ColumnTwice => self.publish_f_column_twice(),
            FormFault::UnknownColumn => self.publish_f_unknown_column(),
            FormFault::UnknownType => self.publish_f_unknown_type(),
            FormFault::Unsupported => self.publish_f_unsupported(),
            FormFault::PassedOver => self.publish_f_passed_over(),
            FormFault::Empty => self.publish_f_empty(),
            FormFault::NoName => self.publish_f_no_name(),
            FormFault::NoListNamed => self.publish_f_no_list_named(),
            FormFault::NoList => self.publish_f_no_list(),
            FormFault::ChoiceTwice => self.publish_f_choice_twice(),
            FormFault::ChoiceWithSpace => self.publish_f_choice_with_space(),
            FormFault::NeverEnds => self.publish_f_never_ends(),
            FormFault::TooDeep => self.publish_f_too_deep(),
            FormFault::NeverBegan => self.publish_f_never_began(),
            FormFault::Parameter => self.publish_f_parameter(),
            FormFault::FileKind => self.publish_f_file_kind(),
            FormFault::NoEntities => self.publish_f_no_entities(),
            FormFault::YesOrNo => self.publish_f_yes_or_no(),
            FormFault::Days => self.publish_f_days(),
            FormFault::Syntax => self.publish_f_syntax(),
            FormFault::NoSuchName => self.publish_f_no_such_name(),
            FormFault::Ambiguous => self.publish_f_ambiguous(),
            FormFault::NameTaken => self.publish_f_name_taken(),
            FormFault::NoSuchFunction => self.publish_f_no_such_function(),
            FormFault::Arguments => self.publish_f_arguments(),
            FormFault::Literal => self.publish_f_literal(),
            FormFault::NoSuchColumn => self.publish_f_no_such_column(),
            FormFault::FileMissing => self.publish_f_file_missing(),
            FormFault::AboveTheForm => self.publish_f_above_the_form(),
            FormFault::Pattern => self.publish_f_pattern(),
            FormFault::NoQuestion => self.publish_f_no_question(),
            FormFault::Circle => self.publish_f_circle(),
            FormFault::Newer => self.publish_f_newer(),
        }
    }

    /// Why a form can't be published.
    pub(super) fn publish_notice(self, why: PublishTrouble) -> Notice {
        let (happened, todo) = match why {
            PublishTrouble::NotYourRole => {
                (self.publish_not_yours(), self.publish_not_yours_hint())
            }
            PublishTrouble::TooLarge => (self.publish_t_too_large(), self.publish_t_too_large_do()),
            PublishTrouble::NoWorkbook => (
                self.publish_t_no_workbook(),
                self.publish_t_no_workbook_do(),
            ),
            PublishTrouble::WorkbookFirst => (
                self.publish_t_workbook_first(),
                self.publish_t_workbook_first_do(),
            ),
            PublishTrouble::NoList => (self.publish_t_no_list(), self.publish_t_no_list_do()),
            PublishTrouble::NotReady => (self.publish_t_not_ready(), self.publish_t_not_ready_do()),
            PublishTrouble::VersionTaken => (
                self.publish_t_version_taken(),
                self.publish_t_version_taken_do(),
            ),
        };
        Notice {
            happened: happened.to_owned(),
            safe: self.publish_safe(),
            todo: todo.to_owned(),
        }
    }
}
