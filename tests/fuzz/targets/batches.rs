//! A file in batches: the rows of all of them are those of the file, each once.

use std::io::Write as _;

use brandpunt::io::IncidentReader;
use brandpunt::{Crs, Incidents, Workers};
use tempfile::NamedTempFile;

use super::{NOW, check_incidents, checked};

pub fn feed(data: &[u8]) {
    let [choice, size, text @ ..] = data else {
        return;
    };
    let mut reader = IncidentReader::new().now(NOW).max_rejected_share(1.0);
    if choice & 1 != 0 {
        reader = reader.crs(Crs::PLANAR);
    }
    let packed = choice & 2 != 0;
    let content = if packed { gzip(text) } else { text.to_vec() };
    // A few bytes of gzip may unpack to very many, which are not read a few at a time.
    let bytes = match text {
        [0x1f, 0x8b, ..] => 1 << 20,
        _ => 1 + 32 * usize::from(*size),
    };
    let mut file = NamedTempFile::new().expect("a file");
    file.write_all(&content).expect("room for it");
    let Some(batches) = checked(reader.batches(file.path())) else {
        return;
    };
    let alone = Workers::new(1).expect("one thread");
    let mut batches = batches.batch_bytes(bytes).workers(alone);
    let (mut parts, mut failed): (Vec<Incidents>, bool) = (Vec::new(), false);
    for batch in batches.by_ref() {
        match checked(batch) {
            Some(part) => parts.push(part),
            None => failed = true,
        }
        assert!(
            bytes == 1 << 20 || parts.len() <= 1 + text.len(),
            "batches without end"
        );
    }
    assert!(batches.next().is_none(), "an end is one");
    let (mut rows_in, mut last, mut rejected) = (0, 0, Vec::new());
    for part in &parts {
        let before = rows_in;
        rows_in += part.rows_in();
        for row in part.rows() {
            let row = u64::from(*row);
            assert!(last < row && before < row && row <= rows_in);
            last = row;
        }
        rejected.extend(part.rejected().listed().to_vec());
        assert_eq!(part.rows_in(), part.len() as u64 + part.rejected().len());
    }
    if failed {
        return;
    }
    assert_eq!(batches.rows_in(), rows_in);
    assert_eq!(batches.rejected().listed(), rejected);
    if let [one] = parts.as_slice() {
        check_incidents(one);
        let whole = checked(reader.read_bytes(&content)).expect("one batch is the whole");
        let columns = |i: &Incidents| (i.x().to_vec(), i.y().to_vec(), i.rows().to_vec());
        assert_eq!(columns(&whole), columns(one));
        assert_eq!(whole.rejected(), one.rejected());
    }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(text).expect("memory");
    out.finish().expect("memory")
}
