"""The configuration, `.ekslint.yaml`: finding it, checking it, and what it says."""

from ekslint.config.errors import ConfigurationError as ConfigurationError
from ekslint.config.loading import find_configuration as find_configuration
from ekslint.config.loading import load_configuration as load_configuration
from ekslint.config.loading import parse_configuration as parse_configuration
from ekslint.config.model import Configuration as Configuration
from ekslint.config.model import ConfiguredCluster as ConfiguredCluster
from ekslint.config.names import check_names as check_names
from ekslint.config.names import name_problem as name_problem
from ekslint.config.names import resolve_options as resolve_options
from ekslint.config.validation import schema as schema
