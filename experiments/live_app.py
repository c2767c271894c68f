"""The server of ``thalweg live``: Dash on loopback, with a policy that lets nothing out or in.

Every file of the page comes from this server. The policy header forbids any other address; requests
under another host's name are refused, so that no page elsewhere can steer this one.
"""

from __future__ import annotations

import logging
from importlib import resources
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx
from dash.exceptions import PreventUpdate
from werkzeug.serving import BaseWSGIServer, make_server

from analysis.report.bundle import token_styles
from experiments.live_history import History
from experiments.live_page import Shown, layout, turned, values, weeks_at

HOST = "127.0.0.1"
PAGE = """<!DOCTYPE html>
<html lang="en"><head>{%metas%}<title>{%title%}</title>{%favicon%}{%css%}</head>
<body>{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer></body></html>
"""
OUTPUTS = (
    Output("map", "figure"), Output("map-box", "aria-label"), Output("ladders", "figure"),
    Output("ladders-box", "aria-label"), Output("date", "children"), Output("told", "children"),
    Output("acts", "children"), Output("changes", "children"), Output("over", "data"),
)  # fmt: skip


def application(history: History) -> Dash:
    """The app around one history; nothing is served yet."""
    app = Dash(
        "thalweg", serve_locally=True, assets_folder=_assets(), index_string=PAGE,
        title=f"{history.study.region.label}: thalweg live", update_title="",
        enable_mcp=False, add_log_handler=False,
    )  # fmt: skip
    app.layout = lambda: layout(history)
    _callbacks(app, history)
    _rules(app)
    return app


def server(app: Dash, port: int) -> BaseWSGIServer:
    """A server on loopback, on this port or with 0 on a free one. Raises OSError where taken."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return make_server(HOST, port, app.server, threaded=True)


def policy(app: Dash) -> str:
    """The content security policy: this server only; styles inline, as the charts write them."""
    scripts = " ".join(["'self'", *app.csp_hashes()])
    return "; ".join((
        "default-src 'none'", f"script-src {scripts}", "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:", "font-src 'self' data:", "connect-src 'self'",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    ))  # fmt: skip


def _callbacks(app: Dash, history: History) -> None:
    def turn(*given: Any) -> Shown:
        view, place, seed, amounts, keys = given[3:]
        trigger = str(ctx.triggered_id or "")
        if trigger == "clock" and history.lock.locked():
            raise PreventUpdate  # the frame before is still being simulated
        asked = values(keys, amounts)
        return turned(history, trigger, weeks_at(place), seed, asked, view or {})

    app.callback(
        *OUTPUTS,
        Input("clock", "n_intervals"), Input("step", "n_clicks"), Input("begin", "n_clicks"),
        Input("view", "data"), State("speed", "value"), State("seed", "value"),
        State({"slider": ALL}, "value"), State({"slider": ALL}, "id"),
    )(turn)  # fmt: skip
    app.clientside_callback(
        ClientsideFunction("live", "play"),
        Output("clock", "disabled"), Output("play", "children"), Output("play", "aria-pressed"),
        Input("play", "n_clicks"), Input("over", "data"), State("clock", "disabled"),
    )  # fmt: skip
    app.clientside_callback(
        ClientsideFunction("live", "watch"), Output("view", "data"), Input("page", "id")
    )


def _rules(app: Dash) -> None:
    """Headers of every answer, the tokens as a style sheet, and who may ask."""
    from flask import Response, abort, request

    styles, headers = token_styles() + _report_styles(), policy(app)

    def own_name_only() -> None:
        if request.host.rpartition(":")[0] not in {HOST, "localhost"}:
            abort(403)

    def guarded(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = headers
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    def report_styles() -> Response:
        return Response(styles, mimetype="text/css")

    app.server.before_request(own_name_only)
    app.server.after_request(guarded)
    app.server.add_url_rule("/report.css", view_func=report_styles)


def _report_styles() -> str:
    source = resources.files("analysis.report").joinpath("assets", "page.css")
    return source.read_text(encoding="utf-8")


def _assets() -> str:
    return str(resources.files("experiments").joinpath("live_assets"))
