"""How far coders or raters agree, on names and on grades."""
