"""Slips of the pen: an unknown word that is one or two letters off a known one counts as that.

Known words are found through what is left when one letter is taken out, so that a look-up costs
as many steps as the word has letters (the idea of SymSpell).
"""

from __future__ import annotations

from collections.abc import Iterable

from .stems import stem
from .text import words

SHORTEST = 5  # letters; shorter words have too many neighbours
LONG = 8  # from here on two slips are forgiven
LONGEST = 24
ORDINARY = words(
    "alive among assets bases became become before behind better black blend blind books "
    "boots bottle bought brain bread break bridge bright broken brother brown build "
    "building built butter cakes cards cases castle centre chair chance cheese chuck circle "
    "clone close closer coarse codes coding coffee comes common compute computed computer "
    "cooking cooks corner correcting counted counter country couple course cousin crown "
    "danger dates decide dinner doctor doubler draft drawer dream dress drink drive driven "
    "driver drove drown during earth eating effort eight either empty enemy enjoy enough "
    "enter entry events every exact examine examiner exist expects extra faces factor "
    "factory fails falls family father feeling fence fever field fifth fight figure fills "
    "finger fires flame flash fleet floor flour flower follow force forest forget forty "
    "fourth frame friend fruit garage garden gates gentler glass globe grace grand grape "
    "grass green greet ground group grown guard guest guitar habit hands happy hardly hates "
    "heads heard hears heart heavy hello hobby honey horse hotel house human hundred ideal "
    "image inner insist jacket juice kettle kinds kitchen knife known label lakes larder "
    "later leads leaned learner leather lemon lesson letter light liked likes limit lines "
    "listen little lives living logic looked looks loses loved lovely lover lucky lunch "
    "magic major maker makers makes making manner marked market marks match matter maybe "
    "mayor meaning meanings metal middle might minor minute mirror moment money month moral "
    "morning mother motor mount mouse mouth movie music named names nearly needle needn "
    "never newer nobody noise nose noted notes notice number nurse ocean offer office often "
    "onion opera optimize orange order organ other ought outer paint panel paper parent "
    "party pasta patch pause peace penny people person phase phone photo phrasings piano "
    "picture piece pilot pizza place plain plane planet plant plate player pocket pound "
    "power predicting prefer press pretty price pride print prison prize propagating prose "
    "proud queen question queue quite radio range rapid rates rather reach reader reads "
    "ready really reason recipe recorded refer relax remember reply retain return rider "
    "river roast robot roses round royal salad sampler sauce scale scene school scoot scope "
    "scored season second serve server settings seven shade shake shape share sharp sheep "
    "sheet shelf shell shine shirt shock shoes shops shore short shout shower shown sight "
    "silver simple simply singer single sings sister sixth skill skirt sleep slice slide "
    "slider smart smell smile smoke smooth smoothed snake solar solid sorry sound south "
    "space spare spark speak spend spice split spoon sport spring stack staff stair stamp "
    "stand state steady steal steam steel steep stick still stock stone store storm story "
    "stove street string strip strong student stuff style sugar suite summer sunny super "
    "supper sweet table taken takes taste teach teacher teaches teeth tempo tenth thank "
    "theatre their theme theory there these thick thief things think thirty those though "
    "thread three throughput ticket tiger tired tires title toast today tooth torch tough "
    "tower trace trail trained trainee trainer travel treat trend trial tribe trick truck "
    "truth twelve twenty uncle under union unless until upper urban usual valley valves "
    "video visit vital voice waiter waits walked walking wanted wants waste watch water "
    "wheel where which while white whole whose winter woman women wonder woods wording "
    "words worked worker working world worry worth would wrist writer yellow young yours "
    "youth"
)
"""Words of every day that stand close to words of the field, and mean what they say."""


class Spelling:
    """Corrects words to the nearest of a vocabulary."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = frozenset(known)
        self.stems = frozenset(map(stem, self.known))
        self.found: dict[str, list[str]] = {}
        for word in sorted(self.known):
            if SHORTEST <= len(word) <= LONGEST:
                for left in shortened(word):
                    self.found.setdefault(left, []).append(word)

    def corrected(self, word: str) -> str:
        """The known word that was meant, or the word as it is."""
        if stem(word) in self.stems or word in ORDINARY or not SHORTEST <= len(word) <= LONGEST:
            return word
        close = {each for left in shortened(word) for each in self.found.get(left, ())}
        near = [(slips(word, each), each) for each in close if each[0] == word[0]]
        allowed = 2 if len(word) >= LONG else 1
        best = min(near, default=(LONGEST, word))
        return best[1] if best[0] <= allowed else word


def shortened(word: str) -> set[str]:
    """The word itself, and the word with each of its letters taken out."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def slips(one: str, other: str) -> int:
    """How many letters were added, left out, changed or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                row[-1] = min(row[-1], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
