//! Forms made ready to be filled: read from the mirror, compiled, and a few of them kept.

use std::{collections::BTreeMap, sync::Arc};

use forms::{Beside, Form, Program, Table, definition::Words, program::What};
use rusqlite::Connection;
use shared::{
    DocRef, FieldName, Kind, Timestamp,
    form::FormDoc,
    ipc::{FormTrouble, Language},
    record::FormVersion,
    register::{EntryKind, lists},
};
use uuid::Uuid;

use super::{Notice, bound, masked::Masked};
use crate::{
    error::{Error, Result},
    number,
    store::mirror,
};

/// A version of a form, ready to be filled.
#[derive(Debug)]
pub(crate) struct Ready {
    /// Which.
    pub(crate) version: FormVersion,
    /// What people call it.
    pub(crate) title: Titles,
    /// The languages it speaks; none if it has one without a name.
    pub(crate) languages: Vec<String>,
    /// What it is about.
    pub(crate) about: Option<EntryKind>,
    /// A filling about somebody begins with the last one, which may be filed again as it was.
    pub(crate) unchanged: bool,
    /// What a person is told before they are asked.
    pub(crate) notice: Option<Notice>,
    /// Questions that stand for fields of the register.
    pub(crate) bound: Vec<(String, FieldName)>,
    /// Questions whose answers are shown masked.
    pub(crate) masked: Masked,
    /// The form itself.
    pub(crate) program: Arc<Program>,
}

/// What people call a form, in the languages of the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Titles {
    /// Chinese.
    pub(crate) zh: String,
    /// English.
    pub(crate) en: String,
}

/// What a list says of a version of a form.
#[derive(Debug, Clone)]
pub(crate) struct About {
    /// Which.
    pub(crate) version: FormVersion,
    /// What people call it.
    pub(crate) title: Titles,
    /// What it is about.
    pub(crate) subject: Option<EntryKind>,
    /// It may be filed again as it was the last time.
    pub(crate) unchanged: bool,
    /// When the hub took it in.
    pub(crate) loaded_at: Timestamp,
    /// Why it can't be filled in.
    pub(crate) trouble: Option<FormTrouble>,
}

/// The language of a form that is the app's, by the code in brackets: `中文 (zh)`. None if there is
/// no such language, or the form has only one.
pub(crate) fn language_for(languages: &[String], app: Language) -> Option<&str> {
    let code = match app {
        Language::Zh => "zh",
        Language::En => "en",
    };
    let is_it = |language: &&String| {
        let within = language.rsplit_once('(').map(|(_, code)| code);
        let said = within.map_or(language.as_str(), |code| code.trim_end_matches(')'));
        said.trim().to_ascii_lowercase().starts_with(code)
    };
    languages.iter().find(is_it).map(String::as_str)
}

impl Titles {
    /// Those of a form.
    pub(crate) fn of(form: &Form) -> Self {
        Self::said(form, &form.title)
    }

    /// Words of a form.
    fn said(form: &Form, words: &Words) -> Self {
        let said = |app| {
            let language = language_for(&form.languages, app).unwrap_or_default();
            let said = words.in_language(language, &form.default_language);
            said.unwrap_or(&form.id).to_owned()
        };
        Self {
            zh: said(Language::Zh),
            en: said(Language::En),
        }
    }
}

/// What a form has people told.
fn notice(form: &Form) -> Option<Notice> {
    let notice = form.notice.as_ref()?;
    Some(Notice {
        purpose: Titles::said(form, &notice.purpose),
        text: Titles::said(form, &notice.text),
    })
}

/// Reads a version of a form and makes it ready.
pub(crate) fn load(db: &Connection, doc: Uuid) -> Result<Ready> {
    let read = read(db, doc)?;
    let Read { form, lists, .. } = read.map_err(|(trouble, _)| Error::Form(trouble))?;
    let (version, title) = (version(doc, &form), Titles::of(&form));
    let (languages, unchanged) = (form.languages.clone(), form.unchanged);
    let (about, bound) = (bound::about(&form), bound::fields(&form));
    let (masked, notice) = (Masked::of(&form), notice(&form));
    let program = compile(form, lists).map_err(Error::Form)?;
    Ok(Ready {
        version,
        title,
        languages,
        about,
        unchanged,
        notice,
        bound,
        masked,
        program: Arc::new(program),
    })
}

/// What a list says of a version of a form; whether it can be filled in is found out by compiling
/// it. The program comes along where there is one.
pub(crate) fn about(db: &Connection, doc: Uuid) -> Result<(About, Option<Ready>)> {
    let read = match read(db, doc)? {
        Ok(read) => read,
        Err((trouble, said)) => {
            let about = About {
                version: FormVersion {
                    doc,
                    id: said.id,
                    version: said.version,
                },
                title: Titles {
                    zh: said.title.clone(),
                    en: said.title,
                },
                subject: None,
                unchanged: false,
                loaded_at: said.loaded_at,
                trouble: Some(trouble),
            };
            return Ok((about, None));
        }
    };
    let Read {
        form,
        lists,
        loaded_at,
    } = read;
    let mut about = About {
        version: version(doc, &form),
        title: Titles::of(&form),
        subject: bound::about(&form),
        unchanged: form.unchanged,
        loaded_at,
        trouble: None,
    };
    let languages = form.languages.clone();
    let bound = bound::fields(&form);
    let (masked, notice) = (Masked::of(&form), notice(&form));
    let ready = match compile(form, lists) {
        Ok(program) => Some(Ready {
            version: about.version.clone(),
            title: about.title.clone(),
            languages,
            about: about.subject,
            unchanged: about.unchanged,
            notice,
            bound,
            masked,
            program: Arc::new(program),
        }),
        Err(trouble) => {
            about.trouble = Some(trouble);
            None
        }
    };
    Ok((about, ready))
}

fn version(doc: Uuid, form: &Form) -> FormVersion {
    FormVersion {
        doc,
        id: form.id.clone(),
        version: form.version.clone(),
    }
}

struct Read {
    form: Form,
    lists: BTreeMap<String, Table>,
    loaded_at: Timestamp,
}

/// What can still be said of a form that can't be read.
#[derive(Default)]
struct Said {
    id: String,
    version: String,
    title: String,
    loaded_at: Timestamp,
}

/// The form as its author wrote it; `None` where it is not here or can't be read.
pub(super) fn form(db: &Connection, doc: Uuid) -> Result<Option<Form>> {
    Ok(read(db, doc)?.ok().map(|read| read.form))
}

fn read(db: &Connection, doc: Uuid) -> Result<Result<Read, (FormTrouble, Said)>> {
    let target = DocRef {
        kind: Kind::form(),
        id: doc,
    };
    let Some(found) = mirror::find(db, &target)? else {
        return Ok(Err((FormTrouble::Missing, Said::default())));
    };
    let Ok(body) = serde_json::from_value::<FormDoc>(found.body) else {
        let said = Said {
            id: doc.to_string(),
            ..Said::default()
        };
        return Ok(Err((FormTrouble::Unreadable, said)));
    };
    let loaded_at = body.loaded_at;
    let text = |name: &str| body.form.get(name).and_then(|it| it.as_str());
    let said = Said {
        id: text("id").unwrap_or_default().to_owned(),
        version: text("version").unwrap_or_default().to_owned(),
        title: text("id").unwrap_or_default().to_owned(),
        loaded_at,
    };
    // A newer shape may be one that this program can't even read.
    let format = body.form.get("format").and_then(serde_json::Value::as_u64);
    if format.is_some_and(|format| format > u64::from(forms::definition::FORMAT)) {
        return Ok(Err((FormTrouble::Newer, said)));
    }
    let lists = body.lists.into_iter();
    let lists = lists.map(|(name, list)| Ok((name, serde_json::from_value(list)?)));
    let read = (|| -> Result<Read, serde_json::Error> {
        Ok(Read {
            form: serde_json::from_value(body.form)?,
            lists: lists.collect::<Result<_, serde_json::Error>>()?,
            loaded_at,
        })
    })();
    Ok(read.map_err(|_quotes_the_form| (FormTrouble::Unreadable, said)))
}

fn compile(form: Form, files: BTreeMap<String, Table>) -> Result<Program, FormTrouble> {
    let live = lists::all();
    Program::compile(form, Beside { files, live }).map_err(|problems| {
        if problems
            .iter()
            .any(|problem| matches!(problem.what, What::Newer(_)))
        {
            return FormTrouble::Newer;
        }
        FormTrouble::Broken {
            mistakes: number::count(problems.len()),
            first: problems
                .first()
                .map(ToString::to_string)
                .unwrap_or_default(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_s_language_is_found_by_its_code() {
        let both = ["中文 (zh)".to_owned(), "English (en)".to_owned()];

        assert_eq!(language_for(&both, Language::En), Some("English (en)"));
        assert_eq!(language_for(&both, Language::Zh), Some("中文 (zh)"));
        assert_eq!(
            language_for(&["zh-Hans".to_owned()], Language::Zh),
            Some("zh-Hans")
        );
        assert_eq!(
            language_for(&["Zhuang (za)".to_owned()], Language::Zh),
            None
        );
    }
}
