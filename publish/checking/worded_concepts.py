"""What research writing speaks of, by a word in each language: the bridge between a sentence and a note in another language.

A sentence that is translated shares no word with its note but names, figures and terms that stay Latin. These pairs say what it
may share besides. They are also the subjects that a note gives figures to: a recall told as a precision is false, in whatever
language (:mod:`publish.checking.worded_owners`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from notes.text.fold import fold, to_simplified

__all__ = ["GENERIC", "MEASURES", "PARTIES", "concepts", "found_concepts", "spoken_of"]

# Beginnings of English words, then Chinese words in simplified characters; each line one concept.
_MEASURES = """
accuracy accurac|准确率 准确度 正确率
precision precision|精确率 查准率
recall recall|召回率 查全率
f1 f1|f1
success success rate|成功率
error error rate|错误率 误差率
hallucination hallucinat|幻觉
latency latenc|延迟 时延
throughput throughput|吞吐
memory memory grow,memory use,memory footprint,memory rise|显存 内存 记忆体
energy energy|能耗 耗电 电力
cost cost,price|成本 费用 价格 花费
training-time training time|训练时间
inference-time inference time|推理时间 推论时间
output output of,output rose,output by,raise output,lift output|产出 产量
originality originality|原创
rigour rigour,rigor|严谨
"""
_PARTIES = """
student student|学生模型
teacher teacher|教师模型
reinforcement reinforcement learning|强化学习
distillation distil|蒸馏
baseline baseline,plain decoding,vanilla,base model|基线 普通解码 基座模型 基础模型
human human,reviewer|人工 人类 审查者 审阅
agent agent|智能体
older older,elder|年长 长者 老年
younger younger|年轻
developer developer|开发者
"""
_SUBJECTS = """
model model|模型
language-model language model,llm|语言模型
skill skill|技能
trajectory trajector|轨迹
reward reward|奖励
verifier verif|验证器 验证
factual factual,truth,false|事实 真伪 真假 错误信息 说错
gradient gradient|梯度
manifold manifold|流形
loss loss spike,loss function|损失
training train|训练
context context|上下文 语境
retrieval retriev|检索
compress compress|压缩
recursion recurs|递归 递回
robot robot|机器人
simulation simulat|模拟 仿真
household household,home|家庭 家居
library library|库
task task|任务
benchmark benchmark|基准
evaluation evaluat,test|测评 评测 测试 评估
dataset dataset,data set|数据集 资料集
data data|数据 资料
parameter parameter|参数
weight weight|权重
vision vision,visual|视觉
image image|图像 影像 图片
video video|视频 影片
speech speech,spoken|语音
speaker speaker|说话者 说话人
recording record|录音
language language|语言 语种
character character|字元 字符
news news|新闻
law law,legal|法律
medicine medic,health,clinic|医疗 医学 临床
code code,coding|代码 程式码 编程 程式
repository repositor|代码库 仓库 程式库
review review|审查 评审
edit edit|改动 改了 修改 更改
freeze freez,frozen,lock|冻结 锁
pull-request pull request|拉取请求
tool tool|工具
writing writ|写作
paper paper|论文
science scien|科学 科研
study study,studies,meta-analysis|研究 元分析 统合分析
quality quality|质量 品质
reasoning reason,chain of thought,chain-of-thought|推理
mathematics math|数学
chain-of-thought chain-of-thought,chain of thought|思维链
text text|文本 文字
planning plan|规划 计划
policy policy|策略
step step|步骤 步
decoding decod|解码
draft draft|草稿
target target|目标模型
drift drift|偏离 漂移
batch batch|批量 批次
token token|词元 令牌
prompt prompt|提示词 提示
answer answer|回答 答案
question question|问答 提问
citation citation,cite|引用 引文
evidence evidence|证据
passage passage,paragraph|段落
middle middle|中部 中间 中段
order order|顺序 次序
memory memor|记忆
attention attention|注意力
layer layer|层
quantisation quanti|量化
bit bit|比特 位元
exit early exit|提前退出
phone phone|手机
screen screen|界面 画面 屏幕
navigation navigat|导航
hidden hidden|隐藏
vector vector|向量
embedding embedding|嵌入
fine-tuning fine-tun,finetun|微调
supervision supervis|监督
pretraining pretrain,pre-train|预训练
knowledge knowledge|知识
format format|格式
reinforcement reinforcement|强化学习
generation generat|生成
translation translat|翻译
search search|搜索 搜寻
security secur,attack|安全 攻击
privacy privacy|隐私
safety safety,align|安全 对齐
bias bias|偏见 偏差
social social|社会 社交
norm norm|规范
multimodal multimodal|多模态
open-weight open-weight,open model,open source,open-source|开放权重 开源
field field,domain|领域
source reliable source,sources|来源
claim claim|声明 陈述
stable stable,stabil|稳定
collapse collaps,crash|崩溃
spike spike|跳升
action action|动作
environment environment|环境
transfer transfer,carry over|迁移 搬到
graph graph|图谱 图神经
network network|网络 网路
optimiser optimi|优化 最佳化
loss-of-detail detail|细节
user user|用户 使用者
clinician doctor|医生 医师
experiment experiment|实验
project project|项目 专案
forecast forecast,predict|预测
error error|误差 错误
weather weather,typhoon,storm|天气 台风 气象
climate climate|气候
grid grid,power line|电网 电力 输电
electricity electric|电力 电网 用电
province provinc|省份 各省 全省
pilot pilot|试点
contract contract|合同 合约
definition definition|定义
clause clause|条款
lawyer lawyer|律师
index index|索引
query query,queries|查询
drone drone,unmanned|无人机
chip chip|芯片 晶片
flight flight,fly,flown|飞行 试飞
night night|夜间 夜晚
defect defect,crack|缺陷 裂痕
cloud cloud|云端
computation comput|计算 运算
hospital hospital|医院
patient patient|患者 病人
drug drug|药物
protein protein|蛋白
molecule molecul|分子
material material|材料
gene gene,genom|基因
cell cells,cellular|细胞
brain brain|大脑 脑
traffic traffic|交通
vehicle vehicle,car,cars,driv|车辆 汽车 驾驶
satellite satellite|卫星
map map,maps|地图
city city,cities,urban|城市
water water|水
agriculture farm,crop,agricult|农业 作物
finance financ,bank,stock|金融 银行 股票
market market|市场
company company,companies,firm|公司 企业
government government|政府
school school,classroom|学校 课堂
teacher-person teacher,pupil|老师 学生
child child|儿童 孩子
music music|音乐
game game|游戏
book book|书籍 书
sensor sensor|传感器 感测器
camera camera|相机 摄像
sound sound,audio|声音 音频
privacy-data personal data|个人资料 个人数据
emission emission,carbon|碳排放 排放
battery batter|电池
hardware hardware,gpu|硬件 硬体 显卡
software software|软件 软体
web web,internet|网页 网络 互联网
email mail|邮件
document document|文档 文件
table table|表格
database database|数据库 资料库
cache cache|缓存 快取
time time,minute,hour|时间 小时 分钟
year year|年
speed speed,fast,slow|速度 快 慢
size size,small,large|规模 大小 小模型 大模型
python python|python
"""


def _table(lines: str) -> dict[str, re.Pattern[str]]:
    read = (line.partition(" ") for line in lines.split("\n") if line)
    return {name: _pattern(*words.split("|")) for name, _, words in read}


def _pattern(english: str, chinese: str) -> re.Pattern[str]:
    stems = "|".join(re.escape(stem).replace(r"\ ", r"[\s-]") for stem in english.split(","))
    return re.compile(rf"\b(?:{stems})|{'|'.join(chinese.split())}")


MEASURES = _table(_MEASURES)
"""What is measured."""
PARTIES = _table(_PARTIES)
"""Who or what it is measured of, where it is told by a word and not by a name."""
GENERIC = frozenset(
    "model language language-model data study paper task training evaluation experiment text project".split()
)
"""What every note speaks of."""
_ALL = _table(_SUBJECTS) | MEASURES | PARTIES


@lru_cache(maxsize=4096)
def concepts(text: str) -> frozenset[str]:
    """What the text speaks of, of all that is known here."""
    folded = to_simplified(fold(text))
    return frozenset(name for name, pattern in _ALL.items() if pattern.search(folded))


def spoken_of(folded: str) -> Iterator[tuple[int, str]]:
    """Each concept with where it stands; ``folded`` is in small letters and simplified characters."""
    for name, pattern in _ALL.items():
        yield from ((found.start(), name) for found in pattern.finditer(folded))


def found_concepts(text: str, among: dict[str, re.Pattern[str]]) -> Iterator[tuple[int, int, str]]:
    """Where the text speaks of them, with the place in ``text``."""
    folded = to_simplified(text).lower()
    for name, pattern in among.items():
        yield from ((found.start(), found.end(), name) for found in pattern.finditer(folded))
