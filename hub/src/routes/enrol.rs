//! `POST /sync/v1/enrol`.

use axum::extract::State;
use shared::hub_api::{Enrol, Enrolled, ErrorCode};

use crate::{
    answer,
    app::Shared,
    body::JsonBody,
    error::{Answered, Failure},
    peer::Peer,
    secret,
    store::{EnrolRefusal, Enrolling},
};

/// The most characters of a device's name or version that are kept.
const NAME_MAX: usize = 80;

pub(super) async fn answer(
    State(app): State<Shared>,
    peer: Peer,
    JsonBody(request): JsonBody<Enrol>,
) -> Answered {
    let now = (app.config.clock)();
    app.guesses.look(&peer.0, now).map_err(too_many)?;
    let token = secret::new_token()?;
    let enrolling = Enrolling {
        code: secret::hash_code(&request.code),
        device: request.device,
        name: tame(&request.device_name),
        app_version: tame(&request.app_version),
        token: secret::hash_token(&token),
        now,
    };
    let session = match app.store.enrol(enrolling).await? {
        Ok(session) => session,
        Err(refusal) => {
            // Only wrong guesses count, so that a whole office can enrol from one address.
            app.guesses.take(&peer.0, now).map_err(too_many)?;
            return Err(refused(refusal));
        }
    };
    tracing::info!(device = %session.device, "device enrolled");
    let identity = app.store.identity().await?;
    answer::json(&Enrolled {
        token,
        staff: session.staff,
        hub_id: identity.hub_id,
        hub_name: identity.hub_name,
    })
}

/// Names end up in an operator's terminal: no control characters, not too long.
fn tame(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_control())
        .take(NAME_MAX)
        .collect()
}

fn too_many(seconds: u64) -> Failure {
    Failure::new(ErrorCode::TooMany, "too many wrong enrolment codes").retry_after(seconds)
}

fn refused(refusal: EnrolRefusal) -> Failure {
    match refusal {
        EnrolRefusal::Unknown => Failure::new(
            ErrorCode::CodeUnknown,
            "there is no such enrolment code, or it is too old",
        ),
        EnrolRefusal::Used => Failure::new(
            ErrorCode::CodeUsed,
            "the enrolment code was used by another device",
        ),
        EnrolRefusal::Revoked => Failure::new(ErrorCode::Revoked, "the person was revoked"),
        EnrolRefusal::DeviceTaken => Failure::new(
            ErrorCode::NewEpochRequired,
            "the device id belongs to somebody else; take a new one",
        ),
    }
}
