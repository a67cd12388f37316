"""Names in a sentence of another's words: of systems, benchmarks, organisations, titles, people; in Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from notes.model import VaultNote
from notes.text.fold import fold, to_simplified
from notes.text.keyphrases import STOPWORDS
from publish.checking.worded_calendar import DATE_WORDS
from publish.checking.worded_vocabulary import is_plural
from publish.sources.evidence import witness

__all__ = ["ORDINARY", "bare", "holds", "located_names", "names", "stands", "strange_name", "texts"]

# A word with a capital, or letters with digits: GRPO, STEP3-VL-10B, iPhone, ScreenSpot-V2.
TRANSLATED = {
    "chinese": "中文|汉语|中国", "english": "英文|英语|英国", "japanese": "日文|日语|日本", "korean": "韩文|韩语|韩国",
    "french": "法文|法语|法国", "german": "德文|德语|德国", "mandarin": "普通话|国语|中文", "cantonese": "粤语",
    "china": "中国|国内",
    "taiwan": "台湾|臺湾", "taiwanese": "台湾|臺湾", "beijing": "北京", "shanghai": "上海", "japan": "日本", "korea": "韩国",
    "europe": "欧洲|欧盟", "european": "欧洲|欧盟", "american": "美国", "asian": "亚洲", "tsinghua": "清华",
    "peking": "北京大学|北大",
    "renmin": "人民大学|人大", "zhejiang": "浙江", "fudan": "复旦", "stepfun": "阶跃", "alibaba": "阿里", "tencent": "腾讯",
    "baidu": "百度", "bytedance": "字节", "huawei": "华为", "xiaomi": "小米", "google": "谷歌",
    "microsoft": "微软", "nvidia": "英伟达",
    "university": "大学", "institute": "研究所|研究院", "academy": "科学院|研究院", "laboratory": "实验室", "hospital": "医院",
    "baai": "智源",
}  # fmt: skip
"""Names that a translation writes otherwise, by what Chinese notes have for them, in simplified characters."""
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z\u00c0-\u024f][A-Za-z0-9\u00c0-\u024f]*(?:[-–.'’+/][A-Za-z0-9\u00c0-\u024f]+)*"
)
_BEGINS = re.compile(r"(?:^|[.!?:;。！？：；“「『\"(（]\s*)$")
_PLAIN_WORD = re.compile(
    r"[A-Z][a-z]+(?:ing|ings|ed|ly|tion|tions|sion|sions|ment|ments|ness|ers|ors|ists|able|ive|al|ical|ous|ful|less|ity|ies|ance"
    r"|ence|ures|ory|ary)"
)
ORDINARY = frozenset(
    """
    abundant adequate ample apparent bold brief broad busy calm central certain cheaper civil classic cleaner clinical
    coarse common compact competent complex confident consistent constant content conventional convincing correct costly
    crowded cruder daily decent default denser detailed dense different difficult dirty distant distinct diverse double
    dozens due dynamic eager eight eighteen eighty elaborate eleven empty entire equal essential even evident exact
    excellent explicit extra fair faithful familiar fewer fifteen fifty final finer firm flat flawed flexible fluent
    forty fourteen fresh frequent fundamental gentle genuine global gradual great greater harder harsh heavy helpful
    heavier honest huge identical implicit independent inconsistent informal initial intelligent intense internal joint
    junior latent lengthy less lesser liable light lighter linear live logical loose lone longest loud main mature mere
    minor modest moderate mutual naive narrow neat nine nineteen ninety noisy normal obvious odd older opaque ordinary
    otherwise overt partial patient perfect permanent persistent plausible pleasant popular potent precise prominent
    prompt proper proud quiet ready reliable remote reverse richer rigid robust rough round routine safer senior serious
    seven seventeen seventy severe shallow shallower sharper silent silent similar sixteen sixty skilled slight slower
    smart smarter smooth softer solid sound spare special stale static steady steep stricter strict stringent subtle
    sudden sufficient suitable ten thick thin thirteen thirty thorough tight tiny tough transparent twelve twenty twin
    typical ultimate unclear uniform unique unknown unlabelled upper urgent vague vast verbose warm weaker wise worse
    worst wrong younger zero
    a ablations academic according accuracies accuracy across adding additional agents algorithms alignment all
    allowing although analysis another any applications approach as assistants attention audio authors availability
    average baseline because benchmark benchmarks besides best better beyond big bigger both brain building but by
    cameras careful cars cells chains challenges cheap cheaper chips choices classes clear closed cloud code
    combined companies compared compute context contrary costs current customers data deep deployment depth
    designers despite details developers devices direct doctors documents domain driven drivers each earlier early
    editors effects efficiency else energy engineers enough environments error errors even every evidence examples
    experiments experts exploration facts failures fast faster feedback few fields figures files finally fine firms
    first five for forms four frames free from frontier full further future games gaps general generally given goals
    good graphs ground groups half hardware he hence here hidden high higher homes hospitals household however human
    humans hybrid ideal ideas if images important in industry inference inner inputs instead it items its it’s jobs
    joint judges just key keys known labels laboratories labs language languages large larger last latency later
    latest law layers learners learning less lessons limits lists little local long longer loops low lower machine
    machines main many maps market materials matters media medical memories memory method methods metrics mid middle
    minds mixed model models modern modules more most much multi names natural near nearly neither networks neural
    new next no noise non none nor not notably nothing now numbers object objects of off offline often old on once
    one online only open or other others otherwise our out outcomes outputs over overall pages pairs papers part
    parts paths patients people performance phones physical pieces plain planners plans policies policy pools poor
    posts power practice precision previous prices prior privacy private problem problems programs progress prompts
    proofs providers public pure put quality queries question questions quick random range rare rates rather raw
    readers real reasons recall recent recipes regular research researchers result results rewards rich right risk
    robots roles rounds rules safety same samples scale schools science scientists scores search second security
    self sequences sets several shared sharp she shops short signals simple since single six skills slow small
    smaller so software solvers some source space sparse speech speed stable stages standard state states steps
    still stores straight strong stronger students studies study success such supervised sure surveys symbols
    synthetic system systems take target task tasks teachers teams technical techniques test tests text that the
    their them then theory there these they thing things third this those though three through thus ties time to
    together token tokens tool tools top topics traces tracking traditional true trust truth two types uncertainty
    under universities unlike unsupervised until up use user users using values various verified version very video
    videos views vision visual voice was weak wearable web weights what when where whether which while who whole why
    wide wider wireless with within without word words work workers works writers year years yet you young
    """.split()
)
"""Words that open a sentence with a capital, or stand before "team" and "benchmark", and are no names."""


def strange_name(text: str, named: Sequence[VaultNote]) -> str:
    """The first name in the sentence that stands in none of the notes; empty when each does."""
    held = [holds(note) for note in named]
    for name in names(text):
        if not any(stands(name, words) for words in held) and not _is_translated(name, named):
            return name
    return ""


def names(text: str) -> Iterator[str]:
    """What is a Latin name, for all that its spelling tells."""
    yield from (name for _, _, name in located_names(text))


def _is_translated(name: str, named: Sequence[VaultNote]) -> bool:
    """Whether the notes have the name of a language, country or day in Chinese, or are in that language."""
    if name in DATE_WORDS:
        return True
    chinese = TRANSLATED.get(re.sub(r"['’]s$", "", name).lower(), "")
    is_written_in = name == "Chinese" and any(note.lang.startswith("zh") for note in named)
    held = (to_simplified(one) for note in named for one in texts(note))
    return is_written_in or (bool(chinese) and any(re.search(chinese, one) for one in held))


def located_names(text: str) -> Iterator[tuple[int, int, str]]:
    """The names of the text, each with where it starts and ends."""
    before = 0
    for token in _TOKEN.finditer(text):
        word = token.group()
        marked = any(letter.isdigit() for letter in word) or any(letter.isupper() for letter in word[1:])
        # No mark that a sentence begins behind stands at the end of a word.
        if marked or (word[0].isupper() and not (_BEGINS.search(text, before, token.start()) and _is_word(word))):
            yield *token.span(), word
        before = token.end()


def _is_word(word: str) -> bool:
    """Whether a word with a capital at the head of a sentence is an ordinary one; of Skill-based its first part tells."""
    first = re.split(r"[-–'’/]", word)[0]
    plain = first.lower() in ORDINARY or first.lower() in STOPWORDS or _PLAIN_WORD.fullmatch(first) is not None
    return plain or is_plural(first.lower())


@lru_cache(maxsize=512)
def _words(text: str) -> frozenset[str]:
    """Every word of a text, bare, and each with the word that follows it: "Screen Spot" is ScreenSpot."""
    found = [token.group() for token in _TOKEN.finditer(text)]
    whole = [bare(word) for word in found]
    parts = [bare(part) for word in found for part in re.split(r"[-–'’/.+]", word)]
    return frozenset((*whole, *parts, *(one + other for one, other in pairwise(whole))))


def texts(note: VaultNote) -> tuple[str, ...]:
    """All in which a name may stand: what bears a number, and the authors."""
    return (*witness(note), *note.authors)


def holds(note: VaultNote) -> frozenset[str]:
    """The words of a note, bare."""
    return frozenset().union(*(_words(text) for text in texts(note)))


def stands(name: str, words: frozenset[str]) -> bool:
    """Whether a note holds the name: whole, without its plural or possessive, or in each of the parts that it is joined from."""
    single = bare(re.sub(r"['’]s$", "", name))
    if single in words or (single.endswith("s") and single[:-1] in words) or f"{single}s" in words:
        return True
    parts = [bare(part) for part in re.split(r"[-–/]", name) if part]
    return len(parts) > 1 and all(part in words or part in ORDINARY or part in STOPWORDS for part in parts)


def bare(word: str) -> str:
    """A name without what its spellings differ in: case, hyphens, spaces."""
    return re.sub(r"[\s\-–_.'’+/]+", "", fold(word))
