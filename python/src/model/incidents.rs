//! Where, when and what.

use brandpunt::{Rejections, Times, Zone};
use numpy::{PyArray1, PyReadonlyArray1, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::theme::Theme;
use super::{Conclusion, detections};
use crate::columns::{Labels, categories, column, column_of, copied, texts};
use crate::error::Raise;
use crate::run::{Call, run};

/// Incident locations with what else is known of them.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct Incidents(pub(crate) brandpunt::Incidents);

/// Row, reason and value of each row that was kept out.
pub(crate) type RejectedRows = (Vec<u64>, Vec<&'static str>, Vec<String>);

/// The rows that were kept out, as columns.
pub(crate) fn written(rejected: &Rejections) -> RejectedRows {
    let listed = rejected.listed();
    (
        listed.iter().map(|r| r.row).collect(),
        listed.iter().map(|r| r.reason.code()).collect(),
        listed.iter().map(|r| r.detail.clone()).collect(),
    )
}

#[pymethods]
impl Incidents {
    /// `time` is seconds since 1970 with what they mean: `utc`, or `local` or `date` in Amsterdam;
    /// `part_from` is the number of the first row, where these are a part of a longer input.
    #[new]
    #[expect(clippy::too_many_arguments, reason = "one per column of the table")]
    fn new(
        py: Python<'_>,
        x: PyReadonlyArray1<'_, f64>,
        y: PyReadonlyArray1<'_, f64>,
        crs: &str,
        time: Option<(PyReadonlyArray1<'_, i64>, String)>,
        category: Option<Labels<'_>>,
        source: Option<Labels<'_>>,
        weight: Option<PyReadonlyArray1<'_, f64>>,
        id: Option<&Bound<'_, PyList>>,
        max_rejected_share: f64,
        detected: Vec<Conclusion>,
        part_from: Option<u32>,
    ) -> PyResult<Self> {
        let crs = crs.parse().or_raise(py)?;
        let mut builder = brandpunt::Incidents::builder(copied(&x), copied(&y), crs)
            .max_rejected_share(max_rejected_share)
            .detected(detections(detected));
        if let Some(first) = part_from {
            let n = x.len();
            let rows = (0..n).map(|i| first.saturating_add(i as u32)).collect();
            let none = Rejections::default();
            builder = builder.rows(rows, n as u64, none).part();
        }
        if let Some(labels) = &category {
            builder = builder.category(categories(py, labels)?);
        }
        if let Some(labels) = &source {
            builder = builder.source(categories(py, labels)?);
        }
        if let Some(weight) = weight {
            builder = builder.weight(copied(&weight));
        }
        if let Some(list) = id {
            builder = builder.id(texts(list)?);
        }
        let time = time.map(|(seconds, meaning)| (copied(&seconds), meaning));
        run(py, Call::on(Some(1)), |_| {
            let builder = match time {
                Some((seconds, meaning)) => builder.time(times(seconds, &meaning)),
                None => builder,
            };
            builder.build()
        })
        .map(Self)
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    #[getter]
    fn x<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        column_of(py, self.0.x())
    }

    #[getter]
    fn y<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<f64>> {
        column_of(py, self.0.y())
    }

    /// Seconds since 1970 (UTC); the least integer, which is NumPy's `NaT`, where unknown.
    #[getter]
    fn time<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyArray1<i64>>> {
        Some(column_of(py, self.0.times()?.seconds()))
    }

    /// How sure each time is.
    #[getter]
    fn time_flag(&self) -> Option<Vec<&'static str>> {
        Some(self.0.times()?.flags().iter().map(|f| f.code()).collect())
    }

    /// Distinct labels, and for each incident the position of its own.
    #[getter]
    fn category<'py>(&self, py: Python<'py>) -> Option<(Vec<String>, Bound<'py, PyArray1<u32>>)> {
        let categories = self.0.categories()?;
        Some((
            categories.labels().to_vec(),
            column_of(py, categories.codes()),
        ))
    }

    /// Distinct labels of sources, and for each incident the position of its own.
    #[getter]
    fn source<'py>(&self, py: Python<'py>) -> Option<(Vec<String>, Bound<'py, PyArray1<u32>>)> {
        let sources = self.0.sources()?;
        Some((sources.labels().to_vec(), column_of(py, sources.codes())))
    }

    /// Whether each incident came from a source, by its label or kind.
    fn came_from<'py>(
        &self,
        py: Python<'py>,
        source: &str,
    ) -> PyResult<Bound<'py, PyArray1<bool>>> {
        Ok(column(py, self.0.came_from(source).or_raise(py)?))
    }

    #[getter]
    fn weight<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyArray1<f64>>> {
        Some(column_of(py, self.0.weights()?))
    }

    #[getter]
    fn id(&self) -> Option<Vec<&str>> {
        Some(self.0.ids()?.iter().collect())
    }

    /// The number of each incident's row in the input.
    #[getter]
    fn row<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<i64>> {
        column(py, self.0.rows().iter().map(|&r| i64::from(r)).collect())
    }

    #[getter]
    fn crs(&self) -> String {
        self.0.crs().to_string()
    }

    #[getter]
    fn bounds(&self) -> Option<(f64, f64, f64, f64)> {
        let b = self.0.bounds()?;
        Some((b.min_x, b.min_y, b.max_x, b.max_y))
    }

    #[getter]
    fn rows_in(&self) -> u64 {
        self.0.rows_in()
    }

    #[getter]
    fn rejected(&self) -> RejectedRows {
        written(self.0.rejected())
    }

    /// How many rows were kept out, by reason.
    #[getter]
    fn rejected_counts(&self) -> Vec<(&'static str, u64)> {
        let reasons = self.0.rejected().counts().iter();
        reasons.map(|(reason, n)| (reason.code(), *n)).collect()
    }

    #[getter]
    fn warnings(&self) -> Vec<(&'static str, String, Option<f64>)> {
        super::told(self.0.warnings())
    }

    #[getter]
    fn detected(&self) -> Vec<Conclusion> {
        super::concluded(self.0.detected())
    }

    /// The incidents of a theme, of some categories, from `start` until before `end` (seconds
    /// since 1970, UTC).
    fn select(
        &self,
        py: Python<'_>,
        theme: Option<&Theme>,
        categories: Option<Vec<String>>,
        start: Option<i64>,
        end: Option<i64>,
    ) -> PyResult<Self> {
        let own = categories.map(|labels| brandpunt::Theme::new("categories", labels));
        let themes: Vec<&brandpunt::Theme> = theme
            .map(|t| &t.0)
            .into_iter()
            .chain(own.as_ref())
            .collect();
        run(py, Call::on(Some(1)), |_| {
            let mut selected = self.0.clone();
            for theme in themes {
                selected = selected.take(&theme.positions(&selected)?);
            }
            if start.is_some() || end.is_some() {
                let (start, end) = (start.unwrap_or(i64::MIN + 1), end.unwrap_or(i64::MAX));
                let seconds = selected.require_times()?.seconds();
                let inside: Vec<u32> = (0u32..)
                    .zip(seconds)
                    .filter(|(_, s)| (start..end).contains(*s))
                    .map(|(i, _)| i)
                    .collect();
                selected = selected.take(&inside);
            }
            Ok(selected)
        })
        .map(Self)
    }

    /// The same incidents in another system.
    fn to_crs(&self, py: Python<'_>, crs: &str) -> PyResult<Self> {
        let crs = crs.parse().or_raise(py)?;
        run(py, Call::on(Some(1)), |_| self.0.to_crs(crs)).map(Self)
    }
}

pub(crate) fn times(seconds: Vec<i64>, meaning: &str) -> Times {
    match meaning {
        "utc" => Times::from_utc_seconds(seconds, Zone::amsterdam()),
        other => Times::from_local_seconds(&seconds, other == "date", Zone::amsterdam()),
    }
}

/// The instant (seconds since 1970, UTC) at which clocks in Amsterdam show a local time.
#[pyo3::pyfunction]
pub(crate) fn local_to_utc(seconds: i64) -> i64 {
    let times = Times::from_local_seconds(&[seconds], false, Zone::amsterdam());
    times.seconds().first().copied().unwrap_or(Times::UNKNOWN)
}
