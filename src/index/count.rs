//! How many incidents lie in each area?

use ndarray::{Array1, Array2};

use super::neighbourhood_index::NeighbourhoodIndex;
use crate::error::{Error, Fault, Result};
use crate::memory::{MOST_BYTES, afford};
use crate::model::{Counts, Crs, Incidents, Neighbourhoods, Period, Step, Times};
use crate::parallel::Workers;

/// Counts incidents per area and, with a step, per calendar period.
///
/// A point on a border counts once, by the rule of [`NeighbourhoodIndex`]. Weights of incidents
/// play no part. With a step, the columns are the consecutive periods from the first to the last
/// known time ([`Period::steps`]); incidents of unknown time are in none of them.
///
/// # Errors
/// [`Fault::CrsMismatch`] unless both are in one coordinate reference system,
/// [`Fault::MissingTime`] for a step without times, [`Error::Cancelled`].
pub fn count(
    incidents: &Incidents,
    hoods: &Neighbourhoods,
    step: Option<Step>,
    workers: &Workers,
) -> Result<Counts> {
    require_same_crs(incidents.crs(), hoods.crs())?;
    let times = step.map(|_| incidents.require_times()).transpose()?;
    let periods = match (times, step) {
        (Some(times), Some(step)) => Period::steps(times, step),
        _ => Vec::new(),
    };
    let labels =
        NeighbourhoodIndex::build(hoods)?.locate_all(incidents.x(), incidents.y(), workers)?;
    Ok(count_labels(&labels, times, periods, hoods.len())?.of_areas(hoods.fingerprint()))
}

/// Counts labels, as [`NeighbourhoodIndex::locate_all`] gives them, per area and period.
///
/// One pass that locates the points thus serves many counts. Without periods, every label counts
/// in the one column; with periods, each counts in every period that contains its time.
///
/// # Errors
/// [`Fault::MissingTime`] for periods without times, [`Fault::LengthMismatch`] unless there is a
/// time per label, [`Error::Parameter`] for a label that is no area, [`Error::TooLarge`].
pub fn count_labels(
    labels: &[u32],
    times: Option<&Times>,
    periods: Vec<Period>,
    areas: usize,
) -> Result<Counts> {
    if let Some(&label) = labels
        .iter()
        .find(|&&l| l != NeighbourhoodIndex::NONE && l as usize >= areas)
    {
        return Err(Error::parameter(
            "labels",
            label,
            format!("numbers of areas, below {areas}"),
        ));
    }
    let columns = periods.len().max(1);
    let bytes = (areas as u128 + 1) * columns as u128 * 8;
    afford("a table of counts", bytes, MOST_BYTES, || {
        "choose a longer step".to_owned()
    })?;
    // The row after the last area is for the points outside.
    let mut values = Array2::<i64>::zeros((areas + 1, columns));
    let row = |label: u32| (label as usize).min(areas);
    let mut in_no_period = 0;
    if periods.is_empty() {
        for &label in labels {
            values[[row(label), 0]] += 1;
        }
    } else {
        let times = times.ok_or_else(|| {
            Error::input(
                Fault::MissingTime,
                "the incidents have no time; leave out the periods",
            )
        })?;
        if times.len() != labels.len() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!("{} labels and {} times", labels.len(), times.len()),
            ));
        }
        let in_order = periods.windows(2).all(|p| p[0].end <= p[1].start);
        for (&label, &second) in labels.iter().zip(times.seconds()) {
            // The first period that can hold it, and where several may, all that begin later.
            let first = match (in_order, second) {
                (_, Times::UNKNOWN) => periods.len(),
                (true, _) => periods.partition_point(|p| p.end <= second),
                (false, _) => 0,
            };
            let mut held = false;
            let most = if in_order { 1 } else { periods.len() };
            for (column, period) in periods.iter().enumerate().skip(first).take(most) {
                if period.contains(second) {
                    values[[row(label), column]] += 1;
                    held = true;
                }
            }
            in_no_period += u64::from(!held);
        }
    }
    let outside: Array1<i64> = values.row(areas).to_owned();
    values.remove_index(ndarray::Axis(0), areas);
    let counted = Counts::new(values, outside, periods)?;
    Ok(counted.with_in_no_period(in_no_period))
}

/// Refuses to put points of one system into areas of another.
pub(crate) fn require_same_crs(incidents: Crs, hoods: Crs) -> Result<()> {
    if incidents == hoods {
        return Ok(());
    }
    Err(Error::input(
        Fault::CrsMismatch,
        format!(
            "the incidents are in {incidents} and the areas in {hoods}; convert one of them, for \
             example with incidents.to_crs(neighbourhoods.crs)"
        ),
    ))
}
