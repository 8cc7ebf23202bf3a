"""Settings of the model vic for forcing files of days, from which weather of hours is derived."""

from .setting import Setting

DAILY = (
    Setting(
        "vic",
        "daily_clock",
        "text",
        "local",
        "where the forcing has TMIN and TMAX: what the clock of the run shows, 'local' = the sun's time of each place",
        choices=("local", "utc"),
    ),
    Setting("vic", "daily_days", "text", "local", "which days these daily values are of", choices=("local", "utc")),
    Setting(
        "vic",
        "daily_humidity",
        "text",
        "always",
        "where the dew point lies below the lowest temperature (Kimball et al., 1997)",
        choices=("always", "never", "arid"),
    ),
    Setting(
        "vic",
        "daily_longwave",
        "text",
        "prata",
        "emissivity of a clear sky",
        choices=("tva", "anderson", "brutsaert", "satterlund", "idso", "prata"),
    ),
    Setting(
        "vic",
        "daily_clouds",
        "text",
        "deardorff",
        "what clouds add to it",
        choices=("deardorff", "bras"),
    ),
    Setting(
        "vic",
        "daily_wet_above",
        "real",
        0.0,
        "a day with more counts as wet: it has three quarters of the sun",
        "mm",
        low=0.0,
        high=20.0,
    ),
)
