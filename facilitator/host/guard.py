"""What every page has in common: the name it was asked by, what a browser may do with it, and a plain answer when something failed."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

from facilitator.host import pages
from facilitator.host.gate import Callers, Names
from facilitator.host.logs import kind_of_page, where
from simulator.log import LogError

log = logging.getLogger("handoff.host")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex, nofollow",
}
# A form's browser writes where it comes from only if the page lets it; to nobody but this host. No other page lets it.
FORMS = ("/", "/join", "/t/{ticket}")
TOO_MANY = pages.message(
    "Too many at once", "Too many pages are open from where you are. Close some, or wait a moment."
)


def html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html")


def address_of(request: web.Request, callers: Callers) -> str:
    """Where a request comes from, as far as that is known."""
    return callers.address(request.remote or "", request.headers.getall("X-Forwarded-For", ()))


def guarded(names: Names, callers: Callers) -> Middleware:
    """A middleware that lets in who called this host by one of its names, and not too many from one address."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        begun = time.monotonic()
        status = 303  # the only way in which an answer is raised: to somewhere else on this host
        try:
            with callers.call(address_of(request, callers)) as let_in:
                answer = await _answer(request, handler, names) if let_in else html(TOO_MANY, 503)
            status = answer.status
            return answer
        finally:
            took = (time.monotonic() - begun) * 1000
            log.info("%s %s %d %.0f ms", request.method, kind_of_page(request), status, took)

    return guard


async def _answer(request: web.Request, handler: Handler, names: Names) -> web.StreamResponse:
    if not names.called_right(request.headers.get("Host", "")):
        return html(pages.message("Not here", "This host does not answer to that name."), 421)
    if request.method not in ("GET", "HEAD") and not names.from_our_page(request.headers):
        return html(pages.message("Not from there", "This form was not sent by a page of this host."), 403)
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return html(pages.message("Nothing here", "This address leads nowhere. The room may have ended."), 404)
    except web.HTTPException as said:
        if said.status < 400:
            raise
        return html(pages.message("This did not work", "This host does not take that."), said.status)
    except LogError as error:
        log.error("the store failed: %s", type(error).__name__)
        return html(
            pages.message("Not just now", "What is played cannot be read just now. Nothing is lost; try again."), 503
        )
    except Exception as error:  # whatever it is, the others play on
        log.error("%s failed: %s", kind_of_page(request), where(error))
        return html(pages.message("Something went wrong", "Nothing that you chose is lost. Look again."), 500)


async def put_headers(request: web.Request, response: web.StreamResponse) -> None:
    """A signal handler, so that redirects and websockets get them too."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Referrer-Policy", "same-origin" if kind_of_page(request) in FORMS else "no-referrer")
    response.headers["Server"] = "handoff"
