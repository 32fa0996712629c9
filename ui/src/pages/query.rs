//! What a list of cases shows, as the address says it: `?f=open&who=all&s=deadline&q=…`. So "back" brings
//! the same list again, and a link can lead to a filtered one.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use shared::{
    CaseId,
    ipc::{CaseColumn, CaseFilter, CaseSort, StateFilter, Whose},
};

use crate::{feed::Asked, look::Look};

/// Which list: each has its own address and its own beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// 案件: one's own, newest first.
    Cases,
    /// 受理: all that wait for a decision, the longest waiting first.
    Desk,
}

/// Filter, order and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    /// Of which list.
    pub(super) list: List,
    /// Whose.
    pub(super) whose: Whose,
    /// Which states.
    pub(super) states: StateFilter,
    /// By what.
    pub(super) by: CaseColumn,
    /// Ascending instead of descending.
    pub(super) ascending: bool,
    /// Words.
    pub(super) words: String,
}

impl Query {
    /// The list as it begins.
    pub(super) const fn begin(list: List) -> Self {
        let (whose, states, ascending) = match list {
            List::Cases => (Whose::Mine, StateFilter::Any, false),
            List::Desk => (Whose::All, StateFilter::Waiting, true),
        };
        Self {
            list,
            whose,
            states,
            by: CaseColumn::Reported,
            ascending,
            words: String::new(),
        }
    }

    /// As the address says; follows it.
    pub(super) fn from_address(list: List) -> Memo<Self> {
        let map = use_location().query;
        Memo::new(move |_| map.look(|map| Self::parse(list, |name| map.get(name))))
    }

    fn parse(list: List, part: impl Fn(&str) -> Option<String>) -> Self {
        let begin = Self::begin(list);
        Self {
            list,
            whose: part("who").map_or(begin.whose, |name| whose(&name)),
            states: part("f").map_or(begin.states, |name| states(&name)),
            by: part("s").map_or(begin.by, |name| column(&name)),
            ascending: part("d").map_or(begin.ascending, |name| name == "up"),
            words: part("q").unwrap_or_default(),
        }
    }

    /// What to ask the core for.
    pub(super) fn asked(self) -> Asked {
        Asked {
            filter: CaseFilter {
                whose: self.whose,
                states: self.states,
            },
            sort: CaseSort {
                by: self.by,
                ascending: self.ascending,
            },
            query: self.words,
        }
    }

    /// The same list by another column: first the way that shows what matters, then the other.
    pub(super) fn sorted_by(self, by: CaseColumn) -> Self {
        let ascending = if self.by == by {
            !self.ascending
        } else {
            ascending_first(by)
        };
        Self {
            by,
            ascending,
            ..self
        }
    }

    /// The address of this list.
    pub(super) fn address(&self) -> String {
        format!("{}{}", self.path(), self.tail())
    }

    /// The address of a case with this list beside it.
    pub(super) fn address_of(&self, case: CaseId) -> String {
        format!("{}/{case}{}", self.path(), self.tail())
    }

    const fn path(&self) -> &'static str {
        match self.list {
            List::Cases => "/cases",
            List::Desk => "/desk",
        }
    }

    /// `?…`, or nothing where all is as it begins.
    fn tail(&self) -> String {
        let begin = Self::begin(self.list);
        let mut parts = Vec::new();
        if self.states != begin.states {
            parts.push(format!("f={}", state_name(self.states)));
        }
        if self.whose != begin.whose {
            parts.push(format!("who={}", whose_name(self.whose)));
        }
        if self.by != begin.by {
            parts.push(format!("s={}", column_name(self.by)));
        }
        if self.ascending != begin.ascending {
            parts.push(format!("d={}", if self.ascending { "up" } else { "down" }));
        }
        if !self.words.is_empty() {
            parts.push(format!("q={}", escape(&self.words)));
        }
        if parts.is_empty() {
            return String::new();
        }
        format!("?{}", parts.join("&"))
    }
}

/// Whether a column begins with its smallest: deadlines and words do, moments and urgency don't.
const fn ascending_first(by: CaseColumn) -> bool {
    match by {
        CaseColumn::Deadline | CaseColumn::State | CaseColumn::Category | CaseColumn::Address => {
            true
        }
        CaseColumn::Reported | CaseColumn::Updated | CaseColumn::Urgency => false,
    }
}

/// Percent-encodes what is no plain letter or digit.
fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

fn whose(name: &str) -> Whose {
    if name == "all" {
        Whose::All
    } else {
        Whose::Mine
    }
}

const fn whose_name(whose: Whose) -> &'static str {
    match whose {
        Whose::Mine => "mine",
        Whose::All => "all",
    }
}

fn states(name: &str) -> StateFilter {
    match name {
        "open" => StateFilter::Open,
        "waiting" => StateFilter::Waiting,
        "running" => StateFilter::Running,
        "done" => StateFilter::Done,
        "unsent" => StateFilter::Unsent,
        "attention" => StateFilter::Attention,
        _ => StateFilter::Any,
    }
}

/// The name of a filter in addresses and tests.
pub(super) const fn state_name(states: StateFilter) -> &'static str {
    match states {
        StateFilter::Any => "any",
        StateFilter::Open => "open",
        StateFilter::Waiting => "waiting",
        StateFilter::Running => "running",
        StateFilter::Done => "done",
        StateFilter::Unsent => "unsent",
        StateFilter::Attention => "attention",
    }
}

/// The column an address names.
pub(super) fn column(name: &str) -> CaseColumn {
    match name {
        "updated" => CaseColumn::Updated,
        "deadline" => CaseColumn::Deadline,
        "urgency" => CaseColumn::Urgency,
        "state" => CaseColumn::State,
        "category" => CaseColumn::Category,
        "address" => CaseColumn::Address,
        _ => CaseColumn::Reported,
    }
}

/// The name of a column in addresses.
pub(super) const fn column_name(column: CaseColumn) -> &'static str {
    match column {
        CaseColumn::Reported => "reported",
        CaseColumn::Updated => "updated",
        CaseColumn::Deadline => "deadline",
        CaseColumn::Urgency => "urgency",
        CaseColumn::State => "state",
        CaseColumn::Category => "category",
        CaseColumn::Address => "address",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The query an address leads to.
    fn read(list: List, address: &str) -> Query {
        let tail = address.split_once('?').map_or("", |(_, tail)| tail);
        Query::parse(list, |name| {
            tail.split('&')
                .find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
                .map(str::to_owned)
        })
    }

    #[test]
    fn an_untouched_list_has_a_plain_address() {
        assert_eq!(Query::begin(List::Cases).address(), "/cases");
        assert_eq!(Query::begin(List::Desk).address(), "/desk");
    }

    #[test]
    fn every_filter_and_order_comes_back_from_the_address() {
        let filters = [
            StateFilter::Any,
            StateFilter::Open,
            StateFilter::Waiting,
            StateFilter::Running,
            StateFilter::Done,
            StateFilter::Unsent,
            StateFilter::Attention,
        ];
        let columns = [
            CaseColumn::Reported,
            CaseColumn::Updated,
            CaseColumn::Deadline,
            CaseColumn::Urgency,
            CaseColumn::State,
            CaseColumn::Category,
            CaseColumn::Address,
        ];
        for list in [List::Cases, List::Desk] {
            for states in filters {
                for by in columns {
                    for (whose, ascending) in [(Whose::Mine, true), (Whose::All, false)] {
                        let query = Query {
                            list,
                            whose,
                            states,
                            by,
                            ascending,
                            words: String::new(),
                        };

                        assert_eq!(read(list, &query.address()), query, "{}", query.address());
                    }
                }
            }
        }
    }

    #[test]
    fn a_column_pressed_twice_turns_round() {
        let once = Query::begin(List::Cases).sorted_by(CaseColumn::Deadline);
        let twice = once.clone().sorted_by(CaseColumn::Deadline);

        assert!(once.ascending, "the nearest deadline comes first");
        assert!(!twice.ascending, "the second press shows the other end");
    }

    #[test]
    fn chinese_words_and_signs_are_escaped() {
        let query = Query {
            words: "井盖&a".to_owned(),
            ..Query::begin(List::Cases)
        };

        assert_eq!(query.address(), "/cases?q=%E4%BA%95%E7%9B%96%26a");
    }
}
