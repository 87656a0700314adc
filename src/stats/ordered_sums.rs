//! Sums of drawn values, kept in order while the unit that leaves itself out moves on.

/// The sums of a block of replicates, by number of draws.
///
/// A drawn number stands for that unit or the one after it, see
/// [`conditional_sums`](super::permutation::conditional_sums). Moving from unit i to i + 1, the
/// number i no longer means i + 1 but i; nothing else changes.
pub(super) struct OrderedSums<'a> {
    values: &'a [f64],
    /// One row of `width` numbers per replicate.
    numbers: &'a [u32],
    width: usize,
    /// The unit that leaves itself out.
    unit: usize,
    /// For each number, where it was drawn: positions in `numbers`, by number.
    start: Vec<u32>,
    drawn: Vec<u32>,
    /// The same table for each number of draws that was asked for.
    tables: Vec<Option<Table>>,
    /// Changes since the sums were added up anew.
    changes: usize,
    sorted: bool,
}

struct Table {
    /// Sum of each replicate.
    sums: Vec<f64>,
    /// The same in order, if they are kept so.
    order: Vec<f64>,
}

impl<'a> OrderedSums<'a> {
    pub(super) fn new(values: &'a [f64], numbers: &'a [u32], width: usize, unit: usize) -> Self {
        let n = values.len();
        let mut start = vec![0u32; n + 1];
        for &j in numbers {
            start[j as usize + 1] += 1;
        }
        for j in 0..n {
            start[j + 1] += start[j];
        }
        let mut next = start.clone();
        let mut drawn = vec![0; numbers.len()];
        for (at, &j) in numbers.iter().enumerate() {
            let place = &mut next[j as usize];
            drawn[*place as usize] = at as u32;
            *place += 1;
        }
        Self {
            values,
            numbers,
            width,
            unit,
            start,
            drawn,
            tables: (0..=width).map(|_| None).collect(),
            changes: 0,
            // Keeping the order costs more than looking through all sums when many of them change
            // from unit to unit.
            sorted: numbers.len() < 2 * n,
        }
    }

    /// Leaves out `unit` instead of the unit before.
    pub(super) fn move_to(&mut self, unit: usize) {
        while self.unit < unit {
            let number = self.unit;
            self.unit += 1;
            let step = self.values[number] - self.values[number + 1];
            if step == 0.0 {
                continue;
            }
            let places = self.start[number] as usize..self.start[number + 1] as usize;
            self.changes += places.len();
            if self.changes > self.numbers.len() {
                // Rounding must not pile up: add up anew when next asked.
                self.tables.fill_with(|| None);
                self.changes = 0;
                continue;
            }
            for &at in &self.drawn[places] {
                let (replicate, position) = (at as usize / self.width, at as usize % self.width);
                for table in self.tables[position + 1..].iter_mut().flatten() {
                    table.change(replicate, step, self.sorted);
                }
            }
        }
    }

    /// How many sums of `draws` values are at most `high`, and how many at least `low`.
    pub(super) fn reached(&mut self, draws: usize, low: f64, high: f64) -> (u32, u32) {
        if self.tables[draws].is_none() {
            self.tables[draws] = Some(self.added_up(draws));
        }
        let Some(table) = &self.tables[draws] else {
            return (0, 0);
        };
        if self.sorted {
            let less = table.order.partition_point(|&s| s <= high);
            let below = table.order.partition_point(|&s| s < low);
            return (less as u32, (table.order.len() - below) as u32);
        }
        let (mut less, mut greater) = (0, 0);
        for &sum in &table.sums {
            less += u32::from(sum <= high);
            greater += u32::from(sum >= low);
        }
        (less, greater)
    }

    fn added_up(&self, draws: usize) -> Table {
        let value = |&j: &u32| self.values[j as usize + usize::from(j as usize >= self.unit)];
        let rows = self.numbers.chunks_exact(self.width.max(1));
        let sums: Vec<f64> = rows
            .map(|numbers| numbers[..draws].iter().map(value).sum())
            .collect();
        let mut order = Vec::new();
        if self.sorted {
            order.clone_from(&sums);
            order.sort_unstable_by(f64::total_cmp);
        }
        Table { sums, order }
    }
}

impl Table {
    fn change(&mut self, replicate: usize, step: f64, sorted: bool) {
        let before = self.sums[replicate];
        let after = before + step;
        self.sums[replicate] = after;
        if !sorted {
            return;
        }
        let order = &mut self.order;
        let from = order.partition_point(|&s| s < before);
        let to = order.partition_point(|&s| s < after);
        if to > from {
            order.copy_within(from + 1..to, from);
            order[to - 1] = after;
        } else {
            order.copy_within(to..from, to + 1);
            order[to] = after;
        }
    }
}
