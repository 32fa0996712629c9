//! Turns `locales/zh.json` and `locales/en.json` into typed words: one method a key. A key that
//! stands in one file only, or with other blanks, ends the build.
//!
//! `"section": { "key": "… {blank} …" }` becomes `words.section_key(blank)`. Where `key_one` stands
//! beside `key`, the method takes the number `n` and chooses between both.

use std::{collections::BTreeMap, env, error::Error, fmt::Write, fs, path::Path};

type Table = BTreeMap<String, BTreeMap<String, String>>;

fn main() -> Result<(), Box<dyn Error>> {
    let zh = read("locales/zh.json")?;
    let en = read("locales/en.json")?;
    let code = code(&zh, &en)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("words.rs"), code)?;
    Ok(())
}

fn read(path: &str) -> Result<Table, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={path}");
    serde_json::from_str(&fs::read_to_string(path)?)
        .map_err(|error| format!("{path}: {error}").into())
}

fn code(zh: &Table, en: &Table) -> Result<String, Box<dyn Error>> {
    let (zh, en) = (flat(zh), flat(en));
    if let Some(key) = en.keys().find(|key| !zh.contains_key(*key)) {
        return Err(format!("locales: `{key}` stands in English only").into());
    }
    let mut out = String::from("impl Words {\n");
    for (key, zh_text) in &zh {
        let Some(en_text) = en.get(key) else {
            return Err(format!("locales: `{key}` stands in Chinese only").into());
        };
        if key
            .strip_suffix("_one")
            .is_some_and(|base| zh.contains_key(base))
        {
            continue;
        }
        let one = format!("{key}_one");
        match (zh.get(&one), en.get(&one)) {
            (Some(zh_one), Some(en_one)) => {
                plural(&mut out, key, [zh_one, zh_text, en_one, en_text])?;
            }
            _ => single(&mut out, key, zh_text, en_text)?,
        }
    }
    out.push_str("}\n");
    Ok(out)
}

/// `section.key` joined to the name of the method.
fn flat(table: &Table) -> BTreeMap<String, &String> {
    table
        .iter()
        .flat_map(|(section, keys)| {
            keys.iter()
                .map(move |(key, text)| (format!("{section}_{key}"), text))
        })
        .collect()
}

fn single(out: &mut String, key: &str, zh: &str, en: &str) -> Result<(), Box<dyn Error>> {
    let names = blanks(zh);
    if names != blanks(en) {
        return Err(format!("locales: `{key}` has other blanks in English").into());
    }
    let arguments: Vec<_> = names
        .iter()
        .map(|name| format!(", {name}: impl core::fmt::Display"))
        .collect();
    let arguments = arguments.concat();
    let (answer, texts) = if names.is_empty() {
        ("&'static str", [format!("{zh:?}"), format!("{en:?}")])
    } else {
        (
            "String",
            [format!("format!({zh:?})"), format!("format!({en:?})")],
        )
    };
    write_method(out, &format!("{key}(self{arguments}) -> {answer}"), &texts)
}

/// `key_one` where `n` is one, else `key`.
fn plural(out: &mut String, key: &str, texts: [&str; 4]) -> Result<(), Box<dyn Error>> {
    let [zh_one, zh, en_one, en] = texts;
    let choice = |one: &str, other: &str| {
        if one == other {
            format!("format!({other:?})")
        } else {
            format!("if n == 1 {{ format!({one:?}) }} else {{ format!({other:?}) }}")
        }
    };
    write_method(
        out,
        &format!("{key}(self, n: u64) -> String"),
        &[choice(zh_one, zh), choice(en_one, en)],
    )
}

fn write_method(
    out: &mut String,
    head: &str,
    [zh, en]: &[String; 2],
) -> Result<(), Box<dyn Error>> {
    let body = if zh == en {
        format!("match self.0 {{ Language::Zh | Language::En => {zh} }}")
    } else {
        format!("match self.0 {{ Language::Zh => {zh}, Language::En => {en} }}")
    };
    writeln!(out, "    pub(crate) fn {head} {{ {body} }}")?;
    Ok(())
}

/// The names in braces, sorted, each once.
fn blanks(text: &str) -> Vec<String> {
    let mut names: Vec<String> = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect();
    names.sort();
    names.dedup();
    names
}
