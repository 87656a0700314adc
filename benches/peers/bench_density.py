"""Kernel density on a grid, beside scikit-learn, SciPy and KDEpy."""

import numpy as np
from beside import beside
from KDEpy import NaiveKDE
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


if __name__ == "__main__":
    main()
