//! One fuzzer: `BRANDPUNT_FUZZ` names the target, the arguments are those of libFuzzer.

#![no_main]

#[path = "../targets/mod.rs"]
mod targets;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<targets::Target> = LazyLock::new(|| {
    let name = std::env::var("BRANDPUNT_FUZZ").unwrap_or_default();
    let found = targets::TARGETS.iter().find(|(known, _)| *known == name);
    found
        .unwrap_or_else(|| panic!("BRANDPUNT_FUZZ is `{name}`, which is no target"))
        .1
});

fuzz_target!(|data: &[u8]| TARGET(data));
