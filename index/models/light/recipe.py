"""How a SentenceTransformer folder computes a vector, read from its configuration files without torch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.models.light.unsupported import UnsupportedError

__all__ = ["DenseStep", "Encoder", "Recipe", "read_recipe", "recipe_from_json", "recipe_to_json"]

FAMILIES = {
    "bert": "bert",
    "roberta": "roberta",
    "xlm-roberta": "roberta",
    "camembert": "roberta",
    "electra": "electra",
    "distilbert": "distilbert",
    "mpnet": "mpnet",
}
"""``model_type`` of transformers to the layout of the weights."""

_POOLINGS = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}
_KNOWN_POOLINGS = frozenset({"cls", "max", "mean", "mean_sqrt_len_tokens", "lasttoken"})


@dataclass(frozen=True, slots=True)
class Encoder:
    """A transformer encoder of the BERT kind: ``family`` names the layout of its weights."""

    family: str
    layers: int
    heads: int
    activation: str
    epsilon: float
    pad: int


@dataclass(frozen=True, slots=True)
class DenseStep:
    """A projection after the pooling: the folder of its weights and its activation."""

    folder: str
    activation: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """The steps from token ids to a vector; ``max_length`` in tokens, ``prompt`` is put before every text."""

    encoder: Encoder
    poolings: tuple[str, ...]
    dense: tuple[DenseStep, ...] = ()
    max_length: int = 512
    prompt: str = ""
    lower: bool = False


def read_recipe(folder: Path) -> Recipe:
    """The recipe of the model in ``folder``; UnsupportedError when a part of it is not understood."""
    try:
        return _recipe(folder)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise UnsupportedError(f"its configuration is not understood ({error!r})") from error


def recipe_to_json(recipe: Recipe) -> object:
    """The recipe as JSON has it."""
    return asdict(recipe)


def recipe_from_json(value: Mapping[str, Any]) -> Recipe:
    """The recipe that :func:`recipe_to_json` wrote; UnsupportedError when it did not."""
    try:
        parts = dict(value)
        return Recipe(
            **{
                **parts,
                "encoder": Encoder(**parts["encoder"]),
                "poolings": tuple(parts["poolings"]),
                "dense": tuple(DenseStep(**step) for step in parts["dense"]),
            }
        )
    except (TypeError, KeyError, ValueError) as error:
        raise UnsupportedError("its recipe is not understood") from error


def _recipe(folder: Path) -> Recipe:
    modules = [(entry["type"].rpartition(".")[2], entry["path"]) for entry in _json(folder / "modules.json")]
    kinds = [kind for kind, _ in modules]
    middle = kinds[2:-1] if kinds[-1] == "Normalize" else kinds[2:]
    if kinds[:2] != ["Transformer", "Pooling"] or set(middle) - {"Dense"} or modules[0][1] not in {"", "."}:
        raise UnsupportedError(f"its modules are {', '.join(kinds)}")
    reading = _optional(folder / "sentence_bert_config.json")
    config = _json(folder / "config.json")
    return Recipe(
        encoder=_encoder(config),
        poolings=_pooling(_json(folder / modules[1][1] / "config.json")),
        dense=tuple(_dense(folder, path) for kind, path in modules if kind == "Dense"),
        max_length=_max_length(reading, config, _optional(folder / "tokenizer_config.json")),
        prompt=_prompt(_optional(folder / "config_sentence_transformers.json")),
        lower=bool(reading.get("do_lower_case", False)),
    )


def _encoder(config: Mapping[str, Any]) -> Encoder:
    kind = config["model_type"]
    if kind not in FAMILIES:
        raise UnsupportedError(f"its architecture {kind!r} is not of the BERT kind")
    if config.get("position_embedding_type", "absolute") != "absolute":
        raise UnsupportedError("its positions are not absolute")
    if config.get("is_decoder") or config.get("add_cross_attention"):
        raise UnsupportedError("it is a decoder")
    distil = kind == "distilbert"
    return Encoder(
        family=FAMILIES[kind],
        layers=int(config["n_layers" if distil else "num_hidden_layers"]),
        heads=int(config["n_heads" if distil else "num_attention_heads"]),
        activation=str(config["activation" if distil else "hidden_act"]),
        epsilon=1e-12 if distil else float(config["layer_norm_eps"]),
        pad=int(config.get("pad_token_id") or 0),
    )


def _pooling(config: Mapping[str, Any]) -> tuple[str, ...]:
    if not config.get("include_prompt", True):
        raise UnsupportedError("its pooling leaves the prompt out")
    modes = config.get("pooling_mode") or [mode for key, mode in _POOLINGS.items() if config.get(key)] or ["mean"]
    chosen = (modes,) if isinstance(modes, str) else tuple(modes)
    if set(chosen) - _KNOWN_POOLINGS:
        raise UnsupportedError(f"its pooling is {', '.join(chosen)}")
    return chosen


def _dense(folder: Path, path: str) -> DenseStep:
    config = _json(folder / path / "config.json")
    inputs = {config.get(key) or "sentence_embedding" for key in ("module_input_name", "module_output_name")}
    if inputs != {"sentence_embedding"} or config.get("use_residual"):
        raise UnsupportedError("its dense layer is of an unusual kind")
    return DenseStep(folder=path, activation=config.get("activation_function", "torch.nn.modules.activation.Tanh"))


def _max_length(reading: Mapping[str, Any], config: Mapping[str, Any], tokenizer: Mapping[str, Any]) -> int:
    if reading.get("max_seq_length"):
        return int(reading["max_seq_length"])
    return min(int(config["max_position_embeddings"]), int(tokenizer.get("model_max_length", 512)))


def _prompt(config: Mapping[str, Any]) -> str:
    name = config.get("default_prompt_name")
    return str(config["prompts"][name]) if name else ""


def _json(path: Path) -> Any:
    return json.loads(path.read_bytes())


def _optional(path: Path) -> Mapping[str, Any]:
    return dict(_json(path)) if path.is_file() else {}
