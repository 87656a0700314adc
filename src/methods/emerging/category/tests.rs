//! Every history of up to eight steps, and the published examples.

use super::*;

const TRENDS: [Trend; 3] = [Trend::Down, Trend::None, Trend::Up];

/// `1` is hot, `c` cold, `0` neither.
fn steps(text: &str) -> Vec<Sign> {
    text.chars()
        .map(|c| match c {
            '1' => Sign::Hot,
            'c' => Sign::Cold,
            _ => Sign::None,
        })
        .collect()
}

fn every_history(length: usize) -> impl Iterator<Item = Vec<Sign>> {
    (0..3usize.pow(length as u32)).map(move |number| {
        let digit = |place| number / 3usize.pow(place as u32) % 3;
        (0..length)
            .map(|place| [Sign::None, Sign::Hot, Sign::Cold][digit(place)])
            .collect()
    })
}

fn mirrored(steps: &[Sign]) -> Vec<Sign> {
    let other = |s: &Sign| match s {
        Sign::Hot => Sign::Cold,
        Sign::Cold => Sign::Hot,
        Sign::None => Sign::None,
    };
    steps.iter().map(other).collect()
}

fn opposite(trend: Trend) -> Trend {
    match trend {
        Trend::Down => Trend::Up,
        Trend::None => Trend::None,
        Trend::Up => Trend::Down,
    }
}

fn number(steps: &[Sign], trend: Trend, version: Version) -> i8 {
    classify(steps, trend, version).category.number()
}

/// The published definitions, each by itself, of the hot side: the numbers of all that hold.
fn literal(steps: &[Sign], trend: Trend) -> Vec<i8> {
    let n = steps.iter().filter(|s| **s == Sign::Hot).count();
    let share = n as f64 / steps.len() as f64;
    let (last, before) = steps.split_last().unwrap();
    let hot_now = *last == Sign::Hot;
    let mostly = share >= 0.9 - 1e-9;
    let hot_before = before.contains(&Sign::Hot);
    let cold_before = before.contains(&Sign::Cold);
    let cold_ever = steps.contains(&Sign::Cold);
    let first = steps.iter().position(|s| *s == Sign::Hot);
    let one_run = first.is_some_and(|f| steps[f..].iter().all(|s| *s == Sign::Hot));
    [
        (1, hot_now && !hot_before),
        (2, one_run && n >= 2 && !mostly),
        (3, mostly && hot_now && trend == Trend::Up),
        (4, mostly && trend == Trend::None),
        (5, mostly && hot_now && trend == Trend::Down),
        (6, hot_now && !mostly && n >= 2 && !one_run && !cold_ever),
        (7, hot_now && !mostly && cold_before),
        (8, !hot_now && mostly),
    ]
    .into_iter()
    .filter_map(|(number, holds)| holds.then_some(number))
    .collect()
}

/// Every definition that holds of a history, hot ones above zero, cold ones below.
fn holding(steps: &[Sign], trend: Trend) -> Vec<i8> {
    let mut holding = literal(steps, trend);
    let cold = literal(&mirrored(steps), opposite(trend));
    holding.extend(cold.iter().map(|n| -n));
    holding
}

#[test]
fn every_history_has_the_one_name_its_definitions_allow() {
    for length in (1..=8).chain([10]) {
        let (mut single, mut several) = (0, 0);
        for steps in every_history(length) {
            for trend in TRENDS {
                let got = number(&steps, trend, Version::Pro3);
                match holding(&steps, trend).as_slice() {
                    [] => assert_eq!(got, 0, "{steps:?} {trend:?}"),
                    [one] => {
                        single += 1;
                        assert_eq!(got, *one, "{steps:?} {trend:?}");
                    }
                    many => {
                        several += 1;
                        assert_eq!(got, preferred(many, &steps), "{steps:?} {trend:?}");
                    }
                }
            }
        }
        if length == 10 {
            // As many as were counted by others.
            assert_eq!((single, several), (112_030, 6_074));
        }
    }
}

/// Of several definitions that hold, the one asked first: hot before cold, and on one side by the
/// order of [`classify`]. Persistent speaks of the last step here, elsewhere it does not.
fn preferred(holding: &[i8], steps: &[Sign]) -> i8 {
    let last = *steps.last().unwrap();
    let place = |n: &&i8| {
        let side = if **n > 0 { Sign::Hot } else { Sign::Cold };
        let kind = match n.abs() {
            4 if last != side => 9,
            3..=5 => 0,
            7 => 1,
            1 => 2,
            2 => 3,
            6 => 4,
            _ => 5,
        };
        (side == Sign::Cold, kind)
    };
    *holding.iter().min_by_key(place).unwrap()
}

#[test]
fn hot_and_cold_mirror_each_other() {
    for version in [Version::Pro3, Version::Legacy] {
        for length in 0..=8 {
            for steps in every_history(length) {
                for trend in TRENDS {
                    let there = number(&mirrored(&steps), opposite(trend), version);
                    assert_eq!(
                        number(&steps, trend, version),
                        -there,
                        "{steps:?} {trend:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn cold_steps_never_count_as_hot() {
    for length in 1..=8 {
        for steps in every_history(length) {
            for trend in TRENDS {
                for version in [Version::Pro3, Version::Legacy] {
                    let found = classify(&steps, trend, version);
                    let own = if found.category.number() > 0 {
                        found.hot
                    } else {
                        found.cold
                    };
                    let nearly_always = matches!(found.category.number().abs(), 3..=5 | 8);
                    assert!(!nearly_always || own * 10 >= 9 * length);
                    assert!(found.category == Category::NoPattern || own > 0);
                }
            }
        }
    }
    // Nine cold steps and a hot one are not a hot spot that intensifies.
    assert_eq!(number(&steps("ccccccccc1"), Trend::Up, Version::Pro3), 7);
}

#[test]
fn the_last_step_and_the_share_decide_as_published() {
    // Elsewhere, oscillating needs no share below 0.9 and sporadic no hot last step.
    assert_eq!(number(&steps("c111111111"), Trend::None, Version::Pro3), 4);
    assert_eq!(number(&steps("0110000000"), Trend::None, Version::Pro3), 0);
    assert_eq!(
        number(&steps("0110000000"), Trend::None, Version::Legacy),
        6
    );
    assert_eq!(
        number(&steps("01c0000000"), Trend::None, Version::Legacy),
        0
    );
    // Historical asks for significant steps, not for the sign of the statistic.
    assert_eq!(number(&steps("0000000000"), Trend::Up, Version::Pro3), 0);
}

#[test]
fn examples_of_ten_steps() {
    for (text, [down, none, up]) in [
        ("0000000001", [1, 1, 1]),
        ("0000000011", [2, 2, 2]),
        ("0110000011", [6, 6, 6]),
        ("1111111111", [5, 4, 3]),
        ("1111111101", [5, 4, 3]),
        ("c111111111", [5, 4, 3]),
        ("1111111110", [8, 8, 8]),
        ("c000000001", [7, 7, 7]),
        // Both sides have a name for these; the hot one is asked first.
        ("111111111c", [8, 8, 8]),
        ("ccccccccc1", [7, 7, 7]),
        ("0101000000", [0, 0, 0]),
        ("1000000000", [0, 0, 0]),
        ("cccccccccc", [-3, -4, -5]),
    ] {
        for (trend, expected) in TRENDS.into_iter().zip([down, none, up]) {
            let got = number(&steps(text), trend, Version::Pro3);
            assert_eq!(got, expected, "{text} {trend:?}");
        }
    }
}

#[test]
fn names_codes_and_numbers_belong_together() {
    let numbers: Vec<i8> = Category::ALL.iter().map(|c| c.number()).collect();
    assert_eq!(
        numbers,
        [0, 1, 2, 3, 4, 5, 6, 7, 8, -1, -2, -3, -4, -5, -6, -7, -8]
    );
    for category in Category::ALL {
        let name = category.name();
        assert_eq!(name.ends_with("hot spot"), category.number() > 0);
        assert_eq!(name.ends_with("cold spot"), category.number() < 0);
    }
    assert_eq!(Category::OscillatingCold.name(), "oscillating cold spot");
}

#[test]
fn reasons_give_the_numbers() {
    let reason = |text: &str, trend, version| classify(&steps(text), trend, version).reason();
    let pro = |text: &str, trend| reason(text, trend, Version::Pro3);
    assert_eq!(
        pro("0110000011", Trend::None),
        "Hot in 4 of 10 steps, on and off, and never cold."
    );
    assert_eq!(
        pro("cccccccc0c", Trend::Down),
        "Cold in 9 of 10 steps, the last included, and more and more so."
    );
    assert_eq!(
        pro("0c00000011", Trend::None),
        "Hot in 2 of 10 steps, the last included, and cold in 1 before."
    );
    assert_eq!(
        pro("1111111110", Trend::Up),
        "Hot in 9 of 10 steps, but not in the last."
    );
    assert_eq!(
        pro("0101c00000", Trend::None),
        "Neither hot nor cold in the last of 10 steps; hot in 2 and cold in 1 before."
    );
    assert_eq!(
        pro("0000", Trend::None),
        "Neither hot nor cold in any of 4 steps."
    );
    for (text, trend, said) in [
        (
            "0001",
            Trend::None,
            "Hot in the last of 4 steps and never before.",
        ),
        (
            "000c",
            Trend::None,
            "Cold in the last of 4 steps and never before.",
        ),
        (
            "00cc",
            Trend::Up,
            "Cold in the last 2 of 4 steps and in none before.",
        ),
        (
            "1111",
            Trend::None,
            "Hot in 4 of 4 steps, the last included, without a clear trend.",
        ),
        (
            "cccc",
            Trend::Up,
            "Cold in 4 of 4 steps, the last included, and less and less so.",
        ),
        (
            "c0cc",
            Trend::None,
            "Cold in 3 of 4 steps, on and off, and never hot.",
        ),
        (
            "1c0c",
            Trend::None,
            "Cold in 2 of 4 steps, the last included, and hot in 1 before.",
        ),
        (
            "cccccccccc0",
            Trend::None,
            "Cold in 10 of 11 steps, but not in the last.",
        ),
        (
            "00c0",
            Trend::None,
            "Neither hot nor cold in the last of 4 steps; hot in 0 and cold in 1 before.",
        ),
    ] {
        assert_eq!(pro(text, trend), said);
    }
    for (name, version) in [("pro3", Version::Pro3), ("legacy", Version::Legacy)] {
        assert_eq!(Version::named(name).unwrap(), version);
    }
    assert!(Version::named("pro2").is_err());
}
