//! What does a cluster look like on the map?

use geo::{Area, ConvexHull};
use geo_types::{MultiPoint, Point, Polygon};

use crate::error::{Error, Fault, Result};

/// Outline and ellipse of one cluster.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ClusterShape {
    /// Its incidents.
    pub size: u32,
    /// Mean x of its incidents.
    pub x: f64,
    /// Mean y of its incidents.
    pub y: f64,
    /// The smallest convex outline; without surface for incidents on one line.
    pub hull: Polygon<f64>,
    /// Surface of the outline in square kilometres, for coordinates in metres.
    pub hull_km2: f64,
    /// Half of the long axis of the standard deviational ellipse; NaN for fewer than three
    /// incidents.
    pub semi_major: f64,
    /// Half of its short axis.
    pub semi_minor: f64,
    /// Direction of the long axis in degrees from north by east, from 0 to below 180; NaN for a
    /// circle too.
    pub angle: f64,
}

/// The outline, centre and standard deviational ellipse of each cluster, by its number.
///
/// With `S` the matrix of the summed products of deviations from the mean of n incidents and λ its
/// eigenvalues, the ellipse has half axes `√(2 λ / (n − 2))` along the eigenvectors, as in `CrimeStat`
/// and `pointpats`.
///
/// Complexity: O(n log n).
///
/// Source: Lefever 1926, American Journal of Sociology 32:88, doi:10.1086/214027; Levine 2015,
/// `CrimeStat` IV, chapter 4.
///
/// # Errors
/// [`Fault::LengthMismatch`] unless there is one x, y and cluster per incident.
///
/// ```
/// use brandpunt::methods::clusters::cluster_shapes;
///
/// # fn main() -> brandpunt::Result<()> {
/// let (x, y) = ([0.0, 4.0, 4.0, 0.0, 9.0], [0.0, 0.0, 2.0, 2.0, 9.0]);
/// let of = [Some(0), Some(0), Some(0), Some(0), None];
/// let shapes = cluster_shapes(&x, &y, &of)?;
/// assert_eq!((shapes[0].x, shapes[0].y, shapes[0].hull_km2), (2.0, 1.0, 8e-6));
/// assert_eq!((shapes[0].semi_major, shapes[0].semi_minor), (4.0, 2.0));
/// assert_eq!(shapes[0].angle, 90.0);
/// # Ok(())
/// # }
/// ```
pub fn cluster_shapes(x: &[f64], y: &[f64], cluster: &[Option<u32>]) -> Result<Vec<ClusterShape>> {
    if x.len() != y.len() || x.len() != cluster.len() {
        return Err(Error::input(
            Fault::LengthMismatch,
            format!(
                "{} x, {} y and {} clusters; give one of each per incident",
                x.len(),
                y.len(),
                cluster.len()
            ),
        ));
    }
    let clusters = cluster
        .iter()
        .flatten()
        .max()
        .map_or(0, |c| *c as usize + 1);
    let mut members: Vec<Vec<Point<f64>>> = vec![Vec::new(); clusters];
    for ((x, y), cluster) in x.iter().zip(y).zip(cluster) {
        if let Some(cluster) = cluster {
            members[*cluster as usize].push(Point::new(*x, *y));
        }
    }
    Ok(members.into_iter().map(shape).collect())
}

fn shape(points: Vec<Point<f64>>) -> ClusterShape {
    let n = points.len() as f64;
    let x = points.iter().map(|p| p.x()).sum::<f64>() / n;
    let y = points.iter().map(|p| p.y()).sum::<f64>() / n;
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for p in &points {
        let (dx, dy) = (p.x() - x, p.y() - y);
        xx += dx * dx;
        xy += dx * dy;
        yy += dy * dy;
    }
    let (half, apart) = (0.5 * (xx + yy), (0.5 * (xx - yy)).hypot(xy));
    let axis = |eigenvalue: f64| {
        if n > 2.0 {
            (2.0 * eigenvalue.max(0.0) / (n - 2.0)).sqrt()
        } else {
            f64::NAN
        }
    };
    // The long axis is half of this angle from east, turned to the left.
    let turned = 0.5 * (2.0 * xy).atan2(xx - yy).to_degrees();
    let hull = MultiPoint::new(points).convex_hull();
    ClusterShape {
        size: n as u32,
        x,
        y,
        hull_km2: hull.unsigned_area() / 1e6,
        hull,
        semi_major: axis(half + apart),
        semi_minor: axis(half - apart),
        angle: if n > 2.0 && apart > 0.0 {
            (90.0 - turned).rem_euclid(180.0)
        } else {
            f64::NAN
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(centre: (f64, f64), offsets: &[(f64, f64)]) -> ClusterShape {
        let points = offsets.iter();
        shape(
            points
                .map(|(x, y)| Point::new(centre.0 + x, centre.1 + y))
                .collect(),
        )
    }

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() < 1e-9, "{got} {want}");
    }

    /// Three to either side along one axis and one along the other: sums of squares 18 and 2, each
    /// doubled and divided by 4 − 2; the axes turned until 4 east is 3 north.
    #[test]
    fn the_ellipse_is_that_worked_by_hand() {
        let offsets = [(2.4, 1.8), (-2.4, -1.8), (-0.6, 0.8), (0.6, -0.8)];
        let found = around((10.0, 20.0), &offsets);
        assert_eq!(found.size, 4);
        close(found.x, 10.0);
        close(found.y, 20.0);
        close(found.semi_major, 18f64.sqrt());
        close(found.semi_minor, 2f64.sqrt());
        close(found.angle, 4f64.atan2(3.0).to_degrees());
        close(found.hull_km2 * 1e6, 6.0);
        let north = around(
            (0.0, 0.0),
            &[(0.0, 3.0), (0.0, -3.0), (1.0, 0.0), (-1.0, 0.0)],
        );
        close(north.angle, 0.0);
    }

    #[test]
    fn clusters_and_columns_go_together() {
        let (x, y) = ([1.0, 2.0, 5.0], [1.0, 4.0, 5.0]);
        let shapes = cluster_shapes(&x, &y, &[Some(1), None, Some(1)]).unwrap();
        assert_eq!((shapes.len(), shapes[0].size, shapes[1].size), (2, 0, 2));
        assert_eq!((shapes[1].x, shapes[1].y), (3.0, 3.0));
        assert!(cluster_shapes(&x, &y, &[None; 3]).unwrap().is_empty());
        for (x, y, of) in [
            (&x[..2], &y[..], 3),
            (&x[..], &y[..2], 3),
            (&x[..], &y[..], 2),
        ] {
            assert!(cluster_shapes(x, y, &[None; 3][..of]).is_err());
        }
    }

    #[test]
    fn what_has_no_axis_says_none() {
        let round = around(
            (5.0, 5.0),
            &[(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)],
        );
        close(round.semi_major, 2f64.sqrt());
        close(round.semi_minor, 2f64.sqrt());
        assert!(round.angle.is_nan());
        let two = around((0.0, 0.0), &[(1.0, 0.0), (-1.0, 0.0)]);
        assert!(two.semi_major.is_nan() && two.semi_minor.is_nan() && two.angle.is_nan());
    }
}
