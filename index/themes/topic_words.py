"""Which phrases can name a topic: noun phrases that say something, told by short lists and endings."""

from __future__ import annotations

import re

from notes.text.fold import to_simplified

__all__ = ["is_discipline", "is_thing", "is_weak"]

_PROPERTY = re.compile(
    r"[a-z-]+(?:ive|ous|ful|ble|ed|ly|ic|al|ar|ary|scale|wise|level|time|shot|free|big|top|aware|specific|agnostic|prone)|private|(?:in|out-of)-(?:domain|distribution)"
)
_THINGS = frozenset(
    """
    adjective alternative animal anomaly appraisal arithmetic assembly boundary breed calendar capital clinic crystal
    derivative dictionary embed epidemic fabric family feed glossary goal grammar heuristic hospital incentive
    interval journal library logic manual material metal metric music narrative need objective perspective portal
    potential primitive proposal public radar removal renewal retrieval salary seed sidebar signal speed statistic
    summary table terminal topic traffic trial variable vocabulary withdrawal
    """.split()
)
_VERBS = frozenset(
    """
    achieve adapt add agree align appear arise ask assume become begin believe belong capture cause choose collaborate
    collect come communicate compare compute contain converge create degrade deliver depend describe detect determine
    differ drop emerge encode enter evolve excel drawn exhibit exist expect explain exploit extend extract fall follow
    forget generalise generalize generate grow guide hallucinate handle happen help hold identify ignore imply
    incorporate infer integrate interact involve keep lack learn let lie live lose maintain manage match mimic mislead
    move occur operate overcome perceive pose predict prevent produce prove raise reach reflect remember remove
    replicate represent respond retrieve reuse rise run select serve sit solve speak spend stand start stay stop
    struggle suffer switch talk teach tell think train translate treat try turn understand vary wait want win write
    """.split()
)
_WEAK = frozenset(
    """
    ability academic access accuracy adding advance advances agent agents ai amount analyzing applications architecture
    architectures artificial aspect aspects attention author authors automated average base begins behavior benchmark
    benchmarks best big bit blog bottleneck broad capability capture category challenge change class classification
    client close collection community company competitive component components consistency content context contexts
    cost count dataset datasets day days deep detail detection developer development difference different difficulty
    direction directions domain domains dynamic early edge effect efficiency end environment error evaluation expert
    experts extreme failure feature features field fields final fine fixed format frame full future game generation
    generic global group groups growth head heads idea ideas image images individual input inputs instance instances
    internal joint journal label labels language languages large large-scale larger latency latent latest layer layers
    leaving length letter level levels line list llm llms local long longer loss lower major mean member modern module modules
    month motion natural nature news nlp object objects observation observations open open-source order output outputs
    page pair pairs part parts past pattern patterns people period phase pipeline pipelines point points position post
    power practice prefix presence preserving process processes product project properties property quality raw reader
    readers real recent recognition region relationship relationships report response responses review right role rule
    sample samples score scores sense series set setting settings sharp short side similarity size smaller software
    source sources space speed stage stages state-of-the-art step steps store strategy structure structures style
    subset tailored target team text texts textual throughput token tokens top trade-off trend trends turn type types
    universal answering prompt prompts parameters explanations meaning corpus construct patient patients estimation graph
    scene modeling shape compression reference risk judge place control color value values
    version video view views volume weight weights word words world year years
    """.split()
)
_WEAK_HEADS = frozenset("approach approaches framework frameworks method methods pipeline pipelines".split())
_WEAK_BEFORE = frozenset(
    """
    adding average base big capturing current different early existing external final full future having initial large
    large-scale larger latest main making modeling modern novel open original preserving proposed raw real recent
    small smaller strong top underlying using various whole
    """.split()
)
_DISCIPLINES = re.compile(
    "artificial intelligence|(?:machine|deep) learning|neural networks?|(?:large )?language models?"
)
_WEAK_PHRASES = re.compile(
    f"{_DISCIPLINES.pattern}|natural language"
    "|training data|evaluation framework|unlabeled data|query image"
    "|participating research groups|early detection|mathematical benchmarks|state space|code repository"
)
# A joined word that is a thing (fine-tuning, super-resolution); the others are properties (cross-modal, few-shot).
_COMPOUND_THING = re.compile(r".*(?:ing|ions?|ments?|ity|ness|ers?|ors?|ures?|cy|sis|ics|logy|graphy)")
_NO_TERM_END = frozenset("上下中时后内里来出到为对不可有得着去起过")
# Clauses (出现损失尖峰, 思维链持平), an object with its preposition (对重金属), what a case report begins with (患者随机分),
# what an experiment sets (焙烧时间), what is left of a clause (改造后水冷壁).
_NO_TERM = re.compile(
    "出现.+|.+持平|对(?![比数流称抗话象偶策照应口外虾齐])..+|.*随机分|患[者儿].?[男女]|来自.+|.+(?:时间|温度|浓度|波长|粒度|含量|用量|程度|情况)|[不无未].{1,3}|.{2,}(?<![期术勤售预产背落])后(?![期勤]).{2,}"
)
_WEAK_CHINESE = frozenset(
    """
    发展 论述 重点 综合 观察 改善 出现 趋势 特点 意义 原因 作者 我国 任务 模型 大模型 能力 效果 过程
    方式 时间 数据 系统 技术 应用 关键 水平 反应 准确 变化 关系 条件 处理 特征 结构 部分 基础 内容
    建立 测试 代码 开源 团队 训练 参数 评价 指标 原料
    结论 对照组 对照 观察 进展 探讨 综述 试验 实验 比较 对策 思考 几点思考 现状 满足 得到 介绍 性能 因素 资料 调查 较大 较小
    计算 开发 设计 改进 推广 测度 评估 选择 安全 合理 文章 统计学意义 两组 患者 临床 治疗 疗效 检测 测定 含量 效益 保护 建设
    学术 工作 社会 中国 地区 区域 世纪 会议 回顾 展望 启示 成功 全面 规范 完善 工程 变量 对象 确定 可行性 工作原理 基本原理
    发展方向 发展趋势 基础上 防治措施 防治对策 解决方案 适用性 仿真 仿真实验 仿真验证 数值试验 一类 最近 满意度 改革 创新
    语言 文化 经济 企业 管理 教育 环境 资源 生活 历史 思想 理论 实践 信息 网络 算法 控制 图像 数值 误差 目标 干扰 补偿 传播
    急性 慢性 注意事项 研讨会 述评 变化规律 培养 形成 构建 层次 浓度 活性 模拟 监控 干预 产业 整顿 价值 结合 主义 温度 增长
    平均 阶段 面积 数量 质量 程度 压力 速度 强度 厚度 密度 高度 长度 位置 类型 种类 形式 形态 状态 背景 视角 路径 机制 机理
    模式 策略 途径 措施 思路 原理 原则 需求 优势 困难 挑战 前景 概念 内涵 涵义 定义 特性 性质 特色 规律 规模 成果 贡献 目的
    对比 样品 样本 试件 受试者 专业 机会 国家 国内 国外 大学 学者 国际 运行 操作 生产 加强 增强 增加 增大 减少 下降 上升
    改变 转变 扩大 扩展 延长 维持 保持 避免 引起 导致 造成 发生 发挥 发育 生长 揭示 探究 梳理 呈现 体现 反映 表现 说明 论证
    验证 证明 推导 求解 估计 判定 鉴定 比例 比值 系数 指数 程序 步骤 环节 部门 机构 单位 人员 群体 走向 态势 理念 观念 进步
    进入 供应 破坏 稳定 直接 间接 主流 逐渐 重大 来源 中心 核心 关键技术 实例 案例 算例 方案 标准 规定 要求 参考 依据 二维
    三维 正常 统计 积极 推动 现实 什么 学界 精神 指导 采取 引入 优异 实用 实证 考虑 领域 优化 相应 良好 促进 效率 责任 解决
    合作 学校 现象 阳性 阴性 实时 存储 采集 监测 平台 接口 划分 新型 功率 输出 输入 效能 业绩 添加 表面 降解 水解 产物 成熟
    连接 释放 横向 尺度 变换 变性 回收 溶解 培育 定量 定性 美国 全国 病例 死亡 安全性 临床观察 地质意义 临床应用 经济效益
    社会效益 简单 快速 灵敏 推广应用 物料 参考价值 理论依据 科学依据 实验结果 计算结果 试验结果 分布特征 工艺优化 精度要求
    文献资料 资料显示 环境下 条件下 过程中 情况下 角度 优点 缺点 缺陷 认识 述论 引言 本科 课程 识别 定位 适应 适应性
    公开 相比 难点 自动 正确 高效 实际 传统 功能 最优 混合 持平
    理解 想象 判断 权重 不足 准确性 产生 加工 品质 品种 产量 分布 成分 提取 工艺 制备 合成 表征 催化 反应 材料 损伤 细胞 表达
    """.split()
)
_WEAK_PHRASE_PARTS = frozenset(
    """
    approach approaches enhancing based capture code construct existing experiments extensive framework method methods model
    modeling outperform performance propose proposed real-world remarkable results significant state-of-the-art study
    """.split()
)


def is_thing(phrase: str) -> bool:
    """Whether ``phrase`` reads as the name of a thing: no property, no verb, no word that fits any topic."""
    return _is_english_thing(phrase.split()) if phrase.isascii() else _is_chinese_thing(to_simplified(phrase))


def is_discipline(phrase: str) -> bool:
    """Whether ``phrase`` is what half of a library is about: it tells no topic, but may tell a field."""
    return _DISCIPLINES.fullmatch(phrase.lower()) is not None


def _is_chinese_thing(phrase: str) -> bool:
    return phrase not in _WEAK_CHINESE and phrase[-1] not in _NO_TERM_END and not _NO_TERM.fullmatch(phrase)


def _is_english_thing(words: list[str]) -> bool:
    first, last = words[0].lower(), words[-1].lower()
    if _is_verb(last) or (last not in _THINGS and _PROPERTY.fullmatch(last)):
        return False
    if len(words) > 1:
        return (
            first not in _WEAK_BEFORE | _VERBS
            and last not in _WEAK_HEADS
            and not _WEAK_PHRASES.fullmatch(" ".join(words).lower())
        )
    return last not in _WEAK and ("-" not in last or _COMPOUND_THING.fullmatch(last.removesuffix("s")) is not None)


def _is_verb(word: str) -> bool:
    return not _VERBS.isdisjoint({word, word.removesuffix("s"), word.removesuffix("es")})


def is_weak(phrase: str) -> bool:
    """Whether ``phrase`` is what any abstract says, in more words than one."""
    words = phrase.lower().split()
    return len(words) > 1 and (words[0] in _WEAK_PHRASE_PARTS or words[-1] in {"approaches", "experiments", "results"})
