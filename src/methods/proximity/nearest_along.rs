//! Which site is nearest, along a line from west to east?

/// A stretch of the line on which one site is the nearest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stretch {
    /// Where the site lies along the line.
    pub(super) x: f64,
    /// Square of its distance to the line.
    pub(super) aside: f64,
    /// Western end; −∞ for the first stretch.
    pub(super) from: f64,
    /// Eastern end; ∞ for the last.
    pub(super) to: f64,
}

/// The stretches of the line at height `y`, from west to east, of sites sorted by x that lie
/// within `reach` of it.
///
/// Squared distances to sites are parabolas of one shape, and two of them cross once, so one pass
/// over the sites finds the lowest everywhere (Felzenszwalb & Huttenlocher 2012, Theory of
/// Computing 8:415, doi:10.4086/toc.2012.v008a019).
pub(super) fn nearest_along(sites: &[[f64; 2]], y: f64, reach: f64, out: &mut Vec<Stretch>) {
    out.clear();
    for site in sites {
        let aside = (site[1] - y) * (site[1] - y);
        if aside > reach * reach {
            continue;
        }
        let mut next = Stretch {
            x: site[0],
            aside,
            from: f64::NEG_INFINITY,
            to: f64::INFINITY,
        };
        while let Some(last) = out.last_mut() {
            if next.x == last.x {
                if next.aside >= last.aside {
                    next.from = f64::INFINITY;
                    break;
                }
                out.pop();
                continue;
            }
            let across = (next.aside - last.aside) / (2.0 * (next.x - last.x));
            let meet = f64::midpoint(last.x, next.x) + across;
            if meet > last.from {
                last.to = meet;
                next.from = meet;
                break;
            }
            out.pop();
        }
        if next.from < f64::INFINITY {
            out.push(next);
        }
    }
    // A stretch that was removed may have cut the one before it.
    for i in 1..out.len() {
        out[i - 1].to = out[i].from;
    }
    if let Some(last) = out.last_mut() {
        last.to = f64::INFINITY;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_stretch_belongs_to_the_nearest(
            points in prop::collection::vec((0u8..12, 0u8..12), 1..15),
            y in 0u8..12,
        ) {
            let mut sites: Vec<[f64; 2]> =
                points.iter().map(|p| [f64::from(p.0), f64::from(p.1)]).collect();
            sites.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
            let y = f64::from(y);
            let mut out = Vec::new();
            nearest_along(&sites, y, 1e9, &mut out);
            prop_assert_eq!(out[0].from, f64::NEG_INFINITY);
            prop_assert_eq!(out[out.len() - 1].to, f64::INFINITY);
            for step in 0..60 {
                let x = f64::from(step) * 0.2 - 0.05;
                let stretch = out.iter().find(|s| s.from <= x && x <= s.to).unwrap();
                let least = sites
                    .iter()
                    .map(|s| (s[0] - x).powi(2) + (s[1] - y).powi(2))
                    .fold(f64::INFINITY, f64::min);
                let got = (stretch.x - x).powi(2) + stretch.aside;
                prop_assert!((got - least).abs() < 1e-9, "{got} {least}");
            }
        }
    }
}
