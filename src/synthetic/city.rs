//! The city: what one asks for and what one gets.

use super::calendar::Calendar;
use super::incidents::Scene;
use super::people::{self, LATEST_YEAR};
use super::plan::Plan;
use super::truth::Truth;
use crate::error::{Error, Result};
use crate::model::{Crs, Incidents, Neighbourhoods, Zone};
use crate::parallel::Workers;

/// Draws a city: neighbourhoods with people, and incidents with planted hotspots.
///
/// The neighbourhoods tile an irregular outline at the place of Almere, in RD New, without gap or
/// overlap; neighbours share their borders vertex by vertex. As in Almere, one in five has no
/// published population and one in eleven has 50 residents or fewer; the median of the others is
/// 1,215. Codes are nested in districts, names are invented. Residents, youths (12 to 23) and
/// dwellings are given for 2017 and 2024, rounded to fives.
///
/// Incidents happen at addresses, in proportion to the people of each neighbourhood times an
/// uneven risk, by day, season and hour of the week, from 2017 to 2024. Some addresses report
/// again and again, sometimes in quick succession, so counts vary more than by chance alone. Some
/// incidents are geocoded to the police station or the town hall instead of to their address.
///
/// ```
/// use brandpunt::synthetic::SyntheticCity;
///
/// # fn main() -> brandpunt::Result<()> {
/// let city = SyntheticCity::new(2_000).seed(7).neighbourhoods(60).build()?;
/// assert_eq!(city.incidents.len(), 2_000);
/// assert_eq!(city.neighbourhoods.len(), 60);
/// assert_eq!(city.truth.hotspots.len(), 3);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SyntheticCity {
    pub(super) incidents: usize,
    pub(super) seed: u64,
    pub(super) neighbourhoods: usize,
    pub(super) hotspots: usize,
    pub(super) repeats: f64,
    pub(super) misplaced: f64,
    pub(super) unevenness: f64,
    hotspots_chosen: bool,
}

/// A synthetic city.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct City {
    /// The reports, in order of time.
    pub incidents: Incidents,
    /// The areas, in order of code, with exposures `inhabitants`, `youths` and `dwellings`.
    pub neighbourhoods: Neighbourhoods,
    /// What is really there.
    pub truth: Truth,
}

impl SyntheticCity {
    /// Neighbourhoods that a city may have at most: beyond it, blocks of houses would be smaller
    /// than the grid of 0.1 m can show.
    pub const MOST_NEIGHBOURHOODS: usize = 20_000;

    /// A city of 240 neighbourhoods with so many incidents, seed 0.
    #[must_use]
    pub fn new(incidents: usize) -> Self {
        Self {
            incidents,
            seed: 0,
            neighbourhoods: 240,
            hotspots: 0,
            repeats: 0.3,
            misplaced: 0.018,
            unevenness: 0.25,
            hotspots_chosen: false,
        }
    }

    /// Sets the seed.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets the number of neighbourhoods.
    #[must_use]
    pub fn neighbourhoods(mut self, number: usize) -> Self {
        self.neighbourhoods = number;
        self
    }

    /// Sets how many hotspots are planted; at first one per twenty neighbourhoods, from one to
    /// six. Fewer are planted when there are not enough neighbourhoods of 600 residents or more.
    #[must_use]
    pub fn hotspots(mut self, number: usize) -> Self {
        self.hotspots = number;
        self.hotspots_chosen = true;
        self
    }

    /// Sets the share of incidents that happen at the few addresses that report again and again
    /// (0.3 at first).
    #[must_use]
    pub fn repeats(mut self, share: f64) -> Self {
        self.repeats = share;
        self
    }

    /// Sets the share of incidents that are put on the police station or the town hall (0.018 at
    /// first).
    #[must_use]
    pub fn misplaced(mut self, share: f64) -> Self {
        self.misplaced = share;
        self
    }

    /// Sets how unevenly risk is spread over neighbourhoods, hotspots aside, as the standard
    /// deviation of its logarithm (0.25 at first).
    #[must_use]
    pub fn unevenness(mut self, deviation: f64) -> Self {
        self.unevenness = deviation;
        self
    }

    /// A city of pure chance, to see what a method finds where nothing is: every resident (for
    /// youth crime, every youth) has the same risk, no hotspot, no repeats, no misplaced incident.
    ///
    /// Given their number, counts per neighbourhood are then multinomial with the latest year's
    /// people as weights. Inside a neighbourhood incidents are at addresses, which lie in streets.
    #[must_use]
    pub fn pure_chance(self) -> Self {
        self.hotspots(0).repeats(0.0).misplaced(0.0).unevenness(0.0)
    }

    /// Draws the city with one thread per core.
    ///
    /// # Errors
    /// As [`build_with`](Self::build_with).
    pub fn build(&self) -> Result<City> {
        self.build_with(&Workers::new(0)?)
    }

    /// Draws the city with the given threads; the result does not depend on their number.
    ///
    /// # Errors
    /// [`Error::Parameter`] for options that make no city, [`Error::Cancelled`] when the job was
    /// stopped.
    pub fn build_with(&self, workers: &Workers) -> Result<City> {
        self.check()?;
        let mut options = self.clone();
        if !options.hotspots_chosen {
            options.hotspots = (options.neighbourhoods / 20).clamp(1, 6);
        }
        workers.job().report("neighbourhoods", 0.0);
        let plan = Plan::new(options.seed, options.neighbourhoods, workers)?;
        let shapes = plan.shapes(workers)?;
        let areas = Neighbourhoods::new(
            plan.patches.iter().map(|p| p.code.clone()).collect(),
            plan.patches.iter().map(|p| p.name.clone()).collect(),
            shapes,
            Crs::RD_NEW,
        )?
        .with_vintage(Some(LATEST_YEAR));
        let people = people::settle(options.seed, &plan);
        let neighbourhoods = people::publish(areas, &people)?;
        workers.job().report("incidents", 0.2);
        let calendar = Calendar::new(&Zone::amsterdam())?;
        let (incidents, truth) = Scene::new(&options, &plan, &people, &calendar).run(workers)?;
        workers.job().report("incidents", 1.0);
        Ok(City {
            incidents,
            neighbourhoods,
            truth,
        })
    }

    fn check(&self) -> Result<()> {
        if self.incidents == 0 || u32::try_from(self.incidents).is_err() {
            return Err(Error::parameter(
                "n_incidents",
                self.incidents,
                "a number from 1 to 4,294,967,295",
            ));
        }
        if !(1..=Self::MOST_NEIGHBOURHOODS).contains(&self.neighbourhoods) {
            return Err(Error::parameter(
                "neighbourhoods",
                self.neighbourhoods,
                format!("a number from 1 to {}", Self::MOST_NEIGHBOURHOODS),
            ));
        }
        for (name, share) in [("repeats", self.repeats), ("misplaced", self.misplaced)] {
            if !(0.0..=0.9).contains(&share) {
                return Err(Error::parameter(name, share, "a share from 0 to 0.9"));
            }
        }
        if !(0.0..=2.0).contains(&self.unevenness) {
            return Err(Error::parameter(
                "unevenness",
                self.unevenness,
                "a standard deviation from 0 to 2",
            ));
        }
        Ok(())
    }
}
