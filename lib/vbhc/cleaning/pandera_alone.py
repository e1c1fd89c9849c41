"""pandera without hypothesis, with which it makes up examples of a schema where that is installed.

Nobody here asks it for examples, and hypothesis is nearly half of what pandera loads. Modules take pandera
from here.
"""

import sys

_loaded = "hypothesis" in sys.modules
if not _loaded:
    sys.modules["hypothesis"] = None  # type: ignore[assignment]  # to Python: not installed
try:
    import pandas as pd
    import pandera.errors
    import pandera.pandas as pa

    # pandera looks for it when it first validates something.
    pa.DataFrameSchema().validate(pd.DataFrame())
finally:
    if not _loaded:
        del sys.modules["hypothesis"]

SchemaErrors = pandera.errors.SchemaErrors

__all__ = ["SchemaErrors", "pa"]
