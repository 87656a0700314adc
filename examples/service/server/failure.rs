//! What a client is told when there is no answer.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use brandpunt::Error;
use serde_json::json;

#[derive(Debug)]
pub(crate) enum Failure {
    /// The library gave no result.
    Library(Error),
    /// The question cannot be read.
    Question(String),
    /// There is nothing at this address.
    Nowhere(String),
    /// Only reading is possible.
    ReadOnly,
    /// No room for another job.
    Busy,
    /// A job ended without a result.
    Lost,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Library(error)
    }
}

impl From<QueryRejection> for Failure {
    fn from(rejection: QueryRejection) -> Self {
        Self::Question(rejection.body_text())
    }
}

impl From<JsonRejection> for Failure {
    fn from(rejection: JsonRejection) -> Self {
        Self::Question(rejection.body_text())
    }
}

impl From<PathRejection> for Failure {
    fn from(rejection: PathRejection) -> Self {
        Self::Question(rejection.body_text())
    }
}

impl Failure {
    /// Status, a word for programs, a sentence for people.
    fn told(&self) -> (StatusCode, &'static str, String) {
        match self {
            Self::Library(error) => of_library(error),
            Self::Question(text) => (StatusCode::BAD_REQUEST, "question", text.clone()),
            Self::Nowhere(text) => (StatusCode::NOT_FOUND, "nowhere", text.clone()),
            Self::ReadOnly => (
                StatusCode::METHOD_NOT_ALLOWED,
                "read_only",
                "this address is read with GET; only reports are sent, to /live/incidents"
                    .to_owned(),
            ),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "too many questions at once; ask again in a second".to_owned(),
            ),
            Self::Lost => internal(),
        }
    }
}

fn of_library(error: &Error) -> (StatusCode, &'static str, String) {
    let status = match error {
        Error::Parameter { .. } => (StatusCode::BAD_REQUEST, "parameter"),
        // The question is sound, the data that were loaded cannot answer it.
        Error::Input { fault, .. } => (StatusCode::UNPROCESSABLE_ENTITY, fault.code()),
        Error::Crs { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "crs"),
        Error::TooLarge { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "too_large"),
        Error::Disclosure { .. } => (StatusCode::FORBIDDEN, "disclosure"),
        Error::Cancelled => (StatusCode::SERVICE_UNAVAILABLE, "cancelled"),
        // Paths and defects are for the log of the service, not for its clients.
        _ => return internal(),
    };
    (status.0, status.1, error.to_string())
}

fn internal() -> (StatusCode, &'static str, String) {
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "the service failed; its keeper can find out why".to_owned(),
    )
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, code, message) = self.told();
        let body = Json(json!({ "error": { "code": code, "message": message } }));
        let mut response = (status, body).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            let later = HeaderValue::from_static("1");
            response.headers_mut().insert(header::RETRY_AFTER, later);
        }
        response
    }
}
