"""Shapes that many acts take."""

from zhongzhi.web.shapes.shape import Shape
from zhongzhi.web.shapes.texts import Text

NOTHING = Shape("NothingIn", "No input.")
REASON = Shape("ReasonIn", reason=Text("理由"))
OPTIONAL_REASON = Shape("OptionalReasonIn", reason=Text("说明", required=False, rows=2))
NOTE = Shape("NoteIn", note=Text("意见", required=False, rows=2))
