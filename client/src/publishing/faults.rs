//! What the engine finds wrong with a workbook, as codes; the words are the page's.

use forms::{
    program,
    xlsform::{Mistake, What},
};
use shared::ipc::{FormFault, FormMistake};

/// The same mistake, for the page.
pub(super) fn told(mistake: Mistake) -> FormMistake {
    let (fault, given, near) = of(mistake.what);
    FormMistake {
        sheet: mistake.sheet,
        row: mistake.row,
        column: mistake.column,
        fault,
        given,
        near,
    }
}

type Told = (FormFault, String, Option<String>);

fn of(what: What) -> Told {
    let plain = |fault| (fault, String::new(), None);
    match what {
        What::NoSheet => plain(FormFault::NoSheet),
        What::NoColumn => plain(FormFault::NoColumn),
        What::ColumnTwice => plain(FormFault::ColumnTwice),
        What::UnknownColumn { near } => (FormFault::UnknownColumn, String::new(), near),
        What::UnknownType { given, near } => (FormFault::UnknownType, given, near),
        What::UnsupportedType(given) => (FormFault::Unsupported, given, None),
        What::PassedOver(given) => (FormFault::PassedOver, given, None),
        What::Empty => plain(FormFault::Empty),
        What::NoName(given) => (FormFault::NoName, given, None),
        What::NoListNamed => plain(FormFault::NoListNamed),
        What::NoList { given, near } => (FormFault::NoList, given, near),
        What::ChoiceTwice(given) => (FormFault::ChoiceTwice, given, None),
        What::ChoiceWithSpace(given) => (FormFault::ChoiceWithSpace, given, None),
        What::NeverEnds => plain(FormFault::NeverEnds),
        What::TooDeep => plain(FormFault::TooDeep),
        What::NeverBegan => plain(FormFault::NeverBegan),
        What::Parameter(given) => (FormFault::Parameter, given, None),
        What::FileKind(given) => (FormFault::FileKind, given, None),
        What::NoEntities => plain(FormFault::NoEntities),
        What::YesOrNo(given) => (FormFault::YesOrNo, given, None),
        What::Days(given) => (FormFault::Days, given, None),
        What::Form(what) => of_program(what),
    }
}

fn of_program(what: program::What) -> Told {
    use program::What as Is;
    let plain = |fault| (fault, String::new(), None);
    match what {
        Is::Syntax(error) => (FormFault::Syntax, error.to_string(), None),
        Is::NoSuchName { name, near } => (FormFault::NoSuchName, name, near),
        Is::Ambiguous(name) => (FormFault::Ambiguous, name, None),
        Is::NameTaken(name) => (FormFault::NameTaken, name, None),
        Is::NoSuchFunction(name) => (FormFault::NoSuchFunction, format!("{name}()"), None),
        Is::Arguments { name, .. } => (FormFault::Arguments, format!("{name}()"), None),
        Is::Literal { name, .. } => (FormFault::Literal, format!("{name}()"), None),
        Is::NoSuchList(name) => (FormFault::NoList, name, None),
        Is::NoSuchColumn { list, column } => {
            (FormFault::NoSuchColumn, format!("{list}: {column}"), None)
        }
        Is::FileMissing(file) => (FormFault::FileMissing, file, None),
        Is::AboveTheForm => plain(FormFault::AboveTheForm),
        Is::Unsupported(what) => (FormFault::Unsupported, what.to_owned(), None),
        Is::Pattern(pattern) => (FormFault::Pattern, pattern, None),
        Is::NoQuestion(name) => (FormFault::NoQuestion, name, None),
        Is::Circle(names) => (FormFault::Circle, names.join(" → "), None),
        Is::Newer(_) => plain(FormFault::Newer),
    }
}
