//! Facts about person, hub and device, as name and value.

use leptos::prelude::*;
use shared::ipc::{About, Enrolment, KeyStore, Link};

use crate::{dates, words::Words};

/// A name and what stands behind it.
pub(super) type Fact = (&'static str, String);

/// A list of facts.
#[component]
pub(super) fn Facts(
    /// Which.
    facts: Vec<Fact>,
) -> impl IntoView {
    let rows = facts.into_iter().map(|(name, value)| {
        view! {
            <div class="fact">
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    view! { <dl class="card-list facts">{rows.collect_view()}</dl> }
}

/// Whose device this is, and which hub's.
pub(super) fn enrolment_facts(
    words: Words,
    enrolment: &Enrolment,
    link: Option<Link>,
    last_sync: Option<String>,
) -> Vec<Fact> {
    let names = enrolment
        .grids
        .iter()
        .map(|grid| words.pick(&grid.name, &grid.name_en));
    let mut grids = names.collect::<Vec<_>>().join(words.me_list());
    if grids.is_empty() {
        words.me_grids_coming().clone_into(&mut grids);
    }
    let link = link.map_or_else(|| words.sync_unknown(), |link| words.link(link));
    let mut facts = vec![
        (words.me_grids(), grids),
        (words.me_hub(), enrolment.hub_name.clone()),
        (words.me_hub_address(), enrolment.hub_url.clone()),
        (words.me_link(), link.to_owned()),
    ];
    facts.extend(last_sync.map(|at| (words.me_last_sync(), at)));
    facts
}

/// What this device holds.
pub(super) fn storage_facts(words: Words, about: &About) -> Vec<Fact> {
    let photos = words.me_photos_of(
        dates::bytes(about.photo_bytes),
        words.today_photos(about.photos),
    );
    let key = match about.key_store {
        KeyStore::System => words.me_key_system(),
        KeyStore::File => words.me_key_file(),
    };
    let mut facts = vec![
        (words.me_database(), dates::bytes(about.database_bytes)),
        (words.me_photos(), photos),
    ];
    facts.extend(
        about
            .free_bytes
            .map(|free| (words.me_free(), dates::bytes(free))),
    );
    facts.push((words.me_key(), key.to_owned()));
    facts
}

/// Which versions are at work.
pub(super) fn version_facts(words: Words, about: &About) -> Vec<Fact> {
    let none = || words.me_none_yet().to_owned();
    vec![
        (words.me_app_version(), about.app_version.clone()),
        (words.me_schema_version(), about.schema_version.to_string()),
        (
            words.me_pack_version(),
            about.pack_version.clone().unwrap_or_else(none),
        ),
        (
            words.me_catalogue_version(),
            about.catalogue_version.clone().unwrap_or_else(none),
        ),
        (words.me_device(), short(&about.device_id)),
    ]
}

/// The end of an id: enough to tell devices apart, short enough to read aloud. The end, because
/// ids made on the same day begin alike.
fn short(id: &str) -> String {
    let letters: Vec<char> = id.chars().filter(char::is_ascii_alphanumeric).collect();
    let from = letters.len().saturating_sub(8);
    letters
        .into_iter()
        .skip(from)
        .collect::<String>()
        .to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_device_is_named_by_the_end_of_its_id() {
        assert_eq!(short("0199f3c2-77aa-7c11-8a02-5b1f02d4c9ee"), "02D4C9EE");
        assert_eq!(short("ab"), "AB", "a short id stays whole");
    }
}
