"""Execute one notebook in a kernel of its own, through papermill, in the driver's process.

Imported only when something has to run: papermill takes two seconds to load.
"""

import logging
import os
from pathlib import Path
from typing import Any

from vbhc.publish.notebook_files import leave_out_grammars
from vbhc.run.kernels import Kernels
from vbhc.run.progress import shown_path

# Silenced: remarks of a kernel on being told to stop. One that dies is noticed all the same.
DEATHS = ("Kernel died", "Error occurred while starting new kernel client")
# Another program of this machine took a port between its choice for a kernel and the kernel's start.
PORT_TAKEN = "Address already in use"
QUIET_KERNEL = ("--IPKernelApp.log_level=CRITICAL",)


class NotebookFailed(Exception):
    """A cell raised an error; the message says which one, in which notebook, and where to look."""


def execute(
    kernels: Kernels, source: Path, target: Path, failed: Path, parameters: dict, bar: Any, again: int = 3
) -> int:
    """Run a notebook and put it, executed, at `target`; return how many code cells ran.

    The file appears at `target` in one step and only when every cell ran. When a cell fails, what ran so far
    lies at `failed`.

    Parameters
    ----------
    kernels : Kernels
        Starts the kernel, in the folder of the notebook.
    bar : dict or bool
        Options of the progress bar; False for none.
    again : int
        How often a kernel that found its port taken is started again.

    Raises
    ------
    NotebookFailed
        With notebook, cell, error and the place of the executed notebook.
    """
    leave_out_grammars()
    import papermill

    running = target.parent / "running" / target.name
    running.parent.mkdir(parents=True, exist_ok=True)
    remarks = running.with_suffix(".log")
    try:
        notebook = _run_cells(source, running, parameters, bar, kernels.manager(remarks, source.parent))
    except papermill.PapermillExecutionError as error:
        if running.exists():
            failed.parent.mkdir(parents=True, exist_ok=True)
            os.replace(running, failed)
        place = _failed_cell(source.stem, error.source, error.exec_count)
        raise NotebookFailed(_message(place, error.ename, error.evalue, shown_path(failed))) from None
    except (RuntimeError, ChildProcessError) as error:
        if not _is_death(error):
            raise
        running.unlink(missing_ok=True)
        said = _last_words(remarks)
        if again and PORT_TAKEN in said:
            return execute(kernels, source, target, failed, parameters, bar, again - 1)
        reason = f"often a lack of memory; `vbhc run --force` tries again{said}"
        raise NotebookFailed(_message(source.stem, "the kernel died", reason)) from None
    finally:
        remarks.unlink(missing_ok=True)
    os.replace(running, target)
    failed.unlink(missing_ok=True)
    return sum(cell.cell_type == "code" for cell in notebook.cells)


def _run_cells(source: Path, target: Path, parameters: dict[str, Any], bar: Any, manager: type) -> Any:
    """Run a notebook; papermill writes it when all of it ran, or a cell failed."""
    import papermill

    for name in ("papermill", "asyncio"):
        logging.getLogger(name).addFilter(not_told_here)
    how = {"progress_bar": bar, "request_save_on_cell_execute": False, "autosave_cell_every": 0}
    # At once: all that a kernel had to say has been said.
    kernel = {"kernel_manager_class": manager, "shutdown_kernel": "immediate", "config": _channels()}
    kernel["extra_arguments"] = list(QUIET_KERNEL)
    return papermill.execute_notebook(source, target, parameters, **how, **kernel)


def _is_death(error: Exception) -> bool:
    """Tell whether a kernel died: while it started, in a cell, or with the process it is forked from."""
    told = ("DeadKernelError", "ChildProcessError")
    return type(error).__name__ in told or str(error).startswith("Kernel died")


def not_told_here(record: logging.LogRecord) -> bool:
    """Keep a log record unless it says that a kernel died: the driver says so itself, in one line.

    On Ctrl-C the kernel is stopped on purpose, and its client would report that as a death with a traceback.
    """
    error = record.exc_info[1] if record.exc_info else None
    return type(error).__name__ != "DeadKernelError" and not record.getMessage().startswith(DEATHS)


def _channels() -> dict[str, Any]:
    """Encrypt what driver and kernel send each other, patients' rows among it, where the system can."""
    import zmq
    from traitlets.config import Config

    return Config({"KernelManager": {"transport_encryption": "auto"}} if zmq.has("curve") else {})


def _failed_cell(name: str, source: str, number: int) -> str:
    code = [line for line in source.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return f"{name}, cell [{number}]" + (f" `{code[0].strip()}`" if code else "")


def _last_words(remarks: Path) -> str:
    """Return what a dead kernel said last, a line of its own, or nothing."""
    said = remarks.read_text(errors="replace").split("\n") if remarks.exists() else []
    said = [line.strip() for line in said if line.strip()]
    return f"\nits last words: {said[-1]}" if said else ""


def _message(place: str, error: str, text: str, executed: str = "") -> str:
    said = [f"{place} failed", *(f"  {line}" for line in f"{error}: {text}".strip().splitlines())]
    return "\n".join([*said, f"  executed so far: {executed}"] if executed else said)
