"""Names of metrics and units of measurement: what a figure has to be in to tell how well something does."""

from __future__ import annotations

import re

__all__ = ["METRIC", "METRIC_NAME", "PHYSICAL", "is_result", "metric_unit", "physical_unit"]

# What abstracts write out, and the short name a table gives it.
_WRITTEN_OUT = {
    r"mean intersection[- ]over[- ]union|mean IoU": "mIoU",
    r"intersection[- ]over[- ]union": "IoU",
    r"structural similarity(?: index)?(?: measure)?": "SSIM",
    r"peak signal[- ]to[- ]noise ratio": "PSNR",
    r"mean absolute percentage error": "MAPE",
    r"mean absolute error": "MAE",
    r"root[- ]mean[- ]squared? error": "RMSE",
    r"mean[- ]squared? error": "MSE",
    r"mean per[- ]joint position error": "MPJPE",
    r"dice(?: similarity)? coefficient": "Dice",
    r"hausdorff distance": "HD",
    r"chamfer distance": "CD",
    r"area under (?:the )?(?:receiver operating characteristic |ROC )?curve": "AUC",
    r"(?:receiver operating characteristic|ROC)[- ]AUC": "AUC",
    r"word error rate": "WER",
    r"character error rate": "CER",
    r"equal error rate": "EER",
    r"expected calibration error": "ECE",
    r"matthews correlation coefficient": "MCC",
    r"(?:mean )?reciprocal rank": "MRR",
    r"mean average precision": "mAP",
    r"mean opinion score": "MOS",
    r"fr[eé]chet inception distance": "FID",
    r"fr[eé]chet video distance": "FVD",
    r"coefficient of determination": "R²",
    r"cohen['’]s kappa": "kappa",
    r"quadratic weighted kappa": "QWK",
}
# In one way only: digits that two repetitions could share are tried in as many ways as their number's square.
_LEVEL = r"(?:\d+(?:\.\d+)?|\.\d+)"
_CUT = rf"(?:@?{_LEVEL}(?:[:-]{_LEVEL})?|@\[?\.?\d[\d.:-]*\]?)"
_SHORT = (
    r"F1(?:@\d+)?|F-?(?:1|measure|score)|F_1|F2|BLEU(?:-\d)?|SacreBLEU|ROUGE(?:-[L\d])?|METEOR|CIDEr(?:-D)?"
    r"|SPICE|[Cc]hrF(?:\+\+)?"
    r"|COMET(?:-22|Kiwi)?|BLEURT|BERTScore|CLIPScore|CLIP-T|CLIP-I"
    r"|mIoU|[gc]?IoU(?:@\d+)?|Dice|DSC|HD95|HD|ASSD|ASD|NSD|mDice"
    rf"|mAP(?:50|75)?{_CUT}?|AP(?:_?50|_?75)|AUC(?:-?ROC|-?PR)?|AUROC|AUPRC|AMOTA|MOTA|HOTA|IDF1|NDS|PDMS|EPDMS"
    r"|PSNR|SSIM|MS-SSIM|LPIPS|DISTS|NIQE|MUSIQ|VMAF|[a-z]?FID|KID|FVD|FAD|ImageReward|HPS ?v2(?:\.1)?"
    r"|WER|CER|DER|EER|PER|minDCF|PESQ|STOI|MOS|UTMOS|DNSMOS|SI-SDR|SDR"
    r"|nDCG(?:@\d+)?|NDCG(?:@\d+)?|MRR(?:@\d+)?|Hits?@\d+|Recall@\d+|R@\d+|Precision@\d+|P@\d+|HR@\d+|Elo|ELO"
    r"|MAE|MAPE|[NR]*MSE|NRMSE|MPJPE|PA-MPJPE|MPVPE|min[AF]DE|ADE|FDE|EPE|ATE|AbsRel|RMSLE"
    r"|MCC|QWK|ECE|NLL|SRCC|PLCC|KRCC|CCC|R2|R\^2|R\^\{2\}|R²|BPC|PPL"
)
_WORDS = (
    r"(?:Pearson|Spearman|Kendall)(?:['’]s)?(?: (?:rank|rho|tau|r))?(?: correlation)?|(?:top-[15] "
    r"|balanced )?accuracy|precision|recall"
    r"|sensitivity|specificity|perplexity|pass@\d+|pass\^\d+|pass rate|correlation|kappa|C-index|concordance index"
    r"|Jaccard(?: index)?|cosine similarity"
)
_OUT = "|".join(_WRITTEN_OUT)
METRIC_NAME = (
    rf"(?<![A-Za-z])(?<!@)(?<!at )(?:(?:macro|micro|weighted|mean|average|averaged"
    rf"|overall)[- ](?:averaged[- ])?)?(?:(?i:{_OUT})|{_SHORT}"
    rf"|(?i:{_WORDS}))s?(?![A-Za-z@])"
)
"""A metric's name in a text, as a pattern without groups."""

METRIC = re.compile(METRIC_NAME)
"""A metric's name as a whole."""

_MEAN = re.compile(r"^(?:mean|averaged?|overall|weighted)[- ](?=\S)", re.IGNORECASE)
_PLURAL = re.compile(r"([A-Z0-9]|accuracy|score|rate)s$")
_LONG = tuple((re.compile(pattern, re.IGNORECASE), unit) for pattern, unit in _WRITTEN_OUT.items())
_SAME = {
    "F-score": "F1",
    "F-measure": "F1",
    "F-1": "F1",
    "F_1": "F1",
    "DSC": "Dice",
    "R2": "R²",
    "R^2": "R²",
    "R^{2}": "R²",
}

_PHYSICAL_UNITS = {
    r"(?:\\mu|µ|μ)\$?\s?s|microseconds?": "µs",
    r"ms|milliseconds?": "ms",
    r"s|secs?|seconds?": "s",
    r"mins?|minutes?": "min",
    r"mm|millimet(?:er|re)s?": "mm",
    r"cm|centimet(?:er|re)s?": "cm",
    r"m|met(?:er|re)s?": "m",
    r"FPS|fps|frames per second|frames/s(?:ec)?": "FPS",
    r"kbps|kb/s": "kbps",
    r"bpp": "bpp",
    r"tokens(?:/s(?:ec(?:ond)?)?|(?: per second))": "tokens/s",
    r"GB|gigabytes": "GB",
    r"MB|megabytes": "MB",
    r"mW|milliwatts": "mW",
    r"°|degrees": "°",
}
PHYSICAL = rf"(?:{'|'.join(_PHYSICAL_UNITS)})(?![A-Za-z0-9°/^])"
"""A unit of time, length, rate or storage in a text, as a pattern without groups."""

_PHYSICAL = tuple((re.compile(pattern), unit) for pattern, unit in _PHYSICAL_UNITS.items())
_UNITS_OF_RESULTS = frozenset({"%", "points", "x", "dB", "loss", "AP", "r", "percentile", *_PHYSICAL_UNITS.values()})


def metric_unit(name: str) -> str:
    """The unit of a figure in the metric ``name``: short where there is a short name, and without "average"."""
    name = _PLURAL.sub(r"\1", name)
    plain = _MEAN.sub("", name) if not any(pattern.fullmatch(name) for pattern, _ in _LONG) else name
    for pattern, unit in _LONG:
        if pattern.fullmatch(plain):
            return unit
    plain = _SAME.get(plain, plain)
    return plain if any(letter.isupper() for letter in plain) else plain.lower()


def physical_unit(text: str) -> str:
    """The short name of a unit of measurement: ``ms`` of "milliseconds"."""
    return next((unit for pattern, unit in _PHYSICAL if pattern.fullmatch(text)), text)


def is_result(unit: str) -> bool:
    """Whether a figure of ``unit`` tells how well something does or how much better, not how large or how many it is."""
    return unit in _UNITS_OF_RESULTS or METRIC.fullmatch(unit) is not None
