"""Reads an untyped object field by field and gathers everything that is wrong with it.

Callers ask for each field by name and kind; a wrong one is noted and answered with None, so that one pass
reports every mistake. `finish` refuses what nobody asked for and raises if anything was noted.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from paylink.domain.errors import Entry, InvalidRequest

T = TypeVar("T")


class Form:
    """One JSON object being read; `path` is where it stands in the whole request."""

    def __init__(
        self, data: Mapping[str, object], path: str = "", entries: list[Entry] | None = None
    ) -> None:
        self._data = data
        self._path = path
        self._asked: set[str] = set()
        self.entries: list[Entry] = [] if entries is None else entries

    def where(self, name: str) -> str:
        """The full path of a field."""
        return f"{self._path}.{name}" if self._path else name

    def wrong(self, name: str, detail: str) -> None:
        """Notes that a field is wrong; the name is bounded, since it may be the caller's own."""
        self.entries.append(Entry(self.where(name)[:200], detail))

    def has(self, name: str) -> bool:
        """Whether the field is given (null counts as absent)."""
        return self._data.get(name) is not None

    def read(self, name: str, parse: Callable[[object], T], *, required: bool = False) -> T | None:
        """The field through `parse`, whose ValueError becomes the field's entry."""
        self._asked.add(name)
        value = self._data.get(name)
        if value is None:
            if required:
                self.wrong(name, "is required")
            return None
        try:
            return parse(value)
        except ValueError as error:
            self.wrong(name, str(error))
            return None

    def sub(self, name: str) -> "Form | None":
        """A nested object that notes its mistakes here; the caller finishes nothing but the outermost."""
        self._asked.add(name)
        value = self._data.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.wrong(name, "must be an object")
            return None
        return Form(value, self.where(name), self.entries)

    def sub_list(self, name: str, *, most: int) -> "list[Form] | None":
        """A list of nested objects, 1 to `most`."""
        self._asked.add(name)
        value = self._data.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            self.wrong(name, f"must be a list of 1 to {most} objects")
            return None
        forms = []
        for index, entry in enumerate(value):
            place = f"{name}[{index}]"
            if isinstance(entry, Mapping):
                forms.append(Form(entry, self.where(place), self.entries))
            else:
                self.wrong(place, "must be an object")
        return forms

    def refuse_unknown(self) -> None:
        """Notes every field that nobody asked for."""
        for name in self._data:
            if name not in self._asked:
                self.wrong(name, "is not a field of this request")

    def finish(self) -> None:
        """Refuses unknown fields and raises InvalidRequest if anything was noted."""
        self.refuse_unknown()
        if self.entries:
            raise InvalidRequest(self.entries)
