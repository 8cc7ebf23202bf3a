"""A small experiment on generated catchments, for tests."""

from pathlib import Path

from freshet.driver.settings import Settings, load

NAMELIST = """
&run
  title = 'a small experiment'
  model = 'hbv'
/
&data
  form = 'generated'
/
&generator
  basins = 5
  years = 3
  start = '1990-01-01'
/
&network
  hidden = 4
/
&training
  start = '1990-07-01'
  end = '1991-06-30'
  test_start = '1991-07-01'
  test_end = '1992-12-31'
  epochs = 2
  steps_per_epoch = 1
  batch_basins = 3
  window_days = 60
  warmup_days = 30
/
&experiment
  kind = '{kind}'
  folds = 2
  seeds = {seeds}
  directory = '{folder}/experiment'
/
&variants
{variants}
/
"""


def experiment(
    folder: Path, *overrides: str, kind: str = "ungauged_basins", seeds: str = "1", variants: str = ""
) -> Settings:
    """The settings of an experiment in a folder, from the namelist experiment.nml there."""
    file = folder / "experiment.nml"
    file.write_text(NAMELIST.format(kind=kind, seeds=seeds, folder=folder, variants=variants))
    return load(file, overrides, "experiment")
