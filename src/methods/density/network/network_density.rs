//! Kernel density along streets.

use super::super::kernel::Kernel;
use super::lixels::Lixels;
use super::network_surface::NetworkSurface;
use super::paths::{Paths, Tally};
use super::split::Split;
use super::street_network::{OnStreet, StreetNetwork};
use crate::error::{Error, Fault, Result};
use crate::model::{Incidents, Warning, WarningCode};
use crate::parallel::Workers;

/// Incidents that one unit of work puts on streets.
const PIECE: usize = 256;
/// Places that one unit of work spreads.
const SPREAD: usize = 64;
/// Bytes that a piece of street takes, with its corners.
const BYTES: f64 = 200.0;

/// Along which streets is it dense? Incidents per kilometre of street.
///
/// Every incident is put on the nearest street and spreads from there along the streets by a kernel
/// that integrates to one along a line: quartic 15/16 (1 − v²)²/h with `v = r/h`, and so on (see
/// [`SpaceTimeDensity`](super::super::SpaceTimeDensity)). At nodes the kernel is [split](Split) and
/// so keeps its mass. A kernel of the distance along the streets, which goes on in full in each
/// street, would count an incident several times near nodes; it is not offered.
///
/// Streets are cut into pieces of at most [`lixel`](Self::lixel) metres, those of one street equally
/// long. A value is the exact mean over the piece: the mass that all paths bring there over its
/// length. So values times lengths, what is lost beyond dead ends, and what is not followed add up
/// to the number of incidents (the sum of their weights).
///
/// Paths that carry less than 1e-5 of an incident are not followed; their mass is counted, with a
/// warning when it is above a thousandth of the whole.
///
/// # Complexity
/// Places times the paths in reach of each: these grow fast with the bandwidth, in blocks.
///
/// Source: Okabe, Satoh and Sugihara 2009, International Journal of Geographical Information Science
/// 23:7, doi:10.1080/13658810802475491; McSwiggan, Baddeley and Nair 2017, Scandinavian Journal of
/// Statistics 44:324, doi:10.1111/sjos.12255.
///
/// ```
/// use brandpunt::methods::density::{NetworkDensity, StreetNetwork};
/// use brandpunt::{Crs, Incidents};
///
/// # fn main() -> brandpunt::Result<()> {
/// let street = vec![(0.0, 0.0), (1000.0, 0.0)];
/// let network = StreetNetwork::from_lines(&[street], Crs::PLANAR, 0.0)?;
/// let incidents = Incidents::builder(vec![500.0], vec![8.0], Crs::PLANAR).build()?;
/// let found = NetworkDensity::new(200.0).lixel(50.0).run(&incidents, &network)?;
/// let total: f64 = found.values.iter().map(|v| v * 0.05).sum();
/// assert!((total - 1.0).abs() < 1e-12);
/// assert_eq!(found.distance, [8.0]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkDensity {
    bandwidth: f64,
    kernel: Kernel,
    lixel: f64,
    split: Split,
    farthest: f64,
    most_bytes: u128,
}

impl NetworkDensity {
    /// A quartic kernel of this bandwidth in metres, split discontinuously, on pieces of at most
    /// 50 m, for incidents up to 100 m from a street.
    #[must_use]
    pub fn new(bandwidth: f64) -> Self {
        Self {
            bandwidth,
            kernel: Kernel::Quartic,
            lixel: 50.0,
            split: Split::Discontinuous,
            farthest: 100.0,
            most_bytes: 4 << 30,
        }
    }

    /// Sets the greatest length of a piece in metres.
    #[must_use]
    pub fn lixel(mut self, lixel: f64) -> Self {
        self.lixel = lixel;
        self
    }

    /// Sets the kernel; one that ends, so not the Gaussian.
    #[must_use]
    pub fn kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }

    /// Sets how the kernel passes nodes.
    #[must_use]
    pub fn split(mut self, split: Split) -> Self {
        self.split = split;
        self
    }

    /// Sets how far from a street an incident may lie, in metres; others are left out, with a
    /// warning.
    #[must_use]
    pub fn farthest(mut self, farthest: f64) -> Self {
        self.farthest = farthest;
        self
    }

    /// Sets the memory that the pieces may take (4 GiB at first).
    #[must_use]
    pub fn most_bytes(mut self, most_bytes: u128) -> Self {
        self.most_bytes = most_bytes;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents, network: &StreetNetwork) -> Result<NetworkSurface> {
        self.run_with(incidents, network, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a bandwidth, lixel or distance that makes no sense and for the
    /// Gaussian kernel, [`Fault::CrsMismatch`] for a network in another system,
    /// [`Error::TooLarge`] for more pieces than the memory limit allows, [`Error::Cancelled`].
    pub fn run_with(
        &self,
        incidents: &Incidents,
        network: &StreetNetwork,
        workers: &Workers,
    ) -> Result<NetworkSurface> {
        self.check(incidents, network)?;
        let lixels = Lixels::new(network, self.lixel);
        let places = places_of(incidents, network, workers)?;
        let paths = Paths {
            network,
            lixels: &lixels,
            kernel: self.kernel,
            bandwidth: self.bandwidth,
            split: self.split,
        };
        let events = self.events(&places, incidents.weights());
        let tallies = workers.map_ranges(events.len(), SPREAD, |range| {
            let mut tally = Tally::new(lixels.len());
            for &(street, along, weight) in &events[range] {
                paths.spread(street, along, weight, &mut tally);
            }
            (tally.beyond, tally.unfollowed, tally.held())
        })?;
        let mut mass = vec![0.0; lixels.len()];
        let (mut beyond, mut unfollowed) = (0.0, 0.0);
        for (lost, left, held) in tallies {
            beyond += lost;
            unfollowed += left;
            for (piece, more) in held {
                mass[piece] += more;
            }
        }
        let weight: f64 = events.iter().map(|event| event.2).sum();
        let near = |place: &OnStreet| place.distance <= self.farthest;
        let far = places.iter().filter(|place| !near(place)).count();
        let mut out = NetworkSurface {
            values: Vec::with_capacity(mass.len()),
            length: Vec::with_capacity(mass.len()),
            line: Vec::with_capacity(mass.len()),
            from: Vec::with_capacity(mass.len()),
            geometry: Vec::with_capacity(mass.len()),
            distance: places.iter().map(|place| place.distance).collect(),
            piece: places
                .iter()
                .map(|place| near(place).then(|| lixels.at(place.street, place.along)))
                .collect(),
            beyond,
            unfollowed,
            crs: network.crs(),
            kernel: self.kernel,
            bandwidth: self.bandwidth,
            split: self.split,
            warnings: self.warnings(network, far, unfollowed / weight),
        };
        for (number, street) in network.streets.iter().enumerate() {
            let length = lixels.length[number];
            for (k, piece) in lixels.of(number).enumerate() {
                let (from, to) = (k as f64 * length, (k + 1) as f64 * length);
                out.values.push(1e3 * mass[piece] / length);
                out.length.push(length);
                out.line.push(street.line);
                out.from.push(street.from + from);
                out.geometry.push(network.part(number, from, to));
            }
        }
        Ok(out)
    }

    /// Different places near enough, in the order of the streets, with the weight on each.
    fn events(&self, places: &[OnStreet], weights: Option<&[f64]>) -> Vec<(u32, f64, f64)> {
        let mut events: Vec<(u32, f64, f64)> = places
            .iter()
            .enumerate()
            .filter(|(_, place)| place.distance <= self.farthest)
            .map(|(i, place)| {
                (
                    place.street as u32,
                    place.along,
                    weights.map_or(1.0, |w| w[i]),
                )
            })
            .collect();
        events.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let same = events.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
        same.map(|e| (e[0].0, e[0].1, e.iter().map(|e| e.2).sum()))
            .collect()
    }

    fn warnings(&self, network: &StreetNetwork, far: usize, unfollowed: f64) -> Vec<Warning> {
        let mut warnings = Vec::new();
        if far > 0 {
            let message = format!(
                "{far} incidents lie more than {} m from any street and are left out.",
                self.farthest
            );
            let code = WarningCode::OutsideAllAreas;
            warnings.push(Warning::with_value(code, far as f64, message));
        }
        if unfollowed > 1e-3 {
            let message = format!(
                "{:.2} % of the mass is on paths too faint to follow. Use a smaller bandwidth.",
                100.0 * unfollowed
            );
            warnings.push(Warning::with_value(
                WarningCode::Bandwidth,
                unfollowed,
                message,
            ));
        }
        if network.repeated() > 0 {
            let count = network.repeated();
            let message = format!("{count} pieces of streets repeat another and are left out.");
            warnings.push(Warning::with_value(
                WarningCode::Input,
                count as f64,
                message,
            ));
        }
        warnings
    }

    fn check(&self, incidents: &Incidents, network: &StreetNetwork) -> Result<()> {
        for (name, value) in [
            ("bandwidth", self.bandwidth),
            ("lixel", self.lixel),
            ("farthest", self.farthest),
        ] {
            if !(value.is_finite() && value > 0.0) {
                return Err(Error::parameter(name, value, "a positive number of metres"));
            }
        }
        if self.kernel == Kernel::Gaussian {
            return Err(Error::parameter(
                "kernel",
                self.kernel.name(),
                "a kernel that ends, such as quartic: paths without end cannot be followed",
            ));
        }
        if incidents.crs() != network.crs() {
            return Err(Error::input(
                Fault::CrsMismatch,
                format!(
                    "the incidents are in {} and the streets in {}; convert one of them, for \
                     example with incidents.to_crs(network.crs)",
                    incidents.crs(),
                    network.crs()
                ),
            ));
        }
        let bytes = Lixels::count(network, self.lixel) * BYTES;
        if bytes > self.most_bytes as f64 {
            let fitting = 1e3 * network.km() * BYTES / self.most_bytes as f64;
            return Err(Error::too_large(
                "pieces of street",
                bytes as u128,
                self.most_bytes,
                format!("choose a lixel of at least {:.0} m", fitting.ceil()),
            ));
        }
        Ok(())
    }
}

/// The nearest place on a street of each incident.
fn places_of(
    incidents: &Incidents,
    network: &StreetNetwork,
    workers: &Workers,
) -> Result<Vec<OnStreet>> {
    let (x, y) = (incidents.x(), incidents.y());
    let pieces = workers.map_ranges(incidents.len(), PIECE, |range| {
        range
            .filter_map(|i| network.nearest(x[i], y[i]))
            .collect::<Vec<OnStreet>>()
    })?;
    workers.job().report("streets", 0.1);
    Ok(pieces.concat())
}
