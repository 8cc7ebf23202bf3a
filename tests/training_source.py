"""Small catchments with attributes that decide their discharge, and a namelist to train on them."""

import cftime
import numpy as np
import torch
from freshet.driver.catchments.source import ArraySource
from freshet.driver.timeaxis import TimeAxis
from freshet.kernels.registry import model
from freshet.nn.network import build
from freshet.nn.physics import Physics

NAMELIST = """
&run
  model = 'hbv'
  version = '1.0'
  components = 2
/
&data
  form = 'generated'
/
&network
  hidden = 8
/
&training
  start = '2000-09-01'
  end = '2002-06-30'
  validation_start = '2002-07-01'
  validation_end = '2003-03-31'
  test_start = '2003-04-01'
  test_end = '2003-12-31'
  epochs = 3
  steps_per_epoch = 4
  batch_basins = 4
  window_days = 90
  warmup_days = 150
  learning_rate = 0.01
/
"""


def source(places: int = 6, days: int = 1461) -> ArraySource:
    """Basins b0, b1, ... from 2000-01-01: seasons, wetter from one to the next; flow of HBV with hidden parameters."""
    random = np.random.default_rng(5)
    season = np.sin(2 * np.pi * np.arange(days) / 365.25)[:, None] + np.zeros(places)
    rain = random.gamma(0.4, 6.0 + 2.0 * np.arange(places), (days, places))
    temperature = 6.0 + 10.0 * season + random.normal(0, 3, (days, places))
    forcing = np.stack([rain, temperature, np.maximum(2.0 + 2.0 * season, 0.0)], 1)
    height, wetness = 100.0 + 100.0 * np.arange(places), random.normal(size=places)
    observed = _flow(forcing, np.stack([height / 300 - 1, wetness], 1))
    observed[random.random(observed.shape) < 0.1] = np.nan
    attributes = {
        "height": height,
        "wetness": wetness,
        "cover": np.array((["forest", "crops", "bare"] * places)[:places]),
        "q_mean": np.nanmean(observed, 0),
        "elevation": height,
        "area": 50.0 + height,
        "test_subset": np.arange(places) % 2.0,
    }
    axis = TimeAxis(cftime.datetime(2000, 1, 1, calendar="standard"), days)
    ids = [f"b{place}" for place in range(places)]
    return ArraySource(ids, axis, attributes, forcing, observed, files=[("data/basins.nc", "0" * 64)])


def _flow(forcing: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    form = model("hbv", version="1.0")
    truth = build("attributes", form, 1, inputs=2, hidden=(8,), seed=42)
    with torch.no_grad():
        truth.layers[-1].weight.mul_(20.0)
        found = truth(torch.from_numpy(inputs).float(), torch.arange(len(inputs)))
        flow, _ = Physics(form, 1)(torch.from_numpy(forcing).float(), found.static, found.routing)
    return flow[:, 0].double().numpy()
