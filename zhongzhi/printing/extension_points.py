"""Who writes the DOCX of a paper that was signed as words: the apps above, in `AppConfig.ready()`, by name."""

from collections.abc import Callable

writers: dict[str, Callable[[str], bytes]] = {}
