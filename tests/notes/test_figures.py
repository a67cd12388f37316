import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.quantities.figures import find, numbers_rest_on, values
from notes.quantities.metrics import is_result
from notes.text.sentences import split

# The figures that the works of February 2026 are known by, told in three ways.
SEED_FIGURES = {
    "STEP3-VL-10B": ("STEP3-VL-10B reaches 92.61% on ScreenSpot-V2.", [("92.61%", "ScreenSpot-V2", "STEP3-VL-10B")]),
    "STEP3-VL-10B listed": ("GUI grounding: 92.61% (ScreenSpot-V2 benchmark)", [("92.61%", "ScreenSpot-V2", "")]),
    "STEP3-VL-10B, zh": ("STEP3-VL-10B在GUI grounding任务达到92.61%，证明有效。", [("92.61%", "", "STEP3-VL-10B")]),
    "people against Gemini": (
        "Gemini3-Pro在复杂推理中准确率仅49.7%，人类94.1%",
        [("49.7%", "", "Gemini3-Pro"), ("94.1%", "", "人类")],
    ),
    "people against Gemini, en": (
        "Gemini3-Pro is right in only 49.7% of cases, humans in 94.1%.",
        [("49.7%", "", "Gemini3-Pro"), ("94.1%", "", "humans")],
    ),
    "SkillRL": ("在 ALFWorld 基準測試上,SkillRL 達到了 89.9% 的成功率。", [("89.9%", "ALFWorld", "SkillRL")]),
    "SkillRL, en": ("SkillRL achieves a success rate of 89.9% on ALFWorld.", [("89.9%", "ALFWorld", "SkillRL")]),
    "Thinking States": ("Thinking States 可以將推理延遲降低 40-60%。", [("40-60%", "", "")]),
    "RLFR": (
        "RLFR 將幻覺率降低了 58%,同時在推理成本上實現了 90 倍的降低。",
        [("58%", "", "RLFR"), ("90 倍", "", "RLFR")],
    ),
    "RLFR, en": ("RLFR reduces hallucinations by 58% at a cost 90x lower.", [("58%", "", "RLFR"), ("90x", "", "RLFR")]),
    "iGRPO": ("它在 AIME 2024 數學推理基準測試上達到了 85.62% 的成績。", [("85.62%", "AIME 2024", "")]),
    "iGRPO, en": ("iGRPO scores 85.62% on AIME 2024.", [("85.62%", "AIME 2024", "iGRPO")]),
    "meta-study": ("這項研究分析了 47 項實證研究,AI 寫作工具將產出量提升 50%。", [("47 項", "", ""), ("50%", "", "")]),
    "meta-study, zh-Hans": ("该研究分析了 47 项实证研究。", [("47 项", "", "")]),
    "meta-study, en": ("A review of 47 studies finds 50% more papers.", [("47 studies", "", ""), ("50%", "", "")]),
}


@pytest.mark.parametrize(("text", "figures"), SEED_FIGURES.values(), ids=SEED_FIGURES.keys())
def test_the_known_figures_are_found(text, figures):
    assert [(each.text, each.benchmark, each.system) for each in find(text)] == figures


WHOSE = {
    "baseline has no subject": (
        "RAVID achieves 80.27%, compared to 63.44% for the model C2P-CLIP.",
        [("80.27%", "", "RAVID"), ("63.44%", "", "C2P-CLIP")],
    ),
    "baseline unnamed": ("RAVID achieves 80.27% against 63.44%.", [("80.27%", "", "RAVID"), ("63.44%", "", "")]),
    "margin over another": ("VisionReasoner works, outperforming Qwen2.5VL by 29.1% on COCO.", [("29.1%", "COCO", "")]),
    "subject before another": ("SkillRL outperforms GPT-4 by 12%.", [("12%", "", "SkillRL")]),
    "another name beside the figure": ("GPT-4o leads in F1, not RoBERTa-CRF (F1=0.67).", [("0.67", "", "")]),
    "name and colon": ("RepVGG-A2: 80%", [("80%", "", "RepVGG-A2")]),
    "name and brackets": ("The best is RepVGG-A2 (80%).", [("80%", "", "RepVGG-A2")]),
    "of which": ("The data UHD-4K (22.4% of which are large) helps.", [("22.4%", "", "")]),
    "metric is no system": ("We reach a gFID score of 1.35.", [("1.35", "", "")]),
    "acronym of a field": ("LLMs achieve 90% in all.", [("90%", "", "")]),
    "no name": ("The model achieves 90% in all.", [("90%", "", "")]),
}


@pytest.mark.parametrize(("text", "figures"), WHOSE.values(), ids=WHOSE.keys())
def test_whose_figure_it_is(text, figures):
    assert [(each.text, each.benchmark, each.system) for each in find(text)] == figures


WHERE = {
    "each its own": ("It has 90.7% on GSM8k and 63.7% on MATH.", ["GSM8k", "MATH"]),
    "respectively": ("It reaches 89.9% and 72.7% on ALFWorld and WebShop, respectively.", ["ALFWorld", "WebShop"]),
    "respectively, but unclear": ("It gains 2.7%, 1.9%, 2.6% on ADE20K and Cityscapes, respectively.", ["", "", ""]),
    "a list of metrics": ("On the DSM dataset it has a precision of 87.17%, recall of 83.86%.", ["DSM", "DSM"]),
    "before and after": (
        "It rises from 9.4% to 22.4% on SWE-bench Verified.",
        ["SWE-bench Verified", "SWE-bench Verified"],
    ),
    "another matter": ("It reaches 85% on MATH and reduces cost by 40%.", ["MATH", ""]),
    "unknown by its shape": ("It gains 5% on FooBench.", ["FooBench"]),
    "unknown by its word": ("It reaches 95% on the public CIFAKE benchmark.", ["CIFAKE"]),
    "unknown by its place": ("It gains 22% on ReasonSeg, and more.", ["ReasonSeg"]),
    "of several none": ("Tests on FakeAVCeleb and LAV-DF show 4.83% gains.", [""]),
    "of several in front none": ("On MATH-500, GPQA Diamond and AIME 2024 the exit shortens it by 31%.", [""]),
    "of several behind none": ("It gains 31% on MATH-500 and AIME 2024.", [""]),
    "of several, zh": ("在 ALFWorld、WebShop 和七個搜尋任務上，比強基線高出 15.3% 以上。", [""]),
    "each clause its own, zh": (
        "在 GUI 定位基准 ScreenSpot-V2 上达到 92.61%，在 MMMU 上达到 80.11%",
        ["ScreenSpot-V2", "MMMU"],
    ),
    "benchmark as subject, zh": ("MMMU 達到 80.11%，ScreenSpot-V2 達到 92.61%。", ["MMMU", "ScreenSpot-V2"]),
    "after a semicolon": (
        "The best tested agent scores 21.0% on PaperBench; on SPOT it finds at most 21.1% of known errors.",
        ["PaperBench", "SPOT"],
    ),
    "a list of four": (
        "92.61% on ScreenSpot-V2, the GUI benchmark, and it reports 92.2% on MMBench, 80.11% on MMMU and 94.43% on AIME 2025",
        ["ScreenSpot-V2", "MMBench", "MMMU", "AIME 2025"],
    ),
    "not across a colon or whereas": (
        "It is the companion of ScreenSpot-V2: GUI-G1-3B reports 37.1% and GTA1-7B 50.1%, "
        "whereas on ScreenSpot-V2 models such as STEP3-VL-10B pass 92%.",
        ["", "", "ScreenSpot-V2"],
    ),
    "archives are no benchmarks": (
        "They posted over 50% more on bioRxiv and SSRN; for researchers at Asian institutions the gain lay between "
        "43.0% and 89.3%.",
        ["", "", ""],
    ),
    "a new clause names a system": (
        "It has 92.61% on ScreenSpot-V2, and Gemini3-Pro reaches only 49.7%.",
        ["ScreenSpot-V2", ""],
    ),
    "a part of one": ("It scores 67.3 on TAU2 Retail, 45.4 on TAU2 Airline.", ["TAU2 Retail", "TAU2 Airline"]),
    "images are no benchmark": ("It reaches 85.26% on Sentinel-2 imagery.", [""]),
    "a field's benchmarks": ("It gains 5.5% over several COD benchmarks.", [""]),
    "another clause": ("It reaches 85%; MATH is hard.", [""]),
    "a count has none": ("MedEvidence is tested with 24 LLMs on MedEvidence.", [""]),
}


@pytest.mark.parametrize(("text", "benchmarks"), WHERE.values(), ids=WHERE.keys())
def test_on_which_benchmark(text, benchmarks):
    assert [each.benchmark for each in find(text)] == benchmarks


def test_a_verb_left_out_still_tells_whose_figure_it_is():
    found = find("GUI-G1-3B reports 37.1% and GTA1-7B 50.1%.")
    assert [each.system for each in found] == ["GUI-G1-3B", "GTA1-7B"]


BY_TITLE = {
    "two words": (
        "Thinking States reduces latency by 40-60%.",
        "Latent Reasoning with Thinking States",
        "Thinking States",
    ),
    "two words, no title": ("Thinking States reduces latency by 40-60%.", "", ""),
    "plain words before the colon": (
        "AI writing tools increase output by 50%.",
        "AI writing tools: a study",
        "AI writing tools",
    ),
    "one word": ("Legilimens lowers costs by 40%.", "Legilimens: Video Analytics", "Legilimens"),
    "a benchmark is no system": ("HALoGEN finds 86% wrong facts.", "HALoGEN: A Benchmark", ""),
    "a known benchmark is no system": ("ScreenSpot-Pro has 18.9% of them.", "ScreenSpot-Pro: GUI Grounding", ""),
}


@pytest.mark.parametrize(("text", "title", "system"), BY_TITLE.values(), ids=BY_TITLE.keys())
def test_the_title_tells_the_name_of_the_system(text, title, system):
    assert [each.system for each in find(text, title=title)] == [system]


OF_IT = {
    "it": ("It reaches 52.1% on WebArena.", [("52.1%", "SkillRL")]),
    "against another": (
        "It reaches 71.2% on AIME 2025 with a 7B model, against 68.0% for GRPO.",
        [("71.2%", "SkillRL"), ("7B", "SkillRL"), ("68.0%", "")],
    ),
    "behind the place": ("On WebArena it reaches 63.0%.", [("63.0%", "SkillRL")]),
    "the model": ("The model reaches 63.0%.", [("63.0%", "SkillRL")]),
    "zh": ("它在 WebArena 上达到 52.1%。", [("52.1%", "SkillRL")]),
    "zh-Hant": ("該方法在 WebArena 上達到 52.1%。", [("52.1%", "SkillRL")]),
    "another": ("GPT-4 reaches 50%.", [("50%", "GPT-4")]),
    "nothing in particular": ("It is known that 50% fail.", [("50%", "")]),
    "from and to": ("It lifts AIME 2025 from 68.0 to 74.9%.", [("74.9%", "SkillRL")]),
    "from and to with units": ("It lifts AIME 2025 from 68.0% to 74.9%.", [("68.0%", ""), ("74.9%", "SkillRL")]),
}


@pytest.mark.parametrize(("sentence", "figures"), OF_IT.values(), ids=OF_IT.keys())
def test_it_is_the_work_where_the_text_speaks_of_it(sentence, figures):
    found = find(f"SkillRL distils experience into skills. {sentence}", title="SkillRL: Evolving Agents")
    assert [(each.text, each.system) for each in found] == figures


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("It reaches 52.1% on WebArena.", "SkillRL: Evolving Agents"),
        ("SkillRL wins. GPT-4 is older. It reaches 52.1% on WebArena.", "SkillRL: Evolving Agents"),
        ("WebArena is hard. It reaches 52.1% in all.", "WebArena: A Realistic Environment"),
    ],
    ids=["nothing before", "another name between", "a benchmark"],
)
def test_it_is_nobody_where_the_text_does_not_tell(text, title):
    assert [each.system for each in find(text, title=title)] == [""]


def test_a_year_is_no_part_of_the_figure():
    (figure,) = find("SkillRL lifts AIME 2025 to 74.9%.")
    assert (figure.text, figure.benchmark, figure.system) == ("74.9%", "AIME 2025", "SkillRL")


BOUNDS = {
    "more than": ("It holds in more than 95% of cases.", "more than 95%"),
    "over": ("It holds in over 50% of cases.", "over 50%"),
    "over a count": ("A review of over 47 studies.", "over 47 studies"),
    "improvement over": ("It is an improvement over 50% for all.", "50%"),
    "sign": ("It holds in >95% of cases.", ">95%"),
    "sign in a formula": (r"It holds in $>95\%$ of cases.", r">95\%"),
    "arrow": ("The rate goes ->95% now.", "95%"),
    "up to": ("It saves up to 40% of it.", "up to 40%"),
    "or more": ("It holds in 95% or more.", "95% or more"),
    "zh": ("准确率超过 95%。", "超过 95%"),
    "zh-Hant": ("準確率超過 95%。", "超過 95%"),
    "zh, behind": ("准确率在 95% 以上。", "95% 以上"),
    "zh, about": ("准确率约 95%。", "约 95%"),
    "zh, saves": ("可节约 40% 的成本。", "40%"),
    "zh, at least": ("准确率至少 95%。", "至少 95%"),
    "zh, only": ("准确率仅 95%。", "95%"),
    "none": ("The rate is 95%.", "95%"),
}


@pytest.mark.parametrize(("text", "figure"), BOUNDS.values(), ids=BOUNDS.keys())
def test_a_figure_keeps_its_bound(text, figure):
    assert [each.text for each in find(text)] == [figure]


CHANGES = {
    "by": ("It improves on X by 26% (relative).", [True]),
    "by more than": ("It improves on X by more than 26%.", [True]),
    "fewer by": ("There are fewer hallucinations by 58%.", [True]),
    "less": ("It has 40-60% less latency.", [True]),
    "gain": ("It yields a 31% relative performance gain.", [True]),
    "verb": ("It reduces latency 40%.", [True]),
    "list": ("It shows improvements of 4.81% on MATH and 11.1% on MT-bench.", [True, True]),
    "plus": ("It is better (+5.3%).", [True]),
    "points": ("It is ahead with 5.3 percentage points.", [True]),
    "factor": ("It is 90x cheaper.", [True]),
    "a size": ("It grows by 7B parameters.", [False]),
    "zh": ("幻觉减少 58%。", [True]),
    "zh-Hant": ("將推理延遲降低 40-60%。", [True]),
    "zh, behind": ("取得 5% 的提升。", [True]),
    "zh, to": ("准确率提升到 58%。", [False]),
    "score": ("It reaches 92.61% on ScreenSpot-V2.", [False]),
    "improves to": ("It improves MATH to 74.9%.", [False]),
    "from and to": ("It rises from 9.4% to 22.4%.", [False, False]),
    "by and to": ("It improves by 5% and then to 80% on MATH.", [True, False]),
    "score and saving": ("It reaches 85% on MATH and reduces cost by 40%.", [False, True]),
    "by people": ("It is chosen first by 58% of users.", [False]),
    "points of a score": ("It has a score of 85.2 on MATH.", [False]),
}


@pytest.mark.parametrize(("text", "changes"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_told_from_a_score(text, changes):
    assert [each.change for each in find(text)] == changes


def test_each_figure_has_its_own_sentence():
    text = "SkillRL reaches 89.9%\non ALFWorld. It needs 40% less."
    assert [each.sentence for each in find(text)] == list(split(text))


def test_latex_commands_name_no_system():
    assert [each.system for each in find(r"We see that \SysName achieves 26.9%.")] == [""]


@given(st.text())
def test_figures_stand_in_their_sentence(text):
    for each in find(text):
        assert each.text in each.sentence
        assert each.sentence in split(text)


def test_values_are_at_hand_here():
    assert values("58%") == (0.58,)
    assert numbers_rest_on("58%", ["58 percent"])


MORE_CHANGES = {
    "gain in": ("It shows an increase in accuracy of up to 12% over it.", [True]),
    "margin": (r"It wins by a significant margin of $9.4\%$.", [True]),
    "gains of a list": (r"It has an average gain of $4\%$ and $2\%$ in all.", [True, True]),
    "the noun belongs to both": ("It has over 16% and 11% F1 improvements.", [True, True]),
    "the noun belongs to both, with metrics": ("It has a 3.6% BLEU-4 and 3.8% F1 improvement.", [True, True]),
    "achieved by": ("It achieves success rates by 97% in all.", [False]),
    "a score is improved by": ("It improves F1 scores by 6-39% in all.", [True]),
    "chosen by": ("It was selected by 58% of them.", [False]),
    "a level is not surpassed": ("No model can surpass 56% AUROC.", [False]),
    "said again": ("It wins by 28% (11.43 points) and 27% (11.21 points).", [True] * 4),
    "what it was and became": ("It rises by 22% (from 1.83% to 2.24%).", [True, False, False]),
    "its own measure": ("It has an improvement of 12% and a mean precision of 25%.", [True, False]),
    "under degradation": ("It has an accuracy of 80% under degradation.", [False]),
    "reaching": ("The increase is large, reaching up to 10% in all.", [True]),
    "short of": ("It falls short of 60%.", [False]),
    "bold": (r"It wins by an average of \textbf{5.1\%} in all.", [True]),
    "dash": ("It rises (+20 CoNLL-F1 points).", [True]),
}


@pytest.mark.parametrize(("text", "changes"), MORE_CHANGES.values(), ids=MORE_CHANGES.keys())
def test_a_change_is_told_by_what_governs_it(text, changes):
    assert [each.change for each in find(text)] == changes


SETTINGS = {
    "a threshold": "It is tested at a threshold of 50%.",
    "both thresholds": "It is tested at thresholds of 25% and 50%.",
    "a limit": "It keeps to the strict thresholds (<= 0.32m).",
    "masking": "We set a mask ratio of 75%.",
    "sparsity": "It is stable at 50% sparsity.",
    "the noise": "The signal is weak (SNR = 0.7 dB).",
    "a split": "A 20% hold-out test set is used.",
    "a task": "For 4x super-resolution it is used.",
    "an overlap that counts as a hit": "The precision is averaged at IoU=0.5 here.",
    "bits": "We lower the precision from 32 to 4 bits.",
    "lengths of the material": "It takes 10 s clips and 5 m resolution images.",
}


@pytest.mark.parametrize("text", SETTINGS.values(), ids=SETTINGS.keys())
def test_what_is_set_is_no_result(text):
    assert [each.text for each in find(text) if is_result(each.unit)] == []


def test_settings_are_left_out_by_the_rule_for_them(monkeypatch):
    text = "It is tested at a threshold of 50%, they say."
    assert find(text) == ()
    monkeypatch.setattr("notes.quantities.figures.is_setting", lambda *_: False)
    assert [each.text for each in find.__wrapped__(text)] == ["50%"]


def test_what_is_told_ahead_of_the_work_is_background():
    text = "Seizures affect 1% of children. Experts agree in 60% of cases. We present SeizNet. It reaches 91.5%."
    assert [each.text for each in find(text, title="SeizNet: Early Warnings")] == ["91.5%"]
    assert [each.text for each in find("Experts agree in 60% of cases.")] == ["60%"]


THE_WORK = {
    "our method": ("Our method reaches 90%.", ["Glyphnet-X"]),
    "the proposed": ("The proposed approach reaches 90% and cuts cost by 40%.", ["Glyphnet-X", "Glyphnet-X"]),
    "a capability": ("They show the strength of Glyphnet-X, with 62% in all.", ["Glyphnet-X"]),
    "its": ("Results show its strength, with 62% in all.", ["Glyphnet-X"]),
    "subject before for": ("Glyphnet-X preserves 96% of it for LLaVA-1.5.", ["Glyphnet-X"]),
    "our model of another": ("Our GPT-4 model reaches 90%.", [""]),
    "compared with": ("Others than Glyphnet-X have 62% in all.", [""]),
    "another subject": ("We run Glyphnet-X, where baselines achieve 62%.", [""]),
    "another in brackets": ("Glyphnet-X beats the plain CNN (58.3%).", [""]),
    "the last of those compared": ("Glyphnet-X beats GPT-4.5 and Qwen2.5-VL, achieving 90%.", [""]),
    "experiments on": ("Experiments on KREval and COSE-K show 62% in all.", [""]),
    "a family named like a word": ("Gemini 2.5 Pro reaches 90% and Claude 80%.", ["Gemini 2.5 Pro", "Claude"]),
    "while another": ("Glyphnet-X has 4% less, while Lawformer demonstrates 19% less.", ["Glyphnet-X", ""]),
}


@pytest.mark.parametrize(("sentence", "systems"), THE_WORK.values(), ids=THE_WORK.keys())
def test_the_work_owns_what_is_told_of_it(sentence, systems):
    found = find(f"We introduce Glyphnet-X. {sentence}", title="Glyphnet-X: Reading Long Texts")
    assert [each.system for each in found] == systems


def test_a_short_name_that_the_text_introduces_is_the_work():
    text = "We then propose Mixed Training Steps (MTS), a method. Our method gains 10.1%."
    assert [each.system for each in find(text, title="Flexibility in Spiking Networks")] == ["MTS"]
    field = "We present a study of Named Things (NTX). Our method gains 10.1%."
    assert [each.system for each in find(field, title="Flexibility in Spiking Networks")] == [""]


MORE_PLACES = {
    "in front with for": ("For the MIT-BIH dataset, it has 98% against 99% of others.", ["MIT-BIH", "MIT-BIH"]),
    "evaluated on": ("Evaluated on Occ3D-nuScenes, it has a 39% mIoU (a 6% improvement).", ["Occ3D-nuScenes"] * 2),
    "which means": ("It has 49% on the IJB-B dataset, which surpasses the second by 2%.", ["IJB-B", "IJB-B"]),
    "a data set of words": (
        "It has an error of 0.05 mm on the Prostate dataset (55% better).",
        ["Prostate", "Prostate"],
    ),
    "said elsewhere": ("The MiniUCF dataset is used. It has 78% in MiniUCF.", ["MiniUCF"]),
    "plain names ahead in the list": ("On the Nordland, Oxford, and NuScenes sets it gains 17%.", [""]),
    "the first one's alone": ("It has 90% for the CXR dataset, 80% for the knees.", ["CXR", ""]),
    "networks are no benchmarks": ("It gains 20% and 3% on PointNet and DGCNN, respectively.", ["", ""]),
    "metrics are no benchmarks": ("It gains 2% and 3% on SIMX and NSSX metrics, respectively.", ["", ""]),
    "a verb before benchmark": ("PM-KVQ improves reasoning benchmark scores by 8%.", [""]),
}


@pytest.mark.parametrize(("text", "benchmarks"), MORE_PLACES.values(), ids=MORE_PLACES.keys())
def test_on_which_benchmark_across_a_sentence(text, benchmarks):
    assert [each.benchmark for each in find(text)] == benchmarks


def test_what_a_figure_is_a_multiple_of_does_not_own_it():
    (found,) = find("在同样的算力下，Muon 的计算效率约为 AdamW 的 2 倍。")
    assert (found.text, found.system != "AdamW") == ("2 倍", True)


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("OurUI-2 的得分达到人类的 60%，在 OSWorld 上为 47.5%。", ["OurUI-2", "OurUI-2"]),
        ("它在 15 個遊戲上的平均得分達到人類水準的 60%。", ["OurUI-2"]),
        ("游戏测试中 OurUI-2 平均达到人类水平的约 60%。", ["OurUI-2"]),
        ("OurUI-2 的得分为 97%，高于人类的 94.1%。", ["OurUI-2", "人类"]),
        ("On short clips, human review took 89% of the time.", [""]),
    ],
    ids=["a share of people's", "a share, traditional", "about a share", "people's own", "what people do"],
)
def test_people_own_what_they_reached_and_not_what_others_share_of_it(text, owners):
    assert [each.system for each in find(f"我们提出 OurUI-2。{text}", title="OurUI-2: agents")][
        -len(owners) :
    ] == owners


def test_a_system_named_behind_its_figure_keeps_its_whole_name():
    told = find("Tools raise the rate from 40.1% to 43.3% for Claude 4 Sonnet at 50 steps.")
    assert told[-1].system == "Claude 4 Sonnet"


@pytest.mark.parametrize("unit", ["A", "a-", "AB ", "A1 ", "AaB ", "on MATH "])
def test_a_sentence_without_an_end_takes_time_in_proportion_to_its_length(unit):
    text = f"AB reaches 52.1% on WebArena.\n\n{(unit * 40_000)[:40_000]}"
    started = time.process_time()
    assert [each.text for each in find(text, title="AB: a way to plan")] == ["52.1%"]
    assert time.process_time() - started < 3.0


@pytest.mark.parametrize("unit", ["x", "A-", "上", "ab "])
def test_what_stands_behind_a_benchmark_in_front_takes_time_in_proportion_to_its_length(unit):
    started = time.process_time()
    (found,) = find(f"On WebArena {(unit * 300)[:300]} AB reaches 52.1%.", title="AB: a way to plan")
    assert (found.text, time.process_time() - started < 3.0) == ("52.1%", True)


def test_a_comma_ends_what_stands_in_front():
    told = find("On the WebArena suite of tasks, AB reaches 52.1%.", title="AB: a way to plan")
    assert [(each.text, each.benchmark) for each in told] == [("52.1%", "WebArena")]
