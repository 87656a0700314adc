//! Counts before and after, of one place or of several together.

use crate::error::{Error, Fault, Result};

/// Incidents before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::exhaustive_structs,
    reason = "there is nothing beside before and after"
)]
pub struct BeforeAfter {
    /// In the period before.
    pub before: u64,
    /// In the period after.
    pub after: u64,
}

impl BeforeAfter {
    /// So many before, so many after.
    #[must_use]
    pub const fn new(before: u64, after: u64) -> Self {
        Self { before, after }
    }
}

/// Which areas were treated, which are like them, and where incidents may have moved to.
///
/// Areas are given by position. The areas for displacement are mostly those that border the treated
/// ones, and have areas of their own that are like them.
///
/// ```
/// use brandpunt::methods::effect::{BeforeAfter, Groups};
///
/// # fn main() -> brandpunt::Result<()> {
/// let groups = Groups::new(vec![0, 1], vec![3]);
/// let [treated, control, _, _] = groups.sums(&[60, 40, 7, 50], &[50, 30, 9, 60])?;
/// assert_eq!((treated, control), (BeforeAfter::new(100, 80), BeforeAfter::new(50, 60)));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    treated: Vec<usize>,
    control: Vec<usize>,
    displacement: Option<(Vec<usize>, Vec<usize>)>,
}

impl Groups {
    /// Treated areas and areas to compare them with.
    #[must_use]
    pub fn new(treated: impl Into<Vec<usize>>, control: impl Into<Vec<usize>>) -> Self {
        Self {
            treated: treated.into(),
            control: control.into(),
            displacement: None,
        }
    }

    /// Adds areas to which incidents may have moved, and areas to compare those with.
    #[must_use]
    pub fn displacement(
        mut self,
        around: impl Into<Vec<usize>>,
        control: impl Into<Vec<usize>>,
    ) -> Self {
        self.displacement = Some((around.into(), control.into()));
        self
    }

    /// Whether displacement is looked at.
    #[must_use]
    pub fn has_displacement(&self) -> bool {
        self.displacement.is_some()
    }

    /// The groups with what each is called, in the order of [`sums`](Self::sums).
    pub(crate) fn members(&self) -> Vec<(&'static str, &[usize])> {
        let mut out = vec![
            ("treated", self.treated.as_slice()),
            ("control", &self.control),
        ];
        if let Some((around, control)) = &self.displacement {
            out.push(("displacement", around));
            out.push(("displacement control", control));
        }
        out
    }

    /// Sums over treated, control, displacement and its control; none is zero.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] unless there is one count before and after per area,
    /// [`Fault::AreaMismatch`] for an area that does not exist or is named twice,
    /// [`Fault::NoRows`] for a group without areas, [`Fault::Negative`],
    /// [`Fault::NumberOutOfRange`] for sums beyond 2⁵³.
    pub fn sums(&self, before: &[i64], after: &[i64]) -> Result<[BeforeAfter; 4]> {
        if before.len() != after.len() {
            let detail = format!("{} counts before and {} after", before.len(), after.len());
            return Err(Error::input(Fault::LengthMismatch, detail));
        }
        let mut seen = vec![false; before.len()];
        let mut out = [BeforeAfter::default(); 4];
        for (sum, (name, areas)) in out.iter_mut().zip(self.members()) {
            if areas.is_empty() {
                let detail = format!("the {name} group has no area; give at least one");
                return Err(Error::input(Fault::NoRows, detail));
            }
            for &area in areas {
                match seen.get_mut(area) {
                    Some(seen) if !*seen => *seen = true,
                    Some(_) => {
                        let detail = format!("area {area} (from 0) is named twice; groups differ");
                        return Err(Error::input(Fault::AreaMismatch, detail));
                    }
                    None => {
                        let detail = format!(
                            "area {area} (from 0) of the {name} group is none of the {} areas",
                            before.len()
                        );
                        return Err(Error::input(Fault::AreaMismatch, detail));
                    }
                }
                sum.before = added(sum.before, before[area], area)?;
                sum.after = added(sum.after, after[area], area)?;
            }
        }
        Ok(out)
    }
}

fn added(sum: u64, count: i64, area: usize) -> Result<u64> {
    const MOST: u64 = 1 << 53;
    let count = u64::try_from(count).map_err(|_| {
        let detail = format!("the count of area {area} (from 0) is {count}; counts are 0 or more");
        Error::input(Fault::Negative, detail)
    })?;
    sum.checked_add(count)
        .filter(|s| *s <= MOST)
        .ok_or_else(|| {
            let detail = "the counts of a group add up to more than 2^53";
            Error::input(Fault::NumberOutOfRange, detail)
        })
}
