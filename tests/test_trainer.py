"""The training loop: batches, learning, early stopping, exact resume, errors."""

import copy

import numpy as np
import pytest
import torch
from freshet.kernels.registry import model
from freshet.nn import losses, network, randomness
from freshet.nn.batches import Sampler, Series
from freshet.nn.physics import Physics
from freshet.nn.prediction import predict
from freshet.nn.trainer import CONVERGED, FINISHED, STOPPED, Plan, Trainer

PLACES, DAYS, COMPONENTS = 6, 1100, 2
TRAINING, VALIDATION = (150, 750), (750, 1100)
HBV = model("hbv", version="1.0")


@pytest.fixture(autouse=True, scope="module")
def _one_thread():
    """As freshet train does; threads of torch get in each other's way on arrays this small."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def weather(places=PLACES, days=DAYS, seed=5):
    """Forcing [time, row, place] with seasons, wetter from place to place."""
    random = np.random.default_rng(seed)
    season = np.sin(2 * np.pi * np.arange(days) / 365)[:, None] + np.zeros(places)
    rain = random.gamma(0.4, 6.0 + 2.0 * np.arange(places), (days, places))
    temperature = 6.0 + 10.0 * season + random.normal(0, 3, (days, places))
    return np.stack([rain, temperature, np.maximum(2.0 + 2.0 * season, 0.0)], 1)


@pytest.fixture(scope="module")
def series():
    """Places whose discharge comes from parameters that depend on their two attributes, with gaps."""
    attributes = torch.randn(PLACES, 2, generator=torch.Generator().manual_seed(3))
    forcing = torch.from_numpy(weather()).float()
    truth = network.build("attributes", HBV, 1, inputs=2, hidden=(8,), seed=42)
    with torch.no_grad():
        truth.layers[-1].weight.mul_(20.0)
    bare = Series(forcing, torch.full((DAYS, PLACES), torch.nan), attributes, torch.empty(0, PLACES))
    observed = predict(truth, Physics(HBV, 1), bare, 0, DAYS)
    observed[torch.rand(observed.shape, generator=torch.Generator().manual_seed(4)) < 0.1] = torch.nan
    return bare.with_observed(observed)


def trainer(series, *, plan=None, dropout=0.2, validation=VALIDATION, kind="attributes", **options):
    """A small trainer, made anew from the same seeds."""
    randomness.seed_all(1)
    sampler = Sampler(series, *TRAINING, **({"window": 90, "warmup": 150, "batch": 4, "seed": 1} | options))
    net = network.build(
        kind, HBV, COMPONENTS, inputs=2, places=series.places, hidden=(8,), dropout=dropout, spread=0.5, seed=1
    )
    return Trainer(
        net,
        Physics(HBV, COMPONENTS),
        sampler,
        losses.named("two_part_rmse"),
        plan or Plan(epochs=3, steps=4, learning_rate=0.01),
        deviation=torch.ones(series.places),
        validation=validation,
    )


def weights(trained):
    return {name: value.clone() for name, value in trained.network.state_dict().items()}


def train(trained, stop=lambda: False):
    """Run; the outcome, what was recorded, and the states that were saved."""
    records, states = [], []
    outcome = trained.run(records.append, lambda state: states.append(copy.deepcopy(state)), stop)
    return outcome, records, states


def test_a_batch_holds_the_days_of_its_places_with_the_warm_up_before_them(series):
    sampler = Sampler(series, 60, 350, window=30, warmup=20, batch=5, seed=1)
    batch = sampler.draw()
    assert batch.forcing.shape == (50, 3, 5)
    for b, (place, start) in enumerate(zip(batch.place.tolist(), batch.start.tolist(), strict=True)):
        assert torch.equal(batch.forcing[:, :, b], series.forcing[start - 20 : start + 30, :, place])
        torch.testing.assert_close(
            batch.observed[:, b], series.observed[start : start + 30, place], rtol=0, atol=0, equal_nan=True
        )
        assert torch.equal(batch.attributes[b], series.attributes[place])


def test_scored_days_stay_in_the_training_period_and_reach_both_ends(series):
    sampler = Sampler(series, 60, 120, window=30, warmup=20, batch=2000, seed=1)
    start = sampler.draw().start
    assert (start.min(), start.max()) == (60, 90)
    late = Sampler(series, 5, 120, window=30, warmup=20, batch=2000, seed=1)
    assert late.draw().start.min() == 20  # nothing is known of the days before the first


def test_places_without_observations_are_not_drawn(series):
    observed = series.observed.clone()
    observed[60:350, 2] = torch.nan
    sampler = Sampler(series.with_observed(observed), 60, 350, window=30, warmup=20, batch=500, seed=1)
    assert set(sampler.draw().place.tolist()) == {0, 1, 3, 4, 5}


def test_periods_that_are_too_short_or_unobserved_are_refused(series):
    with pytest.raises(ValueError, match="has 40 days behind a warm-up of 20 days, fewer than the window of 60"):
        Sampler(series, 60, 100, window=60, warmup=20, batch=2, seed=1)
    nothing = series.with_observed(torch.full_like(series.observed, torch.nan))
    with pytest.raises(ValueError, match="no basin has observed discharge in the training period"):
        Sampler(nothing, 60, 350, window=60, warmup=20, batch=2, seed=1)
    unvalidated = series.with_observed(series.observed.clone())
    unvalidated.observed[VALIDATION[0] :] = torch.nan
    with pytest.raises(ValueError, match="no basin has observed discharge in the validation period"):
        trainer(unvalidated)
    unvalidated.observed[VALIDATION[0], 1] = 2.0  # one day has no variance, and so no score
    with pytest.raises(ValueError, match="no observed discharge varies in the validation period"):
        trainer(unvalidated)


def test_an_epoch_looks_at_as_many_days_as_there_are(series):
    assert Sampler(series, 60, 350, window=29, warmup=20, batch=6, seed=1).steps() == 10
    assert Sampler(series, 60, 350, window=290, warmup=20, batch=100, seed=1).steps() == 1


@pytest.mark.parametrize("kind", network.KINDS)
def test_training_lowers_the_loss_and_raises_the_skill(series, kind):
    trained = trainer(series, plan=Plan(epochs=12, steps=8, learning_rate=0.03), dropout=0.0, kind=kind)
    before = trained.validate()
    outcome, records, _ = train(trained)
    assert outcome == FINISHED
    assert records[-1]["loss"] < 0.8 * records[0]["loss"]
    assert max(record["validation_nse"] for record in records) > before + 0.1


def test_flow_of_the_warm_up_still_reaches_the_window(series):
    """Scored days of a window are those of one run over warm-up and window."""
    trained = trainer(series, window=10, warmup=300)
    trained.network.eval()
    batch = trained.sampler.gather(torch.tensor([1, 4]), torch.tensor([320, 320]))
    flow = trained._simulate(batch, trained.network(batch.attributes, batch.place))
    cold = trained.physics(batch.forcing, *trained.network(batch.attributes, batch.place)[:2], warmup=300)[0][:, 0]
    uncut, _ = trained.physics(series.forcing[20:330], *trained.network(series.attributes, None)[:2])
    assert (flow - uncut[300:, 0, [1, 4]]).abs().max() < 1e-5
    assert (cold - flow).abs().max() > 0.1 * flow.max()


def test_the_same_seed_gives_the_same_training_to_the_bit(series):
    first = trainer(series)
    train(first)
    second = trainer(series)
    train(second)
    for name, value in weights(first).items():
        assert torch.equal(value, weights(second)[name]), name


@pytest.mark.parametrize("optimiser", ["adam", "adamw", "adadelta", "sgd"])
def test_a_training_resumed_from_any_saved_state_equals_the_uncut_one_to_the_bit(series, optimiser):
    plan = Plan(epochs=3, steps=3, learning_rate=0.01, optimiser=optimiser, schedule="cosine", weight_decay=0.01)
    uncut = trainer(series, plan=plan)
    _, records, states = train(uncut)
    for state in states[:-1]:
        resumed = trainer(series, plan=plan)
        resumed.restore(copy.deepcopy(state))
        _, later, _ = train(resumed)
        assert [r["loss"] for r in later] == [r["loss"] for r in records[len(records) - len(later) :]]
        for name, value in weights(uncut).items():
            assert torch.equal(value, weights(resumed)[name]), name
        assert resumed.progress.best_epoch == uncut.progress.best_epoch


@pytest.mark.parametrize("cut", [1, 4, 6])
def test_a_training_stopped_inside_an_epoch_goes_on_to_the_same_bits(series, cut):
    uncut = trainer(series)
    _, records, _ = train(uncut)
    asked = iter([False] * (cut - 1) + [True] * 100)
    stopped = trainer(series)
    outcome, _, states = train(stopped, lambda: next(asked))
    assert outcome == STOPPED
    resumed = trainer(series)
    resumed.restore(states[-1])
    _, later, _ = train(resumed)
    assert later[-1]["loss"] == records[-1]["loss"]
    for name, value in weights(uncut).items():
        assert torch.equal(value, weights(resumed)[name]), name


def test_training_stops_early_and_keeps_the_best_weights(series):
    trained = trainer(series, plan=Plan(epochs=50, steps=2, learning_rate=1.0, patience=3))
    outcome, records, states = train(trained)
    assert outcome == CONVERGED
    again = trainer(series, plan=trained.plan)
    again.restore(states[-1])
    assert train(again)[:2] == (CONVERGED, [])
    skills = [record["validation_nse"] for record in records]
    assert len(records) == int(np.argmax(skills)) + 4
    trained.network.load_state_dict(trained.progress.best_weights)
    assert trained.validate() == max(skills)


def test_without_validation_the_last_epoch_is_the_best(series):
    trained = trainer(series, validation=None)
    outcome, records, _ = train(trained)
    assert outcome == FINISHED
    assert [record["validation_nse"] for record in records] == [None] * 3
    assert trained.progress.best_epoch == 2


def test_gradients_are_clipped_to_the_norm_asked_for(series):
    free, clipped = (trainer(series, plan=Plan(1, steps=1, optimiser="sgd", clip=clip)) for clip in (0.0, 1e-6))
    before = weights(free)
    train(free), train(clipped)
    moved = [
        torch.cat([(weights(one)[name] - value).flatten() for name, value in before.items()]).norm().item()
        for one in (free, clipped)
    ]
    assert moved[1] < 1.1e-9 < moved[0]


def test_schedules_lower_the_learning_rate_as_the_epochs_pass(series):
    rates = {}
    for schedule in ("constant", "cosine", "halving"):
        plan = Plan(epochs=4, steps=1, learning_rate=1.0, schedule=schedule, optimiser="sgd", clip=1e-6)
        rates[schedule] = [record["learning_rate"] for record in train(trainer(series, plan=plan))[1]]
    assert rates["constant"] == [1.0] * 4
    assert rates["halving"] == [1.0, 0.5, 0.25, 0.125]
    assert rates["cosine"] == pytest.approx([1.0, 0.855, 0.505, 0.155], abs=1e-3)


def test_a_loss_that_is_not_a_number_ends_the_training_with_epoch_and_minibatch(series):
    trained = trainer(series)
    trained.loss = lambda simulated, observed, deviation: simulated.sum() * torch.nan
    with pytest.raises(ArithmeticError, match="the loss of epoch 1, minibatch 1 is not a finite number"):
        train(trained)


def test_loading_never_dominates(series):
    """Gathering a batch takes less time than the physics of that batch, even with few components."""
    forcing = torch.from_numpy(weather(100, 1500)).float()
    large = Series(forcing, torch.rand(1500, 100), torch.randn(100, 2), torch.empty(0, 100))
    trained = trainer(large, plan=Plan(8, steps=3), validation=None, window=200, batch=100)
    _, records, _ = train(trained)
    fastest = {stage: min(record["seconds"][stage] for record in records) for stage in ("loading", "kernel")}
    assert fastest["loading"] < 0.5 * fastest["kernel"]
