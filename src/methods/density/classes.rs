//! A surface in classes that people can read.

use super::surface::Surface;
use crate::error::{Error, Result};

/// How a surface is cut into classes.
///
/// | method | upper ends of the classes | for |
/// |---|---|---|
/// | geometric | …, 5, 10, 20, 50, … up to the peak | a city, where few places are many times denser |
/// | equal | multiples of one number | a surface without a peak that dwarfs the rest |
/// | quantile | as many cells in each class, about | patterns in the low part |
///
/// All are 1, 2 or 5 times a power of ten, or multiples of such a number (equal).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Classification {
    /// Each class about twice as dense as the one below.
    #[default]
    Geometric,
    /// Classes of equal width.
    Equal,
    /// Classes of about as many cells.
    Quantile,
}

impl Classification {
    /// All methods.
    pub const ALL: [Self; 3] = [Self::Geometric, Self::Equal, Self::Quantile];

    /// The method of that name.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        Error::choice("method", name, &Self::ALL, Self::name)
    }

    /// Its name in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Geometric => "geometric",
            Self::Equal => "equal",
            Self::Quantile => "quantile",
        }
    }
}

/// Classes of densities: class 0 is where no incident reaches, each further one goes from its
/// lower end, included, up to the next.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DensityClasses {
    method: Classification,
    breaks: Vec<f64>,
    peak: f64,
}

impl DensityClasses {
    /// The unit of breaks.
    pub const UNIT: &'static str = "incidents per km²";

    /// How the classes were made.
    #[must_use]
    pub fn method(&self) -> Classification {
        self.method
    }

    /// The lower ends of class 2 and up, ascending; class 1 starts above zero.
    #[must_use]
    pub fn breaks(&self) -> &[f64] {
        &self.breaks
    }

    /// Number of classes, the empty one included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.breaks.len() + 2
    }

    /// Whether there is no class; never so.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The class of a density, `None` for NaN.
    #[must_use]
    pub fn class_of(&self, density: f64) -> Option<usize> {
        if density.is_nan() {
            return None;
        }
        let above_zero = usize::from(density > 0.0);
        Some(above_zero + self.breaks.partition_point(|b| *b <= density))
    }

    /// Lower and upper end of a class; the upper end of the last is the peak.
    #[must_use]
    pub fn range(&self, class: usize) -> (f64, f64) {
        let end = |k: usize| self.breaks.get(k).copied().unwrap_or(self.peak);
        match class {
            0 => (0.0, 0.0),
            1 => (0.0, end(0)),
            _ => (end(class - 2), end(class - 1)),
        }
    }

    /// The classes in words, without the [unit](Self::UNIT): `none in reach`, `below 5`,
    /// `5 to 10`, `10 or more`.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        let last = self.len() - 1;
        let label = |class: usize| {
            let (low, high) = self.range(class);
            match class {
                0 => "none in reach".to_owned(),
                1 if class == last => "above 0".to_owned(),
                1 => format!("below {high}"),
                _ if class == last => format!("{low} or more"),
                _ => format!("{low} to {high}"),
            }
        };
        (0..=last).map(label).collect()
    }
}

impl Surface {
    /// Classes with round ends, at most so many beside the empty one.
    ///
    /// # Errors
    /// [`Error::Parameter`] for no class.
    ///
    /// ```
    /// use brandpunt::methods::density::{Classification, KernelDensity};
    /// use brandpunt::{Crs, Incidents};
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let incidents = Incidents::builder(vec![0.0, 60.0], vec![0.0; 2], Crs::PLANAR).build()?;
    /// let surface = KernelDensity::new(300.0).cell_size(25.0).run(&incidents)?;
    /// let classes = surface.classes(Classification::Equal, 5)?;
    /// assert_eq!(classes.labels(), ["none in reach", "below 5", "5 to 10", "10 to 15", "15 to 20", "20 or more"]);
    /// assert_eq!(classes.class_of(12.0), Some(3));
    /// # Ok(())
    /// # }
    /// ```
    pub fn classes(&self, method: Classification, most: usize) -> Result<DensityClasses> {
        if most == 0 {
            return Err(Error::parameter("classes", most, "at least one class"));
        }
        let mut seen: Vec<f64> = self.values().iter().copied().filter(|v| *v > 0.0).collect();
        let peak = self.peak();
        let least = seen.iter().copied().fold(peak, f64::min);
        let mut breaks = match method {
            Classification::Geometric => geometric(peak, most),
            Classification::Equal => equal(peak, most),
            Classification::Quantile => {
                seen.sort_unstable_by(f64::total_cmp);
                quantiles(&seen, most)
            }
        };
        breaks.retain(|b| least < *b && *b <= peak);
        // Quantiles may round to one number.
        breaks.dedup();
        Ok(DensityClasses {
            method,
            breaks,
            peak,
        })
    }
}

/// The greatest round numbers below the peak.
fn geometric(peak: f64, most: usize) -> Vec<f64> {
    if peak <= 0.0 {
        return Vec::new();
    }
    let mut top = place(peak);
    if round_number(top) >= peak {
        top -= 1;
    }
    let ends = (0..most as i64 - 1).rev();
    ends.map(|down| round_number(top - down)).collect()
}

/// Multiples of the least round number that makes few enough classes.
fn equal(peak: f64, most: usize) -> Vec<f64> {
    if peak <= 0.0 {
        return Vec::new();
    }
    let mut step = place(peak / most as f64);
    while round_number(step) * (most as f64) < peak {
        step += 1;
    }
    (1..most).map(|k| multiple(step, k as f64)).collect()
}

/// The round numbers nearest to quantiles of ascending densities.
fn quantiles(ascending: &[f64], most: usize) -> Vec<f64> {
    let at = |k: usize| ascending.get(k * ascending.len() / most);
    (1..most)
        .filter_map(at)
        .map(|&value| {
            let below = place(value);
            let (low, high) = (round_number(below), round_number(below + 1));
            // Nearest in ratio.
            if value * value < low * high {
                low
            } else {
                high
            }
        })
        .collect()
}

/// The round number of a place in the series …, 0.5, 1, 2, 5, 10, …, with 1 at place 0.
fn round_number(place: i64) -> f64 {
    multiple(place, 1.0)
}

/// So many times the round number of a place.
fn multiple(place: i64, times: f64) -> f64 {
    let digit = times * [1.0, 2.0, 5.0][place.rem_euclid(3) as usize];
    let power = place.div_euclid(3) as i32;
    // Powers of ten are exact, so the quotient is the double nearest to the decimal number.
    if power < 0 {
        digit / 10f64.powi(-power)
    } else {
        digit * 10f64.powi(power)
    }
}

/// The place of the greatest round number that is not above a positive number.
fn place(number: f64) -> i64 {
    let mut place = 3 * number.log10().floor() as i64 + 3;
    while round_number(place) > number {
        place -= 1;
    }
    place
}

#[cfg(test)]
mod tests;
