//! `GET /openapi.json`: this interface, for programs.

use crate::{answer, error::Answered, openapi};

pub(super) async fn answer() -> Answered {
    answer::json(&openapi::document())
}
