"""``slipway completion``: the script that lets a shell complete commands, options and names."""

from __future__ import annotations

import click

from slipway.cli.group import slipway
from slipway.console import emit

__all__ = ["completion_command"]


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: str) -> None:
    """Print the script that lets a shell complete commands, options, tags, sources, topics and ids.

    bash: eval "$(slipway completion bash)" in ~/.bashrc. zsh: eval "$(slipway completion zsh)" in ~/.zshrc, after compinit.
    fish: slipway completion fish > ~/.config/fish/completions/slipway.fish.
    """
    from slipway.cli.completing import SHELLS

    emit(SHELLS[shell](slipway, {}, "slipway", "_SLIPWAY_COMPLETE").source().rstrip("\n"))
