"""What cannot be done, as errors with a sentence for people: a code, and the values that the sentence names.

The sentences are in `english` and `chinese`, one table a language. This must not depend on any other part, since every
part raises such errors; whoever has to tell one kind from another derives a class where that kind is raised.
"""

from __future__ import annotations

from functools import partial

from .english import SENTENCES


class Refusal(ValueError):
    """Something that cannot be done, for a reason that people can understand; `str()` is the sentence in English.

    code: a key of the tables. values: what the sentence names; one of them may itself be a Refusal, a sentence in a
    sentence.
    """

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(SENTENCES[code].format(**values))
        self.code, self.values = code, values

    def __reduce__(self) -> tuple:
        """Pickle by code and values: other processes raise these errors, too."""
        return partial(type(self), self.code, **self.values), ()
