"""CloudFormation templates, SAM and the CDK's output included: what they declare of EKS."""

from ekslint.loaders.cloudformation.loading import is_template as is_template
from ekslint.loaders.cloudformation.loading import load_template as load_template
from ekslint.loaders.cloudformation.stacks import Stacks as Stacks
