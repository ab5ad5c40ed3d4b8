"""Templates that a county writes: what they may say, so little that none can run long or write much, and their text.

A county changes the words of its documents and messages; what it writes runs on the server, in transactions of the
clock too. A limit of seconds would have to stop a thread in its midst, so the language itself is small: words,
conditions, and one loop through a list of the document, with another never inside it. Nothing repeats, multiplies or
calls but what is named here.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from zhongzhi.core.errors import RuleViolation

LONGEST = 5_000
LONGEST_TEXT = 10_000
MOST_WRITTEN = 4 * LONGEST_TEXT
"""Blank lines and indents count until they are taken away."""
TESTS = ("defined", "none")
FILTERS = ("default", "first", "last", "length", "trim")
METHODS = ("endswith", "lstrip", "rstrip", "startswith", "strip")
PLAIN = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.CondExpr),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Concat, nodes.Tuple, nodes.Keyword),
)

_environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=False, autoescape=False)


@dataclass(frozen=True, eq=False)
class Wording:
    """A kind of text with the words that its templates may use, each with an example; `what` names it in refusals."""

    what: str
    words: Mapping[str, Any]

    def written(self, template: str, facts: Mapping[str, Any]) -> str:
        """The text of a template for these facts; a word of which none is known is empty. Raises RuleViolation for a
        template that cannot be read."""
        try:
            text = _compiled(self, template)(facts)
        except (TemplateError, TypeError, ValueError, OverflowError) as error:
            raise RuleViolation(f"{self.what}有误，请管理员修改：{error}") from error
        return "\n".join(line.strip() for line in text.splitlines() if line.strip())[:LONGEST_TEXT]

    def example(self, template: str, *, field: str) -> str:
        """The text with the example words. RuleViolation at the field for a template that cannot be read."""
        try:
            return self.written(template, self.words)
        except RuleViolation as error:
            raise RuleViolation(f"{error.message}。可用的词：{'、'.join(self.words)}。", field=field) from error

    @property
    def lists(self) -> list[str]:
        """The words that a loop may go through."""
        return [name for name, example in self.words.items() if isinstance(example, tuple)]


@lru_cache(maxsize=64)
def _compiled(wording: Wording, template: str) -> Callable[[Mapping[str, Any]], str]:
    """A template ready to be filled: what it may see is put together once, not for each text."""
    check_language(_environment.parse(template), template, wording.lists)
    ready = _environment.from_string(template)
    empty = {name: () if isinstance(example, tuple) else "" for name, example in wording.words.items()}
    known = {**ready.globals, **empty}

    def filled(facts: Mapping[str, Any]) -> str:
        return _up_to_limit(ready.root_render_func(ready.new_context({**known, **facts}, shared=True)))

    return filled


def _up_to_limit(pieces: Iterable[str]) -> str:
    """Piece by piece, so that too much is refused before it is there."""
    found, length = [], 0
    for piece in pieces:
        length += len(piece)
        if length > MOST_WRITTEN:
            raise ValueError(f"写出的文字超过{MOST_WRITTEN}字")
        found.append(piece)
    return "".join(found)


def check_language(tree: nodes.Template, source: str, lists: Collection[str]) -> None:
    """Refuse what is beyond the language (TemplateSyntaxError, with the line). `lists` are the words that a loop may
    go through."""
    if len(source) > LONGEST:
        raise TemplateSyntaxError(f"模板超过{LONGEST}字", 1)
    for node in _all(tree):
        why = _why_not(node, lists)
        if why:
            raise TemplateSyntaxError(f"第 {node.lineno} 行：{why}", node.lineno)


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _all(child)


def _why_not(node: nodes.Node, lists: Collection[str]) -> str:
    """What is wrong with one piece; empty for what the language has."""
    if isinstance(node, PLAIN):
        return ""
    if isinstance(node, nodes.For):
        return _why_no_loop(node, lists)
    if isinstance(node, nodes.Filter):
        return "" if node.name in FILTERS else f"不能用过滤器“{node.name}”，可用：{'、'.join(FILTERS)}"
    if isinstance(node, nodes.Test):
        return "" if node.name in TESTS else f"不能用判断“{node.name}”"
    if isinstance(node, nodes.Getattr):
        is_counter = isinstance(node.node, nodes.Name) and node.node.name == "loop"
        return "" if is_counter or node.attr in METHODS else f"不能用“.{node.attr}”"
    if isinstance(node, nodes.Call):
        called = node.node
        return "" if isinstance(called, nodes.Getattr) and called.attr in METHODS else "不能调用函数"
    return "只能写文字、词、条件和一层循环"


def _why_no_loop(node: nodes.For, lists: Collection[str]) -> str:
    if not isinstance(node.iter, nodes.Name) or node.iter.name not in lists or node.recursive:
        return f"循环只能逐项列出：{'、'.join(lists)}"
    inside = (child for part in node.body for child in _all(part))
    return "循环里不能再有循环" if any(isinstance(child, nodes.For) for child in inside) else ""
