//! What chance is taken to be, and what is looked for.

use crate::error::{Error, Result};

/// How cases would fall if no place and no time had more than another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum ScanModel {
    /// `Poisson`, unless [`dispersion_test`](crate::stats::dispersion_test) says at 5 % that
    /// counts vary more than independent cases would; then `NegativeBinomial`. The result says
    /// which of the two was used.
    #[default]
    Auto,
    /// Cases fall independently, in proportion to the population or the expected counts.
    Poisson,
    /// Reports come in series: counts are negative-binomial with one variance-to-mean ratio, which
    /// is estimated from the map. The likelihood is that of Poisson, the maps of chance are not.
    NegativeBinomial,
    /// Some of the population are cases, such as dwellings with a report.
    Bernoulli,
    /// Places keep their cases and times theirs, but which goes with which is chance. Needs no
    /// population; for space and time only.
    SpaceTimePermutation,
}

impl ScanModel {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Poisson => "poisson",
            Self::NegativeBinomial => "negative_binomial",
            Self::Bernoulli => "bernoulli",
            Self::SpaceTimePermutation => "space_time_permutation",
        }
    }

    /// The model of that name.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        let all = [
            Self::Auto,
            Self::Poisson,
            Self::NegativeBinomial,
            Self::Bernoulli,
            Self::SpaceTimePermutation,
        ];
        all.into_iter().find(|m| m.name() == name).ok_or_else(|| {
            let expected = "auto, poisson, negative_binomial, bernoulli or space_time_permutation";
            Error::parameter("model", name, expected)
        })
    }
}

/// Which windows are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ScanFor {
    /// More cases than expected.
    #[default]
    High,
    /// Fewer cases than expected.
    Low,
    /// Either.
    Both,
}

impl ScanFor {
    /// What that name stands for.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "high" => Ok(Self::High),
            "low" => Ok(Self::Low),
            "both" => Ok(Self::Both),
            other => Err(Error::parameter("scan_for", other, "high, low or both")),
        }
    }

    pub(super) fn high(self) -> bool {
        self != Self::Low
    }

    pub(super) fn low(self) -> bool {
        self != Self::High
    }
}

/// Where the p-values of clusters come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum ScanTail {
    /// The rank of a cluster among the greatest ratios of simulated maps, (M + 1)/(R + 1): never
    /// below 1/(R + 1).
    #[default]
    Rank,
    /// As `Rank`, but simulation ends once so many maps have reached the most likely cluster
    /// (Besag & Clifford 1991): p is then their number divided by that of the maps.
    Sequential {
        /// How many; 50 leaves the p of what is ordinary uncertain by a seventh.
        reached: usize,
    },
    /// A Gumbel distribution with the mean and the spread of the simulated greatest ratios. An
    /// approximation (Abrams, Kulldorff & Kleinman 2010), which gives numbers below 1/(R + 1).
    Gumbel,
}

impl ScanTail {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rank => "rank",
            Self::Sequential { .. } => "sequential",
            Self::Gumbel => "gumbel",
        }
    }

    /// The tail of that name; `reached` serves the one that ends early.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str, reached: usize) -> Result<Self> {
        match name {
            "rank" => Ok(Self::Rank),
            "sequential" => Ok(Self::Sequential { reached }),
            "gumbel" => Ok(Self::Gumbel),
            other => Err(Error::parameter(
                "tail",
                other,
                "rank, sequential or gumbel",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_for_what_they_name() {
        for model in [
            ScanModel::Auto,
            ScanModel::Poisson,
            ScanModel::NegativeBinomial,
            ScanModel::Bernoulli,
            ScanModel::SpaceTimePermutation,
        ] {
            assert_eq!(ScanModel::named(model.name()).unwrap(), model);
        }
        for tail in [
            ScanTail::Rank,
            ScanTail::Sequential { reached: 7 },
            ScanTail::Gumbel,
        ] {
            assert_eq!(ScanTail::named(tail.name(), 7).unwrap(), tail);
        }
        for (name, high, low) in [
            ("high", true, false),
            ("low", false, true),
            ("both", true, true),
        ] {
            let sides = ScanFor::named(name).unwrap();
            assert_eq!((sides.high(), sides.low()), (high, low));
        }
        assert!(ScanModel::named("High").is_err() && ScanTail::named("", 7).is_err());
        assert!(ScanFor::named("any").is_err());
    }
}
