//! Densities and classes of cells as images in the page.

use super::base64::base64;
use super::palette;
use crate::analysis::CellTable;
use crate::error::{Error, Result};
use crate::methods::density::{DensityClasses, Surface};
use crate::model::{Bounds, Grid};

/// Most pixels of an image.
const MOST_PIXELS: usize = 1_500_000;

/// A PNG as a data address.
pub(super) type Address = String;

/// The density by classes, darker where denser and transparent where no incident reaches, and what
/// it covers.
pub(super) fn density(surface: &Surface, classes: &DensityClasses) -> Result<(Address, Bounds)> {
    let (rows, cols) = surface.values().dim();
    let block = (1..=rows.max(cols).max(1))
        .find(|b| rows.div_ceil(*b) * cols.div_ceil(*b) <= MOST_PIXELS)
        .unwrap_or(1);
    let (height, width) = (rows.div_ceil(block), cols.div_ceil(block));
    let mut sum = vec![0.0; height * width];
    let mut cells = vec![0.0; height * width];
    for ((row, col), value) in surface.values().indexed_iter() {
        let at = row / block * width + col / block;
        if let (Some(sum), Some(cells), true) =
            (sum.get_mut(at), cells.get_mut(at), value.is_finite())
        {
            *sum += value;
            *cells += 1.0;
        }
    }
    let class = |mean: f64| classes.class_of(mean).unwrap_or(0).min(255) as u8;
    let means = sum.iter().zip(&cells).map(|(sum, cells)| sum / cells);
    let pixels: Vec<u8> = means.map(class).collect();
    let mut colours = vec![0; 3];
    let mut opacity = vec![0];
    for class in 1..classes.len() {
        let [r, g, b, a] = palette::density_colour(class, classes.len());
        colours.extend([r, g, b]);
        opacity.push(a);
    }
    // Blocks may stick out beyond the grid in the east and the south.
    let edge = surface.grid().bounds();
    let side = surface.grid().cell_size() * block as f64;
    let covered = Bounds::new(
        edge.min_x,
        edge.max_y - side * height as f64,
        edge.min_x + side * width as f64,
        edge.max_y,
    );
    Ok((png(width, height, colours, opacity, &pixels)?, covered))
}

/// The hotspot classes of cells; cold ones are striped, those without a pattern transparent.
pub(super) fn classes(cells: &CellTable) -> Result<Address> {
    let grid: &Grid = &cells.grid;
    let side = if grid.len() * 16 <= MOST_PIXELS * 4 {
        4
    } else {
        1
    };
    let (width, height) = (grid.cols() * side, grid.rows() * side);
    let mut pixels = vec![0_u8; width * height];
    for ((row, col), class) in cells.row.iter().zip(&cells.col).zip(&cells.hotspot_class) {
        let (row, col) = (*row as usize, *col as usize);
        if *class == 0 || row >= grid.rows() || col >= grid.cols() {
            continue;
        }
        for y in row * side..(row + 1) * side {
            for x in col * side..(col + 1) * side {
                let striped = *class < 0 && side > 1 && (x + y) % 4 == 0;
                if let Some(pixel) = pixels.get_mut(y * width + x) {
                    *pixel = if striped {
                        8
                    } else {
                        (class + 4).clamp(1, 7) as u8
                    };
                }
            }
        }
    }
    let mut colours = vec![0; 3];
    for class in -3..=3 {
        colours.extend(palette::class_rgb(class));
    }
    colours.extend([255; 3]);
    let opacity = vec![0, 235, 235, 235, 0, 235, 235, 235, 235];
    png(width, height, colours, opacity, &pixels)
}

fn png(
    width: usize,
    height: usize,
    colours: Vec<u8>,
    opacity: Vec<u8>,
    pixels: &[u8],
) -> Result<Address> {
    let side = |n: usize| u32::try_from(n).map_err(|_| Error::internal("an image too wide"));
    let failed = |e: png::EncodingError| Error::internal(format!("writing an image: {e}"));
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side(width)?, side(height)?);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.set_palette(colours);
    encoder.set_trns(opacity);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(pixels).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(format!("data:image/png;base64,{}", base64(&bytes)))
}
