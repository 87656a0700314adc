//! In which area does a point lie?

use geo_types::Coord;

use super::raster::{Raster, x_at};
use crate::error::{Error, Fault, Result};
use crate::memory::{MOST_BYTES, afford};
use crate::model::{Crs, Grid, Neighbourhoods, RisingEdge, rings, rising_edges};
use crate::parallel::Workers;

/// Set in the label of a cell that an edge may touch; the rest is the number of its list.
const LIST: u32 = 1 << 31;

/// Finds the area of points, exactly.
///
/// # Rule
/// A point lies in a polygon when a ray from it to the east crosses its rings an odd number of
/// times, where an edge holds its lower but not its upper end and a point on an edge lies to its
/// east. The side of an edge is decided with exact arithmetic. A point on a border shared by two
/// areas thus belongs to one of them, the one to its east or north, and the counts of areas that
/// tile the plane add up to the number of points. Points on the eastern or northern outline lie
/// outside. Where areas overlap, the one that comes first in the input holds the point.
///
/// # Method
/// A raster over the areas knows for each cell that no edge touches the area it lies in; in the
/// other cells, the point is tested against the edges at its height of the few areas whose edges
/// touch the cell. Building takes time in proportion to the vertices and cells (at most 2²²),
/// locating a point nearly constant time.
///
/// ```
/// use brandpunt::index::NeighbourhoodIndex;
/// use brandpunt::{Crs, Neighbourhoods};
/// use geo_types::{MultiPolygon, Rect, coord};
///
/// # fn main() -> brandpunt::Result<()> {
/// let square = |x| {
///     let rect = Rect::new(coord! { x: x, y: 0.0 }, coord! { x: x + 1.0, y: 1.0 });
///     MultiPolygon::new(vec![rect.to_polygon()])
/// };
/// let names = || vec!["west".to_owned(), "east".to_owned()];
/// let hoods = Neighbourhoods::new(names(), names(), vec![square(0.0), square(1.0)], Crs::PLANAR)?;
/// let index = NeighbourhoodIndex::build(&hoods)?;
/// assert_eq!(index.locate(0.5, 0.5), Some(0));
/// assert_eq!(index.locate(1.0, 0.5), Some(1), "the shared border belongs to the east");
/// assert_eq!(index.locate(2.0, 0.5), None);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct NeighbourhoodIndex {
    crs: Crs,
    areas: usize,
    raster: Raster,
    /// Per cell: the area that holds it whole, [`Self::NONE`], or [`LIST`] and a list's number.
    label: Vec<u32>,
    /// Ends of the lists in `listed`.
    list_end: Vec<u32>,
    /// Numbers of polygons, ascending within a list.
    listed: Vec<u32>,
    polygons: Vec<Polygon>,
    /// Ends of the bands in `edges`; a band holds the edges of one polygon in one row.
    band_end: Vec<usize>,
    edges: Vec<RisingEdge>,
}

/// One polygon of an area.
#[derive(Debug, Clone)]
struct Polygon {
    area: u32,
    first_row: usize,
    /// The bands of its rows.
    bands: std::ops::Range<usize>,
}

impl NeighbourhoodIndex {
    /// The label of a point in no area.
    pub const NONE: u32 = u32::MAX;

    /// Prepares the areas.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for more than 2³¹ polygons.
    pub fn build(hoods: &Neighbourhoods) -> Result<Self> {
        let polygons = hoods.shapes().iter().map(|s| s.0.len()).sum::<usize>();
        if polygons >= LIST as usize {
            return Err(Error::too_large(
                "an index of areas",
                polygons as u128,
                u128::from(LIST),
                "leave out polygons",
            ));
        }
        let (mut edges, mut run, mut rise) = (0, 0.0, 0.0);
        for ends in hoods
            .shapes()
            .iter()
            .flatten()
            .flat_map(rings)
            .flat_map(|ring| ring.0.windows(2))
        {
            edges += 1;
            run += (ends[0].x - ends[1].x).abs();
            rise += (ends[0].y - ends[1].y).abs();
        }
        let raster = Raster::new(hoods.bounds(), edges, run, rise);
        let cells = raster.len();
        let mut filling = Filling {
            index: Self {
                crs: hoods.crs(),
                areas: hoods.len(),
                raster,
                label: vec![Self::NONE; cells],
                list_end: Vec::new(),
                listed: Vec::new(),
                polygons: Vec::with_capacity(polygons),
                band_end: Vec::new(),
                edges: Vec::new(),
            },
            holder: vec![Self::NONE; cells],
            touched: Vec::new(),
        };
        for (area, shape) in (0u32..).zip(hoods.shapes()) {
            for polygon in shape {
                filling.add(area, polygon);
            }
        }
        Ok(filling.finish())
    }

    /// The system of the coordinates.
    #[must_use]
    pub fn crs(&self) -> Crs {
        self.crs
    }

    /// How many areas there are.
    #[must_use]
    pub fn areas(&self) -> usize {
        self.areas
    }

    /// The area that holds a point, `None` when there is none.
    #[must_use]
    pub fn locate(&self, x: f64, y: f64) -> Option<u32> {
        let area = self.label_of(x, y);
        (area != Self::NONE).then_some(area)
    }

    /// The area of each point, [`NONE`](Self::NONE) for points in no area.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`], [`Error::Cancelled`].
    pub fn locate_all(&self, x: &[f64], y: &[f64], workers: &Workers) -> Result<Vec<u32>> {
        const PIECE: usize = 1 << 14;
        if x.len() != y.len() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "{} x and {} y; give one of each per point",
                    x.len(),
                    y.len()
                ),
            ));
        }
        let mut out = vec![Self::NONE; x.len()];
        workers.fill(
            &mut out,
            PIECE,
            || (),
            |(), piece, slice| {
                let from = piece * PIECE;
                let points = x[from..].iter().zip(&y[from..]);
                for (label, (&x, &y)) in slice.iter_mut().zip(points) {
                    *label = self.label_of(x, y);
                }
            },
        )?;
        Ok(out)
    }

    /// The area of the centre of each cell, row by row, [`NONE`](Self::NONE) for those in no area.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::Cancelled`].
    pub fn locate_cells(&self, grid: &Grid, workers: &Workers) -> Result<Vec<u32>> {
        afford(
            "labels of cells",
            4 * grid.len() as u128,
            MOST_BYTES,
            || "choose larger cells".to_owned(),
        )?;
        let mut out = vec![Self::NONE; grid.len()];
        workers.fill(
            &mut out,
            grid.cols(),
            || (),
            |(), row, labels| {
                let y = grid.y(row);
                for (col, label) in labels.iter_mut().enumerate() {
                    *label = self.label_of(grid.x(col), y);
                }
            },
        )?;
        Ok(out)
    }

    #[inline]
    fn label_of(&self, x: f64, y: f64) -> u32 {
        let Some((row, col)) = self.raster.cell(x, y) else {
            return Self::NONE;
        };
        let label = self.label[row * self.raster.cols + col];
        if label & LIST == 0 || label == Self::NONE {
            return label;
        }
        let list = (label & !LIST) as usize;
        let from = if list == 0 {
            0
        } else {
            self.list_end[list - 1]
        };
        self.listed[from as usize..self.list_end[list] as usize]
            .iter()
            .map(|&p| &self.polygons[p as usize])
            .find(|polygon| self.holds(polygon, row, Coord { x, y }))
            .map_or(Self::NONE, |polygon| polygon.area)
    }

    /// Whether a polygon holds a point of the given row.
    fn holds(&self, polygon: &Polygon, row: usize, point: Coord<f64>) -> bool {
        let band = polygon.bands.start + (row - polygon.first_row);
        self.band(band)
            .iter()
            .filter(|e| e.is_east_of(point))
            .count()
            % 2
            == 1
    }

    fn band(&self, band: usize) -> &[RisingEdge] {
        let from = if band == 0 {
            0
        } else {
            self.band_end[band - 1]
        };
        &self.edges[from..self.band_end[band]]
    }
}

/// The index while polygons are added in order.
struct Filling {
    /// Its labels hold, meanwhile, the last polygon whose edges touch a cell.
    index: NeighbourhoodIndex,
    /// The first polygon that holds a cell whole.
    holder: Vec<u32>,
    /// Cells and the polygons whose edges touch them.
    touched: Vec<(u32, u32)>,
}

impl Filling {
    fn add(&mut self, area: u32, polygon: &geo_types::Polygon<f64>) {
        let number = self.index.polygons.len() as u32;
        let Some((low, high)) = extent(polygon) else {
            return;
        };
        let first_row = self.index.raster.row(low);
        let last_row = self.index.raster.row(high);
        let first_band = self.index.band_end.len();
        self.cut(polygon, first_row, last_row);
        self.index.polygons.push(Polygon {
            area,
            first_row,
            bands: first_band..self.index.band_end.len(),
        });
        self.touch(number, polygon, first_row);
        self.hold(number, first_row);
    }

    /// Sorts the edges into the rows they meet.
    fn cut(&mut self, polygon: &geo_types::Polygon<f64>, first_row: usize, last_row: usize) {
        let index = &mut self.index;
        let rows_of = |e: &RisingEdge| {
            index.raster.row(e.lower.y) - first_row..=index.raster.row(e.upper.y) - first_row
        };
        let mut end = vec![0; last_row - first_row + 2];
        for edge in rings(polygon).flat_map(rising_edges) {
            for row in rows_of(&edge) {
                end[row + 1] += 1;
            }
        }
        let mut total = index.edges.len();
        for e in &mut end {
            total += *e;
            *e = total;
        }
        let filler = RisingEdge {
            lower: Coord::zero(),
            upper: Coord::zero(),
        };
        let mut edges = vec![filler; total - index.edges.len()];
        let offset = index.edges.len();
        for edge in rings(polygon).flat_map(rising_edges) {
            for row in rows_of(&edge) {
                edges[end[row] - offset] = edge;
                end[row] += 1;
            }
        }
        end.pop();
        index.edges.extend(edges);
        index.band_end.extend(end);
    }

    /// Notes the cells that the polygon's edges touch.
    fn touch(&mut self, number: u32, polygon: &geo_types::Polygon<f64>, first_row: usize) {
        let index = &mut self.index;
        let mut mark = |row: usize, (from, to): (usize, usize)| {
            let cells = row * index.raster.cols + from..=row * index.raster.cols + to;
            for cell in cells {
                if index.label[cell] != number {
                    index.label[cell] = number;
                    self.touched.push((cell as u32, number));
                }
            }
        };
        for (row, band) in (first_row..).zip(index.polygons[number as usize].bands.clone()) {
            let from = if band == 0 {
                0
            } else {
                index.band_end[band - 1]
            };
            for edge in &index.edges[from..index.band_end[band]] {
                mark(row, index.raster.touched(edge, row));
            }
        }
        for ends in rings(polygon).flat_map(|ring| ring.0.windows(2)) {
            if ends[0].y == ends[1].y {
                mark(
                    index.raster.row(ends[0].y),
                    index.raster.touched_flat(ends[0], ends[1]),
                );
            }
        }
    }

    /// Notes the cells that lie whole in the polygon.
    fn hold(&mut self, number: u32, first_row: usize) {
        let index = &self.index;
        let mut crossings = Vec::new();
        for (row, band) in (first_row..).zip(index.polygons[number as usize].bands.clone()) {
            let middle = index.raster.middle(row);
            crossings.clear();
            crossings.extend(
                index
                    .band(band)
                    .iter()
                    .filter(|e| e.lower.y <= middle && middle < e.upper.y)
                    .map(|e| x_at(e, middle)),
            );
            crossings.sort_unstable_by(f64::total_cmp);
            // Cells that no edge touches lie on one side of every crossing.
            for pair in crossings.chunks_exact(2) {
                let start = row * index.raster.cols;
                for cell in start + index.raster.col(pair[0])..=start + index.raster.col(pair[1]) {
                    if index.label[cell] != number && self.holder[cell] == NeighbourhoodIndex::NONE
                    {
                        self.holder[cell] = number;
                    }
                }
            }
        }
    }

    fn finish(mut self) -> NeighbourhoodIndex {
        let mut index = self.index;
        for (label, &holder) in index.label.iter_mut().zip(&self.holder) {
            *label = index
                .polygons
                .get(holder as usize)
                .map_or(NeighbourhoodIndex::NONE, |p| p.area);
        }
        self.touched.sort_unstable();
        for list in self.touched.chunk_by(|a, b| a.0 == b.0) {
            let cell = list[0].0 as usize;
            let holder = self.holder[cell];
            // Whatever comes after a polygon that holds the whole cell is never reached.
            index
                .listed
                .extend(list.iter().map(|&(_, p)| p).filter(|&p| p < holder));
            if holder != NeighbourhoodIndex::NONE {
                index.listed.push(holder);
            }
            index.label[cell] = LIST | index.list_end.len() as u32;
            index.list_end.push(index.listed.len() as u32);
        }
        index
    }
}

/// Least and greatest y of a polygon, `None` for one without points.
fn extent(polygon: &geo_types::Polygon<f64>) -> Option<(f64, f64)> {
    rings(polygon)
        .flat_map(|ring| &ring.0)
        .map(|c| (c.y, c.y))
        .reduce(|(low, high), (y, _)| (low.min(y), high.max(y)))
}
