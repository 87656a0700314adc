//! The city on the map: which hexagons make which neighbourhood.

use geo_types::{LineString, MultiPolygon, Polygon};
use rand::RngExt;

use super::growth::grow;
use super::lattice::{Lattice, NONE, Point};
use super::names::Names;
use crate::error::Result;
use crate::parallel::Workers;
use crate::random::{Stream, stream};

/// What a stream of random numbers is for; no two purposes share one.
#[derive(Debug, Clone, Copy)]
pub(super) enum Domain {
    Outline,
    Corner,
    Centres,
    Ground,
    Seeds,
    Districts,
    Names,
    People,
    Street,
    Weights,
    Hotspots,
    Incidents,
}

impl Domain {
    /// The stream of one unit (below 2^56) of this purpose.
    pub(super) fn stream(self, seed: u64, unit: u64) -> Stream {
        stream(seed, (self as u64) << 56 | unit)
    }
}

/// One neighbourhood on the map.
#[derive(Debug)]
pub(super) struct Patch {
    /// Code such as `BU00340203`: municipality 0034, district 02, neighbourhood 03.
    pub(super) code: String,
    /// Invented name.
    pub(super) name: String,
    /// Its hexagons, from the core outwards.
    pub(super) hexagons: Vec<u32>,
    /// How built-up it is, from near 0 to about 2.
    pub(super) urbanity: f64,
}

/// The map of the city.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) lattice: Lattice,
    /// The neighbourhoods in order of their codes.
    pub(super) patches: Vec<Patch>,
    /// Neighbourhood of each hexagon.
    owner: Vec<u32>,
    /// The town centres, the main one first.
    pub(super) centres: Vec<Point>,
}

/// Hexagons per neighbourhood; about fifty corners on the border of each.
const HEXAGONS: usize = 40;
/// Fewer hexagons make no city-like outline.
const LEAST_HEXAGONS: usize = 4_000;
/// Neighbourhoods per district.
const PER_DISTRICT: f64 = 3.4;
/// Districts that a code of two characters can name, and neighbourhoods in each of them.
const MOST_PER_LEVEL: usize = 100 + 26 * 36;

impl Plan {
    /// Draws a city of `n` neighbourhoods.
    pub(super) fn new(seed: u64, n: usize, workers: &Workers) -> Result<Self> {
        let lattice = Lattice::new(seed, (HEXAGONS * n).max(LEAST_HEXAGONS));
        let centres = centres(seed, &lattice);
        let ground = Ground::new(seed, &lattice, &centres, workers)?;
        let mut seeds = ground.draw_seeds(seed, n);
        let mut owner = ground.grow(&lattice, &seeds);
        // Moving each seed to the middle of its patch evens out their sizes.
        for _ in 0..2 {
            workers.job().check()?;
            seeds = middles(&lattice, &owner, seeds.len());
            owner = ground.grow(&lattice, &seeds);
        }
        let mut plan = Self {
            patches: Vec::new(),
            owner,
            centres,
            lattice,
        };
        plan.number(seed, &seeds, &ground);
        Ok(plan)
    }

    /// Groups the patches into districts, gives both their numbers and names, and sorts them.
    fn number(&mut self, seed: u64, seeds: &[u32], ground: &Ground) {
        let n = seeds.len();
        let district = self.districts(seed, seeds);
        let districts = 1 + district.iter().copied().max().unwrap_or(0) as usize;
        // Districts are numbered from the main centre outwards, neighbourhoods within them too.
        let from_centre = |hexagon: u32| {
            let (x, y) = self.lattice.centre(hexagon);
            let (cx, cy) = self.centres.first().copied().unwrap_or((x, y));
            ((x - cx).powi(2) + (y - cy).powi(2)).to_bits()
        };
        let mut nearest = vec![u64::MAX; districts];
        for (patch, &d) in district.iter().enumerate() {
            let distance = &mut nearest[d as usize];
            *distance = (*distance).min(from_centre(seeds[patch]));
        }
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by_key(|&p| {
            let d = district[p] as usize;
            (nearest[d], d, from_centre(seeds[p]), p)
        });
        let mut hexagons: Vec<Vec<u32>> = vec![Vec::new(); n];
        for (hexagon, &patch) in (0u32..).zip(&self.owner) {
            hexagons[patch as usize].push(hexagon);
        }
        let names = Names::new(seed);
        let mut renumbered = vec![0u32; n];
        let (mut d, mut within) = (0, 0);
        for (place, &patch) in order.iter().enumerate() {
            if place > 0 && district[order[place - 1]] != district[patch] {
                d += 1;
                within = 0;
            }
            within += 1;
            renumbered[patch] = place as u32;
            let core = self.lattice.centre(seeds[patch]);
            let mut own = std::mem::take(&mut hexagons[patch]);
            own.sort_by_key(|&h| {
                let (x, y) = self.lattice.centre(h);
                (((x - core.0).powi(2) + (y - core.1).powi(2)).to_bits(), h)
            });
            let urbanity = own.iter().map(|&h| ground.density[h as usize]).sum::<f64>()
                / own.len().max(1) as f64;
            self.patches.push(Patch {
                code: format!("BU0034{}{}", pair(d + 1), pair(within)),
                name: names.neighbourhood(d, within - 1),
                hexagons: own,
                urbanity,
            });
        }
        for owner in &mut self.owner {
            *owner = renumbered[*owner as usize];
        }
    }

    /// A district for each patch: patches grown together from a share of them.
    fn districts(&self, seed: u64, seeds: &[u32]) -> Vec<u32> {
        let n = seeds.len();
        let mut near: Vec<Vec<u32>> = vec![Vec::new(); n];
        for (hexagon, &own) in (0u32..).zip(&self.owner) {
            for other in self.lattice.neighbours(hexagon) {
                if other != NONE && self.owner[other as usize] != own {
                    near[own as usize].push(self.owner[other as usize]);
                }
            }
        }
        for list in &mut near {
            list.sort_unstable();
            list.dedup();
        }
        let wanted = ((n as f64 / PER_DISTRICT).round() as usize)
            .max(n.div_ceil(MOST_PER_LEVEL / 2))
            .clamp(1, MOST_PER_LEVEL - 1);
        let mut random = Domain::Districts.stream(seed, 0);
        let mut all: Vec<(u64, u32)> = (0..n as u32).map(|p| (random.random(), p)).collect();
        all.sort_unstable();
        let mut chosen: Vec<u32> = all.iter().take(wanted).map(|(_, p)| *p).collect();
        chosen.sort_unstable();
        grow(
            n,
            &chosen,
            |patch, out| out.extend_from_slice(&near[patch as usize]),
            |_| 1,
        )
    }

    /// The neighbourhood whose hexagon has its middle nearest to a point.
    pub(super) fn neighbourhood_at(&self, x: f64, y: f64) -> u32 {
        let nearest = (0..self.lattice.len() as u32).min_by_key(|&h| {
            let (u, v) = self.lattice.centre(h);
            ((x - u).powi(2) + (y - v).powi(2)).to_bits()
        });
        nearest.map_or(0, |h| self.owner[h as usize])
    }

    /// The neighbourhoods that share a border with one, in order.
    pub(super) fn beside(&self, neighbourhood: u32) -> Vec<u32> {
        let own = self.patches[neighbourhood as usize].hexagons.iter();
        let mut found: Vec<u32> = own
            .flat_map(|&h| self.lattice.neighbours(h))
            .filter(|&h| h != NONE)
            .map(|h| self.owner[h as usize])
            .filter(|&other| other != neighbourhood)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether a neighbourhood may have an address within `radius` of a point.
    pub(super) fn reaches(&self, neighbourhood: u32, (x, y): Point, radius: f64) -> bool {
        let far = radius + 1.5 * self.lattice.side();
        self.patches[neighbourhood as usize]
            .hexagons
            .iter()
            .any(|&h| {
                let (u, v) = self.lattice.centre(h);
                (x - u).hypot(y - v) <= far
            })
    }

    /// The shapes of the neighbourhoods.
    pub(super) fn shapes(&self, workers: &Workers) -> Result<Vec<MultiPolygon<f64>>> {
        workers.map(self.patches.len(), |i| {
            let rings = self.lattice.rings(&self.patches[i].hexagons, |h| {
                self.owner[h as usize] == i as u32
            });
            let (outer, holes): (Vec<_>, Vec<_>) =
                rings.into_iter().partition(|ring| turning(ring) > 0.0);
            let close = |ring: Vec<Point>| LineString::from(ring);
            // A patch hangs together, so it has one outer ring.
            let outer = outer.into_iter().next().unwrap_or_default();
            MultiPolygon::new(vec![Polygon::new(
                close(outer),
                holes.into_iter().map(close).collect(),
            )])
        })
    }
}

/// Twice the signed area of a ring: positive when it runs counter-clockwise.
fn turning(ring: &[Point]) -> f64 {
    let origin = ring.first().copied().unwrap_or((0.0, 0.0));
    ring.iter()
        .zip(ring.iter().cycle().skip(1))
        .map(|(a, b)| (a.0 - origin.0) * (b.1 - origin.1) - (b.0 - origin.0) * (a.1 - origin.1))
        .sum()
}

/// Two characters for a number: digits below a hundred, then a letter and a letter or digit, as
/// the national codes do when they run out of digits.
fn pair(number: usize) -> String {
    if number < 100 {
        return format!("{number:02}");
    }
    let rest = number - 100;
    let sign = |v: usize| {
        char::from_digit(v as u32, 36)
            .unwrap_or('0')
            .to_ascii_uppercase()
    };
    format!("{}{}", sign(10 + rest / 36), sign(rest % 36))
}

/// A main centre in the middle and four smaller ones around it.
fn centres(seed: u64, lattice: &Lattice) -> Vec<Point> {
    let mut random = Domain::Centres.stream(seed, 0);
    let (x, y) = (145_500.0, 485_000.0);
    let mut out = vec![(
        x + 800.0 * (random.random::<f64>() - 0.5),
        y + 800.0 * (random.random::<f64>() - 0.5),
    )];
    for (east, north) in [
        (4_000.0, 1_800.0),
        (-3_800.0, -1_500.0),
        (1_500.0, -3_600.0),
        (-2_500.0, 3_000.0),
    ] {
        out.push((
            x + east + 1_200.0 * (random.random::<f64>() - 0.5),
            y + north + 1_200.0 * (random.random::<f64>() - 0.5),
        ));
    }
    // On the middle of a hexagon, so that a centre lies in exactly one neighbourhood.
    for centre in &mut out {
        let distance = |h: u32| {
            let (x, y) = lattice.centre(h);
            (x - centre.0).powi(2) + (y - centre.1).powi(2)
        };
        let nearest = (0..lattice.len() as u32).min_by_key(|&h| distance(h).to_bits());
        *centre = lattice.centre(nearest.unwrap_or(0));
    }
    out
}

/// How built-up each hexagon is.
#[derive(Debug)]
struct Ground {
    density: Vec<f64>,
    cost: Vec<u64>,
}

impl Ground {
    fn new(seed: u64, lattice: &Lattice, centres: &[Point], workers: &Workers) -> Result<Self> {
        let pieces = workers.map_ranges(lattice.len(), 4_096, |range| {
            let mut random = Domain::Ground.stream(seed, range.start as u64);
            range
                .map(|h| {
                    let (x, y) = lattice.centre(h as u32);
                    let mut density = 0.12;
                    for (rank, (cx, cy)) in centres.iter().enumerate() {
                        let (weight, reach) = if rank == 0 {
                            (1.5, 1_800.0)
                        } else {
                            (0.9, 1_300.0)
                        };
                        let far = ((x - cx).powi(2) + (y - cy).powi(2)) / (reach * reach);
                        density += weight / (1.0 + far).powi(2);
                    }
                    let rough = 0.5 + random.random::<f64>();
                    (density, (1_000.0 * density.sqrt() * rough) as u64 + 1)
                })
                .collect::<Vec<_>>()
        })?;
        let (density, cost) = pieces.into_iter().flatten().unzip();
        Ok(Self { density, cost })
    }

    /// Chooses `n` different hexagons, more of them where it is built-up.
    fn draw_seeds(&self, seed: u64, n: usize) -> Vec<u32> {
        let mut random = Domain::Seeds.stream(seed, 0);
        // The n greatest of u^(1/w) are a sample without replacement with weights w (Efraimidis
        // and Spirakis 2006); the logarithm keeps the order.
        let mut keys: Vec<(f64, u32)> = (0u32..)
            .zip(&self.density)
            .map(|(h, w)| ((1.0 - random.random::<f64>()).ln() / w, h))
            .collect();
        keys.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut chosen: Vec<u32> = keys.into_iter().take(n).map(|(_, h)| h).collect();
        chosen.sort_unstable();
        chosen
    }

    fn grow(&self, lattice: &Lattice, seeds: &[u32]) -> Vec<u32> {
        grow(
            lattice.len(),
            seeds,
            |h, out| out.extend(lattice.neighbours(h).into_iter().filter(|o| *o != NONE)),
            |h| self.cost[h as usize],
        )
    }
}

/// For each patch the hexagon nearest to its centre of gravity.
fn middles(lattice: &Lattice, owner: &[u32], n: usize) -> Vec<u32> {
    let mut sum = vec![(0.0, 0.0, 0.0); n];
    for (h, &patch) in (0u32..).zip(owner) {
        let (x, y) = lattice.centre(h);
        let s = &mut sum[patch as usize];
        *s = (s.0 + x, s.1 + y, s.2 + 1.0);
    }
    let mut best = vec![(f64::INFINITY, 0); n];
    for (h, &patch) in (0u32..).zip(owner) {
        let (x, y) = lattice.centre(h);
        let s = sum[patch as usize];
        let distance = (x - s.0 / s.2).powi(2) + (y - s.1 / s.2).powi(2);
        let b = &mut best[patch as usize];
        if distance < b.0 {
            *b = (distance, h);
        }
    }
    best.into_iter().map(|(_, h)| h).collect()
}
