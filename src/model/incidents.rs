//! Where, when and what: the reports themselves.

use rustc_hash::FxHashMap;

use super::area::Bounds;
use super::category::Categories;
use super::crs::Crs;
use super::detected::Detected;
use super::period::Period;
use super::projection::Projection;
use super::rejected::{RejectReason, Rejections};
use super::report_source::came_from;
use super::text::TextColumn;
use super::times::Times;
use super::warning::{Warning, WarningCode};
use crate::error::{Error, Fault, Result, quoted};

/// Incident locations with, where known, time, category, source, weight and id.
///
/// Valid by construction: every coordinate is finite and inside the range of the coordinate
/// reference system; rows that were not are in [`rejected`](Self::rejected) with their number and
/// value, so that `rows_in == len + rejected`.
///
/// ```
/// use brandpunt::{Crs, Incidents};
///
/// # fn main() -> brandpunt::Result<()> {
/// let incidents =
///     Incidents::builder(vec![143_701.0, f64::NAN], vec![486_937.0, 1.0], Crs::RD_NEW)
///         .max_rejected_share(0.5)
///         .build()?;
/// assert_eq!(incidents.len(), 1);
/// assert_eq!(incidents.rejected().listed()[0].row, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Incidents {
    x: Vec<f64>,
    y: Vec<f64>,
    times: Option<Times>,
    categories: Option<Categories>,
    sources: Option<Categories>,
    weights: Option<Vec<f64>>,
    ids: Option<TextColumn>,
    rows: Vec<u32>,
    crs: Crs,
    rows_in: u64,
    rejected: Rejections,
    detected: Vec<Detected>,
    warnings: Vec<Warning>,
}

impl Incidents {
    /// Coordinates beyond this many metres are refused everywhere: no place on earth needs them,
    /// and their squares would drown the distances between neighbours.
    pub const FARTHEST: f64 = 1e9;

    /// Starts from columns of coordinates; the other columns are optional and of the same length.
    #[must_use]
    pub fn builder(x: Vec<f64>, y: Vec<f64>, crs: Crs) -> IncidentsBuilder {
        IncidentsBuilder {
            x,
            y,
            crs,
            times: None,
            categories: None,
            sources: None,
            weights: None,
            ids: None,
            rows: None,
            rows_in: None,
            rejected: Rejections::default(),
            detected: Vec::new(),
            warnings: Vec::new(),
            max_rejected_share: 0.05,
            part: false,
        }
    }

    /// How many incidents there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.x.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.x.is_empty()
    }

    /// Eastings, or longitudes.
    #[must_use]
    pub fn x(&self) -> &[f64] {
        &self.x
    }

    /// Northings, or latitudes.
    #[must_use]
    pub fn y(&self) -> &[f64] {
        &self.y
    }

    /// When, if there is a time column.
    #[must_use]
    pub fn times(&self) -> Option<&Times> {
        self.times.as_ref()
    }

    /// What, if there is a category column.
    #[must_use]
    pub fn categories(&self) -> Option<&Categories> {
        self.categories.as_ref()
    }

    /// By which way each was reported, if there is a column of sources.
    #[must_use]
    pub fn sources(&self) -> Option<&Categories> {
        self.sources.as_ref()
    }

    /// Whether each incident came from a source: a label of the column as it stands, or `citizen`,
    /// `police` or `other` for all labels of that [kind](super::ReportSource).
    ///
    /// # Errors
    /// [`Fault::MissingColumn`] without a column of sources; [`Fault::NoMatchingCategory`] when no
    /// incident came from it, with the labels there are.
    pub fn came_from(&self, source: &str) -> Result<Vec<bool>> {
        let sources = self.sources.as_ref().ok_or_else(|| {
            Error::input(
                Fault::MissingColumn,
                "the incidents have no column of sources; name it with source=",
            )
        })?;
        let from = came_from(sources, source);
        if from.contains(&true) {
            return Ok(from);
        }
        let labels = sources.labels().iter().take(12);
        let known: Vec<String> = labels.map(|l| format!("`{}`", quoted(l))).collect();
        Err(Error::input(
            Fault::NoMatchingCategory,
            format!(
                "no incident has source `{}`; found are {}",
                quoted(source),
                known.join(", ")
            ),
        ))
    }

    /// How heavily each counts, if there is a weight column.
    #[must_use]
    pub fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    /// Names of the reports, if there is an id column.
    #[must_use]
    pub fn ids(&self) -> Option<&TextColumn> {
        self.ids.as_ref()
    }

    /// The number of each incident's row in the input.
    #[must_use]
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The system of the coordinates.
    #[must_use]
    pub fn crs(&self) -> Crs {
        self.crs
    }

    /// How many rows the input had.
    #[must_use]
    pub fn rows_in(&self) -> u64 {
        self.rows_in
    }

    /// The rows that were kept out.
    #[must_use]
    pub fn rejected(&self) -> &Rejections {
        &self.rejected
    }

    /// What the reader concluded from the data, such as the delimiter or the columns.
    #[must_use]
    pub fn detected(&self) -> &[Detected] {
        &self.detected
    }

    /// What a user of these incidents must know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The rectangle around all incidents, `None` when there is none.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        Bounds::around(self.x.iter().copied().zip(self.y.iter().copied()))
    }

    /// The incidents at the given positions, in that order.
    ///
    /// The account of rows still describes the whole input.
    #[must_use]
    pub fn take(&self, positions: &[u32]) -> Self {
        let pick = |column: &[f64]| positions.iter().map(|&i| column[i as usize]).collect();
        Self {
            x: pick(&self.x),
            y: pick(&self.y),
            times: self.times.as_ref().map(|c| c.take(positions)),
            categories: self.categories.as_ref().map(|c| c.take(positions)),
            sources: self.sources.as_ref().map(|c| c.take(positions)),
            weights: self.weights.as_deref().map(pick),
            ids: self.ids.as_ref().map(|c| c.take(positions)),
            rows: positions.iter().map(|&i| self.rows[i as usize]).collect(),
            crs: self.crs,
            rows_in: self.rows_in,
            rejected: self.rejected.clone(),
            detected: self.detected.clone(),
            warnings: self.warnings.clone(),
        }
    }

    /// The same incidents as rows of a longer input, of which `before` rows went before.
    ///
    /// # Errors
    /// [`Error::TooLarge`] beyond 2³² rows.
    pub(crate) fn after_rows(mut self, before: u64) -> Result<Self> {
        let shift = u32::try_from(before + self.rows_in)
            .map(|_| before as u32)
            .map_err(|_| {
                Error::too_large(
                    "a file of incidents",
                    u128::from(before + self.rows_in),
                    1 << 32,
                    "split it",
                )
            })?;
        for row in &mut self.rows {
            *row += shift;
        }
        self.rejected = self.rejected.shifted(before);
        Ok(self)
    }

    /// The positions of the incidents with a known time inside the period.
    ///
    /// # Errors
    /// [`Fault::MissingTime`] when there is no time column.
    pub fn positions_in(&self, period: &Period) -> Result<Vec<u32>> {
        let times = self.require_times()?;
        Ok((0u32..)
            .zip(times.seconds())
            .filter(|(_, s)| period.contains(**s))
            .map(|(i, _)| i)
            .collect())
    }

    /// The time column.
    ///
    /// # Errors
    /// [`Fault::MissingTime`] when there is none.
    pub fn require_times(&self) -> Result<&Times> {
        self.times.as_ref().ok_or_else(|| {
            Error::input(
                Fault::MissingTime,
                "the incidents have no time column; name it with time=, or leave out the period",
            )
        })
    }

    /// The category column.
    ///
    /// # Errors
    /// [`Fault::MissingColumn`] when there is none.
    pub fn require_categories(&self) -> Result<&Categories> {
        self.categories.as_ref().ok_or_else(|| {
            Error::input(
                Fault::MissingColumn,
                "the incidents have no category column; name it with category=",
            )
        })
    }

    /// The same incidents in another coordinate reference system.
    ///
    /// # Errors
    /// [`Error::Crs`] when there is no transformation, or for a point outside its range.
    pub fn to_crs(&self, crs: Crs) -> Result<Self> {
        if crs == self.crs {
            return Ok(self.clone());
        }
        let projection = Projection::between(self.crs, crs)?;
        let mut out = Self {
            crs,
            ..self.clone()
        };
        for (x, y) in out.x.iter_mut().zip(&mut out.y) {
            (*x, *y) = projection.apply(*x, *y)?;
        }
        Ok(out)
    }
}

/// Collects the columns of [`Incidents`].
#[derive(Debug, Clone)]
pub struct IncidentsBuilder {
    x: Vec<f64>,
    y: Vec<f64>,
    crs: Crs,
    times: Option<Times>,
    categories: Option<Categories>,
    sources: Option<Categories>,
    weights: Option<Vec<f64>>,
    ids: Option<TextColumn>,
    rows: Option<Vec<u32>>,
    rows_in: Option<u64>,
    rejected: Rejections,
    detected: Vec<Detected>,
    warnings: Vec<Warning>,
    max_rejected_share: f64,
    part: bool,
}

impl IncidentsBuilder {
    /// Sets when the incidents happened.
    #[must_use]
    pub fn time(mut self, times: Times) -> Self {
        self.times = Some(times);
        self
    }

    /// Sets what kind they are.
    #[must_use]
    pub fn category(mut self, categories: Categories) -> Self {
        self.categories = Some(categories);
        self
    }

    /// Sets by which way each was reported.
    #[must_use]
    pub fn source(mut self, sources: Categories) -> Self {
        self.sources = Some(sources);
        self
    }

    /// Sets how heavily each counts.
    #[must_use]
    pub fn weight(mut self, weights: Vec<f64>) -> Self {
        self.weights = Some(weights);
        self
    }

    /// Sets their names.
    #[must_use]
    pub fn id(mut self, ids: TextColumn) -> Self {
        self.ids = Some(ids);
        self
    }

    /// Sets the input row of each element, how many rows the input had, and those that a reader
    /// has already kept out; the two must add up. Without it, element `i` is row `i` (from 0).
    #[must_use]
    pub fn rows(mut self, rows: Vec<u32>, rows_in: u64, rejected: Rejections) -> Self {
        self.rows = Some(rows);
        self.rows_in = Some(rows_in);
        self.rejected = rejected;
        self
    }

    /// Sets what the reader concluded from the data.
    #[must_use]
    pub fn detected(mut self, detected: Vec<Detected>) -> Self {
        self.detected = detected;
        self
    }

    /// Adds a warning from reading.
    #[must_use]
    pub fn warning(mut self, warning: Warning) -> Self {
        self.warnings.push(warning);
        self
    }

    /// Sets the share of rejected rows above which the input as a whole is refused (0.05 at first).
    #[must_use]
    pub fn max_rejected_share(mut self, share: f64) -> Self {
        self.max_rejected_share = share;
        self
    }

    /// Says that these are a part of a longer input, however small: each row is judged by itself,
    /// and how many may be rejected is for whoever has seen all of them.
    #[must_use]
    pub fn part(mut self) -> Self {
        self.part = true;
        self.max_rejected_share = 1.0;
        self
    }

    /// Checks everything and makes the incidents.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`], [`Fault::NoRows`], [`Fault::AxesSwapped`],
    /// [`Fault::CoordinatesOutOfCrsRange`], and [`Fault::TooManyRejected`] when more rows are
    /// rejected than allowed.
    pub fn build(mut self) -> Result<Incidents> {
        let n = self.x.len();
        self.check_lengths()?;
        if !(0.0..=1.0).contains(&self.max_rejected_share) {
            return Err(Error::parameter(
                "max_rejected_share",
                self.max_rejected_share,
                "a share from 0 to 1",
            ));
        }
        let rows_in = self.rows_in.unwrap_or(n as u64);
        if rows_in == 0 {
            return Err(Error::input(
                Fault::NoRows,
                "there is no incident; give at least one row",
            ));
        }
        let told = self.rejected.len();
        if told + n as u64 != rows_in {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "{rows_in} rows came in, {n} are there and {told} were kept out; give every \
                     row that was kept out to `rows`"
                ),
            ));
        }
        if !self.part {
            self.crs.check_columns(&self.x, &self.y)?;
        }
        let keep = self.check_rows();
        let out = Incidents {
            x: self.x,
            y: self.y,
            times: self.times,
            categories: self.categories,
            sources: self.sources,
            weights: self.weights,
            ids: self.ids,
            rows: match self.rows {
                Some(rows) => rows,
                None => (0..u32::try_from(n).unwrap_or(u32::MAX)).collect(),
            },
            crs: self.crs,
            rows_in,
            rejected: Rejections::default(),
            detected: self.detected,
            warnings: Vec::new(),
        };
        let mut out = if keep.len() == n {
            out
        } else {
            out.take(&keep)
        };
        self.rejected
            .check_share(rows_in, self.max_rejected_share)?;
        if !self.rejected.is_empty() {
            let share = self.rejected.len() as f64 / rows_in as f64;
            self.warnings.push(Warning::with_value(
                WarningCode::RejectedRows,
                share,
                format!("Kept out {}.", self.rejected.summary(rows_in)),
            ));
        }
        out.rejected = self.rejected;
        debug_assert_eq!(out.len() as u64 + out.rejected.len(), rows_in);
        self.warnings.extend(single_location(&out));
        out.warnings = self.warnings;
        Ok(out)
    }

    fn check_lengths(&self) -> Result<()> {
        let n = self.x.len();
        let lengths = [
            ("y", Some(self.y.len())),
            ("time", self.times.as_ref().map(Times::len)),
            ("category", self.categories.as_ref().map(Categories::len)),
            ("source", self.sources.as_ref().map(Categories::len)),
            ("weight", self.weights.as_ref().map(Vec::len)),
            ("id", self.ids.as_ref().map(TextColumn::len)),
            ("rows", self.rows.as_ref().map(Vec::len)),
        ];
        for (name, length) in lengths {
            if let Some(length) = length.filter(|&l| l != n) {
                return Err(Error::input(
                    Fault::LengthMismatch,
                    format!(
                        "x has {n} values but {name} has {length}; all columns need one value per row"
                    ),
                ));
            }
        }
        if u32::try_from(n).is_err() {
            return Err(Error::too_large(
                "an incident table",
                n as u128 * 16,
                u128::from(u32::MAX) * 16,
                "split it and add the counts",
            ));
        }
        Ok(())
    }

    /// The positions of the good rows; the others go to the list of rejected ones.
    fn check_rows(&mut self) -> Vec<u32> {
        let place = PlaceRule::of(self.crs);
        let mut keep = Vec::with_capacity(self.x.len());
        let mut bad = Rejections::default();
        for (i, (&x, &y)) in (0u32..).zip(self.x.iter().zip(&self.y)) {
            let weight = self.weights.as_ref().map(|w| w[i as usize]);
            let no_weight = weight.is_some_and(|w| !(w.is_finite() && w >= 0.0));
            let reason = place
                .flaw(x, y)
                .or(no_weight.then_some(RejectReason::InvalidWeight));
            match reason {
                None => keep.push(i),
                Some(reason) => {
                    let row = self.rows.as_ref().map_or(i, |rows| rows[i as usize]);
                    let detail = match (reason, weight) {
                        (RejectReason::InvalidWeight, Some(w)) => format!("weight {w}"),
                        _ => format!("{x}, {y}"),
                    };
                    bad.push(u64::from(row), reason, &detail);
                }
            }
        }
        if !bad.is_empty() {
            self.rejected.merge(bad);
        }
        keep
    }
}

/// Which coordinates are a place in a coordinate reference system.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlaceRule {
    range: Option<Bounds>,
    zero_is_nowhere: bool,
}

impl PlaceRule {
    pub(crate) fn of(crs: Crs) -> Self {
        Self {
            range: crs.bounds(),
            zero_is_nowhere: crs.zero_is_nowhere(),
        }
    }

    /// Why this is no place, `None` when it is one.
    pub(crate) fn flaw(&self, x: f64, y: f64) -> Option<RejectReason> {
        if !x.is_finite() || !y.is_finite() {
            Some(RejectReason::NonFiniteCoordinate)
        } else if self.zero_is_nowhere && x == 0.0 && y == 0.0 {
            Some(RejectReason::NullIsland)
        } else if self.range.is_some_and(|r| !r.contains(x, y))
            || x.abs() > Incidents::FARTHEST
            || y.abs() > Incidents::FARTHEST
        {
            Some(RejectReason::OutsideCrsBounds)
        } else {
            None
        }
    }
}

/// How many of the points lie on the busiest location.
fn most_on_one_location(x: &[f64], y: &[f64]) -> usize {
    let mut at: FxHashMap<(u64, u64), usize> = FxHashMap::default();
    let mut most = 0;
    for (x, y) in x.iter().zip(y) {
        let here = at.entry((x.to_bits(), y.to_bits())).or_default();
        *here += 1;
        most = most.max(*here);
    }
    most
}

/// A warning when one location holds more than one in a hundred incidents (and at least ten).
fn single_location(incidents: &Incidents) -> Option<Warning> {
    let n = incidents.len();
    let most = most_on_one_location(&incidents.x, &incidents.y);
    let share = most as f64 / n.max(1) as f64;
    (share > 0.01 && most >= 10).then(|| {
        Warning::with_value(
            WarningCode::SingleLocationShare,
            share,
            format!(
                "{:.1} % of the incidents ({most} of {n}) lie on one location; it may be a police \
                 station or another default of the geocoding.",
                100.0 * share
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_are_used_or_rejected() {
        let incidents = Incidents::builder(
            vec![121_700.0, 0.0, f64::INFINITY, 4.9, 121_800.0],
            vec![487_500.0, 0.0, 1.0, 52.4, 487_600.0],
            Crs::RD_NEW,
        )
        .weight(vec![1.0, 1.0, 1.0, 1.0, -1.0])
        .max_rejected_share(1.0)
        .build()
        .unwrap();
        assert_eq!(
            incidents.len() as u64 + incidents.rejected().len(),
            incidents.rows_in()
        );
        let reasons: Vec<_> = incidents
            .rejected()
            .listed()
            .iter()
            .map(|r| (r.row, r.reason.code()))
            .collect();
        assert_eq!(
            reasons,
            [
                (1, "null_island"),
                (2, "non_finite_coordinate"),
                (3, "outside_crs_bounds"),
                (4, "invalid_weight"),
            ]
        );
    }

    #[test]
    fn sources_are_labels_or_their_kinds() {
        let labels = ["online", "Politie", "Telefoon", "", "sensor"];
        let incidents = Incidents::builder(vec![1.0; 5], vec![2.0; 5], Crs::PLANAR)
            .source(labels.into_iter().collect())
            .build()
            .unwrap();
        let from = |source| incidents.came_from(source).unwrap();
        assert_eq!(from("citizen"), [true, false, true, false, false]);
        assert_eq!(from("police"), [false, true, false, false, false]);
        assert_eq!(from("other"), [false, false, false, false, true]);
        assert_eq!(from("Telefoon"), [false, false, true, false, false]);
        let error = incidents.came_from("warden").unwrap_err();
        assert_eq!(error.fault(), Some(Fault::NoMatchingCategory));
        assert!(error.to_string().contains("`Politie`"), "{error}");
        let kept = incidents.take(&[1, 4]);
        assert_eq!(kept.came_from("police").unwrap(), [true, false]);
        let none = Incidents::builder(vec![1.0], vec![2.0], Crs::PLANAR)
            .build()
            .unwrap();
        assert_eq!(
            none.came_from("police").unwrap_err().fault(),
            Some(Fault::MissingColumn)
        );
        let short = Incidents::builder(vec![1.0; 2], vec![2.0; 2], Crs::PLANAR);
        assert!(short.source(["a"].into_iter().collect()).build().is_err());
    }

    #[test]
    fn too_many_rejected_rows_are_an_error() {
        let error = Incidents::builder(vec![1.0, f64::NAN], vec![1.0, 1.0], Crs::PLANAR)
            .build()
            .unwrap_err();
        assert_eq!(error.fault(), Some(Fault::TooManyRejected));
        assert!(error.to_string().contains("first row 1"), "{error}");
    }

    #[test]
    fn a_default_location_is_noticed() {
        let mut x = vec![121_111.0; 600];
        x.extend((0..400).map(|i| 121_000.0 + f64::from(i)));
        let incidents = Incidents::builder(x, vec![486_111.0; 1000], Crs::RD_NEW)
            .build()
            .unwrap();
        let warning = &incidents.warnings()[0];
        assert_eq!(warning.code, WarningCode::SingleLocationShare);
        // The row of 400 passes the same spot once.
        assert!((warning.value.unwrap() - 0.601).abs() < 1e-12);
    }
}
