"""Many damaged files, judged in batches among undamaged ones."""

from __future__ import annotations

import queue
import random
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .decoder import Decoder
from .judging import Run, judge
from .mutations import Mutant, mutant
from .outcomes import FLAGGED, Outcome, outcome
from .power import Power
from .seeds import Seed

BATCH = 100
# One undamaged file after so many damaged ones.
BETWEEN = 8


@dataclass
class Result:
    """What all batches came to.   good: how many undamaged files were judged among them."""

    outcomes: list[Outcome] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    good: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Campaign:
    """files: how many to damage.   seed: of the randomness; equal ones damage alike.

    keep: the folder for files that fail.
    """

    parity: str
    seeds: Sequence[Seed]
    power: Power
    files: int
    seed: int
    keep: Path

    def run(self, folder: Path, lanes: int) -> Result:
        """lanes: how many commands run at a time; while one's files are compared another judges."""
        expected = self._undamaged(folder)
        result, lock = Result(), threading.Lock()
        decoders: queue.SimpleQueue[Decoder] = queue.SimpleQueue()
        for _ in range(lanes):
            decoders.put(Decoder(self.power))

        def work(number: int) -> None:
            decoder = decoders.get()
            try:
                batch = Batch(self, number, folder / f"batch-{number}", expected)
                batch.run(decoder)
            finally:
                decoders.put(decoder)
            with lock:
                batch.add(result)
                for line in batch.failures:
                    print(line, flush=True)

        with ThreadPoolExecutor(lanes) as pool:
            list(pool.map(work, range((self.files + BATCH - 1) // BATCH)))
        for _ in range(lanes):
            decoders.get().close()
        return result

    def _undamaged(self, folder: Path) -> Mapping[str, Mapping[str, Any]]:
        """What the judge says of each seed, which is that it matches."""
        (folder / "seeds").mkdir()
        names = {seed.name: f"seed-{number}.h5" for number, seed in enumerate(self.seeds)}
        for seed in self.seeds:
            (folder / "seeds" / names[seed.name]).symlink_to(seed.path)
        run = judge(self.parity, list(names.values()), folder / "seeds")
        if run.problems:
            raise ValueError(f"undamaged files: {'; '.join(run.problems)}")
        cases = {seed.name: run.cases[names[seed.name]] for seed in self.seeds}
        for name, case in cases.items():
            if case["verdict"] != "match":
                raise ValueError(f"{name}: expected a match of the undamaged file, found {case['verdict']}")
        return {name: _without_file(case) for name, case in cases.items()}


class Batch:
    """Files that one command judges."""

    def __init__(
        self, campaign: Campaign, number: int, folder: Path, expected: Mapping[str, Mapping[str, Any]]
    ) -> None:
        randomness = random.Random(f"{campaign.seed}-{number}")
        self.campaign, self.number, self.folder, self.expected = campaign, number, folder, expected
        self.mutants = {
            f"{index}.h5": mutant(randomness.choice(campaign.seeds), campaign.seeds, randomness)
            for index in range(min(BATCH, campaign.files - number * BATCH))
        }
        self.good = {
            f"good-{index}.h5": randomness.choice(campaign.seeds)
            for index in range(len(self.mutants) // BETWEEN + 1)
        }
        self.outcomes: list[Outcome] = []
        self.runs: list[Run] = []
        self.failures: list[str] = []

    def run(self, decoder: Decoder) -> None:
        """Writes the files, has them judged, and looks at every answer."""
        self.folder.mkdir()
        for name, damaged in self.mutants.items():
            (self.folder / name).write_bytes(damaged.contents)
        for name, seed in self.good.items():
            (self.folder / name).symlink_to(seed.path)
        run = judge(self.campaign.parity, list(self._order()), self.folder)
        self.runs.append(run)
        if run.problems:
            self._search(run)
        self._look_at_good(run)
        for name, damaged in self.mutants.items():
            if name in run.cases:
                self._look_at(name, damaged, run.cases[name], decoder)
        shutil.rmtree(self.folder)

    def add(self, result: Result) -> None:
        """Joins what was found to what others found."""
        result.outcomes += self.outcomes
        result.runs += self.runs
        result.good += len(self.good)
        result.failures += self.failures

    def _order(self) -> Iterator[str]:
        good = iter(self.good)
        for index, name in enumerate(self.mutants):
            if index % BETWEEN == 0:
                yield from [name for name in [next(good, None)] if name]
            yield name
        yield from good

    def _search(self, run: Run) -> None:
        """Which file it was that the command as a whole suffered from."""
        found = False
        for name in self.mutants:
            alone = judge(self.campaign.parity, [name], self.folder)
            if alone.problems:
                found = True
                self._fail(name, "; ".join(alone.problems))
        if not found:
            self.failures.append(f"batch {self.number}, no file alone: {'; '.join(run.problems)}")

    def _look_at_good(self, run: Run) -> None:
        for name, seed in self.good.items():
            if name in run.cases and _without_file(run.cases[name]) != self.expected[seed.name]:
                self.failures.append(
                    f"batch {self.number}: {seed.name}, undamaged, is judged otherwise than alone: "
                    + str(run.cases[name].get("error", run.cases[name]["verdict"]))
                )

    def _look_at(self, name: str, damaged: Mutant, case: Mapping[str, Any], decoder: Decoder) -> None:
        comparison = None
        if case["verdict"] == "match" or case["verdict"] in FLAGGED:
            noise = _noise(self.expected[damaged.seed.name])
            comparison = decoder.compare(damaged.seed.path, self.folder / name, noise)
        found = outcome(damaged, case, comparison)
        self.outcomes.append(found)
        if found.problems:
            self._fail(name, "; ".join(found.problems))

    def _fail(self, name: str, problem: str) -> None:
        self.campaign.keep.mkdir(parents=True, exist_ok=True)
        kept = self.campaign.keep / f"{self.campaign.seed}-{self.number}-{name}"
        shutil.copy(self.folder / name, kept)
        self.failures.append(f"{kept}: {self.mutants[name].description}: {problem}")


def _noise(case: Mapping[str, Any]) -> float:
    """How far honest arithmetic is off on the data of an undamaged file, at least 1."""
    layers = [layer["stepwise"] for reference in case["references"] for layer in reference["layers"]]
    return max(1.0, *(layer["effective_roundoff_rms"] or 0.0 for layer in layers))


def _without_file(case: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in case.items() if key != "file"}
