"""What can go wrong before `paylink local` serves; every message is one line that says what to do."""


class LocalError(Exception):
    """The local run cannot start; the text is for the person at the terminal."""


class TemplateError(LocalError):
    """template.yaml asks for something that the local run cannot give."""


class PortInUseError(LocalError):
    """Another program listens on the wanted port."""


class SeedError(LocalError):
    """The seed file cannot be read, or one of its links is not valid."""


class EngineError(LocalError):
    """The table's engine or the secrets' store does not answer as it should."""
