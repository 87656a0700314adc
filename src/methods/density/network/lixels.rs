//! Streets cut into pieces of about one length.

use super::street_network::StreetNetwork;

/// The pieces of all streets, numbered in their order. Those of one street are equally long.
pub(super) struct Lixels {
    /// The first piece of each street, and the number of all pieces.
    first: Vec<usize>,
    /// The length of the pieces of each street, in metres.
    pub(super) length: Vec<f64>,
}

impl Lixels {
    /// How many pieces of at most this length there would be.
    pub(super) fn count(network: &StreetNetwork, longest: f64) -> f64 {
        let streets = network.streets.iter();
        streets.map(|s| pieces(s.length(), longest)).sum()
    }

    pub(super) fn new(network: &StreetNetwork, longest: f64) -> Self {
        let mut first = vec![0];
        let mut length = Vec::with_capacity(network.streets());
        for street in &network.streets {
            let pieces = pieces(street.length(), longest);
            first.push(first[first.len() - 1] + pieces as usize);
            length.push(street.length() / pieces);
        }
        Self { first, length }
    }

    /// The pieces of a street.
    pub(super) fn of(&self, street: usize) -> std::ops::Range<usize> {
        self.first[street]..self.first[street + 1]
    }

    pub(super) fn len(&self) -> usize {
        self.first[self.first.len() - 1]
    }

    /// The piece that holds a place on a street.
    pub(super) fn at(&self, street: usize, along: f64) -> usize {
        let pieces = self.of(street);
        let which = (along / self.length[street]).floor().max(0.0) as usize;
        (pieces.start + which).min(pieces.end - 1)
    }
}

/// A street longer by a rounding than so many pieces does not get another.
fn pieces(street: f64, longest: f64) -> f64 {
    (street / longest * (1.0 - 1e-9)).ceil().max(1.0)
}
