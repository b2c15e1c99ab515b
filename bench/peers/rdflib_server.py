"""rdflib-endpoint over a file of N-Quads: a script for the Python that has it installed.

The default graph is the union of the graphs, which rdflib holds as a set: the RDF merge.
"""

import sys

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint

dataset = Dataset(default_union=True)
dataset.parse(sys.argv[1], format="nquads")
uvicorn.run(SparqlEndpoint(graph=dataset), port=int(sys.argv[2]), log_level="warning")
