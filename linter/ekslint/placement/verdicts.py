"""What comes out of asking one pool about one pod."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from ekslint.placement.causes import Cause
from ekslint.placement.domains import Doubt
from ekslint.source.tree import Step


class Verdict(Enum):
    """Whether a pool, or any pool, takes a pod."""

    FITS = "fits"
    REJECTED = "rejected"
    UNCLEAR = "unclear"
    """It depends on something that is not in the files."""


class Blame(NamedTuple):
    """The part of a workload that something is about, found in each workload that has it."""

    part: str
    """`nodeSelector`, `nodeAffinity`, `tolerations`, `resources`, `topologySpreadConstraints` …"""
    key: str = ""
    """The label, taint or resource."""


@dataclass(frozen=True, slots=True)
class Miss:
    """Why a pool turns a pod away."""

    cause: Cause
    reason: str
    """What the pool's nodes are or lack, without the pool's name: `workload is cpu`."""
    blame: Blame
    pool_path: tuple[Step, ...] | None = None
    """The field of the pool that says so; None where it says nothing."""
    suggestion: str | None = None
    """What was probably meant: `workload=cpu`."""
    weight: int = 1
    """How many requirements are missed: the fewer, the nearer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one question (labels, taints, fit) of one pool about one pod."""

    verdict: Verdict
    miss: Miss | None = None
    """Why not; also set where it is only probable."""
    doubts: Sequence[Doubt] = ()


FITS = Outcome(Verdict.FITS)
