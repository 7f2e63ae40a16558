"""The micro-world: a grammar whose every probability is known, checked by two ways of counting."""

import hashlib
import math
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusing import raised

from pyengine import EngineValueError
from pyengine.grammar import Sentences, entropy, sentences, words
from pyengine.microworld import HELD_OUT, RULES, MicroWorld, combination
from pyengine.tokenizer import BPETokenizer, ByteTokenizer

WORLD = MicroWorld(seed=1)
WHOLE = WORLD.whole
EACH = pytest.mark.parametrize("known", [WORLD, WHOLE], ids=["training", "whole"])
FORMS = {
    "the capital of Peru is Lima.\n",
    "the colour of the rug is green.\n",
    "the hen lay on the blue sofa.\n",
    "a mouse followed the brown fox.\n",
    "the dog on the yellow chair is awake.\n",
    "the mice on the red mat are hungry.\n",
}


def mean(known: Sentences, f: Callable[[str], float]) -> float:
    return math.fsum(p * f(said) for said, p in known.probabilities.items())


def random_grammars() -> st.SearchStrategy[dict[str, dict[str, float]]]:
    """Small grammars in which every word stands in one place of one rule: hence unambiguous."""
    weights = st.lists(st.floats(0.01, 100), min_size=1, max_size=4)

    def rules(places: list[list[float]]) -> dict[str, dict[str, float]]:
        named = {f"S{i}": place for i, place in enumerate(places)}
        short, long = " ".join(list(named)[:1]), " ".join(named)
        found = {
            symbol: {f"{symbol.lower()}w{i}": w for i, w in enumerate(place)}
            for symbol, place in named.items()
        }
        return {"SENTENCE": {f"long {long}": 2, f"short {short}": 1}, **found}

    return st.lists(weights, min_size=1, max_size=3).map(rules)


# What is said.


@EACH
def test_the_probabilities_of_all_sentences_sum_to_one(known: Sentences) -> None:
    assert math.fsum(known.probabilities.values()) == pytest.approx(1, abs=1e-15)
    assert min(known.probabilities.values()) > 0


def test_every_form_of_sentence_can_be_said() -> None:
    assert set(WHOLE.probabilities) > FORMS


def test_the_world_is_small() -> None:
    assert len(WHOLE.probabilities) == 1153
    assert len(WORLD.vocabulary) == 56
    assert {len(words(said)) - 1 for said in WHOLE.probabilities} == {6, 7, 8}


@EACH
def test_words_and_spelling_are_those_of_plain_sentences(known: Sentences) -> None:
    for said in known.probabilities:
        assert said == " ".join(words(said)[:-1]) + ".\n"
        assert not any(word.isupper() for word in words(said))
    assert set(known.vocabulary) == {w for said in known.probabilities for w in words(said)}


def test_a_verb_agrees_with_its_subject_past_the_noun_between_them() -> None:
    assert WORLD.next_words("the cats on the red mat") == {"are": 1.0}
    assert WORLD.next_words("the cat on the red mat") == {"is": 1.0}
    assert WORLD.next_words("the cat sat on the red mat") == {".": 1.0}


def test_a_fact_has_one_answer_and_a_habit_several() -> None:
    assert WORLD.next_words("the capital of Japan is") == {"Tokyo": 1.0}
    colours = WORLD.next_words("the colour of the mat is")
    assert colours == pytest.approx({"red": 0.6, "blue": 0.2, "green": 0.1, "yellow": 0.1})


# Entropy.


def test_entropy_from_the_rules_equals_entropy_from_the_list_of_sentences() -> None:
    assert entropy(RULES) == pytest.approx(WHOLE.entropy_per_sentence, abs=1e-13)


@settings(deadline=None)
@given(random_grammars())
def test_so_it_does_in_any_unambiguous_grammar(rules: dict[str, dict[str, float]]) -> None:
    listed = Sentences(sentences(rules))
    assert entropy(rules) == pytest.approx(listed.entropy_per_sentence, abs=1e-12)


def test_holding_out_splits_the_entropy_exactly() -> None:
    """Choose whether a sentence is a held-out one, then which: the chain rule of entropy."""
    h = math.fsum(WHOLE.probabilities[said] for said in WORLD.held_out())
    held_out = Sentences({said: WHOLE.probabilities[said] / h for said in WORLD.held_out()})
    choice = -h * math.log(h) - (1 - h) * math.log(1 - h)
    parts = h * held_out.entropy_per_sentence + (1 - h) * WORLD.entropy_per_sentence
    assert WHOLE.entropy_per_sentence == pytest.approx(choice + parts, abs=1e-13)


@EACH
def test_the_surprises_of_the_words_add_up_to_that_of_the_sentence(known: Sentences) -> None:
    """−log p(next word), summed over a sentence, is −log p(sentence): next_words is exact."""
    for said in FORMS & set(known.probabilities):
        begun, log_probability = "", 0.0
        for word in words(said):
            log_probability += math.log(known.next_words(begun)[word])
            begun += f" {word}"
        assert log_probability == pytest.approx(known.log_probability(said), abs=1e-12)


@EACH
def test_entropy_per_token_is_the_mean_surprise_per_token(known: Sentences) -> None:
    surprise = mean(known, lambda said: -known.log_probability(said))
    assert known.entropy_per_sentence == pytest.approx(surprise, abs=1e-13)
    per_word = surprise / mean(known, lambda said: len(said.split()) + 1)
    assert known.entropy_per_word == pytest.approx(per_word, abs=1e-13)
    assert known.entropy_per_character == pytest.approx(surprise / mean(known, len), abs=1e-13)


def test_the_floor_is_a_known_number() -> None:
    assert WORLD.entropy_per_sentence == pytest.approx(5.964782836813904, abs=1e-12)
    assert WORLD.entropy_per_word == pytest.approx(0.7613662085152065, abs=1e-12)
    assert WORLD.entropy_per_character == pytest.approx(0.1881136525489274, abs=1e-12)


CHARACTERS = list
TOKENIZER = BPETokenizer.train(WORLD.text(2000), 1000)  # every word a token, some with a space


def test_entropy_per_token_is_exact_for_the_tokens_of_any_tokenizer() -> None:
    for known in (WORLD, WHOLE):
        per_token = known.entropy_per_sentence / mean(
            known, lambda said: len(TOKENIZER.encode(said))
        )
        assert known.entropy_per_token(TOKENIZER.encode) == pytest.approx(per_token, abs=1e-14)
        assert known.entropy_per_token(words) == known.entropy_per_word
        assert known.entropy_per_token(CHARACTERS) == known.entropy_per_character
        assert known.entropy_per_token(ByteTokenizer().encode) == known.entropy_per_character
    text = WORLD.text(20_000)
    estimate = WORLD.entropy_per_character * len(text) / len(TOKENIZER.encode(text))
    assert WORLD.entropy_per_token(TOKENIZER.encode) == pytest.approx(estimate, rel=1e-3)


def test_the_sentences_of_a_text_have_the_tokens_that_they_have_alone() -> None:
    """Otherwise no count of tokens per sentence would be exact."""
    lines = WORLD.text(500).splitlines(keepends=True)
    alone = [i for line in lines for i in TOKENIZER.encode(line)]
    assert TOKENIZER.encode("".join(lines)) == alone


def test_the_floor_of_learning_by_heart_is_the_entropy_of_the_text() -> None:
    for encode in (words, CHARACTERS, TOKENIZER.encode):
        assert WORLD.floors(encode).by_heart == WORLD.entropy_per_token(encode)


def test_the_floor_of_generalizing_is_the_loss_of_the_whole_grammar_on_the_text() -> None:
    loss = mean(WORLD, lambda said: -WHOLE.log_probability(said))  # nats per sentence
    assert loss - WORLD.entropy_per_sentence == pytest.approx(0.0481588, abs=1e-7)
    for encode in (words, CHARACTERS, TOKENIZER.encode):
        expected = loss / mean(WORLD, lambda said, encode=encode: len(encode(said)))
        assert WORLD.floors(encode).generalizing == pytest.approx(expected, abs=1e-13)


def test_a_long_text_costs_about_its_entropy() -> None:
    n, expected = 20_000, WORLD.entropy_per_sentence
    cost = math.fsum(-WORLD.log_probability(line) for line in WORLD.text(n).splitlines()) / n
    variance = mean(WORLD, lambda said: (WORLD.log_probability(said) + expected) ** 2)
    assert cost == pytest.approx(expected, abs=4 * math.sqrt(variance / n))


# Probabilities of sentences and of words.


@pytest.mark.parametrize("end", ["", ".", ".\n", "\n"])
def test_a_sentence_may_come_with_or_without_its_end(end: str) -> None:
    # 3 of 19 sentences are about capitals, 4 of 31 of them about Japan; none is held out.
    expected = math.log(3 / 19 * 4 / 31)
    said = f"the capital of Japan is Tokyo{end}"
    assert WHOLE.log_probability(said) == pytest.approx(expected, abs=1e-13)
    assert WORLD.log_probability(said) > expected  # what is held out leaves more to the others


@pytest.mark.parametrize("said", ["", "the capital of Japan is Rome.", "the cat sat on the red"])
def test_what_cannot_be_said_has_log_probability_minus_infinity(said: str) -> None:
    assert WHOLE.log_probability(said) == -math.inf


@EACH
@pytest.mark.parametrize("prefix", ["", "the", "a cat", "the fox lay on the", "the capital of"])
def test_next_words_are_probabilities_with_the_likeliest_first(
    known: Sentences, prefix: str
) -> None:
    found = list(known.next_words(prefix).values())
    assert math.fsum(found) == pytest.approx(1, abs=1e-15)
    assert found == sorted(found, reverse=True)


def test_next_words_are_counted_from_the_sentences_that_go_on() -> None:
    toy = Sentences({"a b.\n": 0.2, "a c.\n": 0.3, "a c d.\n": 0.1, "b.\n": 0.4})
    assert toy.next_words("a") == pytest.approx({"c": 4 / 6, "b": 2 / 6})
    assert toy.next_words("a c") == pytest.approx({".": 0.75, "d": 0.25})


def test_only_the_sentence_that_has_begun_matters() -> None:
    text = "the capital of Peru is Lima.\na dog chased the white cat.\n"
    assert WORLD.next_words(text) == WORLD.next_words("")
    assert WORLD.next_words(text + "the capital of Peru is") == {"Lima": 1.0}


def test_a_held_out_word_is_missing_and_the_others_share_its_probability() -> None:
    prefix = "the cat sat on the red"
    everywhere, in_training = WHOLE.next_words(prefix), WORLD.next_words(prefix)
    missing = everywhere.pop("sofa")
    expected = {word: p / (1 - missing) for word, p in everywhere.items()}
    assert in_training == pytest.approx(expected, abs=1e-15)


# Text.


def test_a_text_is_as_many_lines_as_asked_for_and_all_of_them_can_be_said() -> None:
    text = WORLD.text(500)
    assert text.count("\n") == 500
    assert all(line in WORLD.probabilities for line in text.splitlines(keepends=True))
    assert WORLD.text(0) == ""


def test_the_same_seed_draws_the_same_text_and_another_seed_another() -> None:
    assert MicroWorld(seed=5).text(50) == MicroWorld(seed=5).text(50)
    assert MicroWorld(seed=5).text(50) != MicroWorld(seed=6).text(50)


def test_the_text_of_a_seed_is_the_same_on_every_machine() -> None:
    digest = hashlib.sha256(WORLD.text(2_000).encode()).hexdigest()
    assert digest == "07765a394420d28c202ccc94156319daabf623733ba66709e55468f1bc209260"


def test_a_longer_text_begins_with_the_shorter_one() -> None:
    assert WORLD.text(100).startswith(WORLD.text(99))


def test_sentences_come_as_often_as_their_probability_says() -> None:
    n = 20_000
    counts = Counter(WORLD.text(n).splitlines(keepends=True))
    squares = ((counts[said] - n * p) ** 2 / (n * p) for said, p in WORLD.probabilities.items())
    # Pearson's chi-squared: as large as there are sentences, ± √(2 × sentences).
    freedom = len(WORLD.probabilities) - 1
    assert math.fsum(squares) == pytest.approx(freedom, abs=5 * math.sqrt(2 * freedom))


# Held-out combinations.


def test_held_out_sentences_can_be_said_but_never_are() -> None:
    assert set(WORLD.held_out()) <= set(WHOLE.probabilities)
    assert set(WORLD.held_out()).isdisjoint(WORLD.probabilities)
    assert set(WORLD.held_out()).isdisjoint(WORLD.text(20_000).splitlines(keepends=True))
    assert set(WHOLE.probabilities) == set(WORLD.probabilities) | set(WORLD.held_out())


def test_controls_do_occur_in_a_text() -> None:
    assert set(WORLD.controls()) <= set(WORLD.probabilities)
    seen = {combination(line) for line in WORLD.text(2_000).splitlines()}
    assert set(HELD_OUT.values()) <= seen


def test_held_out_sentences_and_controls_have_the_same_form_words_and_mean_surprise() -> None:
    held_out, controls = WORLD.held_out(), WORLD.controls()
    assert len(held_out) == len(controls) == 4 * len(HELD_OUT)  # four colours each
    assert Counter(words(" ".join(held_out))) == Counter(words(" ".join(controls)))
    of_held_out = math.fsum(WHOLE.log_probability(said) for said in held_out)
    of_controls = math.fsum(WHOLE.log_probability(said) for said in controls)
    assert of_held_out == pytest.approx(of_controls, abs=1e-11)


def test_any_two_words_of_a_held_out_combination_occur_together() -> None:
    seen = [combination(said) for said in WORLD.probabilities]
    for animal, verb, thing in HELD_OUT:
        assert any(one[:2] == (animal, verb) for one in seen)
        assert any(one[1:] == (verb, thing) for one in seen)
        assert any((one[0], one[2]) == (animal, thing) for one in seen)


def test_only_the_probabilities_of_what_is_held_out_change_places() -> None:
    h = math.fsum(WHOLE.probabilities[said] for said in WORLD.held_out())
    assert 0.04 < h < 0.06
    assert WORLD.held_out_share == pytest.approx(h, abs=1e-15)
    for said, p in WORLD.probabilities.items():
        assert p == pytest.approx(WHOLE.probabilities[said] / (1 - h), rel=1e-14)


REFUSED: dict[str, Callable[[], object]] = {
    "MicroWorld: expected seed to be an integer of at least 0; got -1.": lambda: MicroWorld(-1),
    "MicroWorld: expected seed to be an integer of at least 0; got 0.5.": (
        lambda: MicroWorld(0.5)  # type: ignore[arg-type]
    ),
    "MicroWorld: expected sentences to be an integer of at least 0; got -3.": (
        lambda: WORLD.text(-3)
    ),
    "Sentences: expected probabilities that sum to 1; got 0.5. Divide each by their sum.": (
        lambda: Sentences({"the cat sat.\n": 0.5})
    ),
    "Sentences: expected probabilities above 0; got 0.0 for 'b.\\n'. "
    "Leave out what cannot be said.": lambda: Sentences({"a.\n": 1.0, "b.\n": 0.0}),
    "Sentences: expected probabilities above 0; got -0.5 for 'b.\\n'. "
    "Leave out what cannot be said.": lambda: Sentences({"a.\n": 1.5, "b.\n": -0.5}),
    "next_words: expected the beginning of a sentence that can be said; got 'the ca'. "
    "Give whole words; what is held out of a text cannot be said in it.": (
        lambda: WORLD.next_words("the dog sat on the blue mat.\nthe ca")
    ),
    "rules: expected one derivation for each sentence; got two of 'a b'.": (
        lambda: sentences({"SENTENCE": {"a B": 1, "A b": 1}, "A": {"a": 1}, "B": {"b": 1}})
    ),
    "rules: expected no symbol to contain itself; got SENTENCE → A → A.": (
        lambda: sentences({"SENTENCE": {"A": 1}, "A": {"a": 1, "a A": 1}})
    ),
    "rules: expected no symbol to contain itself; got A → B → A.": (
        lambda: entropy({"A": {"a B": 1}, "B": {"A": 1}}, "A")
    ),
    "rules: expected numbers above 0 as the weights of A; got 0 for 'b'.": (
        lambda: sentences({"A": {"a": 1, "b": 0}}, "A")
    ),
    "rules: expected numbers above 0 as the weights of A; got inf for 'b'.": (
        lambda: entropy({"A": {"a": 1, "b": math.inf}}, "A")
    ),
}


@pytest.mark.parametrize("message", REFUSED)
def test_refuses_with_an_explanation(message: str) -> None:
    assert raised(EngineValueError, REFUSED[message]) == message
