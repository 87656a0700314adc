//! The colours, for the page, the legends and the images alike.
//!
//! Hot and cold differ in hue and, because red and blue print alike in grey, in texture: cold is
//! striped, unknown is dotted. Rates and densities run from light to dark.

use std::fmt::Write;

use crate::methods::stability::StabilityLabel;

/// Colours of the hotspot classes −3 to 3.
const CLASSES: [(i8, &str); 7] = [
    (-3, "#2166ac"),
    (-2, "#67a9cf"),
    (-1, "#c6dfee"),
    (0, "#f3f1ec"),
    (1, "#fbd0b9"),
    (2, "#e8805c"),
    (3, "#b2182b"),
];

/// Most steps a legend of rates has.
pub(super) const RATE_STEPS: usize = 6;

/// The colour of a hotspot class.
pub(super) fn class_colour(class: i8) -> &'static str {
    let class = class.clamp(-3, 3);
    CLASSES
        .iter()
        .find(|(c, _)| *c == class)
        .map_or("#f3f1ec", |(_, colour)| colour)
}

/// Red, green and blue of a hotspot class.
pub(super) fn class_rgb(class: i8) -> [u8; 3] {
    let colour = class_colour(class);
    let part = |at: usize| {
        colour
            .get(at..at + 2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
            .unwrap_or(0)
    };
    [part(1), part(3), part(5)]
}

/// The name of a class in the style sheet.
pub(super) fn class_name(class: i8) -> &'static str {
    match class.clamp(-3, 3) {
        -3 => "k-3",
        -2 => "k-2",
        -1 => "k-1",
        1 => "k1",
        2 => "k2",
        3 => "k3",
        _ => "k0",
    }
}

/// The colour of a step of rates, of so many.
fn rate_colour(step: usize) -> String {
    let t = 0.06 + 0.84 * step as f64 / (RATE_STEPS - 1) as f64;
    let c = colorous::YELLOW_ORANGE_BROWN.eval_continuous(t);
    format!("#{:02x}{:02x}{:02x}", c.r, c.g, c.b)
}

/// Colours of how often a neighbourhood is hot when reports are drawn anew: never, in less than half
/// of the draws, in less than four of five, in more.
const STEADY: [&str; 4] = ["#f3f1ec", "#d5cbe8", "#9b86c6", "#54278f"];

/// The name of a stability in the style sheet; `sx` where there is no verdict.
pub(super) fn steady_name(label: StabilityLabel) -> &'static str {
    match label {
        StabilityLabel::Never => "s0",
        StabilityLabel::Unstable => "s1",
        StabilityLabel::Moderate => "s2",
        StabilityLabel::Stable => "s3",
        StabilityLabel::Unknown => "sx",
    }
}

/// Most classes of density beside the empty one.
pub(super) const DENSITY_CLASSES: usize = 6;

/// Red, green, blue and opacity of a class of density above the empty one, of so many.
pub(super) fn density_colour(class: usize, classes: usize) -> [u8; 4] {
    let share = class as f64 / (classes.max(2) - 1) as f64;
    let c = colorous::INFERNO.eval_continuous(0.98 - 0.86 * share);
    let opacity = 90.0 + 140.0 * share.sqrt();
    [c.r, c.g, c.b, opacity as u8]
}

/// Colours of the strongest cluster of neighbourhoods and of the others.
const CLUSTERS: [&str; 2] = ["#00695c", "#5bb5a8"];

/// The rules that give areas their colour in each layer.
pub(super) fn style() -> String {
    let mut out = String::new();
    for (class, colour) in CLASSES {
        let name = class_name(class);
        let _ = writeln!(
            out,
            "[data-layer=class] .{name},.swatch .{name},pattern .{name}{{fill:{colour}}}"
        );
    }
    for (class, colour) in STEADY.iter().enumerate() {
        let _ = writeln!(
            out,
            "[data-layer=steady] .s{class},.swatch .s{class}{{fill:{colour}}}"
        );
    }
    for (number, colour) in (1..).zip(CLUSTERS) {
        let _ = writeln!(
            out,
            "[data-layer=cluster] .areas .g{number},.swatch .g{number}{{fill:{colour}}}"
        );
    }
    for step in 0..RATE_STEPS {
        let colour = rate_colour(step);
        let _ = writeln!(
            out,
            "[data-layer=rate] .r{step},.swatch .r{step}{{fill:{colour}}}"
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lightness([r, g, b]: [u8; 3]) -> f64 {
        0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b)
    }

    #[test]
    fn stronger_classes_are_darker() {
        for sign in [-1, 1] {
            for class in 0..3 {
                assert!(
                    lightness(class_rgb(sign * class)) > lightness(class_rgb(sign * (class + 1)))
                );
            }
        }
    }

    #[test]
    fn denser_is_darker_and_less_transparent() {
        let mut last = [255, 255, 255, 0];
        for class in 1..=DENSITY_CLASSES {
            let colour = density_colour(class, DENSITY_CLASSES + 1);
            assert!(
                lightness([colour[0], colour[1], colour[2]])
                    < lightness([last[0], last[1], last[2]])
            );
            assert!(colour[3] >= last[3]);
            last = colour;
        }
    }
}
