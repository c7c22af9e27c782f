"""The headers of every page: what it may load, where its form may lead, who may frame it."""

from collections.abc import Mapping

from paylink.domain.kinds import origin_of
from paylink.web.pages.site import View
from paylink.web.pages.style import STYLE_SOURCE


def page_headers(view: View) -> Mapping[str, str]:
    """The headers of a page. No page is ever kept: a kept one would give its key to a second buyer."""
    return {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "content-security-policy": content_policy(view),
        "content-language": view.language_tag,
        "strict-transport-security": "max-age=31536000",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        # Not no-referrer: with that, browsers say `Origin: null` where the page posts its own form.
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }


def content_policy(view: View) -> str:
    """The Content-Security-Policy: nothing but the page's own style, the link's picture, and its form.

    Chrome holds `form-action` against the redirect after the post as well, so that the gateway's pages and the
    shop's stand in it.
    """
    directives = {
        "default-src": ["'none'"],
        "style-src": [STYLE_SOURCE],
        "img-src": ["data:", *_picture_origins(view)],
        "form-action": ["'self'", *onward_origins(view)],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


def onward_origins(view: View) -> list[str]:
    """The origins that a post of this page may be redirected to."""
    link = None if view.showing is None else view.showing.link
    own = [] if link is None or link.success_url is None else [origin_of(link.success_url)]
    return list(dict.fromkeys([*view.site.onward_origins, *own]))


def _picture_origins(view: View) -> list[str]:
    link = None if view.showing is None else view.showing.link
    return [] if link is None or link.image_url is None else [origin_of(link.image_url)]
