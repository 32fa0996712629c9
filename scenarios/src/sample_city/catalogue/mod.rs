//! The catalogue: 大类 and 小类 in the national two-level shape, from the text files beside this
//! one. Shape, codes and limits follow a city's public table; every sentence is our own.
//!
//! A file holds blocks of lines, one keyword each:
//! ```text
//! major C01 city_component | 公用设施 | Public utilities
//!
//! C0101 上水井盖 | Water manhole cover     begins a 小类
//! self                                      a worker may handle it on the spot
//! words 自来水井盖 供水井盖                  other words people use
//! for water utilities                       departments
//! hint 中文 | English                       what to look at
//! 2uh when | when in English | close when | close when in English
//! like C0101                                the same conditions as another 小类
//! ```
//! Limits: `h` working hours 工作时, `d` working days 工作日, `uh` urgent hours 紧急工作时,
//! `nd` natural days 自然日.

use shared::{
    CategoryCode,
    pack::{Catalogue, Category, Condition, Domain, Limit, LimitKind},
};

use super::{SampleCityError, pinyin::pinyin};

const FILES: [&str; 3] = [
    include_str!("components.txt"),
    include_str!("events.txt"),
    include_str!("local.txt"),
];

/// The whole catalogue.
pub(super) fn catalogue() -> Result<Catalogue, SampleCityError> {
    let mut reader = Reader::default();
    for line in FILES.iter().flat_map(|file| file.lines()) {
        reader
            .line(line.trim())
            .map_err(|problem| SampleCityError::Catalogue {
                line: line.to_owned(),
                problem,
            })?;
    }
    for category in &mut reader.categories {
        category.pinyin = pinyin(&category.name)?;
    }
    Ok(Catalogue {
        version: "GB/T 30428.2 sample 2026.1".to_owned(),
        categories: reader.categories,
    })
}

/// A 大类, while its 小类 are read.
struct Major {
    code: String,
    domain: Domain,
    name: String,
    name_en: String,
}

#[derive(Default)]
struct Reader {
    major: Option<Major>,
    categories: Vec<Category>,
}

type Read = Result<(), &'static str>;

impl Reader {
    fn line(&mut self, line: &str) -> Read {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let (key, rest) = line.split_once(' ').unwrap_or((line, ""));
        match key {
            "major" => self.begin_major(rest),
            "self" => {
                self.current()?.self_handle = true;
                Ok(())
            }
            "words" => {
                self.current()?.words = rest.split_whitespace().map(str::to_owned).collect();
                Ok(())
            }
            "for" => {
                self.current()?.departments = rest.split_whitespace().map(str::to_owned).collect();
                Ok(())
            }
            "hint" => {
                let [hint, hint_en] = fields(rest)?;
                let category = self.current()?;
                (category.hint, category.hint_en) = (hint, hint_en);
                Ok(())
            }
            "like" => {
                let model = self.categories.iter().find(|c| c.code.as_str() == rest);
                let conditions = model.ok_or("no such code above")?.conditions.clone();
                self.current()?.conditions = conditions;
                Ok(())
            }
            _ => match limit(key) {
                Some(limit) => self.add_condition(limit, rest),
                None => self.begin_category(key, rest),
            },
        }
    }

    fn current(&mut self) -> Result<&mut Category, &'static str> {
        self.categories.last_mut().ok_or("no category begun")
    }

    fn begin_major(&mut self, rest: &str) -> Read {
        let [head, name, name_en] = fields(rest)?;
        let (code, domain) = head.split_once(' ').ok_or("a code and a domain expected")?;
        self.major = Some(Major {
            code: code.to_owned(),
            domain: domain_named(domain).ok_or("no such domain")?,
            name,
            name_en,
        });
        Ok(())
    }

    fn begin_category(&mut self, code: &str, rest: &str) -> Read {
        let major = self.major.as_ref().ok_or("no 大类 begun")?;
        if code.len() != 5 || !code.starts_with(&major.code) {
            return Err("neither a keyword, nor a limit, nor a code of this 大类");
        }
        let [name, name_en] = fields(rest)?;
        self.categories.push(Category {
            code: CategoryCode::from(code),
            domain: major.domain,
            major: major.code.clone(),
            major_name: major.name.clone(),
            major_name_en: major.name_en.clone(),
            name,
            name_en,
            pinyin: String::new(),
            words: Vec::new(),
            hint: String::new(),
            hint_en: String::new(),
            self_handle: false,
            departments: Vec::new(),
            conditions: Vec::new(),
        });
        Ok(())
    }

    fn add_condition(&mut self, limit: Limit, rest: &str) -> Read {
        let [text, text_en, close, close_en] = fields(rest)?;
        let conditions = &mut self.current()?.conditions;
        conditions.push(Condition {
            code: (conditions.len() + 1).to_string(),
            text,
            text_en,
            close,
            close_en,
            limit,
        });
        Ok(())
    }
}

/// Exactly `N` fields between bars.
fn fields<const N: usize>(text: &str) -> Result<[String; N], &'static str> {
    let found: Vec<_> = text
        .split('|')
        .map(|field| field.trim().to_owned())
        .collect();
    if found.iter().any(String::is_empty) {
        return Err("an empty field");
    }
    <[String; N]>::try_from(found).or(Err("too few or too many fields"))
}

fn limit(key: &str) -> Option<Limit> {
    let unit = key.trim_start_matches(|c: char| c.is_ascii_digit());
    let kind = match unit {
        "h" => LimitKind::WorkHour,
        "d" => LimitKind::WorkDay,
        "uh" => LimitKind::UrgentHour,
        "nd" => LimitKind::NaturalDay,
        _ => return None,
    };
    let value = key.strip_suffix(unit)?.parse().ok()?;
    Some(Limit { value, kind })
}

fn domain_named(name: &str) -> Option<Domain> {
    Some(match name {
        "city_component" => Domain::CityComponent,
        "city_event" => Domain::CityEvent,
        "public_order" => Domain::PublicOrder,
        "emergency" => Domain::Emergency,
        "traffic" => Domain::Traffic,
        "livelihood" => Domain::Livelihood,
        "public_health" => Domain::PublicHealth,
        _ => return None,
    })
}
