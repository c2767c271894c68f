"""Check settings of a launcher against what its own package declares. Imports Hydra when asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from experiments.plugin_folder import reach_plugins

OURS = ("_target_", "submitit_folder", "local_directory", "temp_folder")  # set by `carrier`
CODE = re.compile(r"(^|\.)_\w+_($|\.)")


def nearest_name(name: str, known: Sequence[str]) -> str:
    """The most likely intended name, in words."""
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"Did you mean '{close[0]}'?" if close else f"Known: {', '.join(known)}."


def is_installed(launcher: str) -> bool:
    """True when Hydra knows a launcher of that name."""
    return launcher.isidentifier() and _declared(launcher) is not None


def checked(
    launcher: str, options: Mapping[str, Any], own: Sequence[str] = ()
) -> tuple[dict[str, Any], list[str]]:
    """Settings by dotted key as the tree that the launcher takes, and what is wrong with them.

    ``own``: names that are not the launcher's and may be meant.
    """
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException, ValidationError

    declared = _declared(launcher)
    if declared is None:
        return {}, [f"engine: Hydra knows no launcher '{launcher}'."]
    known = [key for key in _keys(declared, "") if key not in OURS]
    tree, mistakes = OmegaConf.create({}), []
    for key, value in options.items():
        if CODE.search(key) or "${" in str(value) or _has_code(value):
            mistakes.append(f"engine.{key}: refused; settings cannot run code or read variables.")
            continue
        try:
            _ours_is_unknown(key)
            OmegaConf.update(declared, key, value, force_add=False)
        except ValidationError as error:
            mistakes.append(f"engine.{key}: {value!r} is no {_kind(str(error))}.")
        except (OmegaConfBaseException, KeyError):
            hint = nearest_name(key, sorted({*own, *known}))
            mistakes.append(f"engine.{key}: {launcher} has no such setting. {hint}")
        else:
            OmegaConf.update(tree, key, value, force_add=True)
    plain: Any = OmegaConf.to_container(tree)
    return plain, mistakes


def _ours_is_unknown(key: str) -> None:
    """Raise KeyError for what only `carrier` sets."""
    if key in OURS:
        raise KeyError(key)


def _kind(told: str) -> str:
    """What kind of value OmegaConf wanted, in words."""
    kinds = {"Float": "number", "Integer": "whole number", "Boolean": "true or false"}
    return next((words for kind, words in kinds.items() if kind in told), "value that it takes")


def _has_code(value: Any) -> bool:
    """True when a mapping carries a key that Hydra would call."""
    if isinstance(value, Mapping):
        return any(CODE.search(str(key)) or _has_code(held) for key, held in value.items())
    return isinstance(value, list | tuple) and any(map(_has_code, value))


def _declared(launcher: str) -> Any:
    """A copy of the settings that a launcher declares; None: no such launcher."""
    from copy import deepcopy

    from hydra.core.config_store import ConfigStore
    from hydra.core.plugins import Plugins

    reach_plugins()
    Plugins.instance()
    import hydra_plugins.thalweg.dask_launcher  # noqa: F401 - Hydra may have looked around before

    store = ConfigStore.instance()
    name = f"{launcher}.yaml"
    if name not in store.list("hydra/launcher"):
        return None
    return deepcopy(store.load(f"hydra/launcher/{name}").node)


def _keys(tree: Any, prefix: str) -> Iterable[str]:
    """Dotted keys of a tree of settings."""
    from omegaconf import OmegaConf

    for key in tree:
        node = tree._get_node(key)  # noqa: SLF001 - reading a value would resolve what it refers to
        yield f"{prefix}{key}"
        if OmegaConf.is_dict(node) and not node._is_none():  # noqa: SLF001 - same
            yield from _keys(node, f"{prefix}{key}.")
