//! The map of a page, drawn as SVG.

use std::fmt::Write;

use super::clean::{escaped, html};
use super::marks::{Spot, mark, offsets};
use super::palette::{self, RATE_STEPS};
use super::raster;
use super::shapes::Shapes;
use super::texts::Text;
use super::words::{Words, class_words};
use crate::error::Result;
use crate::methods::density::{Classification, DensityClasses, Surface};
use crate::methods::stability::StabilityLabel;
use crate::model::Bounds;

/// How many neighbourhoods are marked with their place in the table.
const MARKED: usize = 10;

/// Pixels that the longer side of the map is taken to have until a script knows better.
const TYPICAL: f64 = 560.0;

/// A layer of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    Class,
    Rate,
    Cluster,
    Steady,
    Density,
    Cells,
}

impl Layer {
    const fn key(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Rate => "rate",
            Self::Cluster => "cluster",
            Self::Steady => "steady",
            Self::Density => "density",
            Self::Cells => "cells",
        }
    }
}

/// Units of the drawing per pixel, until a script knows better.
pub(super) fn units(shapes: &Shapes) -> f64 {
    shapes.frame.width.max(shapes.frame.height) / TYPICAL
}

/// The figure: switches, map and legends.
pub(super) fn figure(
    words: &Words<'_>,
    shapes: &Shapes,
    theme: usize,
    map: usize,
) -> Result<String> {
    let steps = Steps::of(words);
    let layers = layers(words, shapes);
    let first = layers.first().copied().unwrap_or(Layer::Rate);
    let mut out = format!(
        "<figure class=\"map\" data-layer=\"{}\">\n{}",
        first.key(),
        switches(words, &layers, theme)
    );
    let label = words.with(
        Text::MapLabel,
        &[(
            "n",
            &words
                .numbers
                .whole(words.result.neighbourhoods.len() as i64),
        )],
    );
    let _ = writeln!(
        out,
        "<div class=\"view\" role=\"application\" tabindex=\"0\" aria-label=\"{}\">",
        escaped(&label)
    );
    drawing(words, shapes, &steps, map, &mut out)?;
    let _ = write!(out, "<div class=\"zooms live\">");
    for (key, sign, name) in [
        ("+", "+", Text::ZoomIn),
        ("-", "−", Text::ZoomOut),
        ("0", "⤢", Text::ZoomAll),
    ] {
        let name = escaped(words.text(name));
        let _ = write!(
            out,
            "<button type=\"button\" data-zoom=\"{key}\" aria-label=\"{name}\" title=\"{name}\">{sign}</button>"
        );
    }
    out.push_str("</div><div class=\"detail\" hidden></div></div>\n");
    legends(words, &steps, &layers, &mut out)?;
    out.push_str("</figure>\n");
    Ok(out)
}

fn layers(words: &Words<'_>, shapes: &Shapes) -> Vec<Layer> {
    let mut out = Vec::new();
    if words.findings.gi_tests > 0 {
        out.push(Layer::Class);
    }
    out.push(Layer::Rate);
    if !words.clusters().is_empty() {
        out.push(Layer::Cluster);
    }
    if words.result.stability.is_some() {
        out.push(Layer::Steady);
    }
    if words
        .result
        .surface
        .as_ref()
        .is_some_and(|s| shapes.crs == Some(s.grid().crs()) && s.peak() > 0.0)
    {
        out.push(Layer::Density);
    }
    if words
        .result
        .cells
        .as_ref()
        .is_some_and(|c| shapes.crs == Some(c.grid.crs()))
    {
        out.push(Layer::Cells);
    }
    out
}

fn switches(words: &Words<'_>, layers: &[Layer], theme: usize) -> String {
    let mut out = format!(
        "<div class=\"bar\"><fieldset class=\"layers live\"><legend class=\"unseen\">{}</legend>",
        escaped(words.text(Text::Layers))
    );
    for (number, layer) in layers.iter().enumerate() {
        let name = match layer {
            Layer::Class => Text::LayerClass,
            Layer::Rate if words.has_rates() => Text::LayerRate,
            Layer::Rate => Text::LayerCount,
            Layer::Cluster => Text::LayerCluster,
            Layer::Steady => Text::LayerSteady,
            Layer::Density => Text::LayerDensity,
            Layer::Cells => Text::LayerCells,
        };
        let _ = write!(
            out,
            "<label><input type=\"radio\" name=\"layer{theme}\" value=\"{}\" autocomplete=\"off\"{}><span>{}</span></label>",
            layer.key(),
            if number == 0 { " checked" } else { "" },
            escaped(words.text(name)),
        );
    }
    out.push_str("</fieldset></div>\n");
    out
}

fn drawing(
    words: &Words<'_>,
    shapes: &Shapes,
    steps: &Steps,
    map: usize,
    out: &mut String,
) -> Result<()> {
    let frame = &shapes.frame;
    let units = units(shapes);
    let pad = 14.0 * units;
    let (left, top) = (-pad, -pad);
    let (width, height) = (frame.width + 2.0 * pad, frame.height + 2.0 * pad);
    let _ = write!(
        out,
        "<svg class=\"chart\" viewBox=\"{left:.0} {top:.0} {width:.0} {height:.0}\" aria-hidden=\"true\" \
         focusable=\"false\">\n<g class=\"areas\">"
    );
    let table = &words.result.neighbourhoods;
    for (i, group) in words.cluster_of().into_iter().enumerate() {
        let defined = table.gi_z.get(i).is_some_and(|z| z.is_finite());
        let class = if defined {
            palette::class_name(table.hotspot_class.get(i).copied().unwrap_or(0))
        } else {
            "kx"
        };
        let step = steps
            .step(i)
            .map_or_else(|| "rx".to_owned(), |step| format!("r{step}"));
        let steady = match words.result.stability.as_ref() {
            Some(found) => format!(" {}", palette::steady_name(found.resampled.label[i])),
            None => String::new(),
        };
        let group = group.map_or("", |n| if n == 0 { " g1" } else { " g2" });
        let _ = write!(
            out,
            "<use href=\"#m{map}a{i}\" class=\"{class} {step}{group}{steady}\" data-i=\"{i}\"><title>{}: {}</title></use>",
            html(words.name(i)),
            escaped(&area_title(words, i)),
        );
    }
    out.push_str("</g>\n");
    images(words, shapes, map, out)?;
    let _ = write!(
        out,
        "<use href=\"#m{map}\" class=\"lines\"/><g class=\"rims\">"
    );
    for &i in &words.findings.high {
        let _ = write!(out, "<use href=\"#m{map}a{i}\"/>");
    }
    out.push_str(
        "</g><use class=\"cursor hover\"/><use class=\"cursor picked\"/>\n<g class=\"marks\">",
    );
    marks(words, shapes, units, (width, height), out);
    out.push_str("</g>\n");
    let metres = nice(130.0 * units * frame.metres);
    let length = metres / frame.metres / units;
    let text = if metres >= 1000.0 {
        format!("{} km", words.numbers.significant(metres / 1000.0, 1))
    } else {
        format!("{} m", words.numbers.significant(metres, 1))
    };
    let _ = write!(
        out,
        "<g class=\"scale\" transform=\"translate({:.0} {:.0}) scale({units:.3})\"><path class=\"halo\" \
         d=\"M0-5V0H{length:.1}V-5\"/><path d=\"M0-5V0H{length:.1}V-5\"/><text x=\"2\" y=\"-8\">{text}</text></g>",
        left + 6.0 * units,
        top + height - 6.0 * units,
    );
    if shapes.crs.is_none_or(|crs| crs.epsg().is_some()) {
        let _ = write!(
            out,
            "<g class=\"north\" transform=\"translate({:.0} {:.0}) scale({units:.3})\"><path class=\"halo\" \
             d=\"M0 12V-6\"/><path d=\"M0 12V-6\"/><path class=\"needle\" d=\"M0-12l5 10-5-3-5 3z\"/>\
             <text y=\"-16\">{}</text></g>",
            left + width - 16.0 * units,
            top + height - 18.0 * units,
            words.text(Text::North),
        );
    }
    out.push_str("</svg>\n");
    Ok(())
}

/// What a map that stands still says of an area.
fn area_title(words: &Words<'_>, i: usize) -> String {
    let table = &words.result.neighbourhoods;
    let Some(count) = words.count(i) else {
        return words.text(Text::WhyWithheld).to_owned();
    };
    let count = words.numbers.whole(count);
    let mut parts = vec![words.class(i), words.with(Text::Reports, &[("n", &count)])];
    if let Some(rate) = table.rate.get(i).filter(|r| r.is_finite()) {
        parts.push(format!("{} {}", words.numbers.rate(*rate), words.unit()));
    }
    parts.join(", ")
}

fn images(words: &Words<'_>, shapes: &Shapes, map: usize, out: &mut String) -> Result<()> {
    let mut add = |name: &str, address: &str, bounds: Bounds| {
        let (x, y) = shapes.frame.place(bounds.min_x, bounds.max_y);
        let _ = writeln!(
            out,
            "<image class=\"raster {name}\" x=\"{x:.2}\" y=\"{y:.2}\" width=\"{:.2}\" height=\"{:.2}\" \
             preserveAspectRatio=\"none\" clip-path=\"url(#m{map}c)\" href=\"{address}\"/>",
            bounds.width() / shapes.frame.metres,
            bounds.height() / shapes.frame.metres,
        );
    };
    for layer in layers(words, shapes) {
        match (layer, &words.result.surface, &words.result.cells) {
            (Layer::Density, Some(surface), _) => {
                let (address, bounds) =
                    raster::density(surface, &density_classes(words, surface)?)?;
                add("density", &address, bounds);
            }
            (Layer::Cells, _, Some(cells)) => {
                add("cells", &raster::classes(cells)?, cells.grid.bounds());
            }
            _ => {}
        }
    }
    Ok(())
}

/// The greatest of 1, 2, 5, 10, 20, … that is not above a value.
fn nice(most: f64) -> f64 {
    let power = 10_f64.powf(most.max(1e-9).log10().floor());
    [5.0, 2.0, 1.0]
        .into_iter()
        .map(|n| n * power)
        .find(|n| *n <= most)
        .unwrap_or(power)
}

/// Rates (or counts, where there are no rates) in steps of about as many neighbourhoods each.
struct Steps {
    /// Lower ends of the steps.
    from: Vec<f64>,
    values: Vec<f64>,
}

impl Steps {
    fn of(words: &Words<'_>) -> Self {
        let table = &words.result.neighbourhoods;
        let values: Vec<f64> = if words.has_rates() {
            table.rate.clone()
        } else {
            let count = |i| words.count(i).map_or(f64::NAN, |n| n as f64);
            (0..table.len()).map(count).collect()
        };
        let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let mut from: Vec<f64> = Vec::new();
        // The last step is narrow: few neighbourhoods have the highest rates.
        for share in [0.0, 0.2, 0.4, 0.6, 0.8, 0.95] {
            let at = (share * sorted.len() as f64) as usize;
            let Some(value) = sorted.get(at) else {
                continue;
            };
            let start = if share == 0.0 { 0.0 } else { rounded(*value) };
            if from.last().is_none_or(|last| start > *last) {
                from.push(start);
            }
        }
        Self { from, values }
    }

    /// The shade of a neighbourhood, from 0 to [`RATE_STEPS`] − 1.
    fn step(&self, i: usize) -> Option<usize> {
        let value = *self.values.get(i).filter(|v| v.is_finite())?;
        let step = self.from.iter().rposition(|from| value >= *from)?;
        Some(self.shade(step))
    }

    /// Steps are spread over all shades, however few there are.
    fn shade(&self, step: usize) -> usize {
        match self.from.len() {
            0 | 1 => 1,
            n => step * (RATE_STEPS - 1) / (n - 1),
        }
    }
}

/// In two digits.
fn rounded(value: f64) -> f64 {
    if value <= 0.0 {
        return value;
    }
    let unit = 10_f64.powf(value.log10().floor() - 1.0);
    (value / unit).round() * unit
}

fn swatch(inner: &str) -> String {
    format!("<svg class=\"swatch\" viewBox=\"0 0 22 15\" aria-hidden=\"true\">{inner}</svg>")
}

fn item(inner: &str, text: &str) -> String {
    format!("<li>{}{}</li>", swatch(inner), escaped(text))
}

fn square(class: &str) -> String {
    format!("<rect class=\"{class}\" width=\"22\" height=\"15\"/>")
}

fn legends(words: &Words<'_>, steps: &Steps, layers: &[Layer], out: &mut String) -> Result<()> {
    out.push_str("<figcaption class=\"legend\">");
    for layer in layers {
        let (title, items) = match layer {
            Layer::Class => class_legend(words),
            Layer::Rate => rate_legend(words, steps),
            Layer::Cluster => cluster_legend(words),
            Layer::Steady => steady_legend(words),
            Layer::Density => density_legend(words)?,
            Layer::Cells => cells_legend(words),
        };
        let _ = write!(
            out,
            "<div class=\"for-{}\"><p>{}</p><ul>{items}</ul></div>",
            layer.key(),
            escaped(&title)
        );
    }
    out.push_str("</figcaption>\n");
    Ok(())
}

fn class_items(words: &Words<'_>) -> String {
    (-3..=3)
        .rev()
        .map(|class| {
            item(
                &square(palette::class_name(class)),
                &class_words(class, words.language),
            )
        })
        .collect()
}

/// The signs that the layers of neighbourhoods share.
fn shared_items(words: &Words<'_>) -> String {
    let mut out = String::new();
    if !words.findings.high.is_empty() {
        out.push_str(&item(
            "<rect class=\"rim\" x=\"1.5\" y=\"1.5\" width=\"19\" height=\"12\"/>",
            words.text(Text::LegendHigh),
        ));
    }
    if !(words.findings.high.is_empty()
        && words.findings.hot.is_empty()
        && words.findings.weak.is_empty())
    {
        out.push_str(&item(
            "<circle cx=\"11\" cy=\"7.5\" r=\"6.5\"/><text x=\"11\" y=\"10.5\">1</text>",
            words.text(Text::LegendRank),
        ));
    }
    out
}

fn class_legend(words: &Words<'_>) -> (String, String) {
    let mut items = class_items(words);
    if words.findings.gi_tests < words.result.neighbourhoods.len() {
        items.push_str(&item(&square("kx"), words.text(words.undefined())));
    }
    items.push_str(&shared_items(words));
    (words.text(Text::LegendClass).to_owned(), items)
}

fn cluster_legend(words: &Words<'_>) -> (String, String) {
    let mut items = item(&square("g1"), words.text(Text::LegendClusterFirst));
    if words.clusters().len() > 1 {
        items.push_str(&item(&square("g2"), words.text(Text::LegendClusterOther)));
    }
    items.push_str(&item(&square("k0"), words.text(Text::LegendClusterNone)));
    items.push_str(&shared_items(words));
    (words.text(Text::LegendCluster).to_owned(), items)
}

fn steady_legend(words: &Words<'_>) -> (String, String) {
    let Some(found) = &words.result.stability else {
        return (String::new(), String::new());
    };
    let mut items: String = [
        (StabilityLabel::Stable, Text::LegendStable),
        (StabilityLabel::Moderate, Text::LegendModerate),
        (StabilityLabel::Unstable, Text::LegendUnstable),
        (StabilityLabel::Never, Text::LegendNever),
    ]
    .into_iter()
    .map(|(label, text)| item(&square(palette::steady_name(label)), words.text(text)))
    .collect();
    if found.resampled.label.contains(&StabilityLabel::Unknown) {
        items.push_str(&item(&square("kx"), words.text(words.undefined())));
    }
    items.push_str(&shared_items(words));
    let n = words
        .numbers
        .whole(found.resampled.hot.len().saturating_sub(1) as i64);
    (words.with(Text::LegendSteady, &[("n", &n)]), items)
}

fn rate_legend(words: &Words<'_>, steps: &Steps) -> (String, String) {
    let numbers = words.numbers;
    let rates = words.has_rates();
    let write = |value: f64| {
        if rates {
            numbers.rate(value)
        } else {
            numbers.fixed(value, 0)
        }
    };
    let mut items = String::new();
    for (i, from) in steps.from.iter().enumerate() {
        let text = match steps.from.get(i + 1) {
            Some(to) => format!("{} – {}", write(*from), write(*to)),
            None => words.with(Text::LegendAbove, &[("low", &write(*from))]),
        };
        items.push_str(&item(&square(&format!("r{}", steps.shade(i))), &text));
    }
    if steps.values.iter().any(|v| !v.is_finite()) {
        let text = words.text(words.undefined());
        items.push_str(&item(&square("kx"), text));
    }
    items.push_str(&shared_items(words));
    let title = if rates {
        words.with(Text::LegendRate, &[("unit", &words.unit())])
    } else {
        words.text(Text::LegendCount).to_owned()
    };
    (title, items)
}

/// The classes in which the density is drawn.
fn density_classes(words: &Words<'_>, surface: &Surface) -> Result<DensityClasses> {
    let published = words.result.protection.as_ref();
    if let Some(classes) = published.and_then(|p| p.classes.clone()) {
        return Ok(classes);
    }
    surface.classes(Classification::Geometric, palette::DENSITY_CLASSES)
}

fn density_legend(words: &Words<'_>) -> Result<(String, String)> {
    let Some(surface) = &words.result.surface else {
        return Ok((String::new(), String::new()));
    };
    let classes = density_classes(words, surface)?;
    let write = |value: f64| words.numbers.significant(value, 1);
    let last = classes.len() - 1;
    let mut items = String::new();
    for class in 0..classes.len() {
        let fill = if class == 0 {
            square("k0")
        } else {
            let [r, g, b, a] = palette::density_colour(class, classes.len());
            format!(
                "<rect width=\"22\" height=\"15\" fill=\"#{r:02x}{g:02x}{b:02x}\" fill-opacity=\"{:.2}\"/>",
                f64::from(a) / 255.0
            )
        };
        let (low, high) = classes.range(class);
        let text = match class {
            0 if words.result.protection.is_some() => words.text(Text::LegendFew).to_owned(),
            0 => words.text(Text::LegendNone).to_owned(),
            1 if class < last => words.with(Text::LegendBelow, &[("high", &write(high))]),
            _ if class < last => format!("{} – {}", write(low), write(high)),
            _ => words.with(Text::LegendAbove, &[("low", &write(low))]),
        };
        items.push_str(&item(&fill, &text));
    }
    let bandwidth = words.with(
        Text::Bandwidth,
        &[("metres", &words.numbers.fixed(surface.bandwidth(), 0))],
    );
    Ok((
        format!("{} ({bandwidth})", words.text(Text::LegendDensity)),
        items,
    ))
}

fn cells_legend(words: &Words<'_>) -> (String, String) {
    let size = words
        .result
        .cells
        .as_ref()
        .map_or(f64::NAN, |c| c.grid.cell_size());
    let title = words.with(
        Text::LegendCells,
        &[("size", &words.numbers.significant(size, 3))],
    );
    if words.result.protection.is_some() {
        let items = item(
            &square(palette::class_name(2)),
            words.text(Text::LegendHotCell),
        );
        return (
            title,
            items + &item(&square("k0"), words.text(Text::LegendOtherCell)),
        );
    }
    (title, class_items(words))
}

/// The places in the table of the first neighbourhoods that stand out.
fn marks(
    words: &Words<'_>,
    shapes: &Shapes,
    units: f64,
    (width, height): (f64, f64),
    out: &mut String,
) {
    let lists = [
        &words.findings.hot,
        &words.findings.weak,
        &words.findings.high,
    ];
    let marked = words.findings.order.iter().copied();
    let marked = marked.filter(|i| lists.iter().any(|list| list.contains(i)));
    let marked: Vec<usize> = marked
        .filter(|&i| shapes.inside.get(i).is_some())
        .take(MARKED)
        .collect();
    let areas = words.result.areas.area_km2().unwrap_or_default();
    // The map has a margin, so its corner is not at zero.
    let pad = 14.0;
    let spots: Vec<Spot> = marked
        .iter()
        .map(|&i| {
            let (x, y) = shapes.inside[i];
            let side = areas.get(i).map_or(0.0, |km2| 1_000.0 * km2.sqrt());
            Spot {
                x: x / units + pad,
                y: y / units + pad,
                side: side / shapes.frame.metres / units,
            }
        })
        .collect();
    let offsets = offsets(&spots, (width / units, height / units));
    // The first lies on top.
    for (&i, offset) in marked.iter().zip(offsets).rev() {
        let (x, y) = shapes.inside[i];
        let rank = words
            .result
            .neighbourhoods
            .rank
            .get(i)
            .copied()
            .unwrap_or(0);
        let _ = write!(
            out,
            "<g class=\"mark\" data-x=\"{x:.0}\" data-y=\"{y:.0}\" transform=\"translate({x:.0} {y:.0}) \
             scale({units:.3})\">{}</g>",
            mark(rank, offset)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scale_bars_have_round_lengths() {
        for (most, length) in [(130.0, 100.0), (999.0, 500.0), (2000.0, 2000.0), (0.7, 0.5)] {
            assert!((nice(most) - length).abs() < 1e-9, "{most}");
        }
    }

    #[test]
    fn few_steps_still_use_light_and_dark() {
        let steps = Steps {
            from: vec![0.0, 1.0, 2.0],
            values: vec![0.5, 1.0, 99.0, f64::NAN],
        };
        let found: Vec<_> = (0..4).map(|i| steps.step(i)).collect();
        assert_eq!(found, [Some(0), Some(2), Some(5), None]);
    }
}
