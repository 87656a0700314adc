//! From a statistic and its q-value to a class on the map.

/// Sign of `z` times 3, 2, 1 for `q` at most 0.01, 0.05, 0.10; else 0, also where `q` is NaN.
///
/// These are the `Gi_Bin` classes of ArcGIS.
#[must_use]
pub fn hotspot_class(z: f64, q: f64) -> i8 {
    let level = if q <= 0.01 {
        3
    } else if q <= 0.05 {
        2
    } else {
        i8::from(q <= 0.10)
    };
    if z < 0.0 { -level } else { level }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_follow_sign_and_level() {
        assert_eq!(hotspot_class(2.0, 0.01), 3);
        assert_eq!(hotspot_class(-2.0, 0.05), -2);
        assert_eq!(hotspot_class(2.0, 0.1), 1);
        assert_eq!(hotspot_class(2.0, 0.100001), 0);
        assert_eq!(hotspot_class(f64::NAN, f64::NAN), 0);
    }
}
