//! Rasters to GeoTIFF.

use std::io::{Seek, Write};
use std::path::Path;

use tiff::encoder::compression::DeflateLevel;
use tiff::encoder::{Compression, TiffEncoder, colortype::Gray64Float};
use tiff::tags::Tag;
use tiff::{TiffError, TiffResult};

use super::atomically::atomically;
use crate::error::{Error, Fault, Result};
use crate::model::Grid;

/// Where GDAL keeps what it knows of bands.
const GDAL_METADATA: Tag = Tag::Unknown(42_112);

/// What the values of a raster are.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct Band<'a> {
    /// In a few words; nothing when empty.
    pub description: &'a str,
    /// The unit; nothing when empty.
    pub unit: &'a str,
    /// The number that stands for no value; NaN when there is none.
    pub nodata: Option<f64>,
}

impl<'a> Band<'a> {
    /// A band with a description and a unit, where NaN stands for no value.
    #[must_use]
    pub const fn new(description: &'a str, unit: &'a str) -> Self {
        Self {
            description,
            unit,
            nodata: None,
        }
    }

    /// Sets the number that stands for no value.
    #[must_use]
    pub const fn nodata(mut self, nodata: f64) -> Self {
        self.nodata = Some(nodata);
        self
    }

    /// Description and unit as GDAL keeps them: an XML text of ASCII characters.
    fn metadata(&self) -> Option<String> {
        let item = |name: &str, role: &str, text: &str| {
            if text.is_empty() {
                return String::new();
            }
            let safe = ascii(text);
            format!("<Item name=\"{name}\" sample=\"0\" role=\"{role}\">{safe}</Item>")
        };
        let items = item("DESCRIPTION", "description", self.description)
            + &item("UNITTYPE", "unittype", self.unit);
        (!items.is_empty()).then(|| format!("<GDALMetadata>{items}</GDALMetadata>"))
    }
}

/// A text for XML, all but plain ASCII as numbered characters.
fn ascii(text: &str) -> String {
    let safe = |c: char| c.is_ascii_graphic() && !"<>&\"'".contains(c) || c == ' ';
    text.chars()
        .map(|c| {
            if safe(c) {
                c.to_string()
            } else {
                format!("&#{};", u32::from(c))
            }
        })
        .collect()
}

/// Writes the values of a grid as a GeoTIFF of doubles, compressed with deflate, that QGIS and
/// rasterio open in the right place and, where the band is described, with description and unit.
///
/// `values` are in rows from north to south, each from west to east.
///
/// # Errors
/// [`Fault::LengthMismatch`] unless there is one value per cell, [`Error::TooLarge`] beyond four
/// gigabytes, [`Error::File`]; the old file is then untouched.
pub fn write_geotiff(
    path: impl AsRef<Path>,
    grid: &Grid,
    values: &[f64],
    band: &Band<'_>,
) -> Result<()> {
    if values.len() != grid.len() {
        return Err(Error::input(
            Fault::LengthMismatch,
            format!("{} values for {} cells", values.len(), grid.len()),
        ));
    }
    let bytes = values.len() as u128 * 8;
    // Offsets in a classic TIFF have 32 bits; compression only makes it smaller.
    let limit = u128::from(u32::MAX) - (1 << 20);
    if bytes > limit {
        return Err(Error::too_large(
            "a GeoTIFF",
            bytes,
            limit,
            "choose a larger cell size",
        ));
    }
    atomically(path, |out| {
        encode(out, grid, values, band).map_err(|e| match e {
            TiffError::IoError(e) => e,
            other => std::io::Error::other(other),
        })
    })
}

fn encode<W: Write + Seek>(out: W, grid: &Grid, values: &[f64], band: &Band<'_>) -> TiffResult<()> {
    let mut encoder =
        TiffEncoder::new(out)?.with_compression(Compression::Deflate(DeflateLevel::Balanced));
    let mut image = encoder.new_image::<Gray64Float>(grid.cols() as u32, grid.rows() as u32)?;
    let size = grid.cell_size();
    let bounds = grid.bounds();
    let tags = image.encoder();
    tags.write_tag(Tag::ModelPixelScaleTag, &[size, size, 0.0][..])?;
    // The north-western corner of the first cell.
    tags.write_tag(
        Tag::ModelTiepointTag,
        &[0.0, 0.0, 0.0, bounds.min_x, bounds.max_y, 0.0][..],
    )?;
    tags.write_tag(Tag::GeoKeyDirectoryTag, &geo_keys(grid)[..])?;
    if let Some(metadata) = band.metadata() {
        tags.write_tag(GDAL_METADATA, metadata.as_str())?;
    }
    let nothing = band
        .nodata
        .map_or_else(|| "nan".to_owned(), |v| v.to_string());
    tags.write_tag(Tag::GdalNodata, nothing.as_str())?;
    image.write_data(values)
}

/// Projected, cells as areas, the system's number (32767: one of the user's own), metres.
fn geo_keys(grid: &Grid) -> [u16; 20] {
    let code = grid
        .crs()
        .epsg()
        .and_then(|code| u16::try_from(code).ok())
        .unwrap_or(32_767);
    [
        1, 1, 0, 4, // version 1.1.0, four keys
        1024, 0, 1, 1, // GTModelType: projected
        1025, 0, 1, 1, // GTRasterType: pixel is area
        3072, 0, 1, code, // ProjectedCSType
        3076, 0, 1, 9001, // ProjLinearUnits: metre
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Bounds, Crs};
    use tiff::decoder::{Decoder, DecodingResult};

    #[test]
    fn what_is_written_is_read_back_in_its_place() {
        let bounds = Bounds::new(143_000.0, 486_000.0, 143_260.0, 486_090.0);
        let grid = Grid::covering(bounds, 25.0, Crs::RD_NEW).unwrap();
        let mut values: Vec<f64> = (0..grid.len()).map(|i| i as f64 / 7.0).collect();
        values[3] = f64::NAN;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("density.tif");
        let band = Band::new("a < b", "per km²");
        write_geotiff(&path, &grid, &values, &band).unwrap();
        let mut decoder = Decoder::new(std::fs::File::open(&path).unwrap()).unwrap();
        let (cols, rows) = decoder.dimensions().unwrap();
        assert_eq!((cols as usize, rows as usize), (grid.cols(), grid.rows()));
        let tie = decoder.get_tag_f64_vec(Tag::ModelTiepointTag).unwrap();
        assert_eq!(tie, [0.0, 0.0, 0.0, 143_000.0, grid.bounds().max_y, 0.0]);
        let scale = decoder.get_tag_f64_vec(Tag::ModelPixelScaleTag).unwrap();
        assert_eq!(scale, [25.0, 25.0, 0.0]);
        let keys = decoder.get_tag_u16_vec(Tag::GeoKeyDirectoryTag).unwrap();
        assert_eq!(keys[12..16], [3072, 0, 1, 28992]);
        let nothing = decoder.get_tag_ascii_string(Tag::GdalNodata).unwrap();
        assert_eq!(nothing.trim_end_matches('\0'), "nan");
        let metadata = decoder.get_tag_ascii_string(GDAL_METADATA).unwrap();
        assert_eq!(
            metadata.trim_end_matches('\0'),
            "<GDALMetadata>\
             <Item name=\"DESCRIPTION\" sample=\"0\" role=\"description\">a &#60; b</Item>\
             <Item name=\"UNITTYPE\" sample=\"0\" role=\"unittype\">per km&#178;</Item>\
             </GDALMetadata>"
        );
        let DecodingResult::F64(read) = decoder.read_image().unwrap() else {
            panic!("doubles")
        };
        let bits = |v: &[f64]| v.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&read), bits(&values));
    }

    #[test]
    fn one_value_per_cell_is_needed() {
        let grid = Grid::covering(Bounds::new(0.0, 0.0, 50.0, 50.0), 25.0, Crs::PLANAR).unwrap();
        let error = write_geotiff("x.tif", &grid, &[1.0], &Band::default()).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::LengthMismatch));
    }
}
