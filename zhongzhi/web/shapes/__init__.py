"""One declaration of what is handed in: the form of a page, the serializer of the API and the columns of a table are
made from it.

A `Shape` names the values; each value is of a `Kind`, which knows its label, help, limits and codes. An entry that is
kept as a dataclass declares the kinds on its fields (`declared`). CONTRIBUTING.md says how to add a field
or an act.
"""

from zhongzhi.web.shapes.forms import Fold, ShapeForm
from zhongzhi.web.shapes.kinds import ApiField, Ask, Kind
from zhongzhi.web.shapes.numbers import Amount, Count, Day, Moment, today
from zhongzhi.web.shapes.options import Choice, Several, Tick, YesNo
from zhongzhi.web.shapes.rows import RowChoice, RowChoices, Rows
from zhongzhi.web.shapes.shape import Shape, ShapeSerializer, declared, shape_of
from zhongzhi.web.shapes.texts import Line, Text, Upload, Words
from zhongzhi.web.shapes.usual import NOTE, NOTHING, OPTIONAL_REASON, REASON

__all__ = [
    "NOTE",
    "NOTHING",
    "OPTIONAL_REASON",
    "REASON",
    "Amount",
    "ApiField",
    "Ask",
    "Choice",
    "Count",
    "Day",
    "Fold",
    "Kind",
    "Line",
    "Moment",
    "RowChoice",
    "RowChoices",
    "Rows",
    "Several",
    "Shape",
    "ShapeForm",
    "ShapeSerializer",
    "Text",
    "Tick",
    "Upload",
    "Words",
    "YesNo",
    "declared",
    "shape_of",
    "today",
]
