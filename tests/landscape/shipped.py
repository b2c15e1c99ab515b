"""The sources that are shipped, for whoever builds without them: it takes a quarter of the time."""

from graph.sources.landscape import shipped

SHIPPED = tuple(sorted(path.parent.name for path in shipped().glob("*/source.toml")))
