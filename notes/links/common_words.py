"""Words that make titles and mean no note in particular: a text that says them does not mention the note of that title."""

from __future__ import annotations

from notes.text.fold import fold

__all__ = ["COMMON_WORDS"]

_ENGLISH = """
agenda agent agents ai answer answers app apps appendix archive area areas article articles artificial-intelligence art
attention author authors backlog bibliography blog blogs book bookmark bookmarks books business career chapter chat china
class community company computer concept concepts conference content contents conversation course courses culture daily
database date day days dataset datasets definition diary discussion document documents draft drafts economics education
email english entry event events everyone exercise family faq favourites feature features feedback feed file files finance
folder food friend friends future game games general glossary goal goals group groups guide habit habits health help
history home homepage homework house idea ideas image images inbox index install interview interviews intro introduction
job jobs journal journals knowledge language languages later leadership learning lecture lectures lesson lessons letter
library life link links list lists literature log logs love machine-learning management map marketing math mathematics
media meeting meetings memory message mind misc miscellaneous money month morning movie movies music name names nature news
newsletter night note notebook notes office old open overview page pages people person personal philosophy photo photos
picture place places plan plans podcast podcasts poetry policy politics post posts privacy product productivity products
programming progress project projects prompt prompts psychology published question questions quote quotes random read
reader reading readme reason reasoning recipe recipes reference references reflection reflections release releases
resource resources review reviews routine schedule school science search security server settings setup slides social
society software source sources start story stories strategy student students summary table tables tag tags talk talks
task tasks teaching team teams technology template templates text thinking thought thoughts timeline tip tips title todo
todos tool tools topic topics travel tutorial tutorials untitled update updates user users video videos vision week weekly
word words work workflow workflows world write writer writing year years yesterday tomorrow zettel
"""
_CHINESE = """
一些 一天 一般 一起 上午 上海 下午 下周 世界 东西 中国 中文 中午 书单 书籍 了解 事情 事项 人们 人员 人生 人类 今天
今年 任务 会议 传统 体验 作业 作品 作者 你们 使用 信息 健康 儿童 公司 公式 关于 关系 其他 内容 写作 农历 分享 分析
分类 列表 创作 创新 办法 功能 功课 北京 单词 历史 原则 原因 参考 反思 发展 句子 可能 名字 周报 周末 周记 哲学 商业
回忆 回顾 因为 团队 国家 图书 图片 城市 增长 备忘 大学 大家 大脑 天气 失败 如何 学习 学校 学生 安全 安排 实践 实现
实验 家庭 家人 小说 小结 工作 工具 市场 年度 年终 应用 开发 开始 待办 心得 心理 快乐 思想 思维 思考 总结 想法 感受
感想 成长 成功 我们 技巧 技术 投资 拖延 指南 推荐 提问 提示 摘录 摘要 支持 收集 收藏 教程 教育 散文 数学 数据 整理
文化 文学 文本 文档 文件 文献 文章 新闻 方式 方法 方案 旅行 日志 日常 日程 日记 日子 时代 时候 时间 明天 昨天 是否
晚上 晨间 智能 更新 月报 有用 朋友 未来 本周 机器 机会 杂谈 材料 条件 构建 标签 标题 案例 档案 概念 概述 模型 模式
模板 每天 每日 每周 每月 汇总 汉字 注意 活动 测试 消息 清单 游戏 游记 灵感 爱情 爱好 状态 理论 理解 环境 现在 生活
电影 电脑 目录 目标 目的 短文 研究 社会 社区 社交 科学 科技 程序 简介 管理 算法 索引 系列 系统 经济 经历 经验 结果
结论 练习 组织 维护 编程 网站 网络 美食 老师 职业 背景 能力 自己 自由 自然 英文 英语 草稿 行动 行为 规则 规划 视频
观点 解决 计划 计算 讨论 记录 记忆 设置 设计 评论 词汇 诗歌 说明 读书 课程 课堂 谈话 资料 资源 趋势 过程 运动 进展
进步 进度 连接 选择 速度 速记 遗忘 部分 重要 重点 金钱 链接 错误 随笔 随想 随记 阅读 附件 项目 预测 频道 领域 题目
风格 食谱 首页 马上 高效 人工智能 机器学习 深度学习 大模型 语言模型 大语言模型 智能体 知识 知识库 知识管理 笔记 软件
音乐 主页 主题 产品 问题 问答 效率 习惯 意识 情绪 幸福 价值 意义 故事 教学 收件箱
"""
COMMON_WORDS = frozenset(fold(word).replace("-", " ") for word in f"{_ENGLISH} {_CHINESE}".split())
"""Single words, and a few terms of a whole field, folded; in simplified characters for both scripts."""
