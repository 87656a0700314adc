//! How final the numbers of a period are.

use crate::error::coded;

coded! {
    /// Whether the numbers of a period may still change.
    PeriodStatus {
        /// The source does not say.
        Unknown = "unknown",
        /// First numbers.
        Provisional = "provisional",
        /// Provisional numbers that were revised once.
        Revised = "revised_provisional",
        /// They stay as they are.
        Definite = "definite",
    }
}

impl PeriodStatus {
    /// What Statistics Netherlands writes in `Perioden.Status`, in Dutch or English; `None` for
    /// any other text.
    ///
    /// ```
    /// use brandpunt::PeriodStatus;
    ///
    /// assert_eq!(PeriodStatus::of("Definitief"), Some(PeriodStatus::Definite));
    /// assert_eq!(PeriodStatus::of("NaderVoorlopig"), Some(PeriodStatus::Revised));
    /// assert_eq!(PeriodStatus::of("perhaps"), None);
    /// ```
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let letters = text.chars().filter(|c| c.is_alphabetic());
        let plain: String = letters.flat_map(char::to_lowercase).collect();
        match plain.as_str() {
            "" => Some(Self::Unknown),
            "definitief" | "definite" | "final" => Some(Self::Definite),
            "voorlopig" | "provisional" => Some(Self::Provisional),
            "nadervoorlopig" | "revisedprovisional" => Some(Self::Revised),
            _ => None,
        }
    }

    /// Whether numbers of this status may still change.
    #[must_use]
    pub const fn may_change(self) -> bool {
        matches!(self, Self::Provisional | Self::Revised)
    }
}
