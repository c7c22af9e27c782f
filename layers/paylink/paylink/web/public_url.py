"""The stack's public address: from a setting for a custom domain, else from the request."""


def public_url(setting: str, domain: str) -> str:
    """The address without a trailing slash.

    A function cannot know its API's address from the template: referring to it makes a circular stack.
    """
    return setting.rstrip("/") if setting else f"https://{domain}"
