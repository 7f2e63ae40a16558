"""Tokenizers: ids and back, what training learns, files, and what they refuse."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusing import raised

from pyengine import EngineError, EngineTypeError, EngineValueError
from pyengine.bpe import (
    BYTE_CHARACTERS,
    Merge,
    merge_stages,
    merge_word,
    spell,
    split_words,
    unspell,
)
from pyengine.tokenizer import (
    BPETokenizer,
    ByteTokenizer,
    CharTokenizer,
    Tokenizer,
    load_tokenizer,
)

# What Hugging Face's BpeTrainer learns from this text with a vocabulary of 300 and "<|end|>", and
# the ids it then gives. tests/parity asks the library itself whether that is still so.
TEXT = (
    "It's the low, lower and lowest of 1,234 lows; we'll see what they'd say…\r\n"
    "  Zoë saw ½ of Ⅷ naïve cafés, 你好你好, and a 👩‍👩‍👧 with e\u0301.\n\n"
    "\tไทยไทย हिन्दी\xa0हिन्दी\x1c\x1cx\x85y"
)
# fmt: off
MERGES_OF_TEXT = [
    "à ¤", "l o", "à ¥", "à ¸", "Ġ lo", "Ġlo w", "t h", "â Ģ", "ð Ł", "Ġ a", "Ġ s", "Ġ w", "ðŁ ĳ",
    "n d", "o f", "¥ ½", "© âĢ", "¹ Ħ", "½ ł", "à ¹Ħ", "ä ½ł", "å ¥½", "Ġ th", "Ġ of", "į ðŁĳ",
    "Ĺ à¸", "à¤ ¦", "à¤ ¨", "à¤ ¹", "à¤ ¿", "à¥ Ģ", "à¥ į", "à¸ Ĺà¸", "Ġlow e", "Ġa nd", "Ġs a",
    "©âĢ įðŁĳ", "à¹Ħ à¸Ĺà¸", "ä½ł å¥½", "Ġth e", "à¹Ħà¸Ĺà¸ ¢", "' d", "' l",
]
TEXT_IDS = [
    41, 84, 7, 83, 296, 262, 12, 290, 82, 291, 290, 83, 84, 280, 221, 17, 12, 18, 19, 20, 262, 83,
    27, 268, 69, 299, 76, 267, 69, 69, 268, 72, 65, 84, 296, 89, 298, 292, 89, 264, 100, 202, 199,
    221, 221, 58, 79, 128, 105, 292, 87, 221, 127, 122, 280, 221, 159, 228, 101, 221, 78, 65, 128,
    108, 86, 69, 221, 67, 65, 70, 128, 103, 83, 12, 221, 295, 295, 12, 291, 266, 221, 269, 293, 293,
    101, 268, 73, 263, 221, 69, 137, 224, 14, 199, 199, 198, 297, 297, 221, 285, 286, 284, 288, 283,
    287, 127, 255, 285, 286, 284, 288, 283, 287, 217, 217, 88, 127, 228, 89,
]
# fmt: on
LOWS = "low lower lowest"

any_text = st.text()  # has no halves of surrogate pairs
few_letters = st.text("ab c'é1", max_size=60)


def trained(text: str = LOWS, vocab_size: int = 260, special: Any = ()) -> BPETokenizer:
    return BPETokenizer.train(text, vocab_size, special)


WITH_SPECIAL = trained(special=["<s>"])
ALL: list[Tokenizer] = [CharTokenizer("abé\n"), ByteTokenizer(), WITH_SPECIAL]
each_kind = pytest.mark.parametrize("tokenizer", ALL, ids=lambda each: type(each).__name__)


# All kinds


@each_kind
def test_an_empty_text_has_no_ids_and_back(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("") == []
    assert tokenizer.decode([]) == ""


@each_kind
def test_a_character_alone_comes_back(tokenizer: Tokenizer) -> None:
    assert [tokenizer.decode(tokenizer.encode(text)) for text in "aé\n"] == ["a", "é", "\n"]


@given(text=any_text)
@settings(deadline=None)
def test_any_text_comes_back(text: str) -> None:
    for tokenizer in ByteTokenizer(), WITH_SPECIAL, CharTokenizer.from_text(f"{text}a"):
        assert tokenizer.decode(tokenizer.encode(text)) == text


@each_kind
def test_numpys_integers_are_ids_too(tokenizer: Tokenizer) -> None:
    ids = np.array(tokenizer.encode("abba"), dtype=np.uint16)
    assert tokenizer.decode(ids) == "abba"


@each_kind
def test_an_id_outside_the_vocabulary_is_named_with_its_place(tokenizer: Tokenizer) -> None:
    where, size = f"{type(tokenizer).__name__}.decode", tokenizer.vocab_size
    for wrong in (size, -1):
        assert raised(EngineValueError, lambda i=wrong: tokenizer.decode([0, 1, i])) == (
            f"{where}: expected ids from 0 to vocab_size − 1 = {size - 1}; got {wrong} at "
            "position 2. Do the ids come from another tokenizer?"
        )


@each_kind
@pytest.mark.parametrize(
    ("ids", "got"),
    [
        (7, "7 (int)"),
        ("ab", "'ab' (str)"),
        ([1.0], "[1.0] (list)"),
        ([[1, 2]], "[[1, 2]] (list)"),
        (np.ones((1, 2), int), "array([[1, 1]]) (ndarray)"),
    ],
    ids=str,
)
def test_what_is_no_list_of_ids_is_not_decoded(tokenizer: Tokenizer, ids: Any, got: str) -> None:
    assert raised(EngineTypeError, lambda: tokenizer.decode(ids)) == (
        f"{type(tokenizer).__name__}.decode: expected a list of whole numbers; got {got}. "
        "Write [i] for a single id; decode a batch row by row."
    )


@each_kind
def test_bytes_are_no_text(tokenizer: Tokenizer) -> None:
    not_text: Any = b"ab"
    assert raised(EngineTypeError, lambda: tokenizer.encode(not_text)) == (
        f"{type(tokenizer).__name__}.encode: expected a text (str); got bytes. "
        "Decode bytes first: data.decode('utf-8')."
    )


@each_kind
def test_half_of_a_surrogate_pair_is_no_text(tokenizer: Tokenizer) -> None:
    assert raised(EngineValueError, lambda: tokenizer.encode("ab\ud83d")) == (
        f"{type(tokenizer).__name__}.encode: expected text that UTF-8 can encode; got half of a "
        "surrogate pair, U+D83D, at position 2. Was the text read in the right encoding?"
    )


# Characters


def test_characters_are_numbered_by_code_point() -> None:
    tokenizer = CharTokenizer.from_text("hello, É!\n")
    assert tokenizer.characters == "\n !,ehloÉ"
    assert tokenizer.vocab_size == 9
    assert tokenizer.encode("ole\n") == [7, 6, 4, 0]
    assert tokenizer.decode([5, 4, 6, 6, 7]) == "hello"


def test_an_unknown_character_is_named_with_its_place_and_a_way_out() -> None:
    assert raised(EngineValueError, lambda: CharTokenizer("abc").encode("cabé!")) == (
        "CharTokenizer.encode: expected the 3 characters of the vocabulary; got 'é' (U+00E9) at "
        "position 3. Replace it, make the vocabulary from a text that has it, or take "
        "ByteTokenizer."
    )


def test_a_vocabulary_of_characters_has_each_once_and_is_not_empty() -> None:
    assert raised(EngineValueError, lambda: CharTokenizer("abcb")) == (
        "CharTokenizer: expected each character once; got 'b' twice. "
        "CharTokenizer.from_text sorts them out."
    )
    assert raised(EngineValueError, lambda: CharTokenizer.from_text("")) == (
        "CharTokenizer: expected at least one character; got an empty text."
    )


def test_a_vocabulary_of_characters_is_made_from_text_alone() -> None:
    not_text: Any = ["a", "b"]
    assert raised(EngineTypeError, lambda: CharTokenizer.from_text(not_text)) == (
        "CharTokenizer.from_text: expected a text (str); got list. "
        "Decode bytes first: data.decode('utf-8')."
    )


# Bytes


def test_a_byte_is_its_own_id() -> None:
    assert ByteTokenizer().encode("Aé€") == [65, 195, 169, 226, 130, 172]


def test_bytes_that_are_not_utf_8_decode_to_replacement_characters() -> None:
    assert ByteTokenizer().decode([195, 65, 255, 226, 130]) == "�A��"
    ids = [trained().encode("é")[0], *trained().encode("low")]
    assert trained().decode(ids) == "�low"


# Words


@pytest.mark.parametrize(
    "words",
    [
        ["it", "'s", " they", "'d", " we", "'ll"],
        ["IT", "'", "S", " o", "'", "clock"],  # GPT-2's endings are small letters
        ["x", "'", "ſ", "'", "és"],  # and no others that look or sort like them
        ["abc", "123½Ⅷ٣", " ...", " 3²", "rd"],  # Unicode's numbers are more than digits
        ["  ", " two", "\n", "\n", "x", " \n "],
        ["naïve", " 你好éße", "\u0301", "e"],  # a combining mark is no letter
        ["a", "\xa0", "b", "\u3000", "c", "\x85", "d", "\u2028", "e"],
        ["a", "\x1c\x1d\x1e\x1f", "b", " \x1c"],  # white space to Python, not to Unicode
        ["a", "👩\u200d👩", " 👧!", " _", "b"],
    ],
    ids=str,
)
def test_where_words_begin_and_end(words: list[str]) -> None:
    assert split_words("".join(words)) == words


@given(text=any_text)
@settings(deadline=None)
def test_words_joined_are_the_text(text: str) -> None:
    assert "".join(split_words(text)) == text
    assert "" not in split_words(text)


def test_every_byte_has_a_printable_character_of_its_own() -> None:
    assert len(set(BYTE_CHARACTERS)) == 256
    assert BYTE_CHARACTERS.isprintable()
    assert not any(character.isspace() for character in BYTE_CHARACTERS)
    assert unspell(spell(bytes(range(256)))) == bytes(range(256))
    assert spell(b" \n\t\x00\x7f\xad~a\xff") == "ĠĊĉĀġŃ~aÿ"


# Training


def naive_merges(text: str, merges: int) -> list[tuple[bytes, bytes]]:
    """Learn merges as the definition says it: count everything anew before each."""
    order = [unspell(character) for character in sorted(BYTE_CHARACTERS)]
    words = [[bytes([byte]) for byte in word.encode()] for word in split_words(text)]
    learnt = []
    while len(learnt) < merges:
        counts = Counter(pair for word in words for pair in pairwise(word))
        if not counts:
            break
        rank = {token: i for i, token in enumerate(order)}
        left, right = min(counts, key=lambda p: (-counts[p], rank[p[0]], rank[p[1]]))
        learnt.append((left, right))
        order.append(left + right)
        words = [merged_by_hand(word, left, right) for word in words]
    return learnt


def merged_by_hand(word: list[bytes], left: bytes, right: bytes) -> list[bytes]:
    done: list[bytes] = []
    for token in word:
        if done and done[-1] == left and token == right:
            done[-1] = left + right
        else:
            done.append(token)
    return done


@given(text=few_letters, merges=st.integers(0, 40))
@settings(deadline=None)
def test_training_learns_what_counting_everything_anew_would(text: str, merges: int) -> None:
    tokenizer = trained(text, 256 + merges)
    assert tokenizer.merges == naive_merges(text, merges)


@given(text=few_letters)
@settings(deadline=None)
def test_encoding_applies_the_merges_in_the_order_they_were_learnt(text: str) -> None:
    tokenizer = trained(text, 280)
    for word in split_words(text + " abacab"):
        tokens = [bytes([byte]) for byte in word.encode()]
        for left, right in tokenizer.merges:
            tokens = merged_by_hand(tokens, left, right)
        assert [tokenizer.tokens[i] for i in tokenizer.encode(word)] == tokens


@given(text=few_letters)
@settings(deadline=None)
def test_no_token_is_made_in_two_ways(text: str) -> None:
    made = [left + right for left, right in trained(text, 1000).merges]
    assert len(made) == len(set(made))


def test_training_learns_what_hugging_face_learns() -> None:
    tokenizer = trained(TEXT, 300, ["<|end|>"])
    assert [f"{spell(left)} {spell(right)}" for left, right in tokenizer.merges] == MERGES_OF_TEXT
    assert tokenizer.encode(TEXT) == TEXT_IDS
    assert tokenizer.encode(f"<|end|>{TEXT}<|end|>") == [0, *TEXT_IDS, 0]
    assert tokenizer.decode(TEXT_IDS) == TEXT


def test_equally_frequent_pairs_come_in_the_order_of_ids() -> None:
    # A space is written Ġ, U+0120, and so has a higher id than the letters.
    assert trained("dc ba", 259).merges == [(b"b", b"a"), (b"d", b"c"), (b" ", b"ba")]


def test_training_that_runs_out_of_pairs_says_how_many_merges_there_were() -> None:
    tokenizer = trained("abab ab", 1000)
    assert tokenizer.merges == [(b"a", b"b"), (b" ", b"ab"), (b"ab", b"ab")]
    assert (tokenizer.vocab_size, tokenizer.possible_merges) == (259, 3)


def test_training_that_finds_enough_pairs_leaves_open_how_many_there_are() -> None:
    assert trained("abab ab", 258).possible_merges is None
    assert trained("abab ab", 259).possible_merges is None


@pytest.mark.parametrize("text", ["", "a", " ", "a1b1c"])
def test_a_text_without_pairs_leaves_the_256_bytes(text: str) -> None:
    tokenizer = trained(text, 300)
    assert (tokenizer.vocab_size, tokenizer.merges, tokenizer.possible_merges) == (256, [], 0)
    assert tokenizer.decode(tokenizer.encode("as ever")) == "as ever"


def test_ids_go_to_special_tokens_then_bytes_then_merges() -> None:
    tokenizer = trained(LOWS, 260, ["<s>", "</s>"])
    assert tokenizer.tokens[:4] == [b"<s>", b"</s>", b"!", b'"']
    assert tokenizer.tokens[257:] == [b"\xad", b"lo", b"low"]
    assert sorted(tokenizer.tokens[2:258]) == [bytes([byte]) for byte in range(256)]


@pytest.mark.parametrize("vocab_size", [257, -1, 300.0, "300"])
def test_a_vocabulary_holds_at_least_the_bytes_and_special_tokens(vocab_size: Any) -> None:
    assert raised(EngineValueError, lambda: trained("ab", vocab_size, ["<s>", "</s>"])) == (
        "BPETokenizer.train: expected vocab_size to be an integer of at least 258; "
        f"got {vocab_size!r}. There are 256 bytes and 2 special tokens."
    )
    assert trained("ab", 258, ["<s>", "</s>"]).vocab_size == 258


def test_training_takes_one_text() -> None:
    not_text: Any = ["low", "lower"]
    assert raised(EngineTypeError, lambda: trained(not_text)) == (
        "BPETokenizer.train: expected a text (str); got list. "
        "Decode bytes first: data.decode('utf-8')."
    )


# Special tokens


def test_special_tokens_are_found_before_words_and_the_longest_first() -> None:
    tokenizer = trained("a<s>b", 400, ["<s>", "<s>>", "\n", "文"])
    assert tokenizer.encode("<s>") == [0]
    assert tokenizer.encode("<s>>") == [1]
    assert tokenizer.encode("文\n<s><s>>") == [3, 2, 0, 1]
    assert tokenizer.encode("a <s") == [*tokenizer.encode("a"), *tokenizer.encode(" <s")]
    assert tokenizer.decode(tokenizer.encode("low<s>>\n文low")) == "low<s>>\n文low"


def test_special_tokens_in_the_training_text_are_ordinary_text() -> None:
    assert trained("<s> <s>", 300, ["<s>"]).merges == trained("<s> <s>", 299).merges


def test_a_special_token_that_merges_also_make_keeps_its_id() -> None:
    tokenizer = trained("EOS EOS", 300, ["EOS"])
    assert tokenizer.merges == [(b"E", b"O"), (b"EO", b"S"), (b" ", b"EOS")]
    assert tokenizer.tokens == [b"EOS", *trained("", 256).tokens, b"EO", b" EOS"]


@pytest.mark.parametrize(
    ("special", "got"),
    [(["<s>", "<t>", "<s>"], "'<s>' twice"), ([""], "an empty one")],
)
def test_special_tokens_are_texts_of_their_own(special: list[str], got: str) -> None:
    assert raised(EngineValueError, lambda: trained(special=special)) == (
        f"BPETokenizer.train: expected special tokens that differ and are not empty; got {got}."
    )


@pytest.mark.parametrize("token", ["~", "é", "Ġthe", "<fin_été>"])
def test_special_tokens_that_could_be_spelled_bytes_are_refused(token: str) -> None:
    assert raised(EngineValueError, lambda: trained(special=["<s>", token])) == (
        "BPETokenizer.train: expected special tokens that cannot be taken for bytes; "
        f"got {token!r}. Use several ASCII characters, such as '<|end|>'."
    )


def test_a_special_token_alone_is_no_list_of_them() -> None:
    assert raised(EngineTypeError, lambda: trained(special="<s>")) == (
        "BPETokenizer.train: expected a list of special tokens; got the str '<s>'. "
        "Write special_tokens=['<s>']."
    )
    assert raised(EngineTypeError, lambda: trained(special=[0])) == (
        "BPETokenizer.train: expected a text (str); got int. "
        "Decode bytes first: data.decode('utf-8')."
    )


# Parts given by hand


def parts(*more: str) -> dict[str, int]:
    """A vocabulary: the bytes, then more tokens."""
    return {token: i for i, token in enumerate([*BYTE_CHARACTERS, *more])}


def test_a_tokenizer_made_from_its_parts_encodes_with_them() -> None:
    tokenizer = BPETokenizer(parts("lo", "low", "<s>"), [("l", "o"), ("lo", "w")], ["<s>"])
    assert tokenizer.encode("low<s>l") == [257, 258, 108]
    assert tokenizer.merges == [(b"l", b"o"), (b"lo", b"w")]


def test_the_order_in_which_a_vocabulary_is_listed_does_not_matter() -> None:
    vocab = parts("lo")
    backwards = dict(reversed(vocab.items()))
    assert BPETokenizer(backwards, [("l", "o")]).decode([256, 33]) == "lo!"
    assert BPETokenizer(backwards, [("l", "o")]).tokens == BPETokenizer(vocab, []).tokens


def test_merges_given_as_texts_are_merges_too() -> None:
    as_texts: Any = ["l o", "lo w"]
    assert BPETokenizer(parts("lo", "low"), as_texts).encode("low") == [257]


UNSOUND: list[tuple[Any, Any, Any, str]] = [
    ({"b": 1, "a": 0}, [], [], "all 256 bytes in the vocabulary; got none spelled 'Ā'"),
    ({**parts(), "lo": 300}, [], [], "the ids 0 to 256 for 257 tokens; got other ids"),
    ({**parts(), "lo": 256.0}, [], [], "the ids 0 to 256 for 257 tokens; got other ids"),
    (parts(), [], ["<s>"], 'each special token in the vocabulary; got no "<s>"'),
    (parts("<日>"), [], [], 'tokens spelled in the characters for bytes; got "<日>"'),
    (
        parts("lo"),
        [("l", "x")],
        [],
        'each merge to make one new token of the vocabulary; got ["l", "x"]',
    ),
    (
        parts("lo", "low"),
        [("lo", "w")],
        [],
        'each merge to join two tokens that are there; got ["lo", "w"]',
    ),
    (parts("lo"), ["lo"], [], 'each merge to join two tokens that are there; got "lo"'),
    (parts("lo"), [(b"l", b"o")], [], "each merge to join two tokens that are there; got "),
]


@pytest.mark.parametrize(("vocab", "merges", "special", "refused"), UNSOUND)
def test_parts_that_do_not_fit_together_are_refused(
    vocab: Any, merges: Any, special: Any, refused: str
) -> None:
    message = raised(EngineValueError, lambda: BPETokenizer(vocab, merges, special))
    assert message.startswith(f"BPETokenizer: expected {refused}")
    assert message.endswith(". BPETokenizer.train and load_tokenizer make what is sound.")


def test_a_vocabulary_is_a_dict() -> None:
    tokens: Any = list(parts())
    assert raised(EngineTypeError, lambda: BPETokenizer(tokens, [])) == (
        "BPETokenizer: expected a dict with the id of each token; got list. "
        "BPETokenizer.train and load_tokenizer make what is sound."
    )


# Encoding


def test_the_steps_of_a_word_lead_from_bytes_to_its_tokens() -> None:
    tokenizer = trained(LOWS, 259)
    assert tokenizer.steps(" lows") == [
        [b" ", b"l", b"o", b"w", b"s"],
        [b" ", b"lo", b"w", b"s"],
        [b" ", b"low", b"s"],
        [b" low", b"s"],
    ]
    assert tokenizer.steps("é") == [[b"\xc3", b"\xa9"]]


@pytest.mark.parametrize(("text", "words"), [("", 0), ("low lower", 2)])
def test_steps_are_those_of_one_word(text: str, words: int) -> None:
    assert raised(EngineValueError, lambda: trained().steps(text)) == (
        f"BPETokenizer.steps: expected one word; got {words} words. "
        "Words are encoded one by one; bpe.split_words(text) lists them."
    )


# A text pasted without spaces is one word


def letters(n: int) -> str:
    return "".join(np.random.default_rng(0).choice(list("abcdefghijklmnop"), n))


class Consulted(Mapping[Merge, int]):
    """Ranks of merges, and how often somebody looked into them."""

    def __init__(self, merges: list[tuple[bytes, bytes]]) -> None:
        self.ranks = {(spell(left), spell(right)): i for i, (left, right) in enumerate(merges)}
        self.times = 0

    def __getitem__(self, pair: Merge) -> int:
        self.times += 1
        return self.ranks[pair]

    def __iter__(self) -> Iterator[Merge]:
        return iter(self.ranks)

    def __len__(self) -> int:
        return len(self.ranks)


@given(text=st.text("abc", max_size=80))
@settings(deadline=None)
def test_the_last_stage_can_be_had_without_the_others(text: str) -> None:
    ranks = Consulted(trained(text + "abacabacab", 300).merges)
    for word in ("abac" + text, text[::-1], "a" * len(text)):
        assert merge_word(word, ranks) == list(merge_stages(word, ranks))[-1]


def test_encoding_does_not_go_through_a_long_word_anew_for_each_merge() -> None:
    word = letters(3000)
    ranks = Consulted(trained(word, 700).merges)
    tokens = merge_word(word, ranks)
    assert ranks.times < 2 * len(word)
    assert tokens == list(merge_stages(word, ranks))[-1]
    assert ranks.times > 100 * len(word)  # what going through it anew takes


def test_training_on_a_long_word_learns_what_counting_everything_anew_would() -> None:
    word = letters(3000)
    assert trained(word, 300).merges == naive_merges(word, 44)


def test_a_long_word_can_be_learnt_and_encoded() -> None:  # within a second: it took minutes
    word = letters(50_000)
    tokenizer = trained(word, 2000)
    ids = tokenizer.encode(word)
    assert tokenizer.decode(ids) == word
    pairs = {spell(left + right) for left, right in tokenizer.merges}
    left = {spell(tokenizer.tokens[i] + tokenizer.tokens[j]) for i, j in pairwise(ids)}
    assert not pairs & left  # nothing is left to merge


def test_changing_the_ids_that_came_out_changes_nothing_inside() -> None:
    tokenizer = trained()
    ids = tokenizer.encode("low")
    ids.append(0)
    assert tokenizer.encode("low") == ids[:-1]


# Files


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tokenizer.json"


@each_kind
def test_a_saved_tokenizer_loads_as_it_was(tokenizer: Tokenizer, file: Path) -> None:
    tokenizer.save(file)
    loaded = load_tokenizer(str(file))
    assert type(loaded) is type(tokenizer)
    assert loaded.vocab_size == tokenizer.vocab_size
    assert loaded.encode("ab\né") == tokenizer.encode("ab\né")
    first = file.read_bytes()
    loaded.save(file)
    assert file.read_bytes() == first


def test_bpe_without_a_merge_loads_as_bpe(file: Path) -> None:
    trained("", 256).save(file)
    assert load_tokenizer(file).encode("!") == [0]


def test_gpt2s_files_hold_the_vocabulary_and_the_merges(tmp_path: Path) -> None:
    trained(LOWS, 260, ["<s>"]).save_gpt2_files(tmp_path / "new")
    vocab = json.loads((tmp_path / "new" / "vocab.json").read_text("utf-8"))
    assert (vocab["<s>"], vocab["!"], vocab["Ġlow"], len(vocab)) == (0, 1, 259, 260)
    merges = (tmp_path / "new" / "merges.txt").read_bytes().decode()
    assert merges == "#version: 0.2\nl o\nlo w\nĠ low\n"


def test_merges_are_read_as_pairs_and_as_texts(file: Path) -> None:
    data = contents(trained(), file)
    data["model"]["merges"] = [" ".join(pair) for pair in data["model"]["merges"]]
    del data["model"]["type"], data["pre_tokenizer"]["use_regex"]
    file.write_text(json.dumps(data), "utf-8")
    loaded = load_tokenizer(file)
    assert isinstance(loaded, BPETokenizer)
    assert loaded.merges == trained().merges
    assert loaded.possible_merges is None


def contents(tokenizer: Tokenizer, file: Path) -> Any:
    tokenizer.save(file)
    return json.loads(file.read_text("utf-8"))


def refusal(data: str, file: Path) -> str:
    """Return why a file is not read, without what all refusals begin and end with."""
    file.write_text(data, "utf-8")
    message = raised(EngineValueError, lambda: load_tokenizer(file))
    begin, end = "load_tokenizer: expected ", ". Readable are files that pyengine saved, and "
    assert message.startswith(begin)
    assert message.endswith(f"{end}byte-level BPE as GPT-2's.")
    return message.removeprefix(begin).partition(end)[0]


DAMAGES: list[tuple[str, Any, str]] = [
    ("normalizer", {"type": "NFC"}, 'normalizer to be null; got {"type": "NFC"}'),
    ("truncation", {"max_length": 9}, 'truncation to be null; got {"max_length": 9}'),
    ("padding", {"pad_id": 0}, 'padding to be null; got {"pad_id": 0}'),
    ("model.type", "Unigram", 'model.type to be "BPE"; got "Unigram"'),
    ("model.dropout", 0.1, "model.dropout to be null; got 0.1"),
    ("model.ignore_merges", True, "model.ignore_merges to be false; got true"),
    ("model.end_of_word_suffix", "$", 'model.end_of_word_suffix to be null; got "$"'),
    ("model.continuing_subword_prefix", 1, "model.continuing_subword_prefix to be null; got 1"),
    ("pre_tokenizer", None, 'pre_tokenizer.type to be "ByteLevel"; got null'),
    ("pre_tokenizer.type", "Split", 'pre_tokenizer.type to be "ByteLevel"; got "Split"'),
    ("pre_tokenizer.add_prefix_space", 1, "pre_tokenizer.add_prefix_space to be false; got 1"),
    ("pre_tokenizer.use_regex", False, "pre_tokenizer.use_regex to be true; got false"),
    ("post_processor", {"type": "Bert"}, 'post_processor.type to be null; got "Bert"'),
    ("decoder.type", "Fuse", 'decoder.type to be "ByteLevel"; got "Fuse"'),
    ("added_tokens", None, "added_tokens to be a list; got null"),
    ("added_tokens", [{"id": 0}], 'a content for each added token; got {"id": 0}'),
    (
        "added_tokens",
        [{"id": 0, "content": "<s>", "lstrip": True}],
        'added tokens without options; got lstrip for "<s>"',
    ),
    (
        "added_tokens",
        [{"id": 300, "content": "<t>"}],
        "the ids 0 to 260 for 261 tokens; got other ids",
    ),
    ("model.vocab", ["a"], 'model.vocab to be an object; got ["a"]'),
    ("model.vocab", {"a": "0"}, "the ids 0 to 1 for 2 tokens; got other ids"),
    ("model.vocab", {"a": 1}, "all 256 bytes in the vocabulary; got none spelled 'Ā'"),
    ("model.merges", 3, "model.merges to be a list; got 3"),
    ("model.merges", ["l o w"], 'each merge to join two tokens that are there; got "l o w"'),
    (
        "model.merges",
        [["lo", "w"]],
        'each merge to join two tokens that are there; got ["lo", "w"]',
    ),
    ("model.merges", [["l", 1]], 'each merge to join two tokens that are there; got ["l", 1]'),
    ("model.merges", ["x y"], 'each merge to make one new token of the vocabulary; got "x y"'),
    (
        "model.merges",
        ["l o", "l o"],
        'each merge to make one new token of the vocabulary; got "l o"',
    ),
]


def damaged(data: Any, name: str, value: Any) -> str:
    """Return a file's data as JSON with one field replaced."""
    *path, last = [int(part) if part.isdigit() else part for part in name.split(".")]
    part = data
    for each in path:
        part = part[each]
    part[last] = value
    return json.dumps(data)


@pytest.mark.parametrize(("name", "value", "refused"), DAMAGES)
def test_a_file_that_would_give_other_ids_is_refused(
    name: str, value: Any, refused: str, file: Path
) -> None:
    data = contents(WITH_SPECIAL, file)
    assert refusal(damaged(data, name, value), file) == refused


def test_a_token_that_spells_no_bytes_is_refused(file: Path) -> None:
    data = contents(trained("ab", 257), file)
    data["model"]["vocab"] |= {"文 " * 50: 257}
    shortened = "文 " * 40
    assert refusal(json.dumps(data), file) == (
        f'tokens spelled in the characters for bytes; got "{shortened[:-1]}…'
    )


def test_a_vocabulary_of_whole_words_is_refused(file: Path) -> None:
    words = damaged(contents(CharTokenizer("ab"), file), "model.vocab", {"to": 0, "be": 1})
    assert refusal(words, file) == 'pre_tokenizer.type to be "ByteLevel"; got "Split"'


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        ("{", "a file of JSON in UTF-8; got one with an error: Expecting property name"),
        ("[]", "a JSON object; got list"),
        ("{}", 'pre_tokenizer.type to be "ByteLevel"; got null'),
        (
            "[" * 100_000,
            "a file of JSON in UTF-8; got one with an error: brackets nested more than 100 deep",
        ),
    ],
    ids=["cut off", "a list", "nothing", "nested without end"],
)
def test_what_is_no_tokenizer_file_is_refused(data: str, refused: str, file: Path) -> None:
    assert refusal(data, file).startswith(refused)


def test_a_file_in_another_encoding_is_refused(file: Path) -> None:
    file.write_bytes(b'{"\xff"}')
    assert raised(EngineValueError, lambda: load_tokenizer(file)) == (
        "load_tokenizer: expected a file of JSON in UTF-8; got one with an error: 'utf-8' codec "
        "can't decode byte 0xff in position 2: invalid start byte. Readable are files that "
        "pyengine saved, and byte-level BPE as GPT-2's."
    )


def test_a_missing_file_is_pythons_own_error(file: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_tokenizer(file)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 300) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
)
fields = ["added_tokens", "normalizer", "pre_tokenizer", "decoder", "model"]
fields += ["model.vocab", "model.merges", "added_tokens.0", "added_tokens.0.content"]
fields += ["added_tokens.0.id", "model.merges.0", "model.merges.0.1", "model.vocab.a"]


@given(name=st.sampled_from(fields), value=values)
@settings(deadline=None, max_examples=60)
def test_a_damaged_file_is_refused_or_read_but_never_crashes(
    name: str, value: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "damaged.json"
    file.write_text(damaged(contents(WITH_SPECIAL, file), name, value), "utf-8")
    try:
        tokenizer = load_tokenizer(file)
    except EngineError:
        return
    assert tokenizer.decode(tokenizer.encode("lowa")) == "lowa"
