"""The driver's end of a kernel: begins as soon as the kernel answers."""

import math
import time
from contextlib import suppress
from queue import Empty

from jupyter_client.asynchronous import AsyncKernelClient


class PromptClient(AsyncKernelClient):
    """A client that does not wait until the kernel has fallen silent.

    jupyter_client's own listens a fifth of a second for what a kernel says while it starts, so that it is
    not taken for the output of a cell. nbclient knows the outputs of a cell by their number.
    """

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return when the kernel answers and its outputs are heard.

        Raises
        ------
        RuntimeError
            When it ends before, or `timeout` (seconds) have passed.
        """
        last = time.monotonic() + (math.inf if timeout is None else timeout)
        while time.monotonic() < last:
            self.kernel_info()
            with suppress(Empty):
                await self.shell_channel.get_msg(timeout=1)
                await self.iopub_channel.get_msg(timeout=0.2)
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")
