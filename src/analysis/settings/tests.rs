use super::*;
use crate::job::Job;
use crate::methods::stability::StabilityLabel;
use crate::model::{Crs, Theme};
use crate::synthetic::SyntheticCity;
use geo_types::{MultiPolygon, Rect, coord};

/// Squares of 400 m, six by six.
fn town() -> Neighbourhoods {
    let shapes = (0..36u32)
        .map(|i| {
            let corner = coord! { x: 400.0 * f64::from(i % 6), y: 400.0 * f64::from(i / 6) };
            let far = coord! { x: corner.x + 400.0, y: corner.y + 400.0 };
            MultiPolygon(vec![Rect::new(corner, far).to_polygon()])
        })
        .collect();
    let codes: Vec<String> = (0..36).map(|i| i.to_string()).collect();
    Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR).unwrap()
}

fn reports(planted: usize) -> Incidents {
    let mut random = stream(3, 0);
    let mut at = |from: f64, width: f64| from + width * random.random::<f64>();
    let mut points: Vec<(f64, f64)> = (0..300)
        .map(|_| (at(0.0, 2400.0), at(0.0, 2400.0)))
        .collect();
    // In the nine squares around that of column 3 and row 2: Gi* asks whether an area's neighbours
    // are high given its own value, so a single high area would not be hot.
    points.extend((0..planted).map(|_| (at(800.0, 1200.0), at(400.0, 1200.0))));
    let (x, y) = points.into_iter().unzip();
    Incidents::builder(x, y, Crs::PLANAR).build().unwrap()
}

fn analysis() -> StabilityAnalysis {
    StabilityAnalysis::new(HotspotAnalysis::new(Theme::all()).bandwidth(250.0)).resamples(19)
}

#[test]
fn a_planted_hotspot_survives_and_chance_does_not_look_stable() {
    let found = analysis().run(&reports(600), &town()).unwrap();
    for result in [&found.grid, &found.bandwidth, &found.resampled] {
        assert_eq!(result.label[15], StabilityLabel::Stable);
        assert_eq!(result.share[0], 0.0);
        assert!(result.overlap.iter().all(|o| *o > 0.3));
    }
    let flat = analysis().run(&reports(0), &town()).unwrap();
    let stable = |r: &StabilityResult| {
        r.label
            .iter()
            .filter(|l| **l == StabilityLabel::Stable)
            .count()
    };
    assert_eq!(stable(&flat.grid), 0);
    assert_eq!(stable(&flat.resampled), 0);
    assert_eq!(stable(&flat.bandwidth), 0);
}

#[test]
fn the_first_grid_is_that_of_the_main_job() {
    let (reports, town) = (reports(600), town());
    let job = HotspotAnalysis::new(Theme::all()).bandwidth(250.0);
    let cells = job.run(&reports, &town).unwrap().cells.unwrap();
    let found = analysis().hot_share(0.0).run(&reports, &town).unwrap();
    assert_eq!(found.grids[0].cell_size, 100.0);
    assert_eq!(found.grids[7].shift_y, 25.0);
    // Sixteen cells make a square of 400 m.
    let mut hot = [false; 36];
    for k in 0..cells.len() {
        if cells.hotspot_class[k] >= 2 {
            let (x, y) = cells
                .grid
                .centre(cells.row[k] as usize, cells.col[k] as usize);
            hot[(y / 400.0) as usize * 6 + (x / 400.0) as usize] = true;
        }
    }
    assert_eq!(found.grid.hot[0], hot.iter().filter(|h| **h).count());
    assert!(found.grid.hot[0] > 0);
}

#[test]
fn threads_seed_and_stop() {
    let city = SyntheticCity::new(3_000)
        .seed(2)
        .neighbourhoods(30)
        .build()
        .unwrap();
    let method = StabilityAnalysis::new(
        HotspotAnalysis::new(Theme::youth_nuisance())
            .cell_size(300.0)
            .seed(5),
    )
    .resamples(4);
    let run = |method: &StabilityAnalysis, threads| {
        let workers = Workers::new(threads).unwrap();
        method
            .run_with(&city.incidents, &city.neighbourhoods, &workers)
            .unwrap()
    };
    // NaN differs from itself, so the texts are compared.
    let text = |found: HotspotStability| {
        format!("{:?}{:?}{:?}", found.grid, found.bandwidth, found.resampled)
    };
    assert_eq!(text(run(&method, 1)), text(run(&method, 3)));
    let job = Job::new();
    job.stop();
    let workers = Workers::for_job(1, job).unwrap();
    let stopped = method.run_with(&city.incidents, &city.neighbourhoods, &workers);
    assert!(matches!(stopped, Err(Error::Cancelled)));
    let wrong = method
        .hot_share(1.5)
        .run(&city.incidents, &city.neighbourhoods);
    assert!(wrong.is_err());
}
