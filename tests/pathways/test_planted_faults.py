"""The checks themselves are tested: faults planted in the engine must be caught."""

from __future__ import annotations

import pytest

from tests.pathways.planted_faults import FAULTS, Fault


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_caught(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    fault.check(fault.query)
    fault.plant(monkeypatch)
    with pytest.raises(AssertionError):
        fault.check(fault.query)
