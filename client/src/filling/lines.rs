//! What the page shows of a session: the lines of the engine, with choices, their words and photos.

use forms::{
    Session, World,
    definition::Kind,
    session::{Choice, Mistake, Refusal, Shown, ShownKind, Wrong},
};
use shared::ipc::{
    AnswerRefusal, AnswerWrong, AskKind, AskRange, CHOICES_INLINE, FormChoice, FormChoices,
    FormLack, FormLine, FormLineKind, FormQuestion,
};

use uuid::Uuid;

use crate::number;

/// Enough of an id to tell it from others. Its end, because ids made on the same day begin alike.
const ID_SHOWN: usize = 8;

/// All lines, without photos.
pub(crate) fn of(session: &Session, world: &dyn World) -> Vec<FormLine> {
    let shown = session.view(world);
    let answered = answered_in_instances(&shown);
    let opens = opens(&shown);
    let lines = shown.into_iter().zip(answered).zip(opens);
    lines
        .map(|((shown, answered), is_open)| line(session, world, shown, answered, is_open))
        .collect()
}

/// For each line that heads an instance, how many questions in it are answered and could have been
/// by a person.
fn answered_in_instances(shown: &[Shown]) -> Vec<u32> {
    let mut counts = vec![0_u32; shown.len()];
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (at, line) in shown.iter().enumerate() {
        while open.last().is_some_and(|(depth, _)| *depth >= line.depth) {
            open.pop();
        }
        match &line.kind {
            ShownKind::Instance { .. } => open.push((line.depth, at)),
            ShownKind::Question {
                value,
                is_read_only: false,
                ..
            } if !value.is_empty() => {
                for (_, head) in &open {
                    if let Some(count) = counts.get_mut(*head) {
                        *count += 1;
                    }
                }
            }
            ShownKind::Question { .. } | ShownKind::Group | ShownKind::Repeat { .. } => {}
        }
    }
    counts
}

/// For each line that heads an instance, whether people may take it away: whether its repeat is
/// open.
fn opens(shown: &[Shown]) -> Vec<bool> {
    let mut repeats: Vec<(usize, bool)> = Vec::new();
    let mut opens = Vec::with_capacity(shown.len());
    for line in shown {
        while repeats
            .last()
            .is_some_and(|(depth, _)| *depth >= line.depth)
        {
            repeats.pop();
        }
        opens.push(repeats.last().is_some_and(|(_, is_open)| *is_open));
        if let ShownKind::Repeat { is_open, .. } = line.kind {
            repeats.push((line.depth, is_open));
        }
    }
    opens
}

fn line(
    session: &Session,
    world: &dyn World,
    shown: Shown,
    answered: u32,
    instance_is_open: bool,
) -> FormLine {
    let Shown {
        address,
        depth,
        label,
        hint,
        appearance,
        kind,
    } = shown;
    let what = match kind {
        ShownKind::Group => FormLineKind::Group,
        ShownKind::Repeat { instances, is_open } => FormLineKind::Repeat {
            instances: number::count(instances),
            is_open,
        },
        ShownKind::Instance { position } => FormLineKind::Instance {
            position: number::count(position),
            is_open: instance_is_open,
            answered,
        },
        ShownKind::Question {
            kind,
            value,
            is_required,
            is_read_only,
            wrong,
            message,
            parameters,
            media: _,
        } => {
            let (choices, chosen) = choices(session, world, &address, kind, &value);
            let bound = |name: &str, default: &str| {
                let said = parameters.get(name).map_or(default, String::as_str);
                said.to_owned()
            };
            FormLineKind::Question(Box::new(FormQuestion {
                kind: ask_kind(kind),
                value,
                required: is_required,
                read_only: is_read_only,
                wrong: wrong.map(answer_wrong),
                message,
                range: (kind == Kind::Range).then(|| AskRange {
                    start: bound("start", "1"),
                    end: bound("end", "10"),
                    step: bound("step", "1"),
                }),
                choices,
                chosen,
                photo: None,
                known: None,
                kept: None,
            }))
        }
    };
    FormLine {
        address,
        depth: number::count(depth),
        label,
        hint,
        appearance,
        what,
    }
}

fn choices(
    session: &Session,
    world: &dyn World,
    address: &str,
    kind: Kind,
    value: &str,
) -> (Option<FormChoices>, Vec<FormChoice>) {
    if !kind.has_choices() {
        return (None, Vec::new());
    }
    let part = session.some_choices(world, address, None, 0, CHOICES_INLINE);
    let is_long = part.total > CHOICES_INLINE;
    let some = if is_long { Vec::new() } else { part.choices };
    let mut some: Vec<FormChoice> = some.into_iter().map(choice).collect();
    let known = session.chosen(world, address);
    let chosen = named(&known, value);
    if !is_long {
        // What is chosen and unknown is there to be seen, and to be taken back.
        let is_known = |it: &&FormChoice| known.iter().any(|known| known.value == it.value);
        some.extend(chosen.iter().filter(|it| !is_known(it)).cloned());
    }
    let choices = FormChoices {
        total: number::count(part.total),
        some,
    };
    (Some(choices), chosen)
}

/// What a question is answered with.
pub(crate) fn chosen(
    session: &Session,
    world: &dyn World,
    address: &str,
    value: &str,
) -> Vec<FormChoice> {
    named(&session.chosen(world, address), value)
}

/// What its list does not know any more goes by its name, the id of an entry that is not on this device by
/// how it ends.
fn named(known: &[Choice], value: &str) -> Vec<FormChoice> {
    let chosen = value.split_whitespace().map(|name| {
        let known = known.iter().find(|it| it.value == name);
        known.cloned().map_or_else(|| unknown(name), choice)
    });
    chosen.collect()
}

fn unknown(name: &str) -> FormChoice {
    let ends = name.len().checked_sub(ID_SHOWN);
    let ends = ends.and_then(|from| name.get(from..));
    let ends = ends.filter(|_| Uuid::try_parse(name).is_ok());
    FormChoice {
        value: name.to_owned(),
        label: ends.map_or_else(|| name.to_owned(), |ends| format!("…{ends}")),
    }
}

/// A choice for the page.
pub(crate) fn choice(choice: Choice) -> FormChoice {
    FormChoice {
        value: choice.value,
        label: choice.label,
    }
}

/// What keeps a form from being finished, for the page.
pub(crate) fn lack(mistake: Mistake) -> FormLack {
    FormLack {
        address: mistake.address,
        wrong: answer_wrong(mistake.wrong),
        message: mistake.message,
    }
}

/// Why an answer is not taken, for the page.
pub(crate) fn refusal(refusal: Refusal) -> AnswerRefusal {
    match refusal {
        Refusal::NoSuchQuestion => AnswerRefusal::NoSuchQuestion,
        Refusal::NotAsked => AnswerRefusal::NotAsked,
        Refusal::ReadOnly => AnswerRefusal::ReadOnly,
        Refusal::NotInteger => AnswerRefusal::NotInteger,
        Refusal::NotDecimal => AnswerRefusal::NotDecimal,
        Refusal::OutOfRange => AnswerRefusal::OutOfRange,
        Refusal::NotDate => AnswerRefusal::NotDate,
        Refusal::NotTime => AnswerRefusal::NotTime,
        Refusal::NotDateTime => AnswerRefusal::NotDateTime,
        Refusal::NotAChoice => AnswerRefusal::NotAChoice,
        Refusal::NotPlace => AnswerRefusal::NotPlace,
        Refusal::TooLong => AnswerRefusal::TooLong,
        Refusal::Counted => AnswerRefusal::Counted,
    }
}

fn answer_wrong(wrong: Wrong) -> AnswerWrong {
    match wrong {
        Wrong::Required => AnswerWrong::Missing,
        Wrong::Constraint => AnswerWrong::Constraint,
        Wrong::NotOffered => AnswerWrong::NotOffered,
        Wrong::Unclear => AnswerWrong::Unclear,
    }
}

/// What a question asks for, as far as the page can ask for it.
pub(crate) fn ask_kind(kind: Kind) -> AskKind {
    match kind {
        Kind::Integer => AskKind::Integer,
        Kind::Decimal => AskKind::Decimal,
        Kind::Range => AskKind::Range,
        Kind::Date => AskKind::Date,
        Kind::Time => AskKind::Time,
        Kind::DateTime => AskKind::DateTime,
        Kind::SelectOne => AskKind::SelectOne,
        Kind::SelectMultiple => AskKind::SelectMultiple,
        Kind::Rank => AskKind::Rank,
        Kind::Geopoint => AskKind::Geopoint,
        Kind::Image => AskKind::Image,
        Kind::Barcode => AskKind::Barcode,
        Kind::Note => AskKind::Note,
        Kind::Acknowledge => AskKind::Acknowledge,
        Kind::Geotrace | Kind::Geoshape | Kind::Audio | Kind::Video | Kind::File => AskKind::Other,
        // What fills itself is not shown.
        Kind::Text
        | Kind::Calculate
        | Kind::Hidden
        | Kind::Start
        | Kind::End
        | Kind::Today
        | Kind::DeviceId
        | Kind::Username
        | Kind::PhoneNumber
        | Kind::Email => AskKind::Text,
    }
}
