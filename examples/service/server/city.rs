//! The city that is asked about, and what may be told of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use brandpunt::analysis::{HotspotAnalysis, Published};
use brandpunt::publish::{Disclosure, Ledger};
use brandpunt::{Error, Incidents, Neighbourhoods, Result, Theme, Workers};
use tokio::sync::OnceCell;

use super::failure::Failure;
use super::jobs::Jobs;

/// The level of false discoveries unless a question names another.
pub(crate) const LEVEL: f64 = 0.05;

pub(crate) struct City {
    pub(crate) incidents: Incidents,
    pub(crate) areas: Neighbourhoods,
    baseline: Option<i16>,
    pub(crate) rules: Disclosure,
    /// By theme, what tiles are cut from; made when the first is asked for.
    kept: BTreeMap<String, OnceCell<Arc<Published>>>,
}

impl City {
    pub(crate) fn new(
        incidents: Incidents,
        areas: Neighbourhoods,
        baseline: Option<i16>,
        rules: Disclosure,
    ) -> Self {
        let themes = Theme::built_ins().into_iter();
        let kept = themes
            .map(|theme| (theme.name().to_owned(), OnceCell::new()))
            .collect();
        Self {
            incidents,
            areas,
            baseline,
            rules,
            kept,
        }
    }

    /// The theme of this name among those that are served; `all` is not, as it less the others
    /// would be a count of its own.
    pub(crate) fn theme(&self, name: &str) -> std::result::Result<Theme, Failure> {
        if self.kept.contains_key(name) {
            return Ok(Theme::named(name)?);
        }
        let known: Vec<&str> = self.kept.keys().map(String::as_str).collect();
        let known = known.join(", ");
        Err(Failure::Nowhere(format!(
            "there is no such theme; known are: {known}"
        )))
    }

    /// The whole analysis of a theme, protected.
    ///
    /// The level changes what is called a hotspot among the published counts, not the counts, so
    /// several levels tell no more than one.
    pub(crate) fn hotspots(
        &self,
        theme: Theme,
        level: f64,
        workers: &Workers,
    ) -> Result<Published> {
        let mut analysis = HotspotAnalysis::new(theme).level(level);
        if let Some(year) = self.baseline {
            analysis = analysis.baseline(year);
        }
        let result = analysis.run_with(&self.incidents, &self.areas, workers)?;
        Published::all(&[result], &self.rules, &mut Ledger::new(), workers)?
            .pop()
            .ok_or_else(|| Error::internal("a result was lost on publishing"))
    }

    /// The same at the usual level, made once and kept.
    ///
    /// Of those who ask first one waits for the job and the others for that one; if it goes away,
    /// the next takes over.
    pub(crate) async fn kept(
        self: Arc<Self>,
        theme: Theme,
        jobs: &Jobs,
    ) -> std::result::Result<Arc<Published>, Failure> {
        let Some(cell) = self.kept.get(theme.name()) else {
            return Err(Failure::Lost);
        };
        let city = Arc::clone(&self);
        let made = cell.get_or_try_init(|| async {
            jobs.run(move |workers| city.hotspots(theme, LEVEL, workers))
                .await
                .map(Arc::new)
        });
        made.await.map(Arc::clone)
    }
}
