"""What a rule says."""

from collections.abc import Sequence
from dataclasses import dataclass

from ekslint.engine.severity import Severity
from ekslint.model.entity import Place


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a rule, before it is settled."""

    place: Place
    """`entity.at(…)`: the key or value to blame, or the nearest thing that exists."""
    message: str
    """A full sentence about this case, without a closing period: names, values, what follows from them."""
    label: str | None = None
    """A few words for the caret line."""
    help: str | None = None
    """What to do about it."""
    related: Sequence[tuple[Place, str]] = ()
    """The other ends, with what to say there."""
    notes: Sequence[str] = ()
    lower: int = 0
    """Steps by which it counts less than the rule: `cluster.tolerance`, `cluster.may_be_partial`."""
    severity: Severity | None = None
    """Where the same rule is worse or better than its usual severity."""
    discriminator: str = ""
    """What tells two findings at one place apart, if anything does; part of the fingerprint."""

    rests_on: Sequence[Place] = ()
    """Other values without which it would not hold. Where one of them came by the default of a parameter, it is said,
    and an error counts as a warning: whoever deploys the template may say otherwise."""

    @property
    def default_parameter(self) -> str | None:
        """The parameter by whose default it holds, if it does not hold whatever the parameters are."""
        places = (self.place, *self.rests_on)
        return next((place.by_default for place in places if place.by_default is not None), None)

    def counts_as(self, usual: Severity) -> Severity:
        """How bad it is, where findings of its rule are `usual` and it does not say otherwise by itself."""
        return self.settled(self.severity or usual)

    def settled(self, severity: Severity) -> Severity:
        """A severity after what this case takes from it: `lower`, and a default that a deployment may replace."""
        severity = severity.lowered(self.lower)
        return severity if self.default_parameter is None else min(severity, Severity.WARNING)
