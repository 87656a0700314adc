//! `brandpunt synthesise`: a city from a seed.

use super::arguments::Synthesise;
use super::city_files::CityFiles;
use super::stop::Stop;
use super::terminal::Terminal;
use crate::synthetic::SyntheticCity;

pub(super) fn run(options: &Synthesise, terminal: &mut Terminal) -> Result<(), Stop> {
    let mut city = SyntheticCity::new(options.incidents)
        .seed(options.seed)
        .neighbourhoods(options.neighbourhoods);
    if options.pure_chance {
        city = city.pure_chance();
    }
    let workers = terminal.workers(options.threads)?;
    let city = city.build_with(&workers)?;
    let written = CityFiles::of(&city, workers.job())?.write(&options.out, workers.job())?;
    let mut text = format!(
        "A city of {} neighbourhoods with {} incidents and {} planted hotspots:\n",
        city.neighbourhoods.len(),
        city.incidents.len(),
        city.truth.hotspots.len()
    );
    for path in written {
        text.push_str("  ");
        text.push_str(&path.display().to_string());
        text.push('\n');
    }
    Ok(terminal.say(&text)?)
}
