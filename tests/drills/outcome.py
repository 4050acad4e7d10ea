"""What a drill tells: one row of the table."""

from __future__ import annotations

from dataclasses import dataclass, field

COLUMNS = ("drill", "tried", "in order", "MB before", "after", "files before", "after")


@dataclass
class Outcome:
    """What was tried, how often all was in order, and the server before and after.

    memory: MB of all its processes. files: below its folders. problems: a line for each that was not in order.
    """

    name: str
    tried: int = 0
    memory: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def check(self, what: str, *wrong: str) -> None:
        """Count one more that was tried; `wrong`: what was not in order, empty strings do not count."""
        self.tried += 1
        if found := [one for one in wrong if one]:
            self.problems.append(f"{what}: {'; '.join(found)}")

    def look(self, server) -> None:
        """Measure the server: once before, once after."""
        self.memory.append(server.memory())
        self.files.append(server.files())

    @property
    def row(self) -> tuple[str, ...]:
        sizes = [f"{value:,.0f}" for value in (self.memory + [float("nan")] * 2)[:2]]
        counts = [f"{value:,}" for value in self.files] + ["", ""]
        return self.name, str(self.tried), str(self.tried - len(self.problems)), *sizes, *counts[:2]


def table(outcomes: list[Outcome]) -> str:
    """All rows as Markdown, and below them what was not in order."""
    lines = [f"| {' | '.join(COLUMNS)} |", "| --- |" + " ---: |" * (len(COLUMNS) - 1)]
    lines += [f"| {' | '.join(outcome.row)} |" for outcome in outcomes]
    for outcome in outcomes:
        lines += ["", f"{outcome.name}:"] * bool(outcome.problems) + [f"- {one}" for one in outcome.problems]
    return "\n".join(lines)
