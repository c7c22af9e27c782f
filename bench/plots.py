"""The main numbers as pictures: SVG that reads on a light and on a dark page."""

from collections.abc import Mapping, Sequence

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from bench import plots_warm
from bench.cold import BOUNDS
from bench.places import PLOTS
from bench.report import Section
from bench.rows import Row
from bench.targets import KINDS

# A middle grey and colours of middle lightness stand out from white and from black; the page shows through.
GREY = "#808890"
MORE = {"warm": plots_warm.warm, "signing": plots_warm.signing, "scale": plots_warm.scale}
"""Sections with a picture of their own beside that of the bounds."""
COLOURS: Mapping[str, str] = {"ours": "#2f8f5b", "bare": "#8a93a0", "usual": "#c77d2e"}


def draw(sections: Sequence[Section]) -> None:
    """Draws what the sections give, under docs/plots."""
    # Text stays text; the same numbers make the same file.
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "paylink", "font.family": "sans-serif"})
    for name in ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"):
        mpl.rcParams[name] = GREY
    PLOTS.mkdir(parents=True, exist_ok=True)
    for section in sections:
        if section.name == "cold":
            _cold(section)
        elif section.name == "size":
            memory = [row for row in section.rows if row.name.endswith("peak memory")]
            _bars(memory, "size-memory", "Peak memory after the first event, MB", cut=", peak memory")
        elif section.name == "scale":
            _bars([row for row in section.rows if row.unit == "/s"], "scale", "Payments per second")
        else:
            _of_bounds(section)
        if section.name in MORE:
            MORE[section.name](section, _save)


def _of_bounds(section: Section) -> None:
    bounded = [row for row in section.rows if row.bound]
    if not bounded:
        return
    shares = [Row(name=row.name, value=100 * row.value / row.bound, unit="%") for row in bounded if row.bound]
    senses = " or ".join(dict.fromkeys(row.sense for row in bounded))
    _bars(shares, section.name, f"Measured, in % of the bound ({senses} 100)", limit=100)


def _bars(rows: Sequence[Row], file: str, label: str, *, cut: str = "", limit: float | None = None) -> None:
    _, axes = plt.subplots(figsize=(8, 0.7 + 0.34 * len(rows)))
    names = [row.name.replace(cut, "") if cut else row.name for row in rows]
    bars = axes.barh(names, [row.value for row in rows], color=COLOURS["ours"], height=0.62)
    axes.bar_label(bars, [f"{row.value:.0f}" for row in rows], padding=3, color=GREY, fontsize=9)
    if limit is not None:
        axes.axvline(limit, color="#c0504d", linewidth=1.2, linestyle="--")
    axes.invert_yaxis()
    axes.set_xlabel(label)
    _finish(axes, file)


def _cold(section: Section) -> None:
    of = {row.name: row.value for row in section.rows}
    figure, every = plt.subplots(1, len(BOUNDS), figsize=(9, 3.4), sharey=True)
    for axes, function in zip(every, BOUNDS, strict=True):
        for place, kind in enumerate(KINDS):
            init = of[f"{function}: {kind}, Init alone"]
            total = of[f"{function}: {kind}, Init and first request"]
            axes.bar(place, init, color=COLOURS[kind], width=0.66)
            axes.bar(
                place, total - init, bottom=init, color=COLOURS[kind], width=0.66, alpha=0.45, hatch="///"
            )
            axes.annotate(f"{total:.0f}", (place, total), ha="center", va="bottom", fontsize=9)
        axes.set_title(function, fontsize=10, color=GREY)
        axes.set_xticks(range(len(KINDS)), KINDS)
        axes.spines[["top", "right"]].set_visible(False)
    every[0].set_ylabel("milliseconds")
    told = "filled: Init; hatched: the first request; medians of fresh starts"
    figure.text(0.5, 0.005, told, ha="center", fontsize=9)
    figure.tight_layout(rect=(0, 0.04, 1, 1))
    _save("cold")


def _finish(axes: Axes, file: str) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.figure.tight_layout()  # type: ignore[union-attr]  # a figure, not a part of one
    _save(file)


def _save(file: str) -> None:
    plt.savefig(PLOTS / f"{file}.svg", transparent=True, metadata={"Date": None, "Creator": None})
    plt.close()
