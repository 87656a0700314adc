//! Times that never were, were twice, are not known, or are of another calendar.

use brandpunt::io::IncidentReader;
use brandpunt::methods::emerging::{SpaceTimeBins, SpaceUnits, aoristic_shares};
use brandpunt::{Incidents, Period, Step, TimeFlag, Times, Workers, Zone};

use super::{NOW, read, refusal, rejected, tiles};

/// A file of reports at these times, one after the other.
fn at(times: &[&str]) -> String {
    let rows = (1..)
        .zip(times)
        .map(|(i, time)| format!("{i};{time};{};481500\n", 140_000 + 100 * i));
    std::iter::once("id;datum_tijd;x;y\n".to_owned())
        .chain(rows)
        .collect()
}

fn of(incidents: &Incidents) -> &Times {
    incidents.times().unwrap()
}

fn local(incidents: &Incidents, i: usize) -> String {
    let times = of(incidents);
    times
        .zone()
        .local(times.seconds()[i])
        .datetime()
        .to_string()
}

#[test]
fn fault_27_hours_that_summer_time_skips_or_repeats() {
    let incidents = read(at(&[
        "2024-03-31T02:30:00",
        "2024-10-27T02:30:00",
        "2024-10-27T02:30:00+02:00",
        "2024-10-27T02:30:00+01:00",
        "2024-10-27T00:30:00Z",
        "2024-07-01T12:00:00",
    ]))
    .unwrap();
    assert!(
        rejected(&incidents).is_empty(),
        "the place of such a row is as good as any"
    );
    let times = of(&incidents);
    assert_eq!(
        times.flags(),
        [
            TimeFlag::NonexistentLocal,
            TimeFlag::AmbiguousLocal,
            TimeFlag::Exact,
            TimeFlag::Exact,
            TimeFlag::Exact,
            TimeFlag::Exact
        ]
    );
    let seconds = times.seconds();
    assert_eq!(seconds[2], seconds[4]);
    assert_eq!(seconds[3] - seconds[2], 3_600);
    assert_eq!(seconds[1], seconds[2], "of two hours the first is taken");
    assert_eq!(local(&incidents, 5), "2024-07-01T12:00:00");
}

#[test]
fn fault_28_times_without_an_hour_or_between_two() {
    let incidents = read(at(&[
        "2023-05-01",
        "2023-05-01T00:00:00",
        "onbekend",
        "",
        "2023-05-01T07:30:00",
    ]));
    let incidents = incidents.unwrap();
    assert_eq!(incidents.len(), 5);
    assert_eq!(
        of(&incidents).flags(),
        [
            TimeFlag::DateOnly,
            TimeFlag::MidnightSuspect,
            TimeFlag::Unknown,
            TimeFlag::Unknown,
            TimeFlag::Exact
        ]
    );
    // In no month, and said so; never in the month of 1970.
    let workers = Workers::new(1).unwrap();
    let hoods = tiles(1, 2);
    let units = SpaceUnits::Areas(&hoods);
    let cube = SpaceTimeBins::new(Step::Month)
        .run_with(&incidents, units, &workers)
        .unwrap();
    assert_eq!((cube.values().sum(), cube.untimed()), (3.0, 2.0));
    // Between two times, the hours share it.
    let years = [2022, 2023].map(|year| Period::year(year, &Zone::utc()).unwrap());
    let new_year = years[1].start;
    let shares = aoristic_shares(new_year - 3_600, new_year + 3 * 3_600, &years);
    assert_eq!(shares, [(0, 0.25), (1, 0.75)]);
}

#[test]
fn fault_29_times_that_cannot_be() {
    let text = at(&[
        "2099-01-01T00:00:00",
        "1900-01-01",
        "0001-01-01T00:00:00",
        "45047,5",
        "2026-01-01T00:00:00",
        "2026-01-01T03:00:00",
    ]);
    let incidents = read(&text).unwrap();
    assert_eq!(
        rejected(&incidents),
        [
            (1, "date_in_future"),
            (2, "date_before_minimum"),
            (3, "date_before_minimum"),
            (4, "excel_serial_date"),
            (6, "date_in_future")
        ]
    );
    // The clock is handed in, so that the same file reads the same tomorrow.
    let later = IncidentReader::new()
        .now(NOW + 200 * 365 * 86_400)
        .max_rejected_share(1.0);
    assert_eq!(
        rejected(&later.read_bytes(text.as_bytes()).unwrap()).len(),
        3
    );
}

#[test]
fn fault_30_day_or_month_first() {
    let incidents = read(at(&["01-02-2023 10:00", "31-01-2023 10:00"])).unwrap();
    assert_eq!(local(&incidents, 0), "2023-02-01T10:00:00");
    let incidents = read(at(&["01/02/2023 10:00", "01/31/2023 10:00"])).unwrap();
    assert_eq!(local(&incidents, 0), "2023-01-02T10:00:00");
    let incidents = read(at(&["01-02-2023"])).unwrap();
    assert_eq!(
        local(&incidents, 0),
        "2023-02-01T00:00:00",
        "the habit here"
    );
    let (code, text) = refusal(read(at(&["13-01-2023", "01-13-2023"])));
    assert_eq!(code, "ambiguous_date");
    assert!(text.contains("row 1") && text.contains("row 2"), "{text}");
}
