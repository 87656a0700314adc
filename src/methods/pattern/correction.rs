//! What to do about pairs that nobody could see beyond the border.

use super::overlap::Overlap;
use super::pairs::Weighting;
use super::window::Window;
use crate::error::{Error, Result};
use crate::parallel::Workers;

/// How pairs make up for others that lie beyond the border of the study area and were not seen.
///
/// | correction | weight of the pair (i, j) at distance d | cost |
/// |---|---|---|
/// | none | 1: too low, the more the larger the radius | least |
/// | border | for radius r, 1 if the border is at least r away from i, else i does not count | least |
/// | translation | surface of W over that of `W ∩ (W + x_j − x_i)` | little more |
/// | isotropic (Ripley) | inverse share of the circle around i through j that lies in W | several times |
///
/// The last three are without bias when the pattern is stationary, isotropic as well for the last.
/// Border wastes most; translation and isotropic weights are at most 100, as in other packages.
///
/// Isotropic weights are exact for any study area, with holes and several parts: the share is one
/// less the angles, seen from i, of the border's parts within the circle, which is a sum over
/// edges. Translation weights are a product for a rectangle along the axes, and right to some
/// ten-thousandths for other shapes.
///
/// Source: Ripley 1976, Journal of Applied Probability 13:255, doi:10.2307/3212829; Ohser 1983,
/// Mathematische Operationsforschung und Statistik 14:63, doi:10.1080/02331888308801687.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum EdgeCorrection {
    /// Nothing.
    None,
    /// Only places farther from the border than the radius count.
    Border,
    /// By what is left of the study area when it is shifted.
    Translation,
    /// By what of a circle lies inside.
    #[default]
    Isotropic,
}

impl EdgeCorrection {
    /// All corrections.
    pub const ALL: [Self; 4] = [Self::None, Self::Border, Self::Translation, Self::Isotropic];

    /// The correction of that name.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        Error::choice("correction", name, &Self::ALL, Self::name)
    }

    /// Its name in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Border => "border",
            Self::Translation => "translation",
            Self::Isotropic => "isotropic",
        }
    }

    pub(super) fn weighting(
        self,
        window: &Window<'_>,
        reach: f64,
        workers: &Workers,
    ) -> Result<Weighting> {
        Ok(match self {
            Self::None => Weighting::None,
            Self::Border => Weighting::Border,
            Self::Isotropic => Weighting::Isotropic,
            Self::Translation => Weighting::Translation(Overlap::of(window, reach, workers)?),
        })
    }
}
