"""Regenerate the data tables of ekslint from pinned packages, or from AWS itself.

    python tools/refresh_facts.py --cache DIR            write the tables
    python tools/refresh_facts.py --cache DIR --check    compare them; exit 1 and name those that differ

The packages are read as archives and never imported. The same pins give the same bytes on every machine.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import facts_calendar
import facts_enums
import facts_instance_types
import facts_kubernetes
import facts_policies
import facts_regions
from facts_aws import AwsSource
from facts_sources import RegistrySource

DATA = Path(__file__).parent.parent / "linter" / "ekslint" / "facts" / "data"
_WRITERS = (facts_enums, facts_instance_types, facts_kubernetes, facts_policies, facts_regions)
_CALENDAR = "kubernetes_versions.tsv"


def regenerated(source: RegistrySource, data: Path) -> dict[str, bytes]:
    """Every generated table by its file name. `data` holds the hand-kept ones, which AWS may bring up to date."""
    texts = {name: text for writer in _WRITERS for name, text in writer.tables(source)}
    if isinstance(source, AwsSource):
        texts[_CALENDAR] = facts_calendar.merged((data / _CALENDAR).read_text(), source.kubernetes_versions())
    return {name: text.encode() for name, text in sorted(texts.items())}


def differing(tables: dict[str, bytes], data: Path) -> list[str]:
    """The names of the tables that `data` does not hold byte for byte."""
    return [name for name, text in tables.items() if not (data / name).is_file() or (data / name).read_bytes() != text]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True, help="folder that keeps the downloaded packages")
    parser.add_argument("--source", choices=("registry", "aws"), default="registry", help="default: registry")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a table differs")
    parser.add_argument("--date", type=date.fromisoformat, default=None, help="the day to write into tables from AWS")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the tables")
    options = parser.parse_args(arguments)
    source: RegistrySource
    if options.source == "aws":
        source = AwsSource(options.cache, options.date or date.today())
    else:
        source = RegistrySource(options.cache)
    tables = regenerated(source, options.data)
    changed = differing(tables, options.data)
    for name in changed:
        print(name)
        if not options.check:
            (options.data / name).write_bytes(tables[name])
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
