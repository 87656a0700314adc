//! Points and polygons in well-known binary, as GeoPackage stores them.
//!
//! Counts in the bytes are never believed: nothing is allocated beyond what the bytes can hold.

use super::shape::{Ring, Shape};

/// Why bytes are no geometry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Damaged(pub(super) &'static str);

/// The geometry in a GeoPackage blob.
pub(super) fn from_geopackage(blob: &[u8]) -> Result<Shape, Damaged> {
    let (head, rest) = blob.split_at_checked(8).ok_or(Damaged("too short"))?;
    if !head.starts_with(b"GP") {
        return Err(Damaged("no GeoPackage header"));
    }
    let flags = head[3];
    let envelope = match (flags >> 1) & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return Err(Damaged("an unknown envelope")),
    };
    if flags & 0x10 != 0 {
        return Ok(Shape::Missing);
    }
    let body = rest
        .get(envelope..)
        .ok_or(Damaged("the envelope is cut off"))?;
    let mut reader = Reader {
        bytes: body,
        little: true,
    };
    reader.geometry()
}

struct Reader<'a> {
    bytes: &'a [u8],
    little: bool,
}

/// Kind of geometry and numbers per position.
struct Head {
    kind: u32,
    dimensions: usize,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Damaged> {
        let (head, rest) = self
            .bytes
            .split_first_chunk::<N>()
            .ok_or(Damaged("the geometry is cut off"))?;
        self.bytes = rest;
        Ok(*head)
    }

    fn u32(&mut self) -> Result<u32, Damaged> {
        let bytes = self.take::<4>()?;
        Ok(if self.little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    }

    fn f64(&mut self) -> Result<f64, Damaged> {
        let bytes = self.take::<8>()?;
        Ok(if self.little {
            f64::from_le_bytes(bytes)
        } else {
            f64::from_be_bytes(bytes)
        })
    }

    /// A count of things that take at least `size` bytes each.
    fn count(&mut self, size: usize) -> Result<usize, Damaged> {
        let n = self.u32()? as usize;
        if n > self.bytes.len() / size {
            return Err(Damaged("it announces more than it holds"));
        }
        Ok(n)
    }

    fn head(&mut self) -> Result<Head, Damaged> {
        self.little = match self.take::<1>()? {
            [0] => false,
            [1] => true,
            _ => return Err(Damaged("an unknown byte order")),
        };
        let code = self.u32()?;
        // Height and measure: thousands in the ISO form, high bits in the extended one.
        let thousands = (code & 0xffff) / 1000;
        let high_z = usize::from(code & 0x8000_0000 != 0);
        let high_m = usize::from(code & 0x4000_0000 != 0);
        let iso = match thousands {
            0 => 0,
            1 | 2 => 1,
            3 => 2,
            _ => return Err(Damaged("an unknown type")),
        };
        if code & 0x2000_0000 != 0 {
            self.u32()?;
        }
        Ok(Head {
            kind: (code & 0xffff) % 1000,
            dimensions: 2 + (high_z + high_m).max(iso),
        })
    }

    fn geometry(&mut self) -> Result<Shape, Damaged> {
        let head = self.head()?;
        match head.kind {
            1 => {
                let (x, y) = self.position(head.dimensions)?;
                // The agreed way to write an empty point.
                if x.is_nan() && y.is_nan() {
                    return Ok(Shape::Missing);
                }
                Ok(Shape::Point(x, y))
            }
            3 => {
                let rings = self.polygon(head.dimensions)?;
                Ok(if rings.is_empty() {
                    Shape::Missing
                } else {
                    Shape::Polygons(vec![rings])
                })
            }
            6 => {
                let n = self.count(9)?;
                let mut parts = Vec::with_capacity(n);
                for _ in 0..n {
                    let part = self.head()?;
                    if part.kind != 3 {
                        return Err(Damaged("a multipolygon of something else"));
                    }
                    parts.push(self.polygon(part.dimensions)?);
                }
                Ok(if parts.is_empty() {
                    Shape::Missing
                } else {
                    Shape::Polygons(parts)
                })
            }
            2 => Ok(Shape::Other("LineString".to_owned())),
            4 => Ok(Shape::Other("MultiPoint".to_owned())),
            5 => Ok(Shape::Other("MultiLineString".to_owned())),
            7 => Ok(Shape::Other("GeometryCollection".to_owned())),
            other => Ok(Shape::Other(format!("geometry type {other}"))),
        }
    }

    fn polygon(&mut self, dimensions: usize) -> Result<Vec<Ring>, Damaged> {
        let n = self.count(4)?;
        let mut rings = Vec::with_capacity(n);
        for _ in 0..n {
            let m = self.count(8 * dimensions)?;
            let mut ring = Vec::with_capacity(m);
            for _ in 0..m {
                ring.push(self.position(dimensions)?);
            }
            rings.push(ring);
        }
        Ok(rings)
    }

    fn position(&mut self, dimensions: usize) -> Result<(f64, f64), Damaged> {
        let x = self.f64()?;
        let y = self.f64()?;
        for _ in 2..dimensions {
            self.f64()?;
        }
        Ok((x, y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blob(body: &[u8]) -> Vec<u8> {
        let mut out = b"GP\0\x01\x40\x71\0\0".to_vec();
        out.extend_from_slice(body);
        out
    }

    fn polygon() -> Vec<u8> {
        let mut out = vec![1, 3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0];
        for v in [0.0_f64, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0] {
            out.extend_from_slice(&v.to_le_bytes());
        }
        blob(&out)
    }

    #[test]
    fn a_polygon_and_every_cut_of_it() {
        let whole = polygon();
        let Ok(Shape::Polygons(parts)) = from_geopackage(&whole) else {
            panic!("a polygon")
        };
        assert_eq!(
            parts[0][0],
            [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)]
        );
        for end in 0..whole.len() {
            assert!(from_geopackage(&whole[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn big_endian_point_with_height() {
        let mut body = vec![0, 0, 0, 3, 0xe9];
        for v in [4.5_f64, 52.25, 3.0] {
            body.extend_from_slice(&v.to_be_bytes());
        }
        assert_eq!(from_geopackage(&blob(&body)), Ok(Shape::Point(4.5, 52.25)));
    }

    #[test]
    fn lying_counts_allocate_nothing() {
        let body = [1, 6, 0, 0, 0, 255, 255, 255, 255];
        assert!(from_geopackage(&blob(&body)).is_err());
    }
}
