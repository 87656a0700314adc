"""Along which streets is it dense?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from brandpunt import _brandpunt
from brandpunt._checked import checked
from brandpunt._incidents import Incidents, IncidentsLike
from brandpunt._inputs import crs_text, need
from brandpunt._notes import Note, notes
from brandpunt._outputs import axes, epsg, table
from brandpunt._progress import Progress, followed
from brandpunt._tabular import Placed
from brandpunt._value import Value, Wrapped
from brandpunt.exceptions import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from numpy.typing import ArrayLike, NDArray

    from brandpunt._inputs import CrsLike


class StreetNetwork(Wrapped):
    """Streets between nodes, made of lines.

    Lines meet where they have a corner in common: corners at most `tolerance` apart are one. Lines
    that cross without a common corner do not meet, as a bridge does not meet the street below it.
    Parts that are not connected are fine.

    Examples
    --------
    >>> import brandpunt as bp
    >>> main, side = [(0, 0), (100, 0), (200, 0)], [(100, 0), (100, 80)]
    >>> bp.StreetNetwork.from_lines([main, side], crs="planar")
    <StreetNetwork: 3 streets between 4 nodes, 0.28 km in planar>
    """

    __slots__ = ("_made",)
    _core: _brandpunt.StreetNetwork
    _made: tuple[NDArray[np.float64], NDArray[np.int64], str, float]
    _made_by = "from_lines, from_geopandas or from_geojson"

    @classmethod
    @checked
    def from_lines(
        cls, lines: Iterable[ArrayLike], *, crs: CrsLike, tolerance: float = 0.5
    ) -> StreetNetwork:
        """Join lines to a network.

        Parameters
        ----------
        lines : iterable of array-like of shape (n, 2)
            The corners of each line.
        crs : int or str
            The system of the coordinates, in metres: an EPSG code, or ``"planar"``.
        tolerance : float, default 0.5
            Metres within which corners are one.

        Returns
        -------
        StreetNetwork
        """
        corners = [np.asarray(line, dtype=np.float64) for line in lines]
        for number, line in enumerate(corners):
            if line.ndim != 2 or line.shape[1] < 2:
                message = f"line {number} has the shape {line.shape}; (n, 2) is needed"
                raise InputError(message, "length_mismatch")
        flat = np.concatenate([line[:, :2] for line in corners] or [np.empty((0, 2))])
        starts = np.cumsum([0] + [len(line) for line in corners], dtype=np.int64)
        return cls._of(np.ascontiguousarray(flat), starts, crs_text(crs, "the streets"), tolerance)

    @classmethod
    @checked
    def from_geopandas(
        cls, frame: Any, *, tolerance: float = 0.5, crs: CrsLike = None
    ) -> StreetNetwork:
        """Join the lines of a GeoDataFrame or GeoSeries to a network.

        Parameters
        ----------
        frame : GeoDataFrame or GeoSeries
            With lines or multi-lines; a multi-line is as many lines. `line` of a density counts
            these.
        tolerance : float, default 0.5
            Metres within which corners are one.
        crs : int or str, optional
            The system, where the frame has none.

        Returns
        -------
        StreetNetwork
        """
        shapely = need("shapely", "geo")
        geometry = np.asarray(frame.geometry.array, dtype=object)
        geometry = geometry[~shapely.is_missing(geometry) & ~shapely.is_empty(geometry)]
        odd = np.flatnonzero(~np.isin(shapely.get_type_id(geometry), (1, 2, 5)))
        if odd.size:
            found = geometry[odd[0]].geom_type
            message = f"geometry {odd[0]} is a {found}, not a line; take the lines of the streets"
            raise InputError(message, "wrong_geometry_type")
        lines = [shapely.get_coordinates(line) for line in shapely.get_parts(geometry)]
        system = frame.crs if crs is None else crs
        return cls.from_lines(lines, crs=crs_text(system, "the streets"), tolerance=tolerance)

    @classmethod
    @checked
    def from_geojson(
        cls, path: str | PathLike[str], *, crs: CrsLike, tolerance: float = 0.5
    ) -> StreetNetwork:
        """Join the lines of a GeoJSON file to a network.

        Parameters
        ----------
        path : str or path
            A feature collection, a feature or a geometry; with lines and multi-lines only.
        crs : int or str
            The system of the coordinates, in metres: an EPSG code, or ``"planar"``.
        tolerance : float, default 0.5
            Metres within which corners are one.

        Returns
        -------
        StreetNetwork
        """
        try:
            lines = _lines(json.loads(Path(path).read_text(encoding="utf-8")))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            message = f"{path} is not GeoJSON: {error}"
            raise InputError(message, "invalid_json") from error
        except RecursionError as error:
            message = f"{path} nests too deep for GeoJSON; write the file again"
            raise InputError(message, "nesting_too_deep") from error
        return cls.from_lines(lines, crs=crs, tolerance=tolerance)

    @classmethod
    def _of(
        cls, corners: NDArray[np.float64], starts: NDArray[np.int64], crs: str, tolerance: float
    ) -> StreetNetwork:
        made = (corners, starts, crs, float(tolerance))
        self = cls._wrap(_brandpunt.StreetNetwork(*made))
        self._made = made
        return self

    @property
    def streets(self) -> int:
        """How many streets there are: pieces of lines between nodes."""
        return self._core.streets

    @property
    def nodes(self) -> int:
        """How many places there are where streets begin, end or meet."""
        return self._core.nodes

    @property
    def km(self) -> float:
        """Length of all streets in kilometres."""
        return self._core.km

    @property
    def repeated(self) -> int:
        """Pieces of lines that repeat another and are left out."""
        return self._core.repeated

    @property
    def crs(self) -> str:
        """The system of the coordinates."""
        return self._core.crs

    def __len__(self) -> int:
        return self.streets

    def _parts(self) -> dict[str, Any]:
        # The lines tell everything, and building them anew is quick.
        return {"_made": self._made}

    def __setstate__(self, state: tuple[str, dict[str, Any]]) -> None:
        super().__setstate__(state)
        self._core = _brandpunt.StreetNetwork(*self._made)

    def __repr__(self) -> str:
        return (
            f"<StreetNetwork: {self.streets} streets between {self.nodes} nodes, "
            f"{self.km:.4g} km in {self.crs}>"
        )


def _lines(content: Any) -> list[Any]:
    """The lines in a GeoJSON object."""
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "FeatureCollection":
        return [line for feature in content.get("features") or () for line in _lines(feature)]
    if kind == "Feature":
        return _lines(content["geometry"]) if content.get("geometry") else []
    if kind == "LineString":
        return [content.get("coordinates") or []]
    if kind == "MultiLineString":
        return list(content.get("coordinates") or [])
    message = f"a GeoJSON object is a {str(kind)[:80]}, not a line; take the lines of the streets"
    raise InputError(message, "wrong_geometry_type")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class NetworkSurface(Placed, Value):
    """Incidents per kilometre of street, on pieces of street of about one length.

    Attributes
    ----------
    values : numpy.ndarray of float
        Incidents per kilometre on each piece.
    length : numpy.ndarray of float
        Length of each piece in metres.
    line : numpy.ndarray of int
        The line each piece lies on, in the order in which the network was given.
    start : numpy.ndarray of float
        Where each piece begins along its line, in metres.
    corners : numpy.ndarray of float, shape (n, 2)
        Corners of all pieces in turn.
    ends : numpy.ndarray of int
        Where the corners of each piece begin, and the last end.
    distance : numpy.ndarray of float
        For each incident, metres to the nearest street.
    piece : numpy.ndarray of int
        For each incident, the piece it was put on; -1 when that is too far.
    beyond : float
        Mass lost beyond dead ends.
    unfollowed : float
        Mass on paths that were not followed to their end.
    crs : str
        The system of the coordinates.
    bandwidth : float
        In metres.
    kernel, split : str
        As in :func:`network_density`.
    warnings : tuple of Note
        What a reader must know.
    """

    values: NDArray[np.float64]
    length: NDArray[np.float64]
    line: NDArray[np.int64]
    start: NDArray[np.float64]
    corners: NDArray[np.float64]
    ends: NDArray[np.int64]
    distance: NDArray[np.float64]
    piece: NDArray[np.int64]
    beyond: float
    unfollowed: float
    crs: str
    bandwidth: float
    kernel: str
    split: str
    warnings: tuple[Note, ...]

    def to_pandas(self) -> Any:
        """Give a data frame with one row per piece, without its shape."""
        names = ("line", "start", "length", "values")
        return table({name: getattr(self, name) for name in names}, range(len(self)))

    def to_geopandas(self) -> Any:
        """Give a GeoDataFrame of lines with `line`, `start`, `length` and `values`."""
        geopandas = need("geopandas", "geo")
        shapely = need("shapely", "geo")
        owner = np.repeat(np.arange(len(self)), np.diff(self.ends))
        lines = shapely.linestrings(self.corners, indices=owner)
        return geopandas.GeoDataFrame(self.to_pandas(), geometry=lines, crs=epsg(self.crs))

    def plot(
        self, *, ax: Any = None, cmap: str = "magma_r", width: float = 2.0, colorbar: bool = True
    ) -> Any:
        """Draw the streets with matplotlib, coloured by density.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure when left out.
        cmap : str, default "magma_r"
            Name of a colour map.
        width : float, default 2.0
            Width of the lines in points.
        colorbar : bool, default True
            Whether to draw the scale.

        Returns
        -------
        matplotlib.axes.Axes
        """
        ax = axes(ax)
        collections = need("matplotlib.collections", "plot")
        pieces = np.split(self.corners, self.ends[1:-1])
        drawn = collections.LineCollection(pieces, array=self.values, cmap=cmap, linewidths=width)
        drawn.set_clim(0, max(float(self.values.max(initial=0.0)), 1e-300))
        ax.add_collection(drawn)
        ax.autoscale()
        ax.set_aspect("equal")
        if colorbar:
            ax.figure.colorbar(drawn, ax=ax, label="incidents per km of street")
        return ax

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        return (
            f"<NetworkSurface: {len(self)} pieces of street in {self.crs}, {self.kernel}, "
            f"bandwidth {self.bandwidth:g} m, {self.split}>"
        )


@checked
def network_density(
    incidents: IncidentsLike,
    network: StreetNetwork,
    *,
    bandwidth: float,
    lixel: float = 50.0,
    kernel: str = "quartic",
    split: str = "discontinuous",
    farthest: float = 100.0,
    n_jobs: int | None = None,
    progress: Progress = None,
) -> NetworkSurface:
    """Along which streets is it dense? Incidents per kilometre of street.

    Every incident is put on the nearest street and spreads from there along the streets, by a
    kernel that integrates to one along a line. At nodes the kernel is split and so keeps its mass:
    values times lengths, with `beyond` and `unfollowed`, add up to the number of incidents.

    Parameters
    ----------
    incidents : Incidents, or what `Incidents.from_any` takes
        In metres.
    network : StreetNetwork
        In the same system.
    bandwidth : float
        How far an incident spreads along the streets, in metres.
    lixel : float, default 50.0
        Greatest length of a piece in metres; the pieces of one street are equally long. A value is
        the exact mean over its piece.
    kernel : {"quartic", "epanechnikov", "triweight", "triangular", "uniform"}
        How one incident spreads.
    split : {"discontinuous", "continuous"}
        What happens where d streets meet. ``"discontinuous"``: each of the others gets 1/(d - 1),
        and what reaches a dead end is lost. ``"continuous"``: each of the others gets 2/d and the
        rest turns back, so that the density does not jump; slower.
    farthest : float, default 100.0
        Incidents further from a street, in metres, are left out, with a warning.
    n_jobs : int, optional
        Threads; one per core when left out. The result does not depend on it.
    progress : bool or callable, optional
        True for a bar of tqdm. Or what is called with the stage (str) and the share done (float);
        an exception it raises stops the job.

    Returns
    -------
    NetworkSurface

    Raises
    ------
    InputError
        For streets in another system.
    ParameterError
        For a bandwidth, lixel or distance that makes no sense, or a Gaussian kernel, whose paths
        have no end.

    References
    ----------
    Okabe, Satoh & Sugihara 2009, International Journal of Geographical Information Science 23:7,
    doi:10.1080/13658810802475491.
    McSwiggan, Baddeley & Nair 2017, Scandinavian Journal of Statistics 44:324,
    doi:10.1111/sjos.12255.

    Examples
    --------
    >>> import brandpunt as bp
    >>> network = bp.StreetNetwork.from_lines([[(0, 0), (1000, 0)]], crs="planar")
    >>> incidents = bp.Incidents.from_xy([500], [8], crs="planar")
    >>> found = bp.network_density(incidents, network, bandwidth=200)
    >>> found
    <NetworkSurface: 20 pieces of street in planar, quartic, bandwidth 200 m, discontinuous>
    >>> float((found.values * found.length / 1000).sum().round(9))
    1.0
    """
    with followed(progress) as told:
        found = _brandpunt.network_density(
            Incidents.from_any(incidents)._core,
            network._core,
            float(bandwidth),
            float(lixel),
            kernel,
            split,
            float(farthest),
            n_jobs,
            told,
        )
    return NetworkSurface(**found | {"warnings": notes(found["warnings"])})
