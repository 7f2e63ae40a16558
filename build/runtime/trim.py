"""Leave out of NumPy what no page can use. The rule, and what each exception is for.

Kept: every module and every compiled extension. Dropped: type stubs, C headers, Cython
declarations, static libraries, notes (nothing reads them at run time), and the entries below.
`numpy.ma`, `numpy.polynomial` and `numpy.testing` stay although `import numpy` does not load
them: a learner may write `np.ma` or `np.testing.assert_allclose`, and it must work. Of our own
wheels only libraries for other machines stay behind.
"""

from wheels import Wheel

_RUNS = (".py", ".so")

_DROPPED = (
    "numpy/f2py/",  # wraps Fortran: needs a compiler (replaced by the note below)
    "numpy/linalg/lapack_lite.",  # nothing in NumPy imports it; linalg uses _umath_linalg
    "numpy/_pyinstaller/",  # for packing desktop programs
    "numpy/random/_examples/",  # for people who compile against NumPy
    "numpy/_configtool.py",  # likewise
    "numpy/doc/",  # prose about ufuncs; the functions' own docstrings stay
    "numpy/conftest.py",  # for NumPy's own tests
)

# NumPy lists f2py in dir(np), and tools that complete names touch each of those with getattr:
# a missing module would make them raise. So np.f2py exists and says what is the matter.
_F2PY = '''\
"""f2py wraps Fortran code, which takes a compiler: NumPy in the browser comes without it."""


def __getattr__(name: str) -> object:
    raise AttributeError(f"numpy.f2py.{name}: f2py needs a compiler, and a browser has none")
'''


def trim_numpy(wheel: Wheel) -> Wheel:
    """Return NumPy's wheel with only what runs in a browser (and its licences and metadata)."""
    kept = {name: data for name, data in wheel.members.items() if _is_kept(wheel, name)}
    return wheel.with_members({**kept, "numpy/f2py/__init__.py": _F2PY.encode()})


def trim_ours(wheel: Wheel) -> Wheel:
    """Return a wheel of our own without what it brings for other machines: `*.lib`."""
    kept = {name: data for name, data in wheel.members.items() if not name.endswith(".lib")}
    return wheel.with_members(kept)


def _is_kept(wheel: Wheel, name: str) -> bool:
    if name.startswith(f"{wheel.dist_info}/"):
        # Its entry points name f2py and the other tools left out here.
        return not name.endswith("/entry_points.txt")
    return name.endswith(_RUNS) and not name.startswith(_DROPPED) and "/tests/" not in name
