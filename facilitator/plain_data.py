"""Dataclasses and their like as plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any


def plain_data(value: Any) -> Any:
    """Nested dicts, lists, strings and numbers. A fraction is written as its decimal value; times as ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain_data(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain_data(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain_data(item) for item in value]
    if isinstance(value, Fraction):
        return round(float(value), 6)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value
