//! Which incident follows which?

use crate::error::coded;
use crate::stats::Connected;

coded! {
    /// The part an incident has among those close to it in space and time.
    RepeatLabel {
        /// Others follow it, and it follows none.
        Originator = "originator",
        /// It follows another at the same place.
        Repeat = "repeat",
        /// It follows another nearby, and none at the same place.
        NearRepeat = "near_repeat",
        /// It has partners, but all at its own time: which came first is not known.
        Simultaneous = "simultaneous",
        /// It has no partner.
        Isolated = "isolated",
        /// Its time is not known.
        Undated = "undated",
    }
}

/// Where the earlier partners of an incident are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Earlier {
    #[default]
    Nowhere,
    Near,
    Here,
}

/// What the partners of an incident come to.
#[derive(Debug, Clone, Copy, Default)]
struct Met {
    earlier: Earlier,
    same_time: bool,
    later: bool,
}

impl Met {
    fn label(self) -> RepeatLabel {
        match self.earlier {
            Earlier::Here => RepeatLabel::Repeat,
            Earlier::Near => RepeatLabel::NearRepeat,
            Earlier::Nowhere if self.later => RepeatLabel::Originator,
            Earlier::Nowhere if self.same_time => RepeatLabel::Simultaneous,
            Earlier::Nowhere => RepeatLabel::Isolated,
        }
    }
}

/// Incidents that are being joined to chains.
pub(super) struct Partners<'a> {
    units: &'a [u32],
    met: Vec<Met>,
    connected: Connected,
}

/// Labels and chains of all incidents, in input order.
pub(super) struct Chains {
    pub(super) label: Vec<RepeatLabel>,
    pub(super) chain: Vec<Option<u32>>,
    pub(super) size: Vec<u32>,
}

impl<'a> Partners<'a> {
    pub(super) fn new(units: &'a [u32]) -> Self {
        Self {
            units,
            met: vec![Met::default(); units.len()],
            connected: Connected::new(units.len()),
        }
    }

    /// Joins two incidents that are close in space and time.
    pub(super) fn join(&mut self, i: u32, j: u32, same_place: bool) {
        self.connected.join(i as usize, j as usize);
        let order = self.units[i as usize].cmp(&self.units[j as usize]);
        let (first, second) = if order.is_gt() { (j, i) } else { (i, j) };
        if order.is_eq() {
            self.met[i as usize].same_time = true;
            self.met[j as usize].same_time = true;
            return;
        }
        self.met[first as usize].later = true;
        let met = &mut self.met[second as usize];
        let place = if same_place {
            Earlier::Here
        } else {
            Earlier::Near
        };
        met.earlier = met.earlier.max(place);
    }

    /// By position among `incidents` incidents; chains are numbered by their first incident there.
    pub(super) fn chains(self, positions: &[u32], incidents: usize) -> Chains {
        let mut number_at = vec![None; incidents];
        for (number, position) in (0u32..).zip(positions) {
            number_at[*position as usize] = Some(number);
        }
        let mut out = Chains {
            label: Vec::with_capacity(incidents),
            chain: Vec::with_capacity(incidents),
            size: Vec::new(),
        };
        let mut chain_of_root = vec![None; self.units.len()];
        for number in number_at {
            let label = number.map_or(RepeatLabel::Undated, |n| self.met[n as usize].label());
            let chained = !matches!(label, RepeatLabel::Undated | RepeatLabel::Isolated);
            let chain = number.filter(|_| chained).map(|number| {
                let root = self.connected.root(number as usize);
                let chain = *chain_of_root[root].get_or_insert_with(|| {
                    out.size.push(0);
                    out.size.len() as u32 - 1
                });
                out.size[chain as usize] += 1;
                chain
            });
            out.label.push(label);
            out.chain.push(chain);
        }
        out
    }
}
