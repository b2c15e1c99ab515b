"""`python -m graph.search --data FOLDER --release ID`: keep the names of a release, and end."""

import os
import sys

from graph.release.command import make_of_release
from graph.search.files import make_names

if __name__ == "__main__":
    os.nice(10)  # queries come first
    sys.exit(make_of_release("graph.search", make_names))
