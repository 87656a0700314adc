//! A baseline from a police table.

use std::path::Path;
use std::sync::Arc;

use super::arguments::Question;
use super::reading;
use crate::analysis::{HotspotAnalysis, InputFile};
use crate::error::{Error, Fault, Result};
use crate::io::{self, PoliceTable, PoliceTableReader};
use crate::model::{AreaCode, Crosswalk, Neighbourhoods, RegisteredCounts, Step};

/// What the files for a baseline hold; nothing where none was given.
#[derive(Debug, Default)]
pub(super) struct Register {
    counts: Option<Arc<RegisteredCounts>>,
    crosswalk: Option<Arc<Crosswalk>>,
    pub(super) inputs: Vec<InputFile>,
}

/// Reads the table and the crosswalk that were asked for.
pub(super) fn read(question: &Question, areas: &Neighbourhoods) -> Result<Register> {
    let mut out = Register::default();
    let Some(path) = &question.baseline_table else {
        return Ok(out);
    };
    let table = table(path, question.baseline_vintage, areas)?;
    let rejected = table.rejected.len();
    out.inputs
        .push(reading::account(path, table.rows_in, rejected)?);
    out.counts = Some(Arc::new(table.counts));
    if let (Some(path), Some(from)) = (&question.crosswalk, question.baseline_vintage) {
        let Some(to) = areas.vintage() else {
            return Err(Error::parameter(
                "vintage",
                "missing",
                "the year of the division of the areas, to which the crosswalk leads",
            ));
        };
        let crosswalk = io::read_crosswalk(path, from, to)?;
        let rows = crosswalk.shares().count() as u64;
        out.inputs.push(reading::account(path, rows, 0)?);
        out.crosswalk = Some(Arc::new(crosswalk));
    }
    Ok(out)
}

/// The table at the level of the areas; years, where it has several lengths of period.
fn table(path: &Path, vintage: Option<i16>, areas: &Neighbourhoods) -> Result<PoliceTable> {
    let mut reader = PoliceTableReader::new();
    if let Some(year) = vintage {
        reader = reader.vintage(year);
    }
    let code = areas
        .codes()
        .first()
        .and_then(|c| c.parse::<AreaCode>().ok());
    if let Some(code) = code {
        reader = reader.level(code.level());
    }
    match reader.read(path) {
        Err(error) if error.fault() == Some(Fault::MixedPeriods) => {
            reader.step(Step::Year).read(path)
        }
        other => other,
    }
}

impl Register {
    /// The analysis with this baseline.
    pub(super) fn of(&self, mut analysis: HotspotAnalysis) -> HotspotAnalysis {
        if let Some(counts) = &self.counts {
            analysis = analysis.baseline_counts(Arc::clone(counts));
        }
        if let Some(crosswalk) = &self.crosswalk {
            analysis = analysis.crosswalk(Arc::clone(crosswalk));
        }
        analysis
    }
}
