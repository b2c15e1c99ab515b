"""`python -m graph.network --data FOLDER --release ID`: make the network of a release, and end."""

import sys

from graph.network.files import store_network
from graph.release.command import make_of_release

if __name__ == "__main__":
    sys.exit(make_of_release("graph.network", store_network))
