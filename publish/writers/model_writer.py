"""A language model as a writer: what it is asked, how often, and what becomes of its answers.

For each part of a post: an answer that was kept, else one request, else (where the answer cannot be read) one more that says
why, else nothing, and the extractive writer tells the part. Trouble is never raised: it ends up in :class:`Report`. Trouble that
lasts, or that comes twice in a row, ends the asking for the night.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from notes.errors import PublishError, WriterError
from publish.post.assignment import Assignment, Part, Told
from publish.writers.answer import Answer, Door, Unreadable, fault, read_answer
from publish.writers.answers import Answers, Kept
from publish.writers.chat import Completion, Format, Manner, Refusal, Sampling, adapted, completion_of, request
from publish.writers.endpoint import Endpoint, post
from publish.writers.instructions import correction
from publish.writers.prompt import Prompt, prompt_for
from publish.writers.spending import Purse, estimated_tokens

__all__ = ["ModelWriter", "Report", "Terms"]

_MOST_OF_STORY = 8  # sentences: it is told as a whole and handed out by role
_MOST_MANNERS = 6
_TROUBLES_IN_A_ROW = 2
_LONGEST_WAIT_S = 120.0
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_MINDS_A_PARAMETER = frozenset({400, 422})
# Fewer tokens than a character in twelve: no tokenizer does that, but a server that cuts the prompt to its context does.
_CHARACTERS_PER_TOKEN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How the model is asked.

    ``size`` bounds the brief in characters. ``manner`` is what the endpoint is thought to take at first, ``is_fixed`` keeps its
    format as it is.
    """

    sampling: Sampling
    audience: str = ""
    size: int = 12_000
    retries: int = 2
    manner: Manner = field(default_factory=Manner)
    is_fixed: bool = False


@dataclass(slots=True)
class Report:
    """What came of a night's asking.

    Requests ``asked``, answers that had been ``kept``, parts ``unanswered``; sentences ``told`` and ``refused`` at the door, by
    reason. ``troubles`` in the order in which they arose, each once.
    """

    asked: int = 0
    kept: int = 0
    unanswered: int = 0
    told: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    cost: float = 0.0
    refused: Counter[str] = field(default_factory=Counter)
    troubles: dict[str, None] = field(default_factory=dict)


class ModelWriter:
    """A :class:`publish.post.assignment.Writer` behind an endpoint; ``door`` judges the form of each sentence."""

    def __init__(
        self,
        endpoint: Endpoint,
        terms: Terms,
        *,
        answers: Answers,
        purse: Purse,
        door: Door = fault,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.report = Report()
        self._endpoint = endpoint
        self._terms = terms
        self._answers = answers
        self._purse = purse
        self._door = door
        self._sleep = sleep
        self._manner = terms.manner
        self._told: dict[str, Answer] = {}
        self._row = 0
        self._stopped = False

    @property
    def name(self) -> str:
        """The model."""
        return self._terms.sampling.model

    def tell(self, assignment: Assignment) -> Sequence[Told]:
        """The sentences for a part; none where the model has nothing to say or cannot be asked."""
        whole = assignment
        if assignment.part is Part.STORY:
            whole = replace(assignment, role=None, most=_MOST_OF_STORY)
        prompt = prompt_for(whole, audience=self._terms.audience, size=self._terms.size)
        if prompt is None:
            return ()
        told = self._answer(prompt).told
        wanted = [one for one in told if assignment.role in (None, one.role)]
        return wanted[: assignment.most]

    def _answer(self, prompt: Prompt) -> Answer:
        sampling = self._terms.sampling
        form = self._terms.manner.format if self._terms.is_fixed else "auto"
        said = (sampling.model, sampling.temperature, sampling.seed, sampling.answer_tokens, sampling.effort, form)
        key = prompt.key(*said)
        if key not in self._told:
            self._told[key] = self._read(self._kept(key) or self._ask(key, prompt), prompt)
        return self._told[key]

    def _kept(self, key: str) -> Kept | None:
        kept = self._answers.get(key)
        self.report.kept += kept is not None
        return kept

    def _read(self, kept: Kept | None, prompt: Prompt) -> Answer:
        """Every answer passes the door anew, also one that was kept: its file may be anybody's."""
        if kept is None or kept.refusal:
            self.report.unanswered += 1
            if kept is not None:
                self._trouble(f"{self.name} gave no answer that can be used: {kept.refusal}")
            return Answer(())
        try:
            answer = read_answer(kept.content, prompt, self._door)
        except Unreadable as error:
            self.report.unanswered += 1
            self._trouble(f"{self.name} gave no answer that can be used: {error}")
            return Answer(())
        self.report.told += len(answer.told)
        self.report.refused.update(answer.refused)
        return answer

    def _ask(self, key: str, prompt: Prompt) -> Kept | None:
        """Ask, once more where the answer cannot be read, and keep what came; None when nobody could be asked."""
        if self._stopped:
            return None
        try:
            kept = self._asked(prompt)
            self._answers.keep(key, kept)
        except PublishError as error:  # a WriterError, or a state folder that cannot be written
            self._note(error)
            return None
        self._row = 0
        return kept

    def _asked(self, prompt: Prompt) -> Kept:
        """What the model answers, at the second attempt where the first cannot be read. Raises PublishError."""
        first = self._once(prompt, prompt.messages)
        if not first.refusal or not first.content:
            return first
        again = self._once(prompt, [*prompt.messages, {"role": "user", "content": correction(first.refusal)}])
        return Kept("", again.refusal) if again.refusal else again

    def _once(self, prompt: Prompt, messages: Sequence[Mapping[str, str]]) -> Kept:
        """One answer: its content, and why it cannot be used (without content: asking again would not help)."""
        try:
            completion = self._completion(prompt, messages)
        except Refusal as refusal:
            return Kept("", str(refusal))
        if self._endpoint.key and self._endpoint.key in completion.content:
            return Kept("", "it holds the key of the endpoint")
        try:
            read_answer(completion.content, prompt, self._door)
        except Unreadable as error:
            return Kept(completion.content, str(error))
        return Kept(completion.content)

    def _completion(self, prompt: Prompt, messages: Sequence[Mapping[str, str]]) -> Completion:
        """The completion, asked for in the manner that the endpoint takes. Raises WriterError and Refusal."""
        for _ in range(_MOST_MANNERS):
            try:
                return self._paid(prompt, messages)
            except WriterError as error:
                other = adapted(self._manner, error.named) if error.status in _MINDS_A_PARAMETER else None
                if other is None or (self._terms.is_fixed and other.format is not self._manner.format):
                    raise
                self._manner = other
        return self._paid(prompt, messages)

    def _paid(self, prompt: Prompt, messages: Sequence[Mapping[str, str]]) -> Completion:
        """The completion, with what it took booked and settled. Raises WriterError and Refusal."""
        texts = "".join(message["content"] for message in messages)
        schema = str(prompt.schema) if self._manner.format is Format.SCHEMA else ""
        most_in, most_out = estimated_tokens(texts + schema), self._terms.sampling.answer_tokens
        for attempt in range(self._terms.retries + 1):
            if reason := self._purse.refusal(most_in, most_out):
                raise WriterError(f"{self.name} was not asked any more: {reason}", is_lasting=True)
            try:
                return self._sent(prompt, messages, most_in, most_out)
            except WriterError as error:
                wait = error.retry_after if error.retry_after is not None else 2.0**attempt
                if attempt == self._terms.retries or not _passes(error):
                    raise
                if wait > min(_LONGEST_WAIT_S, self._purse.seconds_left):
                    raise WriterError(
                        f"{error.message}; it asks for {wait:.0f} s of patience", hint=error.hint, is_lasting=True
                    ) from None
                self._sleep(wait)
                self._purse.wait(wait)
        raise AssertionError

    def _sent(self, prompt: Prompt, messages: Sequence[Mapping[str, str]], most_in: int, most_out: int) -> Completion:
        body = request(prompt, messages, self._terms.sampling, self._manner)
        before = self._purse.book(most_in, most_out)
        started = time.monotonic()
        # What an endpoint that says nothing has read and written, nobody knows: the worst is believed.
        tokens_in, tokens_out = most_in, most_out
        seconds = min(self._purse.limits.answer_seconds, self._purse.seconds_left)
        try:
            completion = completion_of(post(self._endpoint, body, seconds=seconds))
            tokens_in, tokens_out = self._counted(completion, prompt, most_in)
        except Refusal as refusal:
            tokens_in, tokens_out = self._counted(refusal.completion, prompt, most_in)
            raise
        except WriterError as error:
            if error.status is not None or not error.was_sent:
                tokens_in = tokens_out = 0
            raise
        finally:
            took = time.monotonic() - started
            self._purse.settle(before, tokens_in=tokens_in, tokens_out=tokens_out, seconds=took)
            self._tally(tokens_in, tokens_out, took)
        return completion

    def _counted(self, completion: Completion, prompt: Prompt, most_in: int) -> tuple[int, int]:
        """Tokens read and written, by the endpoint's count where it gives one."""
        read, written = completion.prompt_tokens, completion.answer_tokens
        if read and read * _CHARACTERS_PER_TOKEN < len(prompt.brief):
            self._trouble(f"{self.name} read only {read} tokens of the brief: raise its context, or lower `brief`")
        return (
            most_in if read is None else read,
            estimated_tokens(completion.content) if written is None else written,
        )

    def _tally(self, tokens_in: int, tokens_out: int, seconds: float) -> None:
        report, limits = self.report, self._purse.limits
        report.asked += 1
        report.tokens_in += tokens_in
        report.tokens_out += tokens_out
        report.seconds += seconds
        report.cost += (tokens_in * limits.price_in + tokens_out * limits.price_out) / 1_000_000

    def _note(self, error: PublishError) -> None:
        self._row += 1
        is_passing = isinstance(error, WriterError) and not error.is_lasting
        self._stopped = not is_passing or self._row >= _TROUBLES_IN_A_ROW
        self._trouble(error.message + (f" ({error.hint})" if error.hint else ""))

    def _trouble(self, told: str) -> None:
        self.report.troubles.setdefault(told)


def _passes(error: WriterError) -> bool:
    """Whether asking again soon may help: the network and a busy server come and go, an answer that took too long does not."""
    return not error.is_lasting and (not error.was_reached or error.status in _PASSING)
