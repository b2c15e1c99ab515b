"""`python -m graph.template`: `graph.template.client` starts it, with options on standard input."""

import sys

from graph.template.program import main

sys.exit(main())
