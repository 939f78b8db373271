"""What a pod requests, as kube-scheduler's NodeResourcesFit filter adds it up.

Semantics: `k8s.io/component-helpers/resource/helpers.go` (PodRequests, AggregateContainerRequests), defaults of
`pkg/apis/core/v1/defaults.go` (limits become requests) and the LimitRanger admission plugin.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ekslint.model.entity import Place
from ekslint.model.kubernetes.containers import Container
from ekslint.model.kubernetes.pods import PodTemplate
from ekslint.model.reading import Undecided
from ekslint.placement.allocatable import CPU, MEMORY
from ekslint.placement.domains import Doubt
from ekslint.placement.quantities import units
from ekslint.placement.reads import reads_of

Amounts = dict[str, int]
"""By resource: CPU in thousandths, everything else in whole units, rounded up."""

_HUGE_PAGES = "hugepages-"
_NO_AMOUNT = 0


@dataclass(slots=True)
class PodRequests:
    """The requests of a pod."""

    amounts: Amounts = field(default_factory=dict)
    """At least: what is unknown counts as nothing."""
    places: dict[str, Callable[[], Place]] = field(default_factory=dict)
    """Where the largest share of each stands; worked out for findings alone."""
    doubt: Doubt | None = None
    """Why it may be more."""
    resources: set[str] = field(default_factory=set)
    """Every resource that a container asks for, whatever the amount."""
    may_ask_for_more: bool = False
    """Whether containers may ask for further resources."""


def read_requests(
    pod: PodTemplate, defaults: Sequence[Mapping[str, Any]] = (), overhead: Mapping[str, Any] | None = None
) -> PodRequests:
    """What a pod requests. `defaults` are the items of LimitRanges, `overhead` that of the RuntimeClass.

    Never raises Undecided.
    """
    reader = _Reader(defaults)
    reader.read(pod, overhead)
    return reader.found


class _Reader:
    def __init__(self, limits: Sequence[Mapping[str, Any]]) -> None:
        self.found = PodRequests()
        self.limits = limits
        self._largest: Amounts = {}

    def read(self, pod: PodTemplate, overhead: Mapping[str, Any] | None) -> None:
        running: Amounts = {}
        for container in self._containers(pod, "containers"):
            _add(running, self._own(container))
        sidecars: Amounts = {}
        starting: Amounts = {}
        for container in self._containers(pod, "init_containers"):
            own = self._own(container)
            if self._is_sidecar(container):
                _add(running, own)
                _add(sidecars, own)
                _raise_to(starting, sidecars)
            else:
                # A step runs beside the sidecars that started before it.
                _raise_to(starting, _sum(own, sidecars))
        _raise_to(running, starting)
        self._pod_level(pod, running)
        self._overhead(pod, running, overhead)
        self.found.amounts = running

    def _overhead(self, pod: PodTemplate, running: Amounts, overhead: Mapping[str, Any] | None) -> None:
        """What the RuntimeClass adds, or the pod itself."""
        try:
            amounts = self._amounts(pod.overhead if overhead is None else overhead)
        except Undecided as error:
            self._doubt(error)
            return
        _add(running, amounts)
        for name in amounts:
            path = ("overhead", name) if overhead is None else ("runtimeClassName",)
            self.found.places.setdefault(name, partial(pod.at, *path))

    def _containers(self, pod: PodTemplate, name: str) -> Iterable[Container]:
        for read in reads_of(lambda: getattr(pod, name)):
            try:
                yield read()
            except Undecided as error:
                self._doubt(error)
                self.found.may_ask_for_more = True

    def _is_sidecar(self, container: Container) -> bool:
        try:
            return container.is_sidecar
        except Undecided as error:
            self._doubt(error)
            return False

    def _own(self, container: Container) -> Amounts:
        """The requests of one container: its own, else its limits, else the defaults of the namespace."""
        limits = self._section(container, "limits")
        requests = self._section(container, "requests")
        # The API server's own defaults come before those of LimitRanges.
        for name in limits:
            requests.setdefault(name, limits[name])
        for name, value in self._default_requests().items():
            requests.setdefault(name, value)
        self.found.resources.update(requests)
        amounts = self._amounts(requests)
        for name, amount in amounts.items():
            if amount > self._largest.get(name, _NO_AMOUNT):
                self._largest[name] = amount
                self.found.places[name] = partial(_place, container, name)
        return amounts

    def _section(self, container: Container, name: str) -> dict[str, Any]:
        """Requests or limits as far as they are known; an unknown amount is None."""
        known: dict[str, Any] = {}
        try:
            section = getattr(container, name)
            for resource in section:
                try:
                    known[resource] = section[resource]
                except Undecided as error:
                    known[resource] = None
                    self._doubt(error)
        except Undecided as error:
            self._doubt(error)
            self.found.may_ask_for_more = True
        return known

    def _default_requests(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for item in self.limits:
            if item.get("type") != "Container":
                continue
            # As the API server fills in the LimitRange itself: what is asked for by default is at least the minimum.
            for section in ("defaultRequest", "default", "max", "min"):
                values = item.get(section)
                if isinstance(values, Mapping):
                    for name in values:
                        found.setdefault(name, values[name])
        return found

    def _amounts(self, quantities: Mapping[str, Any]) -> Amounts:
        amounts: Amounts = {}
        for name in quantities:
            amount = units(name, quantities[name])
            if amount is not None:
                amounts[name] = amount
        return amounts

    def _pod_level(self, pod: PodTemplate, running: Amounts) -> None:
        """Requests of the pod as a whole take the place of the sum; limits do where nothing else is asked for."""
        try:
            requests, limits = self._amounts(pod.requests), self._amounts(pod.limits)
        except Undecided as error:
            self._doubt(error)
            return
        for name in (*requests, *limits):
            if name not in {CPU, MEMORY} and not name.startswith(_HUGE_PAGES):
                continue
            if name in requests:
                running[name] = requests[name]
                self.found.places[name] = partial(pod.at, "resources", "requests", name)
            elif name not in running or name.startswith(_HUGE_PAGES):
                # Huge pages cannot be overcommitted: their limit is what the pod requests, whatever containers say.
                running[name] = limits[name]
                self.found.places[name] = partial(pod.at, "resources", "limits", name)

    def _doubt(self, error: Undecided) -> None:
        self.found.doubt = self.found.doubt or Doubt(error.why, error.source)


def _place(container: Container, resource: str) -> Place:
    place = container.at("resources", "requests", resource)
    return place if place.is_written else container.at("resources", "limits", resource)


def _add(total: Amounts, more: Mapping[str, int]) -> None:
    for name, amount in more.items():
        total[name] = total.get(name, 0) + amount


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> Amounts:
    total = dict(one)
    _add(total, other)
    return total


def _raise_to(total: Amounts, least: Mapping[str, int]) -> None:
    for name, amount in least.items():
        total[name] = max(total.get(name, 0), amount)
