"""What a template of a document may say: so little that no template can run long or write much.

A county changes the words of its documents; what it writes runs on the server, in transactions of the clock too. A
limit of seconds would have to stop a thread in its midst, so the language itself is small: words, conditions, and one
loop through a list of the document, with another never inside it. Nothing repeats, multiplies or calls but what is
named here.
"""

from collections.abc import Collection, Iterator

from jinja2 import TemplateSyntaxError, nodes

LONGEST = 5_000
TESTS = ("defined", "none")
FILTERS = ("default", "first", "last", "length", "trim")
METHODS = ("endswith", "lstrip", "rstrip", "startswith", "strip")
PLAIN = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.CondExpr),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Concat, nodes.Tuple, nodes.Keyword),
)


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
