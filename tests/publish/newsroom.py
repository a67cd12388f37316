"""A small vault for the writers: notes about real works in three languages (the sentences are ours), as Slipway would write them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from notes.markup.document import read_note, render_note
from notes.model import Block, BlockKind, Link, LinkKind, Note, SourceType, Topic, VaultNote
from notes.pages import topic_page
from notes.quantities.figures import find
from notes.text.language import detect
from notes.text.sentences import key_sentences
from notes.text.slug import note_id

DAY = date(2026, 2, 20)

ARXIV, PRESS = SourceType.ARXIV, SourceType.RSS


def vault_note(
    number: int,
    title: str,
    text: str,
    *,
    day: date = DAY,
    source: str = "arXiv",
    kind: SourceType = ARXIV,
    quality: float = 0.8,
    authors: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
    arxiv_id: str = "",
    references: tuple[str, ...] = (),
    url: str = "",
) -> VaultNote:
    """A note written by Slipway and read back from its file; paragraphs of ``text`` are parted by blank lines."""
    # A line break inside Chinese is no space.
    unbroken = re.sub(r"(?<=[\u3000-\uffef])\s*\n\s*(?=[\u3000-\uffef])", "", text.strip())
    paragraphs = tuple(Block(BlockKind.PARAGRAPH, " ".join(part.split())) for part in unbroken.split("\n\n"))
    plain = "\n\n".join(block.text for block in paragraphs)
    note = Note(
        id=note_id(day, number, title),
        title=title,
        created=day,
        published=day - timedelta(days=2),
        source=source,
        source_type=kind,
        lang=detect(f"{title} {plain}"),
        tags=tags,
        url=url or (f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else f"https://news.example/{number}"),
        arxiv_id=arxiv_id,
        authors=authors,
        quality_score=quality,
        summary=key_sentences(plain),
        blocks=paragraphs,
        figures=find(plain),
        references=references,
    )
    path = f"notes/{day.year}/{note.id}.md"
    return read_note(path, render_note(note).encode(), mtime_ns=0)


SKILLRL = vault_note(
    1,
    "SkillRL: Recursive Skill-Augmented Reinforcement Learning",
    """Agents trained by reinforcement learning must choose among raw actions at every step, which makes tasks of fifty
    and more steps difficult to learn. We propose SkillRL, which discovers reusable skills in successful trajectories and
    lets the agent decide among skills instead of raw actions. Skills are composed recursively, so that a high-level skill
    calls those below it. On ALFWorld, SkillRL achieves a success rate of 89.9%, well above the best earlier agent.
    The skill library remains limited to simulated households, and transfer to real robots is left to future work.""",
    authors=("Ada Author", "Bo Writer", "Chen Wei", "Dana Lee"),
    arxiv_id="2602.08234",
    quality=0.91,
    tags=("arxiv/cs/LG", "agents"),
    references=("https://github.com/skill-rl/skillrl",),
)
SKILLRL_PRESS = vault_note(
    2,
    "SkillRL：讓智能體學會遞歸組合技能",
    """在標準的強化學習裏，智能體要從原始動作學起，步驟一多就難以學會。SkillRL 提出從成功軌跡中自動找出可重用的技能，
    再讓智能體在技能之間作選擇。在 ALFWorld 基準上，SkillRL 的成功率達到 89.9%，超越此前的最佳結果。
    這套技能庫目前仍然只在模擬家庭環境中驗證，能否搬到真實機器人身上尚未可知。""",
    source="前沿觀察",
    kind=PRESS,
    quality=0.7,
    tags=("agents",),
)
RLFR = vault_note(
    3,
    "RLFR：用事实性奖励减少幻觉",
    """大语言模型会自信地生成错误信息，这一直是其进入医疗与法律场景的最大障碍。Goodfire 团队提出 RLFR，在强化学习的奖励函数中引入事实性信号，
    由验证器判断每个声明的真伪。实验表明，RLFR 将幻觉率降低了 58%，推理成本降低到原来的九十分之一。
    该方法仍依赖验证器的质量，在缺少可靠来源的领域尚未评估。""",
    source="机器之心",
    kind=PRESS,
    quality=0.88,
)
MHC = vault_note(
    4,
    "mHC：以流形約束穩定大型模型訓練",
    """當模型規模增大時，損失函數經常突然跳升，嚴重時整個訓練過程崩潰，這是大型模型訓練的主要瓶頸。DeepSeek 團隊提出流形約束超連接（mHC），
    把參數更新限制在一個流形上，使梯度在所有方向上保持穩定。實驗結果顯示，mHC 消除了訓練中的損失跳升，額外的訓練時間只有 6.7%。
    論文只在語言模型上驗證，對視覺模型是否有效有待研究。""",
    source="前沿觀察",
    kind=PRESS,
    quality=0.84,
)
RLM = vault_note(
    5,
    "Recursive Language Models",
    """Long tasks fill the context window of an agent, and existing methods that summarise or truncate it lose details that
    matter later. We present recursive language models (RLM), which learn by reinforcement learning when to store, retrieve
    and compress their own context. A model may call itself on a part of the task and receives only the answer back.
    Experiments show that RLM handles inputs of 10M tokens and outperforms the base model by 28.3% on long-context tasks.
    Training is expensive, since every recursive call adds a rollout.""",
    authors=("Prime Intellect",),
    arxiv_id="2602.07001",
    quality=0.9,
    tags=("arxiv/cs/CL", "agents"),
    references=("https://github.com/primeintellect-ai/rlm",),
)
IGRPO = vault_note(
    6,
    "iGRPO: Improved Group Relative Policy Optimization",
    """Long chains of mathematical reasoning remain difficult to train because a single reward at the end tells the model
    little about its steps. We introduce iGRPO, which rewards correct intermediate steps and stabilises the update of the policy.
    iGRPO reaches 85.62% on AIME 2024 and improves the consistency of long solutions.""",
    authors=("Eve Example",),
    arxiv_id="2602.09123",
    quality=0.86,
    tags=("arxiv/cs/LG",),
)
STATES = vault_note(
    7,
    "Thinking States for Input-Time Reasoning",
    """Chain-of-thought spends its computation on visible text, which is costly in latency and fills the context.
    We propose Thinking States, hidden vectors that are inserted while the input is read and refined inside the middle layers.
    In our experiments Thinking States reduce the latency of reasoning by 40-60% at the same quality.""",
    arxiv_id="2602.05555",
    quality=0.82,
    tags=("arxiv/cs/CL",),
)
REVIEW = vault_note(
    8,
    "AI writing tools and the productivity of science: a meta-analysis",
    """It is unclear whether AI writing tools help science or only its volume. We analyse 47 studies published over two years
    in a meta-analysis of writing tools. The results show that such tools raise the output of papers by 50% on average.
    Originality and methodological rigour declined, and texts grew more alike, so we caution against reading the gain as quality.""",
    source="Cornell Chronicle",
    kind=PRESS,
    quality=0.79,
)
STEP3 = vault_note(
    9,
    "STEP3-VL-10B：小模型的后训练路线",
    """前沿多模态模型依赖数百亿参数，部署成本很高。阶跃星辰发布了 STEP3-VL-10B，在预训练时不冻结权重，再做两阶段监督微调和上千轮强化学习。
    STEP3-VL-10B 在 ScreenSpot-V2 上达到 92.61%，接近参数量十倍以上的模型。
    在需要多步推理的细节感知任务上仍有不足，短输出有时反而更准确。""",
    source="阶跃星辰技术博客",
    kind=PRESS,
    quality=0.87,
)
SOCIO = vault_note(
    10,
    "SocioReasoner: Domain-Specific Reinforcement Learning for Social Reasoning",
    """General vision-language models struggle with social norms and with the intentions of people in a scene.
    We train SocioReasoner with rewards for social boundaries instead of general preference data.
    SocioReasoner outperforms Qwen2.5-VL-72B by 7.4 points on SocialBench with a tenth of its parameters.""",
    arxiv_id="2602.03210",
    quality=0.77,
    tags=("arxiv/cs/CV",),
)
EDGE = vault_note(
    11,
    "EdgeNav-QE: Quantised Navigation on the Edge",
    """Language models that navigate a phone do not fit into its memory. EdgeNav-QE combines QLoRA with 4-bit weights and a
    dynamic early exit that stops at shallow layers for simple screens. EdgeNav-QE reduces latency by 82.7% on AndroidWorld.
    Accuracy drops sharply on screens with more than 40 elements.""",
    arxiv_id="2602.04444",
    quality=0.72,
    tags=("arxiv/cs/RO",),
    references=("https://github.com/edge-nav/qe",),
)
NEWS = vault_note(
    12,
    "A new reading group",
    """Our lab opens a reading group on Fridays. Everyone is welcome.""",
    source="Lab blog",
    kind=PRESS,
    quality=0.4,
)
TODAY = (SKILLRL, SKILLRL_PRESS, RLFR, MHC, RLM, IGRPO, STATES, REVIEW, STEP3, SOCIO, EDGE, NEWS)

# What the vault held before.
GRPO = vault_note(
    4,
    "GRPO: Group Relative Policy Optimization",
    """Value networks make reinforcement learning of language models costly. We propose GRPO, which estimates the baseline from a
    group of answers. GRPO reaches 51.7% on MATH with a 7B model.""",
    day=date(2026, 2, 12),
    arxiv_id="2402.03300",
)
OWN = read_note(
    "notes/agents.md",
    b"---\ntitle: My thoughts on agents\n---\n\n# My thoughts on agents\n\nAgents need memory more than tools.\n",
    mtime_ns=0,
)
OLDER = (GRPO, OWN)
VAULT = {note.id: note for note in (*TODAY, *OLDER)}


def also_in(note: VaultNote, *places: str) -> VaultNote:
    """The note as other feeds carried its item too: its Sources section says so."""
    lines = "".join(f"- Also in {place} (2026-02-20)\n" for place in places)
    body = note.body.replace("\n---\n\n*Created", f"{lines}\n---\n\n*Created")
    assert body != note.body
    return replace(note, body=body)


def vault_files() -> dict[str, bytes]:
    """The vault's files as far as a check of links and properties looks at them."""
    notes = {note.path: f"---\nid: {note.id}\n---\n\n{note.body}".encode() for note in VAULT.values()}
    return notes | {topic_page.path(topic): topic_page.render(topic, VAULT).encode() for topic in TOPICS}


def _both(one: VaultNote, other: VaultNote, kind: LinkKind, score: float, why: str) -> tuple[Link, Link]:
    return Link(one.id, other.id, kind, score, why), Link(other.id, one.id, kind, score, why)


LINKS = (
    *_both(SKILLRL, SKILLRL_PRESS, LinkKind.SAME_WORK, 1.0, "the same work: SkillRL"),
    *_both(IGRPO, GRPO, LinkKind.MENTIONS, 0.95, "both about GRPO"),
    *_both(SKILLRL, RLM, LinkKind.SIMILAR, 0.7, "reinforcement learning, agents"),
    *_both(RLM, OWN, LinkKind.SIMILAR, 0.6, "agents, context"),
    *_both(SKILLRL, GRPO, LinkKind.CITES, 1.0, "cites arXiv:2402.03300"),
)


def _topic(id_: str, name: str, terms: tuple[str, ...], *notes: VaultNote) -> Topic:
    days = sorted(note.created for note in notes if note.created)
    return Topic(
        id=id_,
        name=name,
        terms=terms,
        note_ids=tuple(note.id for note in notes),
        medoid=notes[0].id,
        first_seen=days[0],
        last_seen=days[-1],
    )


TOPICS = (
    _topic(
        "reinforcement-learning",
        "Reinforcement learning · agents",
        ("reinforcement learning", "agents", "強化學習", "policy"),
        *(SKILLRL, SKILLRL_PRESS, RLFR, RLM, IGRPO, GRPO),
    ),
    _topic("multimodal-models", "Multimodal models", ("vision-language", "多模态"), STEP3, SOCIO),
)
