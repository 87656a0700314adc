//! Attacks on what is published beside the counts of areas: kinds and times, years, resampled reports,
//! bounds of Gi*, the colours of the map.
#![cfg(all(feature = "report", feature = "raster"))]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use brandpunt::analysis::{HotspotAnalysis, HotspotResult, Language, NatureTable, Published};
use brandpunt::index::NeighbourhoodIndex;
use brandpunt::methods::profile::{Breakdown, Facet, Profile};
use brandpunt::methods::scan::{ScanResult, SpatialScan};
use brandpunt::publish::{Disclosure, Ledger, State};
use brandpunt::synthetic::SyntheticCity;
use brandpunt::{Incidents, Neighbourhoods, Theme, Workers, io};
use geo::{Centroid, Point};

const PUBLIC: [&str; 3] = ["cbs5", "ons10_5", "police8"];

fn city() -> (Incidents, Neighbourhoods) {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    (
        io::read_incidents(data.join("sample_incidents.csv")).unwrap(),
        io::read_neighbourhoods(data.join("sample_neighbourhoods.geojson")).unwrap(),
    )
}

fn analysed(stability: usize) -> HotspotResult {
    let (incidents, areas) = city();
    HotspotAnalysis::new(Theme::youth_nuisance())
        .baseline(2017)
        .stability(stability)
        .run(&incidents, &areas)
        .unwrap()
}

fn rules(preset: &str) -> Disclosure {
    Disclosure::named(preset).unwrap().secret("of the test")
}

/// What is counted: an area or a total, a part of its reports, a year.
type Name = (String, Option<String>, String);

/// What a state says of its count, from the rules as documented.
fn said(state: State, rules: &Disclosure) -> (i64, i64) {
    let (minimum, base) = rules.figures();
    match state {
        State::Published(0) => (0, 0),
        State::Published(v) => ((v - base + 1).max(minimum), v + base - 1),
        _ => (i64::from(rules.name() != "ons10_5"), i64::MAX / 1_000_000),
    }
}

/// What anyone knows of every count.
fn known(published: &Published, rules: &Disclosure) -> BTreeMap<Name, (i64, i64)> {
    let rows = published.audit().iter();
    rows.map(|row| {
        let name = (row.area.clone(), row.part.clone(), row.period.clone());
        (name, said(row.state, rules))
    })
    .collect()
}

/// Everything that adds up, put together from the names alone.
fn sums(published: &Published) -> Vec<(Name, Vec<Name>)> {
    let result = published.result();
    let nature = result.nature.as_ref().unwrap();
    let n = result.neighbourhoods.len();
    let codes = &result.neighbourhoods.code;
    let now = result.period.as_ref().unwrap().label.clone();
    let standouts: BTreeSet<usize> = nature.standouts.iter().copied().collect();
    let divided: BTreeSet<&String> = published
        .audit()
        .iter()
        .filter(|row| row.part.is_some())
        .map(|row| &row.area)
        .collect();
    let named = |size: usize| {
        let found = divided
            .iter()
            .find(|a| a.starts_with(&format!("{size} areas")));
        (**found.unwrap()).clone()
    };
    let rows = [standouts.len(), n - standouts.len(), n].map(named);
    let whole = |area: &String| (area.clone(), None, now.clone());
    let of = |inside: &dyn Fn(usize) -> bool| -> Vec<Name> {
        (0..n)
            .filter(|&i| inside(i))
            .map(|i| whole(&codes[i]))
            .collect()
    };
    let mut out = vec![
        (whole(&rows[0]), of(&|i| standouts.contains(&i))),
        (whole(&rows[1]), of(&|i| !standouts.contains(&i))),
        (whole(&rows[2]), rows[..2].iter().map(whole).collect()),
    ];
    let parts: BTreeSet<&String> = published
        .audit()
        .iter()
        .filter_map(|r| r.part.as_ref())
        .collect();
    let facets: BTreeSet<&str> = parts
        .iter()
        .map(|p| p.split(": ").next().unwrap())
        .collect();
    for row in &rows {
        for facet in &facets {
            let own = parts
                .iter()
                .filter(|p| p.starts_with(&format!("{facet}: ")));
            let cells = own.map(|p| (row.clone(), Some((*p).clone()), now.clone()));
            out.push((whole(row), cells.collect()));
        }
    }
    for part in &parts {
        let cell = |row: &String| (row.clone(), Some((*part).clone()), now.clone());
        out.push((cell(&rows[2]), rows[..2].iter().map(cell).collect()));
    }
    out.extend(of_week(&rows, &now));
    out.extend(of_areas(published, &standouts, &rows[0], &now));
    let years = result.years.as_ref().unwrap();
    for year in &years.periods {
        let label = &year.label;
        let total = published.audit().iter().find(|r| {
            r.code.is_none()
                && r.part.is_none()
                && r.period == *label
                && r.area.starts_with(&format!("{n} "))
        });
        let areas = codes
            .iter()
            .map(|c| (c.clone(), None, label.clone()))
            .collect();
        out.push(((total.unwrap().area.clone(), None, label.clone()), areas));
    }
    out
}

/// What parts of the week have in common with parts of the day and with weekdays. Of a report without an
/// hour the weekday may be known.
fn of_week(rows: &[String], now: &str) -> Vec<(Name, Vec<Name>)> {
    let days = [
        (
            "weekday",
            &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"][..],
        ),
        ("weekend", &["Saturday", "Sunday"]),
    ];
    let times = [
        ("night", &["night"][..]),
        ("daytime", &["morning", "afternoon"]),
        ("evening", &["evening"]),
    ];
    let mut out = Vec::new();
    for row in rows {
        let cell = |part: String| (row.clone(), Some(part), now.to_owned());
        let week = |day: &str, time: &str| cell(format!("part_of_week: {day} {time}"));
        let of = |facet: &str, names: &[&str]| -> Vec<Name> {
            let all = names.iter().map(|name| cell(format!("{facet}: {name}")));
            all.collect()
        };
        for (day, names) in days {
            let sum = cell(format!("sum: {day}"));
            let mut parts: Vec<Name> = times.iter().map(|(time, _)| week(day, time)).collect();
            parts.push(cell(format!("without an hour: {day}")));
            out.push((sum.clone(), of("weekday", names)));
            out.push((sum, parts));
        }
        for (time, names) in times {
            let sum = cell(format!("sum: {time}"));
            out.push((sum.clone(), of("part_of_day", names)));
            out.push((sum, days.iter().map(|(day, _)| week(day, time)).collect()));
        }
    }
    out
}

/// Parts of single areas, which with those of the other areas that stand out make up those of all of these.
fn of_areas(
    published: &Published,
    standouts: &BTreeSet<usize>,
    together: &str,
    now: &str,
) -> Vec<(Name, Vec<Name>)> {
    let codes = &published.result().neighbourhoods.code;
    let name = |area: &str, part: Option<&String>| (area.to_owned(), part.cloned(), now.to_owned());
    let mut by_area: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
    let mut by_part: BTreeMap<&String, Vec<Name>> = BTreeMap::new();
    for row in published.audit() {
        if let (Some(code), Some(part)) = (&row.code, &row.part) {
            by_area.entry(code).or_default().push(part);
            by_part
                .entry(part)
                .or_default()
                .push(name(code, Some(part)));
        }
    }
    let others = standouts.iter().map(|&i| &codes[i]);
    let others: Vec<Name> = others
        .filter(|code| !by_area.contains_key(code))
        .map(|code| name(code, None))
        .collect();
    let mut out = Vec::new();
    let facet = |part: &str| part.split(": ").next().unwrap().to_owned();
    for (area, parts) in &by_area {
        let facets: BTreeSet<String> = parts.iter().map(|part| facet(part)).collect();
        for one in facets {
            let own = parts.iter().filter(|part| facet(part) == one);
            let own = own.map(|part| name(area, Some(part))).collect();
            out.push((name(area, None), own));
        }
    }
    let mut left: BTreeMap<String, Vec<Name>> = BTreeMap::new();
    for (part, mut cells) in by_part {
        if !others.is_empty() {
            let rest = name("the others that stand out", Some(part));
            left.entry(facet(part)).or_default().push(rest.clone());
            cells.push(rest);
        }
        out.push((name(together, Some(part)), cells));
    }
    for rest in left.into_values() {
        let sum = name("the others that stand out", None);
        out.push((sum.clone(), rest));
        out.push((sum, others.clone()));
    }
    out
}

/// Adds and subtracts until nothing more is learnt.
fn attack(known: &mut BTreeMap<Name, (i64, i64)>, sums: &[(Name, Vec<Name>)]) {
    // What is nowhere published can be anything at first.
    let named = sums
        .iter()
        .flat_map(|(total, parts)| parts.iter().chain([total]));
    for name in named {
        known
            .entry(name.clone())
            .or_insert((0, i64::MAX / 1_000_000));
    }
    for _ in 0..50 {
        let before = known.clone();
        for (total, parts) in sums {
            let low: i64 = parts.iter().map(|p| known[p].0).sum();
            let high: i64 = parts.iter().map(|p| known[p].1).sum();
            let whole = known[total];
            known.insert(total.clone(), (whole.0.max(low), whole.1.min(high)));
            let (least, most) = known[total];
            for part in parts {
                let (own_low, own_high) = known[part];
                let narrowed = (
                    own_low.max(least - (high - own_high)),
                    own_high.min(most - (low - own_low)),
                );
                known.insert(part.clone(), narrowed);
            }
        }
        if *known == before {
            break;
        }
    }
}

/// What an attack on a published result finds: cells of parts, of parts of single areas, of one of the years
/// and withheld ones.
#[derive(Debug, Default)]
struct Attacked {
    parts: usize,
    of_areas: usize,
    year: usize,
    withheld: usize,
}

/// Fails when a withheld count is known to within less than its protection.
fn attacked(published: &Published, rules: &Disclosure) -> Attacked {
    let (minimum, base) = rules.figures();
    let preset = rules.name();
    let mut found = known(published, rules);
    attack(&mut found, &sums(published));
    let mut out = Attacked::default();
    for row in published.audit() {
        let name = (row.area.clone(), row.part.clone(), row.period.clone());
        let (low, high) = found[&name];
        assert!(low <= row.count && row.count <= high, "{preset} {row:?}");
        out.parts += usize::from(row.part.is_some());
        out.of_areas += usize::from(row.part.is_some() && row.code.is_some());
        out.year += usize::from(row.period == "2020");
        match row.state {
            State::Published(value) => {
                assert_eq!(value % base, 0);
                assert!(row.count >= minimum || value == 0, "{preset} {row:?}");
            }
            State::Withheld {
                low: least,
                high: most,
                ..
            } => {
                out.withheld += 1;
                assert!(high - low >= minimum, "{preset} {row:?} {low} {high}");
                // The audit knows at least as much as this attacker.
                assert!(low <= least && most.is_none_or(|most| most <= high));
                assert!(most.is_none_or(|most| most - least >= minimum));
            }
            _ => unreachable!(),
        }
    }
    out
}

#[test]
fn kinds_times_and_years_give_no_withheld_count() {
    let result = analysed(0);
    for preset in PUBLIC {
        let rules = rules(preset);
        let published = result.publish(&rules).unwrap();
        let found = attacked(&published, &rules);
        assert!(
            found.parts > 40 && found.year > 240 && found.withheld > 100,
            "{preset} {found:?}"
        );
    }
}

/// A city with enough reports to tell the nature of single areas.
fn busy(theme: Theme) -> HotspotResult {
    let city = SyntheticCity::new(24_000)
        .seed(5)
        .neighbourhoods(80)
        .build()
        .unwrap();
    HotspotAnalysis::new(theme)
        .baseline(2017)
        .run(&city.incidents, &city.neighbourhoods)
        .unwrap()
}

#[test]
fn the_nature_of_single_areas_gives_no_withheld_count() {
    for theme in [Theme::youth_nuisance(), Theme::housing_nuisance()] {
        let result = busy(theme);
        for preset in PUBLIC {
            let rules = rules(preset);
            let published = result.publish(&rules).unwrap();
            let found = attacked(&published, &rules);
            assert!(
                found.of_areas >= 7 && found.withheld > 20,
                "{preset} {found:?}"
            );
            its_figures_are_of_published_counts(&published, &rules);
        }
    }
}

/// Shares are counts over one sum, and where a count is withheld nothing is told of it.
fn its_figures_are_of_published_counts(published: &Published, rules: &Disclosure) {
    let result = published.result();
    let nature = result.nature.as_ref().unwrap();
    assert!((1..=5).contains(&nature.by_area.len()));
    for area in &nature.by_area {
        assert!(nature.standouts.contains(&area.area));
        assert_eq!(
            area.reports,
            result.neighbourhoods.count[area.area].unsigned_abs()
        );
        assert!(area.reports >= 30 && !result.is_withheld(area.area));
        for table in &area.tables {
            let allowed = [Facet::Category, Facet::PartOfWeek].map(Breakdown::of);
            assert!(allowed.contains(&table.breakdown));
            let mut sums = Vec::new();
            for cell in 0..table.cell.len() {
                if table.is_withheld(cell, false) {
                    let told = [
                        table.share[cell],
                        table.rest_share[cell],
                        table.quotient[cell],
                    ];
                    assert!(told.iter().all(|v| v.is_nan()), "{told:?}");
                    assert!(table.is_withheld(cell, true) && table.mark[cell] == 0);
                    continue;
                }
                let count = table.count[cell] as i64;
                assert_eq!(count % rules.figures().1, 0);
                if count > 0 {
                    sums.push(count as f64 / table.share[cell]);
                }
            }
            assert!(sums.iter().all(|sum| (sum / sums[0] - 1.0).abs() < 1e-12));
        }
    }
}

/// A district that is not told has no rate, and no change.
fn undefined_where_withheld(published: &Published, base: i64) {
    let (result, preset) = (
        published.result(),
        &published.result().protection.as_ref().unwrap().preset,
    );
    let districts = result.districts.as_ref().unwrap();
    let change = districts.change.as_ref().unwrap();
    for d in (0..districts.code.len()).filter(|&d| districts.areas[d] > 0) {
        assert_eq!(
            districts.is_withheld(d),
            districts.rate[d].is_nan(),
            "{preset} {d}"
        );
        let either = districts
            .states
            .iter()
            .any(|states| states[d].is_withheld());
        assert!(
            !either || change.ratio[d].is_nan() && change.p[d].is_nan(),
            "{preset} {d}"
        );
        if !districts.is_withheld(d) {
            let back = districts.rate[d] * districts.population[d] / 1_000.0;
            assert!(
                (back - districts.count[d] as f64).abs() < 1e-9 && districts.count[d] % base == 0
            );
        }
    }
}

/// The totals of districts and of years, with the areas below them and the city above, of both periods.
#[test]
fn districts_and_years_give_no_withheld_count() {
    let whole = analysed(0);
    for preset in PUBLIC {
        let rules = rules(preset);
        let (minimum, base) = rules.figures();
        let published = whole.publish(&rules).unwrap();
        let result = published.result();
        let table = &result.neighbourhoods;
        let mut found = known(&published, &rules);
        let mut sums = sums(&published);
        let districts = result.districts.as_ref().unwrap();
        let labels = [&result.period, &result.baseline].map(|p| p.as_ref().unwrap().label.clone());
        let people = [
            &whole.neighbourhoods.rate,
            &whole.neighbourhoods.baseline_rate,
        ];
        let mut hidden = 0;
        for (round, label) in labels.iter().enumerate() {
            let mut all = Vec::new();
            for (d, code) in districts.code.iter().enumerate() {
                let inside =
                    |i: &usize| table.code[*i][2..8] == code[2..8] && people[round][*i].is_finite();
                let parts: Vec<Name> = (0..table.len())
                    .filter(inside)
                    .map(|i| (table.code[i].clone(), None, label.clone()))
                    .collect();
                let truth: i64 = published
                    .audit()
                    .iter()
                    .filter(|row| {
                        parts.contains(&(row.area.clone(), row.part.clone(), row.period.clone()))
                    })
                    .map(|row| row.count)
                    .sum();
                let state = districts.states[round][d];
                let ends = said(state, &rules);
                hidden += usize::from(state.is_withheld());
                assert!(
                    ends.0 <= truth && truth <= ends.1,
                    "{preset} {code} {label}"
                );
                let name = (code.clone(), None, label.clone());
                found.insert(name.clone(), ends);
                sums.push((name.clone(), parts));
                all.push(name);
            }
            // The city with people is the sum of its districts.
            let n = (0..table.len())
                .filter(|&i| people[round][i].is_finite())
                .count();
            let city = published.audit().iter().find(|row| {
                row.part.is_none()
                    && row.period == *label
                    && row.area.starts_with(&format!("{n} areas"))
            });
            sums.push(((city.unwrap().area.clone(), None, label.clone()), all));
        }
        attack(&mut found, &sums);
        let mut guarded = 0;
        for row in published.audit() {
            let State::Withheld {
                low: least,
                high: most,
                ..
            } = row.state
            else {
                continue;
            };
            let (low, high) = found[&(row.area.clone(), row.part.clone(), row.period.clone())];
            assert!(low <= row.count && row.count <= high, "{preset} {row:?}");
            assert!(high - low >= minimum, "{preset} {row:?} {low} {high}");
            assert!(
                low <= least && most.is_none_or(|most| most <= high),
                "{preset} {row:?}"
            );
            guarded += 1;
        }
        assert!(
            guarded > 100 && districts.code.len() > 5,
            "{preset} {guarded} {hidden}"
        );
        undefined_where_withheld(&published, base);
    }
}

#[test]
fn the_nature_that_is_published_is_that_of_the_published_hotspots() {
    let (incidents, areas) = city();
    let workers = Workers::new(2).unwrap();
    let result = analysed(0);
    let published = result.publish(&rules("cbs5")).unwrap();
    let nature = published.result().nature.as_ref().unwrap();
    let table = &published.result().neighbourhoods;
    let hot: Vec<usize> = (0..table.len())
        .filter(|&i| table.is_hot(i, 0.05) || table.is_high(i, 0.05))
        .collect();
    assert_eq!(nature.standouts, hot);
    assert!(hot.iter().all(|&i| !published.result().is_withheld(i)));
    assert!(nature.places.is_none());
    // Counted anew by the method, without what is published.
    let members = Theme::youth_nuisance().positions(&incidents).unwrap();
    let period = published.result().period.clone().unwrap();
    let seconds = incidents.times().unwrap().seconds();
    let now: Vec<u32> = members
        .into_iter()
        .filter(|&i| period.contains(seconds[i as usize]))
        .collect();
    let incidents = incidents.take(&now);
    let index = NeighbourhoodIndex::build(&areas).unwrap();
    let label = index
        .locate_all(incidents.x(), incidents.y(), &workers)
        .unwrap();
    let inside: Vec<u32> = (0..incidents.len() as u32)
        .filter(|&i| label[i as usize] != NeighbourhoodIndex::NONE)
        .collect();
    let group = |i: &u32| u32::from(!hot.contains(&(label[*i as usize] as usize)));
    let groups: Vec<u32> = inside.iter().map(group).collect();
    let profile = Profile::new()
        .by(vec![
            Breakdown::of(Facet::PartOfDay),
            Breakdown::of(Facet::Weekday),
        ])
        .permutations(0)
        .run_labels(&incidents.take(&inside), &groups, 2, &workers)
        .unwrap();
    for counted in &profile.tables {
        let shown = nature
            .tables
            .iter()
            .find(|t| t.breakdown == counted.breakdown)
            .unwrap();
        let mut sum = [0.0, 0.0];
        for cell in 0..shown.cell.len() {
            let at = counted
                .cell
                .iter()
                .position(|c| *c == shown.cell[cell])
                .unwrap();
            for (side, counts) in [&shown.count, &shown.rest_count].into_iter().enumerate() {
                let truth = counted.count[[side, at]];
                sum[side] += counts[cell] as f64;
                if shown.is_withheld(cell, side == 1) {
                    // Nothing is published of it, and nothing that follows; a zero would be.
                    let share = [&shown.share, &shown.rest_share][side][cell];
                    assert!(truth > 0.0 && share.is_nan() && shown.quotient[cell].is_nan());
                } else {
                    assert!((truth - counts[cell] as f64).abs() < 5.0, "{shown:?}");
                }
            }
        }
        for cell in 0..shown.cell.len() {
            if !shown.is_withheld(cell, false) && !shown.is_withheld(cell, true) {
                let (here, there) = (
                    shown.count[cell] as f64 / sum[0],
                    shown.rest_count[cell] as f64 / sum[1],
                );
                assert!((shown.share[cell] - here).abs() < 1e-12);
                assert!((shown.rest_share[cell] - there).abs() < 1e-12);
                assert!((shown.quotient[cell] - here / there).abs() < 1e-9);
                assert!(shown.quotient_low[cell] < here / there);
                assert!(shown.quotient_high[cell] > here / there);
            }
        }
    }
}

#[test]
fn years_are_those_of_the_published_counts() {
    let result = analysed(0);
    let whole = result.years.as_ref().unwrap();
    assert_eq!(whole.periods.len(), 8);
    assert_eq!(whole.count.column(7).to_vec(), result.neighbourhoods.count);
    assert!(whole.states.is_none());
    let published = result.publish(&rules("cbs5")).unwrap();
    let result = published.result();
    let years = result.years.as_ref().unwrap();
    let states = &result.protection.as_ref().unwrap().states;
    for (i, state) in states.iter().enumerate() {
        assert_eq!(years.is_withheld(i, 7), state.is_withheld());
        if let Some(value) = state.value() {
            assert_eq!(years.count[[i, 7]], value);
        }
    }
    assert!((years.city_rate[7] - result.city.rate).abs() < 1e-9);
    assert!((years.city_rate[0] - result.city.baseline_rate).abs() < 1e-9);
    assert_eq!(
        years.trend.unusual,
        [false, false, false, true, true, true, false, false]
    );
    assert!(years.city_count.iter().all(|c| c % 5 == 0));
}

#[test]
fn stability_is_that_of_the_published_counts() {
    let result = analysed(9);
    let published = result.publish(&rules("cbs5")).unwrap();
    let stability = published.result().stability.as_ref().unwrap();
    assert!(stability.grids.is_empty() && stability.bandwidths.is_empty());
    assert!(stability.grid.share.iter().all(|s| s.is_nan()));
    let table = &published.result().neighbourhoods;
    for i in 0..table.len() {
        let share = stability.resampled.share[i];
        assert!(share.is_nan() || !published.result().is_withheld(i));
        assert!(share.is_nan() || (share * 10.0).fract().min(1.0 - (share * 10.0).fract()) < 1e-9);
    }
    // The first setting is the published map itself.
    let hot = (0..table.len()).filter(|&i| table.is_hot(i, 0.05)).count();
    assert_eq!(stability.resampled.hot[0], hot);
    assert!(hot > 0 && stability.resampled.hot[1..].iter().any(|h| *h > 0));
}

#[test]
fn clusters_are_those_of_the_published_counts_and_near_repeats_stay_inside() {
    let (incidents, areas) = city();
    let result = HotspotAnalysis::new(Theme::housing_nuisance())
        .scan(99)
        .near_repeat(19)
        .run(&incidents, &areas)
        .unwrap();
    let inside = result.near_repeat.as_ref().unwrap();
    assert_eq!(inside.used as u64, result.provenance.rows_selected);
    let published = result.publish(&rules("cbs5")).unwrap();
    let (out, table) = (published.result(), &published.result().neighbourhoods);
    assert!(out.near_repeat.is_none());
    let found = out.clusters.as_ref().unwrap();
    let middles: Vec<_> = areas
        .shapes()
        .iter()
        .map(|s| s.centroid().unwrap())
        .collect();
    let [x, y] = [Point::x, Point::y]
        .map(|part| -> Vec<f64> { middles.iter().map(|middle| part(*middle)).collect() });
    let peopled = |i: usize| {
        if table.population[i] > 0.0 {
            table.count[i] as f64
        } else {
            f64::NAN
        }
    };
    let counts: Vec<f64> = (0..table.len()).map(peopled).collect();
    let again = SpatialScan::new()
        .max_population_share(0.25)
        .replicates(99)
        .run(&counts, &table.population, &x, &y)
        .unwrap();
    let parts = |found: &ScanResult| {
        let clusters = found.clusters.iter();
        let each: Vec<_> = clusters
            .map(|c| (c.members.clone(), c.observed, c.p))
            .collect();
        (each, found.simulated.clone(), found.model)
    };
    assert_eq!(parts(found), parts(&again));
    assert!(found.clusters[0].p <= 0.05);
    assert_ne!(parts(found), parts(result.clusters.as_ref().unwrap()));
}

#[test]
fn every_published_map_lies_between_the_bounds_of_its_hotspots() {
    let result = analysed(0);
    for preset in PUBLIC {
        let published = result.publish(&rules(preset)).unwrap();
        let protection = published.result().protection.as_ref().unwrap();
        let (bounds, table) = (&protection.hotspots, &published.result().neighbourhoods);
        assert!(protection.critical_z > 1.9, "{}", protection.critical_z);
        for i in 0..table.len() {
            assert!(!bounds.hot_lower[i] || bounds.hot_upper[i]);
            assert_eq!(
                bounds.robust[i] && !bounds.z_low[i].is_nan(),
                bounds.robust[i]
            );
            let z = table.gi_z[i];
            if z.is_finite() {
                assert!(
                    bounds.z_low[i] <= z + 1e-9 && z <= bounds.z_high[i] + 1e-9,
                    "{preset} {i}"
                );
                assert!(!table.is_hot(i, 0.05) || bounds.hot_upper[i]);
            }
        }
    }
}

#[test]
fn the_colours_of_the_map_tell_withheld_areas_from_nothing() {
    let result = analysed(9);
    for preset in PUBLIC {
        let published = result.publish(&rules(preset)).unwrap();
        let page = published.to_html(Language::Dutch).unwrap();
        let table = &published.result().neighbourhoods;
        let colour = |i: usize| {
            let from = page
                .split(&format!("<use href=\"#m0a{i}\" class=\""))
                .nth(1)
                .unwrap();
            from.split('"').next().unwrap().to_owned()
        };
        let mut shades: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for i in 0..table.len() {
            if published.result().is_withheld(i) {
                // One colour for all of them, whatever they count.
                assert_eq!(colour(i), "kx rx sx", "{preset}");
            } else if table.rate[i].is_finite() {
                let shade = colour(i).split(' ').nth(1).unwrap().to_owned();
                shades.entry(shade).or_default().push(table.rate[i]);
            }
        }
        // The shades are ranges of published rates and do not overlap.
        let ends = |rates: &Vec<f64>| {
            let fold = |f: fn(f64, f64) -> f64, from| rates.iter().copied().fold(from, f);
            (fold(f64::min, f64::INFINITY), fold(f64::max, 0.0))
        };
        let ranges: Vec<(f64, f64)> = shades.values().map(ends).collect();
        assert!(ranges.len() > 2, "{preset} {ranges:?}");
        assert!(
            ranges.windows(2).all(|w| w[0].1 <= w[1].0),
            "{preset} {ranges:?}"
        );
    }
}

/// The density is drawn in its classes, the cells in one colour: no shade tells more.
#[test]
fn the_images_of_the_map_hold_no_more_colours_than_their_legends() {
    use base64_free::images;
    let result = analysed(0);
    for preset in PUBLIC {
        let page = result
            .publish(&rules(preset))
            .unwrap()
            .to_html(Language::Dutch)
            .unwrap();
        let found = images(&page);
        assert_eq!(found.len(), 2, "{preset}");
        let colours: Vec<usize> = found
            .iter()
            .map(|png| {
                let mut reader = png::Decoder::new(std::io::Cursor::new(png))
                    .read_info()
                    .unwrap();
                let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
                let info = reader.next_frame(&mut pixels).unwrap();
                let bytes = info.line_size / info.width as usize;
                let all: BTreeSet<&[u8]> = pixels[..info.buffer_size()].chunks(bytes).collect();
                all.len()
            })
            .collect();
        assert!(colours[0] > 2 && colours[0] <= 7, "{preset} {colours:?}");
        assert!(colours[1] <= 2, "{preset} {colours:?}");
    }
}

/// The images of a page, read without the code that wrote them.
mod base64_free {
    pub(crate) fn images(page: &str) -> Vec<Vec<u8>> {
        let start = "href=\"data:image/png;base64,";
        page.split(start)
            .skip(1)
            .map(|rest| decoded(rest.split('"').next().unwrap()))
            .collect()
    }

    fn decoded(text: &str) -> Vec<u8> {
        const SIGNS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let (mut out, mut bits, mut held) = (Vec::new(), 0_u32, 0);
        for sign in text.chars().filter(|c| *c != '=') {
            bits = bits << 6 | SIGNS.find(sign).unwrap() as u32;
            held += 6;
            if held >= 8 {
                held -= 8;
                out.push((bits >> held) as u8);
                bits &= (1 << held) - 1;
            }
        }
        out
    }
}

#[test]
fn kinds_are_not_told_apart_where_another_theme_counts_some_of_them() {
    let (incidents, areas) = city();
    let workers = Workers::new(2).unwrap();
    let both = Theme::new("both", ["jeugdoverlast", "vernieling"]);
    let part = Theme::new("part", ["vernieling"]);
    let analyse = |theme: Theme| {
        HotspotAnalysis::new(theme)
            .baseline(2017)
            .run_with(&incidents, &areas, &workers)
            .unwrap()
    };
    let results = [analyse(both), analyse(part), analyse(Theme::all())];
    let mut ledger = Ledger::new();
    let rules = rules("cbs5");
    let both = Published::all(&results[..2], &rules, &mut ledger, &workers).unwrap();
    let nature = |p: &Published| p.result().nature.clone();
    let tables = nature(&both[0]).unwrap().tables;
    let is_by_kind = |t: &NatureTable| t.breakdown == Breakdown::of(Facet::Category);
    assert!(!tables.is_empty() && !tables.iter().any(is_by_kind));
    // The same reports are not divided twice.
    assert!(nature(&both[1]).is_none());
    let page = both[0].to_html(Language::Dutch).unwrap();
    assert!(page.contains("Een verdeling naar soort is niet getoond"));
    let page = both[1].to_html(Language::Dutch).unwrap();
    assert!(page.contains("De aard van de meldingen is niet getoond"));
    // By itself the first theme is told apart by kind, and then no theme may count some of them.
    let mut ledger = Ledger::new();
    let alone = Published::all(&results[..1], &rules, &mut ledger, &workers).unwrap();
    assert!(nature(&alone[0]).unwrap().tables.iter().any(is_by_kind));
    let error = Published::all(&results[1..2], &rules, &mut ledger, &workers).unwrap_err();
    assert!(error.to_string().contains("told apart"), "{error}");
    // All of them may be counted.
    let all = Published::all(&results[2..], &rules, &mut ledger, &workers).unwrap();
    assert!(nature(&all[0]).is_none());
}
