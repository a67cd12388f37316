"""Models of real sizes with random weights, for measurements where no hub can be reached: what a start costs is the same."""

from __future__ import annotations

import json
import random
import string
from pathlib import Path
from typing import Any

PIECES = 250_000
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
SIZES = {
    "base": {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072},
    "large": {"hidden_size": 1024, "num_hidden_layers": 24, "num_attention_heads": 16, "intermediate_size": 4096},
}
"""XLM-R base (multilingual-e5-base and the like) and XLM-R large (bge-m3)."""


def make(size: str, folder: Path) -> Path:
    """An XLM-R of ``size`` as a SentenceTransformer, with a Unigram vocabulary as large as the real one's."""
    import torch
    import transformers

    options = SIZES[size]
    torch.manual_seed(1)
    config = transformers.XLMRobertaConfig(
        vocab_size=PIECES, pad_token_id=1, max_position_embeddings=514, type_vocab_size=1, **options
    )
    transformers.XLMRobertaModel(config).save_pretrained(folder)
    special = dict(zip(("bos_token", "pad_token", "eos_token", "unk_token", "mask_token"), SPECIAL, strict=True))
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=_tokenizer(), model_max_length=512, cls_token="<s>", sep_token="</s>", **special
    ).save_pretrained(folder)
    kinds = ("Transformer", "Pooling", "Normalize")
    modules = [
        {
            "idx": at,
            "name": str(at),
            "path": f"{at}_{kind}" if at else "",
            "type": f"sentence_transformers.models.{kind}",
        }
        for at, kind in enumerate(kinds)
    ]
    pooling = {"word_embedding_dimension": options["hidden_size"], "pooling_mode": "mean"}
    for name, value in (
        ("modules.json", modules),
        ("sentence_bert_config.json", {"max_seq_length": 512, "do_lower_case": False}),
        ("1_Pooling/config.json", pooling),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(value))
    return folder


def _tokenizer() -> Any:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(list(_pieces().items()), unk_id=3))
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), spaces])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.add_special_tokens(list(SPECIAL))
    ids = [("<s>", 0), ("</s>", 2)]
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", "<s> $A </s> </s> $B </s>", ids)
    return tokenizer


def _pieces() -> dict[str, float]:
    chance = random.Random(1)
    pieces = dict.fromkeys(SPECIAL, 0.0)
    pieces |= {
        chr(number): -13.0 for first, last in ((0x20, 0x24F), (0x4E00, 0x9FA5)) for number in range(first, last + 1)
    }
    pieces["▁"] = -4.0
    while len(pieces) < PIECES:
        if chance.random() < 0.2:
            piece = chr(chance.randint(0x4E00, 0x9FA5)) + chr(chance.randint(0x4E00, 0x9FA5))
        else:
            piece = "".join(chance.choices(string.ascii_lowercase, k=chance.randint(2, 9)))
        pieces.setdefault(chance.choice(("", "▁")) + piece, -8 - 6 * chance.random())
    return pieces
