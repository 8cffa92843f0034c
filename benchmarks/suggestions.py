"""How well themes are suggested: 5-fold cross-validation on hand-coded answers, and how that grows with what is coded.

    .venv/bin/python benchmarks/suggestions.py [FILE] [--write]

FILE is coded-answers.csv of the public NHS data (pxtextmining, MIT). `--write` renews docs/suggestions.md.
"""

import csv
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sklearn.metrics import f1_score  # noqa: E402
from sklearn.model_selection import GroupKFold  # noqa: E402

from consult.analysis.suggestions.by_words import ByWords  # noqa: E402
from consult.analysis.suggestions.learned import Learned  # noqa: E402
from consult.analysis.suggestions.suggester import Coded, Scores, ThemeText, Uncoded  # noqa: E402
from consult.core.text import fold  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "nhs-feedback" / "coded-answers.csv"
PAGE = ROOT / "docs" / "suggestions.md"
LEFT_OUT = {"Labelling not possible", "Not assigned"}
FEWEST = 30
TAKEN_FROM = 0.35
"""A theme counts as suggested from this likelihood on; the likeliest one always does."""
CURVE = (100, 200, 500, 1000)
REPEATS = 1000


def answers(path: Path) -> tuple[list[Coded], list[str]]:
    """The coded answers and the labels that are used often enough."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    labels = columns[columns.index("Not assigned") :]
    usable = [
        (row["FFT answer"].strip(), {label for label in labels if row[label].strip() in {"1", "1.0"}})
        for row in rows
        if row["FFT answer"].strip()
    ]
    usable = [(text, given) for text, given in usable if not given & LEFT_OUT]
    uses = Counter(label for _, given in usable for label in given)
    kept = [label for label in labels if uses[label] >= FEWEST and label not in LEFT_OUT]
    return [
        Coded(text, "en", frozenset(given & set(kept))) for text, given in usable if given & set(kept)
    ], kept


def taken(scores: Sequence[Scores], labels: Sequence[str]) -> np.ndarray:
    """Which labels are suggested, as a table of 0 and 1."""
    table = np.zeros((len(scores), len(labels)), dtype=int)
    for place, found in enumerate(scores):
        if found:
            best = max(found, key=lambda label: (found[label], label))
            for label, score in found.items():
                table[place, labels.index(label)] = score >= TAKEN_FROM or label == best
    return table


def true(coded: Sequence[Coded], labels: Sequence[str]) -> np.ndarray:
    return np.array([[int(label in each.themes) for label in labels] for each in coded])


def measures(truth: np.ndarray, guess: np.ndarray) -> tuple[float, float]:
    """(sample F1, micro F1)."""
    return (
        float(f1_score(truth, guess, average="samples", zero_division=0)),
        float(f1_score(truth, guess, average="micro")),
    )


def intervals(truth: np.ndarray, guess: np.ndarray, groups: Sequence[int]) -> list[tuple[float, float]]:
    """95 % bootstrap intervals of both, equal texts drawn together."""
    both = (truth & guess).sum(1)
    sizes = truth.sum(1) + guess.sum(1)
    each = np.where(sizes > 0, 2 * both / np.maximum(sizes, 1), 0.0)
    numbers = np.array(groups)
    width = numbers.max() + 1
    sums = [
        np.bincount(numbers, weights=values, minlength=width)
        for values in (each, np.ones(len(each)), both, sizes)
    ]
    draw = np.random.default_rng(0)
    found = []
    for _ in range(REPEATS):
        times = np.bincount(draw.integers(0, width, width), minlength=width)
        one, count, hits, all_ = (float((times * values).sum()) for values in sums)
        found.append((one / count, 2 * hits / all_))
    return [tuple(np.percentile([pair[side] for pair in found], [2.5, 97.5])) for side in (0, 1)]  # type: ignore[misc]


def main() -> None:
    given = [each for each in sys.argv[1:] if not each.startswith("--")]
    coded, labels = answers(Path(given[0]) if given else DATA)
    numbers: dict[str, int] = {}
    groups = [numbers.setdefault(fold(each.text), len(numbers)) for each in coded]
    truth, guess, likely = true(coded, labels), np.zeros((len(coded), len(labels)), dtype=int), {}
    splits = list(GroupKFold(5).split(coded, truth, groups))
    seconds = 0.0
    for seen, unseen in splits:
        begun = time.perf_counter()
        scores = Learned([coded[i] for i in seen]).suggest([Uncoded(coded[i].text, "en") for i in unseen])
        seconds += time.perf_counter() - begun
        guess[unseen] = taken(scores, labels)
        likely.update(zip(unseen.tolist(), scores, strict=True))
    whole, bounds = measures(truth, guess), intervals(truth, guess, groups)
    lines = [
        f"{len(coded)} answers, {len(labels)} themes, {truth.sum(1).mean():.2f} an answer; 5-fold by equal text.",
        "",
        "| measure | value | 95 % bootstrap interval |",
        "|---|---|---|",
        f"| sample F1 | {whole[0]:.3f} | {bounds[0][0]:.3f} to {bounds[0][1]:.3f} |",
        f"| micro F1 | {whole[1]:.3f} | {bounds[1][0]:.3f} to {bounds[1][1]:.3f} |",
        "",
        f"Learning with its calibration and suggesting took {seconds / 5:.1f} s a fold on this machine.",
        "",
        "| answers coded | sample F1 | micro F1 | seconds |",
        "|---|---|---|---|",
    ]
    seen, unseen = splits[0]
    order = random.Random(1).sample(list(seen), len(seen))
    tests = [Uncoded(coded[i].text, "en") for i in unseen]
    cold = ByWords([ThemeText(label, label) for label in labels]).suggest(tests)
    first = measures(truth[unseen], taken(cold, labels))
    lines.append(f"| 0, the themes’ names alone | {first[0]:.3f} | {first[1]:.3f} | |")
    for size in CURVE:
        begun = time.perf_counter()
        scores = Learned([coded[i] for i in order[:size]]).suggest(tests)
        point = measures(truth[unseen], taken(scores, labels))
        lines.append(f"| {size} | {point[0]:.3f} | {point[1]:.3f} | {time.perf_counter() - begun:.1f} |")
    lines += [
        "",
        "How often a suggestion is right, by its score:",
        "",
        "| score | suggestions | right |",
        "|---|---|---|",
    ]
    for low in (0.5, 0.6, 0.7, 0.8, 0.9):
        hits = [
            label in coded[i].themes
            for i, found in likely.items()
            for label, score in found.items()
            if low <= score < low + 0.1 + (low == 0.9)
        ]
        share = f"{100 * sum(hits) / len(hits):.0f} %" if hits else ""
        lines.append(f"| {low:.1f} to {low + 0.1:.1f} | {len(hits)} | {share} |")
    print("\n".join(lines))
    if "--write" in sys.argv:
        head, _, rest = PAGE.read_text(encoding="utf-8").partition("<!-- figures -->\n")
        _, _, tail = rest.partition("<!-- end of figures -->")
        PAGE.write_text(
            head + "<!-- figures -->\n" + "\n".join(lines) + "\n<!-- end of figures -->" + tail,
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
