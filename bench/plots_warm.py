"""Pictures of what a warm call is made of, of signing beside its peers, and of throughput by workers."""

from collections.abc import Callable, Mapping, Sequence

from matplotlib import pyplot as plt

from bench.report import Section
from bench.rows import Row

GREY = "#808890"
OURS = "#2f8f5b"
PARTS: Mapping[str, str] = {
    "our own code": OURS,
    "logging": "#c77d2e",
    "metrics": "#b3a04b",
    "HTTP": "#5b84b1",
    "SDK": "#8a93a0",
}
"""The parts of a call in their order from the left, and their colours."""

Save = Callable[[str], None]


def warm(section: Section, save: Save) -> None:
    """The share of each part of a call with the real libraries."""
    calls: dict[str, dict[str, float]] = {}
    for row in section.rows:
        call, _, rest = row.name.partition(": ")
        part, found, _ = rest.partition(", among")
        if found:
            calls.setdefault(call, {})[part] = row.value
    figure, axes = plt.subplots(figsize=(8, 0.9 + 0.55 * len(calls)))
    left = dict.fromkeys(calls, 0.0)
    for part, colour in PARTS.items():
        shares = [100 * parts.get(part, 0.0) / sum(parts.values()) for parts in calls.values()]
        bars = axes.barh(list(calls), shares, left=list(left.values()), color=colour, height=0.6, label=part)
        axes.bar_label(
            bars,
            [f"{share:.0f}" if share >= 4 else "" for share in shares],
            label_type="center",
            color="white",
        )
        left = {call: left[call] + share for call, share in zip(calls, shares, strict=True)}
    axes.invert_yaxis()
    axes.set_xlabel("share of a warm call's time on the CPU, %")
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="upper center", ncols=len(PARTS), frameon=False, labelcolor=GREY, fontsize=9)
    figure.tight_layout(rect=(0, 0, 1, 0.92))
    save("warm-parts")


def signing(section: Section, save: Save) -> None:
    """Microseconds of one signature, ours and each peer's."""
    ours = section.rows[0].value
    spans = {"paylink": ours}
    for row in section.rows[1:]:
        name = row.name.rpartition(" / ")[2]
        if row.bound and row.value:
            spans[name] = ours / row.value
    figure, axes = plt.subplots(figsize=(8, 0.8 + 0.4 * len(spans)))
    colours = [OURS, *["#8a93a0"] * (len(spans) - 1)]
    bars = axes.barh(list(spans), list(spans.values()), color=colours, height=0.6)
    axes.bar_label(bars, [f"{span:.1f}" for span in spans.values()], padding=3, color=GREY, fontsize=9)
    axes.invert_yaxis()
    axes.set_xlabel("microseconds of CPU for one signature of 15 fields")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    save("signing-peers")


def scale(section: Section, save: Save) -> None:
    """Payments per second of the machine, and per second of a core, by the number of workers."""
    whole, each = (
        _by_workers(section.rows, what) for what in ("payments per second", "payments per second of a core")
    )
    figure, axes = plt.subplots(figsize=(8, 3.2))
    places = range(len(whole))
    for shift, values, label, colour in (
        (-0.2, whole, "a second, stub on the same cores", "#8a93a0"),
        (0.2, each, "a second of a core that the functions used", OURS),
    ):
        bars = axes.bar(
            [place + shift for place in places], list(values.values()), 0.38, color=colour, label=label
        )
        axes.bar_label(bars, [f"{value:.0f}" for value in values.values()], padding=2, color=GREY, fontsize=9)
    axes.set_xticks(list(places), list(whole))
    axes.set_ylabel("payments")
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="upper center", ncols=2, frameon=False, labelcolor=GREY, fontsize=9)
    figure.tight_layout(rect=(0, 0, 1, 0.92))
    save("scale-workers")


def _by_workers(rows: Sequence[Row], what: str) -> dict[str, float]:
    return {row.name.partition(": ")[0]: row.value for row in rows if row.name.partition(": ")[2] == what}
