"""`ekslint placement`: workloads × pools, for a screen and for programs."""

from collections.abc import Iterator, Sequence
from io import StringIO
from typing import TextIO

from ekslint.report.escaping import json_text, printable, printable_path
from ekslint.report.layout import counted, cut
from ekslint.report.paint import Painter
from ekslint.report.pictures import PlacementPicture, PoolPicture
from ekslint.report.settings import ReportSettings
from ekslint.report.workflow import commands_stopped

_SCHEMA = 1
_MOST_COLUMNS = 6
"""Pools of a cluster up to which each has a column of its own; past that they are counted."""
_WIDEST_REASON = 48
_ROLES = {"fits": "good", "rejected": "error", "unclear": "warning"}


def write_json(pictures: Sequence[PlacementPicture], stream: TextIO, settings: ReportSettings) -> None:
    """Write `{"schema": 1, "placements": […]}`."""
    document = {"schema": _SCHEMA, "placements": [picture.as_json() for picture in pictures]}
    stream.write(json_text(document, settings.unicode) + "\n")


def write_table(pictures: Sequence[PlacementPicture], stream: TextIO, settings: ReportSettings) -> None:
    """Write a table for each cluster, and what the verdicts add up to."""
    with commands_stopped(stream, settings):
        for cluster, rows in _by_cluster(pictures):
            _write_cluster(cluster, rows, stream, settings)
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
        cluster = printable(picture.cluster or "a cluster that no file declares", settings.unicode)
        verdict = paint(_ROLES[picture.verdict], picture.verdict)
        stream.write(f"{paint('title', name)} on {cluster}: {verdict}\n  --> {where}:{picture.line}\n")
        for each in picture.pools:
            reason = f": {printable(each.reason, settings.unicode)}" if each.reason else ""
            title = printable(each.title, settings.unicode)
            stream.write(f"  {paint(_ROLES[each.verdict], each.verdict.ljust(8))}  {title}{reason}\n")


def _by_cluster(pictures: Sequence[PlacementPicture]) -> Iterator[tuple[str | None, list[PlacementPicture]]]:
    grouped: dict[tuple[str | None, tuple[str, ...]], list[PlacementPicture]] = {}
    for picture in pictures:
        # Two clusters may share a name, or have none: their pools tell them apart.
        key = (picture.cluster, tuple(sorted(pool.pool for pool in picture.pools)))
        grouped.setdefault(key, []).append(picture)
    for (cluster, _), rows in grouped.items():
        yield cluster, rows


def _write_cluster(
    cluster: str | None, rows: Sequence[PlacementPicture], stream: TextIO, settings: ReportSettings
) -> None:
    from rich.box import ASCII, SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    def text(words: str, style: str = "") -> Text:
        return Text(printable(words, settings.unicode), style=style)

    title = text(f"cluster {cluster}" if cluster else "a cluster that no file declares", "bold")
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD if settings.unicode else ASCII, pad_edge=False)
    table.add_column(text("workload"), overflow="fold")
    pools = list(dict.fromkeys((pool.pool, pool.title) for row in rows for pool in row.pools))
    if len(pools) <= _MOST_COLUMNS:
        for _, name in pools:
            table.add_column(text(name), overflow="fold")
        for row in rows:
            said = {pool.pool: pool for pool in row.pools}
            table.add_row(text(row.workload), *(text(*_cell(said.get(pool), settings)) for pool, _ in pools))
    else:
        table.add_column(text("verdict"))
        table.add_column(text("pools that take it"), justify="right")
        table.add_column(text("why not, nearest miss first"), overflow="fold")
        for row in rows:
            fitting = sum(pool.verdict == "fits" for pool in row.pools)
            verdict = text(row.verdict, _style(row.verdict))
            table.add_row(
                text(row.workload), verdict, text(f"{fitting} of {len(pools)}"), text(_reasons(row, settings))
            )
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
    several = (f"{count} × {reason}" if count > 1 else reason for reason, count in list(counts.items())[:3])
    return cut("; ".join(several), 3 * _WIDEST_REASON, settings.unicode)


def _style(verdict: str) -> str:
    return {"fits": "green", "rejected": "bold red", "unclear": "yellow"}[verdict]
