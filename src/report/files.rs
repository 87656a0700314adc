//! A result as a folder of files.

#[cfg(feature = "raster")]
use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::columns::{columns, with_theme};
use super::page::html;
use super::withheld;
use crate::analysis::{HotspotResult, Language, Published, TargetProgress, Years};
use crate::error::{Error, Fault, Result};
use crate::io::{self, CsvFlavour};
use crate::model::Period;

/// Writes results to a folder, which is made when it is not there.
///
/// | file | content |
/// |---|---|
/// | `report.html` | the page of [`html`], with a switch between themes |
/// | `neighbourhoods.csv` | the columns of [`columns`](super::columns), exact |
/// | `neighbourhoods.geojson` | the same with the shapes |
/// | `density.tif` | the density surface, in classes where it is protected (feature `raster`) |
/// | `run.json` | version, parameters, seed, hashes of the input and where every row went |
///
/// Of several results the tables stand below each other in one file, with a leading column
/// `theme`, and each has its own `density-<theme>.tif`. Every file is either whole or not there.
///
/// # Errors
/// As [`html`]; [`Fault::CrsMismatch`] when the areas of the results are in different systems;
/// [`Error::File`] when a file cannot be written.
pub fn write_all(
    directory: impl AsRef<Path>,
    results: &[Published],
    language: Language,
) -> Result<()> {
    let directory = directory.as_ref();
    let page = html(results, language)?;
    let table = match results {
        [one] => columns(one, language)?,
        several => with_theme(several, language)?,
    };
    let results: Vec<&HotspotResult> = results.iter().map(Published::result).collect();
    let Some(first) = results.first() else {
        return Err(Error::parameter("results", 0, "at least one result"));
    };
    let crs = first.areas.crs();
    if let Some(other) = results.iter().find(|r| r.areas.crs() != crs) {
        return Err(Error::input(
            Fault::CrsMismatch,
            format!(
                "the areas of one result are in {crs}, those of another in {}; write them to \
                 different folders",
                other.areas.crs()
            ),
        ));
    }
    std::fs::create_dir_all(directory).map_err(|e| Error::file(directory, e))?;
    io::write_csv(
        directory.join("neighbourhoods.csv"),
        &table,
        CsvFlavour::Exact,
    )?;
    let shapes: Vec<_> = results
        .iter()
        .flat_map(|r| r.areas.shapes().iter().cloned())
        .collect();
    io::write_geojson(
        directory.join("neighbourhoods.geojson"),
        &table,
        &shapes,
        crs,
    )?;
    #[cfg(feature = "raster")]
    for (result, name) in results.iter().zip(raster_names(&results)) {
        if let Some(surface) = &result.surface {
            let path = directory.join(name);
            match &result.protection {
                Some(_) => withheld::write_classes(path, surface)?,
                None => surface.write_geotiff(path)?,
            }
        }
    }
    io::write_json(directory.join("run.json"), &run(&results, first, language))?;
    io::write_text(directory.join("report.html"), &page)
}

impl Published {
    /// Writes this result to a folder; see [`write_all`].
    ///
    /// # Errors
    /// As [`write_all`].
    pub fn write(&self, directory: impl AsRef<Path>, language: Language) -> Result<()> {
        write_all(directory, std::slice::from_ref(self), language)
    }
}

/// The name of the raster of each result. A theme's name is the user's: only letters, digits,
/// hyphens and underscores of it come into the name of a file.
#[cfg(feature = "raster")]
fn raster_names(results: &[&HotspotResult]) -> Vec<String> {
    if results.len() == 1 {
        return vec!["density.tif".to_owned()];
    }
    let mut taken = BTreeSet::new();
    results
        .iter()
        .enumerate()
        .map(|(i, result)| {
            let slug: String = result
                .theme
                .name()
                .chars()
                .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
                .take(40)
                .collect::<String>()
                .to_ascii_lowercase();
            let slug = if slug.is_empty() || taken.contains(&slug) {
                format!("{slug}{}", i + 1)
            } else {
                slug
            };
            taken.insert(slug.clone());
            format!("density-{slug}.tif")
        })
        .collect()
}

/// What is needed to make the results again, and where every row went.
fn run(results: &[&HotspotResult], first: &HotspotResult, language: Language) -> Value {
    let source = &first.provenance;
    let common: Map<String, Value> = source
        .parameters
        .iter()
        .filter(|parameter| {
            results
                .iter()
                .all(|r| r.provenance.parameters.contains(parameter))
        })
        .map(|(name, value)| (name.clone(), Value::from(value.clone())))
        .collect();
    let rows = |n: u64| first.protection.is_none().then_some(n);
    let inputs = match &first.protection {
        None => json!(source.inputs),
        Some(_) => withheld::inputs(&source.inputs),
    };
    json!({
        "version": source.version,
        "seed": source.seed,
        "language": language.code(),
        "parameters": common,
        "inputs": inputs,
        "rows_in": rows(source.rows_in),
        "rows_used": rows(source.rows_in.saturating_sub(source.rows_rejected)),
        "rows_rejected": rows(source.rows_rejected),
        "themes": results.iter().map(|r| theme(r)).collect::<Vec<_>>(),
    })
}

fn theme(result: &HotspotResult) -> Value {
    let source = &result.provenance;
    let city = &result.city;
    let parameters: Map<String, Value> = source
        .parameters
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(value.clone())))
        .collect();
    let warnings: Vec<Value> = result
        .warnings
        .iter()
        .map(|w| json!({ "code": w.code.code(), "message": w.message, "value": w.value.and_then(finite) }))
        .collect();
    let rows = |n: u64| result.protection.is_none().then_some(n);
    json!({
        "theme": result.theme.name(),
        "disclosure": withheld::account(result),
        "period": result.period.as_ref().map(period),
        "baseline": result.baseline.as_ref().map(period),
        "parameters": parameters,
        "rows_selected": rows(source.rows_selected),
        "rows_counted": rows(source.rows_selected.saturating_sub(source.rows_outside)),
        "rows_outside": rows(source.rows_outside),
        "city": {
            "count": city.count,
            "population": finite(city.population),
            "rate": finite(city.rate),
            "rate_low": finite(city.rate_low),
            "rate_high": finite(city.rate_high),
            "baseline_rate": finite(city.baseline_rate),
            "change": finite(city.change),
            "change_low": finite(city.change_low),
            "change_high": finite(city.change_high),
            "change_p": finite(city.change_p),
            "moran": finite(city.moran),
            "moran_p": finite(city.moran_p),
            "dispersion": finite(city.dispersion),
        },
        "target": result.target.as_ref().map(target),
        "years": result.years.as_ref().map(years),
        "warnings": warnings,
    })
}

/// How far the city is on the way to its target.
fn target(target: &TargetProgress) -> Value {
    json!({
        "share": target.share,
        "year": target.year,
        "years_left": target.years_left,
        "rate": finite(target.rate),
        "path_rate": finite(target.path_rate),
        "so_far": finite(target.so_far),
        "needed": finite(target.needed),
        "status": target.status.name(),
    })
}

/// The city's counts and rates of the years, and their trend.
fn years(years: &Years) -> Value {
    let rates = |values: &[f64]| values.iter().copied().map(finite).collect::<Vec<_>>();
    let trend = |values: &[f64]| values.first().copied().and_then(finite);
    json!({
        "labels": years.periods.iter().map(|p| &p.label).collect::<Vec<_>>(),
        "count": years.city_count,
        "rate": rates(&years.city_rate),
        "rate_low": rates(&years.city_rate_low),
        "rate_high": rates(&years.city_rate_high),
        "trend": trend(&years.trend.ratio),
        "trend_low": trend(&years.trend.low),
        "trend_high": trend(&years.trend.high),
        "trend_status": years.trend.status.first().map(|s| s.name()),
    })
}

fn period(period: &Period) -> Value {
    json!({ "label": period.label, "start": period.start, "end": period.end })
}

/// A number, or nothing where it is not defined.
fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
