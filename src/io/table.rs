//! Columns on their way to a file.

use crate::error::{Error, Fault, Result, quoted};

/// A named column of a [`Table`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Column {
    /// Texts.
    Text(Vec<String>),
    /// Texts, some missing.
    OptionalText(Vec<Option<String>>),
    /// Whole numbers.
    Integer(Vec<i64>),
    /// Numbers; NaN means missing.
    Float(Vec<f64>),
}

impl Column {
    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(v) => v.len(),
            Self::OptionalText(v) => v.len(),
            Self::Integer(v) => v.len(),
            Self::Float(v) => v.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Named columns of equal length, as a result hands them to a writer.
///
/// ```
/// use brandpunt::io::Table;
///
/// # fn main() -> brandpunt::Result<()> {
/// let table = Table::new()
///     .with_text("code", vec!["BU00340101".to_owned()])?
///     .with_integer("count", vec![12])?
///     .with_float("rate", vec![f64::NAN])?;
/// assert_eq!((table.rows(), table.columns().len()), (1, 3));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    columns: Vec<(String, Column)>,
}

impl Table {
    /// A table without columns.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a column of texts.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless it is as long as the others.
    pub fn with_text(self, name: impl Into<String>, values: Vec<String>) -> Result<Self> {
        self.with(name, Column::Text(values))
    }

    /// Adds a column of texts, some missing.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless it is as long as the others.
    pub fn with_optional_text(
        self,
        name: impl Into<String>,
        values: Vec<Option<String>>,
    ) -> Result<Self> {
        self.with(name, Column::OptionalText(values))
    }

    /// Adds a column of whole numbers.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless it is as long as the others.
    pub fn with_integer(self, name: impl Into<String>, values: Vec<i64>) -> Result<Self> {
        self.with(name, Column::Integer(values))
    }

    /// Adds a column of numbers; NaN means missing.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless it is as long as the others.
    pub fn with_float(self, name: impl Into<String>, values: Vec<f64>) -> Result<Self> {
        self.with(name, Column::Float(values))
    }

    /// Adds a column.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless it is as long as the others.
    pub fn with(mut self, name: impl Into<String>, column: Column) -> Result<Self> {
        let name = name.into();
        if !self.columns.is_empty() && column.len() != self.rows() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "column `{}` has {} values for {} rows",
                    quoted(&name),
                    column.len(),
                    self.rows()
                ),
            ));
        }
        self.columns.push((name, column));
        Ok(self)
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, c)| c.len())
    }

    /// The columns with their names.
    #[must_use]
    pub fn columns(&self) -> &[(String, Column)] {
        &self.columns
    }
}
