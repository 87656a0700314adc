//! The hotspots of a city over HTTP, with this crate inside and nothing else beside it.
//!
//! ```sh
//! cargo run --release --example service                                  # a synthetic city
//! cargo run --release --example service -- reports.csv buurten.gpkg 2017 # yours, against 2017
//! curl 'http://127.0.0.1:8017/hotspots/youth_nuisance?level=0.05&language=en'
//! ```
//!
//! | question | answer |
//! |---|---|
//! | `/health` | what is loaded, and how many jobs run, wait, are done, cancelled, failed, refused |
//! | `/hotspots/{theme}` | the neighbourhoods as GeoJSON, with the warnings; `level`, `language` |
//! | `/density/{theme}/{column}/{row}` | a tile of 32 by 32 cells of the density, in classes |
//! | `POST /live/incidents` | takes in `{"x": …, "y": …, "second": …}`, without a time as of now |
//! | `/live` | the hot cells of the last week, and the neighbourhoods in alarm |
//!
//! Whatever leaves the service passed the disclosure rules `cbs5`. What is counted is fixed when
//! the service starts (one period, one baseline, themes that share no category): if anyone could
//! choose periods, small counts would follow from differences between answers.
//!
//! `/live` tells places and classes and no counts: between two answers a window differs by single
//! reports, which no rule on counts can hide. It is for the desk that watches, not for the public.
//!
//! It shows what a service needs from a library that computes: work leaves the threads that talk to
//! clients ([`server::Jobs`]), a client that goes away takes its job along, more clients than there
//! is room for are told so at once, every error is JSON with a fitting status, and on Ctrl-C the
//! answers under way are still given.

mod server;

use std::env::args;
use std::error::Error;
use std::io::Write;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use brandpunt::publish::Disclosure;
use brandpunt::synthetic::SyntheticCity;
use brandpunt::{Incidents, Neighbourhoods, io};
use tokio::net::TcpListener;

use server::{City, Jobs, Live, Service};

/// Loopback only: whoever opens it to others puts it behind their own door.
const ADDRESS: &str = "127.0.0.1:8017";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = args().skip(1).collect();
    let (incidents, areas, baseline) = load(&arguments)?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let live = Live::new(&areas, &incidents, clock)?;
    let service = Service {
        live: Arc::new(live),
        city: Arc::new(City::new(incidents, areas, baseline, Disclosure::cbs5())),
        jobs: Jobs::new(cores, 16 * cores),
    };
    let listener = TcpListener::bind(ADDRESS).await?;
    writeln!(std::io::stdout(), "listening on http://{ADDRESS}")?;
    axum::serve(listener, server::routes(service))
        .with_graceful_shutdown(async {
            // Without a signal handler the service can still be killed.
            let _ = tokio::signal::ctrl_c().await;
        })
        .await?;
    Ok(())
}

fn load(arguments: &[String]) -> Result<(Incidents, Neighbourhoods, Option<i16>), Box<dyn Error>> {
    match arguments {
        [] => {
            let city = SyntheticCity::new(20_000).seed(34).build()?;
            Ok((city.incidents, city.neighbourhoods, Some(2017)))
        }
        [reports, areas, rest @ ..] if rest.len() < 2 => {
            let baseline = rest.first().map(|year| year.parse()).transpose()?;
            Ok((
                io::read_incidents(reports)?,
                io::read_neighbourhoods(areas)?,
                baseline,
            ))
        }
        _ => Err("usage: service [INCIDENTS NEIGHBOURHOODS [BASELINE_YEAR]]".into()),
    }
}

/// Seconds since 1970.
fn clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |d| i64::try_from(d.as_secs()).unwrap_or(i64::MAX))
}
