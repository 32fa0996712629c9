//! The sheet `survey`: rows as a tree of groups, repeats and questions.

use super::{
    Told,
    choices::Lists,
    grid::{Grid, Line},
    kinds::{self, Holder, TypeCell},
    mistake::What,
    question,
};
use crate::{
    definition::{Item, Kind, Question, Shape, Source, Words},
    program::near,
    xpath::lexer::is_name,
};

/// How deep groups and repeats may lie in each other; people reach five.
const DEPTH_MAX: usize = 30;

/// What was read.
pub(super) struct Survey {
    pub(super) items: Vec<Item>,
    /// The row of each item, in the order in which items are counted.
    pub(super) rows: Vec<u32>,
    pub(super) files: Vec<String>,
    /// The first row that saves to an entity.
    pub(super) first_saved: Option<u32>,
}

struct Open<'a> {
    holder: Holder,
    line: Line<'a>,
    name: String,
    items: Vec<Item>,
}

pub(super) fn read(grid: &Grid, lists: &mut Lists, told: &mut Told) -> Survey {
    let mut reader = Reader {
        survey: Survey {
            items: Vec::new(),
            rows: Vec::new(),
            files: Vec::new(),
            first_saved: None,
        },
        open: Vec::new(),
        lists,
        told,
    };
    for line in grid.lines() {
        reader.line(line);
    }
    for open in std::mem::take(&mut reader.open) {
        reader
            .told
            .mistake(open.line.mistake("type", What::NeverEnds));
    }
    reader.survey
}

struct Reader<'a, 'b> {
    survey: Survey,
    open: Vec<Open<'a>>,
    lists: &'b mut Lists,
    told: &'b mut Told,
}

impl<'a> Reader<'a, '_> {
    fn line(&mut self, line: Line<'a>) {
        if line
            .cell("disabled")
            .is_some_and(|text| ["yes", "true"].contains(&text.to_lowercase().as_str()))
        {
            return;
        }
        let Some(written) = line.cell("type") else {
            // A row with neither is a remark.
            if line.cell("name").is_some() {
                self.told.mistake(line.mistake("type", What::Empty));
            }
            return;
        };
        let read = match kinds::parse(written) {
            Ok(read) => read,
            Err(what) => {
                self.told.mistake(line.mistake("type", what));
                return;
            }
        };
        self.files_in(line);
        match read {
            TypeCell::Begin(holder) => self.begin(line, holder),
            TypeCell::End(holder) => self.end(line, holder),
            TypeCell::Plain(kind) => self.question(line, kind, None),
            TypeCell::Select {
                kind,
                list,
                or_other,
            } => self.select(line, kind, &list, or_other),
            TypeCell::FromFile { kind, file } => {
                self.file(&file);
                let parameters = question::parameters(line, self.told);
                let column = |name: &str, without: &str| {
                    parameters
                        .get(name)
                        .map_or_else(|| without.to_owned(), Clone::clone)
                };
                let (value, label) = (column("value", "name"), column("label", "label"));
                self.question(
                    line,
                    kind,
                    Some(Source::File {
                        name: file,
                        value,
                        label,
                    }),
                );
            }
            TypeCell::File => {
                if let Some(name) = self.name(line) {
                    self.file(&format!("{name}.csv"));
                }
            }
            TypeCell::PassedOver => {
                self.told
                    .warning(line.mistake("type", What::PassedOver(written.to_owned())));
            }
        }
    }

    fn begin(&mut self, line: Line<'a>, holder: Holder) {
        if self.open.len() == DEPTH_MAX {
            self.told.mistake(line.mistake("type", What::TooDeep));
        }
        let name = self.name(line).unwrap_or_default();
        self.survey.rows.push(line.number);
        self.open.push(Open {
            holder,
            line,
            name,
            items: Vec::new(),
        });
    }

    fn end(&mut self, line: Line<'a>, holder: Holder) {
        match self.open.pop() {
            Some(open) if open.holder == holder => {
                let shape = match holder {
                    Holder::Group => Shape::Group { items: open.items },
                    Holder::Repeat => Shape::Repeat {
                        items: open.items,
                        count: open.line.expression("repeat_count"),
                    },
                };
                // What lies too deep was told; kept, it would be as deep in memory.
                if self.open.len() < DEPTH_MAX {
                    let item = question::item(open.line, &open.name, shape);
                    self.push(item);
                }
            }
            Some(open) => {
                self.told.mistake(line.mistake("type", What::NeverBegan));
                self.open.push(open);
            }
            None => self.told.mistake(line.mistake("type", What::NeverBegan)),
        }
    }

    fn select(&mut self, line: Line<'a>, kind: Kind, list: &str, or_other: bool) {
        if !self.lists.has(list) {
            let near = near(list, self.lists.names());
            self.told.mistake(line.mistake(
                "type",
                What::NoList {
                    given: list.to_owned(),
                    near,
                },
            ));
        }
        if kind != Kind::SelectOne {
            for (row, name) in self.lists.spaced(list) {
                self.told.mistake(super::Mistake {
                    sheet: "choices".to_owned(),
                    row: Some(*row),
                    column: Some("name".to_owned()),
                    what: What::ChoiceWithSpace(name.clone()),
                });
            }
        }
        self.question(line, kind, Some(Source::List(list.to_owned())));
        if or_other && let Some(name) = line.cell("name") {
            self.lists.add_other(list);
            self.survey.rows.push(line.number);
            self.push(specify(line, name));
        }
    }

    fn question(&mut self, line: Line<'a>, kind: Kind, from: Option<Source>) {
        let name = match line.cell("name") {
            // Notes are read and never referred to.
            None if kind == Kind::Note => format!("note_{}", line.number),
            _ => match self.name(line) {
                Some(name) => name,
                None => return,
            },
        };
        let question = question::question(line, kind, from, self.told);
        if question.save_to.is_some() {
            self.survey.first_saved.get_or_insert(line.number);
        }
        let item = question::item(line, &name, Shape::Question(Box::new(question)));
        if kind.is_shown() && item.label.is_empty() && item.hint.is_empty() {
            self.told.warning(line.mistake("label", What::Empty));
        }
        self.survey.rows.push(line.number);
        self.push(item);
    }

    fn name(&mut self, line: Line<'a>) -> Option<String> {
        let what = match line.cell("name") {
            None => What::Empty,
            Some(name) if is_name(name) => return Some(name.to_owned()),
            Some(name) => What::NoName(name.to_owned()),
        };
        self.told.mistake(line.mistake("name", what));
        None
    }

    fn push(&mut self, item: Item) {
        match self.open.last_mut() {
            Some(open) => open.items.push(item),
            None => self.survey.items.push(item),
        }
    }

    fn file(&mut self, name: &str) {
        if !self.survey.files.iter().any(|file| file == name) {
            self.survey.files.push(name.to_owned());
        }
    }

    /// `pulldata('streets', …)` looks into `streets.csv`, which needs no row of its own.
    fn files_in(&mut self, line: Line<'a>) {
        for column in [
            "calculation",
            "relevant",
            "constraint",
            "default",
            "choice_filter",
            "required",
            "read_only",
        ] {
            let text = line.expression(column).unwrap_or_default();
            for (_, call) in text
                .match_indices("pulldata")
                .filter_map(|(at, name)| Some((at, text.get(at + name.len()..)?)))
            {
                let Some(argument) = call.trim_start().strip_prefix('(') else {
                    continue;
                };
                let argument = argument.trim_start();
                let Some(quote) = argument
                    .chars()
                    .next()
                    .filter(|quote| ['"', '\''].contains(quote))
                else {
                    continue;
                };
                let name = argument
                    .trim_start_matches(quote)
                    .split(quote)
                    .next()
                    .unwrap_or_default();
                if !name.is_empty() && !self.lists.has(name) {
                    self.file(&format!("{}.csv", name.trim_end_matches(".csv")));
                }
            }
        }
    }
}

/// The question that asks what "other" is (XLSForm, `or_other`).
fn specify(line: Line<'_>, name: &str) -> Item {
    let said = |language: &String| {
        let is_chinese = language.contains("zh") || language.contains("中文");
        (
            language.clone(),
            if is_chinese {
                "请说明"
            } else {
                "Specify other."
            }
            .to_owned(),
        )
    };
    Item {
        name: format!("{name}_other"),
        label: Words(line.words("label").0.keys().map(said).collect()),
        hint: Words::default(),
        appearance: String::new(),
        relevant: Some(format!("selected(../{name}, 'other')")),
        shape: Shape::Question(Box::new(Question::new(Kind::Text))),
    }
}
