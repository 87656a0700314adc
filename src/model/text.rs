//! A column of short texts in one piece of memory.

/// Texts in input order, stored end to end: a million ids cost their bytes and four more each,
/// not a million allocations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TextColumn {
    bytes: String,
    end: Vec<u32>,
}

impl TextColumn {
    /// Adds a text.
    ///
    /// # Panics
    /// When the column exceeds four gigabytes.
    #[expect(
        clippy::panic,
        reason = "a column of 4 GiB of ids is refused by every reader first"
    )]
    pub fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        let Ok(end) = u32::try_from(self.bytes.len()) else {
            panic!("text column over 4 GiB")
        };
        self.end.push(end);
    }

    /// How many texts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.end.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.end.is_empty()
    }

    /// The text at a position.
    ///
    /// # Panics
    /// When `index >= len()`.
    #[must_use]
    pub fn get(&self, index: usize) -> &str {
        let start = if index == 0 {
            0
        } else {
            self.end[index - 1] as usize
        };
        &self.bytes[start..self.end[index] as usize]
    }

    /// All texts in order.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|i| self.get(i))
    }

    /// The texts at the given positions.
    #[must_use]
    pub fn take(&self, indices: &[u32]) -> Self {
        indices.iter().map(|&i| self.get(i as usize)).collect()
    }
}

impl<'a> FromIterator<&'a str> for TextColumn {
    fn from_iter<I: IntoIterator<Item = &'a str>>(texts: I) -> Self {
        let mut column = Self::default();
        for text in texts {
            column.push(text);
        }
        column
    }
}
