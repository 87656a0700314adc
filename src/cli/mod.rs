//! The `brandpunt` command, for the binary and for the wheel.

mod aligned;
mod arguments;
mod asked;
mod baseline;
mod check;
mod city_files;
mod concentration;
mod concentration_published;
mod count;
mod counting;
mod demo;
mod effect;
mod forecast;
mod hotspots;
mod outcome;
mod pattern;
mod profile;
mod profile_published;
mod proximity;
mod proximity_published;
mod publishing;
mod rate_tables;
mod rates;
mod rates_published;
mod rates_table;
mod reading;
mod stop;
mod synthesise;
mod targets;
mod terminal;
mod themes;

use std::ffi::OsString;

use clap::Parser;

use arguments::{Arguments, Command};
use stop::Stop;
use terminal::Terminal;

/// Runs the command with the arguments of a process, the program's name first, and returns its
/// exit status: 0, 2 for bad arguments or input, 1 for anything else.
///
/// Writes to standard output and, for errors and progress, to standard error. Takes over Ctrl-C
/// for the rest of the process: it stops the running command, which then leaves no partial file.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> i32 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version end up here too, with status 0. Nobody is left to tell when the
            // terminal is gone.
            let _ = error.print();
            return error.exit_code();
        }
    };
    let mut terminal = Terminal::new();
    match command(arguments.command, &mut terminal) {
        Ok(()) => 0,
        Err(stop) => {
            if let Some(error) = &stop.error {
                terminal.error(error);
            }
            stop.status
        }
    }
}

fn command(command: Command, terminal: &mut Terminal) -> Result<(), Stop> {
    match command {
        Command::Demo(options) => demo::run(&options, terminal),
        Command::Hotspots(options) => hotspots::run(&options, terminal),
        Command::Rates(options) => rates::run(&options, terminal),
        Command::Count(options) => count::run(&options, terminal),
        Command::Profile(options) => profile::run(&options, terminal),
        Command::Concentration(options) => concentration::run(&options, terminal),
        Command::Proximity(options) => proximity::run(&options, terminal),
        Command::Pattern(options) => pattern::run(&options, terminal),
        Command::Effect(options) => effect::run(&options, terminal),
        Command::Forecast(options) => forecast::run(&options, terminal),
        Command::Check(options) => check::run(&options, terminal),
        Command::Synthesise(options) => synthesise::run(&options, terminal),
    }
}
