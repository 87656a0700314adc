//! Drawing the incidents.

use rand::RngExt;

use super::addresses::address;
use super::calendar::{Calendar, KINDS};
use super::city::SyntheticCity;
use super::lattice::Point;
use super::people::People;
use super::plan::{Domain, Plan};
use super::truth::{PlantedHotspot, Truth};
use crate::error::Result;
use crate::model::{Categories, Crs, Incidents, TextColumn, Times, Zone};
use crate::parallel::Workers;
use crate::random::Stream;

/// Incidents drawn from one stream.
const PIECE: usize = 8_192;
/// One address in so many is the scene of repeats.
const ADDRESSES_PER_SCENE: u32 = 40;

/// One incident before it becomes a row.
#[derive(Debug, Clone, Copy)]
struct Draw {
    /// Seconds since 1970 (UTC).
    time: i64,
    /// Coordinates in decimetres.
    x: i32,
    y: i32,
    kind: u8,
    misplaced: bool,
    follow_up: bool,
}

/// Everything that draws need to know about the city.
pub(super) struct Scene<'a> {
    options: &'a SyntheticCity,
    plan: &'a Plan,
    people: &'a [People],
    calendar: &'a Calendar,
    /// For each kind the running sums over neighbourhoods of how often it happens there.
    neighbourhoods: Vec<Vec<f64>>,
    /// 1, 1 + 1/2, 1 + 1/2 + 1/3, …: how often the scenes of repeats are chosen.
    scenes: Vec<f64>,
    /// For each kind the incidents of an ordinary city, then for each hotspot those on top.
    sources: Vec<f64>,
    planted: Vec<Planted>,
    truth: Truth,
}

/// A planted hotspot, ready to draw from.
struct Planted {
    kind: usize,
    from_day: usize,
    /// Addresses inside.
    addresses: Vec<(u32, u32)>,
    /// The running sums of their weights.
    sums: Vec<f64>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        options: &'a SyntheticCity,
        plan: &'a Plan,
        people: &'a [People],
        calendar: &'a Calendar,
    ) -> Self {
        let n = people.len();
        let mut random = Domain::Weights.stream(options.seed, 0);
        let risk: Vec<f64> = (0..n)
            .map(|_| {
                let deviate = (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
                (options.unevenness * deviate).exp()
            })
            .collect();
        let residents: f64 = people.iter().map(|p| p.residents).sum();
        let mean = people
            .iter()
            .zip(&risk)
            .map(|(p, r)| p.residents * r)
            .sum::<f64>()
            / residents;
        let risk: Vec<f64> = risk.iter().map(|r| r / mean).collect();
        let neighbourhoods = KINDS
            .iter()
            .map(|kind| {
                let weight = |(p, r): (&People, &f64)| {
                    r * if kind.by_youths {
                        p.youths
                    } else {
                        p.residents
                    }
                };
                running(people.iter().zip(&risk).map(weight))
            })
            .collect();
        let most = people.iter().map(|p| p.addresses).max().unwrap_or(1);
        let scenes = running((1..=most / ADDRESSES_PER_SCENE + 1).map(|j| 1.0 / f64::from(j)));
        let mut scene = Self {
            options,
            plan,
            people,
            calendar,
            neighbourhoods,
            scenes,
            sources: KINDS.iter().map(|k| k.share).collect(),
            planted: Vec::new(),
            truth: Truth {
                neighbourhood_risk: risk,
                ..Truth::default()
            },
        };
        if options.misplaced > 0.0 {
            scene.truth.geocoding_defaults = scene.defaults();
        }
        scene.plant();
        scene.sources = running(scene.sources.iter().copied());
        scene
    }

    /// The police station in the main centre and the town hall in another.
    fn defaults(&self) -> Vec<Point> {
        let of = |rank: usize, number: u32| {
            let (x, y) = self.plan.centres[rank];
            let home = self.plan.neighbourhood_at(x, y);
            address(self.options.seed, self.plan, home, number)
        };
        vec![of(0, 0), of(1, 0)]
    }

    /// Chooses places for the hotspots and what happens there.
    fn plant(&mut self) {
        const KIND: [usize; 6] = [0, 1, 0, 2, 1, 0];
        const RISK: [f64; 6] = [6.0, 5.0, 5.0, 5.0, 4.0, 8.0];
        const YEARS_ON: [usize; 6] = [0, 0, 5, 0, 6, 0];
        // Some hotspots cover a few neighbourhoods, some only the one they are in.
        const SPREAD: [f64; 6] = [2.2, 2.2, 1.6, 2.2, 1.0, 1.0];
        for (rank, home) in self.homes().into_iter().enumerate() {
            let turn = rank % KIND.len();
            let (kind, risk, from_day) = (
                KIND[turn],
                RISK[turn],
                self.calendar.first_day(YEARS_ON[turn]),
            );
            self.plant_one(home, kind, risk, from_day, SPREAD[turn]);
        }
    }

    /// Neighbourhoods with people enough to hold a hotspot, far from each other; where there is a
    /// choice, with people in most neighbourhoods beside them too.
    fn homes(&self) -> Vec<u32> {
        let mut random = Domain::Hotspots.stream(self.options.seed, 0);
        let lived_in = |i: u32, least: f64| {
            let people = &self.people[i as usize];
            people.published && people.residents >= least
        };
        let company = |i: u32| {
            let beside = self.plan.beside(i);
            let lived = beside
                .iter()
                .filter(|&&other| lived_in(other, 200.0))
                .count();
            5 * lived >= 4 * beside.len()
        };
        let keys = (0..self.people.len() as u32).map(|i| (random.random::<u64>(), i));
        let (first, second): (Vec<_>, Vec<_>) = keys
            .filter(|&(_, i)| lived_in(i, 600.0))
            .partition(|&(_, i)| company(i));
        let mut candidates = first;
        if candidates.len() < 3 * self.options.hotspots {
            candidates.extend(second);
        }
        candidates.sort_unstable();
        let mut chosen: Vec<u32> = Vec::new();
        let mut apart = 3_000.0;
        while chosen.len() < self.options.hotspots && apart > 1.0 {
            for &(_, i) in &candidates {
                let (x, y) = self.core(i);
                let far = chosen.iter().all(|&c| {
                    let (u, v) = self.core(c);
                    (x - u).hypot(y - v) >= apart
                });
                if far && chosen.len() < self.options.hotspots {
                    chosen.push(i);
                }
            }
            apart /= 2.0;
        }
        chosen
    }

    fn core(&self, neighbourhood: u32) -> Point {
        let hexagons = &self.plan.patches[neighbourhood as usize].hexagons;
        self.plan.lattice.centre(hexagons[0])
    }

    fn addresses_of(&self, neighbourhood: u32) -> impl Iterator<Item = (u32, Point)> {
        (0..self.people[neighbourhood as usize].addresses)
            .map(move |k| (k, address(self.options.seed, self.plan, neighbourhood, k)))
    }

    fn plant_one(&mut self, home: u32, kind: usize, risk: f64, from_day: usize, spread: f64) {
        let own: Vec<Point> = self.addresses_of(home).map(|(_, p)| p).collect();
        let count = own.len() as f64;
        let x = (own.iter().map(|p| p.0).sum::<f64>() / count).round();
        let y = (own.iter().map(|p| p.1).sum::<f64>() / count).round();
        let mut distances: Vec<f64> = own.iter().map(|p| (p.0 - x).hypot(p.1 - y)).collect();
        distances.sort_by(f64::total_cmp);
        let nine_in_ten = distances[(0.9 * count) as usize];
        let radius = ((spread * nine_in_ten / 10.0).ceil() * 10.0).clamp(50.0, 1_500.0);
        let mut planted = Planted {
            kind,
            from_day,
            addresses: Vec::new(),
            sums: Vec::new(),
        };
        let mut weights = Vec::new();
        let mut codes = Vec::new();
        for i in 0..self.people.len() as u32 {
            if !self.plan.reaches(i, (x, y), radius) {
                continue;
            }
            let shares = self.address_shares(i, kind);
            let weight = step(&self.neighbourhoods[kind], i as usize);
            let mut inside = 0usize;
            for (k, (px, py)) in self.addresses_of(i) {
                if (px - x).hypot(py - y) <= radius {
                    inside += 1;
                    planted.addresses.push((i, k));
                    weights.push(weight * shares[k as usize]);
                }
            }
            if 2 * inside >= shares.len() {
                codes.push(self.plan.patches[i as usize].code.clone());
            }
        }
        planted.sums = running(weights);
        let usual = last(&planted.sums) / last(&self.neighbourhoods[kind]);
        let excess =
            (risk - 1.0) * usual * KINDS[kind].share * self.calendar.share_from(kind, from_day);
        self.sources.push(excess);
        self.planted.push(planted);
        self.truth.hotspots.push(PlantedHotspot {
            category: KINDS[kind].label.to_owned(),
            x,
            y,
            radius,
            relative_risk: risk,
            from: self.calendar.start_of_day(from_day),
            neighbourhoods: codes,
        });
    }

    /// How many scenes of repeats a neighbourhood has.
    fn scenes_of(&self, neighbourhood: usize) -> usize {
        (self.people[neighbourhood].addresses / ADDRESSES_PER_SCENE + 1) as usize
    }

    /// The address of a scene of repeats; each kind of incident has its own.
    fn scene_address(&self, neighbourhood: usize, kind: usize, scene: usize) -> u32 {
        let addresses = self.people[neighbourhood].addresses;
        (scene as u32 * 37 + kind as u32 * 13) % addresses
    }

    /// The share of a neighbourhood's incidents of a kind at each of its addresses.
    fn address_shares(&self, neighbourhood: u32, kind: usize) -> Vec<f64> {
        let i = neighbourhood as usize;
        let addresses = self.people[i].addresses;
        let repeats = self.options.repeats;
        let mut shares = vec![(1.0 - repeats) / f64::from(addresses); addresses as usize];
        let scenes = self.scenes_of(i);
        for scene in 0..scenes {
            let share = step(&self.scenes, scene) / self.scenes[scenes - 1];
            shares[self.scene_address(i, kind, scene) as usize] += repeats * share;
        }
        shares
    }

    fn draw_address(&self, random: &mut Stream, kind: usize) -> (u32, u32) {
        let i = pick(&self.neighbourhoods[kind], random);
        let number = if random.random::<f64>() < self.options.repeats {
            let scene = pick(&self.scenes[..self.scenes_of(i)], random);
            self.scene_address(i, kind, scene)
        } else {
            random.random_range(0..self.people[i].addresses)
        };
        (i as u32, number)
    }

    fn draw(&self, random: &mut Stream, previous: Option<(Draw, usize)>) -> (Draw, usize) {
        if let Some(follow_up) = previous.and_then(|p| self.draw_follow_up(random, p)) {
            return follow_up;
        }
        let source = pick(&self.sources, random);
        let (kind, from, (i, number)) = match source.checked_sub(KINDS.len()) {
            None => (source, 0, self.draw_address(random, source)),
            Some(hotspot) => {
                let planted = &self.planted[hotspot];
                let place = pick(&planted.sums, random);
                (planted.kind, planted.from_day, planted.addresses[place])
            }
        };
        let day = self.calendar.draw_day(random, kind, from);
        let (x, y) = address(self.options.seed, self.plan, i, number);
        let draw = Draw {
            time: self.calendar.draw_minute(random, kind, day),
            x: (x * 10.0).round() as i32,
            y: (y * 10.0).round() as i32,
            kind: kind as u8,
            misplaced: false,
            follow_up: false,
        };
        (draw, day)
    }

    /// Sometimes the same again at the same address, within a month.
    fn draw_follow_up(
        &self,
        random: &mut Stream,
        (before, day): (Draw, usize),
    ) -> Option<(Draw, usize)> {
        // A third of the repeats come in quick succession.
        if random.random::<f64>() >= self.options.repeats / 3.0 {
            return None;
        }
        let lag = 1 + (-6.0 * (1.0 - random.random::<f64>()).ln()) as usize;
        let day = day + lag;
        if lag > 30 || day >= self.calendar.days() {
            return None;
        }
        let draw = Draw {
            time: self.calendar.draw_minute(random, before.kind as usize, day),
            follow_up: true,
            ..before
        };
        Some((draw, day))
    }

    /// Draws all incidents and puts them in order of time.
    pub(super) fn run(mut self, workers: &Workers) -> Result<(Incidents, Truth)> {
        let pieces = workers.map_ranges(self.options.incidents, PIECE, |range| {
            let mut random =
                Domain::Incidents.stream(self.options.seed, (range.start / PIECE) as u64);
            let mut previous = None;
            range
                .map(|_| {
                    let drawn = self.draw(&mut random, previous);
                    previous = Some(drawn);
                    self.misplace(&mut random, drawn.0)
                })
                .collect::<Vec<Draw>>()
        })?;
        let mut draws: Vec<Draw> = pieces.into_iter().flatten().collect();
        workers.sort_by_key(&mut draws, |d| d.time);
        self.truth.misplaced = draws.iter().filter(|d| d.misplaced).count() as u64;
        self.truth.follow_ups = draws.iter().filter(|d| d.follow_up).count() as u64;
        Ok((rows(&draws)?, self.truth))
    }

    /// Puts some incidents on a default location, two in three of them on the police station.
    fn misplace(&self, random: &mut Stream, mut draw: Draw) -> Draw {
        if self.options.misplaced > 0.0 && random.random::<f64>() < self.options.misplaced {
            let which = usize::from(random.random::<f64>() > 2.0 / 3.0);
            let (x, y) = self.truth.geocoding_defaults[which];
            draw.x = (x * 10.0).round() as i32;
            draw.y = (y * 10.0).round() as i32;
            draw.misplaced = true;
        }
        draw
    }
}

/// The columns of the drawn incidents.
fn rows(draws: &[Draw]) -> Result<Incidents> {
    let mut categories = Categories::default();
    let mut ids = TextColumn::default();
    let mut id = String::new();
    for (number, draw) in draws.iter().enumerate() {
        use std::fmt::Write;
        categories.push(KINDS[draw.kind as usize].label);
        id.clear();
        // Writing to a string cannot fail.
        let _ = write!(id, "M{:07}", number + 1);
        ids.push(&id);
    }
    let metres = |decimetres: i32| f64::from(decimetres) / 10.0;
    Incidents::builder(
        draws.iter().map(|d| metres(d.x)).collect(),
        draws.iter().map(|d| metres(d.y)).collect(),
        Crs::RD_NEW,
    )
    .time(Times::from_utc_seconds(
        draws.iter().map(|d| d.time).collect(),
        Zone::amsterdam(),
    ))
    .category(categories)
    .id(ids)
    .build()
}

/// The running sums of weights.
fn running(weights: impl IntoIterator<Item = f64>) -> Vec<f64> {
    weights
        .into_iter()
        .scan(0.0, |sum, w| {
            *sum += w;
            Some(*sum)
        })
        .collect()
}

fn last(sums: &[f64]) -> f64 {
    sums.last().copied().unwrap_or(0.0)
}

/// The weight at a place of running sums.
fn step(sums: &[f64], place: usize) -> f64 {
    sums[place] - place.checked_sub(1).map_or(0.0, |p| sums[p])
}

/// A place drawn with the weights of which `sums` are the running sums.
fn pick(sums: &[f64], random: &mut Stream) -> usize {
    let at = last(sums) * random.random::<f64>();
    sums.partition_point(|s| *s <= at).min(sums.len() - 1)
}
