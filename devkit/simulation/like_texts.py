"""Texts of cases whose kind is known, written in varied words: a labelled set for the ranking of similar cases.

Of each kind there are words for what it is about and words for what happened; each text takes a few of them and fills
up with what stands in every record. Two texts of one kind share some words, seldom all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

# ruff: noqa: E501 - a table of words
KINDS: dict[str, dict[str, tuple[str, str]]] = {
    "02": {
        "地界": ("地界 地边 界石 田埂 垄沟 界桩 地头 两家的地中间", "多耕了一垄 越过界 往外犁 挪了石头 种过了线 占了半垄 把沟填了"),
        "草场": ("草场 草库伦 打草的地方 网围栏 牧场 放牧点 夏营地", "羊群进来吃草 赶牛过来 剪了铁丝 把栏推倒 抢先打草 放马踩了"),
        "流转": ("流转的地 租地合同 承包费 转包协议 大户 土地租金 五年的租期", "提前收回 租金没给 涨价 不退地 又转给别人 到期不交还"),
        "征地": ("征地补偿 青苗费 占地款 修路占的地 安置费 测绘面积", "量少了 钱没发下来 分得不公 漏登了 标准太低 名单上没有"),
        "用水": ("机井 水渠 灌溉 浇地 水闸 轮水 电表井", "抢水 把渠堵了 不按次序 截了水 井坏了没人修 水费多收"),
    },
    "09": {
        "噪音": ("楼上 半夜 音响 广场舞 装修 电钻 孩子跑跳", "吵得睡不着 声音太大 劝了不听 影响休息 敲墙"),
        "漏水": ("卫生间 管道 天花板 防水 暖气片 楼下", "漏下来 泡了地板 墙皮掉了 渗水 不肯修 返水"),
        "采光": ("窗户 新盖的房 院墙 高树 彩钢棚 后排", "挡了阳光 遮住了 屋里黑 不透风 越盖越高"),
        "宠物": ("狗 大型犬 猫 鸡笼 鸽子 牵绳", "咬了人 乱叫 拉在楼道 没拴 追孩子 气味大"),
        "通道": ("过道 胡同 楼道 车位 大门口 消防通道", "堆杂物 停车挡路 上了锁 砌了墙 出不去"),
    },
    "04": {
        "借款": ("借条 欠条 本金 高利息 朋友 转账记录", "到期不还 躲着不见 电话不接 只还了一部分 否认借过"),
        "担保": ("担保人 银行 贷款 签字 保证合同 信用社", "替人还钱 被列入名单 工资被划 找不到借款人"),
        "买卖": ("货款 玉米 牛犊 化肥 饲料 定金", "没付清 质量不好 退货 少给斤两 死了几头"),
        "租房": ("房租 押金 门市 租客 合同到期 水电费", "不退押金 提前搬走 涨租 换了锁 拖欠几个月"),
        "合伙": ("合伙 股份 账本 饭店 砖厂 分红", "账目不清 要退股 亏了不认 独占收入 散伙"),
    },
    "01": {
        "离婚": ("夫妻 感情 分居 结婚证 彩礼 娘家", "过不下去 要离 摔东西 互不说话 带孩子走了"),
        "赡养": ("老人 儿女 养老钱 轮流照看 医药费 老房", "不管 推来推去 不给生活费 没人送饭 不来看"),
        "抚养": ("孩子 抚养费 上学 探望 户口 奶奶", "不让见 拖着不付 接走不还 学费没人交"),
        "继承": ("遗产 存折 父亲去世 老宅 遗嘱 兄弟姐妹", "分不均 抢先过户 瞒着取走 嫁出去的不给"),
        "家产": ("分家 院子 祖屋 妯娌 树木 拖拉机", "说好的不认 搬走了 重新分 锁了仓房"),
    },
    "07": {
        "工资": ("工资 包工头 工地 农民工 结算单 三个月", "拖欠 说没钱 跑了 推给开发商 只发生活费"),
        "工伤": ("受伤 医院 脚手架 机器 手指 伤残", "不认工伤 医药费不付 没上保险 私了太少"),
        "社保": ("养老保险 社保 缴费 单位 工龄 退休", "没有缴 断了几年 基数低 补缴不办"),
        "辞退": ("辞退 合同 赔偿 试用期 通知 怀孕", "突然让走 不给补偿 没有理由 停了岗"),
        "加班": ("加班费 双休 夜班 调休 打卡 年假", "不算钱 强制加班 不让休 扣了绩效"),
    },
    "08": {
        "电器": ("冰箱 电视 手机 洗衣机 热水器 三包", "修了几次还坏 不给换 说过了保修 翻新机"),
        "培训": ("培训班 学费 课程 驾校 健身卡 老师", "关门了 不退钱 换了教练 课没上完"),
        "餐饮": ("饭店 外卖 火锅 宴席 菜里 后厨", "吃坏肚子 有虫子 多收钱 临时取消"),
        "美容": ("美容院 染发 办卡 项目 祛斑 皮肤", "过敏了 诱导充值 没效果 红肿"),
        "网购": ("网店 快递 直播 尺码 退款 客服", "货不对版 不发货 丢件 不让退 假货"),
    },
}  # fmt: skip
"""Families of categories, in each five kinds: words for what it is about, words for what happened."""
LEAF = {"02": "0202", "09": "0901", "04": "0402", "01": "0101", "07": "0751", "08": "0804"}
COMMON = (
    "双方为此争执多次", "村委会调解过没有结果", "多次协商未果", "希望有关部门尽快处理", "双方各执一词", "情绪比较激动",
    "请求依法解决", "邻居可以作证", "已经报过警", "当事人要求给个说法", "拖了很长时间", "前后来过两次",
)  # fmt: skip
OPENINGS = ("当事人反映", "来访人称", "据了解", "该户反映", "来电称", "申请人说")
ENDINGS = ("纠纷", "争议", "矛盾", "问题")


@dataclass(frozen=True)
class LikeText:
    """A text and the kind that it was written for."""

    family: str
    kind: str
    title: str
    narrative: str


def texts(random: Random, each: int) -> Iterator[LikeText]:
    """So many texts of every kind, kinds in turn."""
    for _ in range(each):
        for family, kinds in KINDS.items():
            for kind, (about, events) in kinds.items():
                yield _text(random, family, kind, about.split(), events.split())


def _text(random: Random, family: str, kind: str, about: Sequence[str], events: Sequence[str]) -> LikeText:
    things, happened = random.sample(about, 2), random.sample(events, 2)
    parts = [f"{random.choice(OPENINGS)}，因{things[0]}的事，对方{happened[0]}", f"{things[1]}也{happened[1]}"]
    parts += random.sample(COMMON, random.randint(2, 4))
    middle = parts[1:]
    random.shuffle(middle)
    title = f"因{random.choice(about)}引起的{random.choice(ENDINGS)}"
    return LikeText(family, kind, title, "。".join([parts[0], *middle]) + "。")
