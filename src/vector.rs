//! Loops compiled once more for the widest vector instructions of the machine.
//!
//! A wheel or a binary is built for the oldest processor it may meet. Work handed to [`widest`] is
//! compiled for newer ones as well and the machine decides at run time; the results are the same
//! to the last bit, as the compiler never fuses or reorders floating-point operations.

/// A loop with all it needs. Its `call` and what that calls must be `#[inline(always)]`, or they
/// are compiled for the oldest processor only.
pub(crate) use pulp::NullaryFnOnce as Work;

/// Does the work with the widest instructions there are.
pub(crate) fn widest<W: Work>(work: W) -> W::Output {
    pulp::Arch::new().dispatch(work)
}
