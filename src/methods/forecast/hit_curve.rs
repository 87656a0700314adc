//! Places from the highest score to the lowest, and what lies in the first of them.

/// One place: its surface, what happened in it and what was predicted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) km2: f64,
    pub(super) count: f64,
    pub(super) predicted: f64,
    /// Score per square kilometre.
    pub(super) density: f64,
}

/// Places in order of a score per square kilometre; those with the same score are one group.
#[derive(Debug)]
pub(super) struct HitCurve {
    groups: Vec<Vec<Place>>,
    pub(super) km2: f64,
    pub(super) count: f64,
}

/// What lies in the part of the map with the highest scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Flagged {
    /// Incidents, where the last group is flagged in part: on average over its places.
    pub(super) hits: f64,
    /// The least and the most there could be, by which places of that group are flagged.
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) predicted: f64,
}

impl HitCurve {
    /// Sorts places by a score per square kilometre.
    pub(super) fn new(places: &[Place], score: impl Fn(&Place) -> f64) -> Self {
        let mut scored: Vec<(f64, Place)> = places.iter().map(|p| (score(p), *p)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        let groups = scored
            .chunk_by(|a, b| a.0 == b.0)
            .map(|group| group.iter().map(|(_, place)| *place).collect());
        Self {
            groups: groups.collect(),
            km2: places.iter().map(|p| p.km2).sum(),
            count: places.iter().map(|p| p.count).sum(),
        }
    }

    /// What lies in the first places that together have this surface; the last one in part.
    pub(super) fn at(&self, km2: f64) -> Flagged {
        let mut out = Flagged {
            hits: 0.0,
            low: 0.0,
            high: 0.0,
            predicted: 0.0,
        };
        let mut left = km2;
        for group in &self.groups {
            let whole = Totals::of(group);
            if whole.km2 <= left {
                left -= whole.km2;
                out.hits += whole.count;
                out.low += whole.count;
                out.high += whole.count;
                out.predicted += whole.predicted;
                continue;
            }
            let part = left / whole.km2;
            out.hits += part * whole.count;
            out.predicted += part * whole.predicted;
            out.high += most(group, left, |p| p.count / p.km2);
            out.low += most(group, left, |p| -p.count / p.km2);
            break;
        }
        out
    }

    /// The curve at the end of each group: surface and incidents so far.
    pub(super) fn points(&self) -> Vec<(f64, f64)> {
        let mut so_far = (0.0, 0.0);
        let mut out = vec![so_far];
        for group in &self.groups {
            let whole = Totals::of(group);
            so_far = (so_far.0 + whole.km2, so_far.1 + whole.count);
            out.push(so_far);
        }
        out
    }

    /// Mean number of incidents in the flagged part, over all parts up to a surface.
    pub(super) fn mean_up_to(&self, km2: f64) -> f64 {
        let mut area = 0.0;
        for ends in self.points().windows(2) {
            let ((from, low), (to, high)) = (ends[0], ends[1]);
            if from >= km2 {
                break;
            }
            let reached = to.min(km2);
            let share = (reached - from) / (to - from);
            let end = low + share * (high - low);
            area += (reached - from) * f64::midpoint(low, end);
        }
        area / km2
    }
}

struct Totals {
    km2: f64,
    count: f64,
    predicted: f64,
}

impl Totals {
    fn of(group: &[Place]) -> Self {
        Self {
            km2: group.iter().map(|p| p.km2).sum(),
            count: group.iter().map(|p| p.count).sum(),
            predicted: group.iter().map(|p| p.predicted).sum(),
        }
    }
}

/// Incidents in a surface that is taken from the places of a group in order of a key.
fn most(group: &[Place], km2: f64, key: impl Fn(&Place) -> f64) -> f64 {
    let mut sorted = group.to_vec();
    sorted.sort_by(|a, b| key(b).total_cmp(&key(a)));
    let (mut left, mut hits) = (km2, 0.0);
    for place in sorted {
        let part = (left / place.km2).min(1.0);
        hits += part * place.count;
        left -= part * place.km2;
        if left <= 0.0 {
            break;
        }
    }
    hits
}
