"""How much people like to do what they are offered: as in an office, and rather what was hardly ever done."""


def _each(weights: dict[float, str]) -> dict[str, float]:
    """The weight of each act, of lists of those that weigh the same."""
    return {name: weight for weight, names in weights.items() for name in names.split()}


FREQUENT = _each(
    {
        12: "close archive hold agreement",
        9: "accept report-outcome follow-up consent sign take-force",
        6: "dispatch sign-part report-part perform ruling acceptance take-guidance sign-guidance decide-return",
        5: "mediate plan resume done decide-extension decide-answer read-direction answer-direction take-up",
        4: "split receive answer recall submit review issue",
        3: "road-result note-service confirm mediate mediate-now list-obligations return-to-court",
        2: "file enter",
    }
)
SELDOM = _each(
    {
        0.7: "draft return cancel add-task ask-extension add-co-handlers refuse-guidance restore adjourn lead-on",
        0.5: "escalate hand-down guide revise merge extend reopen send-back open withdraw-consent",
        0.4: "hang-up suspend regrade release release-part withdraw unsign void reissue correct-road-result",
        0.2: "meeting mark-care edit urge direct write-note read-mentions name-leader",
        0.1: "restrict recuse violence",
        0.01: "link-repeat unlink-repeat",
    }
)
"""How often people reach for what they are offered; everything else once."""
AT_LEAST = 0.1
"""So often people do what leads nowhere where nothing else is to be done, however little patience they have."""
TIRED = 0.02
"""How little patience is left when people end what comes to no end by itself."""
NEVER, RATHER = 96, 0.5
"""How often people reach for what was never done; in how many records of care they do what was hardly done."""
ENOUGH, UNTRIED, ON_THE_WAY = 3, 16, 4
"""What was done fewer times than this, or leads to what was never done, is chosen so many times as often, however much
people have done before; what has to be done before it, so many times."""
AGREED = ("调解协议 unsign", "调解协议 lead-on", "调解协议 list-obligations", "调解协议 revise")
CARED = ("特殊关爱 assessment", "特殊关爱 consent", "特殊关爱 visit", "特殊关爱 withdraw", "特殊关爱 end")
MORE_TIME = ("函单 extend", "函单 decide-extension")
LEADS_TO = {
    "guide": ("sign-guidance", "take-guidance", "refuse-guidance"),
    "add-co-handlers": ("sign-part", "report-part", "return-part"),
    "dispatch": ("sign-part", "report-part", "return-part"),
    "send-back": ("调解协议 revise",),
    "reopen": ("调解协议 revise",),
    "mediate": AGREED,
    "draft": ("函单 send-back", "函单 issue", *MORE_TIME),
    "函单 submit": ("函单 send-back", *MORE_TIME),
    "函单 review": MORE_TIME,
    "函单 sign": ("函单 issue", "函单 answer", *MORE_TIME),
    "函单 issue": ("函单 answer", "函单 decide-answer", *MORE_TIME),
    "函单 extend": ("函单 decide-extension",),
    "调解协议 confirm": ("司法确认 extend",),
    "履行 perform": ("卷宗 add",),
    "add-task": ("联动任务 done", "联动任务 release"),
    "特殊关爱 open": CARED,
    "调解协议 draft": AGREED,
    "会期 hold": AGREED,
    "调解 plan": AGREED,
    "函单 receive": ("函单 answer", "函单 decide-answer", *MORE_TIME),
    "函单 answer": ("函单 decide-answer",),
    "return": ("decide-return",),
    "mark-care": CARED,
}
"""What can only be done after something else."""
BREAKS_WORD = 0.1
"""How often a performance is there to be recorded where the debtor does not keep their word."""
WITH_PROOF = 0.4
"""So often a performance is recorded with its proof; else the proof comes later, into the file."""
ENDING = {"withdraw": 0.9, "guide": 0.5, "merge": 0.5}
"""What ends a case at once, and how often people think better of it while they have patience."""
