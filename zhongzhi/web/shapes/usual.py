"""Shapes that many acts take."""

from zhongzhi.web.shapes.shape import Shape
from zhongzhi.web.shapes.texts import Words

NOTHING = Shape("NothingIn", "No input.")
REASON = Shape("ReasonIn", reason=Words("理由"))
OPTIONAL_REASON = Shape("OptionalReasonIn", reason=Words("说明", required=False, rows=2))
NOTE = Shape("NoteIn", note=Words("意见", required=False, rows=2))
