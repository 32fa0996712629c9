//! The questions of a form one after the other, for those who only read it.

use super::{Form, Item, Question, Shape, Source};

/// A question and where it stands.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Names of what it is in and its own, as records address its answers, but for the places in repeats:
    /// `household/member/age`.
    pub address: String,
    /// It is asked once for each instance of a repeat.
    pub in_repeat: bool,
    /// What it has in common with groups.
    pub item: &'a Item,
    /// What it asks.
    pub question: &'a Question,
}

impl Form {
    /// All questions, in order.
    #[must_use]
    pub fn questions(&self) -> Vec<Asked<'_>> {
        let mut all = Vec::new();
        walk(&self.items, "", false, &mut all);
        all
    }

    /// The choices of a question, each with what it is called in a language; those that are called nothing
    /// go by their names. `None` where the form itself has no list of them.
    #[must_use]
    pub fn choices(&self, question: &Question, language: &str) -> Option<Vec<(String, String)>> {
        let Source::List(name) = &question.choices.as_ref()?.from else {
            return None;
        };
        let rows = &self.lists.iter().find(|it| it.name == *name)?.rows;
        let name = rows.column("name")?;
        let labels = [
            format!("label::{language}"),
            "label".to_owned(),
            format!("label::{}", self.default_language),
        ];
        let label = labels.iter().find_map(|it| rows.column(it)).unwrap_or(name);
        let named = rows.rows().map(|row| {
            let name = rows.cell(row, name);
            let label = Some(rows.cell(row, label)).filter(|it| !it.is_empty());
            (name.to_owned(), label.unwrap_or(name).to_owned())
        });
        Some(named.collect())
    }
}

/// `household/member[3]/age` without its places: as [`Asked::address`] has it.
#[must_use]
pub fn without_places(address: &str) -> String {
    let mut depth = 0_u32;
    let kept = address.chars().filter(|it| {
        match it {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    });
    kept.collect()
}

fn walk<'a>(items: &'a [Item], inside: &str, in_repeat: bool, all: &mut Vec<Asked<'a>>) {
    for item in items {
        let address = match inside {
            "" => item.name.clone(),
            inside => format!("{inside}/{}", item.name),
        };
        match &item.shape {
            Shape::Group { items } => walk(items, &address, in_repeat, all),
            Shape::Repeat { items, .. } => walk(items, &address, true, all),
            Shape::Question(question) => all.push(Asked {
                address,
                in_repeat,
                item,
                question,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_places;

    #[test]
    fn an_address_is_found_without_its_places() {
        assert_eq!(without_places("who"), "who");
        assert_eq!(
            without_places("home/member[3]/pet[12]/name"),
            "home/member/pet/name"
        );
    }
}
