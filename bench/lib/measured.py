"""What was measured: for each figure of each job the numbers of each SDK, one or more a round."""

import dataclasses
import statistics


@dataclasses.dataclass
class Entry:
    section: str
    job: str
    figure: str
    more_is_better: bool
    sdks: dict[str, list[float]] = dataclasses.field(default_factory=dict)

    def median(self, sdk: str) -> float:
        return statistics.median(self.sdks[sdk])

    def ratios(self, other: str) -> list[float]:
        """Of Hourglass's numbers to another SDK's of the same round: the machine's speed changes from round to round, and less within
        one. Empty if the other one's are zero."""
        pairs = zip(self.sdks["cpp"], self.sdks[other], strict=True)
        return [ours / theirs for ours, theirs in pairs if theirs != 0]

    def ratio(self, other: str) -> float:
        """The median of `ratios`, which must not be empty."""
        return statistics.median(self.ratios(other))


class Measured:
    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], Entry] = {}
        # (title, x, y) -> SDK -> points
        self.curves: dict[tuple[str, str, str], dict[str, list[tuple[float, float]]]] = {}

    def add(self, section: str, job: str, figure: str, more_is_better: bool, sdk: str, values: list[float]) -> None:
        entry = self.entries.setdefault((job, figure), Entry(section, job, figure, more_is_better))
        entry.sdks.setdefault(sdk, []).extend(values)

    def add_points(self, title: str, x: str, y: str, sdk: str, points: list[tuple[float, float]]) -> None:
        self.curves.setdefault((title, x, y), {}).setdefault(sdk, []).extend(points)

    def median(self, job: str, figure: str, sdk: str = "cpp") -> float:
        """KeyError if it was not measured."""
        return self.entries[job, figure].median(sdk)

    def ratio(self, job: str, figure: str, other: str) -> float:
        return self.entries[job, figure].ratio(other)

    def sections(self) -> list[str]:
        return list(dict.fromkeys(entry.section for entry in self.entries.values()))
