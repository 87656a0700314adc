//! The main job on real data, where they are at hand.
//!
//! Breda: police counts of youth nuisance per neighbourhood in 2022; the rates have no spatial
//! clustering. Lancashire: 56,434 reports of anti-social behaviour in 2022 on 17,848 points.

#![expect(clippy::print_stdout, reason = "a test that is skipped must say so")]

use std::path::PathBuf;

use brandpunt::analysis::{HotspotAnalysis, Language};
use brandpunt::io::{IncidentReader, NeighbourhoodReader};
use brandpunt::methods::local::Moran;
use brandpunt::weights::Weights;
use brandpunt::{Counts, Theme, Workers};

/// A file of the shared data, or a line that says it is not there.
fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(name);
    if !path.exists() {
        println!("SKIPPED: ../shared/{name} is not there");
        return None;
    }
    Some(path)
}

#[test]
fn breda_has_no_clustering_but_neighbourhoods_with_high_rates() {
    let Some(path) = shared("data/nl/breda_buurten_nuisance_2022_wgs84.geojson") else {
        return;
    };
    let hoods = NeighbourhoodReader::new()
        .code("buurtcode_gemeente")
        .name("buurt")
        .population("inwoners")
        .read(path)
        .unwrap();
    assert_eq!(hoods.len(), 56);
    let youth: Vec<i64> = hoods
        .column("jeugd")
        .unwrap()
        .iter()
        .map(|v| v.unwrap() as i64)
        .collect();
    assert_eq!(youth.iter().sum::<i64>(), 888);

    // Crude rates, as the reference computed them: Moran's I −0.0344, z −0.28.
    let people = hoods.exposure("inhabitants", None).unwrap().as_floats();
    let rates: Vec<f64> = youth
        .iter()
        .zip(&people)
        .map(|(c, p)| 1000.0 * *c as f64 / p)
        .collect();
    let weights = Weights::queen(&hoods).unwrap().row_standardise();
    assert_eq!(weights.pairs(), 310);
    let moran = Moran::new().run(&rates, &weights).unwrap();
    assert!(
        (moran.statistic - -0.03439070810543681).abs() < 1e-12,
        "{}",
        moran.statistic
    );
    assert!(
        (moran.z - -0.28234954445099125).abs() < 1e-10,
        "{}",
        moran.z
    );

    let counts = Counts::per_area(youth).unwrap();
    let workers = Workers::new(0).unwrap();
    let result = HotspotAnalysis::new(Theme::youth_nuisance())
        .run_counts(&counts, &hoods, &workers)
        .unwrap();
    let table = &result.neighbourhoods;
    assert!(result.city.moran_p > 0.1, "{}", result.city.moran_p);
    assert!(
        table.hotspot_class.iter().all(|&c| c.abs() < 2),
        "{:?}",
        table.hotspot_class
    );
    let high: Vec<usize> = (0..56)
        .filter(|&i| table.rate_q[i] <= 0.05 && table.rate_ratio[i] > 1.0)
        .collect();
    assert!(!high.is_empty());
    for i in high {
        let sentence = table.reason[i].sentence(Language::English);
        assert!(
            sentence.contains("times that of the rest of the city"),
            "{sentence}"
        );
        assert!(table.rate_low[i] > result.city.rate, "{sentence}");
    }
}

#[test]
fn lancashire_counts_every_report_once() {
    let Some(points) = shared("data/points/lancashire_asb_2022.csv.gz") else {
        return;
    };
    let Some(wards) = shared("data/points/lancashire_wards_population.gpkg") else {
        return;
    };
    let incidents = IncidentReader::new().read(points).unwrap();
    assert_eq!(incidents.rows_in(), 56_434);
    let hoods = NeighbourhoodReader::new().read(wards).unwrap();
    assert_eq!(hoods.len(), 271);
    let result = HotspotAnalysis::new(Theme::all())
        .run(&incidents, &hoods)
        .unwrap();
    // The file knows months only.
    assert_eq!(
        result.period.as_ref().unwrap().label,
        "2022-01-01 to 2022-12-31"
    );
    let table = &result.neighbourhoods;
    let inside: i64 = table.count.iter().sum();
    let account = &result.provenance;
    assert_eq!(inside as u64 + account.rows_outside, account.rows_selected);
    assert_eq!(account.rows_selected + account.rows_rejected, 56_434);
    assert_eq!(table.rate.iter().filter(|r| r.is_nan()).count(), 271 - 245);
    // Towns on the coast and the mill towns: clustering is beyond doubt.
    assert!(result.city.moran > 0.2 && result.city.moran_p < 0.001);
    assert!(table.hotspot_class.iter().any(|&c| c >= 2));
    assert_eq!(result.cells.unwrap().count.iter().sum::<i64>(), inside);
}
