//! The decoders of geometries by themselves: well-known binary and points as text.
//!
//! They are of the inside of the crate, so their files are compiled into this target.

#[path = "../../../src/io/shape.rs"]
mod shape;
#[path = "../../../src/io/wkb.rs"]
mod wkb;
#[path = "../../../src/io/wkt.rs"]
mod wkt;

use shape::Shape;

/// A header of GeoPackage without an envelope, for a place in the Dutch system.
const HEADER: &[u8; 8] = b"GP\0\x01\x40\x71\0\0";

pub fn feed(data: &[u8]) {
    let Some((&choice, bytes)) = data.split_first() else {
        return;
    };
    if choice & 1 != 0 {
        text(bytes);
    } else if choice & 2 != 0 {
        binary(&[HEADER, bytes].concat(), choice);
    } else {
        binary(bytes, choice);
    }
}

fn binary(blob: &[u8], choice: u8) {
    let shape = match wkb::from_geopackage(blob) {
        Ok(shape) => shape,
        Err(damaged) => {
            assert!(!damaged.0.is_empty());
            return;
        }
    };
    if let Shape::Polygons(parts) = &shape {
        // What is held is no more than what came in, whatever the counts in it say.
        let rings: usize = parts.iter().map(Vec::len).sum();
        let corners: usize = parts.iter().flatten().map(Vec::len).sum();
        assert!(5 * parts.len() + 4 * rings + 16 * corners <= blob.len());
    }
    // Written anew in each order of bytes it is the same; cut short it is none.
    for little in [true, false] {
        let Some(whole) = written(&shape, little) else {
            return;
        };
        let again = wkb::from_geopackage(&whole).map(|again| written(&again, little));
        assert_eq!(again, Ok(Some(whole.clone())), "{shape:?}");
        let cut = HEADER.len() + usize::from(choice >> 2) % (whole.len() - HEADER.len());
        assert!(wkb::from_geopackage(&whole[..cut]).is_err(), "{shape:?}");
    }
}

/// A point or polygons as a blob.
fn written(shape: &Shape, little: bool) -> Option<Vec<u8>> {
    let mut out = HEADER.to_vec();
    let u32 = |out: &mut Vec<u8>, v: u32| {
        out.extend(if little {
            v.to_le_bytes()
        } else {
            v.to_be_bytes()
        });
    };
    let place = |out: &mut Vec<u8>, (x, y): (f64, f64)| {
        for v in [x, y] {
            out.extend(if little {
                v.to_le_bytes()
            } else {
                v.to_be_bytes()
            });
        }
    };
    out.push(u8::from(little));
    match shape {
        Shape::Point(x, y) => {
            u32(&mut out, 1);
            place(&mut out, (*x, *y));
        }
        Shape::Polygons(parts) => {
            u32(&mut out, 6);
            u32(&mut out, parts.len() as u32);
            for rings in parts {
                out.push(u8::from(little));
                u32(&mut out, 3);
                u32(&mut out, rings.len() as u32);
                for ring in rings {
                    u32(&mut out, ring.len() as u32);
                    for corner in ring {
                        place(&mut out, *corner);
                    }
                }
            }
        }
        Shape::Missing | Shape::Other(_) => return None,
    }
    Some(out)
}

fn text(bytes: &[u8]) {
    if let Some((number, rest)) = wkt::srid(bytes) {
        let again = [format!("SRID={number};").as_bytes(), rest].concat();
        assert_eq!(wkt::srid(&again), Some((number, rest)));
    }
    if let Some((x, y)) = wkt::point(bytes) {
        for number in [x, y] {
            assert!(!number.is_empty() && !number.iter().any(u8::is_ascii_whitespace));
        }
        let again = [&b"POINT ("[..], x, b" ", y, b")"].concat();
        assert_eq!(wkt::point(&again), Some((x, y)));
    }
}
