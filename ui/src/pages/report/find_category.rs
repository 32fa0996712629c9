//! Finding a category the way people type, and the tree 领域 → 大类 → 小类. Pure.

use shared::{
    CategoryCode,
    pack::{Category, Domain},
    search::{Fit, Name, fit},
};

/// Categories that fit the query: the best fit first, among equals what is likely here and now,
/// then the catalogue's order.
pub(super) fn find<'a>(
    categories: &'a [Category],
    likely: &[CategoryCode],
    query: &str,
) -> Vec<&'a Category> {
    let mut found: Vec<_> = categories
        .iter()
        .filter_map(|category| {
            Some((
                fit_category(query, category)?,
                rank(likely, category),
                category,
            ))
        })
        .collect();
    found.sort_by_key(|(fit, rank, _)| (*fit, *rank));
    found.into_iter().map(|(_, _, category)| category).collect()
}

fn fit_category(query: &str, category: &Category) -> Option<Fit> {
    let chinese = fit(
        query,
        Name {
            text: &category.name,
            pinyin: &category.pinyin,
        },
    );
    let other = category
        .words
        .iter()
        .chain([&category.name_en, &category.major_name]);
    let by_other = other
        .filter_map(|text| fit(query, Name { text, pinyin: "" }))
        .min();
    let by_code = category
        .code
        .as_str()
        .eq_ignore_ascii_case(query.trim())
        .then_some(Fit::Start);
    [chinese, by_other, by_code].into_iter().flatten().min()
}

fn rank(likely: &[CategoryCode], category: &Category) -> usize {
    likely
        .iter()
        .position(|code| *code == category.code)
        .unwrap_or(likely.len())
}

/// A 大类 with its 小类.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Major {
    /// The field it belongs to.
    pub(super) domain: Domain,
    /// Its name.
    pub(super) name: String,
    /// Its name in English.
    pub(super) name_en: String,
    /// What belongs to it.
    pub(super) categories: Vec<Category>,
}

/// The tree: fields in their order, 大类 in the catalogue's.
pub(super) fn tree(categories: &[Category]) -> Vec<(Domain, Vec<Major>)> {
    let mut fields: Vec<(Domain, Vec<Major>)> = Vec::new();
    for category in categories {
        if !fields.iter().any(|(domain, _)| *domain == category.domain) {
            fields.push((category.domain, Vec::new()));
        }
        let field = fields
            .iter_mut()
            .find(|(domain, _)| *domain == category.domain);
        let Some((_, majors)) = field else { continue };
        match majors
            .iter_mut()
            .find(|major| major.name == category.major_name)
        {
            Some(major) => major.categories.push(category.clone()),
            None => majors.push(Major {
                domain: category.domain,
                name: category.major_name.clone(),
                name_en: category.major_name_en.clone(),
                categories: vec![category.clone()],
            }),
        }
    }
    fields.sort_by_key(|(domain, _)| *domain);
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(code: &str, domain: Domain, major: &str, name: &str, pinyin: &str) -> Category {
        Category {
            code: CategoryCode::from(code),
            domain,
            major: major.to_owned(),
            major_name: major.to_owned(),
            major_name_en: String::new(),
            name: name.to_owned(),
            name_en: String::new(),
            pinyin: pinyin.to_owned(),
            words: Vec::new(),
            hint: String::new(),
            hint_en: String::new(),
            self_handle: false,
            departments: Vec::new(),
            conditions: Vec::new(),
        }
    }

    fn catalogue() -> Vec<Category> {
        let mut manhole = category(
            "C0101",
            Domain::CityComponent,
            "公用设施",
            "上水井盖",
            "shang shui jing gai",
        );
        manhole.words = vec!["窨井".to_owned()];
        manhole.name_en = "Water manhole cover".to_owned();
        vec![
            category(
                "E0101",
                Domain::CityEvent,
                "市容环境",
                "暴露垃圾",
                "bao lu la ji",
            ),
            category(
                "E0102",
                Domain::CityEvent,
                "市容环境",
                "垃圾满溢",
                "la ji man yi",
            ),
            category(
                "E0201",
                Domain::CityEvent,
                "街面秩序",
                "占道经营",
                "zhan dao jing ying",
            ),
            manhole,
        ]
    }

    fn codes(query: &str, likely: &[&str]) -> Vec<String> {
        let likely: Vec<_> = likely
            .iter()
            .map(|code| CategoryCode::from(*code))
            .collect();
        let catalogue = catalogue();
        find(&catalogue, &likely, query)
            .into_iter()
            .map(|it| it.code.to_string())
            .collect()
    }

    #[test]
    fn a_category_is_found_by_its_name_pinyin_initials_other_words_english_and_code() {
        for query in ["井盖", "jinggai", "ssjg", "窨井", "manhole", "c0101"] {
            assert_eq!(codes(query, &[]), ["C0101"], "{query:?}");
        }
    }

    #[test]
    fn a_name_that_begins_with_the_query_stands_before_one_that_holds_it() {
        assert_eq!(codes("垃圾", &[]), ["E0102", "E0101"]);
    }

    #[test]
    fn without_a_query_what_is_likely_stands_first() {
        assert_eq!(
            codes("", &["C0101", "E0201"]),
            ["C0101", "E0201", "E0101", "E0102"]
        );
    }

    #[test]
    fn what_fits_nothing_finds_nothing() {
        assert_eq!(codes("xyzzy", &["C0101"]), Vec::<String>::new());
    }

    #[test]
    fn the_tree_holds_every_category_once() {
        let catalogue = catalogue();

        let tree = tree(&catalogue);

        let names: Vec<_> = tree
            .iter()
            .flat_map(|(_, majors)| {
                majors
                    .iter()
                    .map(|major| (major.name.as_str(), major.categories.len()))
            })
            .collect();
        assert_eq!(
            names,
            [("公用设施", 1), ("市容环境", 2), ("街面秩序", 1)],
            "fields stand in their own order"
        );
    }
}
