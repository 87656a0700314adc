//! The arguments of the command.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Hotspots of urban nuisance: where reports concentrate, whether that is more than chance, and
/// how it compares with the people who live there.
#[derive(Debug, Parser)]
#[command(name = "brandpunt", version, about, long_about = None)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a synthetic city with planted hotspots.
    Synthesise(Synthesise),
}

/// What `synthesise` takes.
#[derive(Debug, Args)]
pub(super) struct Synthesise {
    /// How many incidents.
    pub(super) incidents: usize,
    /// The folder to write to; it is made when it does not exist.
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// The seed: the same seed gives the same city.
    #[arg(long, default_value_t = 0)]
    pub(super) seed: u64,
    /// How many neighbourhoods.
    #[arg(long, value_name = "N", default_value_t = 240)]
    pub(super) neighbourhoods: usize,
    /// No hotspots, no repeats: the same risk for everyone.
    #[arg(long)]
    pub(super) pure_chance: bool,
    /// How many threads; 0 means one per core. The result does not depend on it.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) threads: usize,
}
