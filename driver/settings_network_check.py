"""Settings of &network that do not go together."""

from .settings_draft import Draft
from .settings_routing_check import FORMS as RIVERS

DAILY = ("lstm", "lstm_mlp")
READING = (*DAILY, "streamflow")


def check_network(draft: Draft) -> None:
    """Note what a network of the kind asked for cannot do, before any data are read."""
    if not draft.sound("network"):
        return
    kind, dynamic = draft.value("network", "kind"), draft.value("network", "dynamic")
    corrects = draft.value("network", "precipitation_correction") != "none"
    on_rivers = draft.value("data", "form") in RIVERS
    if on_rivers and kind in READING:
        draft.problem("network", "kind", f"'{kind}' reads the weather of basins: on a grid choose 'attributes'")
    if kind in READING and len(draft.value("network", "hidden")) > 2:
        draft.problem("network", "hidden", f"'{kind}' takes two sizes: the linear layer before the LSTM, and its units")
    if dynamic and kind not in DAILY:
        draft.problem("network", "dynamic", f"kind '{kind}' gives nothing that varies by day: choose kind = 'lstm'")
    if kind == "lstm_mlp" and not dynamic:
        draft.problem("network", "dynamic", "is missing: name the parameters that the lstm of 'lstm_mlp' gives")
    if corrects and kind == "streamflow":
        draft.problem("network", "precipitation_correction", "kind 'streamflow' has no water balance to correct")
    if corrects and on_rivers:
        draft.problem("network", "precipitation_correction", "is for basins: leave it out on a grid")
