"""sqlite-utils without pandas.

Where pandas is installed (with a statistician's tools, say) sqlite-utils loads it for a feature that nothing here uses: half a second at
every start, and 50 MB in every process.
"""

from __future__ import annotations

import sys

_absent = "pandas" not in sys.modules
if _absent:
    sys.modules["pandas"] = None  # type: ignore[assignment]  # an import of it fails, as where it is not installed
try:
    from sqlite_utils import Database
finally:
    if _absent:
        del sys.modules["pandas"]

__all__ = ["Database"]
