//! GeoJSON, streamed feature by feature.
//!
//! Reads a `FeatureCollection`, a single `Feature`, or features one after the other
//! (newline-delimited). Coordinates are longitude and latitude unless the old `crs` member says
//! otherwise. Nesting is limited to 128 levels.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::feature::{Feature, Scalar, Sink, Stated, stated_crs};
use super::shape::{Ring, Shape};
use crate::error::{Error, Fault, Result};

/// Hands every feature to `sink` and tells the coordinate reference system.
pub(super) fn stream(bytes: &[u8], sink: Sink<'_>) -> Result<Stated> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Err(error) = std::str::from_utf8(bytes) {
        // A cut in the middle of a character is a cut text, which the parser finds.
        if error.error_len().is_some() {
            return Err(super::encoding::not_utf8(bytes, error.valid_up_to()));
        }
    }
    let state = State {
        sink: RefCell::new(sink),
        failed: RefCell::new(None),
    };
    let mut stated = Stated::Default;
    let mut at = 0;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(skip) = rest
            .iter()
            .position(|b| !b.is_ascii_whitespace() && *b != 0x1e)
        else {
            break;
        };
        let rest = &rest[skip..];
        at += skip;
        let mut values = serde_json::Deserializer::from_slice(rest);
        let root = Root(&state).deserialize(&mut values);
        if let Some(error) = state.failed.take() {
            return Err(error);
        }
        let root = root.map_err(|e| translate(&e, rest, at))?;
        match root.crs {
            CrsFound::Absent => {}
            CrsFound::Unknown => stated = Stated::Unknown,
            CrsFound::Named(crs) => stated = Stated::Crs(stated_crs(&crs)?),
        }
        // A collection is the whole text; features may follow one another.
        if root.collection {
            values.end().map_err(|e| translate(&e, rest, at))?;
            break;
        }
        at += values.into_iter::<IgnoredAny>().byte_offset();
    }
    Ok(stated)
}

/// A JSON error with its place and kind.
fn translate(error: &serde_json::Error, text: &[u8], start: usize) -> Error {
    let line = error.line().max(1);
    let before = memchr::memchr_iter(b'\n', text)
        .nth(line.wrapping_sub(2))
        .filter(|_| line > 1)
        .map_or(0, |at| at + 1);
    let at = start + (before + error.column()).min(text.len());
    let message = error.to_string();
    let (fault, what) = if error.is_eof() {
        (
            Fault::TruncatedJson,
            "the text ends too early; copy the file again",
        )
    } else if message.starts_with("recursion limit") {
        (Fault::NestingTooDeep, "values nest deeper than 128 levels")
    } else if message.starts_with("number out of range") {
        (Fault::NumberOutOfRange, "the number does not fit a double")
    } else {
        let reason: String = message.chars().take(160).collect();
        return Error::input(
            Fault::InvalidJson,
            format!(
                "at byte {at}: {}; the file must be a GeoJSON FeatureCollection",
                crate::error::quoted(&reason)
            ),
        );
    };
    Error::input(fault, format!("at byte {at}: {what}"))
}

struct State<'s> {
    sink: RefCell<Sink<'s>>,
    failed: RefCell<Option<Error>>,
}

impl State<'_> {
    fn give<E: serde::de::Error>(&self, feature: &Feature<'_>) -> std::result::Result<(), E> {
        let mut sink = self.sink.borrow_mut();
        (*sink)(feature).map_err(|e| {
            *self.failed.borrow_mut() = Some(e);
            E::custom("stopped")
        })
    }
}

/// The `crs` member of GeoJSON before RFC 7946.
enum CrsFound {
    Absent,
    /// Null: the file says that it does not know.
    Unknown,
    Named(String),
}

struct RootFound {
    collection: bool,
    crs: CrsFound,
}

struct Root<'r, 's>(&'r State<'s>);

impl<'de> DeserializeSeed<'de> for Root<'_, '_> {
    type Value = RootFound;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> std::result::Result<RootFound, D::Error> {
        d.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Root<'_, '_> {
    type Value = RootFound;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<RootFound, A::Error> {
        let mut kind = None;
        let mut crs = CrsFound::Absent;
        let mut features = false;
        let mut feature = Feature {
            id: None,
            properties: Vec::new(),
            shape: Shape::Missing,
        };
        while let Some(key) = map.next_key_seed(Text)? {
            match key.as_ref() {
                "type" => kind = Some(map.next_value_seed(Text)?),
                "features" => {
                    features = true;
                    map.next_value_seed(Features(self.0))?;
                }
                "crs" => crs = map.next_value_seed(CrsMember)?,
                key => read_member(&mut feature, key, &mut map)?,
            }
        }
        match kind.as_deref() {
            Some("FeatureCollection") if features => Ok(RootFound {
                collection: true,
                crs,
            }),
            Some("FeatureCollection") => Err(A::Error::custom("the collection has no features")),
            Some("Feature") if !features => {
                self.0.give(&feature)?;
                Ok(RootFound {
                    collection: false,
                    crs,
                })
            }
            Some(_) => Err(A::Error::custom(
                "the type is neither FeatureCollection nor Feature",
            )),
            None => Err(A::Error::custom("there is no type member")),
        }
    }
}

fn read_member<'de, A: MapAccess<'de>>(
    feature: &mut Feature<'de>,
    key: &str,
    map: &mut A,
) -> std::result::Result<(), A::Error> {
    match key {
        "id" => feature.id = Some(map.next_value_seed(Value)?),
        "properties" => feature.properties = map.next_value_seed(Properties)?,
        "geometry" => feature.shape = map.next_value_seed(Geometry)?,
        _ => {
            map.next_value_seed(Value)?;
        }
    }
    Ok(())
}

struct Features<'r, 's>(&'r State<'s>);

impl<'de> DeserializeSeed<'de> for Features<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> std::result::Result<(), D::Error> {
        d.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<(), A::Error> {
        while let Some(feature) = seq.next_element_seed(OneFeature)? {
            self.0.give(&feature)?;
        }
        Ok(())
    }
}

struct OneFeature;

impl<'de> DeserializeSeed<'de> for OneFeature {
    type Value = Feature<'de>;

    fn deserialize<D: Deserializer<'de>>(
        self,
        d: D,
    ) -> std::result::Result<Feature<'de>, D::Error> {
        d.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OneFeature {
    type Value = Feature<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a feature")
    }

    fn visit_map<A: MapAccess<'de>>(
        self,
        mut map: A,
    ) -> std::result::Result<Feature<'de>, A::Error> {
        let mut feature = Feature {
            id: None,
            properties: Vec::new(),
            shape: Shape::Missing,
        };
        while let Some(key) = map.next_key_seed(Text)? {
            read_member(&mut feature, &key, &mut map)?;
        }
        Ok(feature)
    }
}

struct Properties;

impl<'de> DeserializeSeed<'de> for Properties {
    type Value = Vec<(Cow<'de, str>, Scalar<'de>)>;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> std::result::Result<Self::Value, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Properties {
    type Value = Vec<(Cow<'de, str>, Scalar<'de>)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("properties")
    }

    fn visit_unit<E>(self) -> std::result::Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_map<A: MapAccess<'de>>(
        self,
        mut map: A,
    ) -> std::result::Result<Self::Value, A::Error> {
        let mut out = Vec::with_capacity(8);
        while let Some(key) = map.next_key_seed(Text)? {
            out.push((key, map.next_value_seed(Value)?));
        }
        Ok(out)
    }
}

/// A string, borrowed from the text where it has no escapes.
struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> std::result::Result<Self::Value, D::Error> {
        d.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, v: &'de str) -> std::result::Result<Self::Value, E> {
        Ok(Cow::Borrowed(v))
    }

    fn visit_str<E>(self, v: &str) -> std::result::Result<Self::Value, E> {
        Ok(Cow::Owned(v.to_owned()))
    }
}

/// Any value; what is nested is read through, so that its numbers and depth are checked.
struct Value;

impl<'de> DeserializeSeed<'de> for Value {
    type Value = Scalar<'de>;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> std::result::Result<Self::Value, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> std::result::Result<Self::Value, E> {
        Ok(Scalar::Null)
    }

    fn visit_bool<E>(self, v: bool) -> std::result::Result<Self::Value, E> {
        Ok(Scalar::Bool(v))
    }

    fn visit_i64<E>(self, v: i64) -> std::result::Result<Self::Value, E> {
        Ok(Scalar::Integer(v))
    }

    fn visit_u64<E>(self, v: u64) -> std::result::Result<Self::Value, E> {
        Ok(Scalar::Unsigned(v))
    }

    fn visit_f64<E>(self, v: f64) -> std::result::Result<Self::Value, E> {
        Ok(Scalar::Float(v))
    }

    fn visit_borrowed_str<E>(self, v: &'de str) -> std::result::Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(v)))
    }

    fn visit_str<E>(self, v: &str) -> std::result::Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(v.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(
        self,
        mut seq: A,
    ) -> std::result::Result<Self::Value, A::Error> {
        while seq.next_element_seed(Self)?.is_some() {}
        Ok(Scalar::Nested)
    }

    fn visit_map<A: MapAccess<'de>>(
        self,
        mut map: A,
    ) -> std::result::Result<Self::Value, A::Error> {
        while map.next_key_seed(Text)?.is_some() {
            map.next_value_seed(Self)?;
        }
        Ok(Scalar::Nested)
    }
}

struct CrsMember;

impl<'de> DeserializeSeed<'de> for CrsMember {
    type Value = CrsFound;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> std::result::Result<Self::Value, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for CrsMember {
    type Value = CrsFound;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a crs member with properties.name")
    }

    fn visit_unit<E>(self) -> std::result::Result<Self::Value, E> {
        Ok(CrsFound::Unknown)
    }

    fn visit_str<E>(self, v: &str) -> std::result::Result<Self::Value, E> {
        Ok(CrsFound::Named(v.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(
        self,
        mut map: A,
    ) -> std::result::Result<Self::Value, A::Error> {
        let mut name = None;
        while let Some(key) = map.next_key_seed(Text)? {
            if key == "properties" {
                let properties = map.next_value_seed(Properties)?;
                name = properties
                    .iter()
                    .find(|(key, _)| matches!(key.as_ref(), "name" | "code"))
                    .map(|(_, value)| value.text().into_owned());
            } else {
                map.next_value_seed(Value)?;
            }
        }
        name.map(CrsFound::Named)
            .ok_or_else(|| A::Error::custom("the crs member has no name"))
    }
}

struct Geometry;

impl<'de> DeserializeSeed<'de> for Geometry {
    type Value = Shape;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> std::result::Result<Shape, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Geometry {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a geometry")
    }

    fn visit_unit<E>(self) -> std::result::Result<Shape, E> {
        Ok(Shape::Missing)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Shape, A::Error> {
        let mut kind = None;
        let mut coordinates = None;
        while let Some(key) = map.next_key_seed(Text)? {
            match key.as_ref() {
                "type" => kind = Some(map.next_value_seed(Text)?),
                "coordinates" => coordinates = Some(map.next_value_seed(Coordinates)?),
                _ => {
                    map.next_value_seed(Value)?;
                }
            }
        }
        let Some(kind) = kind else {
            return Err(A::Error::custom("a geometry has no type"));
        };
        shape(&kind, coordinates).map_err(A::Error::custom)
    }
}

/// Nested lists with positions at the leaves.
enum Node {
    Position(f64, f64),
    Number(f64),
    List(Vec<Self>),
}

fn shape(kind: &str, coordinates: Option<Node>) -> std::result::Result<Shape, &'static str> {
    let known = matches!(kind, "Point" | "Polygon" | "MultiPolygon");
    if !known {
        return Ok(Shape::Other(kind.to_owned()));
    }
    match (kind, coordinates) {
        (_, None) => Err("a geometry has no coordinates"),
        (_, Some(Node::List(list))) if list.is_empty() => Ok(Shape::Missing),
        ("Point", Some(Node::Position(x, y))) => Ok(Shape::Point(x, y)),
        ("Polygon", Some(Node::List(rings))) => Ok(Shape::Polygons(vec![polygon(rings)?])),
        ("MultiPolygon", Some(Node::List(parts))) => parts
            .into_iter()
            .map(|part| match part {
                Node::List(rings) => polygon(rings),
                _ => Err(NOT_RINGS),
            })
            .collect::<std::result::Result<_, _>>()
            .map(Shape::Polygons),
        _ => Err("the coordinates do not fit the type of the geometry"),
    }
}

const NOT_RINGS: &str = "the coordinates of a polygon are not lists of positions";

fn polygon(rings: Vec<Node>) -> std::result::Result<Vec<Ring>, &'static str> {
    rings
        .into_iter()
        .map(|ring| match ring {
            Node::List(positions) => positions
                .into_iter()
                .map(|position| match position {
                    Node::Position(x, y) => Ok((x, y)),
                    _ => Err(NOT_RINGS),
                })
                .collect(),
            _ => Err(NOT_RINGS),
        })
        .collect()
}

struct Coordinates;

impl<'de> DeserializeSeed<'de> for Coordinates {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, d: D) -> std::result::Result<Node, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Coordinates {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("coordinates")
    }

    fn visit_i64<E>(self, v: i64) -> std::result::Result<Node, E> {
        Ok(Node::Number(v as f64))
    }

    fn visit_u64<E>(self, v: u64) -> std::result::Result<Node, E> {
        Ok(Node::Number(v as f64))
    }

    fn visit_f64<E>(self, v: f64) -> std::result::Result<Node, E> {
        Ok(Node::Number(v))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<Node, A::Error> {
        let mut list = Vec::new();
        let Some(first) = seq.next_element_seed(Self)? else {
            return Ok(Node::List(list));
        };
        if let Node::Number(x) = first {
            let Some(Node::Number(y)) = seq.next_element_seed(Self)? else {
                return Err(A::Error::custom("a position needs two numbers"));
            };
            // Heights and what may follow them are left out.
            while let Some(more) = seq.next_element_seed(Self)? {
                if !matches!(more, Node::Number(_)) {
                    return Err(A::Error::custom("a position holds numbers only"));
                }
            }
            return Ok(Node::Position(x, y));
        }
        list.push(first);
        while let Some(node) = seq.next_element_seed(Self)? {
            list.push(node);
        }
        Ok(Node::List(list))
    }
}
