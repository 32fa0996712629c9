//! The languages of a form.

use forms::Session;

use crate::desk::{Desk, program_with};

#[test]
fn each_language_has_its_words_and_what_is_missing_is_said_in_another() {
    let desk = Desk::default();
    let program = program_with(
        "type | name | label::中文 (zh) | label::English (en) | hint::中文 (zh) | constraint | constraint_message::English (en) | calculation
         select_one c | q | 你选 ${q}？ | You chose ${q}? | 一个 | . != 'b' | not b
         calculate | called | | | | | | jr:choice-name(${q}, '${q}')
         calculate | day | | | | | | format-date('2026-03-05', '%b')",
        "list_name | name | label::中文 (zh) | label::English (en)
         c | a | 甲 | Alpha
         c | b | 乙",
        "form_title | default_language\n表 | 中文 (zh)",
        std::collections::BTreeMap::new(),
    );
    let (mut session, _) = Session::begin(program, &desk, &[]);
    assert_eq!(session.program().languages(), ["中文 (zh)", "English (en)"]);
    session.answer(&desk, "q", "a").unwrap();
    let said = |session: &Session| {
        let shown = session.view(&desk).remove(0);
        (
            shown.label,
            shown.hint,
            session.value("called").unwrap().to_owned(),
            session.value("day").unwrap().to_owned(),
        )
    };
    assert_eq!(
        said(&session),
        ("你选 a？".into(), "一个".into(), "甲".into(), "3月".into())
    );

    session.speak(&desk, "English (en)");

    assert_eq!(
        said(&session),
        (
            "You chose a?".into(),
            "一个".into(),
            "Alpha".into(),
            "Mar".into()
        )
    );
    let labels: Vec<String> = session
        .choices(&desk, "q")
        .into_iter()
        .map(|choice| choice.label)
        .collect();
    assert_eq!(
        labels,
        ["Alpha", ""],
        "a list has a column for each language, filled or not"
    );
}

#[test]
fn random_order_is_the_same_as_long_as_the_seed_is() {
    let choices = "list_name | name | label
        c | a | A
        c | b | B
        c | c | C
        c | d | D";
    let survey = "type | name | label | parameters
        integer | seed | S
        select_one c | q | Q | randomize=true, seed=${seed}
        select_one c | r | R | randomize=true";
    let (desk, mut session) = crate::desk::filling(survey, choices);
    let order = |session: &Session, address| -> String {
        session
            .choices(&desk, address)
            .into_iter()
            .map(|choice| choice.value)
            .collect()
    };
    session.answer(&desk, "seed", "42").unwrap();
    let first = order(&session, "q");
    let once = order(&session, "r");

    session.answer(&desk, "seed", "43").unwrap();
    let other = order(&session, "q");
    session.answer(&desk, "seed", "42").unwrap();

    assert_ne!(first, other);
    assert_eq!(order(&session, "q"), first);
    assert_eq!(
        order(&session, "r"),
        once,
        "without a seed it is chosen once for the session"
    );
    let mut letters: Vec<char> = first.chars().collect();
    letters.sort_unstable();
    assert_eq!(letters, ['a', 'b', 'c', 'd']);
}
