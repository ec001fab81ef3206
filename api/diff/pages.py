"""A comparison as one HTML page that opens offline: no script, no style and no picture from elsewhere."""

from jinja2 import Environment, PackageLoader

from api.diff.comparison import Comparison
from api.diff.document import diff_document
from api.diff.text import LEFT, headlines, place, tables

# So many of those who move stand on the page; the JSON document has all.
MOST_MOVES = 500


def diff_page(found: Comparison) -> str:
    """The page of a comparison."""
    told = diff_document(found)
    pages = Environment(loader=PackageLoader("api"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return pages.get_template("diff.html").render(
        told=told,
        headlines=headlines(told)[1:],
        tables=[*tables(told)],
        most=MOST_MOVES,
        place=place,
        left=LEFT,
    )
