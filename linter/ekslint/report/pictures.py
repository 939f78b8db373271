"""What `ekslint placement` shows: where each workload can run, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PoolPicture:
    """What one pool says of one workload."""

    pool: str
    """Its identity: `ManagedNodeGroup/general`."""
    title: str
    """For people: `node group general`."""
    verdict: str
    """`fits`, `rejected` or `unclear`."""
    cause: str | None = None
    """`labels`, `taints` or `fit`; None where nothing keeps the workload away."""
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PlacementPicture:
    """Where one workload can run on one cluster."""

    cluster: str | None
    """Its name; None where no file says it."""
    title: str
    """For people: `cluster shop`."""
    workload: str
    """Its identity: `Deployment.apps/shop/api`."""
    path: str
    line: int
    verdict: str
    pools: tuple[PoolPicture, ...]

    def as_json(self) -> Mapping[str, object]:
        """The contract of `--output-format json`."""
        return {
            "cluster": self.cluster,
            "workload": self.workload,
            "path": self.path,
            "line": self.line,
            "verdict": self.verdict,
            "pools": [
                {"pool": each.pool, "verdict": each.verdict, "cause": each.cause, "reason": each.reason}
                for each in self.pools
            ],
        }
