"""What grades explanations, as it travels to the reader's browser: `teachback` without its service.

It is found by what `import teachback` reads, so the service and the libraries it needs stay behind.
"""

import ast
from pathlib import Path

import teachback

FOLDER = Path(teachback.__file__).parent


def checklist() -> dict[str, bytes]:
    """The files of the package that grading reads, by their path in a wheel."""
    found: dict[Path, bytes] = {}
    waiting = [FOLDER / "__init__.py"]
    while waiting:
        file = waiting.pop()
        if file not in found and file.is_file():
            found[file] = file.read_bytes()
            waiting += imported(file)
    return {
        f"{FOLDER.name}/{each.relative_to(FOLDER).as_posix()}": found[each]
        for each in sorted(found)
    }


def imported(file: Path) -> list[Path]:
    """The files of the package that a module of it may import, which need not all be there."""
    found = []
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = file.parents[node.level - 1]
            inside = folder.joinpath(*(node.module or "").split("."))
            names = [inside, *(inside / alias.name for alias in node.names)]
            found += [
                path for name in names for path in (name.with_suffix(".py"), name / "__init__.py")
            ]
    return found
