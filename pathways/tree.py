"""Where content/, frontend/ and locales/ lie: beside the packages in a checkout, inside the wheel once installed."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
_SHIPPED = _HERE / "_shipped"
ROOT = _SHIPPED if _SHIPPED.is_dir() else _HERE.parent

CONTENT = ROOT / "content"
FRONTEND = ROOT / "frontend"
LOCALES = ROOT / "locales"
