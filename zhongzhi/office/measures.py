"""The measures of GB/T 9704-2012: page, lines, sizes of type, colours."""

from docx.shared import Mm, Pt, RGBColor

PAGE_WIDTH, PAGE_HEIGHT = Mm(210), Mm(297)
TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)
TEXT_WIDTH, TEXT_HEIGHT = Mm(156), Mm(225)
LINES_OF_PAGE, CHARACTERS_OF_LINE = 22, 28
LINE = Pt(28.95)
"""225 mm over 22 lines, down to a twentieth of a point: rounded up, the last line would not fit."""

NUMBER_2, SMALL_2, NUMBER_3, NUMBER_4, SMALL_4, NUMBER_5 = Pt(22), Pt(18), Pt(16), Pt(14), Pt(12), Pt(10.5)
TIGHTER = Pt(-0.25)
"""28 characters of 三号 are 158 mm; the text block is 156 mm wide."""

RED = RGBColor(0xD9, 0x00, 0x00)
RULE_OF_HEAD = Mm(170)
HEAD_OF_LETTER, FOOT_OF_LETTER = Mm(30), Mm(20)
MARK_BELOW_TEXT_EDGE = Mm(35)
MARK_SIZE = Pt(30)
"""小标宋 for the agency's name; the standard leaves the size to the eye, below 22 x 15 mm for one character."""
