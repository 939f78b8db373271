"""`ekslint placement`: where every workload can run."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date

from ekslint.cli.console import print_warning, settings_for
from ekslint.cli.errors import UserError
from ekslint.cli.session import open_session
from ekslint.engine.worlds import TooManyWorlds, in_every_world
from ekslint.loaders.helm import HelmCharts
from ekslint.loaders.intake import Intake, Standing
from ekslint.loaders.loading import load
from ekslint.model.estate import Estate
from ekslint.model.kubernetes.workloads import Workload
from ekslint.placement.placements import Placement, placements
from ekslint.report.footer import nothing_checked
from ekslint.report.pictures import PlacementPicture, PoolPicture
from ekslint.report.placement_table import write_explanation, write_json, write_table
from ekslint.source.nearest import nearest

_STANDARD_INPUT = "-"


def placement(parsed: argparse.Namespace) -> int:
    """Write the picture; findings are for `check`, so that the exit code is 0 whatever it shows."""
    intake, estate = _taken_in(parsed)
    pictures = [_picture(each, estate) for each in placements(estate) if each.cluster.extra_pools]
    settings = settings_for(sys.stdout, parsed.color)
    if not pictures:
        message, help_ = _nothing_placed(intake, estate)
        if parsed.workload is not None:
            raise UserError(f"workload {parsed.workload} cannot be placed: {message}", help=[help_] if help_ else [])
        print_warning(message, help_)
    elif parsed.workload is not None:
        pictures = _named(pictures, parsed.workload)
    if parsed.output_format == "json":
        write_json(pictures, sys.stdout, settings)
    elif parsed.workload is None:
        write_table(pictures, sys.stdout, settings)
    else:
        for picture in pictures:
            write_explanation(picture, sys.stdout, settings)
    return 0


def _nothing_placed(intake: Intake, estate: Estate) -> tuple[str, str | None]:
    """What the files lack for a placement, and where it could come from."""
    standings = Counter(record.standing for record in intake.records.values())
    empty = nothing_checked(standings[Standing.LINTED], standings[Standing.SKIPPED])
    if empty is not None:
        return empty, None
    if not estate.of(Workload):
        return "the files declare no workload", "name the folder of the manifests too: 'ekslint placement infra apps'"
    help_ = "name the folder that declares them too, as in 'ekslint placement infra apps', or pipe in those of a live "
    return "the files declare no nodes for the workloads", f"{help_}cluster: 'ekslint placement --help' shows how"


def _taken_in(parsed: argparse.Namespace) -> tuple[Intake, Estate]:
    if parsed.paths == [_STANDARD_INPUT]:
        # As kubectl prints it: `kubectl get nodes,deploy,sts,ds -A -o yaml | ekslint placement -`.
        intake = Intake(HelmCharts(()))
        intake.take("stdin", sys.stdin.buffer.read())
        estate = load(intake, date.today())[0]
        record = intake.records["stdin"]
        if record.standing is not Standing.LINTED:
            raise UserError(
                f"standard input has no Kubernetes objects: {record.detail}",
                help=["as in 'kubectl get nodes,deploy,sts,ds -A -o yaml | ekslint placement -'"],
            )
        return intake, estate
    if _STANDARD_INPUT in parsed.paths:
        raise UserError("- stands for standard input, and cannot be joined with files")
    session = open_session(parsed)
    known_labels = session.configuration.known_node_labels
    intake = session.take_in()
    return intake, load(intake, date.today(), session.clusters, known_labels)[0]


def _named(pictures: list[PlacementPicture], name: str) -> list[PlacementPicture]:
    found = [picture for picture in pictures if name in {picture.workload, picture.workload.rpartition("/")[2]}]
    if not found:
        names = [picture.workload for picture in pictures]
        meant = nearest(name, [*names, *(each.rpartition("/")[2] for each in names)])
        hint = f"did you mean {meant}?" if meant is not None else "'ekslint placement' lists all workloads"
        raise UserError(f"there is no workload {name} with a cluster to run on", help=[hint])
    return found


def _picture(subject: Placement, estate: Estate) -> PlacementPicture:
    """What a placement says in all worlds: where they differ, it is unclear."""
    location = subject.workload.at().location
    pictures = list(_in_every_world(subject, estate))
    first = pictures[0]
    verdict, pools = first
    if any(each != first for each in pictures):
        verdicts = {each[0] for each in pictures}
        verdict = verdicts.pop() if len(verdicts) == 1 else "unclear"
        pools = tuple(_agreed(pool, [dict(_keyed(each[1])) for each in pictures]) for pool in _all_pools(pictures))
    cluster = subject.cluster
    return PlacementPicture(
        cluster=None if cluster.unknown("name") else cluster.name,
        title="a cluster that no file declares" if cluster.is_implicit and not cluster.name else str(cluster),
        workload=subject.workload.resource,
        path=location.path,
        line=location.line,
        verdict=verdict,
        pools=pools,
    )


_Said = tuple[str, tuple[PoolPicture, ...]]


def _in_every_world(subject: Placement, estate: Estate) -> Iterator[_Said]:
    def read() -> _Said:
        return subject.verdict.value, tuple(_pools(subject))

    try:
        yield from (said for _, said in in_every_world(estate.world, read))
    except TooManyWorlds:
        yield "unclear", ()


def _pools(subject: Placement) -> Iterator[PoolPicture]:
    for said in subject.pools:
        cause = said.cause.stage.value if said.cause is not None else None
        yield PoolPicture(said.pool.resource, str(said.pool), said.verdict.value, cause, said.reason)


def _keyed(pools: tuple[PoolPicture, ...]) -> Iterator[tuple[str, PoolPicture]]:
    for pool in pools:
        yield pool.pool, pool


def _all_pools(pictures: list[_Said]) -> list[PoolPicture]:
    return list({pool.pool: pool for _, pools in pictures for pool in pools}.values())


def _agreed(pool: PoolPicture, worlds: list[dict[str, PoolPicture]]) -> PoolPicture:
    if all(world.get(pool.pool) == pool for world in worlds):
        return pool
    if pool.verdict == "rejected" and all(world.get(pool.pool, pool) == pool for world in worlds):
        return pool  # what it rejects where it exists, it does not take elsewhere
    return PoolPicture(pool.pool, pool.title, "unclear", None, "a condition of its template decides")
