"""What a rule is: a generator function, and what its decorator makes of it."""

import inspect
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Union, get_args, get_origin, get_type_hints

from ekslint.engine.diagnostic import RuleDescription
from ekslint.engine.finding import Finding
from ekslint.engine.severity import Severity

Check = Callable[..., Iterator[Finding]]

_DIALECTS_OF_SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "Cluster": ("eksctl", "cloudformation"),
    "ClusterConfig": ("eksctl",),
    "EksctlNodeGroup": ("eksctl",),
    "NodeGroup": ("eksctl", "cloudformation"),
    "FargateProfile": ("eksctl", "cloudformation"),
    "KarpenterPool": ("karpenter",),
    "Pool": ("eksctl", "cloudformation", "karpenter"),
    "Role": ("cloudformation",),
    "Instance": ("cloudformation",),
}


class RuleDefinitionError(Exception):
    """A rule is not written as a rule must be."""


@dataclass(frozen=True)
class Rule:
    """A rule, as the engine runs it."""

    name: str
    category: str
    severity: Severity
    check: Check
    subjects: tuple[type, ...]
    """The kinds of entity that it visits, subclasses included."""
    since: str
    tags: tuple[str, ...] = ()
    preview: bool = False
    dialects: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    """Option name → default."""

    @property
    def documentation(self) -> str:
        """The docstring, as Markdown."""
        return inspect.cleandoc(self.check.__doc__ or "")

    def describe(self) -> RuleDescription:
        """What reports and `ekslint explain` show."""
        return RuleDescription(
            name=self.name,
            category=self.category,
            severity=self.severity,
            summary=self.documentation.split("\n", 1)[0],
            documentation=self.documentation,
            since=self.since,
            tags=self.tags,
            preview=self.preview,
            dialects=self.dialects,
            options=dict(self.options) or None,
        )


def rule(
    severity: Severity,
    *,
    since: str,
    tags: Iterable[str] = (),
    preview: bool = False,
    dialects: Iterable[str] | None = None,
    category: str | None = None,
) -> Callable[[Check], Rule]:
    """Make a rule of a generator function.

    The function's name is the rule's name, its package the category, its docstring the documentation, its first
    parameter's annotation what it visits (a class, or a union of classes), its keyword-only parameters its options.
    RuleDefinitionError where one of them is missing.

    `dialects` names what the rule can read, where the kinds that it visits do not tell; `category` is for plugins.
    """

    def make(check: Check) -> Rule:
        subjects = _subjects_of(check)
        known = dialects if dialects is not None else _dialects_of(subjects)
        return Rule(
            name=check.__name__.replace("_", "-"),
            category=category or _category_of(check),
            severity=severity,
            check=check,
            subjects=subjects,
            since=since,
            tags=tuple(tags),
            preview=preview,
            dialects=tuple(known),
            options=_options_of(check),
        )

    return make


def _subjects_of(check: Check) -> tuple[type, ...]:
    parameters = list(inspect.signature(check).parameters.values())
    if not parameters:
        raise RuleDefinitionError(f"{check.__name__} takes no subject")
    hint = get_type_hints(check).get(parameters[0].name)
    kinds = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    if not all(isinstance(kind, type) for kind in kinds):
        raise RuleDefinitionError(f"the first parameter of {check.__name__} needs a class as its annotation")
    return kinds


def _options_of(check: Check) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for parameter in inspect.signature(check).parameters.values():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            if parameter.default is inspect.Parameter.empty:
                raise RuleDefinitionError(f"option {parameter.name} of {check.__name__} needs a default")
            options[parameter.name.replace("_", "-")] = parameter.default
    return options


def _category_of(check: Check) -> str:
    package = check.__module__.rpartition(".")[0]
    return package.rpartition(".")[2] or "plugin"


def _dialects_of(subjects: tuple[type, ...]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for kind in subjects:
        for base in kind.__mro__:
            if base.__name__ in _DIALECTS_OF_SUBJECTS:
                found.update(dict.fromkeys(_DIALECTS_OF_SUBJECTS[base.__name__]))
                break
        else:
            found["kubernetes"] = None
    return tuple(found)
