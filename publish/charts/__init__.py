"""Charts as inline SVG without script: shares over time, what rises and falls; and the door that lets only such charts through.

Drawing is pure: the same trends and language give the same bytes. A chart repeats what the words or the table beneath it say;
those are checked, and whoever does not see the chart misses nothing.
"""

from publish.charts.admission import admitted
from publish.charts.courses import spark, volumes
from publish.charts.moves import movers

__all__ = ["admitted", "movers", "spark", "volumes"]
