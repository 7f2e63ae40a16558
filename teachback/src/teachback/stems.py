"""Words brought to a common form: a light stemmer, and the irregular verbs explanations use."""

from __future__ import annotations

from functools import lru_cache

FORMS = """
gpu gpus; lens lenses; bias biases;
go goes went gone going gon; get gets got gotten getting gettin; give gave given gives giving
givin; take took taken takes taking; find found finds finding; fall fell fallen falls falling
fallin; rise rose risen rises rising; grow grew grown grows growing; know knew known knows
knowing; learn learnt learned learns learning lernt lern; tell told tells; say said says; see
saw seen sees; keep kept keeps keeping; put puts putting; bring brought brings; come came comes
coming comin; make made makes making; throw threw thrown throws; think thought thinks; choose
chose chosen; write wrote written writes writing; begin began begun begins; lead led leads; mean
meant means; feel felt feels; hold held holds; run ran runs running; stand stood stands; fly
flew flown flies; hear heard hears; teach taught teaches; draw drew drawn; lose lost loses
losing; break broke broken; sum sums summed summing; add adds added adding; try tries tried
trying; step steps stepped stepping; bad worse worst; good better best; pay paid pays; cost
costs; spend spent; send sent sends; drop drops dropped dropping; set sets setting; text texts
txt; leave left leaves; shrink shrank; repeat repeated repeats repeating; show shown shows
showed; speak spoke spoken; wrong wrongly; be is are was were been being am; have has had
having; do does did done doing
"""
IRREGULAR = {
    word: forms.split()[0]
    for forms in FORMS.replace("\n", " ").split(";")
    for word in forms.split()
}
SUFFIXES = (
    ("isation", "iz"), ("ization", "iz"), ("ising", "iz"), ("izing", "iz"), ("ised", "iz"),
    ("ized", "iz"), ("ises", "iz"), ("izes", "iz"), ("ise", "iz"), ("ize", "iz"), ("ies", "y"),
    ("ied", "y"), ("sses", "ss"), ("ing", ""), ("edly", ""), ("ed", ""), ("ly", ""), ("es", ""),
    ("s", ""), ("e", ""),
)  # fmt: skip
SHORTEST = 3  # letters that must be left


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """The form a word shares with its inflections: `multiplied`, `multiplies` → `multiply`."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("in") and len(word) > 5 and word[-3] not in "aeiou":
        word += "g"  # nudgin, workin
    for suffix, instead in SUFFIXES:
        left = len(word) - len(suffix)
        if word.endswith(suffix) and left >= SHORTEST and not word.endswith(("ss", "us", "is")):
            return finish(word[:left] + instead)
    return word


def finish(word: str) -> str:
    """Undo a doubled letter and drop a mute e, so that `stopped`, `stops` and `stop` agree."""
    if len(word) > SHORTEST and word[-1] == word[-2] and word[-1] not in "lsez":
        return word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > SHORTEST else word
