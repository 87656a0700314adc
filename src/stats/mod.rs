//! Arithmetic without geography.

mod beta;
mod beta_binomial;
mod binomial;
mod chi_square;
mod connected;
mod dispersion;
mod exact_sum;
mod expansion;
mod guide_table;
mod hypergeometric;
mod kaplan_meier;
mod katz;
mod multiple_tests;
mod normal;
mod ordered_sums;
mod outward;
mod permutation;
mod poisson;
mod ranking;
mod root;
mod saddle;
mod summation;
mod two_counts;

pub use beta::{
    fractional_binomial_interval, fractional_binomial_tails, student_quantile, student_tails,
};
pub use beta_binomial::beta_binomial_tails;
pub use binomial::{binomial_interval, binomial_tails};
pub use chi_square::chi_square_tails;
pub(crate) use connected::Connected;
pub use dispersion::{Dispersion, dispersion_test};
pub use exact_sum::{ExactSums, SumTails};
pub(crate) use expansion::{expansion, two_sum};
pub(crate) use guide_table::GuideTable;
pub use hypergeometric::hypergeometric_tails;
pub(crate) use hypergeometric::{hypergeometric_draw, hypergeometric_mass};
pub use kaplan_meier::{KaplanMeier, Survival, kaplan_meier};
pub(crate) use katz::katz_upper_tail;
pub use multiple_tests::{
    Correction, FdrCutoff, benjamini_hochberg, benjamini_yekutieli, bonferroni,
    check_probabilities, fdr_cutoff, holm,
};
pub use normal::{normal_quantile, normal_tails, normal_upper_tail};
pub(crate) use permutation::{
    Permutations, Seen, conditional_sums, conditional_terms, scale_of, sequential_terms, shares,
};
pub use poisson::{byar_interval, garwood_interval, poisson_tails};
pub use ranking::{average_ranks, spearman};
pub(crate) use root::increasing_root;
pub use summation::{Moments, sum};
pub use two_counts::e_test;
