"""Which rules there are. Built-in ones are found through the generated index, so that only those that are needed are
imported; those of plugins through entry points, and only when the configuration asks for them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import NamedTuple

from ekslint.engine.rule import Rule

ENTRY_POINT_GROUP = "ekslint.rules"
_INDEX_MODULE = "ekslint_rules._index"


class IndexEntry(NamedTuple):
    """What is known of a built-in rule without importing it."""

    module: str
    category: str
    severity: str
    subjects: tuple[str, ...]
    dialects: tuple[str, ...]
    preview: bool


class RegistryError(Exception):
    """The rules cannot be put together: the message says which, and why."""


@dataclass(frozen=True)
class Registry:
    """All rules by name; built-in ones as index entries, those of plugins loaded."""

    index: Mapping[str, IndexEntry]
    plugins: Mapping[str, Rule]

    @property
    def names(self) -> frozenset[str]:
        """The names of all rules."""
        return frozenset(self.index) | frozenset(self.plugins)

    @property
    def categories(self) -> frozenset[str]:
        """The categories that have a rule."""
        built_in = {entry.category for entry in self.index.values()}
        return frozenset(built_in | {rule.category for rule in self.plugins.values()})

    def category_of(self, name: str) -> str:
        """The category of a rule."""
        return self.plugins[name].category if name in self.plugins else self.index[name].category

    def is_preview(self, name: str) -> bool:
        """Whether a rule runs only where it is selected by its own name."""
        return self.plugins[name].preview if name in self.plugins else self.index[name].preview

    def load(self, names: Iterable[str], kinds: Collection[str] | None = None) -> list[Rule]:
        """The rules of these names, in order of name.

        `kinds` are the class names that occur in the estate, base classes included: rules that visit none of them
        are not even imported.
        """
        rules: list[Rule] = []
        for name in sorted(names):
            if name in self.plugins:
                rules.append(self.plugins[name])
                continue
            entry = self.index[name]
            if kinds is not None and not any(subject in kinds for subject in entry.subjects):
                continue
            loaded = getattr(import_module(entry.module), name.replace("-", "_"), None)
            if not isinstance(loaded, Rule):
                raise RegistryError(f"{entry.module} has no rule {name}: regenerate the index")
            rules.append(loaded)
        return rules


def registry(plugins: bool | Collection[str] = False) -> Registry:
    """The built-in rules, and those of the plugins that are asked for (by entry-point name, or True for all).

    RegistryError where two rules share a name, or a plugin cannot be loaded.
    """
    index: Mapping[str, IndexEntry] = {
        name: IndexEntry(*entry) for name, entry in import_module(_INDEX_MODULE).RULES.items()
    }
    if not plugins:
        return Registry(index, {})
    return Registry(index, _plugin_rules(index, None if plugins is True else frozenset(plugins)))


def _plugin_rules(index: Mapping[str, IndexEntry], wanted: frozenset[str] | None) -> dict[str, Rule]:
    from importlib.metadata import entry_points

    rules: dict[str, Rule] = {}
    found = sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: (point.name, point.value))
    missing = (wanted or frozenset()) - {point.name for point in found}
    if missing:
        raise RegistryError(
            f"plugin {min(missing)} is not installed: no entry point of that name in {ENTRY_POINT_GROUP}"
        )
    for point in found:
        if wanted is not None and point.name not in wanted:
            continue
        try:
            offered = list(point.load()())
        except Exception as error:
            # A plugin is a stranger's code: whatever it raises must name the plugin.
            raise RegistryError(f"plugin {point.name} ({point.value}) cannot be loaded: {error!r}") from error
        for each in offered:
            if not isinstance(each, Rule):
                raise RegistryError(f"plugin {point.name} ({point.value}) offers {each!r}, which is no rule")
            other = index[each.name].module if each.name in index else None
            other = other or (rules[each.name].check.__module__ if each.name in rules else None)
            if other is not None:
                raise RegistryError(f"two rules are called {each.name}: {other} and {each.check.__module__}")
            rules[each.name] = each
    return rules
