"""Whether a node of a pool is large enough for a pod: kube-scheduler's NodeResourcesFit, over all types at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ekslint.placement.allocatable import STORAGE, is_device
from ekslint.placement.causes import Cause
from ekslint.placement.constraint import Requests
from ekslint.placement.domains import Doubt
from ekslint.placement.offers import amount_text, amounts_text
from ekslint.placement.shape import PoolShape
from ekslint.placement.verdicts import FITS, Blame, Miss, Outcome, Verdict

_PART = "resources"


def fitting_types(requests: Requests, shape: PoolShape) -> tuple[int, int]:
    """The types of nodes on which the requests usually fit, and those on which they may at best."""
    usual = best = -1
    for resource, amount in requests.amounts:
        own_usual, own_best = shape.offer.at_least(resource, amount)
        usual &= own_usual
        best &= own_best
    return usual, best


def judge_fit(requests: Requests, shape: PoolShape, possible: int, certain: int, masks: tuple[int, int]) -> Outcome:
    """The answer of a pool whose types `possible` and `certain` have the labels; `masks` are those that fit."""
    usual, best = masks
    if not possible & best:
        return Outcome(Verdict.REJECTED, _too_large(requests, shape, possible))
    if certain & usual:
        doubt = _inflexible(shape, possible & best)
        return FITS if doubt is None else _unclear(doubt)
    if possible & usual:
        # Where labels are in doubt it is the labels that say so.
        doubt = Doubt(f"only some instance types of {shape.pool} are large enough")
        return _unclear(doubt) if certain else FITS
    return _hardly(requests, shape, possible & best)


def _too_large(requests: Requests, shape: PoolShape, possible: int) -> Miss:
    """What to say where no type is large enough even at best."""
    alone = [
        (resource, amount) for resource, amount in requests.amounts if not _best(shape, resource, amount, possible)
    ]
    causes = {resource: _cause(shape, resource, possible) for resource, _ in alone}
    if not alone:
        wanted = " and ".join(f"{amount_text(resource, amount)} of {resource}" for resource, amount in requests.amounts)
        reason = f"no instance type offers {wanted} together"
        return Miss(Cause.TOO_LARGE, reason, Blame(_PART, requests.amounts[0][0]), shape.types_path)
    resource, amount = min(alone, key=lambda each: (causes[each[0]].rank, each[0]))
    return Miss(
        causes[resource],
        _reason(shape, resource, amount, possible, "at most"),
        Blame(_PART, resource),
        shape.types_path,
        weight=len(alone),
    )


def _best(shape: PoolShape, resource: str, amount: int, possible: int) -> int:
    return possible & shape.offer.at_least(resource, amount)[1]


def _cause(shape: PoolShape, resource: str, possible: int) -> Cause:
    if resource == STORAGE:
        return Cause.EPHEMERAL_STORAGE
    if not is_device(resource):
        return Cause.TOO_LARGE
    return Cause.TOO_FEW_DEVICES if _best(shape, resource, 1, possible) else Cause.NO_SUCH_DEVICE


def _hardly(requests: Requests, shape: PoolShape, reachable: int) -> Outcome:
    """Where some type may be large enough at best, but none usually is."""
    if reachable & shape.catalogue.strangers and not shape.is_measured:
        return _unclear(shape.type_doubt or Doubt(f"the size of the nodes of {shape.pool} is not known"))
    short = [each for each in requests.amounts if not reachable & shape.offer.at_least(*each)[0]]
    for resource, _ in short:
        if shape.offer.most(resource, reachable) is None:
            return _unclear(Doubt(f"nobody knows how much {resource} the nodes have"))
    if not short:
        return _unclear(Doubt(f"no instance type of {shape.pool} usually offers all of it"))
    resource, amount = short[0]
    reason = _reason(shape, resource, amount, reachable, "usually")
    miss = Miss(Cause.PROBABLY_TOO_LARGE, reason, Blame(_PART, resource), shape.types_path)
    return Outcome(Verdict.UNCLEAR, miss, (Doubt(reason),))


def beside_daemonsets(
    requests: Requests, shape: PoolShape, possible: int, daemonsets: Mapping[str, int], agents: Sequence[str] = ()
) -> Miss | None:
    """Why a pod finds no room on any node beside what the DaemonSets request; None if it does, or may.

    `agents` are the names of those among them that no file declares.
    """
    amounts = dict(requests.amounts)
    for resource in amounts:
        amounts[resource] += daemonsets.get(resource, 0)
    together = Requests(tuple(sorted(amounts.items())))
    if possible & fitting_types(together, shape)[1]:
        return None
    miss = _too_large(together, shape, possible)
    included = f" ({' and '.join(agents)} of EKS included)" if agents else ""
    reason = f"with its DaemonSets{included}, {miss.reason}"
    return replace(miss, cause=Cause.NO_ROOM_BESIDE_DAEMONSETS, reason=reason)


def _unclear(doubt: Doubt) -> Outcome:
    return Outcome(Verdict.UNCLEAR, None, (doubt,))


def _reason(shape: PoolShape, resource: str, amount: int, mask: int, how: str) -> str:
    most = shape.offer.most(resource, mask)
    if most is None:
        return f"{amount_text(resource, amount)} of {resource} requested"
    offered = most.usual if how == "usually" else most.best
    wanted, has = amounts_text(resource, amount, offered)
    if offered <= 0 and is_device(resource):
        return f"no {resource} on {most.name}" if shape.types & (shape.types - 1) == 0 else f"no node has {resource}"
    return f"{wanted} of {resource} requested, {how} {has} allocatable on {most.name}"


def _inflexible(shape: PoolShape, reachable: int) -> Doubt | None:
    """Why a provisioner may refuse all the same: it was told to keep a choice of types."""
    for key, least in shape.minimum_values:
        if len(shape.domain(key).values_within(reachable)) < least:
            return Doubt(f"{shape.pool} wants at least {least} values of {key} to choose from")
    return None
