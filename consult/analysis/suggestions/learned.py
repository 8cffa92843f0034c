"""Learning from what people coded: one-vs-rest logistic regression on words and pieces of words.

Needs the extra `analysis`, so only `actions` imports it, and only where it is installed and models are made: it weighs
a second and a hundred megabytes. Nothing is downloaded, and the same answers always give the same scores.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from consult.analysis.suggestions.suggester import Coded, Scores, Uncoded
from consult.core.text import fold

STRENGTH = 5.0
FEWEST_USES = 8
"""A theme given to fewer answers is left to people."""
FOLDS = 3
FEWEST_OF_A_LANGUAGE = 60
"""From so many coded answers in a language on, it has a model of its own."""
ALL = ""


class Learned:
    """Models by language, and one over all for languages with too little. Scores are calibrated by cross-fitting."""

    def __init__(self, coded: Sequence[Coded]) -> None:
        self.name = f"regression over {len(coded)} answers"
        languages: dict[str, list[Coded]] = {}
        for each in coded:
            languages.setdefault(each.language, []).append(each)
        large = [code for code, given in languages.items() if len(given) >= FEWEST_OF_A_LANGUAGE]
        whole = set(large) == set(languages)
        self._models = {code: OneLanguage(languages[code]) for code in large if len(languages) > 1}
        if not whole or len(languages) == 1:
            self._models[ALL] = OneLanguage(coded)

    def suggest(self, answers: Sequence[Uncoded]) -> list[Scores]:
        found: list[Scores] = [{} for _ in answers]
        for code, model in self._models.items():
            places = [
                place
                for place, answer in enumerate(answers)
                if (answer.language if answer.language in self._models else ALL) == code
            ]
            if places:
                for place, scores in zip(
                    places, model.scores([answers[p].text for p in places]), strict=True
                ):
                    found[place] = scores
        return found


class OneLanguage:
    """The regression itself, with a curve for each theme that turns its margin into a likelihood."""

    def __init__(self, coded: Sequence[Coded]) -> None:
        texts = [each.text for each in coded]
        uses: dict[str, int] = {}
        for each in coded:
            for theme in each.themes:
                uses[theme] = uses.get(theme, 0) + 1
        self.themes = sorted(theme for theme, count in uses.items() if FEWEST_USES <= count < len(coded))
        if not self.themes:
            return
        given = np.array([[theme in each.themes for theme in self.themes] for each in coded], dtype=int)
        self._features = Features()
        matrix = self._features.learned(texts)
        self._models = [_fitted(matrix, given[:, place]) for place in range(len(self.themes))]
        self._curves = _curves(matrix, given, texts)

    def scores(self, texts: Sequence[str]) -> list[Scores]:
        """Likelihoods of the themes, one mapping a text."""
        if not self.themes:
            return [{} for _ in texts]
        matrix = self._features.of(texts)
        likely = np.column_stack(
            [
                _on(curve, model.decision_function(matrix))
                for model, curve in zip(self._models, self._curves, strict=True)
            ]
        )
        return [dict(zip(self.themes, map(float, row), strict=True)) for row in likely]


class Features:
    """Words, pairs of words and pieces of words, weighed by rarity."""

    def __init__(self) -> None:
        plain = {"sublinear_tf": True, "min_df": 2, "lowercase": False, "dtype": np.float32}
        self._words = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\S+", **plain)  # noqa: S106
        self._pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **plain)

    def learned(self, texts: Sequence[str]) -> Any:
        folded = _folded(texts)
        try:
            return csr_matrix(hstack([self._words.fit_transform(folded), self._pieces.fit_transform(folded)]))
        except ValueError:  # no word stands in two answers
            self._words.min_df = self._pieces.min_df = 1
            return csr_matrix(hstack([self._words.fit_transform(folded), self._pieces.fit_transform(folded)]))

    def of(self, texts: Sequence[str]) -> Any:
        folded = _folded(texts)
        return csr_matrix(hstack([self._words.transform(folded), self._pieces.transform(folded)]))


def _folded(texts: Sequence[str]) -> list[str]:
    return [fold(text) or "·" for text in texts]


def _fitted(matrix: Any, given: Any) -> Any:
    return LogisticRegression(
        C=STRENGTH,
        class_weight="balanced",
        solver="liblinear",
        dual=True,
        tol=0.01,
        max_iter=1000,
        random_state=0,
    ).fit(matrix, given)


def _curves(matrix: Any, given: Any, texts: Sequence[str]) -> list[Any]:
    """Platt's curve for each theme, from margins of answers that the model had not seen; equal texts stay together."""
    numbers: dict[str, int] = {}
    groups = [numbers.setdefault(fold(text), len(numbers)) for text in texts]
    folds = min(FOLDS, len(numbers))
    margins = np.zeros(given.shape)
    if folds > 1:
        for seen, unseen in GroupKFold(folds).split(matrix, given, groups):
            for place in range(given.shape[1]):
                known = given[seen, place]
                if 0 < known.sum() < len(known):
                    margins[unseen, place] = _fitted(matrix[seen], known).decision_function(matrix[unseen])
                else:
                    margins[unseen, place] = -2.0
    return [
        LogisticRegression(C=1.0, random_state=0).fit(margins[:, [place]], given[:, place])
        for place in range(given.shape[1])
    ]


def _on(curve: Any, margins: Any) -> Any:
    return curve.predict_proba(margins.reshape(-1, 1))[:, 1]
