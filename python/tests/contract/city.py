"""The least data that let every public callable work: twelve tiles, reports, files."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import shapely

import brandpunt as bp

AREAS = 12
REPORTS = 240
YEARS = 7
CORNER = (140_000.0, 480_000.0)
SYSTEM = "EPSG:28992"
CODES = [f"BU0034{i:04}" for i in range(AREAS)]
PLACES = np.array([[500.0 + 1000 * (i % 4), 500.0 + 1000 * (i // 4)] for i in range(AREAS)])
STREETS = [[(500.0 * i, 0.0), (500.0 * i, 3000.0)] for i in range(9)]
STREETS += [[(0.0, 500.0 * j), (4000.0, 500.0 * j)] for j in range(7)]


def draw(kind: str) -> np.random.Generator:
    """Numbers of a kind are the same wherever they are asked for."""
    return np.random.default_rng([*kind.encode()])


def counts(name: str = "counts", shape: int | tuple[int, ...] = AREAS) -> np.ndarray:
    """Small counts with ties and a zero."""
    values = draw(name).poisson(6.0, shape).astype(float)
    values.flat[3] = 0.0
    return values


def people(name: str = "people", shape: int | tuple[int, ...] = AREAS) -> np.ndarray:
    """Populations; of the last nobody knows."""
    return np.round(draw(name).uniform(200, 4000, shape))


def labels(n: int = AREAS) -> list[str]:
    """Three groups, one after the other and around again."""
    return [f"group {i % 3}" for i in range(n)]


def frame(vintage_shift: float = 0.0) -> gpd.GeoDataFrame:
    """Tiles of a square kilometre."""
    x, y = CORNER
    boxes = [
        shapely.box(
            x + 1000 * (i % 4) + vintage_shift,
            y + 1000 * (i // 4),
            x + 1000 * (i % 4 + 1) + vintage_shift,
            y + 1000 * (i // 4 + 1),
        )
        for i in range(AREAS)
    ]
    columns = {"code": CODES, "people": people()}
    return gpd.GeoDataFrame(columns, geometry=boxes, crs=SYSTEM)


@cache
def hoods(vintage: int | None = None) -> bp.Neighbourhoods:
    """The tiles, with people."""
    return bp.Neighbourhoods.from_geopandas(
        frame(0.0 if vintage is None else vintage - 2022),
        code="code",
        population="people",
        vintage=vintage,
    )


def xy(n: int = REPORTS) -> np.ndarray:
    """Places of reports; one of them twice."""
    found = draw("xy").uniform((0, 0), (4000, 3000), (n, 2)) + CORNER
    found[1:2] = found[:1]
    return found


def times(n: int = REPORTS) -> np.ndarray:
    """Hours from 2017 to 2019."""
    hours = draw("times").integers(0, 3 * 365 * 24, n)
    return np.datetime64("2017-01-01T00:30") + hours * np.timedelta64(1, "h")


def kinds(n: int = REPORTS) -> np.ndarray:
    """Categories of police reports."""
    return draw("kinds").choice(["E35", "M22", "F13"], n)


def report(n: int = REPORTS, *, at: np.ndarray | None = None) -> bp.Incidents:
    """Make `n` reports with everything that may be known of them."""
    x, y = (xy(n) if at is None else np.broadcast_to(at, (n, 2))).T
    return bp.Incidents.from_xy(
        x,
        y,
        crs=SYSTEM,
        time=times(n),
        category=kinds(n),
        id=[f"r{i}" for i in range(n)],
    )


@cache
def incidents() -> bp.Incidents:
    """The reports."""
    return report()


@cache
def points() -> gpd.GeoDataFrame:
    """The reports as a frame."""
    columns = {"t": times(), "kind": kinds()}
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(*xy().T), crs=SYSTEM)


@cache
def lattice() -> bp.Weights:
    """Neighbours of the tiles."""
    return bp.Weights.lattice((3, 4))


@cache
def own() -> bp.Weights:
    """Neighbours of the tiles, themselves included."""
    return lattice().include_self()


@cache
def streets() -> bp.StreetNetwork:
    """Streets every half kilometre."""
    return bp.StreetNetwork.from_lines([np.add(line, CORNER) for line in STREETS], crs=SYSTEM)


def lines() -> gpd.GeoDataFrame:
    """The same streets as a frame."""
    return gpd.GeoDataFrame(
        geometry=[shapely.LineString(np.add(line, CORNER)) for line in STREETS], crs=SYSTEM
    )


@cache
def surface() -> bp.Surface:
    """How dense the reports are."""
    return bp.kernel_density(incidents(), bandwidth=600, cell_size=200)


@cache
def result() -> bp.HotspotResult:
    """The main job, once."""
    return bp.hotspots(
        report(2400), hoods(), theme=None, cell_size=500, bandwidth=500, baseline=2018, n_jobs=1
    )


@cache
def published() -> bp.PublishedResult:
    """The main job, protected."""
    return result().publish()


@cache
def folder() -> str:
    """A folder with one file for every reader; it goes when the interpreter does."""
    holder = TemporaryDirectory(prefix="brandpunt-contract-")
    # Kept alive as an attribute of the function that hands it out.
    folder.holder = holder  # type: ignore[attr-defined]
    at = holder.name
    files = {
        "reports.csv": "id;soort;datum;x;y\n"
        + "".join(f"{i};E35;1-5-2023 14:00;{143_000 + i};486937\n" for i in range(30)),
        "police.csv": '"ID";"Overlast";"WijkenEnBuurten";"Perioden";"GeregistreerdeOverlast_1"\n'
        '1;"E35   ";"BU00340000";"2022JJ00";3\n2;"M22   ";"BU00340001";"2022JJ00";4\n',
        "figures.csv": "gwb_code;regio;a_inw;a_hh\n"
        + "".join(f"{code};Buurt;{795 + i};400\n" for i, code in enumerate(CODES)),
        "shares.csv": "from,to,share\n" + "".join(f"{code},{code},1\n" for code in CODES),
        "themes.csv": "theme,category,exposure,per\nyouth,E35,inhabitants,1000\n",
        "streets.geojson": json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "properties": {},
                        "geometry": {
                            "type": "LineString",
                            "coordinates": np.add(line, CORNER).tolist(),
                        },
                    }
                    for line in STREETS
                ],
            }
        ),
    }
    for name, text in files.items():
        Path(at, name).write_text(text, encoding="utf-8")
    frame().to_file(f"{at}/areas.geojson")
    return at


def path(name: str) -> str:
    """A file of that folder, or a new one in it."""
    return f"{folder()}/{name}"
