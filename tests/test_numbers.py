"""The number grammar and what each number reports."""

import pytest

from extractors.numbers import find_numerals
from extractors.reports import Report, read_report
from extractors.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trained on 100B tokens", [(100e9, "tokens")]),
        ("a ~5x multiplier", [(5, "x")]),
        ("about sim3x faster", [(3, "x")]),
        ("by 10 percentage points", [(10, "pp")]),
        ("over 6 p.p. more", [(6, "pp")]),
        ("1.0, 1.3 and 2.5 percentage points", [(1.0, "pp"), (1.3, "pp"), (2.5, "pp")]),
        ("from 35.5% to 44.5%", [(35.5, "%"), (44.5, "%")]),
        (r"up to 85.1\% faster", [(85.1, "%")]),
        ("5.9%rightarrow10.9%", [(5.9, "%"), (10.9, "%")]),
        ("three times as fast", [(3, "x")]),
        ("28times faster", [(28, "x")]),
        ("2.13X speedup", [(2.13, "x")]),
        ("a 7-fold reduction", [(7, "x")]),
        ("a twofold gain", [(2, "x")]),
        ("by a factor of 10", [(10, "x")]),
        ("two orders of magnitude", [(100, "x")]),
        ("an order of magnitude smaller", [(10, "x")]),
        ("It doubles the gains", [(2, "x")]),
        ("with half the parameters", [(0.5, "x")]),
        ("at a cost of $20", [(20, "USD")]),
        ("60M, 130M and 1.1B parameter models", [(60e6, "parameters"), (130e6, "parameters"), (1.1e9, "parameters")]),
        ("1.9-3.3x speedup", [(1.9, "x"), (3.3, "x")]),
        ("2-3 million images", [(2e6, "examples"), (3e6, "examples")]),
        ("one billion parameters", [(1e9, "parameters")]),
        ("1.2 trillion tokens", [(1.2e12, "tokens")]),
        ("13,000 GPU hours", [(13000, "GPU hours")]),
        ("8 A100 GPUs", [(8, "GPUs")]),
        ("40GB of text", [(40e9, "bytes")]),
        ("35.4G FLOPs", [(35.4e9, "FLOPs")]),
        ("+8.81 on C-Eval", [(8.81, "")]),
        ("GPT-2 and CIFAR100 and LLaMA3-70B and Qwen2.5", []),
        ("the 10th paper on 3D scenes", []),
        ("from 30s to 0.5s", [(30, "seconds"), (0.5, "seconds")]),
        ("since the 90s, the 1990s and the mid-80s", []),
        (r"containing $6\times 10^{11}$ tokens", [(6e11, "tokens")]),
        (r"steps in less than $10^{-2}$ seconds", [(0.01, "seconds")]),
        ("from $5439$ tokens to a mAP of $22.7$", [(5439, "tokens"), (22.7, "")]),
        ("a 1.2-1.4× GPU memory reduction", [(1.2, "x"), (1.4, "x")]),
        ("compression factors of 7.7x and 21x", [(7.7, "x"), (21, "x")]),
        ("reducing computation by x100 on 8xA100-40G GPUs", [(100, "x"), (8, "GPUs")]),
        (
            "OPT (7B, 13B), a 7b model and 150 B tokens",
            [(7e9, "parameters"), (13e9, "parameters"), (7e9, "parameters"), (150e9, "tokens")],
        ),
        (
            "best of the sub-10B models, up to 90Hz and 20 to 30 FPS",
            [(10e9, "parameters"), (90, "Hz"), (20, "FPS"), (30, "FPS")],
        ),
        ("1.6 and 3.1 billion parameters", [(1.6e9, "parameters"), (3.1e9, "parameters")]),
        ("Double DQN and Triple GAN beat Half Cheetah", []),
        ("Four fifths of it, a fifth of that; a fifth method", [(0.8, "x"), (0.2, "x")]),
        (
            "fourteen times, Ten minutes, two points, eight bits",
            [(14, "x"), (10, "minutes"), (2, "points"), (8, "bits")],
        ),
        ("two RTX 4090 GPUs, 310 A100 hours, on one H100", [(2, "GPUs"), (310, "GPU hours"), (1, "GPUs")]),
        ("more than 3million clusters and two-thirds of them", [(3e6, ""), (2 / 3, "x")]),
    ],
)
def test_numerals_are_read_as_they_are_written(text: str, expected: list[tuple[float, str]]) -> None:
    found = find_numerals(text)
    assert [n.unit for n in found] == [unit for _, unit in expected]
    assert [n.value for n in found] == pytest.approx([value for value, _ in expected])


def reports(text: str) -> list[tuple[str, str, str | None]]:
    sentence = split_sentences(text)[0]
    found = [(text[n.start : n.end].strip(), read_report(text, sentence, n)) for n in find_numerals(text)]
    return [(t, r.kind, r.direction) for t, r in found if isinstance(r, Report)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It improves accuracy by 2.1% on CIFAR100.", [("2.1%", "change", "increase")]),
        ("It reduces the error by 13.6%.", [("13.6%", "change", "decrease")]),
        ("It reaches an accuracy of 91.2%.", [("91.2%", "score", None)]),
        ("F1 rises from 35.5% to 44.5%.", [("35.5%", "score", None), ("44.5%", "score", None)]),
        ("It needs only 11% of the data.", [("11%", "ratio", "decrease")]),
        ("It uses 40% less data.", [("40%", "change", "decrease")]),
        ("It is 3x faster.", [("3x", "ratio", "increase")]),
        ("It achieves a 2.5x reduction in FLOPs.", [("2.5x", "ratio", "decrease")]),
        ("We train on 300B tokens.", [("300B tokens", "size", None)]),
        ("Training takes 13,000 GPU hours.", [("13,000 GPU hours", "cost", None)]),
        ("It obtains a MAUVE score of 0.87.", [("0.87", "score", None)]),
        ("It gains 36.5 points over the baseline.", [("36.5 points", "change", "increase")]),
        ("In 2023 we ran six tasks with 5-shot prompts on 12 layers and 14 datasets.", []),
        ("Over 50 languages and 3 authors, Section 4 of et al., 2019.", []),
    ],
)
def test_a_number_reports_what_its_sentence_says(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert reports(text) == expected
