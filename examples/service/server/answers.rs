//! Which question is answered how.

use std::sync::Arc;

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use brandpunt::analysis::{Language, Published};
use brandpunt::{Error, Period, io, report};
use serde::Deserialize;
use serde_json::{Value, json};

use super::city::{City, LEVEL};
use super::failure::Failure;
use super::jobs::Jobs;
use super::live::{Live, Report};
use super::tile::tile;

#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) city: Arc<City>,
    pub(crate) live: Arc<Live>,
    pub(crate) jobs: Jobs,
}

/// What may follow the question mark of `/hotspots`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    level: Option<f64>,
    language: Option<String>,
}

type Answer = Result<Json<Value>, Failure>;

pub(crate) fn routes(service: Service) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/hotspots/{theme}", get(hotspots))
        .route("/density/{theme}/{column}/{row}", get(density))
        .route("/live", get(live))
        .route("/live/incidents", post(report_one))
        .fallback(|| async {
            Failure::Nowhere(
                "ask /health, /hotspots/{theme}, /density/{theme}/{column}/{row} or /live".into(),
            )
        })
        .method_not_allowed_fallback(|| async { Failure::ReadOnly })
        .with_state(service)
}

/// Never waits for a job, so it answers when nothing else does.
async fn health(State(service): State<Service>) -> Json<Value> {
    Json(json!({
        "status": "up",
        "version": env!("CARGO_PKG_VERSION"),
        "incidents": service.city.incidents.len(),
        "rejected": service.city.incidents.rejected().len(),
        "neighbourhoods": service.city.areas.len(),
        "disclosure": service.city.rules.name(),
        "jobs": service.jobs.account(),
    }))
}

async fn hotspots(
    State(service): State<Service>,
    theme: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Answer {
    let (Path(theme), Query(asked)) = (theme?, asked?);
    let theme = service.city.theme(&theme)?;
    let level = asked.level.unwrap_or(LEVEL);
    let language = Language::from_code(asked.language.as_deref().unwrap_or("en"))?;
    let city = Arc::clone(&service.city);
    let work = move |workers: &_| told(&city.hotspots(theme, level, workers)?, language);
    service.jobs.run(work).await.map(Json)
}

/// A result as JSON: the columns of the files that the command writes, under the same names.
fn told(published: &Published, language: Language) -> brandpunt::Result<Value> {
    let result = published.result();
    let table = report::columns(published, language)?;
    let text = io::geojson_text(&table, result.areas.shapes(), result.areas.crs())?;
    let neighbourhoods: Value =
        serde_json::from_str(&text).map_err(|e| Error::internal(e.to_string()))?;
    let named = |period: &Option<Period>| period.as_ref().map(|p| p.label.clone());
    let warnings = result.warnings.iter();
    Ok(json!({
        "theme": result.theme.name(),
        "period": named(&result.period),
        "baseline": named(&result.baseline),
        "protection": result.protection.as_ref().map(|p| json!({
            "rules": p.preset,
            "minimum_count": p.minimum_count,
            "rounding": p.rounding,
            "withheld": p.withheld(),
        })),
        "warnings": warnings
            .map(|w| json!({ "code": w.code.code(), "message": w.message }))
            .collect::<Vec<_>>(),
        "neighbourhoods": neighbourhoods,
    }))
}

async fn density(
    State(service): State<Service>,
    place: Result<Path<(String, i64, i64)>, PathRejection>,
) -> Answer {
    let Path((theme, column, row)) = place?;
    let theme = service.city.theme(&theme)?;
    let published = Arc::clone(&service.city).kept(theme, &service.jobs).await?;
    tile(&published, column, row).map(Json)
}

/// Takes microseconds, so it needs no job.
async fn report_one(
    State(service): State<Service>,
    report: Result<Json<Report>, JsonRejection>,
) -> Answer {
    let Json(report) = report?;
    let ticket = service.live.take(&report)?;
    Ok(Json(json!({ "ticket": ticket })))
}

async fn live(State(service): State<Service>) -> Answer {
    let live = Arc::clone(&service.live);
    service
        .jobs
        .run(move |workers| live.told(workers))
        .await
        .map(Json)
}
