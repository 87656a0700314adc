//! A synthetic city as files.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use geo_types::LineString;
use jiff::fmt::temporal::DateTimePrinter;

use crate::error::{Error, Result};
use crate::io;
use crate::job::Job;
use crate::synthetic::City;

/// The names of the files and what is in them.
#[derive(Debug)]
pub(super) struct CityFiles {
    files: [(&'static str, Vec<u8>); 3],
}

impl CityFiles {
    pub(super) const INCIDENTS: &str = "sample_incidents.csv";
    pub(super) const NEIGHBOURHOODS: &str = "sample_neighbourhoods.geojson";
    pub(super) const TRUTH: &str = "sample_truth.json";

    pub(super) fn of(city: &City, job: &Job) -> Result<Self> {
        Ok(Self {
            files: [
                (Self::INCIDENTS, incidents(city, job)?),
                (Self::NEIGHBOURHOODS, neighbourhoods(city)?.into_bytes()),
                (Self::TRUTH, truth(city).into_bytes()),
            ],
        })
    }

    /// Writes all files to a folder and returns their paths; each appears only when it is whole.
    pub(super) fn write(&self, folder: &Path, job: &Job) -> Result<Vec<PathBuf>> {
        std::fs::create_dir_all(folder).map_err(|e| Error::file(folder, e))?;
        let mut paths = Vec::new();
        for (name, bytes) in &self.files {
            job.check()?;
            let path = folder.join(name);
            io::atomically(&path, |file| file.write_all(bytes))?;
            paths.push(path);
        }
        Ok(paths)
    }
}

/// One row per incident: id, time with its offset from UTC, coordinates, category.
fn incidents(city: &City, job: &Job) -> Result<Vec<u8>> {
    let incidents = &city.incidents;
    let times = incidents.require_times()?;
    let missing = || Error::internal("a synthetic city has every column");
    let categories = incidents.categories().ok_or_else(missing)?;
    let ids = incidents.ids().ok_or_else(missing)?;
    let mut out = Vec::with_capacity(64 * incidents.len());
    out.extend_from_slice(b"id,time,x,y,category\n");
    let printer = DateTimePrinter::new();
    let mut time = String::new();
    for i in 0..incidents.len() {
        if i % 10_000 == 0 {
            job.check()?;
        }
        let local = times.zone().local(times.seconds()[i]);
        time.clear();
        printer
            .print_timestamp_with_offset(&local.timestamp(), local.offset(), &mut time)
            .map_err(|e| Error::internal(e.to_string()))?;
        writeln!(
            out,
            "{},{time},{:.1},{:.1},{}",
            ids.get(i),
            incidents.x()[i],
            incidents.y()[i],
            categories.get(i)
        )
        .map_err(|e| Error::internal(e.to_string()))?;
    }
    Ok(out)
}

/// One line per neighbourhood, in the city's own coordinates, which the old `crs` member names.
fn neighbourhoods(city: &City) -> Result<String> {
    let areas = &city.neighbourhoods;
    let epsg = areas
        .crs()
        .epsg()
        .ok_or_else(|| Error::internal("a synthetic city is in RD New"))?;
    let mut out = format!(
        "{{\n\"type\": \"FeatureCollection\",\n\"crs\": {{\"type\": \"name\", \"properties\": \
         {{\"name\": \"urn:ogc:def:crs:EPSG::{epsg}\"}}}},\n\"features\": [\n"
    );
    for i in 0..areas.len() {
        if i > 0 {
            out.push_str(",\n");
        }
        out.push_str("{\"type\": \"Feature\", \"properties\": {\"code\": ");
        out.push_str(&text(&areas.codes()[i]));
        out.push_str(", \"name\": ");
        out.push_str(&text(&areas.names()[i]));
        for exposure in areas.exposures() {
            let year = exposure.year.map_or_else(String::new, |y| format!("_{y}"));
            let value = exposure.values[i].map_or_else(|| "null".to_owned(), |v| v.to_string());
            add(
                &mut out,
                format_args!(", \"{}{year}\": {value}", exposure.kind),
            );
        }
        out.push_str("}, \"geometry\": {\"type\": \"Polygon\", \"coordinates\": [");
        let rings = areas.shapes()[i]
            .iter()
            .flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
        for (place, ring) in rings.enumerate() {
            if place > 0 {
                out.push(',');
            }
            add_ring(&mut out, ring);
        }
        out.push_str("]}}");
    }
    out.push_str("\n]\n}\n");
    Ok(out)
}

fn add_ring(out: &mut String, ring: &LineString<f64>) {
    out.push('[');
    for (place, c) in ring.coords().enumerate() {
        let comma = if place > 0 { "," } else { "" };
        add(out, format_args!("{comma}[{:.1},{:.1}]", c.x, c.y));
    }
    out.push(']');
}

/// The planted hotspots and the other things a test may want to know.
fn truth(city: &City) -> String {
    let truth = &city.truth;
    let hotspots: Vec<serde_json::Value> = truth
        .hotspots
        .iter()
        .map(|h| {
            serde_json::json!({
                "category": h.category,
                "x": h.x,
                "y": h.y,
                "radius": h.radius,
                "relative_risk": h.relative_risk,
                "from": h.from,
                "neighbourhoods": h.neighbourhoods,
            })
        })
        .collect();
    let whole = serde_json::json!({
        "hotspots": hotspots,
        "geocoding_defaults": truth.geocoding_defaults,
        "misplaced": truth.misplaced,
        "follow_ups": truth.follow_ups,
    });
    format!("{whole:#}\n")
}

/// A JSON string.
fn text(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}

fn add(out: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(what);
}
