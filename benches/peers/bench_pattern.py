"""Ripley's K of points on a square, twenty radii up to a tenth of its side, 99 simulated patterns."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import geopandas
import numpy as np
import shapely
from beside import against, beside
from pointpats import k as pointpats_k
from scipy.spatial import cKDTree

import brandpunt as bp

SIDE, N, SIMULATIONS = 1000.0, 10_000, 99
RADII = np.linspace(0, SIDE / 10, 21)[1:]


def square() -> bp.Neighbourhoods:
    """The study area."""
    frame = geopandas.GeoDataFrame({"code": ["a"]}, geometry=[shapely.box(0, 0, SIDE, SIDE)])
    return bp.Neighbourhoods.from_geopandas(frame, code="code", crs="planar")


def tree(points: np.ndarray, simulations: int) -> np.ndarray:
    """K without a correction from a k-d tree, for the points and as many patterns at random."""
    rng = np.random.default_rng(2)

    def curve(at: np.ndarray) -> np.ndarray:
        found = cKDTree(at)
        ordered = found.count_neighbors(found, RADII) - len(at)
        return SIDE**2 * ordered / (len(at) * (len(at) - 1))

    seen = curve(points)
    for _ in range(simulations):
        curve(rng.uniform(0, SIDE, points.shape))
    return seen


def spatstat(points: np.ndarray) -> dict[str, tuple[float, np.ndarray]]:
    """Seconds and K by correction, of R's spatstat on its one thread; empty without it."""
    r = shutil.which("Rscript")
    if r is None:
        print("SKIPPED: spatstat, no Rscript")
        return {}
    script = Path(__file__).with_name("bench_pattern.R")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "points.csv"
        np.savetxt(file, points, fmt="%.17g", delimiter=",", header="x,y", comments="")
        told = [file, SIDE, len(RADII), SIMULATIONS, "isotropic", "border", "translate"]
        ran = subprocess.run(
            [r, str(script), *map(str, told)], capture_output=True, text=True, check=False
        )
    if ran.returncode != 0:
        print(f"SKIPPED: spatstat, {ran.stderr.strip().splitlines()[-1]}")
        return {}
    rows = [line.split() for line in ran.stdout.splitlines()]
    return {row[0]: (float(row[1]), np.array(row[2:], dtype=float)) for row in rows}


def main() -> None:
    """Time beside both, without a correction as they have none, and with one."""
    points = np.random.default_rng(1).uniform(0, SIDE, (N, 2))
    incidents = bp.Incidents.from_xy(points[:, 0], points[:, 1], crs="planar")
    area = square()

    def ours(correction: str = "none", simulations: int = SIMULATIONS) -> bp.Ripley:
        return bp.ripley(
            incidents,
            radii=RADII,
            within=area,
            correction=correction,
            simulations=simulations,
            seed=1,
        )

    def same(ours: bp.Ripley, theirs: np.ndarray) -> str:
        apart = np.abs(ours.k / theirs - 1).max()
        if apart > 1e-12:
            message = f"K differs by {apart}"
            raise AssertionError(message)
        return f"same K to {apart:.0e}"

    def pointpats_of(points: np.ndarray) -> np.ndarray:
        # Its study area is the box around the points; pairs over n squared instead of n (n - 1).
        found = pointpats_k(points, support=np.r_[0, RADII])
        box = np.ptp(points, axis=0).prod()
        return np.asarray(found[1])[1:] * SIDE**2 / box * N / (N - 1)

    what = f"K of {N:,} points, {SIMULATIONS} simulations"
    beside(what, ours, "cKDTree", lambda: tree(points, SIMULATIONS), same)
    beside(
        f"K of {N:,} points",
        lambda: ours(simulations=0),
        "pointpats.k",
        lambda: pointpats_of(points),
        same,
    )

    def like_spatstat(ours: bp.Ripley, theirs: np.ndarray) -> str:
        # It divides by n for the border; shifted rectangles overlap exactly in both.
        times = N / (N - 1) if ours.correction == "border" else 1.0
        apart = np.abs(ours.k / (theirs * times) - 1).max()
        if apart > 1e-9:
            message = f"K differs by {apart}"
            raise AssertionError(message)
        return f"same K to {apart:.0e}"

    for correction, found in spatstat(points).items():
        name = "translation" if correction == "translate" else correction
        peer = f"spatstat, {correction}"
        against(f"{what}, {name}", lambda c=name: ours(c), peer, found, like_spatstat)

    def unlike(ours: bp.Ripley, theirs: np.ndarray) -> str:
        return f"corrected: {ours.k[-1] / theirs[-1] - 1:+.1%} at the last radius"

    for correction in ("isotropic", "translation", "border"):
        beside(
            f"{what}, {correction}",
            lambda c=correction: ours(c),
            "cKDTree, no correction",
            lambda: tree(points, SIMULATIONS),
            unlike,
        )


if __name__ == "__main__":
    main()
