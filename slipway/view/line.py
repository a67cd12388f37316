"""The line to type in, which takes its keys in the order in which they come."""

from __future__ import annotations

from textual.binding import Binding
from textual.events import Key
from textual.widgets import Input

__all__ = ["Line"]

# Not those of any widget that scrolls: up, down and the pages go on to the list and the preview.
_ITS_OWN = frozenset(
    key for binding in Input.BINDINGS if isinstance(binding, Binding) for key in binding.key.split(",")
)


class Line(Input):
    """An input whose own keys act at once.

    Textual sends a key that is bound, such as Backspace, up to the app, which runs its action a few messages later, while a
    letter goes into the text at once: of `abc`, Backspace, `d` in one write, as over a slow line, Backspace would take the d.
    """

    async def _on_key(self, event: Key) -> None:
        bound = self._bindings.key_to_bindings.get(event.key, []) if event.key in _ITS_OWN else []
        if bound and not event.is_printable:
            event.stop()
            event.prevent_default()
            await self.run_action(bound[0].action)
        else:
            await super()._on_key(event)
