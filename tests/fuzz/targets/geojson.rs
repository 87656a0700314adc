//! JSON through every reader of it, and what was read through what comes next.

use brandpunt::index::NeighbourhoodIndex;
use brandpunt::io::{IncidentReader, KeyFiguresReader, NeighbourhoodReader, PoliceTableReader};
use brandpunt::weights::Weights;

use super::{NOW, check_areas, check_incidents, checked};

pub fn feed(data: &[u8]) {
    let Some((&choice, text)) = data.split_first() else {
        return;
    };
    if choice & 1 == 0 {
        let reader = IncidentReader::new().now(NOW).max_rejected_share(1.0);
        if let Some(found) = checked(reader.read_bytes(text)) {
            check_incidents(&found);
        }
    } else {
        let mut reader = NeighbourhoodReader::new().repair(choice & 2 != 0);
        if choice & 4 != 0 {
            reader = reader.code("code");
        }
        if let Some(areas) = checked(reader.read_bytes(text)) {
            check_areas(&areas);
            let index = checked(NeighbourhoodIndex::build(&areas)).expect("few polygons");
            for (i, shape) in (0u32..).zip(areas.shapes()) {
                if let Some(corner) = shape.0.first().and_then(|p| p.exterior().0.first()) {
                    let found = index.locate(corner.x, corner.y);
                    assert!(
                        found.is_none_or(|area| (area as usize) < areas.len()),
                        "{i}"
                    );
                }
            }
            let weights = checked(Weights::queen(&areas)).expect("few areas");
            assert!(weights.symmetric());
        }
    }
    if choice & 8 != 0 {
        checked(KeyFiguresReader::new().read_bytes(text));
        checked(PoliceTableReader::new().read_bytes(text));
    }
}
