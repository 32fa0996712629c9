//! What it is: six likely ones at hand, all others behind 更多, and 不确定 for who can't say.

use leptos::prelude::*;
use shared::{
    CategoryCode,
    ipc::{Choice, Missing},
    pack::{Category, Domain},
};

use super::{
    find_category::{Major, find, tree},
    parts::{Lack, lack, on_sheet},
    writer::Writer,
};
use crate::{
    components::{Chip, Glyph, Icon, Sheet, TextInput},
    drafts::Change,
    dynamic::{heard, part},
    look::Look,
    session::{App, use_app},
    words::{Words, use_words},
};

/// How many likely categories stand on the page.
const LIKELY: usize = 6;

/// The category.
#[component]
pub(super) fn CategoryPart(writer: Writer, told: RwSignal<bool>) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let lacks = lack(writer, told, Missing::Category);
    let open = RwSignal::new(false);
    let choice = on_sheet(writer, |it| it.sheet().category.clone());
    let chosen = Memo::new(move |_| code_of(&choice.get()).and_then(|code| app.category(&code)));
    let chips = Memo::new(move |_| at_hand(app, code_of(&choice.get())));
    let choose = move |choice: Choice| choose(app, writer, choice);
    view! {
        <section class="section" id="report-category" class:part-wrong=lacks>
            <h2 class="part-name">{words.category_title()}</h2>
            <div class="chips category-chips">
                <For each=move || chips.get() key=|code| code.clone() let(code)>
                    <CategoryChip code choice choose />
                </For>
                <Chip test="category-more" on=false on_press=move || open.set(true)>
                    {words.category_more()}
                    <Icon glyph=Glyph::Search />
                </Chip>
                <Chip test="category-unsure" on=Signal::derive(move || choice.get() == Choice::Unsure) on_press=move || choose(Choice::Unsure)>
                    {words.category_unsure()}
                </Chip>
            </div>
            {part(move || hint(words, &choice.get(), chosen.get().as_ref()).map(|hint| view! { <p class="aside" data-test="category-hint">{hint}</p> }))}
            {part(move || app.catalogue.value.look(|it| it.as_ref().is_some_and(|it| it.categories.is_empty())).then(|| view! {
                <p class="aside">{words.category_none_yet()}</p>
            }))}
            <Lack what=Missing::Category lacks />
        </section>
        <Sheet open title=words.category_title().to_owned() on_close=move || open.set(false)>
            <Choices choose=move |choice| {
                open.set(false);
                choose(choice);
            } />
        </Sheet>
    }
}

#[component]
fn CategoryChip(
    code: CategoryCode,
    choice: Memo<Choice>,
    choose: impl Fn(Choice) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let name = crate::session::category_name(Some(code.clone()));
    let own = Choice::Category { code };
    let (on, press) = (own.clone(), own);
    view! {
        <Chip test="category-chip" on=Signal::derive(move || choice.get() == on) on_press=move || choose(press.clone())>
            {name}
        </Chip>
    }
}

/// The likely ones; one that was chosen elsewhere stands before them.
fn at_hand(app: App, chosen: Option<CategoryCode>) -> Vec<CategoryCode> {
    let likely = app
        .catalogue
        .value
        .look(|it| it.as_ref().map(|it| it.likely.clone()).unwrap_or_default());
    let mut codes: Vec<_> = likely.into_iter().take(LIKELY).collect();
    if let Some(chosen) = chosen.filter(|chosen| !codes.contains(chosen)) {
        codes.insert(0, chosen);
        codes.truncate(LIKELY);
    }
    codes
}

/// Chooses; the same chip once more takes the choice back.
fn choose(app: App, writer: Writer, choice: Choice) {
    let same = writer.writing.peek(|it| it.sheet().category == choice);
    let choice = if same { Choice::Open } else { choice };
    let category = code_of(&choice).and_then(|code| app.category(&code));
    writer.change(Change::Category(choice));
    writer.edit(|writing| writing.fit_category(category.as_ref()));
}

fn code_of(choice: &Choice) -> Option<CategoryCode> {
    match choice {
        Choice::Category { code } => Some(code.clone()),
        Choice::Open | Choice::Unsure => None,
    }
}

fn hint(words: Words, choice: &Choice, category: Option<&Category>) -> Option<String> {
    match choice {
        Choice::Unsure => Some(words.category_unsure_hint().to_owned()),
        Choice::Open | Choice::Category { .. } => {
            let category = category?;
            Some(words.pick(&category.hint, &category.hint_en).to_owned())
                .filter(|hint| !hint.is_empty())
        }
    }
}

/// All categories: a search, the likely ones, and the tree.
#[component]
fn Choices(choose: impl Fn(Choice) + Copy + Send + Sync + 'static) -> impl IntoView {
    let (app, words) = (use_app(), use_words());
    let query = RwSignal::new(String::new());
    let catalogue = move || app.catalogue.value.get();
    let rows = move || {
        let Some(view) = catalogue() else {
            return Vec::new();
        };
        let text = query.get();
        let mut found: Vec<_> = find(&view.categories, &view.likely, &text)
            .into_iter()
            .cloned()
            .collect();
        if text.trim().is_empty() {
            found.truncate(view.likely.len().min(LIKELY));
        }
        found
    };
    let searching = Memo::new(move |_| query.look(|it| !it.trim().is_empty()));
    view! {
        <div class="sheet-search">
            <TextInput id="category-search" test="category-search" kind="search" placeholder=words.category_search() value=query on_input=move |text| query.set(text) />
        </div>
        <h3 class="place-street">{part(move || if searching.get() { "" } else { words.category_likely() })}</h3>
        <ul class="card-list">
            <For each=rows key=|category| category.code.clone() let(category)>
                <li><CategoryRow category choose /></li>
            </For>
            <li>
                <button type="button" class="row" data-test="category-hit-unsure" on:click=heard(move |_| choose(Choice::Unsure))>
                    <span class="row-words">
                        <span class="category-name">{words.category_unsure()}</span>
                        <span class="category-hint">{words.category_unsure_hint()}</span>
                    </span>
                </button>
            </li>
        </ul>
        {part(move || (searching.get() && rows().is_empty()).then(|| view! { <p class="aside">{words.category_none_fit()}</p> }))}
        {part(move || (!searching.get()).then(|| catalogue().map(|view| {
            tree(&view.categories).into_iter().map(|(domain, majors)| view! { <Field domain majors choose /> }).collect_view()
        })))}
    }
}

/// A field of governance with its 大类, each closed until it is opened.
#[component]
fn Field(
    domain: Domain,
    majors: Vec<Major>,
    choose: impl Fn(Choice) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let words = use_words();
    let majors = majors.into_iter().map(|major| {
        let count = major.categories.len();
        let name = words.pick(&major.name, &major.name_en).to_owned();
        let rows = major
            .categories
            .into_iter()
            .map(|category| view! { <li><CategoryRow category choose /></li> })
            .collect_view();
        view! {
            <details class="card major" data-test="category-major">
                <summary class="row">
                    <span class="row-words"><span class="category-name">{name}</span></span>
                    <span class="row-end">{count}<Icon glyph=Glyph::Next /></span>
                </summary>
                <ul>{rows}</ul>
            </details>
        }
    });
    view! {
        <section class="section">
            <h3 class="place-street">{domain_name(words, domain)}</h3>
            {majors.collect_view()}
        </section>
    }
}

#[component]
fn CategoryRow(
    category: Category,
    choose: impl Fn(Choice) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let words = use_words();
    let choice = Choice::Category {
        code: category.code.clone(),
    };
    let hint = words.pick(&category.hint, &category.hint_en).to_owned();
    view! {
        <button type="button" class="row" data-test="category-hit" on:click=heard(move |_| choose(choice.clone()))>
            <span class="row-words">
                <span class="category-name">{words.pick(&category.name, &category.name_en).to_owned()}</span>
                {(!hint.is_empty()).then(|| view! { <span class="category-hint">{hint}</span> })}
            </span>
            <span class="row-end">{words.pick(&category.major_name, &category.major_name_en).to_owned()}</span>
        </button>
    }
}

fn domain_name(words: Words, domain: Domain) -> &'static str {
    match domain {
        Domain::CityComponent => words.domain_city_component(),
        Domain::CityEvent => words.domain_city_event(),
        Domain::PublicOrder => words.domain_public_order(),
        Domain::Emergency => words.domain_emergency(),
        Domain::Traffic => words.domain_traffic(),
        Domain::Livelihood => words.domain_livelihood(),
        Domain::PublicHealth => words.domain_public_health(),
    }
}
