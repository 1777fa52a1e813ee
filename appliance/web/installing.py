"""Carries out, in a process of its own and one at a time, what the Models page has noted; goes on with what a restart cut off."""

import os
import time

from appliance.adapters import models_jobs, process
from appliance.adapters.process import Running
from appliance.web.state import Web

REST_SECONDS = 30.0  # after a process that could not even begin


class Installing:
    """Knows the process that this web has started."""

    def __init__(self) -> None:
        self._child: Running | None = None
        self._rest_until = 0.0

    def step(self, web: Web) -> None:
        """Start what waits, unless something is being carried out, here or by the command line."""
        if self._child is not None:
            code = self._child.poll()
            if code is None:
                return
            self._child = None
            if code > 0:
                self._rest_until = time.monotonic() + REST_SECONDS
        models = web.layout.models
        waiting = [job.model for job in models_jobs.every(models) if job.state in ("waiting", "running")]
        if waiting and time.monotonic() >= self._rest_until and not models_jobs.is_running(models):
            words = process.python("appliance.adapters.models_install", models, waiting[0], str(os.getpid()))
            self._child = process.spawn(words)

    def stop(self) -> None:
        """What was running goes on at the next start."""
        if self._child is not None:
            self._child.kill()
