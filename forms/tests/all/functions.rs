//! Each function and operator, as a table of expressions and what they come to. The form around
//! them is `FORM`; an expression stands in a calculation beside its answers.

use forms::{Fault, Session};

use crate::desk::{Desk, program};

const FORM: &str = "
    type | name | label | calculation | repeat_count
    integer | n | N
    text | t | T
    text | blank | Blank
    select_multiple colours | c | C
    select_one towns | town | Town
    geoshape | shape | Shape
    date | born | Born
    begin repeat | rep | Rep | | 3
    integer | x | X
    text | y | Y
    end repeat
    calculate | out | | ";

const CHOICES: &str = "
    list_name | name | label | pay
    colours | red | 红 | 1
    colours | green | 绿 | 2
    colours | blue | 蓝 | 3
    towns | east | 东 | 07
    towns | west | 西 | 7
    towns | far | 远 | 12";

/// What an expression comes to with the answers below.
fn computed(expr: &str) -> Result<String, Fault> {
    let desk = Desk::default();
    let (mut session, _) = Session::begin(program(&format!("{FORM}{expr}"), CHOICES), &desk, &[]);
    let square = "30 120;30 120.001;30.001 120.001;30.001 120;30 120";
    let mut faults = Vec::new();
    for (address, value) in [
        ("n", "42"),
        ("t", " 网格 行 "),
        ("c", "red blue"),
        ("town", "west"),
        ("shape", square),
        ("born", "1990-05-17"),
        ("rep[1]/x", "3"),
        ("rep[2]/x", "5"),
        ("rep[1]/y", "a"),
        ("rep[3]/y", "c"),
    ] {
        faults = session.answer(&desk, address, value).unwrap().faults;
    }
    if let Some((_, fault)) = faults.pop() {
        return Err(fault);
    }
    // The last answer need not concern the expression, but its fault comes again with a new start.
    let again = session.speak(&desk, "en").faults.pop();
    match again {
        Some((_, fault)) => Err(fault),
        None => Ok(session.value("out").unwrap().to_owned()),
    }
}

fn table(rows: &[(&str, &str)]) {
    for (expr, expected) in rows {
        assert_eq!(computed(expr).as_deref(), Ok(*expected), "{expr}");
    }
}

#[test]
fn operators() {
    table(&[
        ("1 + 2 * 3", "7"),
        ("7 mod 3", "1"),
        ("-7 mod 3", "-1"),
        ("1 div 4", "0.25"),
        ("1 div 0", "Infinity"),
        ("0 div 0", ""),
        ("'a' = 'a'", "true"),
        ("'1' = 1.0", "true"),
        ("'a' != 1", "true"),
        ("true() = 'x'", "true"),
        ("2 < 10", "true"),
        ("'2' < '10'", "true"),
        ("'a' < 'b'", "false"),
        ("1 = 1 and 1 = 2 or 3 = 3", "true"),
        ("${n} >= 42", "true"),
        ("- ${n}", "-42"),
        ("0.1 + 0.2", "0.30000000000000004"),
    ]);
}

#[test]
fn sets_of_nodes_compare_by_any_of_their_nodes() {
    table(&[
        ("${x} = 5", "true"),
        ("${x} != 5", "true"),
        ("${x} = 4", "false"),
        ("${x} > 4", "true"),
        ("4 > ${x}", "true"),
        ("${x} > 5", "false"),
        ("${y} = ${y}", "true"),
        ("${x} = true()", "true"),
        ("/data/rep[x = 99] = true()", "false"),
        ("count(${x}|${y}|${x})", "6"),
        ("count(instance('towns')/root/item[pay = 7])", "2"),
        ("count(instance('towns')/root/item[pay = '7'])", "1"),
        ("count(instance('towns')/root/item[pay > 7])", "1"),
    ]);
}

#[test]
fn texts() {
    table(&[
        ("string(${n})", "42"),
        ("string(1.50)", "1.5"),
        ("string(true())", "true"),
        ("concat(${y}, '-', ${n})", "ac-42"),
        ("concat('a')", "a"),
        ("join(', ', ${y})", "a, , c"),
        ("join('+', 1, ${x}, 'z')", "1+3+5++z"),
        ("substr('网格员', 1)", "格员"),
        ("substr('hello', 1, 3)", "el"),
        ("substr('hello', -3, -1)", "ll"),
        ("substr('hello', 4, 2)", ""),
        ("substring('12345', 2, 3)", "234"),
        ("substring('12345', 1.5, 2.6)", "234"),
        ("substring('12345', 0 div 0, 3)", ""),
        ("substring('12345', -42, 1 div 0)", "12345"),
        ("substring-before('1999/04/01', '/')", "1999"),
        ("substring-before('a', 'z')", ""),
        ("substring-after('1999/04/01', '/')", "04/01"),
        ("translate('bar', 'abc', 'AB')", "BAr"),
        ("translate('--aaa--', 'abc-', 'ABC')", "AAA"),
        ("string-length('网格')", "2"),
        ("string-length(${blank})", "0"),
        ("normalize-space(${t})", "网格 行"),
        ("contains('abc', 'bc')", "true"),
        ("contains('abc', '')", "true"),
        ("starts-with('abc', 'ab')", "true"),
        ("ends-with('abc', 'ab')", "false"),
        ("regex('a12', '[0-9]+')", "false"),
        ("regex('12', '[0-9]+')", "true"),
        ("regex('东风路12号', '.*路\\d+号')", "true"),
        ("regex('ab', 'a|ab')", "true"),
    ]);
}

#[test]
fn numbers() {
    table(&[
        ("number('3.5')", "3.5"),
        ("number('x')", ""),
        ("number('1970-01-11')", "10"),
        ("int(-3.7)", "-3"),
        ("int('4.9')", "4"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-2"),
        ("round(-1.5)", "-1"),
        ("round(1.005, 2)", "1.01"),
        ("round(33.33, -1)", "30"),
        ("round(55, -2)", "100"),
        ("round(44, -3)", "0"),
        ("round(0.4)", "0"),
        ("round(9.99, 1)", "10"),
        ("round(1, 31)", ""),
        ("floor(-1.2)", "-2"),
        ("ceiling(-1.2)", "-1"),
        ("abs(-5)", "5"),
        ("pow(2, 10)", "1024"),
        ("sqrt(16)", "4"),
        ("exp(0)", "1"),
        ("exp10(2)", "100"),
        ("log(exp(1))", "1"),
        ("log10(1000)", "3"),
        ("sin(0)", "0"),
        ("cos(0)", "1"),
        ("tan(0)", "0"),
        ("asin(0)", "0"),
        ("acos(1)", "0"),
        ("atan(0)", "0"),
        ("round(atan2(1, 1), 6)", "0.785398"),
        ("round(pi(), 5)", "3.14159"),
        ("sum(${x})", "8"),
        ("max(${x})", "5"),
        ("max(${x}, 9)", "9"),
        ("min(${x})", "3"),
        ("min(${y})", ""),
        ("random()", "0.25"),
        ("count(${rep})", "3"),
        ("count(${rep}[x > 3])", "1"),
        ("count(${rep}[${x} > 3])", "1"),
        ("count(/data/rep[/data/rep/x > 3])", "1"),
        ("join('', ${rep}[${x} > /data/rep[1]/x]/x)", "5"),
        ("count-non-empty(${x})", "2"),
    ]);
}

#[test]
fn truths_and_choices() {
    table(&[
        ("boolean(${blank})", "true"),
        ("boolean('')", "false"),
        ("boolean(0)", "false"),
        ("boolean('false')", "true"),
        ("boolean-from-string('TRUE')", "true"),
        ("boolean-from-string('1')", "true"),
        ("boolean-from-string('yes')", "false"),
        ("not(1 = 1)", "false"),
        ("if(${n} > 40, 'many', date('broken'))", "many"),
        ("if(false(), 1, 2)", "2"),
        ("coalesce(${blank}, 'x')", "x"),
        ("coalesce(${n}, 'x')", "42"),
        ("checklist(2, -1, ${n} > 1, ${x} > 1, 1 = 2)", "true"),
        ("checklist(-1, 1, 1 = 1, 1 = 1)", "false"),
        ("weighted-checklist(3, 5, 1 = 1, 2, ${n} = 42, 2)", "true"),
        ("weighted-checklist(5, 9, 1 = 1, 2, ${n} = 42, 2)", "false"),
        ("once('first')", "first"),
        ("selected(${c}, 'red')", "true"),
        ("selected(${c}, 'green')", "false"),
        ("selected(${c}, 're')", "false"),
        ("selected-at(${c}, 1)", "blue"),
        ("selected-at(${c}, 2)", ""),
        ("selected-at(${c}, -1)", ""),
        ("count-selected(${c})", "2"),
        ("count-selected(${blank})", "0"),
        ("jr:choice-name(${town}, '${town}')", "西"),
        ("jr:choice-name('nowhere', '${town}')", ""),
        ("jr:choice-name(selected-at(${c}, 1), '${c}')", "蓝"),
    ]);
}

#[test]
fn dates_and_times() {
    table(&[
        ("today()", "2026-11-26"),
        ("now()", "2026-11-26T09:30:00.000+08:00"),
        ("date(${born})", "1990-05-17"),
        ("date(${born} + 10)", "1990-05-27"),
        ("date('2026-01-31T23:30:00.000+08:00')", "2026-01-31"),
        ("date('2026-01-31T23:30:00.000Z')", "2026-02-01"),
        ("date('')", ""),
        ("today() - ${born}", "13342"),
        ("int((today() - ${born}) div 365.25)", "36"),
        ("${born} < today()", "true"),
        ("${born} = '1990-05-17'", "true"),
        (
            "format-date(${born}, '%Y/%n/%e %a %b')",
            "1990/5/17 Thu May",
        ),
        ("format-date-time(now(), '%H:%M:%S')", "09:30:00"),
        ("format-date('', '%Y')", ""),
        ("decimal-date-time('1970-01-02T00:00:00.000Z')", "1"),
        ("round(decimal-date-time('1970-01-01'), 6)", "-0.333333"),
        ("decimal-time('12:00:00.000+08:00')", "0.5"),
        ("decimal-time('04:00:00.000Z')", "0.5"),
        ("date-time(0.5)", "1970-01-01T20:00:00.000+08:00"),
    ]);
    assert_eq!(
        computed("date('31.12.2025')"),
        Err(Fault::NoDate("31.12.2025".into()))
    );
    assert_eq!(
        computed("format-date(today(), '%Q')"),
        Err(Fault::NoDatePart('Q'))
    );
}

#[test]
fn nodes_repeats_and_lists() {
    table(&[
        ("position(${rep})", "1"),
        ("position(/data/rep[x = 5])", "2"),
        ("/data/rep[2]/x", "5"),
        ("/data/rep[position() = 2]/x", "5"),
        ("/data/rep[last()]/y", "c"),
        ("/data/rep[last()]/../n", "42"),
        ("//y", "a"),
        ("sum(/data/rep/*)", "8"),
        ("count(/data/rep/*)", "6"),
        ("../n", "42"),
        ("./../n", "42"),
        ("indexed-repeat(${x}, ${rep}, 2)", "5"),
        ("indexed-repeat(${x}, ${rep}, 9)", ""),
        ("instance('towns')/root/item[name = ${town}]/pay", "7"),
        (
            "instance('towns')/root/item[name = current()/../town]/label",
            "西",
        ),
        ("instance('towns')/root/item[2]/name", "west"),
        ("instance('towns')/root/item[last()]/name", "far"),
        ("instance('towns')/root/item[pay = 7][2]/name", "west"),
        (
            "instance('towns')/root/item[pay = 7 and name != 'east']/name",
            "west",
        ),
        (
            "instance('towns')/root/item[position() = 1 and pay = 7]/name",
            "east",
        ),
        (
            "instance('towns')/root/item[pay = 12 and position() = 3]/name",
            "far",
        ),
        (
            "join(' ', instance('towns')/root/item/name)",
            "east west far",
        ),
        ("pulldata('towns', 'pay', 'name', 'far')", "12"),
        ("pulldata('towns', 'name', 'pay', 7)", "west"),
        (
            "join(' ', randomize(instance('colours')/root/item/name, 7))",
            "blue green red",
        ),
    ]);
}

#[test]
fn places_digests_and_the_world() {
    table(&[
        ("round(area(${shape}))", "10732"),
        ("round(distance(${shape}))", "415"),
        ("distance('30 120')", "0"),
        ("area(${blank})", "0"),
        (
            "digest('abc', 'MD5', 'hex')",
            "900150983cd24fb0d6963f7d28e17f72",
        ),
        (
            "digest('abc', 'SHA-1', 'hex')",
            "a9993e364706816aba3e25717850c26c9cd0d89d",
        ),
        (
            "digest('abc', 'SHA-256')",
            "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
        ),
        ("substr(digest('abc', 'SHA-384', 'hex'), 0, 8)", "cb00753f"),
        ("substr(digest('abc', 'SHA-512', 'hex'), 0, 8)", "ddaf35a1"),
        ("base64-decode('572R5qC8')", "网格"),
        ("uuid()", "6f1d2c8a-0000-4000-8000-000000000001"),
        ("uuid(4)", "9999"),
        ("property('username')", "顾小满"),
        ("version()", ""),
    ]);
    assert_eq!(
        computed("digest('abc', 'CRC')"),
        Err(Fault::NoDigest("CRC".into()))
    );
    assert_eq!(
        computed("distance('here')"),
        Err(Fault::NoPlace("here".into()))
    );
    assert_eq!(computed("base64-decode('*')"), Err(Fault::NoBase64));
    assert_eq!(computed("count('a')"), Err(Fault::NotNodes("count")));
    assert_eq!(
        computed("regex('a', concat('(', 'a'))"),
        Err(Fault::NoPattern("(a".into()))
    );
}
