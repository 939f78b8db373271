"""`python -m ekslint`."""

from ekslint.cli.main import main

raise SystemExit(main())
