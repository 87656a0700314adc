//! How a kernel spreads over streets.

use super::super::along::mass_upto;
use super::super::kernel::Kernel;
use super::lixels::Lixels;
use super::split::Split;
use super::street_network::StreetNetwork;

/// Paths that carry less than this share of an incident are not followed further.
const LEAST: f64 = 1e-5;
/// Ends of streets that the paths of one incident arrive at, at most: round a ring without side
/// streets a wide kernel would go for ever.
const MOST_ARRIVALS: u32 = 1 << 20;
/// Metres from a node at which an incident lies on it.
const TOUCH: f64 = 1e-6;

/// Where the mass of some incidents went.
pub(super) struct Tally {
    /// The weight of the incident that is being spread.
    weight: f64,
    /// On each piece of street.
    mass: Vec<f64>,
    /// Pieces that hold something, in the order in which they were first reached.
    reached: Vec<usize>,
    /// Beyond dead ends.
    pub(super) beyond: f64,
    /// On paths that were not followed.
    pub(super) unfollowed: f64,
}

impl Tally {
    pub(super) fn new(pieces: usize) -> Self {
        Self {
            weight: 1.0,
            mass: vec![0.0; pieces],
            reached: Vec::new(),
            beyond: 0.0,
            unfollowed: 0.0,
        }
    }

    fn add(&mut self, piece: usize, share: f64) {
        if self.mass[piece] == 0.0 {
            self.reached.push(piece);
        }
        self.mass[piece] += self.weight * share;
    }

    /// The pieces that hold something, ascending, with what they hold.
    pub(super) fn held(mut self) -> Vec<(usize, f64)> {
        self.reached.sort_unstable();
        self.reached.dedup();
        let held = self.reached.iter();
        held.map(|&piece| (piece, self.mass[piece])).collect()
    }
}

/// A kernel under way: it arrived at an end of a street.
struct Arrival {
    street: u32,
    end: usize,
    /// Metres from the incident.
    far: f64,
    /// Share of the kernel that came this way.
    share: f64,
}

/// A kernel on a network.
pub(super) struct Paths<'a> {
    pub(super) network: &'a StreetNetwork,
    pub(super) lixels: &'a Lixels,
    pub(super) kernel: Kernel,
    pub(super) bandwidth: f64,
    pub(super) split: Split,
}

impl Paths<'_> {
    /// Spreads an incident over the streets in reach.
    pub(super) fn spread(&self, street: u32, along: f64, weight: f64, tally: &mut Tally) {
        tally.weight = weight;
        let length = self.length(street);
        let mut under_way = Vec::new();
        let to_ends = [along, length - along];
        if let Some(end) = to_ends.iter().position(|far| *far <= TOUCH) {
            // On a node it lies on each of the streets there as much as on any other.
            let meeting = self.network.meeting(street, end);
            let mut share = 2.0 / meeting.len() as f64;
            if meeting.len() == 1 && self.split == Split::Discontinuous {
                tally.beyond += 0.5 * weight;
                share = 1.0;
            }
            for &(street, end) in meeting {
                self.enter(street, end, 0.0, share, tally, &mut under_way);
            }
        } else {
            self.lay(street, (0.0, along), true, 0.0, 1.0, tally);
            self.lay(street, (along, length), false, 0.0, 1.0, tally);
            under_way.extend([0, 1].map(|end| Arrival {
                street,
                end,
                far: to_ends[end],
                share: 1.0,
            }));
        }
        let mut arrivals = 0;
        while let Some(arrival) = under_way.pop() {
            arrivals += 1;
            if arrivals > MOST_ARRIVALS {
                tally.unfollowed += weight * arrival.share.abs() * self.left(&arrival);
            } else {
                self.pass(&arrival, tally, &mut under_way);
            }
        }
    }

    /// The part of a kernel that lies beyond the node at which it arrived.
    fn left(&self, arrival: &Arrival) -> f64 {
        1.0 - mass_upto(self.kernel, arrival.far / self.bandwidth)
    }

    /// Lets a kernel pass the node at which it arrived.
    fn pass(&self, arrival: &Arrival, tally: &mut Tally, under_way: &mut Vec<Arrival>) {
        let &Arrival {
            street,
            end,
            far,
            share,
        } = arrival;
        let left = self.left(arrival);
        if left <= 0.0 {
            return;
        }
        let meeting = self.network.meeting(street, end);
        let streets = meeting.len() as f64;
        let (onward, back) = match self.split {
            Split::Discontinuous => (1.0 / (streets - 1.0), 0.0),
            Split::Continuous => (2.0 / streets, 2.0 / streets - 1.0),
        };
        if meeting.len() == 1 && self.split == Split::Discontinuous {
            tally.beyond += tally.weight * share * left;
            return;
        }
        for &(next, from) in meeting {
            let same = (next, from) == (street, end);
            let share = share * if same { back } else { onward };
            if share.abs() >= LEAST {
                self.enter(next, from, far, share, tally, under_way);
            } else {
                tally.unfollowed += tally.weight * share.abs() * left;
            }
        }
    }

    /// Sends a kernel into a street from one of its ends.
    fn enter(
        &self,
        street: u32,
        end: usize,
        far: f64,
        share: f64,
        tally: &mut Tally,
        under_way: &mut Vec<Arrival>,
    ) {
        let length = self.length(street);
        self.lay(street, (0.0, length), end == 1, far, share, tally);
        under_way.push(Arrival {
            street,
            end: 1 - end,
            far: far + length,
            share,
        });
    }

    /// Lays a kernel on a part of a street that it runs along, forwards or backwards, having come
    /// so far.
    fn lay(
        &self,
        street: u32,
        (from, to): (f64, f64),
        backwards: bool,
        far: f64,
        share: f64,
        tally: &mut Tally,
    ) {
        let reach = self.bandwidth - far;
        let (low, high) = if backwards {
            (from.max(to - reach), to)
        } else {
            (from, to.min(from + reach))
        };
        if low >= high {
            return;
        }
        let street = street as usize;
        let (first, length) = (self.lixels.of(street).start, self.lixels.length[street]);
        let upto = |along: f64| {
            let way = if backwards { to - along } else { along - from };
            mass_upto(self.kernel, (far + way) / self.bandwidth)
        };
        let last = self.lixels.at(street, high);
        let mut before = upto(low);
        for piece in self.lixels.at(street, low)..=last {
            let end = if piece == last {
                high
            } else {
                (piece + 1 - first) as f64 * length
            };
            let now = upto(end);
            tally.add(piece, share * (now - before).abs());
            before = now;
        }
    }

    fn length(&self, street: u32) -> f64 {
        self.network.streets[street as usize].length()
    }
}
