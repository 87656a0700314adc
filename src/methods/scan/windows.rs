//! Which windows there are.

use super::affordable::afford;
use super::cells::{Cells, running};
use super::flexible::Flexible;
use super::nature::Nature;
use super::options::Options;
use super::restricted::Restricted;
use super::rule::{Ladder, Rule};
use super::shape::ScanShape;
use super::simulation::bytes;
use super::sweep::Field;
use super::zones::{Extent, Places, Zones};
use crate::error::{Error, Fault, Result};
use crate::memory;
use crate::parallel::Workers;

/// Where in the whole of the work the windows are there.
pub(super) const GROWN: f64 = 0.1;

/// From what windows are made.
pub(super) struct Windows<'a> {
    pub(super) places: Places<'a>,
    pub(super) flexible: Option<&'a Flexible>,
    pub(super) restricted: Option<&'a Restricted<'a>>,
}

impl Windows<'_> {
    /// All windows and how they are judged.
    pub(super) fn field(
        &self,
        options: &Options,
        cells: &Cells,
        nature: &Nature,
        workers: &Workers,
    ) -> Result<Field> {
        let (places, flexible) = (self.places, self.flexible);
        let extent = extent(options);
        let outlines = options.shape.outlines()?;
        let simulated = bytes(cells.counts.len());
        let limit = options.most_bytes;
        memory::afford("the simulated maps", simulated, limit, || {
            "take longer steps or fewer units".to_owned()
        })?;
        let sides = (options.sides.high(), options.sides.low());
        let counts: Vec<i32> = cells.counts.iter().map(|count| *count as i32).collect();
        let stands_out = self.restricted.map(|r| (r, r.groups(&counts, sides)));
        // All sets of the nearest units that hold the first, each with a unit that enters and one that
        // leaves.
        let sets = match (&stands_out, flexible) {
            (Some((restricted, groups)), _) => Some(restricted.entries(groups)),
            (None, flexible) => flexible.map(|f| (places.x.len() as u128) << f.most),
        };
        let left = limit - simulated;
        afford(places, outlines.len(), sets, extent, left, workers)?;
        let grown = workers.telling("windows", 0.0..GROWN);
        let rule = Rule {
            likelihood: nature.likelihood,
            sides: options.sides,
            least: f64::from(options.least_cases),
        };
        let zones = match &stands_out {
            Some((restricted, groups)) => {
                Zones::listed(outlines, restricted.lists(groups, &grown)?)
            }
            None => Zones::grow(places, outlines, flexible, extent, &grown)?,
        };
        Ok(Field {
            ladder: Ladder::new(&rule, &zones.penalties(), &workers.unheard())?,
            zones,
            rule,
            steps: cells.steps,
            measures: running(&nature.measures, cells.steps),
        })
    }
}

fn extent(options: &Options) -> Extent {
    Extent {
        share: options.share,
        radius: options.radius,
    }
}

/// Which units may join a window, where that depends on their counts.
pub(super) fn restricted<'a>(
    options: &Options,
    cells: &Cells,
    places: Places<'a>,
    flexible: Option<&'a Flexible>,
    nature: &Nature,
    workers: &Workers,
) -> Result<Option<Restricted<'a>>> {
    let (ScanShape::Restricted { below, .. }, Some(flexible)) = (options.shape, flexible) else {
        return Ok(None);
    };
    if cells.steps > 1 {
        let expected = "circle, ellipse or flexible, in space and time";
        return Err(Error::parameter("shape", "restricted", expected));
    }
    let extent = extent(options);
    let workers = workers.unheard();
    Restricted::new(flexible, places, extent, nature, below, &workers).map(Some)
}

/// Neighbours among the units that are scanned, where windows are flexible.
pub(super) fn flexible(options: &Options, cells: &Cells) -> Result<Option<Flexible>> {
    let (ScanShape::Flexible { most } | ScanShape::Restricted { most, .. }) = options.shape else {
        return Ok(None);
    };
    let Some(given) = &options.neighbours else {
        let expected = "who borders on whom, for flexible windows";
        return Err(Error::parameter("weights", "missing", expected));
    };
    let units = cells.units() + cells.missing;
    if given.len() != units {
        let detail = format!("weights of {} units for {units} counts", given.len());
        return Err(Error::input(Fault::LengthMismatch, detail));
    }
    let mut number = vec![None; units];
    for (unit, &position) in (0u32..).zip(&cells.position) {
        number[position] = Some(unit);
    }
    let kept = |list: &Vec<u32>| list.iter().filter_map(|at| number[*at as usize]).collect();
    let neighbours = cells.position.iter().map(|at| kept(&given[*at])).collect();
    Ok(Some(Flexible { most, neighbours }))
}
