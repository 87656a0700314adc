//! Other places for the same facilities.

use geo::{Area, BoundingRect};
use geo_types::Polygon;
use rand::RngExt;
use rand::seq::SliceRandom;

use super::sites::Sites;
use crate::error::{Error, Fault, Result};
use crate::index::StudyArea;
use crate::model::Neighbourhoods;
use crate::random::Stream;

/// Draws for one point in a polygon before its facility is left where it is.
const MOST_DRAWS: usize = 100_000;

/// How facilities are moved.
pub(super) enum Moved<'a> {
    /// To candidates, like for like: of each group so many are drawn.
    Candidates(Vec<(Vec<[f64; 2]>, usize)>),
    /// To random places in areas of the same stratum.
    Anywhere {
        area: &'a StudyArea,
        /// Polygons of each stratum with the area they are of and running sums of their sizes.
        strata: Vec<Vec<(&'a Polygon<f64>, u32, f64)>>,
        /// The stratum of each facility; `None` for one outside all areas, which stays.
        facilities: Vec<([f64; 2], Option<usize>)>,
    },
}

impl<'a> Moved<'a> {
    /// Facilities and candidates of one label together are the places among which one label's
    /// facilities are dealt, so that their own places are one of the equally likely draws.
    pub(super) fn to_candidates(facilities: &Sites, candidates: &Sites) -> Result<Self> {
        if facilities.has_labels() != candidates.has_labels() {
            let detail = "only one of facilities and candidates has labels; give both, or neither";
            return Err(Error::input(Fault::LengthMismatch, detail));
        }
        let own = facilities.places();
        let taken = |place: &[f64; 2]| own.iter().any(|(p, _)| p == place);
        let others: Vec<([f64; 2], u32)> = candidates
            .places()
            .into_iter()
            .filter(|(place, _)| !taken(place))
            .collect();
        let mut labels: Vec<u32> = own.iter().map(|f| f.1).collect();
        labels.sort_unstable();
        labels.dedup();
        let mut groups = Vec::with_capacity(labels.len());
        for label in labels {
            let of = |places: &[([f64; 2], u32)]| -> Vec<[f64; 2]> {
                let like = places.iter().filter(|(_, l)| *l == label);
                like.map(|(place, _)| *place).collect()
            };
            let mut pool = of(&own);
            let facilities = pool.len();
            pool.extend(of(&others));
            if pool.len() == facilities {
                let detail = format!(
                    "label {label} has {facilities} facilities and no other candidate; give some, \
                     or take wider labels"
                );
                return Err(Error::input(Fault::NoRows, detail));
            }
            groups.push((pool, facilities));
        }
        Ok(Self::Candidates(groups))
    }

    /// Each facility to a random place in the areas that have the stratum of its own.
    pub(super) fn anywhere(
        facilities: &Sites,
        areas: &'a Neighbourhoods,
        area: &'a StudyArea,
        stratum: Option<&[u32]>,
    ) -> Result<Self> {
        let own: Vec<u32> = (0..areas.len() as u32).collect();
        let stratum = stratum.unwrap_or(&own);
        if stratum.len() != areas.len() {
            let detail = format!(
                "{} strata for {} areas; give one per area",
                stratum.len(),
                areas.len()
            );
            return Err(Error::input(Fault::AreaMismatch, detail));
        }
        let mut names = stratum.to_vec();
        names.sort_unstable();
        names.dedup();
        let number = |area: usize| names.partition_point(|name| *name < stratum[area]);
        let mut strata = vec![Vec::new(); names.len()];
        for (i, shape) in areas.shapes().iter().enumerate() {
            let into: &mut Vec<(&Polygon<f64>, u32, f64)> = &mut strata[number(i)];
            for polygon in shape {
                let before = into.last().map_or(0.0, |last| last.2);
                into.push((polygon, i as u32, before + polygon.unsigned_area()));
            }
        }
        let facilities = facilities
            .places()
            .into_iter()
            .map(|(place, _)| {
                let home = area.locate(place[0], place[1]);
                (place, home.map(|i| number(i as usize)))
            })
            .collect();
        Ok(Self::Anywhere {
            area,
            strata,
            facilities,
        })
    }

    /// One draw of places, sorted by x.
    pub(super) fn draw(&self, random: &mut Stream) -> Vec<[f64; 2]> {
        let mut out = Vec::new();
        match self {
            Self::Candidates(groups) => {
                for (pool, facilities) in groups {
                    let mut pool = pool.clone();
                    let (drawn, _) = pool.partial_shuffle(random, *facilities);
                    out.extend_from_slice(drawn);
                }
            }
            Self::Anywhere {
                area,
                strata,
                facilities,
            } => {
                out.extend(facilities.iter().map(|(place, stratum)| {
                    stratum
                        .and_then(|s| point_in(&strata[s], area, random))
                        .unwrap_or(*place)
                }));
            }
        }
        out.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
        out
    }
}

/// A random place in some polygons, alike everywhere.
fn point_in(
    polygons: &[(&Polygon<f64>, u32, f64)],
    area: &StudyArea,
    random: &mut Stream,
) -> Option<[f64; 2]> {
    let at = random.random::<f64>() * polygons.last()?.2;
    let (polygon, of, _) = polygons.get(polygons.partition_point(|p| p.2 <= at))?;
    let around = polygon.bounding_rect()?;
    (0..MOST_DRAWS).find_map(|_| {
        let x = around.min().x + random.random::<f64>() * around.width();
        let y = around.min().y + random.random::<f64>() * around.height();
        (area.locate(x, y) == Some(*of)).then_some([x, y])
    })
}
