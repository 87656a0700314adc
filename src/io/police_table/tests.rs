use super::*;
use crate::model::Theme;

const MIXED: &str = "\
ID;Overlast;WijkenEnBuurten;Perioden;GeregistreerdeOverlast_1;Gemeentenaam_2;SoortRegio_3
1;0.0.0 ;NL00      ;2023JJ00;30;;Land
2;0.0.0 ;GM0034    ;2023JJ00;20;Almere    ;Gemeente
3;0.0.0 ;WK003401  ;2023JJ00;13;Almere    ;Wijk
4;0.0.0 ;BU00340101;2023JJ00;9;Almere    ;Buurt
5;E35   ;BU00340101;2023JJ00;4;Almere    ;Buurt
6;M22   ;BU00340101;2023JJ00;5;Almere    ;Buurt
7;0.0.0 ;BU00340102;2023JJ00;4;Almere    ;Buurt
8;E35   ;BU00340102;2023JJ00;;Almere    ;Buurt
9;M22   ;BU00340102;2023JJ00;.;Almere    ;Buurt
10;E35   ;BU00340102;2023MM01;1;Almere    ;Buurt
11;E35   ;BU00340102;2023KW01;3;Almere    ;Buurt
";

fn yearly() -> PoliceTableReader {
    PoliceTableReader::new().step(Step::Year)
}

fn fault(result: Result<PoliceTable>) -> Option<Fault> {
    result.unwrap_err().fault()
}

#[test]
fn lengths_levels_and_totals_are_kept_apart() {
    let error = PoliceTableReader::new()
        .read_bytes(MIXED.as_bytes())
        .unwrap_err();
    assert_eq!(error.fault(), Some(Fault::MixedPeriods));
    assert!(error.to_string().contains("9 of a year"), "{error}");

    let table = yearly().read_bytes(MIXED.as_bytes()).unwrap();
    let counts = &table.counts;
    assert_eq!(counts.codes(), ["BU00340101", "BU00340102"]);
    assert_eq!(counts.level(), Some(AreaLevel::Neighbourhood));
    let keys: Vec<&str> = counts.classes().iter().map(|c| c.key.as_str()).collect();
    assert_eq!(keys, ["0.0.0", "E35", "M22"]);
    let all = counts.counts(&Theme::all(), Some("2023")).unwrap();
    assert_eq!(all.values(), [9.0, 4.0], "the total, not total and classes");
    assert_eq!(table.rows_in, 11);

    let city = yearly()
        .level(AreaLevel::Municipality)
        .read_bytes(MIXED.as_bytes())
        .unwrap();
    assert_eq!(city.counts.codes(), ["GM0034"]);
    assert_eq!(city.counts.count(0, 0, 0), Some(20));
    let months = PoliceTableReader::new()
        .step(Step::Month)
        .read_bytes(MIXED.as_bytes())
        .unwrap();
    assert_eq!(months.counts.periods()[0].label, "2023-01");
    assert!(
        yearly()
            .step(Step::Week)
            .read_bytes(MIXED.as_bytes())
            .is_err()
    );
}

#[test]
fn what_is_empty_is_read_by_the_policy_and_a_point_never_as_zero() {
    let state = |table: &PoliceTable, class| table.counts.state(1, class, 0).unwrap();
    let table = yearly().read_bytes(MIXED.as_bytes()).unwrap();
    assert_eq!(table.null_policy, NullPolicy::Zero);
    assert_eq!(state(&table, 1), CellState::NullAsZero);
    assert_eq!(table.counts.count(1, 1, 0), Some(0));
    assert_eq!(state(&table, 2), CellState::Withheld);
    assert_eq!(table.counts.count(1, 2, 0), None);
    let noise = table
        .counts
        .counts(&Theme::housing_nuisance(), None)
        .unwrap();
    assert_eq!(noise.values()[0], 5.0);
    assert!(noise.values()[1].is_nan());
    assert_eq!(
        noise.to_counts().unwrap_err().fault(),
        Some(Fault::NotPublished)
    );

    let withheld = yearly().null_policy(NullPolicy::Withheld);
    let table = withheld.read_bytes(MIXED.as_bytes()).unwrap();
    assert_eq!(state(&table, 1), CellState::Withheld);
    let strict = yearly().null_policy(NullPolicy::Error);
    assert_eq!(
        fault(strict.read_bytes(MIXED.as_bytes())),
        Some(Fault::NotPublished)
    );
}

#[test]
fn a_row_that_is_not_there_is_read_by_the_policy_too() {
    let text = "Overlast,RegioS,Perioden,GeregistreerdeOverlast_1\n\
                E35,GM0034,2022JJ00,7\nE35,GM0363,2022JJ00,8\nE35,GM0363,2023JJ00,9\n";
    let zero = PoliceTableReader::new()
        .read_bytes(text.as_bytes())
        .unwrap();
    assert_eq!(zero.counts.state(0, 0, 1), Some(CellState::AbsentAsZero));
    let none = PoliceTableReader::new().null_policy(NullPolicy::Withheld);
    let none = none.read_bytes(text.as_bytes()).unwrap();
    assert_eq!(none.counts.state(0, 0, 1), Some(CellState::Absent));
    assert_eq!(none.counts.count(0, 0, 1), None);
    let strict = PoliceTableReader::new().null_policy(NullPolicy::Error);
    let error = strict.read_bytes(text.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("GM0034") && error.to_string().contains("2023"));
}

#[test]
fn classes_that_do_not_add_up_are_told() {
    let table = yearly().read_bytes(MIXED.as_bytes()).unwrap();
    let found = table.counts.adding_up().unwrap();
    assert_eq!((found.compared, found.short, found.over), (2, 1, 0));
    assert_eq!(found.missing, 4);
    assert!(
        table
            .warnings
            .iter()
            .any(|w| w.message.contains("not published at this level"))
    );
    let whole = "Overlast,RegioS,Perioden,GeregistreerdeOverlast_1\n\
                 0.0.0,GM0034,2022JJ00,15\nE35,GM0034,2022JJ00,7\nM22,GM0034,2022JJ00,8\n";
    let table = PoliceTableReader::new()
        .read_bytes(whole.as_bytes())
        .unwrap();
    assert_eq!(table.counts.adding_up().unwrap().missing, 0);
    assert!(table.warnings.is_empty(), "{:?}", table.warnings);
}

#[test]
fn the_service_gives_the_same_as_the_file() {
    let text = r#"{"odata.metadata": "https://x/$metadata", "value": [
        {"ID": 1, "SoortMisdrijf": "1.1.1 ", "WijkenEnBuurten": "BU0363AA01", "Perioden": "2023MM01", "GeregistreerdeMisdrijven_1": 3},
        {"ID": 2, "SoortMisdrijf": "1.1.1 ", "WijkenEnBuurten": "BU0363AA01", "Perioden": "2023MM02", "GeregistreerdeMisdrijven_1": null}]}"#;
    let table = PoliceTableReader::new()
        .read_bytes(text.as_bytes())
        .unwrap();
    assert_eq!(table.counts.codes(), ["BU0363AA01"]);
    assert_eq!(table.counts.count(0, 0, 0), Some(3));
    assert_eq!(table.counts.state(0, 0, 1), Some(CellState::NullAsZero));
    let error = table
        .counts
        .counts(&Theme::all(), Some("2023"))
        .unwrap_err();
    assert!(error.to_string().contains("2 of them"), "{error}");
}

#[test]
fn labels_and_marks_of_an_export_are_understood() {
    let text = "\"Geregistreerde overlast; gemeente\"\n\
        \"Soort overlast\";\"Regio's\";\"Perioden\";\"Geregistreerde overlast (aantal)\"\n\
        \"Melding overlast jeugd\";\"GM0034\";\"2022\";\"1.204\"\n\
        \"Melding overlast jeugd\";\"GM0034\";\"2023*\";\"998\"\n\
        \"Bron: politie\"\n";
    let table = PoliceTableReader::new()
        .read_bytes(text.as_bytes())
        .unwrap();
    assert_eq!(table.counts.classes()[0].key, "E35");
    assert_eq!(table.counts.provisional(), [false, true]);
    assert_eq!(table.counts.count(0, 0, 0), Some(1204));
    let youth = table.counts.counts(&Theme::youth_nuisance(), Some("2023"));
    assert!(youth.unwrap().warnings()[0].message.contains("provisional"));
}

#[test]
fn months_of_a_whole_year_add_up_to_it() {
    let months = (1..=12).map(|month| format!("1.1.1,GM0034,2022MM{month:02},{month}\n"));
    let text = format!(
        "SoortMisdrijf,RegioS,Perioden,GeregistreerdeMisdrijven_1\n{}",
        months.collect::<String>()
    );
    let table = PoliceTableReader::new()
        .read_bytes(text.as_bytes())
        .unwrap();
    let own = Theme::new("burglary", ["1.1.1"]);
    assert_eq!(
        table.counts.counts(&own, Some("2022")).unwrap().values(),
        [78.0]
    );
    assert_eq!(
        table.counts.counts(&own, Some("2022-12")).unwrap().values(),
        [12.0]
    );
    assert!(table.counts.counts(&own, Some("202")).is_err());
}

#[test]
fn a_theme_may_not_count_twice_and_must_find_something() {
    let text = "SoortMisdrijf,RegioS,Perioden,GeregistreerdeMisdrijven_1\n\
                0.0.0,GM0034,2022JJ00,9\n1.1.1,GM0034,2022JJ00,4\n2.4.1,GM0034,2022JJ00,5\n";
    let table = PoliceTableReader::new()
        .read_bytes(text.as_bytes())
        .unwrap();
    let both = Theme::new("both", ["0.0.0", "1.1.1"]);
    assert!(table.counts.counts(&both, None).is_err());
    // A dispute with a relation is no neighbour noise.
    let error = table
        .counts
        .counts(&Theme::housing_nuisance(), None)
        .unwrap_err();
    assert_eq!(error.fault(), Some(Fault::NoMatchingCategory));
    assert!(error.to_string().contains("2.4.1"), "{error}");
}

#[test]
fn two_rows_of_one_cell_and_texts_are_refused() {
    let text = "Overlast,RegioS,Perioden,GeregistreerdeOverlast_1\nE35,GM0034,2022JJ00,7\n";
    assert_eq!(
        fault(
            PoliceTableReader::new()
                .read_bytes(format!("{text}E35,GM0034,2022JJ00,7\n").as_bytes())
        ),
        Some(Fault::DuplicateAreaCode)
    );
    assert_eq!(
        fault(
            PoliceTableReader::new()
                .read_bytes(format!("{text}M22,GM0034,2022JJ00,veel\n").as_bytes())
        ),
        Some(Fault::NotANumber)
    );
    assert_eq!(
        fault(PoliceTableReader::new().read_bytes(b"a;b\n1;2\n")),
        Some(Fault::MissingColumn)
    );
}

#[test]
fn metadata_decide_where_they_are_given() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("DataProperties.csv");
    let of = |default: &str| {
        std::fs::write(
            &path,
            format!("ID;Key;Title;Default\n1;Overlast;Overlast;\n2;GeregistreerdeOverlast_1;Aantal;{default}\n"),
        )
        .unwrap();
        let reader = yearly().data_properties(&path).unwrap();
        reader.read_bytes(MIXED.as_bytes()).unwrap().null_policy
    };
    assert_eq!(of("Zero"), NullPolicy::Zero);
    assert_eq!(of("Impossible"), NullPolicy::Withheld);
}

#[test]
fn counts_join_areas_of_their_own_division_only() {
    use crate::model::{Crs, Neighbourhoods};
    use geo_types::{MultiPolygon, Rect};
    let square = |x: f64| MultiPolygon::new(vec![Rect::new((x, 0.0), (x + 1.0, 1.0)).to_polygon()]);
    let codes = vec!["BU00340102".to_owned(), "BU00340101".to_owned()];
    let areas = |year| {
        Neighbourhoods::new(
            codes.clone(),
            codes.clone(),
            vec![square(0.0), square(1.0)],
            Crs::PLANAR,
        )
        .unwrap()
        .with_vintage(year)
    };
    let table = yearly().vintage(2024).read_bytes(MIXED.as_bytes()).unwrap();
    let youth = table
        .counts
        .counts(&Theme::youth_nuisance(), Some("2023"))
        .unwrap();
    assert_eq!(
        youth.for_areas(&areas(Some(2024))).unwrap().values(),
        [0.0, 4.0]
    );
    assert_eq!(
        youth.for_areas(&areas(Some(2023))).unwrap_err().fault(),
        Some(Fault::VintageMismatch)
    );
    let told = youth.for_areas(&areas(None)).unwrap();
    assert_eq!(
        told.warnings().last().unwrap().code,
        WarningCode::AreaVintage
    );
}

#[test]
fn the_periods_say_how_final_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let periods = dir.path().join("Perioden.csv");
    let text = "ID;Key;Title;Status\n1;2021JJ00;2021;Definitief\n2;2022JJ00;2022;NaderVoorlopig\n\
                3;2023JJ00;2023;Voorlopig\n";
    std::fs::write(&periods, text).unwrap();
    let rows = "Overlast;WijkenEnBuurten;Perioden;GeregistreerdeOverlast_1\n\
                E35;BU00340101;2020JJ00;1\nE35;BU00340101;2021JJ00;2\n\
                E35;BU00340101;2022JJ00;3\nE35;BU00340101;2023JJ00;4\n";
    let reader = PoliceTableReader::new().period_metadata(&periods).unwrap();
    let table = reader.read_bytes(rows.as_bytes()).unwrap();
    let codes: Vec<&str> = table.counts.status().iter().map(|s| s.code()).collect();
    assert_eq!(
        codes,
        ["unknown", "definite", "revised_provisional", "provisional"]
    );
    assert_eq!(table.counts.provisional(), [false, false, true, true]);
    let told = table
        .detected
        .iter()
        .find(|d| d.what == "period status")
        .unwrap();
    assert!(told.value.contains("definite: 2021"), "{}", told.value);
    let theme = Theme::youth_nuisance();
    let of = |year| table.counts.counts(&theme, Some(year)).unwrap();
    assert!(of("2021").warnings().is_empty());
    for (year, said) in [
        (
            "2022",
            "2022 are provisional and revised once (nader voorlopig)",
        ),
        ("2023", "2023 are provisional (voorlopig)"),
    ] {
        let of_year = of(year);
        let warning = &of_year.warnings()[0];
        assert_eq!(warning.code, WarningCode::Provisional);
        assert!(warning.message.contains(said), "{}", warning.message);
    }
    // Another status is refused, and a star never makes a definite number less provisional.
    std::fs::write(&periods, text.replace("Voorlopig\n", "Misschien\n")).unwrap();
    let error = PoliceTableReader::new()
        .period_metadata(&periods)
        .unwrap_err();
    assert_eq!(error.fault(), Some(Fault::UnknownFormat));
}

#[test]
fn a_column_of_statuses_is_read_too() {
    let rows = "Overlast;RegioS;Perioden;Status;GeregistreerdeOverlast_1\n\
                E35;GM0034;2022JJ00;Definitief;3\nE35;GM0034;2023JJ00;Voorlopig;4\n";
    let table = PoliceTableReader::new()
        .read_bytes(rows.as_bytes())
        .unwrap();
    let codes: Vec<&str> = table.counts.status().iter().map(|s| s.code()).collect();
    assert_eq!(codes, ["definite", "provisional"]);
}
