//! The one error type of the crate.

mod brief;

use std::path::{Path, PathBuf};

pub(crate) use brief::quoted;

/// What went wrong, with enough to mend it.
///
/// The variants are the kinds a caller can act on; the text of [`Error::Input`] names the row,
/// the value and the remedy. Values from files are shortened, control characters escaped and
/// long texts cut in the middle, so a message is safe to print and at most 300 characters long.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The data cannot be used as they are.
    #[error("{}: {detail}", fault.code())]
    #[non_exhaustive]
    Input {
        /// Which fault, as a stable code.
        fault: Fault,
        /// What was found, where, and what to do about it.
        detail: String,
    },
    /// A coordinate reference system is missing, unknown, or unfit for the question.
    #[error("coordinate reference system: {detail}")]
    #[non_exhaustive]
    Crs {
        /// What is wrong with it and the remedy.
        detail: String,
    },
    /// An option has a value that makes no sense.
    #[error("parameter `{name}` is {value}; expected {expected}")]
    #[non_exhaustive]
    Parameter {
        /// The option's name.
        name: &'static str,
        /// The value given.
        value: String,
        /// What would be accepted.
        expected: String,
    },
    /// The job would need more memory than allowed; nothing was allocated.
    #[error("{what} needs {needed} bytes, more than the limit of {limit}; {remedy}")]
    #[non_exhaustive]
    TooLarge {
        /// The thing that would be allocated.
        what: &'static str,
        /// Bytes it would take.
        needed: u128,
        /// Bytes allowed.
        limit: u128,
        /// What to change.
        remedy: String,
    },
    /// A file could not be read or written.
    #[error("{}: {}", brief::within(&path.display().to_string(), 130), brief::within(&source.to_string(), 160))]
    #[non_exhaustive]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A result cannot be published without exposing somebody.
    #[error("not published: {detail}")]
    #[non_exhaustive]
    Disclosure {
        /// What would be exposed and the remedy.
        detail: String,
    },
    /// The job was stopped through its stop flag.
    #[error("stopped before it was done")]
    Cancelled,
    /// A defect of this library.
    #[error("internal error (please report it): {detail}")]
    #[non_exhaustive]
    Internal {
        /// What was violated.
        detail: String,
    },
}

/// The result of anything that can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An [`Error::Input`].
    pub fn input(fault: Fault, detail: impl Into<String>) -> Self {
        Self::Input {
            fault,
            detail: brief::detail(&detail.into()),
        }
    }

    /// An [`Error::Crs`].
    pub fn crs(detail: impl Into<String>) -> Self {
        Self::Crs {
            detail: brief::detail(&detail.into()),
        }
    }

    /// An [`Error::Parameter`].
    pub fn parameter(
        name: &'static str,
        value: impl std::fmt::Display,
        expected: impl Into<String>,
    ) -> Self {
        Self::Parameter {
            name,
            value: brief::value(&value.to_string()),
            expected: brief::within(&expected.into(), 160),
        }
    }

    /// An [`Error::File`].
    #[must_use]
    pub fn file(path: &Path, source: std::io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            source,
        }
    }

    /// The choice of that name among all of them, or an [`Error::Parameter`] that names them.
    pub(crate) fn choice<T: Copy>(
        parameter: &'static str,
        name: &str,
        all: &[T],
        name_of: impl Fn(T) -> &'static str,
    ) -> Result<T> {
        let found = all.iter().find(|choice| name_of(**choice) == name);
        found.copied().ok_or_else(|| {
            let names: Vec<_> = all.iter().map(|choice| name_of(*choice)).collect();
            Self::parameter(parameter, name, names.join(", "))
        })
    }

    /// An [`Error::TooLarge`].
    pub fn too_large(
        what: &'static str,
        needed: u128,
        limit: u128,
        remedy: impl Into<String>,
    ) -> Self {
        Self::TooLarge {
            what,
            needed,
            limit,
            remedy: brief::within(&remedy.into(), 140),
        }
    }

    /// An [`Error::Disclosure`].
    pub fn disclosure(detail: impl Into<String>) -> Self {
        Self::Disclosure {
            detail: brief::detail(&detail.into()),
        }
    }

    /// An [`Error::Internal`].
    pub fn internal(detail: impl Into<String>) -> Self {
        Self::Internal {
            detail: brief::detail(&detail.into()),
        }
    }

    /// The stable code of an input fault, for programs that sort errors.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        match self {
            Self::Input { fault, .. } => Some(*fault),
            _ => None,
        }
    }
}

macro_rules! coded {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[non_exhaustive]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// The code as written in reports and error messages.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// What a code stands for, `None` for one that is none of these.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}
pub(crate) use coded;

coded! {
    /// Why a whole input was refused.
    Fault {
        /// The file has no bytes.
        EmptyFile = "empty_file",
        /// There is a header but no row, or an array without elements.
        NoRows = "no_rows",
        /// A needed column was not found.
        MissingColumn = "missing_column",
        /// A number can be read in two ways, such as `121.687`.
        AmbiguousNumber = "ambiguous_number",
        /// A date can be read in two ways.
        AmbiguousDate = "ambiguous_date",
        /// The bytes are not text in the expected encoding.
        Encoding = "encoding",
        /// x and y, or longitude and latitude, are exchanged.
        AxesSwapped = "axes_swapped",
        /// The coordinates do not fit the coordinate reference system.
        CoordinatesOutOfCrsRange = "coordinates_out_of_crs_range",
        /// The coordinate reference system cannot be told from the coordinates.
        UnknownCrs = "unknown_crs",
        /// More rows were rejected than allowed.
        TooManyRejected = "too_many_rejected",
        /// A row was rejected while bad rows were declared errors.
        RejectedRow = "rejected_row",
        /// A polygon crosses itself or is otherwise not a polygon.
        InvalidPolygon = "invalid_polygon",
        /// A ring's last point is not its first.
        UnclosedRing = "unclosed_ring",
        /// Areas overlap, and that was declared an error.
        OverlappingAreas = "overlapping_areas",
        /// Two areas have one code.
        DuplicateAreaCode = "duplicate_area_code",
        /// An area has no polygon.
        MissingGeometry = "missing_geometry",
        /// A geometry of another type than needed.
        WrongGeometryType = "wrong_geometry_type",
        /// A geometry is wider than 180 degrees.
        SpansAntimeridian = "spans_antimeridian",
        /// The text is not JSON, or not GeoJSON.
        InvalidJson = "invalid_json",
        /// The JSON text ends too early.
        TruncatedJson = "truncated_json",
        /// The JSON text nests deeper than 128 levels.
        NestingTooDeep = "nesting_too_deep",
        /// A number does not fit a double, or is outside what it can be.
        NumberOutOfRange = "number_out_of_range",
        /// A file is damaged in another way.
        Damaged = "damaged_file",
        /// The content is none of the formats read.
        UnknownFormat = "unknown_format",
        /// Columns of different length.
        LengthMismatch = "length_mismatch",
        /// A value that must be finite is not.
        NonFinite = "non_finite",
        /// A value that must not be negative is.
        Negative = "negative_value",
        /// A value that must be a number is not.
        NotANumber = "not_a_number",
        /// A count is not a whole number.
        NotAnInteger = "not_an_integer",
        /// No incident belongs to the theme.
        NoMatchingCategory = "no_matching_category",
        /// The incidents carry no time, but the question needs one.
        MissingTime = "missing_time",
        /// The areas carry no population of the kind asked for.
        MissingExposure = "missing_exposure",
        /// Two tables do not describe the same areas.
        AreaMismatch = "area_mismatch",
        /// Two parts were not made alike, so they cannot be added up.
        PartMismatch = "part_mismatch",
        /// Two inputs are in different coordinate reference systems.
        CrsMismatch = "crs_mismatch",
        /// A text is not the code of an area.
        InvalidAreaCode = "invalid_area_code",
        /// Two inputs are of area divisions of different years.
        VintageMismatch = "vintage_mismatch",
        /// Months, quarters or years stand in one column, and none was chosen.
        MixedPeriods = "mixed_periods",
        /// A number that is needed is not published.
        NotPublished = "not_published",
        /// The file is one page of several.
        PartOfATable = "part_of_a_table",
        /// A column seems to hold data about persons.
        PersonData = "person_data",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_the_first_word_of_its_message() {
        let error = Error::input(Fault::NoRows, "the file has a header only");
        assert!(error.to_string().starts_with("no_rows: "));
        assert_eq!(error.fault(), Some(Fault::NoRows));
    }
}
