"""The checks themselves are tested: faults planted in the engine must be caught."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.pathways.planted_faults import FAULTS, Fault

some = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=1_000,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_caught(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    fault.check(fault.query)
    fault.plant(monkeypatch)
    with pytest.raises(AssertionError):
        fault.check(fault.query)
