"""`ekslint placement`: workloads × pools, for a screen and for programs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import TextIO

from ekslint.report.escaping import json_text, printable, printable_path
from ekslint.report.layout import counted, cut, listed
from ekslint.report.paint import Painter
from ekslint.report.pictures import PlacementPicture, PoolPicture
from ekslint.report.settings import ReportSettings
from ekslint.report.workflow import commands_stopped

_SCHEMA = 1
_MOST_COLUMNS = 6
"""Pools of a cluster up to which each has a column of its own; past that they are counted."""
_WIDEST_REASON = 48
_PLACES_NAMED = 2
_ROLES = {"fits": "good", "rejected": "error", "unclear": "warning"}


def write_json(pictures: Sequence[PlacementPicture], stream: TextIO, settings: ReportSettings) -> None:
    """Write `{"schema": 1, "placements": […]}`."""
    document = {"schema": _SCHEMA, "placements": [picture.as_json() for picture in pictures]}
    stream.write(json_text(document, settings.unicode) + "\n")


def write_table(pictures: Sequence[PlacementPicture], stream: TextIO, settings: ReportSettings) -> None:
    """Write a table for each cluster, and what the verdicts add up to."""
    with commands_stopped(stream, settings):
        for rows in _by_cluster(pictures):
            _write_cluster(rows, stream, settings)
        if not settings.quiet:
            tally = {verdict: sum(each.verdict == verdict for each in pictures) for verdict in _ROLES}
            words = ", ".join(f"{number} {verdict}" for verdict, number in tally.items() if number)
            stream.write(f"{counted(len(pictures), 'placement')}{f': {words}' if words else ''}\n")


def write_explanation(picture: PlacementPicture, stream: TextIO, settings: ReportSettings) -> None:
    """Write what every pool says of one workload, nearest miss first."""
    paint = Painter(settings.color)
    with commands_stopped(stream, settings):
        name = printable(picture.workload, settings.unicode)
        where = printable_path(picture.path, settings.unicode)
        cluster = printable(picture.title, settings.unicode)
        verdict = paint(_ROLES[picture.verdict], picture.verdict)
        stream.write(f"{paint('title', name)} on {cluster}: {verdict}\n  --> {where}:{picture.line}\n")
        for each in picture.pools:
            reason = f": {printable(each.reason, settings.unicode)}" if each.reason else ""
            title = printable(each.title, settings.unicode)
            stream.write(f"  {paint(_ROLES[each.verdict], each.verdict.ljust(8))}  {title}{reason}\n")


def _by_cluster(pictures: Sequence[PlacementPicture]) -> Iterable[Sequence[PlacementPicture]]:
    grouped: dict[tuple[str, tuple[str, ...]], list[PlacementPicture]] = {}
    for picture in pictures:
        # Two clusters may share a name, or have none: their pools tell them apart.
        key = (picture.title, tuple(sorted(pool.pool for pool in picture.pools)))
        grouped.setdefault(key, []).append(picture)
    return grouped.values()


def _labelled(pictures: Sequence[PlacementPicture]) -> Iterator[tuple[str, PlacementPicture]]:
    """One picture for each row, and what to call it.

    Overlays, charts and copies declare one workload several times: where it goes alike that is one row, and where it
    does not, files tell the rows apart.
    """
    alike: dict[tuple[str, str, tuple[PoolPicture, ...]], list[PlacementPicture]] = {}
    for each in pictures:
        alike.setdefault((each.workload, each.verdict, each.pools), []).append(each)
    answers = Counter(workload for workload, _, _ in alike)
    for (workload, _, _), same in alike.items():
        if answers[workload] > 1:
            places = listed([f"{each.path}:{each.line}" for each in same], _PLACES_NAMED)
            yield f"{workload} ({places})", same[0]
        else:
            yield f"{workload} (in {len(same)} places)" if len(same) > 1 else workload, same[0]


def _write_cluster(pictures: Sequence[PlacementPicture], stream: TextIO, settings: ReportSettings) -> None:
    from rich.box import ASCII, SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    def text(words: str, style: str = "") -> Text:
        return Text(printable(words, settings.unicode), style=style)

    table = Table(box=SIMPLE_HEAD if settings.unicode else ASCII, pad_edge=False)
    table.add_column(text("workload"), overflow="fold")
    pools = list(dict.fromkeys((pool.pool, pool.title) for each in pictures for pool in each.pools))
    if len(pools) <= _MOST_COLUMNS:
        for _, name in pools:
            table.add_column(text(name), overflow="fold")
        for label, row in _labelled(pictures):
            said = {pool.pool: pool for pool in row.pools}
            table.add_row(text(label), *(text(*_cell(said.get(pool), settings)) for pool, _ in pools))
    else:
        table.add_column(text("verdict"))
        table.add_column(text("pools that take it"), justify="right")
        table.add_column(text("why not, nearest miss first"), overflow="fold")
        for label, row in _labelled(pictures):
            fitting = sum(pool.verdict == "fits" for pool in row.pools)
            verdict = text(row.verdict, _style(row.verdict))
            table.add_row(text(label), verdict, text(f"{fitting} of {len(pools)}"), text(_reasons(row, settings)))
    drawn = StringIO()
    console = Console(
        file=drawn,
        width=settings.width or max(120, 30 * (len(pools) + 1)),
        color_system="256" if settings.color else None,
        force_terminal=settings.color,
        no_color=not settings.color,
        legacy_windows=False,
        emoji=False,
        markup=False,
        highlight=False,
        _environ={},
    )
    # As a line of its own: a table's title is folded to its width.
    console.print(text(pictures[0].title, "bold"), soft_wrap=True)
    console.print(table)
    stream.writelines(line.rstrip() + "\n" for line in drawn.getvalue().splitlines())


def _cell(pool: PoolPicture | None, settings: ReportSettings) -> tuple[str, str]:
    if pool is None:
        return "", ""
    words = pool.verdict if pool.verdict == "fits" else pool.reason or pool.verdict
    return cut(words, _WIDEST_REASON, settings.unicode), _style(pool.verdict)


def _reasons(row: PlacementPicture, settings: ReportSettings) -> str:
    """Equal reasons grouped, in the order of pools."""
    counts: dict[str, int] = {}
    for pool in row.pools:
        if pool.verdict != "fits":
            reason = pool.reason or pool.verdict
            counts[reason] = counts.get(reason, 0) + 1
    times = "×" if settings.unicode else "x"
    several = (f"{count} {times} {reason}" if count > 1 else reason for reason, count in list(counts.items())[:3])
    return cut("; ".join(several), 3 * _WIDEST_REASON, settings.unicode)


def _style(verdict: str) -> str:
    return {"fits": "green", "rejected": "bold red", "unclear": "yellow"}[verdict]
