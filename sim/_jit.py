"""The only import of numba: one set of compiler options and a cache that notices every edit.

numba's ``cache=True`` keys a cached function on *its own* source file, so an edited rule in another
file would silently run its old machine code. The cache folder therefore carries a digest of every
compiled source of ``sim``, byte by byte, and of the compiler version: an edit opens a new, empty
folder. What is told of a result, `kernel_digest`, is a digest of their syntax alone.

No ``fastmath`` anywhere: results must be the same bits on every machine, thread count and chunking.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.experimental import structref
from numba.extending import typeof_impl
from numba.np.unsafe.ndarray import to_fixed_tuple

from sim._sources import syntax_of

_SIM = Path(__file__).parent
_F = TypeVar("_F", bound=Callable[..., Any])


def compiled_sources() -> list[Path]:
    """Every file of ``sim`` whose text can change machine code, in a fixed order."""
    compiled = [p for p in _SIM.rglob("*.py") if "from sim._jit import" in p.read_text("utf-8")]
    names = ("_jit", "accord", "counts", "declare", "parameters", "schedule", "scratch", "state",
             "topology", "upstream")  # fmt: skip
    declared = [_SIM / f"{name}.py" for name in names]
    return sorted({*compiled, *declared})


@functools.cache
def kernel_digest() -> str:
    """Hash (64 hex digits) of the syntax of the compiled sources: the model that made a number."""
    return _hashed(lambda path: syntax_of(path).encode())


def _hashed(content: Callable[[Path], bytes]) -> str:
    """Hash of the names and of something about the content of all compiled sources."""
    digest = hashlib.sha256()
    for path in compiled_sources():
        digest.update(path.relative_to(_SIM).as_posix().encode())
        digest.update(content(path))
    return digest.hexdigest()


def cache_folder() -> Path:
    """Folder of the machine code that belongs to exactly these sources, compiler and Python."""
    root = os.environ.get("THALWEG_CACHE") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    stamp = hashlib.sha256()
    stamp.update(_hashed(lambda path: path.read_bytes().replace(b"\r\n", b"\n")).encode())
    stamp.update(f"{version('numba')} {version('numpy')} {sys.version_info[:3]}".encode())
    stamp.update(os.environ.get("NUMBA_BOUNDSCHECK", "0").encode())
    return Path(root).expanduser() / "thalweg" / f"kernel-{stamp.hexdigest()[:16]}"


# Set on the configuration, not in the environment: a child process must not inherit it.
numba.config.CACHE_DIR = str(cache_folder())

JIT = not numba.config.DISABLE_JIT


def _plain_tuple(values: Any, length: int) -> tuple[Any, ...]:
    """The first ``length`` numbers of an array, with the compiler switched off."""
    return tuple(values[:length])


fixed_plain = _plain_tuple
fixed = to_fixed_tuple if JIT else fixed_plain


def structure(name: str, fields: tuple[str, ...], module: str) -> tuple[type, type]:
    """A reference structure for compiled code: its numba type class and its constructor.

    Both must be kept as attributes ``nameType`` and ``nameStruct`` of ``module``, so that the cache
    of compiled functions can name them.
    """
    names = {"__module__": module, "__qualname__": f"{name}Type"}
    kind = type(f"{name}Type", (numba.types.StructRef,), names)
    kind = structref.register(kind)
    names = {"__module__": module, "__qualname__": f"{name}Struct"}
    proxy = type(f"{name}Struct", (structref.StructRefProxy,), names)
    structref.define_constructor(proxy, kind, list(fields))
    structref.define_boxing(kind, proxy)
    return kind, proxy


class _Rule:
    """A function that compiled code calls; a call from Python is compiled apart, when it comes.

    The entry from Python unpacks every argument and took an eighth of the compile time, while only
    the outermost functions are called through it. Only such entries are cached: they hold the
    machine code of all that they call.
    """

    def __init__(self, function: Callable[..., Any], **options: bool) -> None:
        functools.update_wrapper(self, function)
        self.options = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, **options}
        self.called = numba.njit(no_cpython_wrapper=True, **self.options)(function)
        self.entry: Callable[..., Any] | None = None

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Call from Python."""
        if self.entry is None:
            self.entry = numba.njit(cache=True, **self.options)(self.called.py_func)
        return self.entry(*args, **named)


typeof_impl.register(_Rule, lambda rule, context: typeof_impl(rule.called, context))


def _rule(function: _F, **options: bool) -> _F:
    return cast(_F, _Rule(function, **options)) if JIT else function


def kernel(function: _F) -> _F:
    """Compile a loop over entities: without the interpreter lock, IEEE semantics."""
    return _rule(function)


def inner(function: _F) -> _F:
    """Compile what has no file of its own: it is cached with the kernels that call it."""
    compiled: _F = numba.njit(nogil=True, error_model="numpy", no_cfunc_wrapper=True)(function)
    return compiled


def spliced(function: _F) -> _F:
    """Copy a step of the schedule into its caller: it is compiled there and nowhere else.

    A compiled function is optimised again in every caller, with all that it calls. For the three
    levels of the schedule (stage, tick, run) that was 14 of 90 s; results and speed are the same.
    """
    compiled: _F = numba.njit(
        nogil=True, error_model="numpy", no_cfunc_wrapper=True, inline="always"
    )(function)
    return compiled


def typed(signature: str) -> Callable[[_F], _F]:
    """Compile for one signature only, to which callers convert their arguments."""

    def compile_now(function: _F) -> _F:
        compiled: _F = numba.njit(
            signature, cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True
        )(function)
        return compiled

    return compile_now


def scalar(function: _F) -> _F:
    """Compile an equation of scalars and copy it into the loops that call it (keeps them SIMD)."""
    return _rule(function, forceinline=True)
