"""What all tests share: hypothesis draws the same examples every time, so that a red run can be run again."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "handoff",
    derandomize=True,
    deadline=None,  # two cores, shared with whatever else the machine does
    database=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", parent=settings.get_profile("handoff"), derandomize=False, max_examples=300)
settings.load_profile("handoff")
