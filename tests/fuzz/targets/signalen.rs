//! Reports as the register of several municipalities gives them, right and wrong: each is told of,
//! and nothing that a citizen wrote is held.

use arbitrary::{Result, Unstructured};
use brandpunt::io::IncidentReader;
use serde_json::{Map, Value, json};

use super::{NOW, check_incidents, checked};

/// What stands in every field that must not be read.
const SECRET: &str = "geheim-0612345678";

pub fn feed(data: &[u8]) {
    // Bytes that end too early are no case.
    let _ = given(&mut Unstructured::new(data));
}

fn given(u: &mut Unstructured<'_>) -> Result<()> {
    let n = u.int_in_range(1..=12usize)?;
    let reports = (0..n).map(|_| report(u)).collect::<Result<Vec<_>>>()?;
    let page = match u.int_in_range(0..=4u8)? {
        0 => json!({"_links": {"next": {"href": "https://x?page=2"}}, "results": reports}),
        1 => json!({"_links": {"next": {"href": null}}, "count": n, "results": reports}),
        2 => json!({"results": reports}),
        _ => Value::Array(reports),
    };
    let mut text = page.to_string().into_bytes();
    if u.ratio(1u8, 16u8)? {
        text.truncate(u.int_in_range(0..=text.len())?);
    }
    let reader = IncidentReader::new().now(NOW).max_rejected_share(1.0);
    match reader.read_bytes(&text) {
        Ok(found) => {
            check_incidents(&found);
            assert_eq!(found.rows_in(), n as u64);
            assert!(!format!("{found:?}").contains(SECRET));
        }
        Err(error) => {
            assert!(!error.to_string().contains(SECRET), "{error}");
            checked::<()>(Err(error));
        }
    }
    Ok(())
}

/// A value of the kind that belongs there, or now and then of another.
fn value(u: &mut Unstructured<'_>, usual: &[&str]) -> Result<Value> {
    Ok(match u.int_in_range(0..=15u8)? {
        0 => Value::Null,
        1 => json!(u.arbitrary::<i64>()?),
        2 => json!(u.arbitrary::<f64>()?),
        3 => json!([u.arbitrary::<bool>()?]),
        4 => json!(u.arbitrary::<&str>()?),
        _ => json!(u.choose(usual)?),
    })
}

fn coordinate(u: &mut Unstructured<'_>, usual: f64) -> Result<Value> {
    Ok(match u.int_in_range(0..=11u8)? {
        0 => json!(u.arbitrary::<f64>()?),
        1 => json!(0),
        2 => json!(1e300),
        3 => json!("5.2"),
        _ => json!(usual + f64::from(u.arbitrary::<u8>()?) / 1024.0),
    })
}

fn report(u: &mut Unstructured<'_>) -> Result<Value> {
    let point = match u.int_in_range(0..=9u8)? {
        0 => Value::Null,
        1 => json!({"type": "Point", "coordinates": []}),
        2 => json!({"coordinates": [coordinate(u, 5.2)?, coordinate(u, 52.3)?, 1.0]}),
        _ => json!({"type": "Point", "coordinates": [coordinate(u, 5.2)?, coordinate(u, 52.3)?]}),
    };
    let moments = [
        "2024-05-17T22:30:00+02:00",
        "2024-10-27T02:30:00+01:00",
        "2031-01-01T00:00:00Z",
        "2024-05-17",
        "gisteren",
        "",
    ];
    let mut out = Map::new();
    let fields = [
        ("id", json!(u.arbitrary::<u32>()?)),
        ("id_display", value(u, &["SIG-1", "SIG-2", ""])?),
        ("created_at", value(u, &moments)?),
        ("source", value(u, &["Telefoon", "online", "police"])?),
        (
            "status",
            json!({"state": value(u, &["m", "o"])?, "text": SECRET}),
        ),
        (
            "category",
            json!({
                "sub_slug": value(u, &["jongerenoverlast", "geluid"])?,
                "slug": value(u, &["x"])?,
                "main_slug": value(u, &["overlast"])?,
            }),
        ),
        (
            "location",
            json!({"address_text": SECRET, "geometrie": point}),
        ),
        ("text", json!(SECRET)),
        ("reporter", json!({"email": SECRET, "phone": SECRET})),
        ("extra_properties", json!([{"answer": SECRET}])),
    ];
    for (name, value) in fields {
        if !u.ratio(1u8, 12u8)? {
            out.insert(name.to_owned(), value);
        }
    }
    Ok(Value::Object(out))
}
