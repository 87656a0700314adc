//! How much of a kernel lies inside a study area?
//!
//! By Green's theorem the mass of a radial kernel inside a polygon is a sum over its edges. Seen
//! from the centre, with p the signed distance of an edge's line and t the way along it,
//!
//! `e = [centre inside] − Σ ∫ p T(r) / (2π r²) dt`,  `r² = p² + t²`,
//!
//! where `T(r)` is the mass of the kernel beyond r. Only edges in reach count. `T` is
//! `(1 − r²)^m` for the polynomial kernels, so the integral is an angle and a polynomial, which
//! Gauss's rule integrates without error; for the Gaussian `T = exp(−r²/2)`, and what is left
//! beside the angle is smooth.

use std::f64::consts::PI;

use super::kernel::Kernel;
use crate::index::StudyArea;

/// Gauss–Legendre rule of eight points: half of the nodes, with their weights.
const GAUSS: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362_0),
    (0.525_532_409_916_329_0, 0.313_706_645_877_887_3),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_5),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_3),
];

/// Distance to the border, in bandwidths, below which a centre is moved by a few times as much:
/// on the border itself it would have no side.
const TOUCH: f64 = 1e-9;

/// The share of a kernel's mass that lies inside, to 1e-12, or 1e-8 within a billionth of a
/// bandwidth of the border.
pub(super) fn mass_inside(kernel: Kernel, bandwidth: f64, area: &StudyArea, x: f64, y: f64) -> f64 {
    let profile = match kernel {
        Kernel::Uniform => Profile::Power(0),
        Kernel::Epanechnikov => Profile::Power(1),
        Kernel::Quartic => Profile::Power(2),
        Kernel::Triweight => Profile::Power(3),
        Kernel::Triangular => Profile::Cone,
        Kernel::Gaussian => Profile::Bell,
    };
    profile.inside(bandwidth, area, x, y)
}

/// The share of the integral of a kernel's square that lies inside, as exact as
/// [`mass_inside`].
///
/// The square of `(1 − v²)^m` is `(1 − v²)^2m`, and that of a Gaussian is one with its bandwidth
/// over √2.
pub(super) fn squares_inside(
    kernel: Kernel,
    bandwidth: f64,
    area: &StudyArea,
    x: f64,
    y: f64,
) -> f64 {
    let profile = match kernel {
        Kernel::Uniform => Profile::Power(0),
        Kernel::Epanechnikov => Profile::Power(2),
        Kernel::Quartic => Profile::Power(4),
        Kernel::Triweight => Profile::Power(6),
        Kernel::Triangular => Profile::ConeSquared,
        Kernel::Gaussian => {
            let narrower = bandwidth * std::f64::consts::FRAC_1_SQRT_2;
            return Profile::Bell.inside(narrower, area, x, y);
        }
    };
    profile.inside(bandwidth, area, x, y)
}

/// What a kernel or its square is in proportion to, for a bandwidth of one.
#[derive(Clone, Copy, PartialEq)]
enum Profile {
    /// `(1 − r²)^m`
    Power(u32),
    /// `1 − r`
    Cone,
    /// `(1 − r)²`
    ConeSquared,
    /// `exp(−r²/2)`
    Bell,
}

impl Profile {
    fn reach(self) -> f64 {
        if self == Self::Bell {
            Kernel::Gaussian.reach()
        } else {
            1.0
        }
    }

    /// The share of its mass that lies inside.
    fn inside(self, bandwidth: f64, area: &StudyArea, mut x: f64, mut y: f64) -> f64 {
        let reach = self.reach() * bandwidth;
        let mut edges: Vec<Edge> = Vec::new();
        for _ in 0..4 {
            let seen = |from: [f64; 2], to: [f64; 2]| {
                let at = |p: [f64; 2]| [(p[0] - x) / bandwidth, (p[1] - y) / bandwidth];
                Edge::between(at(from), at(to))
            };
            edges.clear();
            edges.extend(
                area.border_near(x, y, reach)
                    .filter_map(|(a, b)| seen(a, b)),
            );
            if edges.iter().all(|edge| edge.distance() > TOUCH) {
                break;
            }
            x += 3.1 * TOUCH * bandwidth;
            y += 1.7 * TOUCH * bandwidth;
        }
        let outside: f64 = edges.iter().map(|edge| edge.beyond(self)).sum();
        let whole = if area.contains(x, y) { 1.0 } else { 0.0 };
        (whole - outside).clamp(0.0, 1.0)
    }
}

/// An edge as seen from the centre of a kernel, in bandwidths.
struct Edge {
    /// Distance of its line, positive when the centre lies to its left.
    p: f64,
    /// Its ends along the line, from the foot of the perpendicular.
    from: f64,
    to: f64,
}

impl Edge {
    fn between(a: [f64; 2], b: [f64; 2]) -> Option<Self> {
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let length = dx.hypot(dy);
        (length > 0.0).then(|| Self {
            p: (a[0] * dy - a[1] * dx) / length,
            from: (a[0] * dx + a[1] * dy) / length,
            to: (b[0] * dx + b[1] * dy) / length,
        })
    }

    fn distance(&self) -> f64 {
        let along = self.from.max(-self.to).max(0.0);
        self.p.hypot(along)
    }

    /// The mass that the edge keeps out, negative for an edge that lets in.
    fn beyond(&self, profile: Profile) -> f64 {
        let half = (profile.reach() * profile.reach() - self.p * self.p)
            .max(0.0)
            .sqrt();
        let (from, to) = (self.from.max(-half), self.to.min(half));
        let p2 = self.p * self.p;
        // An edge that points at the centre takes up no angle.
        if from >= to || p2 == 0.0 {
            return 0.0;
        }
        let angle = (self.p * (to - from)).atan2(p2 + from * to);
        // The integral of the distance along the edge.
        let distances = || {
            let upto = |t: f64| {
                let r = p2.sqrt().hypot(t);
                0.5 * (t * r + p2 * (t / self.p.abs()).asinh())
            };
            upto(to) - upto(from)
        };
        // (1 − T(r)) / r², integrated.
        let rest = match profile {
            // 1 − (1 − s)^(m + 1) over s is the sum of (1 − s)^k up to k = m.
            Profile::Power(degree) => gauss(from, to, |t| {
                let left = 1.0 - (p2 + t * t);
                (0..degree).fold(1.0, |sum, _| 1.0 + left * sum)
            }),
            Profile::Cone => 3.0 * (to - from) - 2.0 * distances(),
            Profile::ConeSquared => {
                let squares = gauss(from, to, |t| p2 + t * t);
                6.0 * (to - from) - 8.0 * distances() + 3.0 * squares
            }
            Profile::Bell => {
                let panels = (to - from).ceil().max(1.0);
                let width = (to - from) / panels;
                (0..panels as usize)
                    .map(|k| {
                        let start = from + k as f64 * width;
                        gauss(start, start + width, |t| {
                            let s = p2 + t * t;
                            -(-0.5 * s).exp_m1() / s
                        })
                    })
                    .sum()
            }
        };
        (angle - self.p * rest) / (2.0 * PI)
    }
}

fn gauss(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
    let pairs = GAUSS.iter();
    half * pairs
        .map(|(node, weight)| weight * (f(middle + half * node) + f(middle - half * node)))
        .sum::<f64>()
}

#[cfg(test)]
mod tests;
