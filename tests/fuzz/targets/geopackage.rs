//! Geometries in well-known binary, in a layer of a GeoPackage; or the whole file is of chance.

use std::cell::RefCell;

use brandpunt::io::{IncidentReader, NeighbourhoodReader};
use rusqlite::Connection;
use tempfile::TempDir;

use super::{NOW, check_areas, check_incidents, checked};

/// A layer with one geometry, to be replaced at each call.
struct Layer {
    folder: TempDir,
    file: Connection,
}

impl Layer {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let file = Connection::open(folder.path().join("layer.gpkg")).expect("a database");
        file.execute_batch(
            "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;
             CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT,
                 organization_coordsys_id INTEGER, definition TEXT);
             INSERT INTO gpkg_spatial_ref_sys VALUES ('RD', 28992, 'EPSG', 28992, 'x');
             CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
             INSERT INTO gpkg_geometry_columns VALUES ('layer', 'geom', 28992);
             CREATE TABLE layer (code TEXT, geom BLOB);
             INSERT INTO layer VALUES ('A', NULL);",
        )
        .expect("tables");
        Self { folder, file }
    }
}

thread_local! {
    static LAYER: RefCell<Layer> = RefCell::new(Layer::new());
}

pub fn feed(data: &[u8]) {
    let Some((&choice, bytes)) = data.split_first() else {
        return;
    };
    let incidents = IncidentReader::new().now(NOW).max_rejected_share(1.0);
    let areas = NeighbourhoodReader::new().repair(choice & 2 != 0);
    // SQLite is fuzzed by others; most of the time goes to the geometries, which are decoded here.
    if choice & 0xf0 == 0xf0 {
        let whole = [b"SQLite format 3\0", bytes].concat();
        if let Some(found) = checked(incidents.read_bytes(&whole)) {
            check_incidents(&found);
        }
        checked(areas.read_bytes(&whole));
        return;
    }
    LAYER.with_borrow(|layer| {
        let blob = if choice & 4 == 0 {
            [b"GP\0\x01\x40\x71\0\0", bytes].concat()
        } else {
            bytes.to_vec()
        };
        layer
            .file
            .execute("UPDATE layer SET geom = ?1", [blob])
            .expect("a blob");
        let path = layer.folder.path().join("layer.gpkg");
        if choice & 1 != 0 {
            if let Some(found) = checked(incidents.read(&path)) {
                check_incidents(&found);
            }
        } else if let Some(found) = checked(areas.read(&path)) {
            check_areas(&found);
        }
    });
}
