"""The one tree of errors. Every message names the thing, the value and the fix; arguments stay as attributes."""


class InternflowError(Exception):
    """Base of every error that InternFlow raises on purpose."""


class ConfigError(InternflowError):
    """A setting, a file or a service of this installation is wrong or unreachable."""


class UserInputError(InternflowError):
    """What a person typed or pasted cannot be used; the message is shown to them as it is."""


class EmptyRepository(UserInputError):
    """A registered repository has no commits yet. Not a failure: there will be some."""


class SourceUnavailable(InternflowError):
    """The other end of the network did not answer usefully. Retrying may help."""


class ContractViolation(InternflowError):
    """Data does not have the shape it must have. Retrying does not help."""

    def __init__(self, thing: str, value: object, fix: str) -> None:
        self.thing, self.value, self.fix = thing, value, fix
        super().__init__(f"{thing} is {str(value)[:200]!r}: {fix}")


class TextRefused(InternflowError):
    """An analyzer does not take a text on; the message is the reason, in a few words."""


class GenerationRejected(InternflowError):
    """What a language model wrote has the wrong shape, or nothing of it can be checked."""


class StaleIndex(InternflowError):
    """A vector store does not fit its manifest, model or repository; the message says how to rebuild it."""


class UncitedStatement(InternflowError):
    """A resume statement without evidence, or with evidence that no longer holds, was about to be printed."""
