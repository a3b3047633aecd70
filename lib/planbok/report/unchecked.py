"""Parts laid into a figure as they are: plotly's own ways make each anew to check it. A test does that."""

from typing import Any

import plotly.graph_objects as go

UNCHECKED: dict[str, Any] = {"_validate": False}


def lay(figure: go.Figure, layout: dict[str, Any]) -> None:
    """Lays a layout over that of a figure of `new_figure`: update_layout, without its search for what is meant."""
    todo = [(figure._layout, layout)]
    while todo:
        own, new = todo.pop()
        own.update({key: value for key, value in new.items() if not isinstance(value, dict)})
        todo += [(own.setdefault(key, {}), value) for key, value in new.items() if isinstance(value, dict)]


def put(figure: go.Figure, among: str, part: dict[str, Any]) -> None:
    """Puts a shape or an annotation among those of a figure: add_shape and add_annotation, unchecked."""
    figure._layout.setdefault(among, []).append(part)


def add(figure: go.Figure, trace: Any) -> None:
    """Adds an unchecked trace to a figure: add_trace, which would make it anew and check it."""
    figure._data.append({**trace._props})
    trace._trace_ind, trace._parent = len(figure._data_objs), figure
    trace._orphan_props.clear()
    figure._data_objs += (trace,)
    figure._data_defaults.append({})
