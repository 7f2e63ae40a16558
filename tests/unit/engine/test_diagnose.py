"""Diagnosis: the right verdict on runs that really went so, in numbers, and unmoved by noise."""

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from refusing import raised

from pyengine import GPT, EngineTypeError, EngineValueError, GPTConfig, TrainConfig, Trainer
from pyengine.diagnose import Diagnosis, diagnose
from pyengine.initial_loss import check_initial_loss, initial_loss
from pyengine.loss_curve import LossCurve
from pyengine.ops import Array
from pyengine.schedule import Constant, Cosine, Schedule
from pyengine.train import Report, mean_loss

# Runs that were really trained, on a wheel of six numbers: most of the time it goes on by one,
# sometimes it jumps anywhere.

V = 6
JUMPS = 0.2
OTHERS = JUMPS / V  # the probability of each number that is not the next
FLOOR = -(1 - 5 * OTHERS) * math.log(1 - 5 * OTHERS) - 5 * OTHERS * math.log(OTHERS)


def wheel(numbers: int, seed: int, jumps: float = JUMPS) -> Array:
    rng = np.random.default_rng(seed)
    moves = np.where(rng.random(numbers) < jumps, rng.integers(V, size=numbers), 1)
    turned: Array = moves.cumsum() % V
    return turned


def small_model(n_embd: int = 16) -> GPT:
    sizes = GPTConfig(V, block_size=8, n_layer=1, n_head=2, n_embd=n_embd)
    return GPT(sizes, np.random.default_rng(0))


def train(schedule: Schedule, steps: int, tokens: Array | None = None) -> list[Report]:
    config = TrainConfig(steps, batch_size=8, schedule=schedule, validate_every=steps // 10)
    text = wheel(2000, seed=1) if tokens is None else tokens
    return [*Trainer(small_model(), text, config, validation=wheel(400, seed=2)).run()]


@cache
def healthy_run() -> list[Report]:
    return train(Cosine(1e-2, steps=120, warmup_steps=10, min_lr=1e-3), steps=120)


def test_a_run_that_learns_what_there_is_to_learn_is_healthy() -> None:
    assert diagnose(healthy_run()).verdict == "healthy"
    found = diagnose(healthy_run(), vocab_size=V, floor=FLOOR)
    assert found.verdict == "healthy"
    assert "% of the way from a blind guess, 1.79, to the lowest" in found.evidence[0]


def test_a_run_on_a_tiny_text_overfits() -> None:
    found = diagnose(train(Constant(1e-2), steps=120, tokens=wheel(60, seed=3)))
    assert found.verdict == "overfitting"
    assert found.evidence[0].startswith("The validation loss rose from ")
    assert ", while the training loss fell from " in found.evidence[0]


def test_a_run_at_far_too_small_a_rate_underfits() -> None:
    found = diagnose(train(Constant(1e-6), steps=50), vocab_size=V)
    assert found.verdict == "underfitting"
    assert found.evidence[0].endswith(", where a blind guess costs 1.79.")
    assert "at another learning rate than 1e-06" in found.suggestion


def test_a_run_of_too_few_steps_underfits() -> None:
    found = diagnose(train(Constant(1e-3), steps=50))
    assert found.verdict == "underfitting"
    assert found.evidence[0].endswith(", and is still falling.")
    assert found.suggestion == "Train for more steps."


@pytest.mark.parametrize("rate", [1.0, 3.0, 10.0])
def test_a_run_at_a_huge_rate_diverges(rate: float) -> None:
    found = diagnose(train(Constant(rate), steps=40))
    assert found.verdict == "diverged"
    assert f"which went up to {rate:.3g};" in found.suggestion


def test_a_healthy_run_that_has_just_begun_is_too_short_to_tell() -> None:
    assert diagnose(healthy_run()[:19]).verdict == "too short to tell"


# Curves made up: 200 steps, with a validation loss after every tenth of them

T = np.linspace(0, 1, 200)
REST = 1.5 + 2.5 * np.exp(-12 * T)  # falls from 4.0 and comes to rest
CURVES: dict[str, tuple[str, Array, Array | None]] = {
    "comes to rest": ("healthy", REST, REST + 0.1),
    "comes to rest, not validated": ("healthy", REST, None),
    "knows it all": ("healthy", 4 * np.exp(-20 * T), 4 * np.exp(-20 * T)),
    "shoots up, then comes to rest": ("healthy", np.where(abs(T - 0.1) < 0.09, 8.0, REST), None),
    "validation rises": ("overfitting", REST - 0.8 * T, REST + np.maximum(T - 0.3, 0)),
    "validation rises, training at rest": ("overfitting", REST, REST + np.maximum(T - 0.3, 0)),
    "training far below": ("overfitting", 0.3 + 3.7 * np.exp(-6 * T), REST),
    "still falling": ("underfitting", 4 - 1.8 * T, 4.1 - 1.8 * T),
    "training far below, both still falling": ("underfitting", 2 - 1.8 * T, 4.1 - 1.8 * T),
    "still falling, not validated": ("underfitting", 4 - 1.8 * T, None),
    "hardly falls": ("underfitting", 3.4 + 0.6 * np.exp(-12 * T), None),
    "rises again": (
        "underfitting",
        REST + np.clip(T - 0.5, 0, 0.2),
        REST + np.clip(T - 0.5, 0, 0.2),
    ),
    "lost": ("diverged", np.where(T < 0.6, REST, 3.4), None),
    "lost, ending on two lucky batches": (
        "diverged",
        np.where((T < 0.6) | (T > 0.99), REST, 3.4),
        None,
    ),
    "lost at once": ("diverged", np.where(T < 0.01, 4.0, 9.0), None),
    "lost in the last six steps": ("diverged", np.where(T < 0.97, REST, 30.0), REST),
    "lost, and back where it began": ("diverged", np.where(abs(T - 0.2) < 0.1, 8.0, 3.9), None),
}


def reports(training: Array, validation: Array | None = None, every: int = 10) -> list[Report]:
    def measured(i: int) -> float | None:
        return float(validation[i]) if validation is not None and (i + 1) % every == 0 else None

    return [Report(i, float(loss), measured(i), 1e-3, 1, 1) for i, loss in enumerate(training)]


@pytest.mark.parametrize("name", CURVES)
def test_each_curve_gets_the_verdict_it_was_made_for(name: str) -> None:
    verdict, training, validation = CURVES[name]
    assert diagnose(reports(training, validation)).verdict == verdict


@pytest.mark.parametrize("name", CURVES)
@given(
    training_noise=arrays(np.float64, 200, elements=st.floats(-0.01, 0.01)),
    validation_noise=arrays(np.float64, 200, elements=st.floats(-0.01, 0.01)),
)
@settings(deadline=None, max_examples=30)
def test_small_noise_never_changes_the_verdict(
    name: str, training_noise: Array, validation_noise: Array
) -> None:
    verdict, training, validation = CURVES[name]
    noisy = None if validation is None else validation + validation_noise
    assert diagnose(reports(training + training_noise, noisy)).verdict == verdict


@pytest.mark.parametrize("sigma", [0.05, 0.2, 0.5])
def test_the_noise_of_batches_is_rarely_taken_for_a_trend(sigma: float) -> None:
    verdicts = []
    for seed in range(100):
        noise = np.random.default_rng(seed).normal(0, sigma, 200)
        verdicts.append(diagnose(reports(REST + noise), vocab_size=55).verdict)
    assert verdicts.count("healthy") >= 98


def test_a_slow_fall_is_seen_through_the_noise_of_batches() -> None:
    verdicts = []
    for seed in range(100):
        noise = np.random.default_rng(seed).normal(0, 0.15, 200)
        verdicts.append(diagnose(reports(3 - T + noise)).verdict)
    assert verdicts.count("underfitting") >= 98


@given(place=st.integers(1, 199), height=st.floats(1, 1e6))
@settings(deadline=None)
def test_one_spike_never_changes_the_verdict(place: int, height: float) -> None:
    spiked = REST.copy()
    spiked[place] += height
    assert diagnose(reports(spiked, REST + 0.1)).verdict == "healthy"
    assert diagnose(reports(REST, spiked + 0.1)).verdict == "healthy"


def test_a_loss_that_never_moves_is_underfitting_unless_there_is_nothing_to_learn() -> None:
    constant = reports(np.full(100, 2.0))
    assert diagnose(constant).verdict == "underfitting"
    assert diagnose(constant, vocab_size=65).verdict == "healthy"  # as low as half of ln 65
    assert diagnose(constant, vocab_size=8, floor=math.log(8)).verdict == "healthy"
    assert diagnose(reports(np.zeros(100), np.zeros(100))).verdict == "healthy"


def test_losses_near_zero_may_double() -> None:
    learned = 4 * np.exp(-40 * T) + 0.001
    assert diagnose(reports(learned, learned + 0.002 * T)).verdict == "healthy"


def test_a_floor_tells_rest_from_rest_too_soon() -> None:
    run = reports(REST, REST)
    assert diagnose(run).verdict == "healthy"
    assert diagnose(run, floor=1.45).verdict == "healthy"
    assert diagnose(run, floor=0.5) == Diagnosis(
        "underfitting",
        ("A loss of 1.5 is 71% of the way from a blind guess, 4, to the lowest possible, 0.5.",),
        "Train for more steps, or take a larger model or a longer context.",
    )


def test_three_quarters_of_a_blind_guess_are_hardly_anything_learned() -> None:
    for share, verdict in ((0.74, "healthy"), (0.76, "underfitting")):
        run = reports(share * math.log(65) * np.ones(100))
        assert diagnose(run, vocab_size=65).verdict == verdict


def test_what_is_lost_is_counted_from_a_blind_guess_not_from_a_bad_start() -> None:
    run = reports(np.where(T < 0.05, 107.0, np.where(T < 0.6, 2.0, 3.2)))
    assert diagnose(run, vocab_size=65).verdict == "diverged"


def test_a_run_that_goes_on_need_not_fall_far() -> None:
    late = [Report(5000 + i, 1.5, None, 1e-3, 1, 1) for i in range(50)]
    assert diagnose(late).verdict == "healthy"
    assert diagnose(late, floor=0.5).verdict == "healthy"  # who knows how far it has come?
    assert diagnose(late, vocab_size=5).verdict == "underfitting"


def test_a_rise_shows_from_three_validation_losses_on() -> None:
    rising = REST + np.maximum(T - 0.3, 0)
    assert diagnose(reports(REST, rising, every=50)).verdict == "overfitting"  # 1.6 1.7 1.9 2.2
    assert diagnose(reports(REST, rising, every=65)).verdict == "overfitting"  # 1.6 1.8 2.2
    assert diagnose(reports(REST, rising, every=90)).verdict == "healthy"  # 1.7 2.1: one bad one?


def test_fewer_than_four_validation_losses_are_no_curve() -> None:
    found = diagnose(reports(4 - 1.8 * T, 4.1 - 1.8 * T, every=65))
    assert found.evidence[0] == "The training loss ended at 2.28, and is still falling."


def test_a_gap_shows_from_one_validation_loss_on() -> None:
    training = 0.3 + 3.7 * np.exp(-6 * T)
    assert diagnose(reports(training, REST, every=200)).verdict == "overfitting"


# Evidence


def test_the_evidence_of_overfitting_is_where_both_losses_went() -> None:
    validation = [4.0, 2.0, 1.52, 1.6, 1.65, 1.7, 1.71]
    training = np.interp(range(70), [9, 29, 69], [3.5, 1.4, 0.9])
    run = reports(training)
    for i, loss in enumerate(validation):
        run[10 * i + 9] = Report(10 * i + 9, training[10 * i + 9], loss, 1e-3, 1, 1)
    assert diagnose(run) == Diagnosis(
        "overfitting",
        (
            "The validation loss rose from 1.52 at step 29 to 1.7 at the end, "
            "while the training loss fell from 1.4 to 0.938.",
        ),
        "Stop at step 29. More text, a smaller model, dropout or weight decay put overfitting off.",
    )


EVIDENCE = {
    "comes to rest": "The validation loss ended at 1.6, and stays there.",
    "validation rises, training at rest": "The validation loss rose from 1.57 at step 59 to 2.15 "
    "at the end, while the training loss stayed at 1.5.",
    "training far below": "The training loss fell to 0.312, but the validation loss stays at 1.5.",
    "still falling": "The validation loss ended at 2.3, and is still falling.",
    "hardly falls": "The training loss ended at 3.4, where a blind guess costs 4.",
    "rises again": "The training loss rose again, from 1.51 at step 91 to 1.7.",
    "lost": "The training loss rose from 1.5 at step 110 to 3.4 or more.",
    "lost at once": "The training loss rose from 4 at step 0 to 9 or more.",
    "lost in the last six steps": "The training loss rose from 1.5 at step 184 to 30 or more.",
    "lost, and back where it began": "The training loss rose from 3.9 to 8 at step 20, "
    "and came back to no less than 3.9.",
}


@pytest.mark.parametrize("name", EVIDENCE)
def test_the_evidence_says_what_can_be_seen(name: str) -> None:
    _, training, validation = CURVES[name]
    assert diagnose(reports(training, validation)).evidence[0] == EVIDENCE[name]


@pytest.mark.parametrize(("loss", "said"), [(math.nan, "nan"), (math.inf, "inf")])
def test_a_loss_that_is_no_number_is_divergence_however_short_the_run(
    loss: float, said: str
) -> None:
    slower = "Lower the learning rate, which went up to 0.001; warm it up, and clip gradients."
    training = f"The training loss was {said} at step 1."
    assert diagnose(reports(np.array([4.0, loss, 4.0]))) == Diagnosis(
        "diverged", (training,), slower
    )
    validation = f"The validation loss was {said} at step 2."
    run = reports(np.full(3, 4.0), np.array([4.0, 4.0, loss]), every=1)
    assert diagnose(run) == Diagnosis("diverged", (validation,), slower)


def test_a_short_run_that_explodes_has_diverged_all_the_same() -> None:
    assert diagnose(reports(np.array([4.2, 6.0, 15.0, 40.0, 110.0]))).verdict == "diverged"


def test_a_short_run_tells_nothing_else() -> None:
    assert diagnose(reports(REST[:19])) == Diagnosis(
        "too short to tell",
        ("Reports so far: 19. Fewer than 20 show no trend.",),
        "Train on, and ask again.",
    )


def test_without_validation_it_is_said_that_overfitting_would_not_show() -> None:
    assert diagnose(reports(REST)) == Diagnosis(
        "healthy",
        (
            "The training loss ended at 1.5, and stays there.",
            "There is no validation loss, so overfitting would not show.",
        ),
        "Nothing needs mending.",
    )


def test_a_training_loss_below_the_floor_is_learned_by_heart() -> None:
    found = diagnose(reports(REST), floor=2.0)
    assert (found.verdict, found.evidence) == (
        "overfitting",
        (
            "The training loss fell to 1.5, below 2, the lowest that is possible for text not "
            "seen before.",
        ),
    )
    assert diagnose(reports(REST), floor=1.55).verdict == "healthy"  # as lucky batches may be


def test_a_run_that_goes_on_says_that_learning_nothing_would_not_show() -> None:
    resumed = [Report(i, 4.17, None, 1e-3, 1.0, 1.0) for i in range(500, 600)]
    would_not_show = "Without vocab_size, it would not show if it had learned nothing."
    assert would_not_show in diagnose(resumed).evidence
    assert diagnose(resumed, vocab_size=65).verdict == "underfitting"


def test_a_diagnosis_is_a_table_of_texts() -> None:
    assert Diagnosis("healthy", ("This.", "That."), "Nothing.").table() == [
        ["verdict", "healthy"],
        ["evidence", "This."],
        ["evidence", "That."],
        ["suggestion", "Nothing."],
    ]


def test_reports_may_be_taken_from_the_trainer_as_they_come() -> None:
    run = reports(REST)
    assert diagnose(report for report in run) == diagnose(run)


# The curve behind it


def test_the_standard_error_is_how_much_differences_of_medians_vary() -> None:
    rng = np.random.default_rng(0)
    slope = np.linspace(3, 1, 300)  # a slope is no noise
    losses = slope + rng.normal(0, 0.2, (300, 300))
    curves = [LossCurve([*enumerate(row)], sampled=True) for row in losses]
    said = np.mean([curve.standard_error(31) for curve in curves])
    medians = np.median((losses - slope)[:, :62].reshape(300, 2, 31), axis=2)
    assert said == pytest.approx((medians[:, 0] - medians[:, 1]).std(), rel=0.1)


def test_five_sampled_losses_are_no_sure_change() -> None:
    curve = LossCurve([*enumerate([1.0, 1.0, 1.0, 9.0, 9.0])], sampled=True)
    assert not curve.rose(1.0, 9.0)


@pytest.mark.parametrize(
    ("n", "window"), [(1, 1), (8, 1), (9, 3), (15, 5), (100, 9), (500, 49), (5000, 99)]
)
def test_a_window_is_about_a_tenth_of_the_curve(n: int, window: int) -> None:
    curve = LossCurve([(10 * i, float(i)) for i in range(n)], sampled=True)
    assert (curve.window, len(curve.medians), len(curve.middles)) == (
        window,
        n + 1 - window,
        n + 1 - window,
    )
    assert curve.medians.tolist() == [step / 10 for step in curve.middles]  # of a straight line


def test_what_is_not_sampled_is_taken_as_it_is() -> None:
    curve = LossCurve([(9, 3.0), (19, 1.0), (29, 2.0), (39, 2.5)], sampled=False)
    assert (curve.lowest, curve.highest, curve.end) == ((1.0, 19), (3.0, 9), 2.0)
    assert [curve.near(step) for step in (0, 22, 100)] == [3.0, 1.0, 2.5]


# The first loss


def test_a_fresh_model_starts_at_a_blind_guess() -> None:
    found = check_initial_loss(initial_loss(small_model(), wheel(500, seed=1)), V)
    assert found.verdict == "healthy"
    assert found.evidence.startswith("The loss before the first step is 1.8")
    assert found.evidence.endswith("; a blind guess among 6 tokens costs 1.79.")
    assert found.suggestion == "Nothing to mend: it knows nothing yet."


def test_weights_that_are_too_large_start_too_high() -> None:
    model = small_model()
    model.transformer.wte.weight.data *= 50  # standard deviation 1 instead of 0.02
    found = check_initial_loss(initial_loss(model, wheel(500, seed=1)), V)
    assert found.verdict == "too high"
    assert found.suggestion == (
        "The model is sure of wrong answers: its first weights are too large. "
        "Draw them with a standard deviation of 0.02, embeddings too."
    )


def test_targets_that_were_not_shifted_start_too_low() -> None:
    model = GPT(GPTConfig(65, block_size=8, n_layer=2, n_head=2), np.random.default_rng(0))
    ids = np.random.default_rng(1).integers(65, size=(8, 9))
    inputs, targets = ids[:, :-1], ids[:, 1:]
    assert check_initial_loss(mean_loss(model(inputs), targets).item(), 65).verdict == "healthy"
    found = check_initial_loss(mean_loss(model(inputs), inputs).item(), 65)
    assert found.verdict == "too low"
    assert found.suggestion == (
        "The model sees what it is to predict, or it is not fresh. Check that the targets are the "
        "inputs one place further on, and that attention is causal."
    )


@pytest.mark.parametrize("vocab_size", [2, 65, 50257])
def test_the_band_of_healthy_first_losses_is_0_3_nats_to_either_side(vocab_size: int) -> None:
    blind = math.log(vocab_size)
    offsets = (-0.31, -0.29, 0.29, 0.31)
    verdicts = [check_initial_loss(blind + offset, vocab_size).verdict for offset in offsets]
    assert verdicts == ["too low", "healthy", "healthy", "too high"]


def test_the_first_loss_is_measured_on_no_more_than_is_needed() -> None:
    model, text = small_model(), wheel(5000, seed=1)
    assert initial_loss(model, text) == initial_loss(model, text[: 32 * 8 + 1])
    assert initial_loss(model, text) != initial_loss(model, text[: 31 * 8 + 1])


# What is refused

ONE = Report(3, 4.0, None, 1e-3, 1, 1)
REFUSED: list[tuple[Callable[[], object], type[Exception], str]] = [
    (
        lambda: diagnose([]),
        EngineValueError,
        "diagnose: expected at least one report; got none. Pass list(trainer.run()).",
    ),
    (
        lambda: diagnose([4.2, 3.9]),  # type: ignore[list-item]
        EngineTypeError,
        "diagnose: expected the reports of a run; got float. Pass list(trainer.run()).",
    ),
    (
        lambda: diagnose([ONE, ONE]),
        EngineValueError,
        "diagnose: expected steps that rise; got step 3 after step 3. "
        "Pass the reports of one run, in order.",
    ),
    (
        lambda: diagnose([ONE], vocab_size=65.0),  # type: ignore[arg-type]
        EngineTypeError,
        "diagnose: expected vocab_size to be an integer; got 65.0.",
    ),
    (
        lambda: diagnose([ONE], vocab_size=1),
        EngineValueError,
        "diagnose: expected vocab_size of at least 2; got 1.",
    ),
    (
        lambda: diagnose([ONE], floor=-0.1),
        EngineValueError,
        "diagnose: expected a floor of at least 0 nats; got -0.1.",
    ),
    (
        lambda: check_initial_loss(math.nan, 65),
        EngineValueError,
        "check_initial_loss: expected a finite loss of at least 0; got nan.",
    ),
    (
        lambda: check_initial_loss(4.2, "65"),  # type: ignore[arg-type]
        EngineTypeError,
        "check_initial_loss: expected vocab_size to be an integer; got '65'.",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_refuses_with_an_explanation(
    call: Callable[[], object], error: type[Exception], message: str
) -> None:
    assert raised(error, call) == message
