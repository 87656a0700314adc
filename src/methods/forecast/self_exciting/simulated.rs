//! A process whose truth is known.

use rand::{Rng, RngExt};

/// A square town with a background and followers.
pub(crate) struct Town {
    /// Side in metres.
    pub(crate) side: f64,
    pub(crate) days: f64,
    /// Background incidents, on average.
    pub(crate) background: f64,
    /// Share of them at one of ten addresses, and share around one of five squares; the others are
    /// anywhere.
    pub(crate) at_addresses: f64,
    pub(crate) at_squares: f64,
    /// How much more there is in midsummer than on average, as a share.
    pub(crate) season: f64,
    /// Followers of each incident, on average, their mean delay in days and the standard deviation
    /// of their distance along each axis.
    pub(crate) branching: f64,
    pub(crate) delay: f64,
    pub(crate) sigma: f64,
}

/// Days, x and y of each incident.
pub(crate) type Drawn = (Vec<f64>, Vec<f64>, Vec<f64>);

impl Town {
    /// What happens is drawn from one source; where the addresses and squares are, from another.
    pub(crate) fn draw(&self, random: &mut impl Rng, places: &mut impl Rng) -> Drawn {
        let addresses: Vec<[f64; 2]> = (0..10).map(|_| self.anywhere(places)).collect();
        let squares: Vec<[f64; 2]> = (0..5).map(|_| self.anywhere(places)).collect();
        let mut waiting: Vec<[f64; 3]> = Vec::new();
        for _ in 0..poisson(self.background, random) {
            let day = loop {
                let day = uniform(random) * self.days;
                let wave = (std::f64::consts::TAU * day / 365.25).sin();
                if uniform(random) * (1.0 + self.season) < 1.0 + self.season * wave {
                    break day;
                }
            };
            let kind = uniform(random);
            let [x, y] = if kind < self.at_addresses {
                addresses[(uniform(random) * 10.0) as usize]
            } else if kind < self.at_addresses + self.at_squares {
                let square = squares[(uniform(random) * 5.0) as usize];
                moved(square, 150.0, random)
            } else {
                self.anywhere(random)
            };
            waiting.push([day, x, y]);
        }
        let (mut days, mut x, mut y) = (Vec::new(), Vec::new(), Vec::new());
        while let Some([day, px, py]) = waiting.pop() {
            for _ in 0..poisson(self.branching, random) {
                let later = day - self.delay * (1.0 - uniform(random)).ln();
                let [fx, fy] = moved([px, py], self.sigma, random);
                waiting.push([later, fx, fy]);
            }
            let inside = |v: f64| v >= 0.0 && v < self.side;
            if day < self.days && inside(px) && inside(py) {
                days.push(day);
                x.push(px);
                y.push(py);
            }
        }
        (days, x, y)
    }

    fn anywhere(&self, random: &mut impl Rng) -> [f64; 2] {
        [uniform(random) * self.side, uniform(random) * self.side]
    }
}

fn uniform(random: &mut impl Rng) -> f64 {
    random.random()
}

/// By the gaps between the incidents of one unit of time.
fn poisson(mean: f64, random: &mut impl Rng) -> usize {
    let mut left = mean;
    let mut count = 0;
    loop {
        left += (1.0 - uniform(random)).ln();
        if left < 0.0 {
            return count;
        }
        count += 1;
    }
}

/// A Gaussian step, by Box and Muller.
fn moved(from: [f64; 2], sigma: f64, random: &mut impl Rng) -> [f64; 2] {
    let length = sigma * (-2.0 * (1.0 - uniform(random)).ln()).sqrt();
    let angle = std::f64::consts::TAU * uniform(random);
    [
        from[0] + length * angle.cos(),
        from[1] + length * angle.sin(),
    ]
}
