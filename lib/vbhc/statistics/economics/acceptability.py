"""How sure a decision is: acceptability curve, its frontier, and what certainty would be worth.

Works on joint draws of effects and costs: bootstrap means of a study, or the runs of a decision model.
"""

import numpy as np
import pandas as pd


def acceptability(
    effects: pd.DataFrame, costs: pd.DataFrame, willingness_to_pay: list[float] | np.ndarray
) -> pd.DataFrame:
    """Return the acceptability curve, its frontier and the value of perfect information.

    Parameters
    ----------
    effects, costs : DataFrame
        One row per draw (bootstrap resample or model run), one column per option, same columns.
    willingness_to_pay : list of float
        Currency per unit of effect.

    Returns
    -------
    DataFrame
        Per willingness to pay and option: `willingness_to_pay, option, probability` (of the highest net
        benefit; ties are shared), `expected_net_benefit, optimal` (highest expected net benefit), `evpi` per
        decision. The frontier (CEAF) is the probability of the *optimal* option, which need not be the
        highest probability.

    Raises
    ------
    ValueError
        If the two frames do not have the same options and draws.

    Examples
    --------
    One of two draws favours the new option at 10 per point: gains 1 and 1, costs 5 and 15.

    >>> effects = pd.DataFrame({"old": [0, 0], "new": [1, 1]})
    >>> curve = acceptability(effects, pd.DataFrame({"old": [0, 0], "new": [5, 15]}), [10])
    >>> curve["probability"].tolist(), curve["evpi"].tolist()
    ([0.5, 0.5], [2.5, 2.5])
    """
    if list(effects.columns) != list(costs.columns) or len(effects) != len(costs):
        raise ValueError("effects and costs need the same options and as many draws each")
    e, c = effects.to_numpy(dtype=float), costs.to_numpy(dtype=float)
    rows = []
    for price in willingness_to_pay:
        benefit = price * e - c
        best = benefit.max(axis=1)
        winners = benefit == best[:, None]
        probability = (winners / winners.sum(axis=1, keepdims=True)).mean(axis=0)
        expected = benefit.mean(axis=0)
        evpi = max(0.0, float(best.mean() - expected.max()))
        optimal = int(expected.argmax())
        for i, option in enumerate(effects.columns):
            rows.append((float(price), str(option), probability[i], expected[i], i == optimal, evpi))
    columns = ["willingness_to_pay", "option", "probability", "expected_net_benefit", "optimal", "evpi"]
    return pd.DataFrame(rows, columns=columns)


def increments(effects: pd.DataFrame, costs: pd.DataFrame, option: str, reference: str) -> pd.DataFrame:
    """Return the draws' increments (`delta_outcome, delta_cost`) for the cost-effectiveness plane.

    >>> draws = pd.DataFrame({"old": [1, 2], "new": [3, 2]})
    >>> increments(draws, draws * 10, "new", "old").to_numpy().tolist()
    [[2, 20], [0, 0]]
    """
    return pd.DataFrame(
        {
            "delta_outcome": effects[option] - effects[reference],
            "delta_cost": costs[option] - costs[reference],
        }
    )
