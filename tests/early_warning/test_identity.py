"""The same two sides: over spellings, missing papers and phones, and never over papers that differ."""

from random import Random

import pytest

from early_warning.detection.identity import Identity, Likeness, likeness, same_two_sides

ONE, OTHER = frozenset([b"1"]), frozenset([b"2"])


@pytest.mark.parametrize(
    ("a", "b", "like"),
    [
        (Identity("王秀英", ONE), Identity("王秀荣", ONE), Likeness.NUMBER),
        (Identity("王秀英", ONE, village="v"), Identity("王秀英", OTHER, village="v"), Likeness.NONE),
        (Identity("付海", phones=ONE), Identity("傅海", phones=ONE), Likeness.NUMBER),
        (Identity("付海", phones=ONE), Identity("张强", phones=ONE), Likeness.NONE),
        (Identity("付海", village="v"), Identity("傅海", village="v"), Likeness.NAME),
        (Identity("付海", village="v"), Identity("付海", village="w"), Likeness.NONE),
        (Identity("王秀英", village="v"), Identity("王秀云", village="v"), Likeness.NEAR),
        (Identity("劉海", village="v"), Identity("刘海", village="v"), Likeness.NAME),
        (Identity("", village="v"), Identity("", village="v"), Likeness.NONE),
    ],
)
def test_how_sure_it_is_that_two_rows_are_one_person(a: Identity, b: Identity, like: Likeness) -> None:
    assert likeness(a, b) == likeness(b, a) == like


def test_two_names_that_are_nearly_alike_are_not_enough() -> None:
    a, b = [Identity("王秀英", village="v")], [Identity("李文华", village="v")]
    c, d = [Identity("王秀云", village="v")], [Identity("李文画", village="v")]
    e = [Identity("李文花", village="v")]
    assert same_two_sides((a, b), (c, d))
    assert not same_two_sides((a, b), (c, [Identity("李文生", village="v")]))
    assert same_two_sides((a, b), (e, a))


SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "秀英桂兰海涛建国志强文华玉珍长顺永福明辉"
TYPOS = {"付": "傅", "海": "骸", "英": "瑛", "建": "健", "文": "纹", "玉": "育", "明": "铭", "志": "智", "长": "常"}


def a_name(random: Random) -> str:
    return random.choice(SURNAMES) + "".join(random.choice(GIVEN) for _ in range(2))


def written_again(person: Identity, random: Random) -> Identity:
    """As another clerk types it: a character that sounds alike, no paper, no phone."""
    name = "".join(TYPOS.get(char, char) if random.random() < 0.3 else char for char in person.name)
    papers = person.papers if random.random() < 0.5 else frozenset[bytes]()
    phones = person.phones if random.random() < 0.5 else frozenset[bytes]()
    return Identity(name, papers, phones, person.village)


def test_the_same_two_sides_are_linked_as_often_as_asked_for() -> None:
    """F1 of at least 0.97 over 300 pairs of 20 villages, each written three times."""
    random, matters = Random(7), []
    for pair in range(300):
        village = f"v{pair % 20}"
        sides_of_pair = [
            Identity(a_name(random), frozenset([b"p%d" % n]), frozenset([b"t%d" % n]), village)
            for n in (2 * pair, 2 * pair + 1)
        ]
        matters += [
            (pair, ([written_again(sides_of_pair[0], random)], [written_again(sides_of_pair[1], random)]))
            for _ in range(3)
        ]
    right = wrong = missed = 0
    for at, (pair, sides) in enumerate(matters):
        for other, again in matters[at + 1 :]:
            linked = same_two_sides(sides, again)
            right += linked and pair == other
            wrong += linked and pair != other
            missed += not linked and pair == other
    assert 2 * right / (2 * right + wrong + missed) >= 0.97, (right, wrong, missed)
