//! Lies about photos.

use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use serde_json::Value;
use shared::hub_api::photo;

use super::{Asked, Lie, Seen, Told};

const TUS_EXTENSION: HeaderName = HeaderName::from_static("tus-extension");

pub(super) fn change(lie: Lie, seen: &mut Seen, asked: &Asked, told: &mut Told) {
    match asked.method {
        Method::GET => download(lie, seen, asked, told),
        Method::PATCH if told.status.is_client_error() => refused_chunk(lie, told),
        _ => upload(lie, seen, asked, told),
    }
}

/// Lies about where an upload stands.
fn upload(lie: Lie, seen: &Seen, asked: &Asked, told: &mut Told) {
    match lie {
        Lie::HidesTus => drop(told.headers.remove(TUS_EXTENSION)),
        Lie::SaysNoPlace => drop(told.headers.remove(header::LOCATION)),
        Lie::BeginsAgain if asked.method == Method::POST && told.status == StatusCode::OK => {
            told.status = StatusCode::CREATED;
        }
        Lie::CompleteTooEarly => {
            let (offset, length) = (
                number(told, photo::UPLOAD_OFFSET),
                number(told, photo::UPLOAD_LENGTH),
            );
            if length > 0 && offset * 100 > length * 95 {
                told.headers.insert(photo::COMPLETE, yes());
            }
        }
        Lie::SaysMoreThanCame
            if asked.method == Method::HEAD && seen.begun.contains(&asked.path) =>
        {
            let most = number(told, photo::UPLOAD_LENGTH) - 1;
            told.headers
                .insert(photo::UPLOAD_OFFSET, HeaderValue::from(most));
        }
        _ => {}
    }
}

/// Takes a chunk that must be refused.
fn refused_chunk(lie: Lie, told: &mut Told) {
    let takes = match lie {
        Lie::KeepsFalseDigests => told.refuses("checksum_mismatch"),
        Lie::TakesAnyOffset => told.refuses("offset_mismatch"),
        _ => false,
    };
    if takes {
        told.status = StatusCode::NO_CONTENT;
        told.json = Value::Null;
        told.headers.remove(header::CONTENT_TYPE);
        told.headers.insert(photo::COMPLETE, yes());
    }
}

fn download(lie: Lie, seen: &mut Seen, asked: &Asked, told: &mut Told) {
    match lie {
        Lie::HasNoEtag => drop(told.headers.remove(header::ETAG)),
        Lie::ServesHalves if told.refuses("not_found") => {
            told.say(200, Value::String("half of it".to_owned()));
        }
        Lie::TellsOfPhotos if told.refuses("forbidden") => told.refuse(404, "not_found"),
        Lie::ShowsPhotosToAll if told.status == StatusCode::OK => {
            seen.photos.insert(asked.path.clone(), told.body.clone());
        }
        Lie::ShowsPhotosToAll => {
            if let Some(photo) = seen.photos.get(&asked.path) {
                told.status = StatusCode::OK;
                told.body = photo.clone();
            }
        }
        _ => {}
    }
}

fn number(told: &Told, name: &str) -> u64 {
    let value = told.headers.get(name).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.parse().ok()).unwrap_or(0)
}

fn yes() -> HeaderValue {
    HeaderValue::from_static("true")
}
