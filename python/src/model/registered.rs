//! What registers and statistics offices have counted per area, and area divisions.

use brandpunt::index::{crosswalk_by_area, crosswalk_by_points};
use brandpunt::io::{KeyFiguresReader, NullPolicy, PoliceTable, PoliceTableReader, Population};
use brandpunt::{AreaLevel, Error, Step};
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::{Conclusion, Neighbourhoods, RejectedRows, Theme, concluded, told, written};
use crate::columns::{column, column_of, copied};
use crate::error::Raise;
use crate::run::{Call, run};

/// The kind, the year and the numbers of an exposure.
type Numbers<'a, 'py> = (&'a str, Option<i16>, Bound<'py, PyArray1<f64>>);

/// Code without padding, level, and the code one level up.
#[pyfunction]
pub(crate) fn area_code(
    py: Python<'_>,
    text: &str,
) -> PyResult<(String, &'static str, Option<String>)> {
    let code: brandpunt::AreaCode = text.parse().or_raise(py)?;
    let parent = code.parent().map(|p| p.as_str().to_owned());
    Ok((code.as_str().to_owned(), code.level().code(), parent))
}

/// Refuses a column that seems to hold data about persons.
#[pyfunction]
pub(crate) fn check_person_data(py: Python<'_>, name: &str, values: Vec<String>) -> PyResult<()> {
    brandpunt::io::check_person_data(name, values.iter().map(String::as_str)).or_raise(py)
}

pub(crate) fn level_of(py: Python<'_>, level: Option<&str>) -> PyResult<Option<AreaLevel>> {
    level.map(AreaLevel::named).transpose().or_raise(py)
}

/// Counts per area, class and period.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct RegisteredCounts(pub(crate) PoliceTable);

#[pymethods]
impl RegisteredCounts {
    #[getter]
    fn code(&self) -> Vec<&str> {
        self.0.counts.codes().iter().map(String::as_str).collect()
    }

    /// Keys and titles.
    #[getter]
    fn classes(&self) -> Vec<(&str, Option<&str>)> {
        let classes = self.0.counts.classes().iter();
        classes
            .map(|c| (c.key.as_str(), c.title.as_deref()))
            .collect()
    }

    #[getter]
    fn level(&self) -> Option<&'static str> {
        self.0.counts.level().map(AreaLevel::code)
    }

    #[getter]
    fn vintage(&self) -> Option<i16> {
        self.0.counts.vintage()
    }

    #[getter]
    fn step(&self) -> &'static str {
        self.0.counts.step().name()
    }

    #[getter]
    fn null_policy(&self) -> &'static str {
        self.0.null_policy.code()
    }

    /// Labels, starts and ends of the periods.
    #[getter]
    fn periods<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let out = PyDict::new(py);
        super::dated(py, self.0.counts.periods(), &out)?;
        Ok(out)
    }

    #[getter]
    fn provisional(&self) -> Vec<bool> {
        self.0.counts.provisional()
    }

    #[getter]
    fn status(&self) -> Vec<&'static str> {
        self.0.counts.status().iter().map(|s| s.code()).collect()
    }

    /// Numbers by area, class and period, flat, NaN where none is published; and the states.
    fn cells<'py>(&self, py: Python<'py>) -> (Bound<'py, PyArray1<f64>>, Vec<&'static str>) {
        let counts = &self.0.counts;
        let (mut values, mut states) = (Vec::new(), Vec::new());
        for area in 0..counts.codes().len() {
            for class in 0..counts.classes().len() {
                for period in 0..counts.periods().len() {
                    let count = counts.count(area, class, period);
                    values.push(count.map_or(f64::NAN, |c| c as f64));
                    let state = counts.state(area, class, period);
                    states.push(state.map_or("absent", brandpunt::CellState::code));
                }
            }
        }
        (column(py, values), states)
    }

    /// Compared, short, over, missing.
    #[getter]
    fn adding_up(&self) -> Option<(u64, u64, u64, i64)> {
        let found = self.0.counts.adding_up()?;
        Some((found.compared, found.short, found.over, found.missing))
    }

    #[getter]
    fn warnings(&self) -> Vec<(&'static str, String, Option<f64>)> {
        told(&self.0.warnings)
    }

    #[getter]
    fn detected(&self) -> Vec<Conclusion> {
        concluded(&self.0.detected)
    }

    #[getter]
    fn rows_in(&self) -> u64 {
        self.0.rows_in
    }

    #[getter]
    fn rejected(&self) -> RejectedRows {
        written(&self.0.rejected)
    }

    fn counts(&self, py: Python<'_>, theme: &Theme, period: Option<&str>) -> PyResult<AreaNumbers> {
        let found = self.0.counts.counts(&theme.0, period);
        found.or_raise(py).map(AreaNumbers)
    }
}

/// Reads a police table; what is `None` is detected.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the options of the reader")]
pub(crate) fn read_police_table(
    py: Python<'_>,
    path: std::path::PathBuf,
    level: Option<&str>,
    step: Option<&str>,
    null_policy: &str,
    data_properties: Option<std::path::PathBuf>,
    period_metadata: Option<std::path::PathBuf>,
    vintage: Option<i16>,
    category: Option<&str>,
    area: Option<&str>,
    period: Option<&str>,
    count: Option<&str>,
    encoding: Option<&str>,
    delimiter: Option<char>,
) -> PyResult<RegisteredCounts> {
    let policy = NullPolicy::from_code(null_policy)
        .ok_or_else(|| {
            Error::parameter(
                "null_policy",
                null_policy,
                "from_metadata, zero, withheld or error",
            )
        })
        .or_raise(py)?;
    let mut reader = PoliceTableReader::new().null_policy(policy);
    let level = level_of(py, level)?;
    let step = step.map(Step::named).transpose().or_raise(py)?;
    macro_rules! set {
        ($($option:ident),+) => { $(if let Some(value) = $option { reader = reader.$option(value); })+ };
    }
    set!(
        level, step, vintage, area, period, count, encoding, delimiter
    );
    if let Some(column) = category {
        reader = reader.class(column);
    }
    run(py, Call::on(Some(1)), |_| {
        let reader = match data_properties {
            Some(path) => reader.data_properties(path)?,
            None => reader,
        };
        let reader = match period_metadata {
            Some(path) => reader.period_metadata(path)?,
            None => reader,
        };
        reader.read(&path)
    })
    .map(RegisteredCounts)
}

/// One number per area code, of one division.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct AreaNumbers(pub(crate) brandpunt::AreaNumbers);

#[pymethods]
impl AreaNumbers {
    #[new]
    fn new(
        py: Python<'_>,
        codes: Vec<String>,
        values: PyReadonlyArray1<'_, f64>,
        vintage: Option<i16>,
    ) -> PyResult<Self> {
        brandpunt::AreaNumbers::new(codes, copied(&values), vintage)
            .or_raise(py)
            .map(Self)
    }

    fn __len__(&self) -> usize {
        self.0.codes().len()
    }

    #[getter]
    fn code(&self) -> Vec<&str> {
        self.0.codes().iter().map(String::as_str).collect()
    }

    #[getter]
    fn values<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        column_of(py, self.0.values())
    }

    #[getter]
    fn vintage(&self) -> Option<i16> {
        self.0.vintage()
    }

    #[getter]
    fn warnings(&self) -> Vec<(&'static str, String, Option<f64>)> {
        told(self.0.warnings())
    }

    fn for_areas(&self, py: Python<'_>, areas: &Neighbourhoods) -> PyResult<Self> {
        self.0.for_areas(&areas.0).or_raise(py).map(Self)
    }

    fn through(&self, py: Python<'_>, crosswalk: &Crosswalk) -> PyResult<Self> {
        crosswalk.0.carry(&self.0).or_raise(py).map(Self)
    }
}

/// Populations per area code.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct KeyFigures(pub(crate) Population);

#[pymethods]
impl KeyFigures {
    #[getter]
    fn code(&self) -> Vec<&str> {
        self.0.codes().iter().map(String::as_str).collect()
    }

    #[getter]
    fn vintage(&self) -> Option<i16> {
        self.0.vintage()
    }

    /// Kind, year and numbers of each exposure.
    #[getter]
    fn exposures<'py>(&self, py: Python<'py>) -> Vec<Numbers<'_, 'py>> {
        let each = self.0.exposures().iter();
        each.map(|e| (e.kind.as_str(), e.year, column(py, e.as_floats())))
            .collect()
    }

    #[getter]
    fn warnings(&self) -> Vec<(&'static str, String, Option<f64>)> {
        told(self.0.warnings())
    }

    #[getter]
    fn detected(&self) -> Vec<Conclusion> {
        concluded(self.0.detected())
    }

    #[getter]
    fn rows_in(&self) -> u64 {
        self.0.rows_in()
    }

    #[getter]
    fn rejected(&self) -> RejectedRows {
        written(self.0.rejected())
    }

    fn join(&self, py: Python<'_>, areas: &Neighbourhoods) -> PyResult<Neighbourhoods> {
        let joined = self.0.join(areas.0.clone());
        joined.or_raise(py).map(Neighbourhoods)
    }

    fn through(&self, py: Python<'_>, crosswalk: &Crosswalk) -> PyResult<Self> {
        self.0.through(&crosswalk.0).or_raise(py).map(Self)
    }
}

/// Reads key figures; what is `None` is detected.
#[pyfunction]
pub(crate) fn read_key_figures(
    py: Python<'_>,
    path: std::path::PathBuf,
    level: Option<&str>,
    year: Option<i16>,
    vintage: Option<i16>,
    encoding: Option<&str>,
    delimiter: Option<char>,
) -> PyResult<KeyFigures> {
    let level = level_of(py, level)?;
    let mut reader = KeyFiguresReader::new();
    macro_rules! set {
        ($($option:ident),+) => { $(if let Some(value) = $option { reader = reader.$option(value); })+ };
    }
    set!(level, year, vintage, encoding, delimiter);
    run(py, Call::on(Some(1)), |_| reader.read(&path)).map(KeyFigures)
}

/// Shares of old areas that go to new ones.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct Crosswalk(pub(crate) brandpunt::Crosswalk);

#[pymethods]
impl Crosswalk {
    #[new]
    fn new(
        py: Python<'_>,
        triples: Vec<(String, String, f64)>,
        from_vintage: i16,
        to_vintage: i16,
    ) -> PyResult<Self> {
        brandpunt::Crosswalk::new(&triples, from_vintage, to_vintage)
            .or_raise(py)
            .map(Self)
    }

    #[staticmethod]
    fn from_areas(
        py: Python<'_>,
        old: &Neighbourhoods,
        new: &Neighbourhoods,
        n_jobs: Option<i64>,
    ) -> PyResult<Self> {
        run(py, Call::on(n_jobs), |workers| {
            crosswalk_by_area(&old.0, &new.0, workers)
        })
        .map(Self)
    }

    #[staticmethod]
    fn from_points(
        py: Python<'_>,
        old: &Neighbourhoods,
        new: &Neighbourhoods,
        x: PyReadonlyArray1<'_, f64>,
        y: PyReadonlyArray1<'_, f64>,
        weight: Option<PyReadonlyArray1<'_, f64>>,
        n_jobs: Option<i64>,
    ) -> PyResult<Self> {
        let (x, y, weight) = (copied(&x), copied(&y), weight.as_ref().map(copied));
        run(py, Call::on(n_jobs), |workers| {
            crosswalk_by_points(&old.0, &new.0, &x, &y, weight.as_deref(), workers)
        })
        .map(Self)
    }

    #[staticmethod]
    fn read(
        py: Python<'_>,
        path: std::path::PathBuf,
        from_vintage: i16,
        to_vintage: i16,
    ) -> PyResult<Self> {
        run(py, Call::on(Some(1)), |_| {
            brandpunt::io::read_crosswalk(&path, from_vintage, to_vintage)
        })
        .map(Self)
    }

    #[getter(from_vintage)]
    fn original_vintage(&self) -> i16 {
        self.0.from_vintage()
    }

    #[getter]
    fn to_vintage(&self) -> i16 {
        self.0.to_vintage()
    }

    #[getter]
    fn basis(&self) -> &str {
        self.0.basis()
    }

    /// Old code, new code and share of each pair.
    #[getter]
    fn shares(&self) -> Vec<(String, String, f64)> {
        self.0
            .shares()
            .map(|(i, j, share)| {
                let (from, to) = (&self.0.from_codes()[i], &self.0.to_codes()[j]);
                (from.clone(), to.clone(), share)
            })
            .collect()
    }
}
