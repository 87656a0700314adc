//! Whether two inputs are of one area division.

use super::warning::{Warning, WarningCode};
use crate::error::{Error, Fault, Result};

/// Refuses to join two known years that differ; a warning when only one is known.
///
/// `what` names the thing that is joined to the areas, such as "the counts".
pub(crate) fn require_same_vintage(
    what: &str,
    own: Option<i16>,
    areas: Option<i16>,
) -> Result<Option<Warning>> {
    match (own, areas) {
        (Some(own), Some(areas)) if own != areas => Err(Error::input(
            Fault::VintageMismatch,
            format!(
                "{what} are of the area division of {own}, the areas of that of {areas}; codes and \
                 borders change from year to year, so carry the numbers over with a crosswalk \
                 from {own} to {areas}, or use areas of {own}"
            ),
        )),
        (Some(year), None) | (None, Some(year)) => Ok(Some(Warning::new(
            WarningCode::AreaVintage,
            format!(
                "Of {what} and the areas only one is known to be of the area division of {year}; \
                 they were joined as if both were."
            ),
        ))),
        _ => Ok(None),
    }
}
