//! What is wrong with a form is told where its author wrote it, all at once.

use forms::{Beside, Program, Table, xlsform::load};

use crate::desk::{book, mistakes};

fn told(survey: &str, choices: &str, expected: &[&str]) {
    assert_eq!(mistakes(survey, choices), expected, "{survey}");
}

#[test]
fn everything_that_is_wrong_is_told_not_only_the_first() {
    told(
        "type | name | label | relevant | constraint | calculation
         integr | a | A
         text | 1b | B
         text | c | C | ${nowhere} = 1
         select_one towns | d | D
         text | | E",
        "list_name | name | label
         town | x | X
         town | x | Y",
        &[
            "choices, row 3, column \"name\": the list has \"x\" twice",
            "survey, row 2, column \"type\": there is no type \"integr\"; is \"integer\" meant?",
            "survey, row 3, column \"name\": \"1b\" is no name",
            "survey, row 5, column \"type\": there is no list \"towns\"; is \"town\" meant?",
            "survey, row 6, column \"name\": it is empty",
        ],
    );
    told(
        "type | name | label | relevance | constraint | calculation | required | choice_filter
         text | a | A | ${nowher} = 1 | . > | | yes and
         text | nowhere | B ${a | | regex(., '(')
         text | nowhere | C ${q}
         calculate | d | | | | foo(1)
         calculate | e | | | | if(1, 2)
         calculate | f | | | | pulldata('streets', ${a}, 'k', 1)
         calculate | g | | | | ../../../x
         select_one c | h | H | | | | | wide = ${a}",
        "list_name | name | label
         c | x | X",
        &[
            "survey, row 2, column \"relevance\": there is no \"nowher\"; is \"nowhere\" meant?",
            "survey, row 2, column \"required\": at character 8: the expression ends where a value is expected",
            "survey, row 2, column \"constraint\": at character 4: the expression ends where a value is expected",
            "survey, row 3, column \"constraint\": \"(\" is no pattern",
            "survey, row 4, column \"name\": the name \"nowhere\" is taken",
            "survey, row 4, column \"label\": there is no \"q\"",
            "survey, row 5, column \"calculation\": there is no function foo()",
            "survey, row 6, column \"calculation\": if() with 2 arguments",
            "survey, row 7, column \"calculation\": pulldata() needs text in quotes as argument 2",
            "survey, row 8, column \"calculation\": `..` leads out of the form",
            "survey, row 9, column \"choice_filter\": the list \"c\" has no column \"wide\"",
        ],
    );
}

#[test]
fn circles_are_found_and_named() {
    told(
        "type | name | label | calculation | relevant
         calculate | a | | ${b} + 1
         calculate | b | | ${c} + 1
         calculate | c | | ${a} + 1",
        "",
        &[
            "survey, row 2, column \"calculation\": these need each other in a circle: a → b → c → a",
        ],
    );
    told(
        "type | name | label | calculation | relevant
         text | own | O | | ${own} = 'x'",
        "",
        &["survey, row 2, column \"relevant\": these need each other in a circle: own → own"],
    );
    told(
        "type | name | label | calculation | relevant | repeat_count
         begin group | g | G | | ${inner} = 1
         integer | inner | I
         end group
         begin repeat | r | R | | | ${n}
         integer | n | N
         end repeat",
        "",
        &[
            "survey, row 2, column \"relevant\": these need each other in a circle: g → inner → g",
            "survey, row 5, column \"repeat_count\": these need each other in a circle: r → n → r",
        ],
    );
    assert_eq!(
        mistakes(
            "type | name | label | constraint\ninteger | n | N | . > 0 and ${n} < 9",
            ""
        ),
        [""; 0],
        "a constraint may look at its own answer"
    );
}

#[test]
fn groups_must_end_where_they_began() {
    told(
        "type | name | label
         begin group | g | G
         begin repeat | r | R
         text | a | A
         end group",
        "",
        &[
            "survey, row 2, column \"type\": what begins here never ends",
            "survey, row 3, column \"type\": what begins here never ends",
            "survey, row 5, column \"type\": what ends here never began",
        ],
    );
    told(
        "type | name | label\nend repeat",
        "",
        &["survey, row 2, column \"type\": what ends here never began"],
    );
}

#[test]
fn files_are_asked_for_and_their_columns_checked() {
    let survey = "type | name | label | choice_filter | calculation
        select_one_from_file streets.csv | s | S | town = 'x'
        calculate | c | | | pulldata('people', 'age', 'id', 7)";
    let form = load(&book(survey, "", ""), "f", &Beside::default())
        .unwrap()
        .form;
    assert_eq!(
        form.files,
        ["streets.csv", "people.csv"],
        "what is not at hand can come later"
    );

    let missing = Program::compile(form.clone(), Beside::default()).unwrap_err();

    let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
    assert!(
        missing.contains(&"the file \"streets.csv\" is missing".to_owned()),
        "{missing:?}"
    );
    let columns =
        |names: &[&str]| Table::new(names.iter().map(|name| (*name).to_owned()).collect());
    let files = Beside::from([
        ("streets.csv".to_owned(), columns(&["name", "label"])),
        ("people.csv".to_owned(), columns(&["id", "age"])),
    ]);
    let told = load(&book(survey, "", ""), "f", &files).unwrap_err();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        told[0].to_string(),
        "survey, row 2, column \"choice_filter\": the list \"streets.csv\" has no column \"town\""
    );
}

#[test]
fn warnings_keep_nobody_from_using_a_form() {
    let loaded = load(
        &book(
            "type | name | label | colour | lable\naudit | audit\ntext | a\ntext | b | B",
            "",
            "",
        ),
        "f",
        &Beside::default(),
    )
    .unwrap();

    let warnings: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "survey, row 1, column \"colour\": the column is not known",
            "survey, row 1, column \"lable\": the column is not known; is \"label\" meant?",
            "survey, row 2, column \"type\": \"audit\" is passed over",
            "survey, row 3, column \"label\": it is empty",
        ]
    );
}

#[test]
fn a_form_comes_back_from_its_document_as_it_was() {
    let form = load(
        &book(
            "type | name | label::zh | label::en | relevant | choice_filter | parameters | trigger | calculation
             begin repeat | r | 次
             select_one c or_other | q | 问 | Q | 1 = 1 | wide = 'y' | randomize=true
             end repeat
             text | t | T
             calculate | k | | | | | | ${t} | now()",
            "list_name | name | label::zh | wide\nc | x | 甲 | y",
            "form_title::zh | form_id | version | instance_name\n表 | f | 3 | ${t}",
        ),
        "f",
        &Beside::default(),
    )
    .unwrap()
    .form;

    let written = serde_json::to_string(&form).unwrap();

    assert_eq!(serde_json::from_str::<forms::Form>(&written).unwrap(), form);
    let newer = written.replacen("\"format\":1", "\"format\":2", 1);
    let newer: forms::Form = serde_json::from_str(&newer).unwrap();
    let refused = Program::compile(newer, Beside::default()).unwrap_err();
    assert_eq!(
        refused[0].to_string(),
        "format 2 is newer than this program"
    );
}

/// Pieces of expressions in any order: most are broken, none breaks the reader.
#[test]
fn whatever_is_written_as_an_expression_or_a_list_nothing_panics() {
    const PIECES: [&str; 28] = [
        "${a}",
        "${",
        "}",
        "(",
        ")",
        "[",
        "]",
        "/",
        "//",
        "..",
        ".",
        "::",
        "@",
        "*",
        "+",
        "-",
        "and",
        "or",
        "div",
        "'x'",
        "\"",
        "1.5",
        "a",
        "if(",
        "instance('c')",
        ",",
        "网格",
        "\u{0}",
    ];
    let mut dice = 99_u32;
    let mut below = |end: usize| {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(dice >> 8).unwrap() % end
    };
    let mut read = 0;
    for _ in 0..30_000 {
        let text: String = (0..=below(9))
            .map(|_| PIECES[below(PIECES.len())])
            .collect();
        read += usize::from(forms::xpath::parse(&text).is_ok());
        let bytes: Vec<u8> = (0..below(40))
            .map(|_| b"ab,\"\n\r\xff\xe4"[below(8)])
            .collect();
        drop(forms::table::read_csv(&bytes));
    }
    assert!(read > 300, "some are expressions: {read}");
}

#[test]
fn what_is_kept_as_a_record_is_checked_like_the_rest() {
    let mut book = book(
        "type | name | label | save_to\ntext | who | Who | name",
        "",
        "",
    );
    let told = |book: &forms::xlsform::Book| -> Vec<String> {
        let told = load(book, "f", &Beside::default())
            .err()
            .unwrap_or_default();
        told.iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        told(&book),
        ["survey, row 2, column \"save_to\": there is no sheet entities to save to"]
    );

    book.sheets.push(crate::desk::sheet(
        "entities",
        "list_name | label | create_if\npeople | ${whom} | ${who} !=",
    ));

    assert_eq!(
        told(&book),
        [
            "entities, row 2, column \"label\": there is no \"whom\"; is \"who\" meant?",
            "entities, row 2, column \"create_if\": at character 10: the expression ends where a value is expected",
        ]
    );
}

#[test]
fn groups_and_expressions_without_end_are_refused_and_long_ones_are_not() {
    let deep = |depth: usize| {
        let begins = "begin group | g | G\n".repeat(depth);
        format!(
            "type | name | label\n{begins}text | t | T\n{}",
            "end group\n".repeat(depth)
        )
    };
    assert_eq!(mistakes(&deep(30), ""), [""; 0]);
    let told = mistakes(&deep(50_000), "");
    assert_eq!(
        told,
        ["survey, row 32, column \"type\": groups are nested too deeply"]
    );

    let long = format!(
        "type | name | label | calculation\ncalculate | c | | {}",
        "abs(".repeat(55) + &vec!["1"; 301].join(" + ") + &")".repeat(55)
    );
    let (_, session) = crate::desk::filling(&long, "");
    assert_eq!(
        session.value("c"),
        Some("301"),
        "what is let in fits on the stack of a thread"
    );
}
