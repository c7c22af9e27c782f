"""The Freedom Pay protocol, usable by any Python project: signatures, messages, errors, hosts and a client.

Nothing is imported here, so that a caller pays only for the part it names: `paylink.freedompay.signature`
needs the standard library alone, `messages` loads defusedxml when XML really comes, `client` loads requests.
"""
