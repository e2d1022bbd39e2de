"""Programs that Node.js runs beside the build."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any


class Program:
    """A program in a process of its own, which answers a line of JSON with a line of JSON.

    It starts when it is asked for the first time.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.process: subprocess.Popen[str] | None = None

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Return the program's answer."""
        if self.process is None:
            self.process = subprocess.Popen(
                ["node", str(self.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
            )
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(question) + "\n")
        stdin.flush()
        answer: dict[str, Any] = json.loads(stdout.readline())
        return answer

    def stop(self, *_: Any) -> None:
        """End the process."""
        if self.process is not None:
            self.process.communicate(timeout=10)
            self.process = None
