use super::*;
use crate::model::{Times, Zone};
use crate::synthetic::{SyntheticCity, SyntheticResult};

fn city(n: usize) -> SyntheticResult {
    SyntheticCity::new(n).seed(5).build().unwrap()
}
