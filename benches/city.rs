//! The whole road on a city of a million reports in a thousand neighbourhoods, from files to a
//! report, and the making of such a city.

#![allow(missing_docs, reason = "criterion makes a public function")]
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use brandpunt::analysis::{HotspotAnalysis, HotspotResult, Language, Located, Published};
use brandpunt::io::{IncidentReader, NeighbourhoodReader};
use brandpunt::publish::{Disclosure, Ledger};
use brandpunt::synthetic::SyntheticCity;
use brandpunt::{Incidents, Neighbourhoods, Theme, Workers, report};
use criterion::{Criterion, criterion_group, criterion_main};

const REPORTS: usize = 1_000_000;
const AREAS: usize = 1_000;

/// The files of the city.
struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let arguments = [
            "brandpunt",
            "synthesise",
            &REPORTS.to_string(),
            "--neighbourhoods",
            &AREAS.to_string(),
            "--out",
            folder.path().to_str().unwrap(),
        ];
        let status = brandpunt::cli::run(arguments.map(Into::into));
        assert_eq!(status, 0);
        Self { folder }
    }

    fn incidents(&self) -> PathBuf {
        self.folder.path().join("sample_incidents.csv")
    }

    fn read_incidents(&self, workers: &Workers) -> Incidents {
        IncidentReader::new()
            .read_with(self.incidents(), workers)
            .unwrap()
    }

    fn read_areas(&self) -> Neighbourhoods {
        let mut reader = NeighbourhoodReader::new();
        for kind in ["inhabitants", "youths"] {
            for year in [2017, 2024] {
                reader = reader.exposure(kind, Some(year), format!("{kind}_{year}"));
            }
        }
        reader
            .read(self.folder.path().join("sample_neighbourhoods.geojson"))
            .unwrap()
    }
}

/// Both themes against 2017, density at 25 m with a bandwidth of 300 m, exact Gi* on 100 m cells.
fn analyse(incidents: &Incidents, areas: &Neighbourhoods, workers: &Workers) -> Vec<HotspotResult> {
    let located = Located::new(incidents, areas, workers).unwrap();
    [Theme::youth_nuisance(), Theme::housing_nuisance()]
        .into_iter()
        .map(|theme| {
            HotspotAnalysis::new(theme)
                .baseline(2017)
                .bandwidth(300.0)
                .run_located(&located, workers)
                .unwrap()
        })
        .collect()
}

fn whole_road(files: &Files, out: &Path, workers: &Workers) {
    let incidents = files.read_incidents(workers);
    let areas = files.read_areas();
    let results = analyse(&incidents, &areas, workers);
    let published = Published::all(&results, &Disclosure::cbs5(), &mut Ledger::new(), workers);
    report::write_all(out, &published.unwrap(), Language::English).unwrap();
}

fn every_report(files: &Files, out: &Path, workers: &Workers) {
    let (incidents, areas) = (files.read_incidents(workers), files.read_areas());
    let result = HotspotAnalysis::new(Theme::all())
        .bandwidth(300.0)
        .run_with(&incidents, &areas, workers)
        .unwrap();
    let published = result.publish(&Disclosure::internal()).unwrap();
    published.write(out, Language::English).unwrap();
}

/// The bytes of every file in a folder, by name.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            (
                entry.file_name().into(),
                std::fs::read(entry.path()).unwrap(),
            )
        })
        .collect()
}

fn city(c: &mut Criterion) {
    let files = Files::new();
    let workers = Workers::new(0).unwrap();
    let one = Workers::new(1).unwrap();

    let mut group = c.benchmark_group("city: a million reports, file to report");
    group.sample_size(10);
    let out = files.folder.path().join("out");
    whole_road(&files, &out, &workers);
    let again = files.folder.path().join("again");
    whole_road(&files, &again, &one);
    assert!(contents(&out) == contents(&again), "threads changed a file");
    group.bench_function("both themes, 2024 against 2017", |b| {
        b.iter(|| whole_road(&files, &out, &workers));
    });
    group.bench_function("all reports of all years", |b| {
        b.iter(|| every_report(&files, &out, &workers));
    });
    group.finish();

    let mut group = c.benchmark_group("city: drawing a million incidents");
    group.sample_size(10);
    let options = SyntheticCity::new(REPORTS).neighbourhoods(AREAS);
    group.bench_function("brandpunt", |b| {
        b.iter(|| options.build_with(&workers).unwrap());
    });
    group.finish();
}

criterion_group!(benches, city);
criterion_main!(benches);
