//! What counts as what kind of nuisance.

use pyo3::prelude::*;

use crate::error::Raise;

/// A named set of incident categories.
#[pyclass(frozen, module = "brandpunt._brandpunt")]
pub(crate) struct Theme(pub(crate) brandpunt::Theme);

#[pymethods]
impl Theme {
    #[new]
    fn new(name: &str, categories: Option<Vec<String>>, exposure: &str, per: f64) -> Self {
        let theme = match categories {
            Some(categories) => brandpunt::Theme::new(name, categories),
            None => brandpunt::Theme::all(),
        };
        Self(theme.exposure(exposure).per(per))
    }

    #[staticmethod]
    fn named(py: Python<'_>, name: &str) -> PyResult<Self> {
        brandpunt::Theme::named(name).or_raise(py).map(Self)
    }

    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    #[getter]
    fn categories(&self) -> Option<Vec<String>> {
        Some(self.0.categories()?.map(str::to_owned).collect())
    }

    #[getter]
    fn exposure(&self) -> &str {
        self.0.exposure_kind()
    }

    #[getter]
    fn per(&self) -> f64 {
        self.0.per_people()
    }
}

/// Themes from a table.
#[pyfunction]
pub(crate) fn read_themes(py: Python<'_>, path: std::path::PathBuf) -> PyResult<Vec<Theme>> {
    let themes = brandpunt::io::read_themes(path).or_raise(py)?;
    Ok(themes.into_iter().map(Theme).collect())
}

/// Writes themes as a table.
#[pyfunction]
pub(crate) fn write_themes(
    py: Python<'_>,
    path: std::path::PathBuf,
    themes: Vec<PyRef<'_, Theme>>,
) -> PyResult<()> {
    let themes: Vec<brandpunt::Theme> = themes.iter().map(|t| t.0.clone()).collect();
    brandpunt::io::write_themes(path, &themes).or_raise(py)
}
