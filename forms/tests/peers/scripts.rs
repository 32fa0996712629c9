//! Whole forms and what is done with them, as text: a name, the sheets, and steps.

use crate::Case;

const SCRIPTS: &[(&str, &str, &str, &str)] = &[
    (
        "relevance hides and brings back",
        "type | name | label | relevant | calculation
      integer | age | Age
      text | school | School | ${age} < 18
      calculate | told | | | concat(${age}, '/', ${school})",
        "",
        "set /data/age 9;set /data/school A;get /data/told;set /data/age 20;get /data/told;get /data/school;set /data/age 10;get /data/told;get /data/school",
    ),
    (
        "a group hides all that is in it",
        "type | name | label | relevant | calculation
      integer | n | N
      begin group | g | G | ${n} > 1
      text | a | A
      calculate | b | | | concat(${a}, '!')
      end group
      calculate | out | | | coalesce(${b}, 'none')",
        "",
        "set /data/n 2;set /data/g/a x;get /data/g/b;get /data/out;set /data/n 1;get /data/g/b;get /data/out;set /data/n 3;get /data/out",
    ),
    (
        "calculations follow each other",
        "type | name | label | calculation
      integer | a | A
      calculate | d | | ${c} * 2
      calculate | c | | ${b} + 1
      calculate | b | | ${a} + 1",
        "",
        "set /data/a 1;get /data/d;set /data/a 5;get /data/d;get /data/b",
    ),
    (
        "sums over a repeat",
        "type | name | label | calculation
      begin repeat | r | R
      decimal | x | X
      calculate | twice | | ${x} * 2
      end repeat
      calculate | sum | | sum(${twice})
      calculate | n | | count(${r})",
        "",
        "set /data/r[1]/x 1.5;add /data/r;set /data/r[2]/x 2;get /data/sum;get /data/n;get /data/r[2]/twice;set /data/r[1]/x 10;get /data/sum",
    ),
    (
        "inside of a repeat names mean the same instance",
        "type | name | label | calculation | relevant
      text | outer | O
      begin repeat | r | R
      text | x | X
      text | y | Y | | ${x} = 'a'
      calculate | at | | position(..)
      calculate | told | | concat(${outer}, ${x}, ${y})
      end repeat",
        "",
        "set /data/outer o;add /data/r;set /data/r[1]/x a;set /data/r[2]/x b;set /data/r[1]/y y1;get /data/r[1]/told;get /data/r[2]/told;get /data/r[1]/at;get /data/r[2]/at;get /data/r[2]/y",
    ),
    (
        "how many siblings, told inside of the repeat",
        "type | name | label | calculation
      begin repeat | r | R
      text | x | X
      calculate | n | | count(${r})
      end repeat",
        "",
        "add /data/r;get /data/r[1]/n;get /data/r[2]/n",
    ),
    (
        "the one before, by indexed-repeat",
        "type | name | label | calculation
      begin repeat | r | R
      integer | x | X
      calculate | before | | indexed-repeat(${x}, ${r}, position(..) - 1)
      end repeat",
        "",
        "set /data/r[1]/x 4;add /data/r;set /data/r[2]/x 5;add /data/r;set /data/r[3]/x 6;get /data/r[2]/before;get /data/r[3]/before",
    ),
    (
        "a repeat that is counted",
        "type | name | label | calculation | repeat_count
      integer | n | N
      begin repeat | r | R | | ${n}
      text | x | X
      end repeat
      calculate | told | | join(',', ${x})",
        "",
        "set /data/n 2;walk;set /data/r[2]/x b;get /data/told",
    ),
    (
        "repeats in repeats",
        "type | name | label | calculation
      begin repeat | h | H
      begin repeat | m | M
      integer | x | X
      end repeat
      calculate | sum | | sum(${x})
      end repeat
      calculate | all | | sum(${sum})",
        "",
        "set /data/h[1]/m[1]/x 1;add /data/h[1]/m;set /data/h[1]/m[2]/x 5;add /data/h;get /data/h[1]/sum;get /data/h[2]/sum;get /data/all",
    ),
    (
        "look-ups of each instance in a list",
        "type | name | label | calculation
      begin repeat | r | R
      select_one l | k | K
      calculate | pay | | instance('l')/root/item[name = ${k}]/pay
      end repeat
      calculate | sum | | sum(${pay})",
        "list_name | name | label | pay
      l | a | A | 3
      l | b | B | 4",
        "set /data/r[1]/k a;add /data/r;set /data/r[2]/k b;get /data/r[1]/pay;get /data/r[2]/pay;get /data/sum",
    ),
    (
        "defaults, written and computed",
        "type | name | label | default | calculation
      text | a | A | words
      integer | n | N | 7
      text | b | B | concat('x', 'y')
      calculate | c | | | concat(${a}, ${b}, ${n})",
        "",
        "get /data/a;get /data/b;get /data/c;set /data/a other;get /data/b;get /data/c",
    ),
    (
        "a default that refers to another",
        "type | name | label | default
      text | a | A | words
      text | b | B | ${a}
      begin repeat | r | R
      text | x | X | ${a}
      end repeat",
        "",
        "get /data/b;get /data/r[1]/x;set /data/a other;get /data/b;add /data/r;get /data/r[1]/x;get /data/r[2]/x",
    ),
    (
        "a trigger",
        "type | name | label | calculation | trigger
      text | a | A
      text | other | O
      calculate | b | | concat(${a}, ${other}) | ${a}",
        "",
        "set /data/other o;get /data/b;set /data/a x;get /data/b;set /data/other p;get /data/b;set /data/a y;get /data/b",
    ),
    (
        "a choice that is filtered away",
        "type | name | label | choice_filter
      select_one l | a | A
      select_one m | b | B | of = ${a}",
        "list_name | name | label | of
      l | x | X
      l | y | Y
      m | x1 | X1 | x
      m | y1 | Y1 | y",
        "set /data/a x;set /data/b x1;get /data/b;set /data/a y;walk;get /data/b",
    ),
    (
        "or_other",
        "type | name | label
      select_one l or_other | a | A",
        "list_name | name | label
      l | x | X",
        "set /data/a other;set /data/a_other mine;get /data/a_other;set /data/a x;get /data/a_other",
    ),
    (
        "several choices",
        "type | name | label | calculation
      select_multiple l | a | A
      calculate | n | | count-selected(${a})
      calculate | first | | selected-at(${a}, 0)
      calculate | has | | if(selected(${a}, 'y'), 'yes', 'no')",
        "list_name | name | label
      l | x | X
      l | y | Y",
        "set /data/a y x;get /data/n;get /data/first;get /data/has;set /data/a x;get /data/has;set /data/a ;get /data/n",
    ),
    (
        "a circle is refused",
        "type | name | label | calculation
      integer | q | Q
      calculate | a | | ${b} + 1
      calculate | b | | ${a} + 1",
        "",
        "get /data/a",
    ),
    (
        "a value that uses itself is refused",
        "type | name | label | calculation
      integer | q | Q
      calculate | a | | ${a} + ${q}",
        "",
        "get /data/a",
    ),
    (
        "an unknown function is refused",
        "type | name | label | calculation
      integer | q | Q
      calculate | a | | nothing(${q})",
        "",
        "get /data/a",
    ),
    (
        "a name that is not there is refused",
        "type | name | label | calculation
      integer | q | Q
      calculate | a | | ${nowhere}",
        "",
        "get /data/a",
    ),
    (
        "broken XPath is refused",
        "type | name | label | calculation
      integer | q | Q
      calculate | a | | ${q} +",
        "",
        "get /data/a",
    ),
];

pub(crate) fn cases() -> Vec<Case> {
    SCRIPTS
        .iter()
        .map(|(name, survey, choices, steps)| Case {
            name: (*name).to_owned(),
            survey: (*survey).to_owned(),
            choices: (*choices).to_owned(),
            steps: steps
                .split(';')
                .map(|step| step.splitn(3, ' ').map(str::to_owned).collect())
                .collect(),
        })
        .collect()
}
