//! Intake of incidents from any format, on their way to the model.

use super::dates::Clock;
use super::place::PlaceEvidence;
use crate::error::{Error, Fault, Result};
use crate::model::{
    Categories, Crs, Detected, Incidents, RejectReason, Rejections, TextColumn, TimeFlag, Times,
    Warning, WarningCode,
};
use crate::parallel::Workers;

/// Which optional columns there are.
#[expect(clippy::struct_excessive_bools, reason = "one per column, all free")]
#[derive(Debug, Clone, Copy)]
pub(super) struct Present {
    pub(super) time: bool,
    pub(super) category: bool,
    pub(super) source: bool,
    pub(super) weight: bool,
    pub(super) id: bool,
}

/// What was concluded about a file besides its rows.
#[derive(Debug)]
pub(super) struct Conclusions {
    pub(super) crs: Crs,
    pub(super) present: Present,
    pub(super) max_rejected_share: f64,
    /// These rows are not the first of their file.
    pub(super) part: bool,
    pub(super) detected: Vec<Detected>,
    pub(super) warnings: Vec<Warning>,
}

/// Columns of accepted rows and the account of the others.
#[derive(Debug, Default)]
pub(super) struct Intake {
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) seconds: Vec<i64>,
    pub(super) flags: Vec<TimeFlag>,
    pub(super) categories: Categories,
    pub(super) sources: Categories,
    pub(super) weights: Vec<f64>,
    pub(super) ids: TextColumn,
    pub(super) rows: Vec<u32>,
    pub(super) rows_in: u64,
    pub(super) rejected: Rejections,
    pub(super) place: PlaceEvidence,
    /// Bytes of all ids so far.
    id_bytes: u64,
}

/// Refuses a column of texts that would not fit.
pub(super) fn check_text(column: &'static str, bytes: u64) -> Result<()> {
    if bytes > u64::from(u32::MAX) {
        return Err(Error::too_large(
            column,
            u128::from(bytes),
            u128::from(u32::MAX),
            "split the file",
        ));
    }
    Ok(())
}

impl Intake {
    /// Adds the id of the next row.
    pub(super) fn push_id(&mut self, id: &str) -> Result<()> {
        self.id_bytes += id.len() as u64;
        check_text("a column of ids", self.id_bytes)?;
        self.ids.push(id);
        Ok(())
    }

    pub(super) fn reject(&mut self, row: u64, reason: RejectReason, value: &[u8]) {
        let value = value.get(..value.len().min(400)).unwrap_or_default();
        self.rejected
            .push(row, reason, &String::from_utf8_lossy(value));
    }

    /// Adds the rows of the next piece of the same file.
    pub(super) fn append(&mut self, other: Self) -> Result<()> {
        let offset = self.rows_in;
        let too_many = |_| {
            Error::too_large(
                "a file of incidents",
                u128::from(offset),
                1 << 32,
                "split it",
            )
        };
        let shift = u32::try_from(offset).map_err(too_many)?;
        u32::try_from(offset + other.rows_in).map_err(too_many)?;
        self.x.extend(other.x);
        self.y.extend(other.y);
        self.seconds.extend(other.seconds);
        self.flags.extend(other.flags);
        self.categories.append(&other.categories);
        self.sources.append(&other.sources);
        self.weights.extend(other.weights);
        for id in other.ids.iter() {
            self.push_id(id)?;
        }
        self.rows.extend(other.rows.iter().map(|row| row + shift));
        self.rows_in += other.rows_in;
        if !other.rejected.is_empty() {
            self.rejected.merge(other.rejected.shifted(offset));
        }
        self.place.merge(&other.place);
        Ok(())
    }

    /// Makes the incidents.
    pub(super) fn finish(
        self,
        found: Conclusions,
        clock: &Clock,
        workers: &Workers,
    ) -> Result<Incidents> {
        let Conclusions {
            crs,
            present,
            max_rejected_share,
            part,
            detected,
            mut warnings,
        } = found;
        if self.rows_in == 0 {
            return Err(Error::input(
                Fault::NoRows,
                "the file has no row of data; export it again",
            ));
        }
        if present.id {
            warnings.extend(self.duplicates(present, workers)?);
        }
        if present.time {
            warnings.extend(self.unsure_times());
        }
        let mut builder = Incidents::builder(self.x, self.y, crs)
            .rows(self.rows, self.rows_in, self.rejected)
            .max_rejected_share(max_rejected_share)
            .detected(detected);
        if present.time {
            builder = builder.time(Times::from_columns(
                self.seconds,
                self.flags,
                clock.zone().clone(),
            )?);
        }
        if present.category {
            builder = builder.category(self.categories);
        }
        // A column in which nothing stands tells nothing.
        let told = |label: &String| !label.trim().is_empty();
        if present.source && self.sources.labels().iter().any(told) {
            builder = builder.source(self.sources);
        }
        if present.weight {
            builder = builder.weight(self.weights);
        }
        if present.id {
            builder = builder.id(self.ids);
        }
        for warning in warnings {
            builder = builder.warning(warning);
        }
        if part {
            builder = builder.part();
        }
        builder.build()
    }

    /// A warning about times that cannot be placed in the day.
    fn unsure_times(&self) -> Option<Warning> {
        let mut counts = std::collections::BTreeMap::new();
        for flag in &self.flags {
            *counts.entry(*flag).or_insert(0_u64) += 1;
        }
        let exact = counts.remove(&TimeFlag::Exact).unwrap_or(0);
        if counts.is_empty() {
            return None;
        }
        let n = self.flags.len() as u64;
        let parts: Vec<String> = counts.iter().map(|(f, c)| format!("{c} {f}")).collect();
        Some(Warning::with_value(
            WarningCode::Times,
            (n - exact) as f64 / n as f64,
            format!(
                "Of {n} times {exact} are exact; {}. All are used in space, and only as far as \
                 they are known in time.",
                parts.join(", ")
            ),
        ))
    }

    /// A warning about ids that stand in several rows: the same row again, or another one.
    fn duplicates(&self, present: Present, workers: &Workers) -> Result<Option<Warning>> {
        let n = self.ids.len();
        // Numbered registers are in order; then nothing is double.
        let rising = self
            .ids
            .iter()
            .zip(self.ids.iter().skip(1))
            .all(|(a, b)| (a.len(), a) < (b.len(), b));
        if rising {
            return Ok(None);
        }
        let mut order: Vec<(u64, u32)> = workers
            .map_ranges(n, 1 << 16, |range| {
                range
                    .map(|i| (hash(self.ids.get(i).as_bytes()), i as u32))
                    .collect::<Vec<_>>()
            })?
            .concat();
        workers.sort_by_key(&mut order, |pair| *pair);
        let (mut exact, mut conflicting) = (0_u64, 0_u64);
        let mut example: Option<&str> = None;
        let mut start = 0;
        for end in 1..=n {
            if end < n && order[end].0 == order[start].0 {
                continue;
            }
            let group = &order[start..end];
            start = end;
            if group.len() < 2 {
                continue;
            }
            // Ids that only share a hash are told apart here.
            let mut left: Vec<u32> = group
                .iter()
                .map(|(_, i)| *i)
                .filter(|&i| !self.ids.get(i as usize).is_empty())
                .collect();
            while let Some(&first) = left.first() {
                let id = self.ids.get(first as usize);
                let (same, other): (Vec<u32>, Vec<u32>) =
                    left.iter().partition(|&&i| self.ids.get(i as usize) == id);
                left = other;
                if same.len() < 2 {
                    continue;
                }
                example.get_or_insert(id);
                let mut rows: Vec<_> = same
                    .iter()
                    .map(|&i| self.content(i as usize, present))
                    .collect();
                rows.sort_unstable();
                rows.dedup();
                exact += (same.len() - rows.len()) as u64;
                conflicting += u64::from(rows.len() > 1);
            }
        }
        Ok(example.map(|id| {
            Warning::with_value(
                WarningCode::DuplicateId,
                (exact + conflicting) as f64,
                format!(
                    "Some ids stand in several rows: {exact} exact_duplicate_rows and \
                     {conflicting} conflicting_ids (for instance `{}`). Nothing was removed.",
                    crate::error::quoted(id)
                ),
            )
        }))
    }

    fn content(&self, i: usize, present: Present) -> (u64, u64, i64, u32, u64) {
        (
            self.x[i].to_bits(),
            self.y[i].to_bits(),
            if present.time { self.seconds[i] } else { 0 },
            if present.category {
                self.categories.codes()[i]
            } else {
                0
            },
            if present.weight {
                self.weights[i].to_bits()
            } else {
                0
            },
        )
    }
}

/// A hash that is the same on every machine and in every run: FNV-1a over words of eight bytes,
/// with a final mix. Equal hashes are compared byte by byte, so it need not withstand attacks.
fn hash(bytes: &[u8]) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64 ^ bytes.len() as u64;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        state = (state ^ u64::from_le_bytes(word)).wrapping_mul(0x0000_0100_0000_01b3);
        state ^= state >> 29;
    }
    state
}
