"""The rows of a CSV file, whatever saved it: encoding and separator are found out, line ends in cells are kept."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

SEPARATORS: Final = (",", "\t", ";", "|", "，", "；")
GB18030: Final = "gb18030"
MARKED: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def csv_rows(stream: BinaryIO, separator: str, encoding: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Number and cells of each row. A row ends where the file says so, not at any character that ends lines.

    Raises what damaged files raise: csv.Error, UnicodeDecodeError.
    """
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        lines = (line.replace("\0", "") for line in text)
        yield from enumerate(csv.reader(lines, delimiter=separator), start=1)
    finally:
        text.detach()


def encoding_of(stream: BinaryIO) -> str:
    """What the mark at the beginning says; else UTF-8 where the whole file is, else what Chinese spreadsheets write."""
    stream.seek(0)
    head = stream.read(3)
    marked = next((name for mark, name in MARKED.items() if head.startswith(mark)), None)
    stream.seek(0)
    return marked or ("utf-8" if _is_utf8(stream) else GB18030)


def _is_utf8(stream: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := stream.read(65536):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return True
