"""A process that the rest can do without for a while: started again whenever it dies."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from contextlib import suppress

# Who ends sooner than this after its start could not start; then the next try waits, each time twice as long.
# One that was killed is started again at once, if it did not happen the time before.
YOUNG_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0


class Watched:
    """``start`` starts it; ``say`` is told in a sentence when it dies. Nothing happens but by :meth:`look`."""

    def __init__(
        self,
        name: str,
        start: Callable[[], subprocess.Popen[bytes]],
        say: Callable[[str], None],
        *,
        young: float = YOUNG_SECONDS,
        pause: float = FIRST_PAUSE,
    ) -> None:
        self.name = name
        self.process: subprocess.Popen[bytes] | None = None
        self._start = start
        self._say = say
        self._young = young
        self._first_pause = pause
        self._failures = 0
        self._since = self._due = time.monotonic()

    def look(self) -> None:
        """Start it if that is due, and notice its death. Call it several times a second."""
        now = time.monotonic()
        if self.process is None:
            if now >= self._due:
                self._try(now)
            return
        code = self.process.poll()
        if code is None:
            return
        self._let_go()
        is_young = now - self._since < self._young
        if not is_young or (code < 0 and not self._failures):
            self._failures, self._due = int(is_young), now
            self._say(f"{self.name} er stoppet af sig selv (kode {code}) og startes igen.")
        else:
            self._cannot_start(now, f"(kode {code}). Linjerne ovenfor siger hvorfor")

    def _try(self, now: float) -> None:
        self._since = now
        try:
            self.process = self._start()
        except OSError as error:
            # The system is out of processes or memory just now: that is no reason to stop those that run.
            self._cannot_start(now, f"({error.strerror or type(error).__name__})")

    def _cannot_start(self, now: float, why: str) -> None:
        pause = min(LONGEST_PAUSE, self._first_pause * 2**self._failures)
        self._failures, self._due = self._failures + 1, now + pause
        self._say(f"{self.name} kan ikke starte {why}. Der prøves igen om {pause:.0f} sek.")

    def ask_to_stop(self) -> None:
        """SIGTERM, if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, seconds: float) -> bool:
        """Wait for its end, and kill it when it takes longer. Whether it ended by itself."""
        if self.process is None:
            return True
        try:
            self.process.wait(max(0.0, seconds))
            return True
        except subprocess.TimeoutExpired:
            self._say(f"{self.name} stoppede ikke i tide og blev afbrudt.")
            self.process.kill()
            self.process.wait()
            return False
        finally:
            self._let_go()

    def _let_go(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            with suppress(OSError):
                self.process.stdin.close()
        self.process = None
