//! Dutch data as they come, and the commands of the README's section about them, as it gives them.

#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use brandpunt::io::IncidentReader;
use brandpunt::{Crs, Theme};

fn brandpunt(folder: &Path, arguments: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_brandpunt"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The commands in the blocks of a section of the README, a list of words each.
fn commands(section: &str) -> Vec<Vec<String>> {
    let readme = include_str!("../README.md");
    let from = readme.find(section).unwrap();
    let rest = &readme[from + section.len()..];
    let section = &rest[..rest.find("\n## ").unwrap_or(rest.len())];
    let blocks = section.split("```sh\n").skip(1);
    blocks
        .flat_map(|block| {
            let block = block.split("```").next().unwrap_or_default();
            block
                .replace("\\\n", " ")
                .lines()
                .map(words)
                .collect::<Vec<_>>()
        })
        .filter(|words| !words.is_empty())
        .collect()
}

/// The words of a line as a shell takes them: parted by blanks, together within quotes.
fn words(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let (mut word, mut quoted, mut begun) = (String::new(), false, false);
    for c in line.chars() {
        match c {
            '"' => (quoted, begun) = (!quoted, true),
            '#' if !quoted && !begun => break,
            ' ' if !quoted => {
                if begun {
                    out.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            other => {
                word.push(other);
                begun = true;
            }
        }
    }
    if begun {
        out.push(word);
    }
    out
}

#[test]
fn the_commands_of_the_readme_run_as_written() {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/nl");
    let commands = commands("## Dutch data\n");
    assert!(commands.len() >= 5, "{commands:?}");
    assert!(commands.iter().all(|c| c[0] == "brandpunt"), "{commands:?}");
    if !data.exists() {
        println!("SKIPPED: ../shared/data/nl is not there");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(data).unwrap() {
        let entry = entry.unwrap();
        let content = std::fs::read(entry.path()).unwrap();
        std::fs::write(folder.path().join(entry.file_name()), content).unwrap();
    }
    let mut said = Vec::new();
    for command in &commands {
        let output = brandpunt(folder.path(), &command[1..]);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(0), "{command:?}\n{out}{err}");
        said.push(out + &err);
    }
    let of = |file: &str| {
        let at = commands.iter().position(|c| c[2] == file);
        &said[at.unwrap()]
    };

    // 45 Almere neighbourhoods have no published population: unknown, not zero and not infinite.
    let almere = of("almere_buurten_2024_inwoners_misdrijven.csv");
    assert!(
        almere.contains("Van 45 van de 238 gebieden is het aantal inwoners onbekend"),
        "{almere}"
    );
    let written = std::fs::read_to_string(folder.path().join("rates.csv")).unwrap();
    let mut lines = written.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |name: &str| head.iter().position(|h| *h == name).unwrap();
    // Names may hold commas, so fields are counted from the end.
    let field = |line: &str, name: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        fields[fields.len() - (head.len() - at(name))].to_owned()
    };
    let unknown: Vec<&str> = lines
        .filter(|line| field(line, "population").is_empty())
        .collect();
    assert_eq!(unknown.len(), 45);
    for line in unknown {
        for column in [
            "rate",
            "rate_low",
            "rate_high",
            "rate_smoothed",
            "change",
            "difference",
        ] {
            assert_eq!(field(line, column), "", "{line}");
        }
        assert_eq!(field(line, "status"), "cannot tell");
    }

    // The wide table without codes has the 56 neighbourhoods once its sums are out.
    let raw = of("breda_nuisance_2022_raw.csv");
    assert!(
        raw.contains("12 of 68 rows sum up rows below them"),
        "{raw}"
    );
    let clean = of("breda_buurten_nuisance_2022.csv");
    let city = |said: &str| {
        let lines: Vec<&str> = said.lines().collect();
        let at = lines
            .iter()
            .position(|l| l.starts_with("Gemeente"))
            .unwrap();
        lines[at + 1].trim().to_owned()
    };
    assert_eq!(city(raw), city(clean));
    assert!(city(raw).starts_with("888 "), "{}", city(raw));
}

/// In the form of the *Gemeentelijk Gegevensmodel*, with invented content.
const HOUSING_REGISTER: &str = "\
IDENTIFICATIE;DATUMAANMAAK;DATUMAFHANDELING;HOOFDCATEGORIE;CATEGORIE;SUBCATEGORIE;KANAAL;STATUS;\
LOCATIE;LOCATIEOMSCHRIJVING;MELDINGOMSCHRIJVING;MELDINGTEKST
WO-1;2024-05-17 22:30:00;2024-06-01;Woonoverlast;Geluid;Muziek;Telefoon;Afgehandeld;\
SRID=28992;POINT (143701.5 486937.25);Kade 1;muziek;harde muziek van de buren
";

#[test]
fn the_register_of_housing_nuisance_is_read_without_its_texts() {
    // The point holds the delimiter of the file, so databases quote it.
    let rows = HOUSING_REGISTER.replace(
        "SRID=28992;POINT (143701.5 486937.25)",
        "\"SRID=28992;POINT (143701.5 486937.25)\"",
    );
    let found = IncidentReader::new().read_bytes(rows.as_bytes()).unwrap();
    assert_eq!((found.len(), found.crs()), (1, Crs::RD_NEW));
    assert_eq!((found.x()[0], found.y()[0]), (143_701.5, 486_937.25));
    assert_eq!(found.ids().unwrap().get(0), "WO-1");
    // 22:30 on clocks in May is 20:30 UTC.
    assert_eq!(found.times().unwrap().seconds()[0], 1_715_977_800);
    assert_eq!(found.came_from("citizen").unwrap(), [true]);
    let shown = format!("{found:?}");
    for secret in ["harde muziek", "Kade 1"] {
        assert!(!shown.contains(secret), "{secret}");
    }
    // The theme goes by the main category; the finer ones can be asked for.
    let by = |column: &str| {
        let reader = IncidentReader::new().category(column);
        reader.read_bytes(rows.as_bytes()).unwrap()
    };
    let theme = Theme::housing_nuisance();
    assert_eq!(theme.positions(&by("HOOFDCATEGORIE")).unwrap(), [0]);
    assert_eq!(by("SUBCATEGORIE").categories().unwrap().get(0), "Muziek");
    // Without a SRID the range of the coordinates tells the system.
    let plain = rows.replace("SRID=28992;", "");
    let again = IncidentReader::new().read_bytes(plain.as_bytes()).unwrap();
    assert_eq!((again.crs(), again.x()), (found.crs(), found.x()));
    let broken = rows.replace("POINT (143701.5 486937.25)", "Kade 1");
    assert!(IncidentReader::new().read_bytes(broken.as_bytes()).is_err());
}

fn sample(name: &str) -> String {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data");
    data.join(name).to_string_lossy().into_owned()
}

/// Runs a command on the sample city: its reports and areas, then more arguments.
fn of_sample(folder: &Path, command: &str, more: &[&str]) -> (Option<i32>, String, String) {
    let files = [
        sample("sample_incidents.csv"),
        sample("sample_neighbourhoods.geojson"),
    ];
    let mut arguments = vec![command.to_owned()];
    if command == "proximity" {
        arguments.extend([files[0].clone(), "schools.csv".to_owned(), files[1].clone()]);
    } else {
        arguments.extend(files);
    }
    arguments.extend(more.iter().map(|m| (*m).to_owned()));
    let output = brandpunt(folder, &arguments);
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn the_questions_of_the_safety_plan_have_commands() {
    let folder = tempfile::tempdir().unwrap();
    let schools = "naam;x;y\nNoord;147000;487000\nZuid;146000;486000\n";
    std::fs::write(folder.path().join("schools.csv"), schools).unwrap();
    let effect = [
        "--treated",
        "BU00340101",
        "--control",
        "BU00340102",
        "--before",
        "2022",
        "--after",
        "2023",
    ];
    let youth = ["--theme", "youth_nuisance"];
    let cases: [(&str, Vec<&str>, &str, &str); 5] = [
        (
            "profile",
            youth.to_vec(),
            "incidenten naast",
            "by,cell,count,expected,share",
        ),
        (
            "concentration",
            youth.to_vec(),
            "Gini",
            "x,y,count,last_gap",
        ),
        (
            "proximity",
            [&youth[..], &["--replicates", "39", "--school-hours"]].concat(),
            "0–100",
            "from,to,count,exposure,expected,lq",
        ),
        (
            "pattern",
            [&youth[..], &["--simulations", "39", "--among-others"]].concat(),
            "K / πr²",
            "radius,k,l,g,mean,low,high,global_low,global_high",
        ),
        (
            "effect",
            effect.to_vec(),
            "Verschil in incidenten",
            "part,value,se,low,high,p",
        ),
    ];
    for (command, more, shown, columns) in cases {
        let (status, out, err) = of_sample(folder.path(), command, &more);
        assert_eq!(status, Some(0), "{command}: {err}");
        assert!(out.contains(shown), "{command}: {out}");
        // Figures that are not protected go to a file only when asked for.
        let file = format!("{command}.csv");
        let unasked = [&more[..], &["--out", &file]].concat();
        let (status, _, err) = of_sample(folder.path(), command, &unasked);
        let is_refused = status == Some(2) && err.contains("--internal");
        let is_told = status == Some(0) && err.contains("Beschermd volgens cbs5");
        assert!(is_refused || is_told, "{command}: {err}");
        assert_eq!(folder.path().join(&file).exists(), is_told);
        let (status, again, err) = of_sample(
            folder.path(),
            command,
            &[&unasked[..], &["--internal"]].concat(),
        );
        assert_eq!((status, &again), (Some(0), &out), "{command}: {err}");
        let written = std::fs::read_to_string(folder.path().join(&file)).unwrap();
        assert!(written.starts_with(columns), "{command}: {written}");
    }
    let (_, out, _) = of_sample(
        folder.path(),
        "effect",
        &[&effect[..], &["--language", "en"]].concat(),
    );
    assert!(
        out.contains("Difference in incidents") && out.contains("local"),
        "{out}"
    );
    let (status, _, err) = of_sample(folder.path(), "profile", &["--area", "BU99"]);
    assert_eq!(status, Some(2));
    assert!(err.contains("BU99") && err.contains("BU0034"), "{err}");
}

#[test]
fn a_source_is_left_out_by_its_kind() {
    let folder = tempfile::tempdir().unwrap();
    let areas = sample("sample_neighbourhoods.geojson");
    let reports = std::fs::read_to_string(sample("sample_incidents.csv")).unwrap();
    let mut lines = reports.lines();
    let mut with_source = format!("{},kanaal\n", lines.next().unwrap());
    for (i, line) in lines.enumerate() {
        let source = if i % 4 == 0 { "Politie" } else { "Telefoon" };
        with_source.push_str(line);
        with_source.push(',');
        with_source.push_str(source);
        with_source.push('\n');
    }
    std::fs::write(folder.path().join("reports.csv"), with_source).unwrap();
    let run = |source: &str| {
        let arguments = ["profile", "reports.csv", &areas, "--without-source", source];
        let arguments: Vec<String> = arguments.iter().map(|a| (*a).to_owned()).collect();
        brandpunt(folder.path(), &arguments)
    };
    let (kind, label) = (run("police"), run("Politie"));
    assert_eq!(kind.status.code(), Some(0), "{}", text(&kind.stderr));
    let (kind, label) = (text(&kind.stdout), text(&label.stdout));
    assert!(
        kind.contains("Zonder bron police: overlap (Jaccard)"),
        "{kind}"
    );
    let table = |said: &str| {
        said.rsplit_once("Zonder bron")
            .map(|(table, _)| table.to_owned())
    };
    assert_eq!(table(&kind), table(&label));
    let wrong = run("warden");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("`Telefoon`"));
}

#[test]
fn a_police_table_is_the_baseline_of_the_main_job() {
    let folder = tempfile::tempdir().unwrap();
    let areas = std::fs::read_to_string(sample("sample_neighbourhoods.geojson")).unwrap();
    let areas: serde_json::Value = serde_json::from_str(&areas).unwrap();
    let codes: Vec<&str> = areas["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["properties"]["code"].as_str().unwrap())
        .collect();
    // Years and a month in one column, as the police publish them.
    let mut table = "Overlast;WijkenEnBuurten;Perioden;GeregistreerdeOverlast_1\n".to_owned();
    let mut shares = "from,to,share\n".to_owned();
    for code in &codes {
        table.push_str(
            &[
                "E35   ;",
                code,
                ";2016JJ00;6\nE35   ;",
                code,
                ";2016MM03;1\n",
            ]
            .concat(),
        );
        shares.push_str(&[code, ",", code, ",1\n"].concat());
    }
    std::fs::write(folder.path().join("47024NED.csv"), table).unwrap();
    std::fs::write(folder.path().join("crosswalk.csv"), shares).unwrap();
    let run = |more: &[&str]| {
        let given = [
            "--theme",
            "youth_nuisance",
            "--baseline",
            "2016",
            "--baseline-table",
            "47024NED.csv",
            "--vintage",
            "2024",
            "--out",
            "out",
            "--disclosure",
            "internal",
        ];
        of_sample(folder.path(), "hotspots", &[&given[..], more].concat())
    };
    let (status, _, err) = run(&["--baseline-vintage", "2024"]);
    assert_eq!(status, Some(0), "{err}");
    let account = || std::fs::read_to_string(folder.path().join("out/run.json")).unwrap();
    assert!(account().contains("47024NED.csv") && account().contains("those of a register"));
    let (status, _, err) = run(&["--baseline-vintage", "2020"]);
    assert_eq!(status, Some(2));
    assert!(err.contains("crosswalk from 2020 to 2024"), "{err}");
    let (status, _, err) = run(&["--baseline-vintage", "2020", "--crosswalk", "crosswalk.csv"]);
    assert_eq!(status, Some(0), "{err}");
    assert!(account().contains("carried over from the area division of 2020"));
}
