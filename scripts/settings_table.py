"""Write the table of settings into docs/settings.md, from what vdx/settings.py declares."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START, END = "<!-- table -->\n", "<!-- end of table -->\n"


def main() -> None:
    """Replace what stands between the two marks."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vdx.settings")
    from vdx.settings import env  # noqa: PLC0415  # needs the path above

    lines = ["| Setting | Default | Meaning |\n", "|---|---|---|\n"]
    for declared in env.declared.values():
        default = f"`{declared.default}`" if declared.default else ""
        if str(ROOT) in default:
            default = default.replace(f"{ROOT}/", "")
        lines.append(f"| `{declared.name}` | {default.replace('|', chr(92) + '|')} | {declared.meaning} |\n")
    document = ROOT / "docs" / "settings.md"
    before, _, rest = document.read_text().partition(START)
    _, _, after = rest.partition(END)
    document.write_text(before + START + "".join(lines) + END + after)


if __name__ == "__main__":
    main()
