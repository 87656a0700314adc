//! The rules of what may be published.

use crate::error::{Error, Result};

/// A secret, which a debugger or a log does not show.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret(pub(super) String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// The rules by which counts are withheld, rounded and audited before they are published.
///
/// | | `cbs5` | `ons10_5` | `police8` | `internal` |
/// |---|---|---|---|---|
/// | counts withheld below | 5 | 10 | 5 | – |
/// | zero | published | withheld | published | published |
/// | fewest addresses in a cell | – | – | 8 | – |
/// | two addresses with more than this share | 90 % | 90 % | 90 % | – |
/// | p % rule | – | 10 % | 10 % | – |
/// | fewest people in an area, if any | 50 | 50 | 50 | – |
/// | counts rounded to multiples of | 5 | 5 | 5 | 1 |
/// | width of the interval of a withheld count | 5 | 10 | 5 | – |
/// | narrowest bandwidth and cell of a surface | 200 m, 100 m | same | same | – |
///
/// - `cbs5` follows *Kerncijfers wijken en buurten* of Statistics Netherlands, whose smallest
///   positive count is 5 and whose counts are multiples of 5.
/// - `ons10_5` follows the "10-5 rule" of the Office for National Statistics (below 10 withheld,
///   the rest to multiples of 5) with the checks of ACRO's default configuration: n = 2 and
///   k = 0.90 for dominance, p = 10 %, zeros disclosive.
/// - `police8` takes the eight addresses from data.police.uk, which moves points to places with at
///   least eight postal addresses around them. Here eight addresses must have reported, which is
///   stricter, because no register of addresses is at hand.
/// - `internal` changes nothing and is for the analyst's own desk.
///
/// Dominance is no rule of Statistics Netherlands for these tables. It is on in all public presets,
/// where addresses are known, because one address can make up most of an area's reports.
///
/// Why zeros are published: that nothing was reported says nothing about anyone. Together with it,
/// that a count is withheld says that it is at least 1, and the audit takes that as known. Where
/// zeros are themselves sensitive, [`withhold_zeros`](Self::withhold_zeros).
///
/// ```
/// use brandpunt::publish::{CellKey, CountTable, Disclosure, State};
///
/// # fn main() -> brandpunt::Result<()> {
/// let mut table = CountTable::new();
/// for (area, count) in [("north", 3), ("east", 0), ("south", 40)] {
///     table.push(CellKey::area(area), count)?;
/// }
/// let protected = Disclosure::cbs5().run(&table)?;
/// assert!(matches!(protected.states[0], State::Withheld { low: 1, high: None, .. }));
/// assert_eq!(protected.states[1], State::Published(0));
/// assert_eq!(protected.states[2], State::Published(40));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Disclosure {
    pub(super) name: String,
    pub(super) minimum_count: i64,
    pub(super) withhold_zeros: bool,
    pub(super) minimum_addresses: usize,
    pub(super) dominance: Option<(usize, f64)>,
    pub(super) p_percent: Option<f64>,
    pub(super) withhold_groups: bool,
    pub(super) minimum_population: f64,
    pub(super) rounding: i64,
    pub(super) secret: Option<Secret>,
    pub(super) protection: f64,
    pub(super) minimum_bandwidth: f64,
    pub(super) minimum_cell: f64,
}

impl Disclosure {
    /// The names of the presets.
    pub const PRESETS: [&'static str; 4] = ["cbs5", "ons10_5", "police8", "internal"];

    /// As Statistics Netherlands publishes figures of neighbourhoods.
    #[must_use]
    pub fn cbs5() -> Self {
        Self {
            name: "cbs5".to_owned(),
            minimum_count: 5,
            withhold_zeros: false,
            minimum_addresses: 0,
            dominance: Some((2, 0.90)),
            p_percent: None,
            withhold_groups: false,
            minimum_population: 50.0,
            rounding: 5,
            secret: None,
            protection: 0.10,
            minimum_bandwidth: 200.0,
            minimum_cell: 100.0,
        }
    }

    /// The 10-5 rule of the Office for National Statistics with ACRO's checks.
    #[must_use]
    pub fn ons10_5() -> Self {
        Self {
            name: "ons10_5".to_owned(),
            minimum_count: 10,
            withhold_zeros: true,
            p_percent: Some(0.10),
            ..Self::cbs5()
        }
    }

    /// At least five reports from at least eight addresses.
    #[must_use]
    pub fn police8() -> Self {
        Self {
            name: "police8".to_owned(),
            minimum_addresses: 8,
            p_percent: Some(0.10),
            ..Self::cbs5()
        }
    }

    /// No protection: for the desk of whoever may see the reports themselves.
    #[must_use]
    pub fn internal() -> Self {
        Self {
            name: "internal".to_owned(),
            minimum_count: 0,
            withhold_zeros: false,
            minimum_addresses: 0,
            dominance: None,
            p_percent: None,
            withhold_groups: false,
            minimum_population: 0.0,
            rounding: 1,
            secret: None,
            protection: 0.0,
            minimum_bandwidth: 0.0,
            minimum_cell: 0.0,
        }
    }

    /// The preset of that name.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "cbs5" => Ok(Self::cbs5()),
            "ons10_5" => Ok(Self::ons10_5()),
            "police8" => Ok(Self::police8()),
            "internal" => Ok(Self::internal()),
            other => Err(Error::parameter("preset", other, Self::PRESETS.join(", "))),
        }
    }

    /// Withholds positive counts below this.
    #[must_use]
    pub fn minimum_count(mut self, count: i64) -> Self {
        self.minimum_count = count;
        self
    }

    /// Whether zeros are withheld too.
    #[must_use]
    pub fn withhold_zeros(mut self, withhold: bool) -> Self {
        self.withhold_zeros = withhold;
        self
    }

    /// Withholds counts that come from fewer addresses; 0 for no such rule.
    #[must_use]
    pub fn minimum_addresses(mut self, addresses: usize) -> Self {
        self.minimum_addresses = addresses;
        self
    }

    /// Withholds counts of which the `n` greatest addresses make up more than the share `k`.
    #[must_use]
    pub fn dominance(mut self, rule: Option<(usize, f64)>) -> Self {
        self.dominance = rule;
        self
    }

    /// Withholds counts that let the second address estimate the first within this share of it:
    /// x − x₁ − x₂ < p·x₁.
    ///
    /// Beside a dominance rule of two addresses and a share k it adds nothing where p ≤ 1 − k: what
    /// passes that rule has x − x₁ − x₂ ≥ (1 − k)·x. With the presets' 90 % and 10 % it is therefore
    /// a second name for a bound that dominance already keeps, and works where dominance is off.
    #[must_use]
    pub fn p_percent(mut self, share: Option<f64>) -> Self {
        self.p_percent = share;
        self
    }

    /// Whether a count that is all of its total is withheld; it is marked in the audit in any case.
    /// It says of everybody in the total what they belong to.
    #[must_use]
    pub fn withhold_groups(mut self, withhold: bool) -> Self {
        self.withhold_groups = withhold;
        self
    }

    /// Withholds positive counts, and rates, of areas with fewer people than this, but not of areas
    /// without any or whose population is not known.
    #[must_use]
    pub fn minimum_population(mut self, people: f64) -> Self {
        self.minimum_population = people;
        self
    }

    /// Rounds published counts at random to a multiple of this below or above, so that the
    /// expected value is the count; 1 for none. The same cell with the same secret is always
    /// rounded the same way, so that asking again does not average it out.
    #[must_use]
    pub fn rounding(mut self, base: i64) -> Self {
        self.rounding = base;
        self
    }

    /// Sets what the rounding is keyed with; whoever knows it can undo half of the rounding. Without
    /// it a ledger's, else one derived from the table itself, which no one knows who does not know
    /// the table, but which differs from table to table: what is published more than once needs a
    /// secret or a ledger.
    #[must_use]
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secret = Some(Secret(secret.into()));
        self
    }

    /// Sets the least width of the interval in which a withheld count can be, as a share of it; never
    /// less than the minimum count.
    #[must_use]
    pub fn protection(mut self, share: f64) -> Self {
        self.protection = share;
        self
    }

    /// Sets the narrowest bandwidth of a published surface, in metres.
    #[must_use]
    pub fn minimum_bandwidth(mut self, metres: f64) -> Self {
        self.minimum_bandwidth = metres;
        self
    }

    /// Sets the smallest cell of a published surface, in metres.
    #[must_use]
    pub fn minimum_cell(mut self, metres: f64) -> Self {
        self.minimum_cell = metres;
        self
    }

    /// The preset's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether nothing is protected.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        *self == Self::internal()
    }

    /// The least count that is published, and the base to which counts are rounded.
    #[must_use]
    pub fn figures(&self) -> (i64, i64) {
        (self.minimum_count, self.rounding)
    }

    /// Fewest addresses in a published count; 0 for no such rule.
    #[must_use]
    pub fn fewest_addresses(&self) -> usize {
        self.minimum_addresses
    }

    /// The smallest cell of a published surface, in metres.
    #[must_use]
    pub fn smallest_cell(&self) -> f64 {
        self.minimum_cell
    }

    /// Fewest people for which a rate is published.
    #[must_use]
    pub fn population_floor(&self) -> f64 {
        self.minimum_population
    }

    pub(super) fn check(&self) -> Result<()> {
        if !(0..=1_000_000).contains(&self.minimum_count) {
            return Err(Error::parameter(
                "minimum_count",
                self.minimum_count,
                "a whole number from 0 to a million",
            ));
        }
        if !(1..=1_000_000).contains(&self.rounding) {
            return Err(Error::parameter(
                "rounding",
                self.rounding,
                "a whole number from 1 (none) to a million",
            ));
        }
        let share = |name, value: f64| {
            if value.is_finite() && (0.0..=1.0).contains(&value) {
                Ok(())
            } else {
                Err(Error::parameter(name, value, "a share from 0 to 1"))
            }
        };
        share("protection", self.protection)?;
        if let Some(p) = self.p_percent {
            share("p_percent", p)?;
        }
        if let Some((n, k)) = self.dominance {
            share("dominance", k)?;
            if n == 0 {
                return Err(Error::parameter("dominance", n, "at least one address"));
            }
        }
        Ok(())
    }

    /// A stand-in for a withheld count in what is computed from published ones: the middle of what is
    /// too few, or the nearest that the count can be. It says no more than the interval does.
    #[must_use]
    pub fn stand_in(&self, low: i64, high: Option<i64>) -> i64 {
        let middle = i64::midpoint(self.withheld_from(), self.minimum_count - 1);
        middle.min(high.unwrap_or(i64::MAX)).max(low)
    }

    /// What anyone knows of a withheld count.
    pub(super) fn withheld_from(&self) -> i64 {
        i64::from(!self.withhold_zeros)
    }

    /// Least width of the interval of a withheld count.
    pub(super) fn width(&self, count: Option<i64>) -> i64 {
        let share = (self.protection * count.unwrap_or(0) as f64).ceil() as i64;
        self.minimum_count.max(share)
    }
}
