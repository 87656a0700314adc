//! The shapes of windows.

use std::f64::consts::PI;

use crate::error::{Error, Result};

/// Which windows are laid around every place.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum ScanShape {
    /// Discs.
    #[default]
    Circle,
    /// Discs, and ellipses 1.5, 2, 3, 4 and 5 times as long as wide in 4, 6, 9, 12 and 15
    /// directions (Kulldorff, Huang, Pickle & Duczmal 2006). The ratio of a window s times as long
    /// as wide is multiplied by `(4 s / (s + 1)²)^penalty`.
    Ellipse {
        /// How much length costs: 0 nothing, 0.5 some, 1 a lot.
        penalty: f64,
    },
    /// Every set of the nearest units that holds the one in the middle and hangs together by the
    /// weights that are given with `weights` (Tango & Takahashi 2005). Finds clusters along
    /// a street or around a park, and overstates what it finds: with so many forms there is always
    /// one that fits.
    Flexible {
        /// How many units a window holds at most, from 2 to 20; 10 to 15 is usual, and each more
        /// doubles the work.
        most: usize,
    },
    /// Flexible windows of units that each stand out: a unit may join a window with more cases only
    /// if as many, by chance, are seldom enough (Tango & Takahashi 2012). With count c,
    /// `P(X > c) + ½ P(X = c)` is below `below`; for a window with fewer, `P(X < c) + ½ P(X = c)`.
    /// X is Poisson with the expected count of the unit; among people who are cases or not,
    /// binomial; where reports come in series, their count given all reports, which is
    /// beta-binomial. What only links busy units no longer enlarges a cluster, and each map of
    /// chance has windows of its own.
    Restricted {
        /// How many units a window holds at most, from 2 to 20, the nearest of those that stand
        /// out and hang together.
        most: usize,
        /// Mid-p below which a unit may join, above 0 and at most 0.5; 0.2 is usual.
        below: f64,
    },
}

/// Lengths by widths, and the number of directions of each.
const ELLIPSES: [(f64, u32); 5] = [(1.5, 4), (2.0, 6), (3.0, 9), (4.0, 12), (5.0, 15)];

/// One shape, in one direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Outline {
    /// Length by width.
    pub(super) ratio: f64,
    /// Of the long axis, in radians from east to north.
    pub(super) angle: f64,
    /// What the log likelihood ratio is multiplied by.
    pub(super) penalty: f64,
    sine: f64,
    cosine: f64,
}

impl Outline {
    fn new(ratio: f64, angle: f64, penalty: f64) -> Self {
        let (sine, cosine) = angle.sin_cos();
        Self {
            ratio,
            angle,
            penalty,
            sine,
            cosine,
        }
    }

    /// The square of half the width of the outline around (0, 0) that passes through a place.
    pub(super) fn reach(&self, x: f64, y: f64) -> f64 {
        if self.ratio == 1.0 {
            // No rotation: places at one distance stay so.
            return x * x + y * y;
        }
        let along = (x * self.cosine + y * self.sine) / self.ratio;
        let across = y * self.cosine - x * self.sine;
        along * along + across * across
    }
}

impl ScanShape {
    /// The shape of that name; `penalty` serves the ellipse, `most` what is flexible, `below` what
    /// is restricted.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str, penalty: f64, most: usize, below: f64) -> Result<Self> {
        match name {
            "circle" => Ok(Self::Circle),
            "ellipse" => Ok(Self::Ellipse { penalty }),
            "flexible" => Ok(Self::Flexible { most }),
            "restricted" => Ok(Self::Restricted { most, below }),
            other => {
                let expected = "circle, ellipse, flexible or restricted";
                Err(Error::parameter("shape", other, expected))
            }
        }
    }

    /// Its outlines, the disc first.
    pub(super) fn outlines(self) -> Result<Vec<Outline>> {
        if let Self::Flexible { most } | Self::Restricted { most, .. } = self
            && !(2..=20).contains(&most)
        {
            return Err(Error::parameter("max_units", most, "2 to 20"));
        }
        if let Self::Restricted { below, .. } = self
            && !(below > 0.0 && below <= 0.5)
        {
            let expected = "a mid-p above 0, at most 0.5; 0.2 is usual";
            return Err(Error::parameter("restriction", below, expected));
        }
        let mut out = vec![Outline::new(1.0, 0.0, 1.0)];
        if let Self::Ellipse { penalty } = self {
            if !(penalty >= 0.0 && penalty.is_finite()) {
                let expected = "0 for none, 0.5 for some, 1 for a strong one";
                return Err(Error::parameter("penalty", penalty, expected));
            }
            for (ratio, directions) in ELLIPSES {
                let factor = (4.0 * ratio / (ratio + 1.0).powi(2)).powf(penalty);
                out.extend((0..directions).map(|k| {
                    let angle = PI * f64::from(k) / f64::from(directions);
                    Outline::new(ratio, angle, factor)
                }));
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ellipses_have_their_axes_and_penalties() {
        let outlines = ScanShape::Ellipse { penalty: 1.0 }.outlines().unwrap();
        assert_eq!(outlines.len(), 1 + 4 + 6 + 9 + 12 + 15);
        let upright = outlines
            .iter()
            .find(|o| o.ratio == 2.0 && (o.angle - 0.5 * PI).abs() < 1e-12)
            .unwrap();
        assert!((upright.reach(0.0, 6.0) - 9.0).abs() < 1e-12);
        assert!((upright.reach(3.0, 0.0) - 9.0).abs() < 1e-12);
        assert!((upright.penalty - 8.0 / 9.0).abs() < 1e-15);
        // To the north-east: three by three along, and one step of each across.
        let oblique = outlines
            .iter()
            .find(|o| o.ratio == 1.5 && (o.angle - 0.25 * PI).abs() < 1e-12)
            .unwrap();
        for (x, y, reach) in [(3.0, 3.0, 8.0), (-3.0, 3.0, 18.0), (2.0, 4.0, 10.0)] {
            assert!((oblique.reach(x, y) - reach).abs() < 1e-12);
        }
    }

    #[test]
    fn shapes_have_names_and_settings_that_make_sense() {
        for shape in [
            ScanShape::Circle,
            ScanShape::Ellipse { penalty: 0.0 },
            ScanShape::Flexible { most: 2 },
            ScanShape::Flexible { most: 20 },
            ScanShape::Restricted {
                most: 20,
                below: 0.5,
            },
        ] {
            let (name, penalty, most, below) = match shape {
                ScanShape::Circle => ("circle", 1.0, 9, 0.2),
                ScanShape::Ellipse { penalty } => ("ellipse", penalty, 9, 0.2),
                ScanShape::Flexible { most } => ("flexible", 1.0, most, 0.2),
                ScanShape::Restricted { most, below } => ("restricted", 1.0, most, below),
            };
            let named = ScanShape::named(name, penalty, most, below).unwrap();
            assert_eq!(named, shape);
            let outlines = shape.outlines().unwrap();
            assert_eq!(outlines[0], Outline::new(1.0, 0.0, 1.0));
            assert_eq!(outlines.len(), if name == "ellipse" { 47 } else { 1 });
        }
        assert!(ScanShape::named("square", 1.0, 9, 0.2).is_err());
        for penalty in [-1.0, f64::INFINITY, f64::NAN] {
            assert!(ScanShape::Ellipse { penalty }.outlines().is_err());
        }
        for (most, below) in [(1, 0.2), (21, 0.2), (9, 0.0), (9, 0.6), (9, f64::NAN)] {
            assert!(ScanShape::Restricted { most, below }.outlines().is_err());
        }
        for most in [1, 21] {
            assert!(ScanShape::Flexible { most }.outlines().is_err());
        }
    }
}
