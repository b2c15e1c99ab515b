"""How to ask the service from one's own tools: commands and programs, with its own address."""

from dataclasses import dataclass

_SAMPLE = "SELECT ?name { ?who a kg:Organisation ; rdfs:label ?name } ORDER BY ?name"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of code. `name` is a part of addresses."""

    name: str
    title: str
    text: str


def snippets(root: str) -> tuple[Snippet, ...]:
    """Return what asks the service at `root`, which ends with a slash."""
    endpoint = f"{root}sparql"
    return (
        Snippet(
            "command-line",
            "Command line",
            f"curl {endpoint} -H 'Accept: text/csv' --data-urlencode \\\n"
            f"  query='{_SAMPLE}'\n\ntherascape query '{_SAMPLE}'",
        ),
        Snippet(
            "sparqlwrapper",
            "Python with SPARQLWrapper",
            "from SPARQLWrapper import JSON, SPARQLWrapper\n\n"
            f'client = SPARQLWrapper("{endpoint}", returnFormat=JSON)\n'
            f'client.setQuery("{_SAMPLE}")\n'
            'for row in client.queryAndConvert()["results"]["bindings"]:\n'
            '    print(row["name"]["value"])',
        ),
        Snippet(
            "pandas",
            "Python with pandas",
            "from urllib.parse import urlencode\n\nimport pandas as pd\n\n"
            f'query = "{_SAMPLE}"\n'
            f'table = pd.read_csv("{endpoint}?" + urlencode({{"query": query, "format": "csv"}}))',
        ),
        Snippet(
            "questions",
            "A question with a name, as CSV",
            f"curl '{root}api/v1/questions/players-in.csv?place=Brazil'",
        ),
        Snippet(
            "r",
            "R",
            f'players <- read.csv("{root}api/v1/questions/players-in.csv?place=Brazil")',
        ),
    )
