//! Arithmetic without geography.

mod binomial;
mod exact_sum;
mod multiple_tests;
mod normal;
mod permutation;
mod poisson;
mod root;
mod saddle;
mod summation;

pub use binomial::{binomial_interval, binomial_tails};
pub use exact_sum::{ExactSums, SumTails};
pub use multiple_tests::{
    Correction, FdrCutoff, benjamini_hochberg, benjamini_yekutieli, bonferroni,
    check_probabilities, fdr_cutoff, holm,
};
pub use normal::{normal_quantile, normal_upper_tail};
pub(crate) use permutation::{Permutations, Task, conditional, sequential};
pub use poisson::{byar_interval, garwood_interval, poisson_tails};
pub use summation::{Moments, sum};
