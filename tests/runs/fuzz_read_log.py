"""`make fuzz`: logs that a fuzzer mutates, guided by the branches that the reader takes.

    python tests/runs/fuzz_read_log.py SECONDS

What the reader handles wrongly is written to _build/fuzz/crash-*, and the run ends there.
"""

import random
import sys
from pathlib import Path

CORPUS = Path(__file__).parents[2] / "_build" / "fuzz" / "corpus"


def main(seconds: str) -> None:
    import atheris

    with atheris.instrument_imports(
        include=["arbook.logs", "arbook.runs.text", "arbook.model.run"]
    ):
        import any_bytes

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        """Half the time as a log, which keeps its shape; else as bytes."""
        chance = random.Random(seed)
        if chance.random() < 0.5:
            return atheris.Mutate(data, most)
        text = data.decode("utf-8", "surrogateescape")
        for _ in range(chance.randint(1, 4)):
            text = any_bytes.mutate(text, chance)
        return text.encode("utf-8", "surrogateescape")[:most]

    CORPUS.mkdir(parents=True, exist_ok=True)
    for i, content in enumerate(any_bytes.small_logs()):
        (CORPUS / f"small-{i}").write_bytes(content)
    options = [
        *[f"-max_total_time={seconds}", "-max_len=4096", "-timeout=10", "-rss_limit_mb=1024"],
        *[f"-artifact_prefix={CORPUS.parent}/", "-print_final_stats=1"],
    ]
    arguments = [sys.argv[0], *options, str(CORPUS)]
    atheris.Setup(arguments, any_bytes.check_any, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1])
