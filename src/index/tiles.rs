//! Which squares does an incident lie in, and which does it reach?

use crate::error::{Error, Fault, Result};

/// Squares of the plane, each with the incidents around it within reach: its *halo*.
///
/// With them a question about close pairs is answered square by square, each in a process of its
/// own: the incidents of a square are its own, those of the halo are only looked at. Squares begin
/// at the origin of the coordinates, so that the same incident is dealt to the same squares in
/// every part of the input.
///
/// ```
/// use brandpunt::index::Tiles;
///
/// # fn main() -> brandpunt::Result<()> {
/// let dealt = Tiles::new(1_000.0, 200.0)?.deal(&[500.0, 900.0], &[500.0, 500.0])?;
/// assert_eq!(dealt.incident, [0, 1, 1]);
/// assert_eq!(dealt.column, [0, 0, 1]);
/// assert_eq!(dealt.own, [true, true, false]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tiles {
    side: f64,
    reach: f64,
}

/// Incidents dealt to squares: one row per incident and square, the rows of an incident together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Dealt {
    /// The position of the incident.
    pub incident: Vec<u32>,
    /// The column of the square, counted from the origin.
    pub column: Vec<i64>,
    /// The row of the square.
    pub row: Vec<i64>,
    /// Whether it lies in the square, and not in its halo.
    pub own: Vec<bool>,
}

impl Tiles {
    /// Squares of this side, with halos as wide as the reach, both in the unit of the coordinates.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless the reach is finite and not negative, and the side finite,
    /// above 0 and at least the reach, so that no incident comes to more than nine squares.
    pub fn new(side: f64, reach: f64) -> Result<Self> {
        if !(reach >= 0.0 && reach.is_finite()) {
            return Err(Error::parameter(
                "reach",
                reach,
                "a finite number from 0 on",
            ));
        }
        if !(side > 0.0 && side >= reach && side.is_finite()) {
            let expected = format!("a finite number above 0 and at least the reach, {reach}");
            return Err(Error::parameter("side", side, expected));
        }
        Ok(Self { side, reach })
    }

    /// Deals incidents to the squares they lie in or reach, in time and memory in proportion.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless there is a y for each x.
    pub fn deal(&self, x: &[f64], y: &[f64]) -> Result<Dealt> {
        if x.len() != y.len() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "{} x and {} y; give one of each per incident",
                    x.len(),
                    y.len()
                ),
            ));
        }
        let mut out = Dealt::default();
        for (incident, (&x, &y)) in (0u32..).zip(x.iter().zip(y)) {
            let (own_column, columns) = self.along(x);
            let (own_row, rows) = self.along(y);
            for row in rows.0..=rows.1 {
                for column in columns.0..=columns.1 {
                    out.incident.push(incident);
                    out.column.push(column);
                    out.row.push(row);
                    out.own.push((column, row) == (own_column, own_row));
                }
            }
        }
        Ok(out)
    }

    /// Along one axis, the square of a coordinate, and the first and last that it reaches.
    fn along(&self, at: f64) -> (i64, (i64, i64)) {
        // What rounding takes from a difference of coordinates must not take a partner away.
        let reach = self.reach + 1e-9 * at.abs().max(self.side);
        let square = |at: f64| (at / self.side).floor() as i64;
        (square(at), (square(at - reach), square(at + reach)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Each incident has one square of its own, and comes to that of every partner in reach.
        #[test]
        fn the_square_of_an_incident_sees_all_within_reach(
            places in prop::collection::vec((-40i32..40, -40i32..40), 1..30),
            reach in 0u8..12,
            more in 1u8..9,
        ) {
            let reach = f64::from(reach);
            let (x, y): (Vec<f64>, Vec<f64>) =
                places.iter().map(|p| (f64::from(p.0), f64::from(p.1))).unzip();
            let dealt = Tiles::new(reach + f64::from(more), reach).unwrap().deal(&x, &y).unwrap();
            let rows = || (0..dealt.own.len()).map(|k| (dealt.incident[k] as usize, k));
            let square = |k: usize| (dealt.column[k], dealt.row[k]);
            for i in 0..x.len() {
                let own: Vec<_> = rows().filter(|(at, k)| *at == i && dealt.own[*k]).collect();
                prop_assert_eq!(own.len(), 1);
                for j in 0..x.len() {
                    if (x[i] - x[j]).hypot(y[i] - y[j]) <= reach {
                        let comes = rows().any(|(at, k)| at == j && square(k) == square(own[0].1));
                        prop_assert!(comes, "{} does not come to {}", j, i);
                    }
                }
            }
            prop_assert!(dealt.own.len() <= 9 * x.len());
        }
    }

    #[test]
    fn sides_shorter_than_the_reach_are_refused() {
        for (side, reach) in [
            (100.0, 101.0),
            (0.0, 0.0),
            (f64::INFINITY, 1.0),
            (1.0, f64::NAN),
        ] {
            assert!(Tiles::new(side, reach).is_err(), "{side} {reach}");
        }
        assert!(Tiles::new(1.0, 0.0).unwrap().deal(&[1.0], &[]).is_err());
    }
}
