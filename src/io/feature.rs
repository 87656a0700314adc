//! One record of a geographic file, before it is known what it will become.

use std::borrow::Cow;

use super::shape::Shape;
use crate::error::{Error, Fault, Result, quoted};
use crate::model::Crs;

/// A value in a property or a table cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    Unsigned(u64),
    Float(f64),
    Text(Cow<'a, str>),
    /// A list, an object or bytes.
    Nested,
}

impl Scalar<'_> {
    /// The value as text, empty where there is none; whole numbers keep every digit.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Null | Self::Nested => Cow::Borrowed(""),
            Self::Bool(v) => Cow::Borrowed(if *v { "true" } else { "false" }),
            Self::Integer(v) => Cow::Owned(v.to_string()),
            Self::Unsigned(v) => Cow::Owned(v.to_string()),
            Self::Float(v) => Cow::Owned(v.to_string()),
            Self::Text(v) => Cow::Borrowed(v),
        }
    }

    /// The value as a number, if it is one.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(v) => Some(*v as f64),
            Self::Unsigned(v) => Some(*v as f64),
            Self::Float(v) => Some(*v),
            _ => None,
        }
    }
}

/// One feature.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Feature<'a> {
    pub(super) id: Option<Scalar<'a>>,
    pub(super) properties: Vec<(Cow<'a, str>, Scalar<'a>)>,
    pub(super) shape: Shape,
}

impl<'a> Feature<'a> {
    /// A property; of several with one name the last.
    pub(super) fn property(&self, name: &str) -> Option<&Scalar<'a>> {
        self.properties
            .iter()
            .rev()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v)
    }
}

/// What a source says about its coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stated {
    /// The source names the system.
    Crs(Crs),
    /// The format's own default: longitude and latitude.
    Default,
    /// The source says that it does not know.
    Unknown,
}

/// Takes features one by one.
pub(super) type Sink<'s> = &'s mut dyn FnMut(&Feature<'_>) -> Result<()>;

/// Reads the name of a system that a file carries.
pub(super) fn stated_crs(text: &str) -> Result<Crs> {
    text.parse().map_err(|_| {
        Error::input(
            Fault::UnknownCrs,
            format!(
                "the file names a coordinate reference system that is not understood: `{}`; give \
                 crs= with its EPSG code",
                quoted(text)
            ),
        )
    })
}
