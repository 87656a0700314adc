//! The `brandpunt` command.

fn main() {
    std::process::exit(brandpunt::cli::run(std::env::args_os()));
}
