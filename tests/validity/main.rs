//! Do the tests hold their level, and do they find what is there?
//!
//! The protocol runs in a short form with all other tests, and in full with `make validate`,
//! which prints its tables. Shares of simulated maps are allowed four standard errors.

#![expect(clippy::unwrap_used, reason = "a test may fail")]
#![expect(clippy::print_stdout, reason = "the table is for reading")]

mod changes;
mod concentration;
mod coverage;
mod emerging;
mod forecast;
mod maps;
mod power;
mod profile;
mod risk;
mod scan;
#[path = "../../src/methods/forecast/self_exciting/simulated.rs"]
mod simulated;
mod size;
mod table;
mod uniformity;
mod whole_map;

/// Maps per share in the short form and in full.
const SHORT: usize = 200;
const FULL: usize = 2_000;

/// The short form as tests, the full one behind `--ignored`.
macro_rules! protocol {
    ($($short:ident, $full:ident: $title:literal, $rows:path;)*) => {$(
        #[test]
        fn $short() {
            table::report($title, &$rows(SHORT));
        }

        #[test]
        #[ignore = "make validate"]
        fn $full() {
            table::report($title, &$rows(FULL));
        }
    )*};
}

protocol! {
    size_holds, full_1_size: "Maps of pure chance that show a hotspot (FDR 5 %)", size::rows;
    overdispersed_nulls_hold_or_warn, full_2_overdispersion:
        "Maps of counts in series without clustering that show a hotspot", size::overdispersed_rows;
    planted_hotspots_are_found, full_3_power:
        "Planted hotspots of 3 x 3 cells: centre found, and false alarms elsewhere", power::rows;
    intervals_cover, full_4_coverage: "Least coverage of 95 % intervals", coverage::rows;
    p_values_are_uniform, full_5_uniformity:
        "p-values where nothing is: least chance of a worse fit, or excess over the level",
        uniformity::rows;
    patterns_in_time_hold, full_7_emerging:
        "Patterns in time where nothing is", emerging::rows;
    whole_maps_hold, full_8_whole_map:
        "Maps of pure chance on which place seems to matter (5 %)", whole_map::rows;
    equal_risk_is_equal, full_9_risk:
        "Maps of equal risk that show a place of higher or lower risk (FDR 5 %)", risk::rows;
    chance_is_no_concentration, full_10_concentration:
        "Concentration and repeats where nothing is (5 %), and where reports come ever sooner",
        concentration::rows;
    scans_hold, full_11_scan:
        "Scans for clusters where nothing is (5 %), and of planted ones", scan::rows;
    like_the_rest_is_like_the_rest, full_12_profile:
        "Subsets like the rest that are said to differ (5 %), and one that does differ",
        profile::rows;
    forecasts_hold, full_13_forecast:
        "Intervals of past forecasts, and followers where there are none", forecast::rows;
}
