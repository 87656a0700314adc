//! From one seed, an independent stream of random numbers for every unit of work.
//!
//! A stream depends only on the seed and the unit's number, never on the thread that draws from
//! it, so a simulation gives the same result for any number of threads.

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

/// A stream of random numbers.
pub(crate) type Stream = Xoshiro256PlusPlus;

/// The stream of unit `unit` under `seed`.
#[must_use]
pub(crate) fn stream(seed: u64, unit: u64) -> Stream {
    // The finaliser of SplitMix64 spreads neighbouring (seed, unit) pairs over the whole range;
    // it is a bijection, so different units of one seed never share a stream.
    Stream::seed_from_u64(mix(mix(seed).wrapping_add(unit)))
}

fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let draw = |seed, unit| stream(seed, unit).random::<u64>();
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
        assert_ne!(draw(0, 1), draw(1, 0));
    }
}
