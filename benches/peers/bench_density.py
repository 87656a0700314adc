"""Kernel density on a grid, beside scikit-learn, SciPy, KDEpy and LIBKDV."""

import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np
from beside import beside, best
from KDEpy import NaiveKDE
from libkdv import kdv
from scipy.stats import gaussian_kde
from sklearn.neighbors import KernelDensity

import brandpunt as bp

BANDWIDTH, CELL = 300.0, 100.0


def main() -> None:
    """Time them on few incidents, which is as many as they can do in a minute."""
    for n in (1_000, 5_000):
        city = bp.synthetic_city(n, seed=1, n_neighbourhoods=240)
        points = np.column_stack([city.incidents.x, city.incidents.y])

        def ours(kernel: str, city: bp.SyntheticCity = city) -> bp.Surface:
            return bp.kernel_density(
                city.incidents, bandwidth=BANDWIDTH, cell_size=CELL, kernel=kernel
            )

        def centres(surface: bp.Surface) -> np.ndarray:
            x, y = np.meshgrid(surface.x, surface.y)
            return np.column_stack([x.ravel(), y.ravel()])

        def same(surface: bp.Surface, density: np.ndarray, n: int = n) -> str:
            expected = 1e6 * n * density.reshape(surface.values.shape)
            apart = np.abs(surface.values - expected).max() / expected.max()
            # Ours leaves out what lies beyond 38 standard deviations of a Gaussian.
            if apart > 1e-6:
                message = f"the surfaces are {apart} of their peak apart"
                raise AssertionError(message)
            return f"within {apart:.0e} of the peak"

        for kernel, name in (("epanechnikov", "epanechnikov"), ("gaussian", "gaussian")):
            grid = centres(ours(kernel))
            peer = KernelDensity(bandwidth=BANDWIDTH, kernel=name).fit(points)
            beside(
                f"{kernel} density, {n:,} incidents, {len(grid):,} cells",
                lambda kernel=kernel: ours(kernel),
                "sklearn.KernelDensity",
                lambda peer=peer, grid=grid: np.exp(peer.score_samples(grid)),
                same,
            )
        # SciPy takes its kernel from the covariance of the points; ours is circular.
        grid = centres(ours("gaussian"))
        circular = gaussian_kde(points.T)
        circular.covariance = np.eye(2) * BANDWIDTH**2
        circular.cho_cov = np.eye(2) * BANDWIDTH
        circular.log_det = 2 * np.log(2 * np.pi * BANDWIDTH**2)
        beside(
            f"gaussian density, {n:,} incidents, {len(grid):,} cells",
            lambda: ours("gaussian"),
            "scipy.gaussian_kde",
            lambda circular=circular, grid=grid: circular(grid.T),
            same,
        )
        # KDEpy gives bandwidths as standard deviations: that of a biweight of radius 1 is 1/√7.
        grid = centres(ours("quartic"))
        naive = NaiveKDE(kernel="biweight", bw=BANDWIDTH / np.sqrt(7)).fit(points)
        order = np.lexsort((grid[:, 1], grid[:, 0]))
        back = np.argsort(order)
        beside(
            f"quartic density, {n:,} incidents, {len(grid):,} cells",
            lambda: ours("quartic"),
            "KDEpy.NaiveKDE",
            lambda naive=naive, grid=grid[order], back=back: naive.evaluate(grid)[back],
            same,
        )
    beside_libkdv()
    snapped()


def direct(points: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Sums of Epanechnikov kernels, their value at the centre being one, at a few places."""
    squared = ((places[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)
    return np.clip(1 - squared / BANDWIDTH**2, 0, None).sum(axis=1)


def beside_libkdv() -> None:
    """As many incidents as it can do in seconds, on a map of 1280 by 960 cells or nearly so."""
    city = bp.synthetic_city(100_000, seed=1, n_neighbourhoods=240)
    x, y = city.incidents.x, city.incidents.y
    points = np.column_stack([x, y])
    cell = np.sqrt(np.ptp(x) * np.ptp(y) / (1280 * 960))
    # It doubles the bandwidth it is given, and gives shares of the greatest value.
    peer = kdv(points, GPS=False, num_threads=2, row_pixels=1280, col_pixels=960, bandwidth=150)

    def same(surface: bp.Surface, theirs: Any) -> str:
        dense = theirs.sort_values("val").iloc[-2000::100]
        nodes = dense[["x", "y"]].to_numpy()
        cells = np.unravel_index(
            np.argsort(surface.values, axis=None)[-2000::100], surface.values.shape
        )
        centres = np.column_stack([surface.x[cells[1]], surface.y[cells[0]]])
        apart = 0.0
        for values, places in ((dense["val"].to_numpy(), nodes), (surface.values[cells], centres)):
            ratio = values / direct(points, places)
            apart = max(apart, float(np.ptp(ratio) / ratio.max()))
        if apart > 1e-6:
            message = f"one of the surfaces is {apart} off"
            raise AssertionError(message)
        return f"both within {apart:.0e} of direct sums"

    beside(
        "epanechnikov density, 100,000 incidents, 1280 x 960 cells",
        lambda: bp.kernel_density(
            city.incidents,
            bandwidth=BANDWIDTH,
            cell_size=float(cell),
            kernel="epanechnikov",
            extent=(x.min(), y.min(), x.max(), y.max()),
        ),
        "libkdv",
        peer.compute,
        same,
    )


def snapped() -> None:
    """A million reports snapped to some thousand points, as a police publishes them."""
    path = Path("../../../shared/data/points/lancashire_asb_2022.csv.gz")
    if not path.exists():
        print(f"skipped: a million reports snapped to points, for {path} is not here")
        return
    with gzip.open(path, "rt", encoding="utf-8") as file:
        read = np.array([(float(row["x"]), float(row["y"])) for row in csv.DictReader(file)])
    x, y = read[np.arange(1_000_000) % len(read)].T
    reports = bp.Incidents.from_xy(x, y, crs=27700)
    places = len(np.unique(read, axis=0))
    spread = bp.Incidents.from_xy(
        x + np.random.default_rng(1).uniform(-200, 200, len(x)), y, crs=27700
    )
    for bandwidth in (100, 300, 1000):
        on, off = (
            best(
                lambda some=some, h=bandwidth: bp.kernel_density(some, bandwidth=h, cell_size=100)
            )[0]
            for some in (reports, spread)
        )
        print(
            f"quartic density at {bandwidth} m of a million reports: {on:.3f} s on {places:,} points, "
            f"{off:.3f} s on as many points as reports",
            flush=True,
        )


if __name__ == "__main__":
    main()
