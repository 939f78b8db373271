"""What an EKS add-on is configured with."""

from collections.abc import Mapping
from typing import Any

from ekslint import Addon, embedded


def configuration_of(addon: Addon) -> Mapping[str, Any] | None:
    """The configuration values of an add-on, empty where none are given; None where nobody can read them.

    Undecided where they are unknown.
    """
    text = addon.configuration_values
    if text is None or not text.strip():
        return {}
    if "{{" in text or "${" in text:
        return None
    read = embedded(text, addon.at("configuration_values").source)
    if read.document.problems or not isinstance(read.root, Mapping):
        return None
    return read.root


def is_on(value: object) -> bool:
    """Whether a setting is on, be it written as a boolean or as a text (`"true"`)."""
    return value is True or (isinstance(value, str) and value.strip().lower() in {"true", "1"})


def environment_of(configuration: Mapping[str, Any]) -> Mapping[str, Any]:
    """The environment variables that add-ons of EKS take under `env`."""
    found = configuration.get("env")
    return found if isinstance(found, Mapping) else {}
