//! The main job.

use brandpunt::analysis::{
    self, CellTable, HotspotAnalysis, Language, NatureTable, StabilityAnalysis,
};
use brandpunt::methods::emerging::TrendTest;
use brandpunt::{Counts, Error, Period, Zone, report};
use ndarray::Array2;
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::{column, column_of, copied, matrix_of};
use crate::error::Raise;
use crate::methods::near_repeat::near_repeats;
use crate::methods::scan::clusters;
use crate::methods::surface::Surface;
use crate::model::{Crosswalk, Incidents, Neighbourhoods, RegisteredCounts, Theme, dated, told};
use crate::run::{Call, run};

/// The hotspots of one theme.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct HotspotResult(pub(crate) analysis::HotspotResult);

/// A calendar year, or the first day and the day after the last.
#[derive(FromPyObject)]
pub(crate) enum When {
    Year(i16),
    Days(String, String),
}

impl When {
    pub(crate) fn period(self) -> brandpunt::Result<Period> {
        let zone = Zone::amsterdam();
        let (first, after) = match self {
            Self::Year(year) => return Period::year(year, &zone),
            Self::Days(first, after) => (first, after),
        };
        let no_date = |text: &str| Error::parameter("period", text, "dates such as 2024-05-17");
        Period::days(
            first.parse().map_err(|_| no_date(&first))?,
            after.parse().map_err(|_| no_date(&after))?,
            &zone,
        )
    }
}

/// The columns of a table of cells by name, with or without its figures.
pub(crate) fn cells_of<'py>(
    py: Python<'py>,
    cells: &CellTable,
    figures: bool,
) -> PyResult<Bound<'py, PyDict>> {
    let grid = &cells.grid;
    let places = |line: &[u32], place: &dyn Fn(usize) -> f64| -> Vec<f64> {
        line.iter().map(|&l| place(l as usize)).collect()
    };
    let out = PyDict::new(py);
    out.set_item("row", column_of(py, &cells.row))?;
    out.set_item("col", column_of(py, &cells.col))?;
    out.set_item("x", column(py, places(&cells.col, &|c| grid.x(c))))?;
    out.set_item("y", column(py, places(&cells.row, &|r| grid.y(r))))?;
    if figures {
        out.set_item("count", column_of(py, &cells.count))?;
        out.set_item("density", column_of(py, &cells.density))?;
        out.set_item("gi_z", column_of(py, &cells.gi_z))?;
        out.set_item("gi_p", column_of(py, &cells.gi_p))?;
        out.set_item("gi_q", column_of(py, &cells.gi_q))?;
    }
    out.set_item("hotspot_class", column_of(py, &cells.hotspot_class))?;
    Ok(out)
}

#[pymethods]
impl HotspotResult {
    #[getter]
    fn theme(&self) -> Theme {
        Theme(self.0.theme.clone())
    }

    /// Label, first second inside and first second after.
    #[getter]
    fn period(&self) -> Option<(String, i64, i64)> {
        self.0.period.as_ref().map(parts)
    }

    #[getter]
    fn baseline(&self) -> Option<(String, i64, i64)> {
        self.0.baseline.as_ref().map(parts)
    }

    #[getter]
    fn areas(&self) -> Neighbourhoods {
        Neighbourhoods((*self.0.areas).clone())
    }

    /// The columns per neighbourhood but the sentences, by name.
    #[getter]
    fn neighbourhoods<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let table = &self.0.neighbourhoods;
        let out = PyDict::new(py);
        out.set_item("code", &table.code)?;
        out.set_item("name", &table.name)?;
        match &self.0.protection {
            None => out.set_item("count", column_of(py, &table.count))?,
            Some(protection) => {
                let count = |i: usize| {
                    if self.0.is_withheld(i) {
                        f64::NAN
                    } else {
                        table.count[i] as f64
                    }
                };
                out.set_item(
                    "count",
                    column::<f64>(py, (0..table.len()).map(count).collect()),
                )?;
                let known: Vec<_> = protection
                    .states
                    .iter()
                    .map(|s| protection.known(*s))
                    .collect();
                let states: Vec<&str> = known.iter().map(|k| k.0).collect();
                out.set_item("count_state", states)?;
                let low = known.iter().map(|k| k.1.0).collect();
                let high = known.iter().map(|k| k.1.1).collect();
                out.set_item("count_low", column::<f64>(py, low))?;
                out.set_item("count_high", column::<f64>(py, high))?;
                let bounds = &protection.hotspots;
                out.set_item("hot_lower", column_of(py, &bounds.hot_lower))?;
                out.set_item("hot_upper", column_of(py, &bounds.hot_upper))?;
                out.set_item("robust", column_of(py, &bounds.robust))?;
            }
        }
        if let Some(stability) = &self.0.stability {
            out.set_item("stability", column_of(py, &stability.resampled.share))?;
        }
        for (name, values) in table.float_columns() {
            out.set_item(name, column_of(py, values))?;
        }
        out.set_item("hotspot_class", column_of(py, &table.hotspot_class))?;
        out.set_item("emerging_category", &table.emerging_category)?;
        out.set_item("rank", column_of(py, &table.rank))?;
        Ok(out)
    }

    /// Why each neighbourhood is or is not a hotspot.
    fn reasons(&self, py: Python<'_>, language: &str) -> PyResult<Vec<String>> {
        let language = Language::from_code(language).or_raise(py)?;
        Ok(self.0.neighbourhoods.reasons_in(language))
    }

    /// The columns per cell, by name.
    #[getter]
    fn cells<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        let figures = self.0.protection.is_none();
        let cells = self.0.cells.as_ref();
        cells.map(|cells| cells_of(py, cells, figures)).transpose()
    }

    /// What happened step by step, by name.
    #[getter]
    fn history<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        let Some(history) = &self.0.history else {
            return Ok(None);
        };
        let out = PyDict::new(py);
        out.set_item("step", history.step.name())?;
        out.set_item("count", matrix_of(py, &history.count))?;
        out.set_item("sign", matrix_of(py, &history.sign))?;
        dated(py, &history.periods, &out)?;
        let whole = |steps: &[usize]| steps.iter().map(|&n| n as i64).collect();
        out.set_item("hot_steps", column::<i64>(py, whole(&history.hot_steps)))?;
        out.set_item("cold_steps", column::<i64>(py, whole(&history.cold_steps)))?;
        let trend = |f: &dyn Fn(&TrendTest) -> f64| history.trend.iter().map(f).collect();
        out.set_item("slope", column::<f64>(py, trend(&|t| t.slope)))?;
        out.set_item("trend_p", column::<f64>(py, trend(&|t| t.p)))?;
        Ok(Some(out))
    }

    /// Counts and rates of the years, by name.
    #[getter]
    fn years<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        let Some(years) = &self.0.years else {
            return Ok(None);
        };
        let out = PyDict::new(py);
        dated(py, &years.periods, &out)?;
        let shown = |area: usize, year: usize| {
            if years.is_withheld(area, year) {
                f64::NAN
            } else {
                years.count[[area, year]] as f64
            }
        };
        let count = Array2::from_shape_fn(years.count.dim(), |(area, year)| shown(area, year));
        out.set_item("count", matrix_of(py, &count))?;
        out.set_item("city_count", column_of(py, &years.city_count))?;
        out.set_item("city_population", column_of(py, &years.city_population))?;
        out.set_item("city_rate", column_of(py, &years.city_rate))?;
        out.set_item("city_rate_low", column_of(py, &years.city_rate_low))?;
        out.set_item("city_rate_high", column_of(py, &years.city_rate_high))?;
        let first = |values: &[f64]| values.first().copied().unwrap_or(f64::NAN);
        let trend = &years.trend;
        out.set_item("trend", first(&trend.ratio))?;
        out.set_item("trend_low", first(&trend.low))?;
        out.set_item("trend_high", first(&trend.high))?;
        out.set_item("trend_p", first(&trend.p))?;
        let status = trend.status.first().map_or("cannot tell", |s| s.name());
        out.set_item("trend_status", status)?;
        Ok(Some(out))
    }

    /// The nature of the reports where they stand out, a column per name.
    #[getter]
    fn nature<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        let Some(nature) = &self.0.nature else {
            return Ok(None);
        };
        let tables: Vec<&NatureTable> = nature.tables.iter().collect();
        natures(py, &tables).map(Some)
    }

    /// The same of each neighbourhood that stands out, with its position in `area`.
    #[getter]
    fn nature_by_area<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        let Some(nature) = &self.0.nature else {
            return Ok(None);
        };
        if nature.by_area.is_empty() && self.0.protection.is_some() {
            return Ok(None);
        }
        let all = || {
            let areas = nature.by_area.iter();
            areas.flat_map(|area| area.tables.iter().map(move |table| (area.area, table)))
        };
        let tables: Vec<&NatureTable> = all().map(|(_, table)| table).collect();
        let out = natures(py, &tables)?;
        let area = all().flat_map(|(area, table)| vec![area as i64; table.cell.len()]);
        out.set_item("area", column::<i64>(py, area.collect()))?;
        Ok(Some(out))
    }

    /// How far the city is on the way to its target, by name.
    #[getter]
    fn target<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        let Some(target) = &self.0.target else {
            return Ok(None);
        };
        let out = PyDict::new(py);
        out.set_item("share", target.share)?;
        out.set_item("year", target.year)?;
        out.set_item("years_left", target.years_left)?;
        out.set_item("rate", target.rate)?;
        out.set_item("path_rate", target.path_rate)?;
        out.set_item("so_far", target.so_far)?;
        out.set_item("needed", target.needed)?;
        out.set_item("status", target.status.name())?;
        Ok(Some(out))
    }

    /// Positions of the neighbourhoods that the nature is of.
    #[getter]
    fn standouts<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyArray1<i64>>> {
        let standouts = self.0.nature.as_ref()?.standouts.iter();
        Some(column(py, standouts.map(|&i| i as i64).collect()))
    }

    /// The clusters of neighbourhoods, by name.
    #[getter]
    fn clusters<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        let found = self.0.clusters.as_ref();
        found
            .map(|f| clusters(py, f, self.0.areas.len()))
            .transpose()
    }

    /// The near-repeat table, by name.
    #[getter]
    fn near_repeat<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        let Some(found) = self.0.near_repeat.as_ref() else {
            return Ok(None);
        };
        let out = near_repeats(py, found.clone())?;
        out.set_item("distances", column(py, found.distances.clone()))?;
        out.set_item("days", column(py, found.days.clone()))?;
        out.set_item("permutations", found.permutations)?;
        Ok(Some(out))
    }

    /// Side of the cells.
    #[getter]
    fn cell_size(&self) -> Option<f64> {
        Some(self.0.cells.as_ref()?.grid.cell_size())
    }

    #[getter]
    fn surface(&self) -> Option<Surface> {
        self.0.surface.clone().map(Surface)
    }

    #[getter]
    fn city<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let city = &self.0.city;
        let out = PyDict::new(py);
        out.set_item("count", city.count)?;
        for (name, value) in [
            ("population", city.population),
            ("rate", city.rate),
            ("rate_low", city.rate_low),
            ("rate_high", city.rate_high),
            ("baseline_rate", city.baseline_rate),
            ("change", city.change),
            ("change_low", city.change_low),
            ("change_high", city.change_high),
            ("change_p", city.change_p),
            ("moran", city.moran),
            ("moran_p", city.moran_p),
            ("dispersion", city.dispersion),
        ] {
            out.set_item(name, value)?;
        }
        Ok(out)
    }

    #[getter]
    fn warnings(&self) -> Vec<(&'static str, String, Option<f64>)> {
        told(&self.0.warnings)
    }

    #[getter]
    fn provenance<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let from = &self.0.provenance;
        let out = PyDict::new(py);
        out.set_item("version", &from.version)?;
        let parameters = PyDict::new(py);
        for (name, value) in &from.parameters {
            parameters.set_item(name, value)?;
        }
        out.set_item("parameters", parameters)?;
        out.set_item("seed", from.seed)?;
        let rows = |n: u64| self.0.protection.is_none().then_some(n);
        out.set_item("rows_in", rows(from.rows_in))?;
        out.set_item("rows_rejected", rows(from.rows_rejected))?;
        out.set_item("rows_selected", rows(from.rows_selected))?;
        out.set_item("rows_outside", rows(from.rows_outside))?;
        Ok(out)
    }

    /// The answer in a few lines of Markdown.
    fn summary(&self, py: Python<'_>, language: &str) -> PyResult<String> {
        let language = Language::from_code(language).or_raise(py)?;
        Ok(report::summary(&self.0, language))
    }
}

fn parts(period: &Period) -> (String, i64, i64) {
    (period.label.clone(), period.start, period.end)
}

/// A row per cell of some tables, a column per name.
fn natures<'py>(py: Python<'py>, tables: &[&NatureTable]) -> PyResult<Bound<'py, PyDict>> {
    let cells = || {
        let tables = tables.iter().copied();
        tables.flat_map(|t| (0..t.cell.len()).map(move |cell| (t, cell)))
    };
    let float = |f: &dyn Fn(&NatureTable, usize) -> f64| {
        column::<f64>(py, cells().map(|(t, c)| f(t, c)).collect())
    };
    let count = |there: bool| {
        float(&|t, c| match (t.is_withheld(c, there), there) {
            (true, _) => f64::NAN,
            (false, true) => t.rest_count[c] as f64,
            (false, false) => t.count[c] as f64,
        })
    };
    let out = PyDict::new(py);
    let by: Vec<String> = cells().map(|(t, _)| t.breakdown.name()).collect();
    out.set_item("by", by)?;
    let names: Vec<&str> = cells().map(|(t, c)| t.cell[c].as_str()).collect();
    out.set_item("cell", names)?;
    out.set_item("count", count(false))?;
    out.set_item("share", float(&|t, c| t.share[c]))?;
    out.set_item("rest_count", count(true))?;
    out.set_item("rest_share", float(&|t, c| t.rest_share[c]))?;
    out.set_item("quotient", float(&|t, c| t.quotient[c]))?;
    out.set_item("quotient_low", float(&|t, c| t.quotient_low[c]))?;
    out.set_item("quotient_high", float(&|t, c| t.quotient_high[c]))?;
    let mark = cells().map(|(t, c)| t.mark[c]).collect();
    out.set_item("mark", column::<i8>(py, mark))?;
    Ok(out)
}

/// Everything for one theme, from incidents or from counts per neighbourhood.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the main job")]
pub(crate) fn hotspots(
    py: Python<'_>,
    incidents: Option<&Incidents>,
    counts: Option<PyReadonlyArray1<'_, i64>>,
    neighbourhoods: &Neighbourhoods,
    theme: &Theme,
    period: Option<When>,
    baseline: Option<i16>,
    baseline_counts: Option<&RegisteredCounts>,
    crosswalk: Option<&Crosswalk>,
    target: Option<f64>,
    target_year: Option<i16>,
    exposure: Option<&str>,
    bandwidth: Option<f64>,
    cell_size: f64,
    level: f64,
    seed: u64,
    stability: bool,
    scan: bool,
    near_repeat: bool,
    n_jobs: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<HotspotResult> {
    let resamples = if stability {
        StabilityAnalysis::RESAMPLES
    } else {
        0
    };
    let simulations = |asked: bool| {
        if asked {
            HotspotAnalysis::SIMULATIONS
        } else {
            0
        }
    };
    let mut analysis = HotspotAnalysis::new(theme.0.clone())
        .stability(resamples)
        .scan(simulations(scan))
        .near_repeat(simulations(near_repeat))
        .cell_size(cell_size)
        .level(level)
        .seed(seed);
    if let Some(period) = period {
        analysis = analysis.period(period.period().or_raise(py)?);
    }
    if let Some(year) = baseline {
        analysis = analysis.baseline(year);
    }
    if let Some(counts) = baseline_counts {
        analysis = analysis.baseline_counts(counts.0.counts.clone());
    }
    if let Some(crosswalk) = crosswalk {
        analysis = analysis.crosswalk(crosswalk.0.clone());
    }
    if let Some(share) = target {
        analysis = analysis.target(share, target_year);
    }
    if let Some(kind) = exposure {
        analysis = analysis.exposure(kind);
    }
    if let Some(metres) = bandwidth {
        analysis = analysis.bandwidth(metres);
    }
    let counts = counts.map(|c| copied(&c));
    let areas = &neighbourhoods.0;
    run(py, Call { n_jobs, progress }, |workers| {
        if let Some(incidents) = incidents {
            return analysis.run_with(&incidents.0, areas, workers);
        }
        let counts = Counts::per_area(counts.unwrap_or_default())?;
        analysis.run_counts(&counts, areas, workers)
    })
    .map(HotspotResult)
}
