//! What was read and what was found are the same after they were bytes.

#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use brandpunt::Theme;
use brandpunt::analysis::HotspotAnalysis;
use brandpunt::publish::Disclosure;
use brandpunt::synthetic::SyntheticCity;
use serde::{Serialize, de::DeserializeOwned};

/// Not defined numbers are not equal to themselves, so bytes and words are compared.
fn there_and_back<T: Serialize + DeserializeOwned + std::fmt::Debug>(value: &T) -> T {
    let bytes = postcard::to_stdvec(value).unwrap();
    let back: T = postcard::from_bytes(&bytes).unwrap();
    assert_eq!(postcard::to_stdvec(&back).unwrap(), bytes);
    assert_eq!(format!("{back:?}").len(), format!("{value:?}").len());
    back
}

#[test]
fn a_city_and_its_hotspots_survive() {
    let city = SyntheticCity::new(3_000)
        .seed(5)
        .neighbourhoods(40)
        .build()
        .unwrap();
    let incidents = there_and_back(&city.incidents);
    assert_eq!(incidents, city.incidents);
    assert_eq!(there_and_back(&city.neighbourhoods), city.neighbourhoods);
    let analysis = HotspotAnalysis::new(Theme::youth_nuisance())
        .baseline(2017)
        .cell_size(200.0);
    let found = analysis.run(&city.incidents, &city.neighbourhoods).unwrap();
    let back = there_and_back(&found);
    // What a result was made from travels with it.
    let rules = Disclosure::cbs5();
    let published = there_and_back(&back.publish(&rules).unwrap());
    let expected = found.publish(&rules).unwrap();
    assert_eq!(
        postcard::to_stdvec(&published).unwrap(),
        postcard::to_stdvec(&expected).unwrap()
    );
}

#[test]
fn parts_and_windows_survive() {
    use brandpunt::index::{AreaCounter, count};
    use brandpunt::live::LiveSettings;
    use brandpunt::{Step, Workers};

    let city = SyntheticCity::new(800)
        .seed(6)
        .neighbourhoods(20)
        .build()
        .unwrap();
    let workers = Workers::new(1).unwrap();
    let mut counter = AreaCounter::new(&city.neighbourhoods)
        .unwrap()
        .step(Step::Quarter)
        .by_category();
    counter.add(&city.incidents, &workers).unwrap();
    assert_eq!(&there_and_back(counter.tally()), counter.tally());
    // Formats that know only texts as keys take it too.
    let json = serde_json::to_string(counter.tally()).unwrap();
    assert_eq!(
        &serde_json::from_str::<brandpunt::Tally>(&json).unwrap(),
        counter.tally()
    );
    let counts = count(&city.incidents, &city.neighbourhoods, None, &workers).unwrap();
    assert_eq!(there_and_back(&counts), counts);

    let now = city.incidents.times().unwrap().range().unwrap().1;
    let mut window = LiveSettings::new(90 * 86_400)
        .expected(vec![2.0; 20])
        .open(&city.neighbourhoods, now, &workers)
        .unwrap();
    window.insert_all(&city.incidents).unwrap();
    let snapshot = there_and_back(&window.snapshot());
    let again = snapshot.restore(&city.neighbourhoods, &workers).unwrap();
    assert_eq!(again.snapshot(), window.snapshot());
    assert_eq!(
        format!("{:?}", again.publish(&workers).unwrap()),
        format!("{:?}", window.publish(&workers).unwrap())
    );
}

#[test]
fn a_state_that_was_cut_is_an_error() {
    let theme = Theme::new("own", ["noise", "litter"]);
    let bytes = postcard::to_stdvec(&theme).unwrap();
    assert!(postcard::from_bytes::<Theme>(&bytes[..bytes.len() - 1]).is_err());
    assert_eq!(postcard::from_bytes::<Theme>(&bytes).unwrap(), theme);
}
