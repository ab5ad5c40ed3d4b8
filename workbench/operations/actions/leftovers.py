"""Folders in which an archive is made or unpacked, and what a kill left of them."""

import shutil
import time
from pathlib import Path
from typing import Final

MAKING: Final = ".making-"
"""Beside the archives, while one is made."""
RESTORING: Final = ".restoring-"
"""In the data folder, while one is restored; it holds the dump in the clear."""
FORGOTTEN_AFTER: Final = 24 * 3600


def forget_half_made(folder: Path, prefix: str) -> None:
    """Remove what a killed program left in a folder a day ago or more; never of one that still runs."""
    for path in folder.glob(f"{prefix}*"):
        if path.lstat().st_mtime < time.time() - FORGOTTEN_AFTER:
            shutil.rmtree(path, ignore_errors=True)
