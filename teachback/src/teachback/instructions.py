"""Text in an answer that speaks to whoever grades it, instead of explaining.

This is a flag, and no defence on its own: what is found here does not count as evidence, but the
score is computed by code from verdicts whoever gives them, and a text nobody foresaw is still only
text. Rules are sets of words that stand near each other, so that looking takes linear time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from .text import fold, phrases, sentences, words

NEAR = 7  # words
STOP = "\x1e"  # ends a sentence and shows nothing
WORD = re.compile(r"[^\W_]+")
ALIKE = {
    "a": "аɑαᴀ", "b": "вьʙ", "c": "сϲᴄ", "d": "ԁᴅ", "e": "еєᴇ", "f": "ꜰ", "g": "ɡɢ", "h": "һнʜ",
    "i": "іιɪıї", "j": "јᴊ", "k": "кκᴋ", "l": "ӏʟ", "m": "мᴍ", "n": "пηɴ", "o": "оοσөᴏ", "p": "рρᴘ",
    "q": "ԛ", "r": "гʀ", "s": "ѕꜱ", "t": "тτᴛ", "u": "υսᴜ", "v": "νѵᴠ", "w": "ԝшᴡ", "x": "хχ",
    "y": "уγʏ", "z": "ᴢ",
}  # fmt: skip
LOOKALIKES = {ord(each): plain for plain, alike in ALIKE.items() for each in alike}

DISMISS = words(
    "ignore ignoring disregard forget override bypass skip discard overrule ignora ignorez "
    "ignoriere ignorieren ignorar olvida oublie oubliez vergiss negeer zignoruj"
)
ORDERS = words(
    "rubric rubrics instruction instructions criteria criterion guideline guidelines directive "
    "directives checklist prompt instrucciones istruzioni instrucoes anweisungen anweisung "
    "instructies instrukcje consignes indicaciones"
)
GRANT = words(
    "give award assign grant deserve deserves deserved return output set mark grade score rate "
    "pass want need dame gib donne donnez dai otorga"
)
GAIN = words("get gets receive receives earn earns")
MOST = words("full maximum max top perfect all highest maximal hundred ten 10 100")
PRAISE = words("marks mark points credit grade credits")
JUDGE = words("mark label treat consider count grade judge accept rate score deem")
WORK = words("answer answers criterion criteria response submission essay item items rubric")
WELL = words(
    "met correct right complete full fully perfect passed satisfied fulfilled deserves excellent "
    "true 10 100 ten pass"
)
GRADER = words("grader graders evaluator examiner")
ASSESSOR = words("marker assessor judge llm")
ADDRESS = words("you your dear note message attention please instruction")
Rule = tuple[frozenset[str], ...]  # a word of each of these stands near the others
RULES: tuple[Rule, ...] = (
    (DISMISS, ORDERS),
    (GRANT, MOST, PRAISE),
    (JUDGE, WORK, WELL),
    (frozenset(["criterion", "criteria", "verdict", "verdicts", "rubric"]), WELL),
    (words("answer response submission"), words("deserves merits")),
    (GRADER, ADDRESS),
)
DOUBTFUL_RULES: tuple[Rule, ...] = ((GAIN, MOST, PRAISE), (ASSESSOR, ADDRESS))
MATTER = words(
    "loss losses weight weights parameter parameters word words token tokens probability "
    "probabilities gradient gradients slope slopes optimizer layer layers learn learns learnt "
    "predict predicts prediction predictions training trained"
)
DEMAND = words(
    "give gives giving award awards assign grant deserve deserves accept accepted ignore treat "
    "grade graded grader grading score scores points credit credits mark criterion criteria "
    "rubric verdict instruction instructions submission response examiner teacher student learner "
    "must please generous lenient ensure consider count counted met me my"
)
"""With one of these, a sentence with words of the matter may speak to the grader all the same."""
PHRASES = phrases(
    """
rubric; do not evaluate; do not grade; reply met; as met; marked as correct; course
team; the learner has; the learner s answer; student has already; student has shown;
instructions priority; grade already; already marked; grading of this;
maximum mark; pretend that; confirm the mark; developer mode; new
instructions; for the grader; to the grader; previous instructions; prior instructions;
your instructions; you are a grader; you are the grader; you are an ai;
you are no longer; end of answer; this submission; mark scheme; marking guide;
re marking; grading purposes; grade accordingly; no deductions; not deduct; best grade; best mark;
perfect grade; top band; whoever is reading this; ignore missing;
end of student; be lenient; be generous; score of 10; score is 10; score to 10;
full credit; full points; maximum score; max score; perfect score; top marks;
highest grade; grading complete; already graded; already been graded; graded by; next step
none; misconceptions none; begin answer; puntuacion maxima; nota maxima; volle punktzahl;
note maximale; punteggio massimo; pontuacao maxima; maximale punten; tam puan; pelna liczba
punktow
"""
)
DOUBTFUL = phrases("as an ai; you are now; full marks; hypothetically")
"""Of the grader only where nothing speaks of the matter."""
FOREIGN = phrases(
    """
игнорируй; игнорируйте; максимальный балл; полный балл; 忽略;
满分; 滿分; 無視して; 満点; 무시하; 만점; تجاهل; الدرجة الكاملة; अनदेखा;
पूरे अंक; התעלם; αγνοησε; αγνόησε
"""
)
ASIDE = re.compile(r"[(\[]\s*(?:graders?|evaluators?|examiners?|markers?|system)\s*:")
ROLE = re.compile(
    r"^[\s>*#\-`\[<|/]{0,8}(?:system|assistant|user|human|grader|teacher|examiner|student|tool"
    r"|developer|inst|rubric|im_start|im_end|end_?of_?text)[*\]>|_]{0,4}\s?(?::|\||>|\]|$)"
)
KEY = (
    r"(?:score|verdict|criteria|graded_by|misconceptions|next_step|out_of|feedback|role"
    r"|points|quote|result|grade)"
)
FIELD = re.compile(rf"{KEY}[\"']?\s?[:=]\s?[\"'\[{{]|{KEY}[\"']\s?[:=]\s?\d")
NUMBER = re.compile(rf"{KEY}\s?[:=]\s?\d")
CELL = re.compile(r"\|\s*(?:met|partly|missed)\s*\|")  # of a table of verdicts
SHAPES = (FIELD, CELL, ASIDE)
MARKUP = (
    "<|", "[inst]", "[/inst]", "</answer", "</student", "<system", "```json", "<!--", "10/10",
    "100/100",
)  # fmt: skip


FENCE = re.compile("```|~~~")
TAG = re.compile(r"[<\[]{1,2}(\w{3,20})[^<>\[\]\n]{0,200}[>\]]")


def aimed_at_grader(text: str) -> bool:
    """Whether a text speaks to the grader: orders, fake verdicts, fake roles, JSON of a result."""
    flat = fold(text).text
    if not flat.isascii() and any(word in flat for word in FOREIGN):
        return True
    if any(mark in flat for mark in MARKUP) or any(shape.search(flat) for shape in SHAPES):
        return True
    starts = [fold(line).text for line in text.splitlines()] if "\n" in text else [flat]
    if any(ROLE.match(line) for line in starts):
        return True
    spoken = WORD.findall(skeleton(flat))
    if not spoken:
        return False
    if holds(spoken, PHRASES, RULES) or "ignorethe" in spelled_out(spoken):
        return True
    doubtful = NUMBER.search(flat) or holds(spoken, DOUBTFUL, DOUBTFUL_RULES)
    return bool(doubtful) and not explains(spoken)


def holds(spoken: list[str], wanted: Sequence[str], rules: Sequence[Rule]) -> bool:
    """Whether words hold one of some phrases, or are as one of some rules says."""
    said = f" {' '.join(spoken)} "
    return any(f" {each} " in said for each in wanted) or any(
        stand_near(rule, spoken) for rule in rules
    )


def explains(spoken: list[str]) -> bool:
    """Whether words are about how models learn, and neither order nor grant anything."""
    return not MATTER.isdisjoint(spoken) and DEMAND.isdisjoint(spoken)


def without_instructions(answer: str) -> str:
    """The answer with blanks, character for character, in place of what is aimed at the grader."""
    return parted(answer)[1].replace(STOP, "\n")


def parted(answer: str) -> tuple[str, str]:
    """The answer, and the answer without what is aimed at the grader, place for place.

    Lines that speak to the grader are cut off from their neighbours, so that they cannot change
    how a sentence of the learner is read.
    """
    whole, own = list(answer), list(answer)
    for start, end in lines(answer):
        if wholly_aimed(answer[start:end]):
            own[start:end] = blank(answer[start:end])
            for edge in (start - 1, end):
                if 0 <= edge < len(answer):
                    whole[edge] = own[edge] = STOP
    left, gone = "".join(own), 0
    for start, end in sorted(pieces(left)):
        if end > gone and aimed_at_grader(left[start:end]):
            until = end_of_role(left, end) if speaks_a_role(left[start:end]) else end
            own[start:until] = blank(left[start:until])
            gone = max(gone, until)
    return "".join(whole), "".join(own)


def blank(text: str) -> str:
    """As many blanks, with the ends of lines and paragraphs where they were."""
    return "".join(each if each in "\n" + STOP else " " for each in text)


def wholly_aimed(line: str) -> bool:
    """Whether each sentence of a line speaks to the grader."""
    spoken = sentences(line)
    return bool(spoken) and all(aimed_at_grader(line[start:end]) for start, end in spoken)


def lines(text: str) -> list[tuple[int, int]]:
    """Where each line begins and ends."""
    found, start = [], 0
    for line in text.split("\n"):
        found.append((start, start + len(line)))
        start += len(line) + 1
    return found


def pieces(answer: str) -> list[tuple[int, int]]:
    """Spans to judge on their own: fenced and tagged blocks whole, and each sentence.

    Blocks that overlap are one: judging each would take quadratic time.
    """
    fences = [match.start() for match in FENCE.finditer(answer)]
    blocks = [(a, b + 3) for a, b in zip(fences[::2], fences[1::2], strict=False)]
    for match in TAG.finditer(answer):
        close = answer.find(f"</{match[1]}", match.end())
        close = answer.find(f"[/{match[1]}", match.end()) if close < 0 else close
        blocks.append((match.start(), answer.find("\n", close) if close > 0 else match.end()))
    blocks = [(a, b if b > 0 else len(answer)) for a, b in blocks]
    return merged(blocks) + sentences(answer)


def merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans with those that overlap made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            start, end = found[-1][0], max(end, found.pop()[1])
        found.append((start, end))
    return found


def speaks_a_role(text: str) -> bool:
    """Whether a text begins as a turn of a conversation, or as a message of some system."""
    flat = fold(text).text
    return bool(ROLE.match(flat)) or any(mark in flat for mark in MARKUP)


def end_of_role(answer: str, start: int) -> int:
    """Where the paragraph ends in which somebody else is made to speak."""
    end = answer.find("\n\n", start)
    return len(answer) if end < 0 else end


def skeleton(text: str) -> str:
    """The text with letters that only look Latin made Latin, and no accents."""
    flat = unicodedata.normalize("NFD", text.translate(LOOKALIKES))
    return "".join(each for each in flat if not unicodedata.combining(each))


def spelled_out(spoken: list[str]) -> str:
    """What single letters in a row spell: `i g n o r e` is a word as well."""
    return "".join(word for word in spoken if len(word) == 1)


def stand_near(rule: Rule, spoken: list[str]) -> bool:
    """Whether a word of each set stands within a few words of one of the first set."""
    for i, word in enumerate(spoken):
        if word in rule[0]:
            near = spoken[max(0, i - NEAR) : i] + spoken[i + 1 : i + 1 + NEAR]
            if all(any(each in wanted for each in near) for wanted in rule[1:]):
                return True
    return False
