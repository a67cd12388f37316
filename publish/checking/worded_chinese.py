"""Names in the Chinese of another's sentence: organisations, products, benchmarks, titles, people.

Chinese has no capitals, so a name is told by where it stands: before 公司, 大学 or 团队, in quotation marks beside 模型 or
基准, after 研究员 or before 表示. What stands there and is neither made of ordinary words nor in the notes is a stranger's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from notes.model import VaultNote
from notes.text.fold import fold, to_simplified
from publish.checking.worded_names import holds, texts

__all__ = ["called", "strange_chinese_name"]

# Organisations by their Chinese names, with what may not follow: a name that a model adds is as false as a Latin one.
_CALLED = {
    "谷歌": "google", "微软": "microsoft", "英伟达": "nvidia", "苹果": "apple", "亚马逊": "amazon", "阿里巴巴": "alibaba",
    "阿里(?!山|巴巴)": "alibaba", "腾讯": "tencent", "(?<!几)百度(?![的以高左])": "baidu", "字节跳动": "bytedance",
    "华为": "huawei",
    "智谱": "zhipu", "深度求索": "deepseek", "月之暗面": "moonshot", "商汤": "sensetime", "清华": "tsinghua",
    "北大(?!西|方|型|幅|量)": "peking", "北京大学": "peking", "斯坦福": "stanford", "麻省理工": "mit", "哈佛": "harvard",
    "牛津": "oxford", "剑桥": "cambridge", "康奈尔": "cornell", "卡内基梅隆": "carnegie", "普林斯顿": "princeton",
    "耶鲁": "yale", "伯克利": "berkeley", "复旦": "fudan", "上海交通大学": "jiao", "上海交大": "jiao", "浙江大学": "zhejiang",
    "中国科学院": "academy", "中科院": "academy", "香港大学": "hong", "香港中文大学": "hong", "香港科技大学": "hkust",
    "新加坡国立大学": "singapore", "南洋理工": "nanyang", "东京大学": "tokyo", "苏黎世联邦理工": "eth",
    "三星(?!级|期|堆)": "samsung", "索尼": "sony", "英特尔": "intel", "高通(?!量|过|滤|道)": "qualcomm",
    "脸书": "facebook",
    "(?<![加最])快手(?!段|法|机)": "kuaishou", "小米(?!粒|粥)": "xiaomi", "美团(?!队|体)": "meituan",
    "(?<!北)京东(?!南|北)": "jd",
    "阶跃星辰": "stepfun", "特斯拉": "tesla", "甲骨文": "oracle", "推特": "twitter", "维基百科": "wikipedia",
    "科大讯飞": "iflytek", "通义千问": "qwen", "千问": "qwen", "文心一言": "ernie", "豆包": "doubao", "混元": "hunyuan",
    "盘古": "pangu", "讯飞星火": "spark", "书生": "intern", "小红书": "rednote", "哔哩哔哩": "bilibili", "滴滴": "didi",
    "蚂蚁集团": "ant", "百川智能": "baichuan", "零一万物": "yi", "人民大学": "renmin", "爱丁堡": "edinburgh",
    "多伦多大学": "toronto", "加州大学": "california", "华盛顿大学": "washington", "密歇根大学": "michigan",
    "开放人工智能": "openai", "谷歌深度思维": "deepmind", "联想(?!到|起|记|学)": "lenovo", "大疆": "dji",
}  # fmt: skip
# What an organisation's name ends with; what a system's or a benchmark's is put before.
_BODIES = "公司|集团|科技|大学|学院|研究院|研究所|实验室|团队|基金会|委员会|医院|银行|理工|科学院|出版社|协会|研究中心"
_THINGS = (
    "模型|系统|框架|平台|算法|工具|方法|产品|基准|测试集|数据集|评测"
    "|榜单|排行榜|语料库|芯片|机器人|助手|智能体|项目|软件|应用"
)
_BODY = re.compile(rf"([\u4e00-\u9fff]{{1,10}}?)({_BODIES})(?=(?:{_BODIES})?)")
# Before it begins what is told of the name; the name is what follows the last of these.
_CUT = re.compile(
    r".*(?:来自|出自|属于|隶属|任职于|就职于|毕业于|合作|联合|携手|与|和|及|由|被|在|是|为|向|从|对|于|的|了|让|使|把|将|给|到|称|说|但|而|并"
    r"|以及|还有|包括|例如|比如|根据|据|随着|通过|针对|依靠|不同|今天|目前|如今|该|这|那|此|其|各|(?<!某)某(?!某)|每|本|一|两|二|三|四|五|六|七|八|九|十|几|多|数"
    r"|个|家|所|支|些|名|位|项)"
)
_ORDINARY = (
    "研究|作者|论文|开发|工程|技术|科研|科学|初创|创业|新兴|大型|小型|中小|小|大|顶尖|知名|著名|国际|国内|国外|海外|本地|本土|中国|美国|英国|德国|法国|日本"
    "|韩国|欧洲|亚洲|北美|人工智能|智能|软件|硬件|互联网|科技|云|芯片|医疗|医学|法律|金融|教育|制药|汽车|机器人|语言|语音|视觉|数据|信息|计算机|计算|数学|物理|化学|生物"
    "|产品|运营|设计|内容|编辑|编程|测试|评测|审查|安全|标注|项目|核心|整个|所有|全部|许多|很多|部分|有些|这些|那些|他们|她们|我们|自己|相关|上述|同一|其他|另外|主要"
    "|专业|学术|高校|高等|国家|国立|重点|联合|合作|独立|竞争|对手|母|子|总|分|上市|私营|公共|公立|综合|附属|教学|理工|商|工|综|医|法|文|理|开源|社区|负责|领导|跨|学科"
    "|前沿|先进|基础|应用|未来|高|新|老|旧|红队|蓝队|原|原本|原始|需要|适合|值得|帮助|提醒|建议|要求|允许|使用|采用|部署|构建|打造|预算|有限|缺乏|缺少|资源|中"
    "|智能体|模型|代理|开放|发布|推出|提出|介绍|公布|主导|组成|组建|组织|就读|攻读|进入|走进|学会|背后|制造|供应|服务|客户|企业|民营|国有|跨国"
)
_IS_ORDINARY = re.compile(
    rf"(?:{'|'.join(one for one in _ORDINARY.split('|') if len(one) > 1)})*[大小母子总分商工医法文理高新老旧原云]?"
)
_MARKED = re.compile(r"[“「『]([^“”「」『』]{1,16})[”」』]")
_NAMING_AFTER = re.compile(rf"(?:(?![让使把将与和在是的被给对由])[\u4e00-\u9fff]){{0,4}}?(?:{_THINGS}|{_BODIES})")
_NAMING_BEFORE = re.compile(rf"(?:{_THINGS}|{_BODIES}|名为|叫做|叫作|命名为|取名|代号|优于|超过|超越|击败|胜过)$")
_BEFORE_THING = re.compile(
    rf"(?:在|优于|超过|超越|击败|胜过|不如|基于|使用|采用|借助|名为|为)([\u4e00-\u9fff]{{2,4}}?)(大模型|{_THINGS})"
)
_CHARACTERS = frozenset(
    "天枢问渊海江河山湖星云龙凤鹏鲲麒麟启明曦晨辰瀚泰华岳长城昆仑蓬莱北斗玄武朱雀青鸾悟空神农伏羲女娲盘古后羿嫦娥紫东"
)
_WITH = re.compile(
    r"(?:与|和|同|跟|获|由)([\u4e00-\u9fff]{2,6}?)(?:合作|联手|携手|联合|共同(?=提出|训练|开发|发布|完成)|资助|投资|收购)"
)
_COMPANY = re.compile(
    rf"(?:{_ORDINARY}|{_BODIES}|人类|用户|医生|专家|学校|环境|工具|对方|他人|产业界|学术界|业界|学界|工业界|多方|企业|之|的|多个|多家|两个|政府|一起|模型){{1,4}}"
)
_SHORT_NAME = 2
_TITLE = re.compile(r"《([^《》]{2,60})》")
_SURNAMES = (
    "[王李张刘陈杨赵黄周吴徐孙胡朱郭何罗郑梁谢宋唐许韩冯邓曹彭曾肖蔡潘袁董苏吕魏蒋沈姚卢姜崔谭陆汪范廖贾韦邹熊孟秦阎薛侯雷龙史林叶余杜程傅丁任钟顾钱戴江"
    "贺毛邱万钱汤尹黎易常武乔赖龚文]|欧阳|司马|诸葛|上官"
)
_AFTER_PERSON = "等人|教授|博士(?!生)|院士|(?:曾|也|则)?(?:表示|指出|写道|认为|强调|提醒|坦言|说道|透露|警告|解释|说)"
_PERSON = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:{_SURNAMES})[\u4e00-\u9fff]{{1,2}}(?={_AFTER_PERSON})"
    rf"|(?:{_SURNAMES})[\u4e00-\u9fff]{{1,2}}(?=等人|教授|博士(?!生)|院士)"
)
_AFTER_OFFICE = re.compile(
    rf"(?:研究员|作者|学者|教授|博士|科学家|负责人|创始人|工程师|院士|馆员|记者|律师|医生|校长|院长|所长|局长|经理|主编|主管|总裁|主任|执行官)((?:{_SURNAMES})[\u4e00-\u9fff]{{1,2}}?)"
    rf"(?:{_AFTER_PERSON}|[，。、的与和]|[^\u4e00-\u9fff]|$)"
)


def called(text: str) -> Iterator[str]:
    """The Latin names of whom the text calls by their Chinese ones."""
    simplified = to_simplified(text)
    yield from (latin for chinese, latin in _CALLED.items() if re.search(chinese, simplified))


def strange_chinese_name(text: str, named: Sequence[VaultNote]) -> str:
    """The first Chinese name in the sentence that stands in none of the notes; empty when each does."""
    return next(_strange(to_simplified(text), named), "")


def _strange(text: str, named: Sequence[VaultNote]) -> Iterator[str]:
    """``text`` is in simplified characters."""
    known = " ".join(fold(one) for note in named for one in texts(note))
    words = frozenset[str]().union(*(holds(note) for note in named))
    told: list[tuple[int, int]] = []
    for chinese, latin in _CALLED.items():
        for found in re.finditer(chinese, text):
            told.append(found.span())
            if fold(found[0]) not in known and latin not in words:
                yield found[0]
    called = "".join(" " if any(start <= at < end for start, end in told) else one for at, one in enumerate(text))
    for name in (*_bodies(called), *_partners(called), *_things(called), *_TITLE.findall(called), *_people(called)):
        if not _stands(name, known):
            yield name


def _stands(name: str, known: str) -> bool:
    """Whether the notes hold it whole, or as they shorten it: 智源研究院 is 北京智源人工智能研究院."""
    folded = fold(name)
    if folded in known:
        return True
    if len(folded) > _SHORT_NAME and re.search("[\u4e00-\u9fff]{0,3}".join(map(re.escape, folded)), known):
        return True
    body = re.search(rf"(?:{_BODIES})$", folded)
    head = folded[: body.start()] if body else ""
    return (
        len(head) >= 2 and body is not None and re.search(rf"{head}[\u4e00-\u9fff]{{0,8}}{body[0]}", known) is not None
    )


def _bodies(text: str) -> Iterator[str]:
    """Names of organisations."""
    for found in _BODY.finditer(text):
        name = _CUT.sub("", found[1])
        if name and not _IS_ORDINARY.fullmatch(name):
            # 人大的团队: what is no name before 的.
            yield name + found[2]


def _partners(text: str) -> Iterator[str]:
    yield from (found[1] for found in _WITH.finditer(text) if not _COMPANY.fullmatch(found[1]))


def _things(text: str) -> Iterator[str]:
    """Names of systems, products and benchmarks: marked as such, or of characters that such names are made of."""
    for found in _MARKED.finditer(text):
        if _NAMING_AFTER.match(text, found.end()) or _NAMING_BEFORE.search(text[: found.start()]):
            yield found[1]
    for found in _BEFORE_THING.finditer(text):
        if set(found[1][:2]) <= _CHARACTERS:
            yield found[1]


def _people(text: str) -> Iterator[str]:
    yield from (found[0] for found in _PERSON.finditer(text))
    yield from (found[1] for found in _AFTER_OFFICE.finditer(text))
