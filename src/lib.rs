//! Hotspots of urban nuisance: where reports concentrate, whether that is more than chance, and
//! how it compares with the people who live there.
//!
//! # In one call
//!
//! ```
//! use brandpunt::Theme;
//! use brandpunt::analysis::HotspotAnalysis;
//! use brandpunt::synthetic::SyntheticCity;
//!
//! # fn main() -> brandpunt::Result<()> {
//! let city = SyntheticCity::new(4_000).seed(1).neighbourhoods(50).build()?;
//! let result = HotspotAnalysis::new(Theme::youth_nuisance())
//!     .baseline(2017)
//!     .run(&city.incidents, &city.neighbourhoods)?;
//! for &i in result.neighbourhoods.by_rank().iter().take(3) {
//!     let table = &result.neighbourhoods;
//!     println!("{} {} per 1,000: {}", table.rank[i], table.name[i], table.rate[i]);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! With files, `brandpunt::io::read_incidents("reports.csv")?` and
//! `brandpunt::io::read_neighbourhoods("buurten.gpkg")?` make the two arguments, and
//! `result.publish(&Disclosure::cbs5())?.write_html("report.html", Language::Dutch)?` draws a report
//! that exposes nobody.
//!
//! The [`cookbook`] has a recipe for each of the usual questions.
//!
//! # Which method answers which question
//!
//! | question | method |
//! |---|---|
//! | where does a theme concentrate, everything in one call? | [`analysis::HotspotAnalysis`] |
//! | how many incidents lie in each neighbourhood? | [`index::count`], [`index::NeighbourhoodIndex`] |
//! | how many, when the incidents come in parts or do not fit in memory? | [`index::AreaCounter`], [`Tally`], [`io::IncidentReader::batches`] |
//! | what happens now, and is it more than usual? | [`live::LiveWindow`] |
//! | what does one incident add to a density? | [`methods::density::Footprint`] |
//! | how many did the police count in an area? | [`io::read_police_table`], [`RegisteredCounts::counts`] |
//! | how to carry numbers over to the areas of another year? | [`Crosswalk`], [`index::crosswalk_by_area`] |
//! | what is near? | [`index::IncidentIndex`] |
//! | do areas overlap, and should that be an error? | [`index::overlaps`], [`index::require_apart`] |
//! | where is it dense? | [`methods::density::KernelDensity`] |
//! | where is it dense, with wide kernels where incidents are few? | [`methods::density::AdaptiveDensity`] |
//! | where is one kind of incident frequent among another, or among people? | [`methods::density::RelativeRisk`] |
//! | where and when is it dense? | [`methods::density::SpaceTimeDensity`] |
//! | along which streets is it dense? | [`methods::density::NetworkDensity`] |
//! | how dense is it in each neighbourhood? | [`methods::density::Surface::by_neighbourhood`] |
//! | where does the density pass a level? | `methods::density::Surface::contours` |
//! | how to show it in a few classes? | [`methods::density::Surface::classes`] |
//! | how far should an incident spread? | [`methods::density::BandwidthSelection`] |
//! | what was watched, and where does it end? | [`index::StudyArea`] |
//! | do high values gather around a place, more than chance? | [`methods::local::GiStar`], [`methods::local::Gi`] |
//! | is a unit like its neighbours, or unlike them? | [`methods::local::LocalMoran`], [`methods::local::LocalGeary`] |
//! | do marked units lie beside marked ones? | [`methods::local::JoinCount`] |
//! | do values vary more here than elsewhere? | [`methods::local::Losh`] |
//! | do like values lie together on the whole map? | [`methods::local::Moran`], [`methods::local::Geary`] |
//! | do high values lie together on it, or low ones? | [`methods::local::GeneralG`] |
//! | which neighbouring units together have more cases than their people explain? | [`methods::scan::SpatialScan`] |
//! | where did it get busy, and is it going on? | [`methods::scan::SpaceTimeScan`] |
//! | do high values of one column lie beside high ones of another? | [`methods::local::Moran::run_between`] |
//! | at what distance do like values lie together most clearly? | [`methods::local::IncrementalMoran`] |
//! | how many at each place and step in time? | [`methods::emerging::SpaceTimeBins`] |
//! | is a hotspot new, lasting or fading? | [`methods::emerging::EmergingHotspots`] |
//! | do high values gather around a place and step? | [`methods::emerging::SpaceTimeGiStar`] |
//! | does a series rise or fall, and how fast? | [`methods::emerging::MannKendall`] |
//! | when did it happen, if only between two times? | [`methods::emerging::aoristic_shares`] |
//! | do two hotspot maps agree? | [`methods::emerging::HotspotComparison`] |
//! | which incidents lie together, densely? | [`methods::clusters::Dbscan`], [`methods::clusters::Hdbscan`] |
//! | in what order are incidents reached, for every radius at once? | [`methods::clusters::Optics`] |
//! | which are nearer to each other than chance would put them, and which clusters? | [`methods::clusters::NearestNeighbourHierarchy`] |
//! | what does a cluster look like on the map? | [`methods::clusters::cluster_shapes`] |
//! | how few places hold how much? | [`methods::concentration::Concentration`] |
//! | which addresses are reported again, and how soon? | [`methods::concentration::RepeatAddresses`] |
//! | of what nature are the reports: what kind, when, by whom? | [`methods::profile::Profile`] |
//! | in what do two hotspots differ? | [`methods::profile::Profile::run_between`] |
//! | which areas stand out only because of one source of reports? | [`methods::profile::WithoutSource`] |
//! | which areas stand out whatever share is reported? | [`methods::profile::ReportingRate`] |
//! | is there more of it near schools, and how far does that reach? | [`methods::proximity::Proximity`] |
//! | at what scale do incidents gather, or keep apart? | [`methods::pattern::Ripley`], [`methods::pattern::PairCorrelation`] |
//! | how far is the next incident, from one and from anywhere? | [`methods::pattern::Spacing`] |
//! | are incidents close in space close in time, as a whole and around each? | [`methods::near_repeat::Knox`] |
//! | at what distance and for how long is an incident followed by another? | [`methods::near_repeat::NearRepeat`] |
//! | the same, when the incidents are never in one place? | [`methods::near_repeat::PairCounts`], [`index::Tiles`] |
//! | will it stay there: how many reports are to be expected, and where? | [`methods::forecast::Forecast`] |
//! | does a report draw others after it, beside what is always there? | [`methods::forecast::SelfExciting`] |
//! | how much of what came lay where a map pointed? | [`methods::forecast::Accuracy`] |
//! | would a forecast have worked, time after time, and better than counting? | [`methods::forecast::RollingTest`] |
//! | did a measure work, and did incidents move elsewhere? | [`methods::effect::WeightedDisplacement`] |
//! | in which areas is the share of the incidents another than before? | [`methods::effect::PatternTest`] |
//! | who sent the reports? | [`Incidents::came_from`], [`methods::profile::WithoutSource`] |
//! | does a hotspot survive another grid, bandwidth, or sample? | [`analysis::StabilityAnalysis`], [`methods::stability::Stability`] |
//! | do two rankings agree? | [`stats::spearman`], [`methods::stability::rank_biased_overlap`] |
//! | how many per 1,000 people, and how sure is that? | [`methods::rates::Rates`] |
//! | is it more or less than before? | [`methods::rates::Change`] |
//! | the same for districts and the city, with the part of the population? | [`methods::rates::Change::run_levels`], [`analysis::Districts`] |
//! | is a target reached? | [`methods::rates::Target`] |
//! | does the rate rise or fall from year to year? | [`methods::rates::RateTrend`] |
//! | which areas lie outside what chance makes of the city's rate? | [`methods::rates::Funnel`] |
//! | what if every area had the same mix of people? | [`methods::rates::DirectStandardisation`], [`methods::rates::IndirectStandardisation`] |
//! | do counts vary more than chance would make them? | [`methods::rates::dispersion`], [`stats::dispersion_test`] |
//! | and over time? | [`methods::rates::series_dispersion`] |
//! | who is a neighbour of whom, and how heavily? | [`weights::Weights`], [`weights::Nearest`], [`weights::KernelWeights`] |
//! | which tests hold when there are many? | [`stats::Correction`], [`stats::fdr_cutoff`] |
//! | how long until it happens, when some were not watched to the end? | [`stats::kaplan_meier`] |
//! | how often does a sum this large come about by chance, exactly? | [`stats::ExactSums`] |
//! | may it be published, and what must be left out? | [`publish::Disclosure`], [`analysis::Published`] |
//! | what does it tell together with what was published before? | [`publish::Ledger`] |
//! | which hotspots do not depend on what is left out? | [`publish::HotspotBounds`], [`analysis::Protection`] |
//! | how did the city and its neighbourhoods go from year to year? | [`analysis::Years`] |
//! | what if it were all invented? | [`synthetic::SyntheticCity`] |
//!
//! # Where names differ
//!
//! | elsewhere | here |
//! |---|---|
//! | PySAL `esda.G_Local(star=True)`, spdep `localG(include.self)`, ArcGIS Hot Spot Analysis | [`methods::local::GiStar`] |
//! | PySAL `esda.G_Local(star=False)`, spdep `localG` | [`methods::local::Gi`] |
//! | ArcGIS `Gi_Bin` | `hotspot_class` of [`methods::local::LocalStatistics`] |
//! | ArcGIS Emerging Hot Spot Analysis, sfdep `emerging_hotspot_analysis` | [`methods::emerging::EmergingHotspots`] |
//! | ArcGIS Create Space Time Cube, sfdep `spacetime` | [`methods::emerging::SpaceTimeCube`] |
//! | ArcGIS Hot Spot Analysis Comparison | [`methods::emerging::HotspotComparison`] |
//! | `scipy.stats.kendalltau` and `theilslopes` against time, R `Kendall::MannKendall`, `trend::sens.slope` | [`methods::emerging::MannKendall`] |
//! | pymannkendall `hamed_rao_modification_test`, R `modifiedmk::mmkh` | [`methods::emerging::TrendNull::HamedRao`] |
//! | PySAL `esda.Moran_Local` (divisor n − 1), spdep `localmoran`, GeoDa LISA, ArcGIS Cluster and Outlier Analysis | [`methods::local::LocalMoran`] |
//! | PySAL `esda.Moran_Local_BV`, spdep `localmoran_bv` | [`methods::local::LocalMoran::run_between`] |
//! | PySAL `esda.Moran_Local_Rate` | [`methods::local::LocalMoran`] of [`methods::rates::standardised`] |
//! | PySAL `esda.Geary_Local`, `esda.Geary_Local_MV`, spdep `localC` | [`methods::local::LocalGeary`] |
//! | PySAL `esda.Join_Counts_Local`, GeoDa local join count | [`methods::local::JoinCount`] |
//! | PySAL `esda.LOSH`, spdep `LOSH` | [`methods::local::Losh`] |
//! | PySAL `esda.Moran`, spdep `moran.test` and `moran.mc` | [`methods::local::Moran`] |
//! | PySAL `esda.Moran_BV`, GeoDa bivariate Moran | [`methods::local::Moran::run_between`] |
//! | PySAL `esda.Geary`, spdep `geary.test` and `geary.mc` | [`methods::local::Geary`] |
//! | PySAL `esda.G`, spdep `globalG.test`, ArcGIS High/Low Clustering | [`methods::local::GeneralG`] |
//! | spdep `zero.policy` with `adjust.n` | [`methods::local::Islands`] |
//! | SaTScan purely spatial (discrete Poisson, Bernoulli), smerc `scan.test`, R `SpatialEpi::kulldorff` | [`methods::scan::SpatialScan`] |
//! | SaTScan elliptic windows, smerc `elliptic.test` | [`methods::scan::ScanShape::Ellipse`] |
//! | `FleXScan`, smerc `flex.test` | [`methods::scan::ScanShape::Flexible`] |
//! | `FleXScan` with the restricted likelihood ratio, smerc `rflex.test` | [`methods::scan::ScanShape::Restricted`] |
//! | SaTScan retrospective and prospective space-time, space-time permutation | [`methods::scan::SpaceTimeScan`] |
//! | SaTScan p-values: standard Monte Carlo, sequential, Gumbel | [`methods::scan::ScanTail`] |
//! | spatstat `Kest`, `Lest`, `Kinhom`, pointpats `k_test`, ArcGIS Multi-Distance Spatial Cluster Analysis | [`methods::pattern::Ripley`] |
//! | spatstat `pcf`; `Fest`, `Gest`, `Jest` | [`methods::pattern::PairCorrelation`]; [`methods::pattern::Spacing`] |
//! | spatstat `envelope`, `mad.test`, `dclf.test`, `GET::global_envelope_test` | [`methods::pattern::Envelope`] |
//! | ArcGIS Incremental Spatial Autocorrelation | [`methods::local::IncrementalMoran`] |
//! | PySAL `esda.smoothing.Empirical_Bayes`, spdep `EBest` | [`methods::rates::Smoothing::Global`] |
//! | `scipy.stats.poisson_means_test`, R `rateratio.test` beside it | `p_e_test` and `p` of [`methods::rates::Change`] |
//! | R `epitools::ageadjust.direct`, `PHEindicatormethods::phe_dsr` | [`methods::rates::DirectStandardisation`] |
//! | R `epitools::ageadjust.indirect`, SIR and SMR | [`methods::rates::IndirectStandardisation`] |
//! | R `FunnelPlotR::funnel_plot` | [`methods::rates::Funnel`] |
//! | R `glm(family = quasipoisson)` with `offset(log(n))`, statsmodels `GLM(Poisson)` with `scale="X2"` | [`methods::rates::RateTrend`] |
//! | spdep `EBest(family = "binomial")` | [`methods::rates::Smoothing::Binomial`] |
//! | spdep `EBlocal` | [`methods::rates::Smoothing::Local`] |
//! | PySAL `esda.Moran_Rate`, GeoDa EB rates | [`methods::rates::standardised`] |
//! | libpysal `weights.Queen`, spdep `poly2nb(queen = TRUE)` | [`weights::Weights::queen`] |
//! | libpysal `weights.Rook`, spdep `poly2nb(queen = FALSE)` | [`weights::Weights::rook`] |
//! | libpysal `weights.DistanceBand`, spdep `dnearneigh` | [`weights::Weights::distance_band`] |
//! | libpysal `weights.KNN`, spdep `knearneigh` | [`weights::Weights::nearest`], [`weights::Nearest`] |
//! | libpysal `weights.Kernel` | [`weights::KernelWeights`] |
//! | libpysal `DistanceBand(binary=False)`, spdep `nbdists` to the power −1 | [`weights::Weights::inverse_distance`] |
//! | libpysal `min_threshold_distance`, spdep `max(unlist(nbdists(knn2nb(knearneigh(x)))))` | [`weights::connecting_radius`] |
//! | libpysal `higher_order`, spdep `nblag` and `nblag_cumul` | [`weights::Weights::order`] |
//! | libpysal `w_union`, `w_intersection`, `w_difference`; spdep `union.nb`, `intersect.nb`, `setdiff.nb` | [`weights::Weights::union`], [`intersection`](weights::Weights::intersection), [`difference`](weights::Weights::difference) |
//! | libpysal `symmetrize`, spdep `make.sym.nb` | [`weights::Weights::symmetrise`] |
//! | libpysal `weights.lat2W`, spdep `cell2nb` | [`weights::Weights::lattice`] |
//! | libpysal `fill_diagonal`, spdep `include.self` | [`weights::Weights::include_self`] |
//! | ArcGIS and QGIS Kernel Density, sfhotspot `hotspot_kde` | [`methods::density::KernelDensity`] |
//! | spatstat `density.ppp(edge = TRUE)` | [`methods::density::Edge::Uniform`] |
//! | spatstat `density.ppp(diggle = TRUE)` | [`methods::density::Edge::Diggle`] |
//! | spatstat `adaptive.density(method = "kernel")`, sparr `bivariate.density(adapt = TRUE)` | [`methods::density::Adaptive::Abramson`] |
//! | sparr `risk` with `tolerance` or `tol.asy`, spatstat `relrisk` | [`methods::density::RelativeRisk`] |
//! | sparr `spattemp.density`, ArcGIS Space Time Kernel Density | [`methods::density::SpaceTimeDensity`] |
//! | spNetwork `nkde`, spatstat `density.lpp`, SANET | [`methods::density::NetworkDensity`] |
//! | spatstat `owin` | [`index::StudyArea`] |
//! | rasterstats `zonal_stats`, exactextract, QGIS Zonal Statistics, of a density | [`methods::density::Surface::by_neighbourhood`] |
//! | GDAL `gdal_contour`, QGIS Contour and Contour Polygons | `methods::density::Surface::contours` |
//! | spatstat `bw.scott`, `bw.diggle` (half of the radius), `bw.ppl`, `bw.CvL`; sparr `LSCV.density` | [`methods::density::Selector`] |
//! | GeoPandas `sjoin` and `groupby`, sf `st_join`, ArcGIS Summarize Within | [`index::count`] |
//! | `areal` `aw_interpolate`, PySAL `tobler.area_weighted` | [`index::crosswalk_by_area`] |
//! | Apache Spark, Dask: partial aggregates of partitions | [`Tally`], `Surface + Surface`, [`methods::near_repeat::PairCounts`] |
//! | ArcGIS `neighborhood time step` of the cube | [`weights::Weights::over_time`] |
//! | spdep `p.adjust(method = "BH")` over the map, ArcGIS FDR correction | [`stats::benjamini_hochberg`] |
//! | PySAL `inequality.gini.Gini`, R `lorenzgini` | [`methods::concentration::Concentration`] |
//! | PySAL `inequality.theil.TheilD` | `theil_parts` of [`methods::concentration::ConcentrationMeasures`] |
//! | R `fisher.test`, `scipy.stats.fisher_exact`, location quotients | `p` and `quotient` of [`methods::profile::ProfileTable`] |
//! | R `aoristic` by hour and weekday | [`methods::profile::Profile::ends`] |
//! | `scipy.stats.hypergeom`, R `phyper` | [`stats::hypergeometric_tails`] |
//! | spatstat `rhohat` of a distance map (method "ratio") | `decay` of [`methods::proximity::ProximityResult`] |
//! | QGIS and ArcGIS Multiple Ring Buffer with counts per ring | [`methods::proximity::ProximityBands`] |
//! | R `sppt::sppt` (85 % samples) and `sppt::sppt_diff`, Python `sppt` | [`methods::effect::PatternTest`] |
//! | scikit-learn `DBSCAN`, R `dbscan::dbscan`; ST-DBSCAN | [`methods::clusters::Dbscan`] |
//! | scikit-learn `HDBSCAN`, `hdbscan`, `fast_hdbscan` | [`methods::clusters::Hdbscan`] |
//! | scikit-learn `OPTICS`, R `dbscan::optics` | [`methods::clusters::Optics`] |
//! | CrimeStat Nnh | [`methods::clusters::NearestNeighbourHierarchy`] |
//! | CrimeStat and `pointpats.centrography` standard deviational ellipse | [`methods::clusters::cluster_shapes`] |
//! | PySAL `pointpats.Knox`, R `surveillance::knox`, CrimeStat Knox index | [`methods::near_repeat::Knox`] |
//! | PySAL `pointpats.KnoxLocal` (analytic) | `local_p_unconditional` of [`methods::near_repeat::KnoxResult`] |
//! | Near Repeat Calculator, R `NearRepeat` | [`methods::near_repeat::NearRepeat`] |
//! | R `ptools` `pai` and `pai_summary`; hit rate, PAI, PEI, RRI | [`methods::forecast::Accuracy`] |
//! | `ProMap`, prospective hotspot mapping | [`methods::forecast::ForecastMethod::ProspectiveMap`] |
//! | R `etasFLP` and `PtProcess`; the model of Mohler et al. 2011 | [`methods::forecast::SelfExciting`] |
//! | R `boot::tsboot(sim = "geom")` over the weeks | intervals of [`methods::forecast::RollingTest`] |
//! | `scipy.stats.spearmanr`, R `cor(method = "spearman")` | [`stats::spearman`] |
//! | Python `rbo`, R `gespeR::rbo` | [`methods::stability::rank_biased_overlap`] |
//! | `scipy.stats.ecdf` of censored data, lifelines `KaplanMeierFitter`, R `survival::survfit` | [`stats::kaplan_meier`] |
//! | tau-argus, R `sdcTable` and `rtauargus` (primary and secondary suppression, audit) | [`publish::Disclosure::run`] |
//! | ACRO (threshold, NK, p-ratio) | [`publish::Disclosure::ons10_5`] |
//! | R `sdcSpatial` of a density | [`publish::Disclosure::surface`] |
//! | esda `fdr`, GeoDa false discovery rate | [`stats::fdr_cutoff`] |
//! | R `p.adjust(method = "bonferroni")` | [`stats::bonferroni`] |
//!
//! # Promises
//!
//! - Every input row is used or rejected with its number, value and reason.
//! - The same input, parameters and seed give the same bytes for any number of threads.
//! - No input makes it panic; every error is an [`Error`] that says what to do.
//! - A running [`Job`] can be stopped and followed; there is no global state.
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `geopackage` (default) | reading GeoPackage files (bundles SQLite) |
//! | `raster` (default) | writing density as GeoTIFF, and contours |
//! | `report` (default) | the self-contained HTML report |
//! | `cli` | the `brandpunt` command, and the `cli` module that runs it |
//! | `serde` | `Serialize` and `Deserialize` of what is read and of results, between processes of one version: the layout follows the fields, and what comes in is not checked again |

mod error;
mod job;
mod memory;
mod model;
mod parallel;
mod random;
mod vector;

pub mod analysis;
#[cfg(feature = "cli")]
pub mod cli;
pub mod index;
pub mod io;
pub mod live;
pub mod methods;
pub mod publish;
#[cfg(feature = "report")]
pub mod report;
pub mod stats;
pub mod synthetic;
pub mod weights;

pub use error::{Error, Fault, Result};
pub use job::{Job, Progress};
pub use model::{
    AddingUp, AreaCode, AreaLevel, AreaNumbers, Bounds, Categories, CellState, Clock, Counts,
    Crosswalk, Crs, Detected, Exposure, Grid, Incidents, IncidentsBuilder, Neighbourhoods, Period,
    PeriodStatus, PoliceClass, Projection, RegisteredCounts, RejectReason, Rejected, Rejections,
    ReportSource, Step, Tally, TextColumn, Theme, TimeFlag, Times, Warning, WarningCode, Zone,
};
pub use parallel::Workers;

#[cfg(any(doc, doctest))]
#[doc = include_str!("cookbook.md")]
pub mod cookbook {}

/// The readme's example must compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
