//! GeoPackage: layers of features in an SQLite file.

use std::io::Write;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use tempfile::NamedTempFile;

use super::feature::{Feature, Scalar, Sink, Stated, stated_crs};
use super::shape::Shape;
use super::wkb;
use crate::error::{Error, Fault, Result, quoted};
use crate::model::Detected;

/// Whether a file begins as an SQLite database.
pub(super) fn is_one(path: &Path) -> Result<bool> {
    use std::io::Read;
    let file = std::fs::File::open(path).map_err(|e| Error::file(path, e))?;
    let mut head = Vec::with_capacity(16);
    file.take(16)
        .read_to_end(&mut head)
        .map_err(|e| Error::file(path, e))?;
    Ok(head == b"SQLite format 3\0")
}

/// Bytes of a GeoPackage in a temporary file, since SQLite reads files.
pub(super) fn in_a_file(bytes: &[u8]) -> Result<NamedTempFile> {
    let mut file = NamedTempFile::new().map_err(|e| Error::file(&std::env::temp_dir(), e))?;
    file.write_all(bytes)
        .map_err(|e| Error::file(file.path(), e))?;
    Ok(file)
}

/// One table of features.
pub(super) struct Layer {
    connection: Connection,
    table: String,
    geometry: String,
    columns: Vec<String>,
    stated: Stated,
    others: usize,
}

fn damaged(error: &rusqlite::Error) -> Error {
    Error::input(
        Fault::Damaged,
        format!(
            "the GeoPackage cannot be read: {}; export it again",
            quoted(&error.to_string())
        ),
    )
}

/// A name as SQL takes it.
fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Layer {
    /// Opens a layer by name, or the only one there is.
    pub(super) fn open(path: &Path, wanted: Option<&str>) -> Result<Self> {
        let connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )
        .map_err(|e| damaged(&e))?;
        // Views and triggers of a foreign file must not call functions with effects.
        connection
            .execute_batch("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON;")
            .map_err(|e| damaged(&e))?;
        let mut layers = Vec::new();
        {
            let mut query = connection
                .prepare(
                    "SELECT g.table_name, g.column_name, g.srs_id FROM gpkg_geometry_columns g \
                     ORDER BY g.table_name",
                )
                .map_err(|e| damaged(&e))?;
            let mut rows = query.query([]).map_err(|e| damaged(&e))?;
            while let Some(row) = rows.next().map_err(|e| damaged(&e))? {
                let read = || -> rusqlite::Result<(String, String, i64)> {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                };
                layers.push(read().map_err(|e| damaged(&e))?);
            }
        }
        let others = layers.len().saturating_sub(1);
        let names: Vec<String> = layers
            .iter()
            .take(12)
            .map(|(table, _, _)| format!("`{}`", quoted(table)))
            .collect();
        let found = match wanted {
            Some(name) => layers.into_iter().find(|(table, _, _)| table == name),
            None if layers.len() > 1 => {
                return Err(Error::parameter(
                    "layer",
                    "not given",
                    format!("one of the layers {}", names.join(", ")),
                ));
            }
            None => layers.into_iter().next(),
        };
        let Some((table, geometry, srs)) = found else {
            return Err(match wanted {
                Some(name) => Error::parameter(
                    "layer",
                    quoted(name),
                    format!("one of the layers {}", names.join(", ")),
                ),
                None => Error::input(Fault::NoRows, "the GeoPackage has no layer of features"),
            });
        };
        let stated = Self::system(&connection, srs)?;
        let columns = {
            let query = connection
                .prepare(&format!("SELECT * FROM {}", identifier(&table)))
                .map_err(|e| damaged(&e))?;
            query.column_names().map(str::to_owned).collect()
        };
        Ok(Self {
            connection,
            table,
            geometry,
            columns,
            stated,
            others,
        })
    }

    fn system(connection: &Connection, srs: i64) -> Result<Stated> {
        if srs <= 0 {
            return Ok(Stated::Unknown);
        }
        let found = connection.query_row(
            "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys \
             WHERE srs_id = ?1",
            [srs],
            |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get::<_, i64>(1)?,
                    row.get::<_, String>(2).unwrap_or_default(),
                ))
            },
        );
        match found {
            Ok((organization, code, _)) if organization.eq_ignore_ascii_case("epsg") => {
                Ok(Stated::Crs(stated_crs(&format!("EPSG:{code}"))?))
            }
            Ok((_, _, definition)) => {
                Ok(stated_crs(&definition).map_or(Stated::Unknown, Stated::Crs))
            }
            Err(rusqlite::Error::QueryReturnedNoRows) => {
                Ok(Stated::Crs(stated_crs(&format!("EPSG:{srs}"))?))
            }
            Err(error) => Err(damaged(&error)),
        }
    }

    /// Which layer this is, for the report.
    pub(super) fn detected(&self) -> Detected {
        let why = if self.others == 0 {
            "the only one".to_owned()
        } else {
            format!("given; there are {} more", self.others)
        };
        Detected::new("layer", quoted(&self.table), why)
    }

    /// Hands every feature to `sink`.
    pub(super) fn stream(&self, sink: Sink<'_>) -> Result<Stated> {
        let mut query = self
            .connection
            .prepare(&format!("SELECT * FROM {}", identifier(&self.table)))
            .map_err(|e| damaged(&e))?;
        let mut rows = query.query([]).map_err(|e| damaged(&e))?;
        let mut number = 0_u64;
        while let Some(row) = rows.next().map_err(|e| damaged(&e))? {
            number += 1;
            let mut feature = Feature {
                id: None,
                properties: Vec::with_capacity(self.columns.len()),
                shape: Shape::Missing,
            };
            for (i, name) in self.columns.iter().enumerate() {
                let value = row.get_ref(i).map_err(|e| damaged(&e))?;
                if *name == self.geometry {
                    feature.shape = shape(value, number)?;
                } else {
                    feature
                        .properties
                        .push((name.as_str().into(), scalar(value)));
                }
            }
            sink(&feature)?;
        }
        Ok(self.stated)
    }
}

fn shape(value: ValueRef<'_>, row: u64) -> Result<Shape> {
    match value {
        ValueRef::Null => Ok(Shape::Missing),
        ValueRef::Blob(blob) => wkb::from_geopackage(blob).map_err(|e| {
            Error::input(
                Fault::Damaged,
                format!(
                    "the geometry of feature {row} is damaged: {}; export the file again",
                    e.0
                ),
            )
        }),
        _ => Err(Error::input(
            Fault::WrongGeometryType,
            format!("the geometry of feature {row} is not binary; export the file again"),
        )),
    }
}

fn scalar(value: ValueRef<'_>) -> Scalar<'_> {
    match value {
        ValueRef::Null => Scalar::Null,
        ValueRef::Integer(v) => Scalar::Integer(v),
        ValueRef::Real(v) => Scalar::Float(v),
        ValueRef::Text(v) => Scalar::Text(String::from_utf8_lossy(v)),
        ValueRef::Blob(_) => Scalar::Nested,
    }
}
