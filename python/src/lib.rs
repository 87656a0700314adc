//! The Python binding: a room per room of the core, each doing no more than extract, run, wrap.
//!
//! The public package `brandpunt` casts its inputs once, calls this module, and dresses what comes
//! back; nothing here is meant to be imported by a user.

#![allow(
    clippy::needless_pass_by_value,
    reason = "Python hands its arguments over by value"
)]

mod analysis;
mod cli;
mod columns;
mod error;
mod index;
mod io;
mod live;
mod methods;
mod model;
mod publish;
mod run;
mod stability;
mod state;
mod stats;
mod synthetic;
mod weights;

/// The compiled half of the package `brandpunt`.
#[pyo3::pymodule(gil_used = false)]
mod _brandpunt {
    #[pymodule_export]
    use crate::analysis::{HotspotResult, hotspots};
    #[pymodule_export]
    use crate::cli::command;
    #[pymodule_export]
    use crate::index::{AreaCounter, Tally, count};
    #[pymodule_export]
    use crate::io::{IncidentBatches, read_incidents, read_neighbourhoods, recognise};
    #[pymodule_export]
    use crate::live::{LiveSnapshot, LiveWindow};
    #[pymodule_export]
    use crate::methods::association::{geary, getis_ord_g, incremental_autocorrelation, moran};
    #[pymodule_export]
    use crate::methods::clusters::{dbscan, hdbscan, nearest_neighbour_hierarchy, optics, shapes};
    #[pymodule_export]
    use crate::methods::concentration::{concentration, repeat_addresses};
    #[pymodule_export]
    use crate::methods::contours::Contours;
    #[pymodule_export]
    use crate::methods::density::{kernel_density, kernel_deviation, select_bandwidth};
    #[pymodule_export]
    use crate::methods::effect::{intervention_effect, sppt};
    #[pymodule_export]
    use crate::methods::emerging::{
        compare_hotspots, emerging_hotspots, mann_kendall, space_time_cube,
    };
    #[pymodule_export]
    use crate::methods::forecast::{
        accuracy, counts_between, forecast, rolling_accuracy, self_exciting,
    };
    #[pymodule_export]
    use crate::methods::local::{getis_ord, join_count, local_geary, local_moran, losh};
    #[pymodule_export]
    use crate::methods::near_repeat::{knox, near_repeat};
    #[pymodule_export]
    use crate::methods::network::{StreetNetwork, network_density};
    #[pymodule_export]
    use crate::methods::pair_counts::{PairCounts, count_pairs, deal};
    #[pymodule_export]
    use crate::methods::pattern::{pair_correlation, ripley, spacing};
    #[pymodule_export]
    use crate::methods::profile::{profile, reporting_rate, without_source};
    #[pymodule_export]
    use crate::methods::proximity::proximity;
    #[pymodule_export]
    use crate::methods::rates::{
        change, direct_standardisation, funnel, indirect_standardisation, rates, series_dispersion,
        standardised_rates, trend,
    };
    #[pymodule_export]
    use crate::methods::risk::relative_risk;
    #[pymodule_export]
    use crate::methods::scan::{space_time_scan, spatial_scan};
    #[pymodule_export]
    use crate::methods::space_time::space_time_density;
    #[pymodule_export]
    use crate::methods::surface::Surface;
    #[pymodule_export]
    use crate::model::{
        AreaNumbers, Crosswalk, Incidents, KeyFigures, Neighbourhoods, RegisteredCounts, Theme,
        area_code, check_person_data, local_to_utc, read_key_figures, read_police_table,
        read_themes, require_metres, write_themes,
    };
    #[pymodule_export]
    use crate::publish::{Published, publish, to_html, write_all, write_html};
    #[pymodule_export]
    use crate::run::check_n_jobs;
    #[cfg(debug_assertions)]
    #[pymodule_export]
    use crate::run::rehearse;
    #[pymodule_export]
    use crate::stability::stability;
    #[pymodule_export]
    use crate::state::{dump, load};
    #[pymodule_export]
    use crate::stats::{adjust_p, fdr_cutoff};
    #[pymodule_export]
    use crate::synthetic::synthetic_city;
    #[pymodule_export]
    use crate::weights::Weights;

    #[expect(non_upper_case_globals, reason = "Python looks for this name")]
    #[pymodule_export]
    const __version__: &str = env!("CARGO_PKG_VERSION");
    /// Whether this build is for development: correct, but many times slower.
    #[pymodule_export]
    const DEBUG_BUILD: bool = cfg!(debug_assertions);
}
