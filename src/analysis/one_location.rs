//! What the incidents on the busiest location do to its neighbourhood.

use rustc_hash::FxHashMap;

use super::located::Located;
use super::result::NeighbourhoodTable;
use crate::error::quoted;
use crate::index::NeighbourhoodIndex;

/// The class from which an area is called hot.
const HOT: i8 = 1;

/// The incidents on the location that has most of them.
pub(super) struct Pile {
    pub(super) incidents: usize,
    /// The area they lie in.
    area: Option<usize>,
}

impl Pile {
    /// Of equally busy locations the first; nothing where there is no incident.
    pub(super) fn of(located: &Located<'_>, positions: &[u32]) -> Option<Self> {
        let (x, y) = (located.incidents.x(), located.incidents.y());
        let place = |i: u32| (x[i as usize].to_bits(), y[i as usize].to_bits());
        let mut at: FxHashMap<(u64, u64), usize> = FxHashMap::default();
        for &i in positions {
            *at.entry(place(i)).or_default() += 1;
        }
        let most = at.values().copied().max()?;
        let first = positions.iter().find(|i| at[&place(**i)] == most)?;
        let label = located.label[*first as usize];
        Some(Self {
            incidents: most,
            area: (label != NeighbourhoodIndex::NONE).then_some(label as usize),
        })
    }

    /// The counts of the areas without these incidents; `None` where they are in no count.
    pub(super) fn left_out_of(&self, counts: &[i64]) -> Option<Vec<i64>> {
        let mut out = counts.to_vec();
        *out.get_mut(self.area?)? -= self.incidents as i64;
        Some(out)
    }

    /// The neighbourhood with them and without, in words.
    pub(super) fn beside(
        &self,
        names: &[String],
        with: &NeighbourhoodTable,
        without: &NeighbourhoodTable,
    ) -> Option<String> {
        let i = self.area?;
        let name = quoted(&names[i]);
        let hot = |table: &NeighbourhoodTable| table.hotspot_class[i] >= HOT;
        let verdict = match (hot(with), hot(without)) {
            (true, true) => "it is a hotspot either way",
            (true, false) => "it is a hotspot with it only",
            (false, true) => "it is a hotspot without it only",
            (false, false) => "it is no hotspot either way",
        };
        let rate = if with.rate[i].is_nan() {
            String::new()
        } else {
            format!(
                ", a rate of {:.2} instead of {:.2}",
                without.rate[i], with.rate[i]
            )
        };
        Some(format!(
            "Without that location {name} has {} incidents instead of {}{rate} and rank {} instead of \
             {}; {verdict}.",
            without.count[i], with.count[i], without.rank[i], with.rank[i]
        ))
    }
}
