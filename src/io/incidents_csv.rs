//! Incidents from delimited text.
//!
//! The first records suggest delimiter, decimal mark and order of day and month; all records are
//! then read in parallel under that assumption while the evidence of whole columns is gathered.
//! Only if the columns say otherwise is the text read once more.

use std::ops::Range;

use super::columns::{self, Roles};
use super::dates::{Clock, DayOrder, Moment, OrderEvidence};
use super::encoding::{self, Utf8Evidence};
use super::incident_rows::{Conclusions, Intake, Present};
use super::incidents::IncidentReader;
use super::numbers::{DecimalEvidence, Number, parse as parse_number};
use super::person_data;
use super::place;
use super::records::{self, Field, LONGEST_FIELD, Record, Splitter};
use super::wkt;
use crate::error::{Error, Fault, Result, quoted};
use crate::model::{Crs, Detected, Incidents, RejectReason, Warning, WarningCode};
use crate::parallel::Workers;

/// Bytes that one unit of work reads.
const PIECE: usize = 1 << 20;

/// Records looked at before the plan is made.
const SAMPLE: usize = 1000;

pub(super) fn read(reader: &IncidentReader, bytes: &[u8], workers: &Workers) -> Result<Incidents> {
    let mut detected = vec![Detected::new("format", "CSV", "by content")];
    let text = encoding::as_utf8(bytes, reader.encoding.as_deref(), &mut detected)?;
    let text: &[u8] = &text;
    let (splitter, header_at) = splitter(reader.delimiter, text, &mut detected)?;
    let (header, start) = header(&splitter, text, header_at)?;
    person_data::check_text(&header, &splitter, text, start, &reader.allowed)?;

    let columns = Coordinates::of(reader, &header, text, &splitter, start, &mut detected)?;
    let roles = Roles::of(&header, &reader.names, &mut detected)?;
    let clock = reader.clock();
    let mut plan = Plan {
        text,
        splitter,
        width: header.len(),
        x: columns.x,
        y: columns.y,
        point: columns.point,
        roles,
        decimal: b'.',
        order: reader.day_order.unwrap_or(DayOrder::DayFirst),
        clock: &clock,
    };
    let decimal = reader.decimal_mark()?;
    plan.decimal = decimal.unwrap_or(b'.');
    let (guess, _) = plan.piece(plan.sample_range(start));
    if decimal.is_none() {
        plan.decimal = guess.decide_decimal(columns.degrees).map_or(b'.', |d| d.0);
    }
    if let Ok(Some((order, _))) = reader.order(&guess.order) {
        plan.order = order;
    }

    let pieces = plan.splitter.pieces(text, start, PIECE);
    let (mut rows, evidence) = plan.all(&pieces, workers)?;
    evidence.utf8.check(text)?;
    let (mark, why) = match decimal {
        Some(mark) => (mark, "given".to_owned()),
        None => evidence.decide_decimal(columns.degrees)?,
    };
    let order = reader.order(&evidence.order)?;
    let (first_mark, first_order) = (plan.decimal, plan.order);
    plan.decimal = mark;
    if let Some((order, _)) = &order {
        plan.order = *order;
    }
    if (plan.decimal, plan.order) != (first_mark, first_order) {
        drop(rows);
        rows = plan.all(&pieces, workers)?.0;
    }

    detected.push(Detected::new("decimal", char::from(mark).to_string(), why));
    if roles.time.is_some() {
        detected.push(Detected::new(
            "time zone",
            clock.zone().to_string(),
            "of times without an offset",
        ));
    }
    if let Some((order, why)) = order {
        let name = match order {
            DayOrder::DayFirst => "day-month-year",
            DayOrder::MonthFirst => "month-day-year",
        };
        detected.push(Detected::new("day order", name, why));
    }
    if rows.rows_in == 0 {
        return Err(Error::input(
            Fault::NoRows,
            "the file has a header but no row of data; export it again",
        ));
    }
    let mut warnings = Vec::new();
    let guessed = columns.crs.is_none();
    let (crs, why) = match columns.crs {
        Some(found) => found,
        None => rows.place.metres()?,
    };
    if guessed && crs == Crs::BRITISH_GRID {
        warnings.push(Warning::new(
            WarningCode::Input,
            format!("The coordinates are taken for {crs}: {why}."),
        ));
    }
    detected.push(Detected::new("crs", crs.to_string(), why));
    let present = Present {
        time: roles.time.is_some(),
        category: roles.category.is_some(),
        source: roles.source.is_some(),
        weight: roles.weight.is_some(),
        id: roles.id.is_some(),
    };
    let found = Conclusions {
        crs,
        present,
        max_rejected_share: 1.0,
        part: reader.later,
        detected,
        warnings,
    };
    reader.finish(rows, found, &clock, workers)
}

/// How the records of the file are cut, and where the header starts.
pub(super) fn splitter(
    delimiter: Option<char>,
    text: &[u8],
    detected: &mut Vec<Detected>,
) -> Result<(Splitter, usize)> {
    let declared = records::declared_delimiter(text);
    let at = declared.map_or(0, |(_, at)| at);
    let delimiter = match (delimiter, declared) {
        (Some(c), _) if c.is_ascii() && !matches!(c, '"' | '\r' | '\n' | '\0') => c as u8,
        (Some(c), _) => {
            return Err(Error::parameter(
                "delimiter",
                quoted(&c.to_string()),
                "one ASCII character such as ; or ,",
            ));
        }
        (None, Some((delimiter, _))) => {
            detected.push(Detected::new(
                "delimiter",
                records::delimiter_name(delimiter),
                "the first line says so",
            ));
            delimiter
        }
        (None, None) => {
            let (delimiter, why) = records::detect_delimiter(text, columns::coordinates_named);
            detected.push(Detected::new(
                "delimiter",
                records::delimiter_name(delimiter),
                why,
            ));
            delimiter
        }
    };
    Ok((Splitter::new(text, delimiter), at))
}

/// The bytes before the first row, and the delimiter; of the start of a file.
pub(super) fn cut_header(reader: &IncidentReader, start: &[u8]) -> Result<(Vec<u8>, u8)> {
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let (splitter, at) = splitter(reader.delimiter, text, &mut Vec::new())?;
    let mut end = text.len();
    splitter.each_record(text, at..text.len(), |record| {
        end = after_line(text, record.end);
        false
    });
    let bytes = start.len() - text.len() + end;
    Ok((start[..bytes].to_vec(), splitter.delimiter))
}

/// Where the line that ends here gives way to the next.
fn after_line(text: &[u8], mut at: usize) -> usize {
    for end in [b'\r', b'\n'] {
        if text.get(at) == Some(&end) {
            at += 1;
        }
    }
    at
}

/// The names of the columns, and where the first row starts.
pub(super) fn header(splitter: &Splitter, text: &[u8], at: usize) -> Result<(Vec<String>, usize)> {
    let mut found = None;
    splitter.each_record(text, at..text.len(), |record| {
        found = Some(record);
        false
    });
    let Some(record) = found else {
        return Err(Error::input(
            Fault::NoRows,
            "the file holds empty lines only; export it again",
        ));
    };
    let bytes = &text[record.start..record.end];
    if let Err(error) = std::str::from_utf8(bytes) {
        return Err(encoding::not_utf8(text, record.start + error.valid_up_to()));
    }
    let mut fields = Vec::new();
    splitter.fields(text, record, &mut fields);
    let names = fields
        .iter()
        .map(|f| String::from_utf8_lossy(&f.value(text)).trim().to_owned())
        .collect();
    Ok((names, after_line(text, record.end)))
}

/// The two columns of coordinates and what is known about their system.
struct Coordinates {
    x: usize,
    y: usize,
    /// Both stand in one column, as `POINT (x y)`.
    point: bool,
    /// They are degrees by name or by option.
    degrees: bool,
    crs: Option<(Crs, String)>,
}

impl Coordinates {
    fn of(
        reader: &IncidentReader,
        header: &[String],
        text: &[u8],
        splitter: &Splitter,
        start: usize,
        detected: &mut Vec<Detected>,
    ) -> Result<Self> {
        let names = &reader.names;
        let given = reader.crs.map(|crs| (crs, "given".to_owned()));
        let degrees_given = reader.crs.is_some_and(|crs| crs.is_geographic());
        let by_name = |list| columns::find(header, list);
        let metres = by_name(columns::X).zip(by_name(columns::Y));
        let degrees = by_name(columns::LON).zip(by_name(columns::LAT));
        let lon_lat = |(x, y)| Self {
            x,
            y,
            point: false,
            degrees: true,
            crs: Some(
                given
                    .clone()
                    .unwrap_or((Crs::WGS84, "columns of longitude and latitude".to_owned())),
            ),
        };
        let planar = |(x, y), crs: Option<(Crs, String)>| Self {
            x,
            y,
            point: false,
            degrees: degrees_given,
            crs,
        };
        let chosen = if names.x.is_some() || names.y.is_some() {
            let one = |option, name: &Option<String>, metres, degrees| match name {
                Some(name) => columns::named(header, option, name).map(Some),
                None => Ok(by_name(metres).or(by_name(degrees))),
            };
            let x = one("x", &names.x, columns::X, columns::LON)?;
            let y = one("y", &names.y, columns::Y, columns::LAT)?;
            match (x, y) {
                (Some(x), Some(y)) if degrees == Some((x, y)) && given.is_none() => {
                    Some(lon_lat((x, y)))
                }
                (Some(x), Some(y)) => Some(planar((x, y), given.clone())),
                _ => None,
            }
        } else {
            match (metres, degrees) {
                (Some(pair), None) => Some(planar(pair, given.clone())),
                (None, Some(pair)) => Some(lon_lat(pair)),
                (Some(_), Some(pair)) if degrees_given => Some(lon_lat(pair)),
                (Some(pair), Some(_)) if given.is_some() => Some(planar(pair, given.clone())),
                (Some(pair), Some(other)) => {
                    let points = sample_points(text, splitter, start, pair, other);
                    Some(match place::proven(&points) {
                        Some(found) => planar(pair, Some(found)),
                        None => lon_lat(other),
                    })
                }
                (None, None) => {
                    column_of_points(header, text, splitter, start).map(|(at, crs)| Self {
                        point: true,
                        ..planar((at, at), given.clone().or(crs))
                    })
                }
            }
        };
        let Some(chosen) = chosen else {
            return Err(Error::input(
                Fault::MissingColumn,
                format!(
                    "no columns of coordinates were recognised; {}; name them with x= and y=",
                    columns::listed(header)
                ),
            ));
        };
        for (role, at, given) in [("x", chosen.x, &names.x), ("y", chosen.y, &names.y)] {
            if given.is_none() {
                detected.push(Detected::new(
                    format!("column {role}"),
                    quoted(&header[at]),
                    "by its name",
                ));
            }
        }
        Ok(chosen)
    }
}

/// The column that holds points as text, and the system they name, if it is one and the same.
fn column_of_points(
    header: &[String],
    text: &[u8],
    splitter: &Splitter,
    start: usize,
) -> Option<(usize, Option<(Crs, String)>)> {
    let at = columns::find(header, columns::POINT)?;
    let rows = records::sample(splitter, text, start, 200);
    let values: Vec<&str> = rows
        .iter()
        .filter_map(|r| r.get(at))
        .map(String::as_str)
        .collect();
    let points: Vec<&&str> = values
        .iter()
        .filter(|v| wkt::point(v.as_bytes()).is_some())
        .collect();
    if points.is_empty() || 2 * points.len() < values.len() {
        return None;
    }
    let mut named = points
        .iter()
        .map(|p| wkt::srid(p.as_bytes()).map(|(epsg, _)| epsg));
    let first = named.next().flatten().filter(|epsg| *epsg > 0);
    let crs = first
        .filter(|_| named.all(|other| other == first))
        .map(|epsg| (Crs::from_epsg(epsg), "the points say so".to_owned()));
    Some((at, crs))
}

/// The first points in both pairs of columns.
fn sample_points(
    text: &[u8],
    splitter: &Splitter,
    start: usize,
    metres: (usize, usize),
    degrees: (usize, usize),
) -> Vec<(f64, f64, f64, f64)> {
    let number = |row: &[String], at: usize| {
        let text = row.get(at)?.as_bytes();
        let mark = if text.contains(&b',') && !text.contains(&b'.') {
            b','
        } else {
            b'.'
        };
        match parse_number(text, mark) {
            Number::Value(v) => Some(v),
            _ => None,
        }
    };
    records::sample(splitter, text, start, 200)
        .iter()
        .filter_map(|row| {
            Some((
                number(row, metres.0)?,
                number(row, metres.1)?,
                number(row, degrees.0)?,
                number(row, degrees.1)?,
            ))
        })
        .collect()
}

/// All that is needed to read a piece of the text.
struct Plan<'a> {
    text: &'a [u8],
    splitter: Splitter,
    width: usize,
    x: usize,
    y: usize,
    point: bool,
    roles: Roles,
    decimal: u8,
    order: DayOrder,
    clock: &'a Clock,
}

/// What whole columns say.
#[derive(Debug, Default)]
struct Evidence {
    coordinates: DecimalEvidence,
    weights: DecimalEvidence,
    order: OrderEvidence,
    utf8: Utf8Evidence,
}

impl Evidence {
    fn decide_decimal(&self, degrees: bool) -> Result<(u8, String)> {
        if self.coordinates == DecimalEvidence::default() {
            self.weights.decide(false)
        } else {
            self.coordinates.decide(degrees)
        }
    }
}

impl Plan<'_> {
    fn sample_range(&self, start: usize) -> Range<usize> {
        let mut seen = 0;
        let mut end = start;
        self.splitter
            .each_record(self.text, start..self.text.len(), |record| {
                seen += 1;
                end = record.end;
                seen < SAMPLE
            });
        start..end
    }

    fn all(&self, pieces: &[Range<usize>], workers: &Workers) -> Result<(Intake, Evidence)> {
        let parts = workers.map(pieces.len(), |i| self.piece(pieces[i].clone()))?;
        let n = parts.iter().map(|(_, rows)| rows.x.len()).sum();
        let mut rows = Intake::default();
        rows.x.reserve_exact(n);
        rows.y.reserve_exact(n);
        rows.rows.reserve_exact(n);
        let mut evidence = Evidence::default();
        for (part_evidence, part) in parts {
            let offset = rows.rows_in;
            evidence
                .coordinates
                .merge(&part_evidence.coordinates, offset);
            evidence.weights.merge(&part_evidence.weights, offset);
            evidence.order.merge(&part_evidence.order, offset);
            evidence.utf8.merge(part_evidence.utf8);
            rows.append(part)?;
        }
        Ok((rows, evidence))
    }

    fn piece(&self, range: Range<usize>) -> (Evidence, Intake) {
        let bytes = &self.text[range.clone()];
        let mut evidence = Evidence::default();
        let is_utf8 = std::str::from_utf8(bytes).is_ok();
        if !is_utf8 {
            evidence.utf8 = Utf8Evidence::of(bytes, range.start);
        }
        let has_nul = memchr::memchr(0, bytes).is_some();
        let mut rows = Intake::default();
        let mut fields = Vec::with_capacity(self.width);
        self.splitter.each_record(self.text, range, |record| {
            rows.rows_in += 1;
            let whole = &self.text[record.start..record.end];
            self.splitter.fields(self.text, record, &mut fields);
            match self.damage(record, &fields, is_utf8, has_nul) {
                Some(reason) => {
                    let row = rows.rows_in;
                    rows.reject(row, reason, whole);
                }
                None => self.row(&fields, &mut rows, &mut evidence),
            }
            true
        });
        (evidence, rows)
    }

    /// What makes a record unfit before its values are read.
    fn damage(
        &self,
        record: Record,
        fields: &[Field],
        is_utf8: bool,
        has_nul: bool,
    ) -> Option<RejectReason> {
        let whole = &self.text[record.start..record.end];
        if record.unclosed {
            Some(RejectReason::TruncatedRow)
        } else if whole.len() > LONGEST_FIELD && fields.iter().any(|f| f.len() > LONGEST_FIELD) {
            Some(RejectReason::FieldTooLong)
        } else if has_nul && memchr::memchr(0, whole).is_some() {
            Some(RejectReason::NulByte)
        } else if !is_utf8 && std::str::from_utf8(whole).is_err() {
            Some(RejectReason::InvalidUtf8)
        } else if fields.len() < self.width && record.last_line {
            Some(RejectReason::TruncatedRow)
        } else if fields.len() != self.width {
            Some(RejectReason::WrongFieldCount)
        } else {
            None
        }
    }

    fn row(&self, fields: &[Field], rows: &mut Intake, evidence: &mut Evidence) {
        let row = rows.rows_in;
        let x = fields[self.x].value(self.text);
        let y = fields[self.y].value(self.text);
        let read = if self.point {
            match wkt::point(&x) {
                Some((x, y)) => (parse_number(x, b'.'), parse_number(y, b'.')),
                None if x.trim_ascii().is_empty() => (Number::Missing, Number::Missing),
                None => (Number::Bad, Number::Bad),
            }
        } else {
            evidence.coordinates.add(x.trim_ascii(), row);
            evidence.coordinates.add(y.trim_ascii(), row);
            (
                parse_number(&x, self.decimal),
                parse_number(&y, self.decimal),
            )
        };
        let (x, y) = match read {
            (Number::Value(x), Number::Value(y)) => (x, y),
            (a, b) => {
                let reason = if a == Number::Bad || b == Number::Bad {
                    RejectReason::UnparseableNumber
                } else if a == Number::NonFinite || b == Number::NonFinite {
                    RejectReason::NonFiniteCoordinate
                } else {
                    RejectReason::MissingCoordinate
                };
                let mut both = x.into_owned();
                both.extend_from_slice(b", ");
                both.extend_from_slice(&y);
                rows.reject(row, reason, &both);
                return;
            }
        };
        rows.place.add(x, y);
        if let Some(at) = self.roles.time {
            let value = fields[at].value(self.text);
            match self
                .clock
                .read(&value, self.order, row, &mut evidence.order)
            {
                Moment::At(second, flag) => {
                    rows.seconds.push(second);
                    rows.flags.push(flag);
                }
                Moment::Reject(reason) => {
                    rows.reject(row, reason, &value);
                    return;
                }
            }
        }
        if let Some(at) = self.roles.weight {
            let value = fields[at].value(self.text);
            evidence.weights.add(value.trim_ascii(), row);
            rows.weights.push(match parse_number(&value, self.decimal) {
                Number::Value(v) => v,
                _ => f64::NAN,
            });
        }
        if let Some(at) = self.roles.category {
            let value = fields[at].value(self.text);
            rows.categories
                .push(std::str::from_utf8(&value).unwrap_or_default());
        }
        if let Some(at) = self.roles.source {
            let value = fields[at].value(self.text);
            rows.sources
                .push(std::str::from_utf8(&value).unwrap_or_default());
        }
        if let Some(at) = self.roles.id {
            let value = fields[at].value(self.text);
            rows.ids
                .push(std::str::from_utf8(&value).unwrap_or_default());
        }
        rows.x.push(x);
        rows.y.push(y);
        rows.rows.push(row as u32);
    }
}

impl IncidentReader {
    fn decimal_mark(&self) -> Result<Option<u8>> {
        match self.decimal {
            None => Ok(None),
            Some('.') => Ok(Some(b'.')),
            Some(',') => Ok(Some(b',')),
            Some(other) => Err(Error::parameter(
                "decimal",
                quoted(&other.to_string()),
                "`.` or `,`",
            )),
        }
    }
}
