"""Invented names and numbers of the demo county, the same on every machine."""

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
FIRST = "建国海春玉秀桂文志永德长福宝金凤明晓立新振宏少云景丽"
SECOND = "华军平英兰芳强勇峰霞梅山林生友成民荣辉龙刚艳红娟"
MONGOL = (
    "巴图",
    "乌日娜",
    "那仁",
    "萨仁花",
    "宝音",
    "斯琴",
    "苏和",
    "娜仁花",
    "朝鲁",
    "其木格",
    "哈斯",
    "格日勒",
    "巴雅尔",
    "乌兰",
    "青格勒",
    "阿古拉",
)


def name_of(number: int) -> str:
    """The name of the person of this number; one in six is Mongolian."""
    if number % 6 == 5:
        return MONGOL[number // 6 % len(MONGOL)]
    turn = number // len(SURNAMES)
    first, second = FIRST[(turn + number) % len(FIRST)], SECOND[(turn * 7 + number * 3) % len(SECOND)]
    return SURNAMES[number % len(SURNAMES)] + first + second


def phone_of(number: int) -> str:
    """A number of a range that is not given out to subscribers."""
    return f"1990000{number:04d}" if number < 10_000 else f"199001{number:05d}"
