"""`python -m graph.stores --data FOLDER --release ID`: make the store of a release, and end."""

import sys

from graph.release.command import make_of_release
from graph.stores.files import make_store

if __name__ == "__main__":
    sys.exit(make_of_release("graph.stores", make_store))
