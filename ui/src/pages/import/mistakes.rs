//! What is wrong, by row and column, and saved as a table to be mended beside the first one.

use std::ops::Range;

use leptos::{prelude::*, task::spawn_local};
use shared::ipc::{ImportMistake, ImportPreview, IpcError, ListImportMistakes, SaveImportMistakes};

use super::{Importing, columns::field_name};
use crate::{
    components::{Button, ErrorNotice, Glyph, Kind, VirtualList, use_toasts},
    dynamic::{attr, part},
    ipc,
    layout::use_row_px,
    live::live,
    look::Look,
    words::{Words, use_words},
};

/// Mistakes fetched at once.
const WINDOW: u32 = 200;
/// The window begins at multiples of this.
const GRAIN: u32 = 100;
/// The most that the core gives at once.
const PAGE: u32 = 500;

/// What is wrong; nothing while nothing is.
#[component]
pub(super) fn Mistakes(it: Importing, preview: Memo<Option<ImportPreview>>) -> impl IntoView {
    let wrong =
        Memo::new(move |_| preview.look(|it| it.as_ref().is_some_and(|it| it.mistakes > 0)));
    view! { {part(move || wrong.get().then(|| view! { <List it /> }))} }
}

#[component]
fn List(it: Importing) -> impl IntoView {
    let words = use_words();
    let first = RwSignal::new(0_u32);
    let page = live(&[], move || {
        // Another preview found other mistakes.
        it.shown.value.track();
        let offset = first.get();
        async move {
            let limit = WINDOW;
            let found = ipc::call(ListImportMistakes { offset, limit }).await?;
            Ok((offset, found))
        }
    });
    let total = Signal::derive(move || {
        page.value
            .look(|it| it.as_ref().map_or(0, |(_, found)| found.total))
    });
    let look_at = move |window: Range<u32>| {
        let begin = window.start.saturating_sub(GRAIN / 2) / GRAIN * GRAIN;
        if first.get_untracked() != begin {
            first.set(begin);
        }
    };
    let row = move |index: u32| {
        let mistake = Memo::new(move |_| {
            page.value.look(|it| {
                let (offset, found) = it.as_ref()?;
                let at = usize::try_from(index.checked_sub(*offset)?).ok()?;
                found.mistakes.get(at).cloned()
            })
        });
        part(move || mistake.get().map(|it| line(words, &it)))
    };
    let row_px = use_row_px(48, 32);
    view! {
        <section class="section import-mistakes">
            <h2 class="section-name">{part(move || words.import_mistakes(total.get().into()))}</h2>
            <ErrorNotice error=page.error on_retry=move || page.again() />
            <div class="card import-mistakes-list" style:block-size=attr(move || format!("min(20rem, {}px)", total.get().saturating_mul(row_px.get()).saturating_add(2)))>
                <VirtualList total row_px on_window=look_at row />
            </div>
            <Save />
        </section>
    }
}

fn line(words: Words, mistake: &ImportMistake) -> AnyView {
    view! {
        <span class="import-mistake" data-test="import-mistake">
            <span class="import-number">{words.import_row(mistake.row)}</span>
            <span class="import-header">{header(words, mistake)}</span>
            <span class="import-why">{words.import_wrong(&mistake.why)}</span>
        </span>
    }
    .into_any()
}

fn header(words: Words, mistake: &ImportMistake) -> String {
    if mistake.header.is_empty() {
        field_name(words, &mistake.field)
    } else {
        mistake.header.clone()
    }
}

#[component]
fn Save() -> impl IntoView {
    let (words, toasts) = (use_words(), use_toasts());
    let error = RwSignal::new(None::<IpcError>);
    let busy = RwSignal::new(false);
    let saved = RwSignal::new(None::<String>);
    let save = move || {
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = save_all(words).await;
            busy.try_set(false);
            match answer {
                Ok(path) => {
                    toasts.say(words.import_saved());
                    drop(saved.try_set(Some(path)));
                }
                Err(why) => drop(error.try_set(Some(why))),
            }
        });
    };
    view! {
        <div class="page-actions">
            <Button kind=Kind::Plain test="import-save" icon=Glyph::Note disabled=busy on_press=save>{words.import_save()}</Button>
            <span class="aside import-path" data-test="import-saved">{part(move || saved.get())}</span>
        </div>
        <ErrorNotice error />
    }
}

async fn save_all(words: Words) -> Result<String, IpcError> {
    let heads = [
        words.import_csv_row(),
        words.import_csv_column(),
        words.import_csv_why(),
    ];
    let mut text = csv_line(&heads.map(str::to_owned));
    let mut offset = 0;
    loop {
        let limit = PAGE;
        let found = ipc::call(ListImportMistakes { offset, limit }).await?;
        for it in &found.mistakes {
            let cells = [
                it.row.to_string(),
                header(words, it),
                words.import_wrong(&it.why),
            ];
            text.push_str(&csv_line(&cells));
        }
        offset += PAGE;
        if offset >= found.total {
            break;
        }
    }
    Ok(ipc::call(SaveImportMistakes { text }).await?.path)
}

/// A line of CSV. A spreadsheet must not take the name of a column for a formula.
fn csv_line(cells: &[String; 3]) -> String {
    let cells = cells.each_ref().map(|cell| {
        let guard = if cell.starts_with(['=', '+', '-', '@', '\t']) {
            "'"
        } else {
            ""
        };
        format!("\"{guard}{}\"", cell.replace('"', "\"\""))
    });
    cells.join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::csv_line;

    #[test]
    fn a_line_is_quoted_and_is_never_a_formula() {
        let cells = ["3", "=\"姓名\"", "太长了。"].map(str::to_owned);

        assert_eq!(
            csv_line(&cells),
            "\"3\",\"'=\"\"姓名\"\"\",\"太长了。\"\r\n"
        );
    }
}
