//! Where the addresses are.
//!
//! A large city has millions of addresses and an incident needs one of them, so an address is not
//! stored: its place follows from the seed, the neighbourhood and its number.

use rand::RngExt;

use super::lattice::{Point, decimetres};
use super::plan::{Domain, Plan};

/// Addresses in one street.
const PER_STREET: u32 = 24;

/// Where an address of a neighbourhood lies.
pub(super) fn address(seed: u64, plan: &Plan, neighbourhood: u32, number: u32) -> Point {
    let hexagons = &plan.patches[neighbourhood as usize].hexagons;
    let street = u64::from(number / PER_STREET);
    let mut random = Domain::Street.stream(seed, u64::from(neighbourhood) << 32 | street);
    // The hexagons are sorted from the core outwards: more streets near the core.
    let place = random.random::<f64>().powf(1.5) * hexagons.len() as f64;
    let hexagon = hexagons[(place as usize).min(hexagons.len() - 1)];
    let corners = plan.lattice.hexagon(hexagon);
    let wedge = random.random_range(0..6usize);
    let triangle = [
        plan.lattice.centre(hexagon),
        corners[wedge],
        corners[(wedge + 1) % 6],
    ];
    let (from, to) = (inside(&mut random, triangle), inside(&mut random, triangle));
    let along = (f64::from(number % PER_STREET) + 0.5) / f64::from(PER_STREET);
    let middle = mix(mix(triangle[0], triangle[1], 0.5), triangle[2], 1.0 / 3.0);
    // Odd numbers stand a little further back. All of it are mixtures of points of one triangle,
    // so an address never leaves its neighbourhood.
    let back = if number % 2 == 1 { 0.2 } else { 0.04 };
    let (x, y) = mix(mix(from, to, along), middle, back);
    (decimetres(x), decimetres(y))
}

fn mix(a: Point, b: Point, share: f64) -> Point {
    (a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1))
}

/// A uniform point in a triangle.
fn inside(random: &mut crate::random::Stream, [a, b, c]: [Point; 3]) -> Point {
    let root = random.random::<f64>().sqrt();
    mix(mix(a, b, root), mix(a, c, root), random.random())
}
