"""Typed text -> what it means: any order, any spelling that is near enough. Knows the pack's names, not its facts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.command import Command, Effect, Parameter
from bot.likeness import likest
from bot.line import TEXT_LIMIT, Call, Heard, Line, Plain, TooMany, Unclear, Understood, call_of, clean
from bot.pack.find import NEAR, Name, Vocabulary, words_of

_FILLERS = frozenset(
    "a about an and as at between by can do for from give how i in is it ka ke ki me mein my next of on or please pls "
    "show tell the till to until versus vs what with aur ya".split()
)

_POLITE = frozenset("please pls my me you the all it them want need see show take i'm im".split())
_ASKING = frozenset("are can could do does give how is should tell what when where which who why will".split())


def parse(text: str, commands: Mapping[str, Command], vocabulary: Vocabulary) -> Line:
    """Read a line as people type it: any order, any spelling that is near enough, with or without the slash."""
    line = clean(text)[:TEXT_LIMIT]
    chunks = line.split(" ")
    head = chunks[0].removeprefix("/").casefold()
    if head == "waymark" and len(chunks) > 1 and _named_command(chunks[1].removeprefix("/"), commands):
        chunks = chunks[1:]
        head = chunks[0].removeprefix("/").casefold()
    small_talk = None if head in commands else _said("-".join(words_of(line)), commands)
    if small_talk:
        return Understood(Call(small_talk))
    command = _named_command(head, commands)
    if command:
        read = _Reader(command, vocabulary, chunks[1:]).read()
        if head == command.name or isinstance(read, Understood):
            return read
        return _unnamed(line, commands, vocabulary) or (read if command.parameters else Plain(line))
    bare = _Reader(commands["compare"], vocabulary, chunks, guess=False).read() if "compare" in commands else None
    if isinstance(bare, Understood) and bare.heard:
        return bare
    if unnamed := _unnamed(line, commands, vocabulary):
        return unnamed
    if "compare" in commands and head not in _ASKING:
        slipped = _Reader(commands["compare"], vocabulary, chunks).read()
        if isinstance(slipped, Understood) and len(slipped.heard) > 1:  # two names and no word that is unknown
            return slipped
    near = likest(head, list(commands), NEAR) if len(head) > 2 else None
    if near:
        return _Reader(commands[near], vocabulary, chunks[1:]).read()
    return Plain(line)


def _unnamed(line: str, commands: Mapping[str, Command], vocabulary: Vocabulary) -> Understood | None:
    """Read a line that does not begin with its command, if all of it can only be meant for one.

    It is a verb with what it takes (`pause my nudges until 5 jan`), or what only one command takes (`mon 9am Lisbon`).
    A question is read so only where it names the command and nothing comes of it but an answer.
    """
    chunks = [chunk.rstrip(".,!;?") for chunk in line.removeprefix("/").split(" ")]
    chunks = [chunk for chunk in chunks if chunk and chunk.casefold() not in _POLITE]
    if not chunks:
        return None
    asks = line.endswith("?") or not _ASKING.isdisjoint(map(str.casefold, chunks[1:]))
    for command in commands.values():
        said = [chunk for chunk in chunks if _named_command(chunk, commands) is not command]
        named = len(said) < len(chunks)
        reader = _Reader(command, vocabulary, said, guess=False)
        read = reader.read()
        if not isinstance(read, Understood) or (asks and not (named and reader.command.effect is Effect.READ)):
            continue
        if reader.says_enough(read.call, alone=len(chunks) == 1, named=named):
            return read
    return None


def _said(words: str, commands: Mapping[str, Command]) -> tuple[str, ...] | None:
    """Find what is also called just so: a command, or, if it takes more than a word to say so, a verb."""
    if command := _also_called(words, commands):
        return (command.name,)
    verbs = ((command.name, verb) for command in commands.values() for verb in command.verbs.values())
    return next(((name, verb.name) for name, verb in verbs if "-" in words and words in verb.also_called), None)


def _named_command(word: str, commands: Mapping[str, Command]) -> Command | None:
    word = word.casefold().rstrip(":,")
    if word in commands:
        return commands[word]
    return _also_called(word, commands)


def _also_called(word: str, commands: Mapping[str, Command]) -> Command | None:
    return next((command for command in commands.values() if word in command.also_called), None)


class _Reader:
    """Reads the words after one command, once; what it has found so far is its state."""

    def __init__(self, command: Command, vocabulary: Vocabulary, chunks: list[str], *, guess: bool = True) -> None:
        self.path: tuple[str, ...] = (command.name,)
        self.command = command
        self.vocabulary = vocabulary
        self.chunks = chunks
        self.guess = guess
        self.values: dict[str, list[str]] = {}
        self.heard: list[Heard] = []
        self.takes_words = False
        self.words: list[str] = []
        self.unknown: list[str] = []
        self.uncovered: str | None = None

    def read(self) -> Line:
        """Read all words; the first thing that cannot be resolved decides what comes back."""
        self._take_verb()
        self.takes_words = any(parameter.kind.takes for parameter in self.command.parameters)
        position = 0
        while position < len(self.chunks):
            position += self._take_pattern(position) or self._take_chunk(position)
        if self.uncovered is not None:
            return self._unclear(self.uncovered, uncovered=self.uncovered)
        if self.unknown:
            return self._with_verb_further_on() or self._unclear(self.unknown[0])
        for parameter in self.command.parameters:
            if len(self.values.get(parameter.name, ())) > parameter.most:
                beside = {name: tuple(values) for name, values in self.values.items()}
                return TooMany(self.command, self.path, parameter, beside.pop(parameter.name), beside)
        if any(parameter.required and parameter.name not in self.values for parameter in self.command.parameters):
            return Understood(Call(self.path[:1]), tuple(self.heard))  # a verb without what it needs is its command
        return Understood(self._call(), tuple(self.heard))

    def says_enough(self, call: Call, *, alone: bool, named: bool) -> bool:
        """Say whether a call is meant though the line does not begin with its command.

        It is if that is named further on, or else by a verb, or by the form of two values.
        """
        taken = [parameter for parameter in self.command.parameters if parameter.name in self.values]
        if call.words and not self._is_taken(call.words):
            return False
        if len(self.path) == 1:
            return named or sum(parameter.kind.pattern is not None for parameter in taken) > 1
        return alone or len(call.path) > 1

    def _is_taken(self, words: str) -> bool:
        """Say whether words that name nothing are what the command has a kind for, as a city is to /nudge."""
        kinds = (parameter.kind for parameter in self.command.parameters)
        return any(kind.takes is not None and kind.takes(words) for kind in kinds)

    def _take_verb(self) -> None:
        for length in (3, 2, 1):
            words = "-".join(chunk.casefold() for chunk in self.chunks[:length])
            small = words in _FILLERS and len(self.chunks) > length  # `on` alone means a verb, and in `on mon` none
            called = (v for v in self.command.verbs.values() if words in v.also_called and not small)
            verb = self.command.verbs.get(words) or next(called, None)
            if verb and len(self.chunks) >= length:
                self.command, self.path = verb, (*self.path, verb.name)
                del self.chunks[:length]
                return

    def _with_verb_further_on(self) -> Line | None:
        """Read the line again with a verb in front that stands behind something else: `roadmap ai have python`."""
        for index, chunk in enumerate(self.chunks):
            if len(self.path) == 1 and chunk.casefold() in self.command.verbs:
                chunks = [chunk, *self.chunks[:index], *self.chunks[index + 1 :]]
                return _Reader(self.command, self.vocabulary, chunks, guess=self.guess).read()
        return None

    def _take_pattern(self, start: int) -> int:
        """Take what has the form of a pattern parameter; return how many chunks that were."""
        found = self._pattern_at(start)
        if found is None:
            return 0
        parameter, match, length = found
        self.values.setdefault(parameter.name, []).append(parameter.kind.canonical(match))
        return length

    def _pattern_at(self, start: int) -> tuple[Parameter, re.Match[str], int] | None:
        """Match the longest run of chunks from here that has the form of a pattern parameter, the first of equals."""
        for length in range(min(4, len(self.chunks) - start), 0, -1):
            run = " ".join(self.chunks[start : start + length])
            for parameter in self.command.parameters:
                match = parameter.kind.pattern.fullmatch(run) if parameter.kind.pattern else None
                if match:
                    return parameter, match, length
        return None

    def _take_chunk(self, start: int) -> int:
        """Match phrases from this chunk on, across chunks; collect the words that name nothing."""
        end = next(
            (i for i in range(start + 1, len(self.chunks)) if self._pattern_at(i)),
            len(self.chunks),
        )
        words = words_of(" ".join(self.chunks[start:end]))
        kinds = self._kinds() | {"uncovered"} | ({"retired"} if self.takes_words else set())
        position = 0
        stray: list[str] = []
        while position < len(words):
            found = self.vocabulary.match(words, position, kinds)
            if found is None:
                stray.append(words[position])
                position += 1
                continue
            self._flush(stray)
            length, name = found
            self._hear(Heard(" ".join(words[position : position + length]), name))
            position += length
        self._flush(stray)
        return end - start

    def _flush(self, stray: list[str]) -> None:
        meant = " ".join(word for word in stray if word not in _FILLERS)
        if meant and not self._take_guess(meant):
            (self.words if self.takes_words else self.unknown).append(meant)
        stray.clear()

    def _hear(self, heard: Heard) -> None:
        if heard.name.kind == "uncovered":
            self.uncovered = self.uncovered or heard.name.id
            return
        if heard.name.kind == "retired":  # left to the command, lest it be taken for a slip
            self.words.append(heard.name.id)
            return
        self.heard.append(heard)
        parameter = self._parameter_for(heard.name.kind)
        values = self.values.setdefault(parameter.name, [])
        if heard.name.id not in values:
            values.append(heard.name.id)

    def _parameter_for(self, kind: str) -> Parameter:
        return next(parameter for parameter in self.command.parameters if parameter.kind.name == kind)

    def _take_guess(self, words: str) -> bool:
        """Take words as a slip of the finger if one thing is near enough, together or one word at a time."""
        if not self.guess:
            return False
        kinds = self._kinds()
        if self.heard and not self._is_taken(words):
            together = f"{self.heard[-1].words} {words}"
            if whole := self._near(together, kinds):
                self._unhear(Heard(together, whole, guessed=True))
                return True
        guesses = []
        for part in (words,) if self._near(words, kinds) else words.split():
            near = self._near(part, kinds)
            if near is None:
                return False
            guesses.append(Heard(part, near, guessed=True))
        for guess in guesses:
            self._hear(guess)
        return True

    def _unhear(self, better: Heard) -> None:
        """Take back the last name heard, which was the beginning of a longer one with a slip in it."""
        last = self.heard.pop()
        values = self.values[self._parameter_for(last.name.kind).name]
        if all(heard.name != last.name for heard in self.heard):
            values.remove(last.name.id)
        self._hear(better)

    def _kinds(self) -> frozenset[str]:
        return frozenset(parameter.kind.name for parameter in self.command.parameters if not parameter.kind.pattern)

    def _near(self, words: str, kinds: frozenset[str]) -> Name | None:
        ranked = self.vocabulary.nearest(words, kinds)
        enough = NEAR if len(words) > 4 else 74.0  # one slip in four letters is 75
        if not ranked or ranked[0][1] < enough or len(words) < 3:
            return None
        tie = len(ranked) > 1 and ranked[1][1] == ranked[0][1]
        return None if tie else ranked[0][0]

    def _call(self) -> Call:
        values = {name: tuple(given) for name, given in self.values.items()}
        return call_of(self.command, self.path, values, " ".join(self.words))

    def _unclear(self, words: str, uncovered: str | None = None) -> Unclear:
        """Offer the whole line with each of the nearest names in place of the words."""
        suggestions = []
        for name, _ in self.vocabulary.nearest(words, self._kinds()):
            parameter = self._parameter_for(name.kind)
            values = {key: tuple(given) for key, given in self.values.items()}
            if parameter.most > 1:
                values[parameter.name] = (*values.get(parameter.name, ()), name.id)[: parameter.most]
            else:
                values[parameter.name] = (name.id,)
            call = call_of(self.command, self.path, values)
            suggestions.append((self.vocabulary.labels[name], call))
        return Unclear(self.command, self.path, words, tuple(suggestions), uncovered)


def completions(text: str, commands: Mapping[str, Command], vocabulary: Vocabulary) -> list[str]:
    """List the words that can stand next: commands, then verbs and the names that the command takes."""
    *before, _ = text.split(" ")
    if not before:
        return sorted(commands)
    command = _named_command(before[0].removeprefix("/"), commands)
    if command is None:
        return []
    verb = command.verbs.get(before[1]) if len(before) > 1 else None
    kinds = frozenset(p.kind.name for p in (verb or command).parameters if not p.kind.pattern)
    names = [name.id for name in vocabulary.labels if name.kind in kinds]
    return [*(sorted(command.verbs) if len(before) == 1 else ()), *names]
