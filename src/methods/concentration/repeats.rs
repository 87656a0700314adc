//! What is known of addresses with more than one report.

use crate::model::Warning;
use crate::stats::KaplanMeier;

/// Reports by address, and how soon the next one comes.
///
/// Addresses are known by their number only, and where they are by the positions of their reports.
/// A figure of one address is a figure of one household: keep it inside, publish shares.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Repeats {
    /// Per report, in input order: the number of its address.
    pub address: Vec<u32>,
    /// Per report: days until the next one at its address, or until the end of the watch where
    /// there was none; NaN without a time.
    pub days_to_next: Vec<f64>,
    /// Per report: whether there was a next one.
    pub repeated: Vec<bool>,
    /// Per address, those with most reports first.
    pub addresses: AddressTable,
    /// Numbers of reports, ascending, with the number of addresses that have so many.
    pub with_count: Vec<(u64, u64)>,
    /// Share of the reports that are not the first of their address, `Σ (count − 1) / total`.
    pub repeat_share: f64,
    /// Share of the reports that the address with most of them has.
    pub busiest_share: f64,
    /// Reports without a time: counted, but neither next nor first to any other.
    pub without_time: usize,
    /// Reports at the same time as the one before at their address; their gap is 0 days.
    pub same_time: usize,
    /// End of the watch: seconds since 1970 (UTC); `None` without times.
    pub end: Option<i64>,
    /// Repeats within each number of days that was asked for.
    pub within: Vec<RepeatWithin>,
    /// Time to the next report, over all reports with a time.
    pub time_to_next: KaplanMeier,
    /// Whether reports come ever sooner, over all addresses.
    pub trend: GapTrend,
    /// Addresses that were tested and whose gaps shorten rather than lengthen, the surest first.
    pub worsening: Vec<u32>,
    /// What the reader must know.
    pub warnings: Vec<Warning>,
}

/// Columns of addresses, those with most reports first, equal ones in the order of their first
/// report in the input.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct AddressTable {
    /// Reports.
    pub count: Vec<u64>,
    /// Position of the first report in the input.
    pub first: Vec<u32>,
    /// Reports with a time.
    pub timed: Vec<u64>,
    /// Days between the last two reports; NaN for fewer than two with a time.
    pub last_gap: Vec<f64>,
    /// Days from the last report to the end of the watch; NaN without a time.
    pub since_last: Vec<f64>,
    /// Pairs of gaps of which the later is longer, less pairs of which the later is shorter.
    pub score: Vec<i64>,
    /// Chance of gaps that shorten as much; NaN for addresses with fewer reports than asked for.
    pub p: Vec<f64>,
    /// p after Benjamini and Hochberg, over the addresses that were tested.
    pub q: Vec<f64>,
}

/// How many reports are followed by another within some days.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct RepeatWithin {
    /// Days.
    pub days: f64,
    /// Share of the reports with a next one at most so many days later; NaN beyond the watch.
    pub share: f64,
    /// Lower limit of the share.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
    /// Reports whose next, if any, is known not to have come sooner.
    pub at_risk: u64,
    /// Next reports that were seen within so many days.
    pub repeats: u64,
}

/// Whether the gaps between successive reports get shorter.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct GapTrend {
    /// Addresses with at least two gaps.
    pub addresses: usize,
    /// Pairs of gaps of one address of which the later is longer, less those of which it is
    /// shorter.
    pub score: i64,
    /// Chance of a score at most so large if all orders of an address's gaps were as likely;
    /// NaN without an address.
    pub p_shorter: f64,
    /// Chance of a score at least so large.
    pub p_longer: f64,
    /// Whether these are exact; else the sum is taken as normal.
    pub exact: bool,
}
