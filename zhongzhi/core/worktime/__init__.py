"""Working days, office hours, and when a time limit is due.

Day clocks: the day a clock starts is not counted, whether it was a working day or not and whatever the hour; a
limit ends when the office closes on its last day (民法典 art. 201, 203), and a last day on which the office does
not work moves to the next working day (民事诉讼法 art. 85, 民法典 art. 203). A month ends on the same day of a
later month, or on its last day when there is none such (民法典 art. 202).
Hour clocks run from the moment they are started; one in office hours that is started while the office is closed
runs from its next opening.

All moments must carry a time zone (ValueError else); answers are in Asia/Shanghai, which has
no summer time (since 1992).
"""

from zhongzhi.core.worktime.calendar import SHANGHAI, OfficeHours, Span, WorkCalendar
from zhongzhi.core.worktime.limits import Unit, due

__all__ = ["SHANGHAI", "OfficeHours", "Span", "Unit", "WorkCalendar", "due"]
