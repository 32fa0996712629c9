//! Computing what depends on an answer comes to the same as computing everything: random forms,
//! random answers. A failure prints its seed; `GRIDWALKER_FORMS_SEED=n` plays it alone.

use std::{fmt::Write as _, sync::Arc};

use forms::{
    Beside, Program, Session,
    session::{Outcome, Saved},
    xlsform::load,
};

use crate::desk::{Desk, Store, book, keep, saved};

/// Marsaglia's xorshift.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

const CHOICES: &str = "list_name | name | label | n
    c | a | A | 1
    c | b | B | 2
    c | d | D | 3";

/// A form of some twelve lines, groups and repeats in each other, whose expressions look anywhere.
fn survey(dice: &mut Dice) -> String {
    let mut text =
        "type | name | label | relevant | calculation | choice_filter | repeat_count\n".to_owned();
    let mut open: Vec<&str> = Vec::new();
    let names = 12;
    for line in 0..names {
        let name = format!("q{line}");
        let relevant = if dice.below(3) == 0 {
            condition(dice, line)
        } else {
            String::new()
        };
        match dice.below(9) {
            0 if open.len() < 3 => {
                writeln!(text, "begin group | {name} | G | {relevant}").unwrap();
                open.push("group");
            }
            1 | 2 if open.len() < 3 => {
                let count = if dice.below(3) == 0 {
                    format!("${{q{}}}", dice.below(line.max(1)))
                } else {
                    String::new()
                };
                writeln!(text, "begin repeat | {name} | R | {relevant} | | | {count}").unwrap();
                open.push("repeat");
            }
            3 | 4 => {
                let value = value(dice, names);
                writeln!(text, "calculate | {name} | | {relevant} | {value}").unwrap();
            }
            5 => {
                let other = dice.below(names);
                writeln!(
                    text,
                    "select_one c | {name} | S | {relevant} | | n != ${{q{other}}}"
                )
                .unwrap();
            }
            _ => writeln!(text, "integer | {name} | I | {relevant}").unwrap(),
        }
        if dice.below(4) == 0
            && let Some(holder) = open.pop()
        {
            writeln!(text, "end {holder}").unwrap();
        }
    }
    for holder in open.into_iter().rev() {
        writeln!(text, "end {holder}").unwrap();
    }
    text
}

/// Mostly about what comes before, so that few forms go round in a circle.
fn condition(dice: &mut Dice, line: usize) -> String {
    let (q, r) = (dice.below(line + 1), dice.below(line + 1));
    let of = dice.of(&[
        "${q} > 1",
        "${q} != ${r}",
        "count(${q}) > 1",
        "sum(${q}) < 9",
        "${q} = '' or ${r} = 2",
        "position(..) > 1",
    ]);
    of.replace("${q}", &format!("${{q{q}}}"))
        .replace("${r}", &format!("${{q{r}}}"))
}

fn value(dice: &mut Dice, names: usize) -> String {
    let (q, r) = (dice.below(names), dice.below(names));
    let of = dice.of(&[
        "${q} + ${r}",
        "sum(${q})",
        "count(${q})",
        "concat(${q}, '-', ${r})",
        "join(',', ${q})",
        "count(${q}[. > 1])",
        "indexed-repeat(${q}, ${r}, 1)",
        "position(..)",
        "string(/data/*)",
        "instance('c')/root/item[n = ${q}]/label",
        "count(../*)",
        "${q}[position() = ${r}]",
    ]);
    of.replace("${q}", &format!("${{q{q}}}"))
        .replace("${r}", &format!("${{q{r}}}"))
}

fn restored(
    program: &Arc<Program>,
    desk: &Desk,
    store: &Store,
    is_kept: impl Fn(&str) -> bool,
) -> (Session, Outcome) {
    let mut saved = saved(store);
    saved.retain(|it| match it {
        Saved::Value { address, .. } => is_kept(address),
        Saved::Instance { .. } => true,
    });
    Session::restore(Arc::clone(program), desk, ("form", ""), &saved, &[]).unwrap()
}

/// Everything that can be added to: repeats that nobody counts, wherever they are asked.
fn act(dice: &mut Dice, session: &mut Session, desk: &Desk) -> Option<Outcome> {
    use forms::session::ShownKind::{Instance, Question, Repeat};
    let page = session.view(desk);
    if page.is_empty() {
        return None;
    }
    let shown = &page[dice.below(page.len())];
    match &shown.kind {
        Question { .. } => {
            let choices = session.choices(desk, &shown.address);
            let given = match (choices.is_empty(), dice.below(5)) {
                (_, 0) => String::new(),
                (true, _) => dice.below(4).to_string(),
                (false, _) => choices[dice.below(choices.len())].value.clone(),
            };
            session.answer(desk, &shown.address, &given).ok()
        }
        Repeat {
            instances,
            is_open: true,
        } if *instances < 4 => session
            .add(desk, &shown.address)
            .ok()
            .map(|(_, outcome)| outcome),
        Instance { .. } => session.remove(desk, &shown.address).ok(),
        _ => None,
    }
}

/// Plays one form; `None` if it can't be one.
fn play(seed: u64) -> Option<usize> {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    for _ in 0..8 {
        dice.below(2);
    }
    let survey = survey(&mut dice);
    let form = load(&book(&survey, CHOICES, ""), "form", &Beside::default())
        .ok()?
        .form;
    let program = Arc::new(Program::compile(form, Beside::default()).unwrap());
    let computed: Vec<String> = survey
        .lines()
        .filter(|line| line.starts_with("calculate"))
        .filter_map(|line| line.split("| ").nth(1).map(|name| name.trim().to_owned()))
        .collect();
    let desk = Desk::default();
    let (mut session, begun) = Session::begin(Arc::clone(&program), &desk, &[]);
    let mut store = Store::new();
    keep(&mut store, &begun);
    let mut acts = 0;
    for _ in 0..40 {
        let Some(outcome) = act(&mut dice, &mut session, &desk) else {
            continue;
        };
        acts += 1;
        keep(&mut store, &outcome);
        let (again, news) = restored(&program, &desk, &store, |_| true);
        assert_eq!(
            news.changes,
            [],
            "seed {seed}: something was not computed\n{survey}"
        );
        let answers_only = |address: &str| {
            !computed
                .iter()
                .any(|name| address.rsplit('/').next() == Some(name))
        };
        let (anew, _) = restored(&program, &desk, &store, answers_only);
        for other in [&again, &anew] {
            assert_eq!(other.values(), session.values(), "seed {seed}\n{survey}");
            assert_eq!(
                other.view(&desk),
                session.view(&desk),
                "seed {seed}\n{survey}"
            );
        }
    }
    Some(acts)
}

#[test]
fn what_depends_on_an_answer_is_computed_and_comes_to_the_same_as_everything() {
    if let Ok(seed) = std::env::var("GRIDWALKER_FORMS_SEED") {
        play(seed.parse().unwrap());
        return;
    }
    let played: Vec<usize> = (1..=1500).filter_map(play).collect();
    let acts: usize = played.iter().sum();
    println!("{} forms, {acts} answers", played.len());
    assert!(
        played.len() > 150 && acts > 3000,
        "{} forms, {acts} answers are too few",
        played.len()
    );
}
