"""Small models of many architectures with random weights, saved as people save theirs: the real loading code reads them."""

from __future__ import annotations

import json
import math
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

TEXTS = [
    "Agents acquire reusable skills by trial, error and reward; we measure how well they carry over.",
    "We train language models with reinforcement learning from verifiable rewards.",
    "我们用可验证奖励的强化学习训练语言模型，并在竞赛数学题上报告准确率。",
    "扩散模型可以修复模糊的照片，本文在三个基准上比较其图像质量。",
    "Ｆｕｌｌ ｗｉｄｔｈ naïve café 1,000.5 https://arxiv.org/abs/2602.01234",
    "臺灣的機器學習研究與軟體工程 LLM推理 GPT-4o",
]
_SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]


@cache
def wordpiece(size: int = 800) -> Any:
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    normalizer, splitter = normalizers.BertNormalizer(lowercase=True), pre_tokenizers.BertPreTokenizer()
    words = [word for text in TEXTS for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(text))]
    tokenizer = Tokenizer(models.WordPiece(_pieces(special, words, size), unk_token="[UNK]"))
    tokenizer.add_special_tokens(special)
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = splitter
    tokenizer.decoder = decoders.WordPiece()
    ids = [(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", "[CLS] $A [SEP] $B [SEP]", ids)
    return tokenizer, {
        "unk_token": "[UNK]",
        "pad_token": "[PAD]",
        "cls_token": "[CLS]",
        "sep_token": "[SEP]",
        "mask_token": "[MASK]",
    }


def _pieces(special: list[str], words: list[str], size: int) -> dict[str, int]:
    """Every letter, beginnings of words, and what goes on within them. The trainer's choice is another in every process."""
    letters = sorted(set("".join(words)))
    begin = sorted({word[:end] for word in words for end in range(2, len(word) + 1, 2)})
    go_on = sorted({f"##{word[at : at + 3]}" for word in words for at in range(1, len(word) - 2, 2)})
    pieces = dict.fromkeys([*special, *letters, *(f"##{letter}" for letter in letters), *begin, *go_on])
    return {piece: number for number, piece in enumerate([*pieces][:size])}


@cache
def byte_bpe(size: int = 900) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=_SPECIAL, initial_alphabet=alphabet)
    tokenizer.train_from_iterator(TEXTS * 3, trainer)
    ids = {name: tokenizer.token_to_id(name) for name in _SPECIAL}
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", ids["</s>"]), ("<s>", ids["<s>"]), trim_offsets=True, add_prefix_space=False
    )
    return tokenizer, _specials()


@cache
def unigram(size: int = 700) -> Any:
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    splitter = pre_tokenizers.Metaspace()
    words = [word for text in TEXTS for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(text))]
    tokenizer = Tokenizer(models.Unigram(_weighed(words, size), unk_id=_SPECIAL.index("<unk>")))
    tokenizer.add_special_tokens(_SPECIAL)
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = splitter
    tokenizer.decoder = decoders.Metaspace()
    ids = [(name, tokenizer.token_to_id(name)) for name in ("<s>", "</s>")]
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", "<s> $A </s> </s> $B </s>", ids)
    return tokenizer, _specials()


def _weighed(words: list[str], size: int) -> list[tuple[str, float]]:
    """Every letter, and what stands in two places; no two weigh the same. The trainer's order is another in every process."""
    letters = sorted(set("".join(words)))
    parts = Counter(
        word[at : at + length] for word in words for length in (2, 3, 4) for at in range(len(word) - length + 1)
    )
    pieces = [*letters, *sorted(part for part, count in parts.items() if count > 1)]
    weights = [(piece, -3.0 - math.sqrt(number + 2) / 8) for number, piece in enumerate(pieces)]
    return [*((name, 0.0) for name in _SPECIAL), *weights][:size]


def _specials() -> dict[str, str]:
    return {
        "bos_token": "<s>",
        "eos_token": "</s>",
        "unk_token": "<unk>",
        "pad_token": "<pad>",
        "cls_token": "<s>",
        "sep_token": "</s>",
        "mask_token": "<mask>",
    }


_SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48}

KINDS: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "bert": (wordpiece, "Bert", {**_SMALL, "max_position_embeddings": 160}),
    "electra": (wordpiece, "Electra", {**_SMALL, "embedding_size": 24, "max_position_embeddings": 160}),
    "distilbert": (
        wordpiece,
        "DistilBert",
        {"dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 48, "max_position_embeddings": 160},
    ),
    "mpnet": (byte_bpe, "MPNet", {**_SMALL, "max_position_embeddings": 162}),
    "roberta": (byte_bpe, "Roberta", {**_SMALL, "max_position_embeddings": 162, "type_vocab_size": 1}),
    "camembert": (unigram, "Camembert", {**_SMALL, "max_position_embeddings": 162, "type_vocab_size": 1}),
    "xlm-roberta": (unigram, "XLMRoberta", {**_SMALL, "max_position_embeddings": 162, "type_vocab_size": 1}),
    "modernbert": (
        byte_bpe,
        "ModernBert",
        {
            **_SMALL,
            "num_hidden_layers": 4,
            "max_position_embeddings": 256,
            "local_attention": 32,
            "reference_compile": False,
        },
    ),
    "qwen3": (byte_bpe, "Qwen3", {**_SMALL, "num_key_value_heads": 2, "head_dim": 8, "max_position_embeddings": 256}),
    "t5": (unigram, "T5", {"d_model": 32, "d_kv": 8, "d_ff": 48, "num_layers": 2, "num_heads": 4}),
}


def save(
    kind: str,
    folder: Path,
    *,
    pooling: str = "mean",
    dense: bool = False,
    half: bool = False,
    max_length: int = 128,
    prompts: dict[str, str] | None = None,
    default_prompt: str | None = None,
    seed: int = 7,
) -> Path:
    """A SentenceTransformer of ``kind`` with random weights in ``folder``."""
    import torch
    import transformers

    tokenizer_of, name, options = KINDS[kind]
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    tokenizer, special = tokenizer_of()
    pad = tokenizer.token_to_id(special["pad_token"])
    config = getattr(transformers, f"{name}Config")(
        vocab_size=tokenizer.get_vocab_size(), pad_token_id=pad, bos_token_id=0, eos_token_id=2, **options
    )
    model_class = getattr(transformers, "T5EncoderModel" if kind == "t5" else f"{name}Model")
    model = model_class(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():  # as far from the neat values of the initialisation as trained weights are
            parameter.add_(torch.randn_like(parameter) * 0.1)
    (model.half() if half else model).save_pretrained(folder)
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=max_length, **special)
    fast.save_pretrained(folder)
    _modules(folder, 32, pooling, dense, max_length, prompts, default_prompt)
    return folder


def _modules(folder, width, pooling, dense, max_length, prompts, default_prompt):
    import torch
    from sentence_transformers.base.modules.dense import Dense

    kinds = ["Transformer", "Pooling", *(["Dense"] if dense else []), "Normalize"]
    places = ["", *(f"{at}_{kind}" for at, kind in enumerate(kinds[1:], 1))]
    modules = [
        {"idx": at, "name": str(at), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for at, (kind, path) in enumerate(zip(kinds, places, strict=True))
    ]
    _write(folder / "modules.json", modules)
    _write(folder / "sentence_bert_config.json", {"max_seq_length": max_length, "do_lower_case": False})
    _write(
        folder / "config_sentence_transformers.json", {"prompts": prompts or {}, "default_prompt_name": default_prompt}
    )
    _write(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": width, "pooling_mode": pooling})
    if dense:
        (folder / places[2]).mkdir()
        Dense(width, 20, activation_function=torch.nn.Tanh()).save(str(folder / places[2]))


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value))
