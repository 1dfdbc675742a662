"""`python -m adapters` is the `waymark` command."""

import sys

from adapters.cli import main

sys.exit(main())
