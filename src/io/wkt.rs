//! Points as well-known text, as databases export them.

/// The first two coordinates of `POINT (x y)`, with or without `SRID=28992;` before it and with a
/// height or a measure behind; `None` for anything else.
pub(super) fn point(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = text.trim_ascii();
    let shape = match srid(text) {
        Some((_, rest)) => rest,
        None => text,
    };
    let name = shape.get(..5)?;
    if !name.eq_ignore_ascii_case(b"POINT") {
        return None;
    }
    let open = memchr::memchr(b'(', shape)?;
    let dimensions = shape.get(5..open)?.trim_ascii();
    let known = [&b""[..], b"Z", b"M", b"ZM"];
    if !known.iter().any(|d| d.eq_ignore_ascii_case(dimensions)) {
        return None;
    }
    let inside = shape.get(open + 1..)?.strip_suffix(b")")?;
    let mut numbers = inside
        .split(u8::is_ascii_whitespace)
        .filter(|part| !part.is_empty());
    Some((numbers.next()?, numbers.next()?))
}

/// The number of the coordinate reference system before a shape, and the shape.
pub(super) fn srid(text: &[u8]) -> Option<(u32, &[u8])> {
    let text = text.trim_ascii();
    if !text.get(..5)?.eq_ignore_ascii_case(b"SRID=") {
        return None;
    }
    let end = memchr::memchr(b';', text)?;
    let digits = std::str::from_utf8(text.get(5..end)?).ok()?;
    Some((
        digits.trim().parse().ok()?,
        text.get(end + 1..)?.trim_ascii(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_and_nothing_else() {
        let pair = |text: &'static str| {
            let (x, y) = point(text.as_bytes())?;
            Some((str::from_utf8(x).unwrap(), str::from_utf8(y).unwrap()))
        };
        let place = Some(("143701.5", "486937"));
        assert_eq!(pair("POINT (143701.5 486937)"), place);
        assert_eq!(pair(" point(143701.5  486937) "), place);
        assert_eq!(pair("SRID=28992;POINT Z (143701.5 486937 1.2)"), place);
        for other in [
            "",
            "POINT",
            "POINT EMPTY",
            "POINT (1)",
            "POINT (1 2",
            "POINTS (1 2)",
            "LINESTRING (1 2, 3 4)",
            "MULTIPOINT (1 2)",
            "SRID=x;POINT (1 2)",
            "Kerkstraat 12",
        ] {
            assert_eq!(pair(other), None, "{other}");
        }
        assert_eq!(srid(b"SRID=4326;POINT (5 52)").map(|s| s.0), Some(4326));
    }
}
