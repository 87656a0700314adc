//! In which coordinates the data are.

use std::fmt;
use std::str::FromStr;

use super::area::Bounds;
use crate::error::{Error, Fault, Result, quoted};

/// Metres in a degree of latitude.
const METRES_PER_DEGREE: f64 = 111_320.0;

/// A coordinate reference system: an EPSG code, or `planar` for metres without a place on earth.
///
/// The core never interprets a system further than it must: it knows which are geographic
/// (degrees), and for RD New, WGS 84 and the British grid the range coordinates can have.
///
/// ```
/// use brandpunt::Crs;
///
/// # fn main() -> brandpunt::Result<()> {
/// assert_eq!("urn:ogc:def:crs:EPSG::28992".parse::<Crs>()?, Crs::RD_NEW);
/// assert_eq!(Crs::RD_NEW.to_string(), "EPSG:28992");
/// assert!(Crs::WGS84.is_geographic());
/// assert!("planar".parse::<Crs>()?.epsg().is_none());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Crs(Option<u32>);

impl Crs {
    /// Amersfoort / RD New, the Dutch national grid in metres.
    pub const RD_NEW: Self = Self(Some(28992));
    /// WGS 84: longitude and latitude in degrees, in that order.
    pub const WGS84: Self = Self(Some(4326));
    /// OSGB36 / British National Grid in metres.
    pub const BRITISH_GRID: Self = Self(Some(27700));
    /// Plain metres without a place on earth.
    pub const PLANAR: Self = Self(None);

    /// The system with this EPSG code.
    #[must_use]
    pub const fn from_epsg(code: u32) -> Self {
        Self(Some(code))
    }

    /// The EPSG code; `None` for planar metres.
    #[must_use]
    pub const fn epsg(&self) -> Option<u32> {
        self.0
    }

    /// Whether coordinates are degrees of longitude and latitude.
    #[must_use]
    pub const fn is_geographic(&self) -> bool {
        // EPSG numbers its geographic two-dimensional systems from 4001 to 4999; the few
        // geocentric and three-dimensional ones among them are no place for a map either.
        matches!(self.0, Some(4001..=4999 | 7844 | 8860 | 9000..=9999))
    }

    /// Refuses degrees where distances are measured.
    ///
    /// # Errors
    /// [`Error::Crs`] for a geographic system.
    pub fn require_metres(&self) -> Result<()> {
        if self.is_geographic() {
            return Err(Error::crs(format!(
                "{self} is in degrees, but this measures distance in metres; project the data \
                 first, for the Netherlands to EPSG:28992"
            )));
        }
        Ok(())
    }

    /// Square metres in a unit of surface at height `y`; in degrees on a sphere, to half a per
    /// cent.
    pub(crate) fn square_metres(self, y: f64) -> f64 {
        if self.is_geographic() {
            METRES_PER_DEGREE * METRES_PER_DEGREE * y.to_radians().cos()
        } else {
            1.0
        }
    }

    /// A length in metres in units of the coordinates; in degrees, along a meridian.
    pub(crate) fn units(self, metres: f64) -> f64 {
        if self.is_geographic() {
            metres / METRES_PER_DEGREE
        } else {
            metres
        }
    }

    /// The range in which coordinates make sense, where the crate knows it.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        match self.0 {
            // The rectangle in which RD New is defined, sea included.
            Some(28992) => Some(Bounds::new(-7_000.0, 289_000.0, 300_000.0, 629_000.0)),
            Some(27700) => Some(Bounds::new(-100_000.0, -100_000.0, 800_000.0, 1_400_000.0)),
            _ if self.is_geographic() => Some(Bounds::new(-180.0, -90.0, 180.0, 90.0)),
            _ => None,
        }
    }

    /// Whether (0, 0) is the mark of a failed geocoding rather than a place.
    #[must_use]
    pub fn zero_is_nowhere(&self) -> bool {
        self.bounds().is_some()
    }

    /// Refuses columns of coordinates that as a whole do not belong to this system.
    ///
    /// A minority of strange points is left to the row-level checks.
    ///
    /// # Errors
    /// [`Fault::AxesSwapped`] or [`Fault::CoordinatesOutOfCrsRange`], with the counts and a hint.
    pub fn check_columns(&self, x: &[f64], y: &[f64]) -> Result<()> {
        let Some(range) = self.bounds() else {
            return Ok(());
        };
        let dutch_degrees = Bounds::new(3.2, 50.7, 7.3, 53.6);
        let (mut known, mut inside, mut swapped, mut degrees, mut metres) = (0, 0, 0, 0, 0);
        for (&x, &y) in x.iter().zip(y) {
            if !x.is_finite() || !y.is_finite() || (x == 0.0 && y == 0.0) {
                continue;
            }
            known += 1;
            inside += usize::from(range.contains(x, y));
            let exchanged = if self.is_geographic() {
                // A point near (52, 4) is in the Indian Ocean; a file full of them is a Dutch
                // file with latitude first.
                dutch_degrees.contains(y, x) || (!range.contains(x, y) && range.contains(y, x))
            } else {
                !range.contains(x, y) && range.contains(y, x)
            };
            swapped += usize::from(exchanged);
            degrees += usize::from(x.abs() <= 180.0 && y.abs() <= 90.0);
            metres += usize::from(Self::RD_NEW.bounds().is_some_and(|b| b.contains(x, y)));
        }
        if known == 0 {
            return Ok(());
        }
        if 2 * swapped > known {
            let order = if self.is_geographic() {
                "longitude first, then latitude"
            } else {
                "x (easting) first, then y (northing); in EPSG:28992 x is always less than y"
            };
            return Err(Error::input(
                Fault::AxesSwapped,
                format!(
                    "{swapped} of {known} points lie in the range of {self} only with x and y \
                     exchanged; give {order}"
                ),
            ));
        }
        if 2 * inside < known {
            let hint = if self.is_geographic() && 2 * metres > known {
                "; the values look like EPSG:28992 (RD New, metres): give that as crs"
            } else if !self.is_geographic() && 2 * degrees > known {
                "; the values look like degrees: give EPSG:4326 as crs"
            } else {
                ""
            };
            return Err(Error::input(
                Fault::CoordinatesOutOfCrsRange,
                format!(
                    "only {inside} of {known} points lie in the range of {self} (x {} to {}, y {} \
                     to {}){hint}",
                    range.min_x, range.max_x, range.min_y, range.max_y
                ),
            ));
        }
        Ok(())
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(code) => write!(f, "EPSG:{code}"),
            None => f.write_str("planar"),
        }
    }
}

impl FromStr for Crs {
    type Err = Error;

    /// Reads `EPSG:28992`, `28992`, OGC URNs and URLs, `CRS84`, `RD`, `WGS84`, `planar`, and WKT
    /// that names its EPSG code.
    fn from_str(text: &str) -> Result<Self> {
        let upper = text.trim().to_ascii_uppercase();
        match upper.as_str() {
            "PLANAR" => return Ok(Self::PLANAR),
            "RD" | "RD NEW" | "RD_NEW" | "AMERSFOORT / RD NEW" => return Ok(Self::RD_NEW),
            "WGS84" | "WGS 84" | "CRS84" => return Ok(Self::WGS84),
            _ => {}
        }
        if upper.ends_with("CRS84") {
            return Ok(Self::WGS84);
        }
        let digits = if upper.contains('[') {
            // The last authority of WKT is that of the whole system.
            upper
                .rfind("\"EPSG\"")
                .map(|at| &upper[at + 6..])
                .map(|rest| rest.trim_start_matches([',', '"', ' ']))
                .map(|rest| {
                    rest.split(|c: char| !c.is_ascii_digit())
                        .next()
                        .unwrap_or("")
                })
        } else if upper.contains("EPSG") {
            upper.rsplit(|c: char| !c.is_ascii_digit()).next()
        } else {
            Some(upper.as_str())
        };
        digits
            .and_then(|d| d.parse().ok())
            .filter(|&code| code > 0)
            .map(Self::from_epsg)
            .ok_or_else(|| {
                Error::crs(format!(
                    "`{}` is not understood; give an EPSG code such as EPSG:28992, or planar for \
                     plain metres",
                    quoted(text)
                ))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_name_a_system() {
        for (text, code) in [
            ("EPSG:28992", 28992),
            ("epsg:4326", 4326),
            ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326),
            ("http://www.opengis.net/def/crs/EPSG/0/27700", 27700),
            (
                "PROJCS[\"x\",GEOGCS[\"y\",AUTHORITY[\"EPSG\",\"4289\"]],AUTHORITY[\"EPSG\",\"28992\"]]",
                28992,
            ),
            ("PROJCRS[\"x\",ID[\"EPSG\",28992]]", 28992),
        ] {
            assert_eq!(text.parse::<Crs>().unwrap().epsg(), Some(code), "{text}");
        }
        assert!("somewhere".parse::<Crs>().is_err());
    }

    #[test]
    fn swapped_and_mislabelled_columns_are_refused() {
        let fault = |crs: Crs, x: f64, y: f64| crs.check_columns(&[x], &[y]).unwrap_err().fault();
        assert_eq!(
            fault(Crs::RD_NEW, 487_484.5, 121_687.25),
            Some(Fault::AxesSwapped)
        );
        assert_eq!(fault(Crs::WGS84, 52.3676, 4.9041), Some(Fault::AxesSwapped));
        assert_eq!(
            fault(Crs::WGS84, 121_687.25, 487_484.5),
            Some(Fault::CoordinatesOutOfCrsRange)
        );
        assert_eq!(
            fault(Crs::RD_NEW, 4.9041, 52.3676),
            Some(Fault::CoordinatesOutOfCrsRange)
        );
        assert!(
            Crs::RD_NEW
                .check_columns(&[121_687.25], &[487_484.5])
                .is_ok()
        );
        assert!(Crs::PLANAR.check_columns(&[5.0], &[2.0]).is_ok());
    }
}
