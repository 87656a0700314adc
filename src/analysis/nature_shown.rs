//! Of what nature the reports are, as far as it may be published.

use super::areas_divided::{AreasApart, AreasDivided};
use super::asked::{Asked, Shown};
use super::divided::{Divided, Whole};
use super::made::Made;
use super::nature::Nature;
use super::result::HotspotResult;
use crate::error::Result;
use crate::publish::{CellKey, Ledger, State};

/// The reports of the neighbourhoods that stand out on the published map and of the others, by kind
/// and time, as cells of what is asked.
pub(super) struct NatureAsked {
    standouts: Vec<usize>,
    divided: Divided,
    areas: Option<AreasDivided>,
}

impl NatureAsked {
    /// Adds the cells to the table, those of single neighbourhoods where the states of their counts are
    /// given; `None` where there is nothing to tell apart, or where parts of the same reports were published
    /// before.
    pub(super) fn of(
        asked: &mut Asked<'_>,
        result: &HotspotResult,
        out: &HotspotResult,
        made: &Made,
        states: Option<&[State]>,
        releases: (&Ledger, &[CellKey]),
    ) -> Result<Option<Self>> {
        let (Some([now, _]), Some(round)) = (&made.reported, asked.rounds.first()) else {
            return Ok(None);
        };
        let (first, Some(all)) = (round.first, round.all) else {
            return Ok(None);
        };
        let (table, level) = (&out.neighbourhoods, made.analysis.level);
        let apart: Vec<bool> = (0..result.areas.len())
            .map(|i| table.is_hot(i, level) || table.is_high(i, level))
            .collect();
        let standouts: Vec<usize> = (0..apart.len()).filter(|&i| apart[i]).collect();
        let areas = states.map(|states| AreasApart::of(&standouts, &table.rank, states));
        let period = result.period.as_ref();
        let beside = areas
            .as_ref()
            .map_or_else(Vec::new, |areas| areas.keys(&asked.counted, period, first));
        let whole = Whole {
            period,
            first,
            all,
            reported: now,
            divisions: &made.divisions,
            beside: &beside,
        };
        let Some(divided) = Divided::of(&mut asked.counted, &whole, &apart, releases)? else {
            return Ok(None);
        };
        let areas = areas.map(|areas| areas.divide(&mut asked.counted, &whole, &divided));
        Ok(Some(Self {
            standouts: standouts
                .into_iter()
                .filter(|_| divided.is_apart())
                .collect(),
            areas: areas.transpose()?,
            divided,
        }))
    }

    /// The nature of the reports from what is published.
    pub(super) fn nature(&self, shown: &Shown<'_>, states: &[State], made: &Made) -> Nature {
        let reports = if self.divided.is_apart() {
            shown.fill[self.divided.rows[0]].unsigned_abs()
        } else {
            0
        };
        let (fill, level) = (&shown.fill[..], made.analysis.level);
        let told = self.divided.told(&made.divisions, (fill, states), level);
        let by_area = self.areas.as_ref().map_or_else(Vec::new, |areas| {
            areas.told(&made.divisions, (fill, states), level)
        });
        Nature {
            standouts: self.standouts.clone(),
            reports,
            tables: told.into_iter().map(|told| told.table).collect(),
            by_area,
            places: None,
            kinds_withheld: self.divided.keeps_kinds(&made.divisions),
        }
    }
}
