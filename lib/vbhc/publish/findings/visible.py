"""Text that is what it looks like: no characters that hide it, turn it around or break a file."""

import re
from typing import Any

# Control characters, zero-width ones, those that turn the order of letters around, and private ones. Joiners
# inside words (U+200C, U+200D) stay: some scripts need them.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u2060\ufeff\ue000-\uf8ff\ufffe\uffff"
    "\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BREAKS = re.compile("[\t\r\u2028\u2029]")


def visible(text: str) -> str:
    """Return a text without characters that readers do not see; tabs and returns become spaces."""
    return _UNSEEN.sub("", _BREAKS.sub(" ", text.replace("\r\n", "\n")))


def all_visible(content: Any) -> Any:
    """Return the same dicts, lists and values with every text in them made visible."""
    if isinstance(content, str):
        return visible(content)
    if isinstance(content, dict):
        return {
            visible(key) if isinstance(key, str) else key: all_visible(one) for key, one in content.items()
        }
    if isinstance(content, list | tuple):
        return [all_visible(one) for one in content]
    return content
