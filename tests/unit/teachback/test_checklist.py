"""The checklist grades what an answer states, whatever words it uses, and nothing else."""

import gold
import pytest
from gold import measures
from hypothesis import given, settings
from hypothesis import strategies as st

from teachback import Criterion, Misconception, Rubric, grade
from teachback.english import is_english
from teachback.text import sentences
from teachback.wording import ENGLISH

RUBRIC = Rubric(
    course="test",
    lesson="loss",
    prompt="Explain to a friend what the loss is and what happens to the parameters after that.",
    criteria=(
        Criterion("loss", 4, "A low probability gives a high loss.",
                  ("low probability -> high loss", "surprised right word large loss")),
        Criterion("step", 3, "Each parameter takes a small step against its gradient.",
                  ("small step against gradient", "takes a step (partly)"),
                  ("step along the gradient",)),
        Criterion("both", 3, "Averaging cancels noise, and the chip works on many texts at once.",
                  ("average cancels noise + chip many texts at_once",)),
    ),
    misconceptions=(
        Misconception("counts", "The loss counts wrong words.", ("loss counts wrong words",),
                      "The loss looks at one probability, and counts nothing."),
    ),
    follow_up="What if the probability is 1?",
    model_answer="If the right word had a low probability the loss is high. Every parameter then "
    "moves a small step against its gradient.",
    lesson_text="When the model gave the right word only a tiny probability then the loss comes "
    "out very high, and that is all there is to say of it in this lesson.",
)  # fmt: skip
FULL = (
    "If the right word got little probability, the loss is large. "
    "Each parameter then makes a small step against its gradient. "
    "The average over many texts cancels the noise, and the chip does many texts at once."
)


LEARNT = gold.rubric("loss")


def verdicts(answer: str) -> dict[str, str]:
    return {each.id: each.verdict for each in grade(RUBRIC, answer).criteria}


def test_a_full_answer_gets_full_marks_and_a_question_to_go_on_with():
    result = grade(RUBRIC, FULL)
    assert result.score == 10
    assert result.next_step == RUBRIC.follow_up


def test_the_result_says_that_no_ai_was_asked():
    by = grade(RUBRIC, FULL).graded_by
    assert by.kind == "checklist"
    assert "not an AI" in by.note


@pytest.mark.parametrize("answer", [
    "When the chance of the right word falls, the loss grows.",
    "The less likely the true token was, the bigger the error gets.",
    "With a high probability for the correct word you get a low loss.",
    "The penalty goes up as the likelihood of the actual word goes down.",
])  # fmt: skip
def test_synonyms_and_both_directions_of_a_relation_are_known(answer: str):
    assert verdicts(answer)["loss"] == "met"


@pytest.mark.parametrize("answer", [
    "If the right word got a high probability, the loss is high.",
    "When the probability of the right word falls, the loss falls as well.",
    "The loss is low if the model gave it a low probability.",
])  # fmt: skip
def test_a_relation_turned_round_does_not_pay(answer: str):
    result = grade(RUBRIC, answer).criteria[0]
    assert result.verdict == "missed"
    assert "speak against" in result.feedback
    assert result.quote in answer


@pytest.mark.parametrize("answer", [
    "The parameters do not take a small step against the gradient.",
    "No parameter ever makes a small step against its gradient.",
    "It is a myth that one makes small steps against the gradient.",
    "People think that it goes in small steps against the gradient.",
    "It jumps, instead of a small step against the gradient.",
])  # fmt: skip
def test_what_is_denied_or_only_reported_does_not_pay(answer: str):
    assert verdicts(answer)["step"] == "missed"


@pytest.mark.parametrize("answer", [
    "It does not guess: each weight makes a small step against its gradient.",
    "Not only one but every weight makes a small step against its gradient.",
    "It isn't a jump but a small step against the gradient.",
    "Without the slope it would not know how to make a small step against the gradient.",
])  # fmt: skip
def test_a_negation_ends_with_its_clause(answer: str):
    assert verdicts(answer)["step"] == "met"


def test_a_contradiction_costs_the_criterion():
    answer = "It makes a small step against the gradient. It makes a step along the gradient."
    assert verdicts(answer)["step"] == "missed"


def test_one_of_two_ideas_is_half():
    assert verdicts("The average over all of the texts cancels the noise.")["both"] == "partly"
    assert verdicts("Then every parameter takes a step, I think.")["step"] == "partly"


@pytest.mark.parametrize("answer", [
    "if the rigth word got litle probabilty, the loss is largge",
    "loss is high when model give right word low probability",
    "when probability of right word is low then become the loss high",
    "the loss gets huge if u put a tiny chance on the right word lol",
])  # fmt: skip
def test_slips_and_plain_or_non_native_english_do_not_cost(answer: str):
    assert verdicts(answer)["loss"] == "met"


@pytest.mark.parametrize("answer", [
    "low probability, high loss, small step, against gradient, average, noise, chip, many texts",
    "Loss. Probability. Low, high. Step, gradient, against, small. Average cancels noise.",
    "probability low / loss high / step small / gradient against / noise average cancel / chip",
    "- low probability\n- high loss\n- small step\n- against the gradient\n- average, noise, chip",
])  # fmt: skip
def test_lists_of_keywords_earn_nothing(answer: str):
    assert grade(RUBRIC, answer).score == 0


@pytest.mark.parametrize("source", [RUBRIC.lesson_text, RUBRIC.model_answer, RUBRIC.prompt])
def test_copied_text_earns_nothing_and_is_told(source: str):
    result = grade(RUBRIC, source)
    assert result.score == 0
    assert "taken from the lesson" in result.next_step


@pytest.mark.parametrize("lesson", ["the-p-in-gpt", "how-does-a-brain-learn"])
def test_what_is_left_of_a_copied_sentence_is_not_held_against_anyone(lesson: str):
    rubric = gold.rubric(lesson)
    told = [f"First, {each.criterion[0].lower()}{each.criterion[1:]}" for each in rubric.criteria]
    results = [grade(rubric, text) for text in [rubric.prompt, *told]]
    assert not any(result.misconceptions for result in results)
    assert "speak against" not in " ".join(
        each.feedback for result in results for each in result.criteria
    )


@pytest.mark.parametrize("between", [", and ", "\n", " "])
def test_explanations_without_full_stops_are_understood(between: str):
    said = (
        "For each word it knows, the model says how likely that word is to follow",
        "then we see the real word, and the loss is big if that word had been thought unlikely",
        "going backwards, we learn for each parameter how a small turn would change the loss",
        "after that, every parameter gets a tiny change that lowers the loss, and it starts again",
        "a tiny loss on the practice text could be pure memory, so test it on text it never saw",
    )
    assert grade(gold.rubric("the-p-in-gpt"), between.join(said)).score >= 7


@pytest.mark.parametrize(("lesson", "idea", "said"), [
    ("the-p-in-gpt", "forward",
     "The model gives every possible next word a chance, and these add up to one."),
    ("the-p-in-gpt", "optimize",
     "In the end every parameter is moved a small step against its gradient, so the loss falls."),
    ("how-does-a-brain-learn", "descent",
     "Each parameter takes a small step against its gradient, so the loss falls a bit."),
    ("how-does-a-brain-learn", "loss",
     "The loss is minus the log of the probability of the word that came, so unlikely is dear."),
])  # fmt: skip
def test_ordinary_sentences_that_share_words_with_a_criterion_count(lesson, idea, said):
    result = grade(gold.rubric(lesson), said)
    assert {each.id: each.verdict for each in result.criteria}[idea] != "missed"


@pytest.mark.parametrize("lesson", ["the-p-in-gpt", "how-does-a-brain-learn"])
def test_whole_criteria_and_what_is_told_instead_of_wrong_ideas_earn_nothing(lesson: str):
    rubric = gold.rubric(lesson)
    told = [each.criterion for each in rubric.criteria]
    told += [each.instead for each in rubric.misconceptions]
    for text in told:
        assert grade(rubric, text).score == 0
    assert grade(rubric, " ".join(told)).score == 0


def test_own_words_beside_copied_ones_count():
    answer = f"{RUBRIC.lesson_text} So a rare word hurts: low probability makes the loss high."
    assert verdicts(answer)["loss"] == "met"


def test_a_misconception_costs_a_point_and_is_what_to_mend_first():
    result = grade(RUBRIC, f"{FULL} And the loss counts the wrong words.")
    assert result.score == 9
    assert [each.id for each in result.misconceptions] == ["counts"]
    assert result.next_step == RUBRIC.misconceptions[0].instead


@pytest.mark.parametrize("said", [
    "The loss does not count the wrong words.",
    "People think the loss counts the wrong words, but really it looks at a probability.",
    "It is wrong to say that the loss counts wrong words.",
    "The loss looks at one probability rather than counting wrong words.",
])  # fmt: skip
def test_a_misconception_that_is_denied_is_none(said: str):
    assert grade(RUBRIC, f"{FULL} {said}").score == 10


@pytest.mark.parametrize("opening", [
    "It is not true that", "It is a myth that", "Wrong:", "It is a mistake to think that",
    "No, it is not so that",
])  # fmt: skip
@pytest.mark.parametrize("lesson", ["the-p-in-gpt", "how-does-a-brain-learn"])
def test_who_rejects_every_wrong_idea_of_a_rubric_loses_no_criterion(lesson: str, opening: str):
    rubric = gold.rubric(lesson)
    wrong = [f"{each.says[0].lower()}{each.says[1:]}" for each in rubric.misconceptions]
    rejected = " ".join(f"{opening} {each}" for each in wrong)
    full = next(each for each in LESSONS if (each.rubric, each.kind) == (lesson, "full")).text
    before, after = (grade(rubric, text) for text in (full, f"{full} {rejected}"))
    assert after.score >= before.score
    assert not after.misconceptions


def test_quotes_are_the_learners_own_words():
    for gold_answer in gold.answers("tuned"):
        result = grade(gold.rubric(gold_answer.rubric), gold_answer.text)
        for each in (*result.criteria, *result.misconceptions):
            assert each.quote in gold_answer.text


def test_what_earns_points_without_words_to_quote_is_said_to_be_likely_alone():
    likely = [
        each
        for answer in gold.answers("tuned")
        for each in grade(gold.rubric(answer.rubric), answer.text).criteria
        if each.verdict != "missed" and not each.quote
    ]
    assert likely
    assert all(each.feedback.startswith("Not found as such") for each in likely)


def test_what_earns_points_is_quoted():
    for each in grade(RUBRIC, FULL).criteria:
        assert len(each.quote.split()) > 3


SENTENCES = st.sampled_from(measures.PADDING)
LESSONS = [each for each in gold.answers("tuned") if (gold.LESSONS / f"{each.rubric}.yml").exists()]


@settings(max_examples=40, deadline=None)
@given(
    which=st.integers(0, len(LESSONS) - 1),
    before=st.lists(SENTENCES, max_size=3),
    behind=st.lists(SENTENCES, max_size=3),
)
def test_true_but_irrelevant_sentences_never_raise_a_score(which, before, behind):
    answer = LESSONS[which]
    rubric = gold.rubric(answer.rubric)
    padded = " ".join([*before, answer.text.strip(), *behind])
    assert grade(rubric, padded).score <= grade(rubric, answer.text).score


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_a_score_and_the_same_one_again(text: str):
    first = grade(RUBRIC, text)
    assert first == grade(RUBRIC, text)
    assert 0 <= first.score <= 10


@pytest.mark.parametrize("end", [
    "None of that is true.", "But none of this is actually right.", "Not a word of it is true!",
    "All of that is wrong.", "Everything I wrote is nonsense.", "All of the above is false.",
    "I made all that up.", "Sorry, forget all of that.",
])  # fmt: skip
def test_what_is_taken_back_at_the_end_is_not_stated(end: str):
    assert grade(RUBRIC, f"{FULL} {end}").score == 0
    assert grade(LEARNT, f"{LEARNT.model_answer} {end}").score == 0


@pytest.mark.parametrize("answer", [
    "Das Modell gibt jedem möglichen nächsten Wort eine Wahrscheinlichkeit. Der Verlust ist hoch, "
    "wenn das richtige Wort wenig bekam. Dann geht jeder Parameter einen kleinen Schritt dagegen.",
    "Le modèle donne une probabilité à chaque mot. La perte est grande si le bon mot a reçu peu "
    "de probabilité. On calcule ensuite le gradient et on fait un petit pas.",
    "El modelo da una probabilidad a cada palabra. La pérdida es mayor cuanto menos recibe.",
    "Модель даёт каждому слову вероятность, и потеря велика, если она мала.",
])  # fmt: skip
def test_other_languages_are_told_that_only_english_is_understood(answer: str):
    for rubric in (RUBRIC, LEARNT):
        result = grade(rubric, answer)
        assert (result.score, result.next_step) == (0, ENGLISH["checklist.only-english"])


@pytest.mark.parametrize("answer", [
    "the modle givs evry nxt wrd a probabilty n then teh loss goes up wen its low",
    "idk tbh, smth w/ chances lol, u just kinda tweak ur knobs till its gud",
    "loss = -log p(word); grad = dL/dw; w -= lr * grad",
])  # fmt: skip
def test_slips_texting_and_formulas_are_english(answer: str):
    assert is_english(answer)


@pytest.mark.parametrize("half", gold.HALVES)
def test_every_answer_of_the_gold_set_is_english(half: str):
    strangers = sum(
        not is_english(each.text) for each in gold.answers(half) if each.kind != "injected"
    )
    assert strangers == 0


def test_what_is_taken_back_in_the_middle_is_the_sentence_before():
    told = "The loss counts wrong words. None of that is true."
    result = grade(RUBRIC, f"{told} {FULL}")
    assert (result.score, result.misconceptions) == (10, ())


@pytest.mark.parametrize("opening", ["Wrong: ", "False: ", "Not true: ", "It is wrong that "])
def test_what_is_called_wrong_is_not_stated(opening: str):
    step = "each parameter then makes a small step against its gradient."
    assert verdicts(opening + step)["step"] == "missed"


def test_a_number_at_the_beginning_of_a_line_ends_no_sentence_unless_it_counts_items():
    assert len(sentences("It takes\n500 steps to learn.")) == 1
    assert len(sentences("First look\n2) then guess")) == 2
