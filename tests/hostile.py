"""What nobody means to write, and what somebody will: lessons, prose, expressions, demos.

`test_hostile.py` gives all of it to `coursewright check`, which must answer with diagnostics.
"""

from tiny import LESSON

CONTROL = "{slider: [0, 10], step: 1, start: 2, label: A number}"
NUMBERS = (
    *("1" * 5000, "-" + "1" * 5000, ".inf", "-.inf", ".nan", "inf", "NaN", "1e400", "-1e400"),
    *(
        "0x10",
        "017",
        "0o17",
        "0b11",
        "1_000",
        "190:20:30",
        "2001-12-14",
        "٣",
        "³",
        "Ⅷ",
        "1e999999999",
    ),
    *("[3]", "{a: 3}", "~", "true", "'3'", "- 3", ".5", "1.", '"3\\n"', "0x1p3", "+3", "３"),
)
WORDS = (
    *("../../x", "CON", "nul", "a" * 300, "é", "💥", "a\u202eb", "a\u200bb", "-a", "a/b", "a\\b"),
    *(
        "..",
        ".",
        "~",
        "/etc/passwd",
        "a b",
        "<script>",
        "__proto__",
        "'a\\u0000b'",
        '"a\\0b"',
        "''",
    ),
    *(
        '"a\\nb"',
        '"a\\e[31mb"',
        '"a\\ud800b"',
        '"\\U00110000"',
        '"\\q"',
        "\u2028",
        "\x85",
        "\ufeff",
    ),
    *(
        "@home",
        "`code`",
        "%50",
        "&x",
        "*x",
        "!x",
        "|x",
        ">x",
        "?",
        "? x",
        ": x",
        "- x",
        "#",
        "[",
        "}",
    ),
)
# What may stand in place of any value, or come in anywhere.
PIECES = (
    *(
        "",
        " ",
        "\t",
        "\r",
        "\r\n",
        "\n",
        ":",
        ": ",
        " #",
        "- ",
        "? ",
        "|",
        ">",
        "|9",
        "[",
        "]",
        "{",
    ),
    *("}", "'", '"', "''", "&a ", "*a", "!a ", "!!int 3", "<<: ", "---\n", "...\n", "%", "@", "`"),
    *("{= 1 =}", "{=", "=}", "$", "[]", "{}", "[[]]", "{a: b}", "[a, b]", "null", "yes", "no"),
    *("on", "off", "12:30", "2001-12-14t21:59:43.10-05:00", "é", "\u200f", "\ufeff", "\ufffe"),
)
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def with_(old: str, new: str) -> bytes:
    """The good lesson with a piece of it replaced."""
    assert LESSON.count(old) == 1, old
    return LESSON.replace(old, new).encode("utf-8", "surrogatepass")


FILES: dict[str, bytes] = {
    name: text if isinstance(text, bytes) else text.encode()
    for name, text in {
        "nothing": "",
        "a comment": "# later\n",
        "a list": "- a\n",
        "a number": "3\n",
        "a text": "hello\n",
        "null": "~\n",
        "a document's beginning": "---\n",
        "two beginnings": "---\n---\n",
        "half claims": with_("Twice is more.", "{=" * 40_000).decode(),
        "empty claims": with_("Twice is more.", "{==}" * 20_000).decode(),
        "two documents": LESSON + "---\na: b\n",
        "UTF-16": LESSON.encode("utf-16"),
        "UTF-16 without a mark": LESSON.encode("utf-16-le"),
        "UTF-32": LESSON.encode("utf-32"),
        "Latin-1": LESSON.replace("short", "schön").encode("latin-1"),
        "a mark of UTF-8": b"\xef\xbb\xbf" + LESSON.encode(),
        "ends of Windows": LESSON.replace("\n", "\r\n"),
        "ends of old Macs": LESSON.replace("\n", "\r"),
        "ends of three kinds": LESSON.replace("\n", "\r\n", 5).replace("\n", "\n\r", 9),
        "tabs": LESSON.replace("    ", "\t"),
        "half of a pair": LESSON.encode() + b"\xed\xa0\x80",
        "a null": LESSON.replace("short", "sh\0ort"),
        "a line of 10 MB": "title: " + "x" * 10_000_000 + "\n",
        "10 MB of colons": "title: " + "a: " * 3_000_000 + "\n",
        "10 MB of quotation marks": "title: " + "'\"" * 5_000_000 + "\n",
        "10 MB of brackets": "[" * 10_000_000,
        "10 MB of lines": "a: 'b\n" * 1_500_000,
        "quotation marks left open": "a: 'b\n" * 5_000,
        "dashes": "- " * 100_000,
        "questions": "? " * 20_000,
        "braces": "{" * 10_000,
        "deep mappings": "".join(" " * i + "a:\n" for i in range(600)),
        "deep and closed": "a: " + "{a: " * 3000 + "}" * 3000,
        "keys alike in thousands": "a: 1\n" * 9_000,
        "needs in thousands": LESSON + "needs: [" + "a, " * 15_000 + "]\n",
        "slips in thousands": "a: b: c\n" * 30_000,
        "a slip before many brackets": "a: b: c\n" + "[" * 240_000,
        "a slip after much text": LESSON + "x: |\n" + "  y\n" * 60_000 + "a: b: c\n",
        "a quotation mark before much text": 'x: "y\n' + "  y\n" * 60_000,
        "many keys": "".join(f"key{i}: {i}\n" for i in range(9_000)),
        "a bomb": BOMB,
        "a lesson and a bomb": LESSON + BOMB,
        "recursion": "a: &a [*a]\n",
        "recursion in a key": "? &a [*a]\n: b\n",
        "YAML 9": "%YAML 9.9\n---\n" + LESSON,
        "a directive": "%FOO bar\n" + LESSON,
        "a directive alone": "%YAML 1.1\n",
        "a merge key": with_("minutes: 3", "<<: {a: 1}\nminutes: 3"),
        "a tag of Python": with_("minutes: 3", "minutes: !!python/object/apply:os.system [exit]"),
        "a tag": with_("title: One lesson", "title: !!binary aGVsbG8="),
        "a set": with_("minutes: 3", "minutes: !!set {a, b}"),
        "a key that is a list": with_("minutes: 3", "? [a]: b\nminutes: 3"),
        "a key that is an alias": with_("title: One lesson", "title: &m x\n*m : 3"),
        "a key without a name": with_("minutes: 3", "'': 3\nminutes: 3"),
        "keys alike": with_("minutes: 3", "minutes: 3\nMinutes: 3\nｍinutes: 3\ncafé: 1\ncafé: 2"),
        "a hundred bad claims": with_("-log(0.5)", "{= " * 20_000),
        "a deep cell": with_("try: Move it.", f"try: x\n          code: '{'-' * 5000}1'"),
    }.items()
}
FILES |= {
    f"{key} {number[:20]}": with_(old, new.format(number))
    for number in NUMBERS
    for key, old, new in (
        ("minutes", "minutes: 3", "minutes: {}"),
        ("step", "step: 1,", "step: {},"),
        ("end", "[0, 10]", "[0, {}]"),
        ("start", "start: 2,", "start: {},"),
        ("seed", CONTROL, "{{seed: {}, label: A number}}"),
        ("logarithm", CONTROL, "{{log_slider: [1, {0}], steps: {0}, start: 2, label: A number}}"),
        ("options", CONTROL, "{{choice: ['1', {0}], start: {0}, label: A number}}"),
        ("text", CONTROL, "{{text: x, max: {}, label: A text}}"),
        ("steps", "expect: result == 4", "steps: {}"),
    )
}
FILES |= {
    f"{key} {word[:20]!r}": with_(old, new.format(word))
    for word in WORDS
    for key, old, new in (
        ("id", "id: one", "id: {}"),
        ("key", "minutes: 3", "minutes: 3\n{}: 3"),
        ("need", "minutes: 3", "minutes: 3\nneeds: [{}]"),
        ("target", "run: sums:double", "run: {}:double"),
        ("control", "            x: {", "            {}: {{"),
        ("block", "- callout:", "- {}:"),
        ("image", "- callout:", "- image: {{file: {}.png, alt: x}}\n      - callout:"),
        ("source", "minutes: 3", "minutes: 3\nsources: [{{title: a, url: https://{}}}]"),
    )
}

EXPRESSIONS = (
    *("result = 4", "(result := 4)", "lambda: 1", "await x", "f'{result}'", "9**9**9 == result"),
    *("'a'*10**10", "[1]*10**10", "-" * 2000, "(", "import os", "yield 1", "1/0", "nothing", "abs"),
    *(
        "result.__class__",
        "0x",
        "“4”",
        "1j",
        "...",
        "10**100000 > 1",
        "2.0**10**5",
        "(-2)**0.5 > 1",
    ),
)
CLAIMS = (
    *(*EXPRESSIONS, "1 | .999999999f", "1 | .2q", "1 | s", "1 | =", "1 | | 2", "", "| .2f", "{= 1"),
    *("9**9**9**9", "10**400 | .2f", "0.5 | d", "{0.5}", "1 =} =}", "sum([1]*10**7)", "1e308*10"),
)
FORMULAS = (
    *(
        "\\href{http://x}{a}",
        "\\includegraphics{a.png}",
        "{",
        "}",
        "\\frac{1",
        "\\def\\a{\\a\\a}\\a",
    ),
    *("\\htmlStyle{color:red}{x}", "\\unknown", "é", "^" * 100, "\\", "&", "#", "%", "\u202e"),
    *("\\begin{matrix}" * 500, "{" * 5000 + "}" * 5000, "\\rule{1000000em}{1em}", "x" * 5000),
)
PROSE = (
    *("<div>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!--", "<![CDATA["),
    *("*" * 10_000, "**" * 10_000, "_" * 10_000, "[" * 10_000, "](" * 5000, "`" * 10_000),
    *("[" * 3000 + "]" * 3000, "![" * 3000, "> " * 300 + "x", "- " * 500 + "x", "1. " * 500 + "x"),
    *("#" * 1000, "&" * 10_000, "\\" * 10_001, "[a]: " * 3000, "[a][a]" * 3000, "<b" * 3000),
    *("[a](b c)", "[a](\u200b)", "[a](javascript:alert(1))", "[a](JAVASCRIPT:x)", "[a](data:x)"),
    *("[a]()", "[a](#)", "[a](//evil)", "[a](https://x.org y)", "![](x.png)", "![a](/etc/passwd)"),
    *("<https://x.org>", "<a@b.c>", "<javascript:alert(1)>", "```python\nx", "$x", "$$x", "\\(x"),
    *("&#0;", "&#xD800;", "\u200f\u202e", "[a](one.md 'x\" onclick=\"y')", '[a](#first"onx=y)'),
    *(
        "[a]: javascript:x\n\n[a]",
        "a" * 20_000,
        "$" * 5000,
        "$a" * 3000,
        "(" * 10_000,
        "\"'" * 5000,
    ),
)
DEMOS = {
    "syntax": "def double(x:\n",
    "raises": "raise ValueError('no')\ndef double(x): return x\n",
    "exits": "import sys\nsys.exit(3)\ndef double(x): return x\n",
    "ends": "import os\nos._exit(3)\ndef double(x): return x\n",
    "kills": "import os, signal\ndef double(x): os.kill(os.getpid(), signal.SIGKILL)\n",
    "crashes": "import ctypes\ndef double(x): ctypes.string_at(0)\n",
    "floods": "def double(x):\n    print('x' * 50_000_000)\n    return 'y' * 50_000_000\n",
    "floods_errors": "import sys\ndef double(x):\n    sys.stderr.write('x' * 100_000)\n    1 / 0\n",
    "deleted": "def double(x): return 4\ndel double\n",
    "rebound": "def double(x): return 4\ndouble = 3\n",
    "circular": "from demos.circular import double as d\ndef double(x): return 4\n",
    "recursive": "def double(x): return double(x)\n",
    "memory": "def double(x): return [0] * 10**12\n",
    "bad_repr": "class A:\n    def __repr__(self): return 3\ndef double(x): return A()\n",
    "bad_words": "class E(Exception):\n    def __str__(self): 1 / 0\ndef double(x): raise E\n",
    "many_words": "def double(x): raise ValueError('a\\nb\\n' * 1000)\n",
    "surrogate": "def double(x): raise ValueError('\\ud800')\n",
    "bundle_number": "class A:\n    _repr_mimebundle_ = lambda self: 3\n"
    "def double(x): return A()\n",
    "bundle_object": "class A:\n    _repr_mimebundle_ = lambda self: {'text/plain': A}\n"
    "def double(x): return A()\n",
    "nested": "y = x" + ".x" * 100_000 + "\ndef double(x): return 4\n",
    "long_sum": "y = 1" + " + 1" * 2000 + "\ndef double(x): return 1 / 0\n",
    "half_characters": "class A:\n    _repr_html_ = lambda self: '<b>\\ud800</b>'\n"
    "def double(x):\n    print('\\ud800')\n    return A()\n",
    "interrupts": "def double(x): raise KeyboardInterrupt\n",
    "reads": "def double(x): return input()\n",
    "asynchronous": "async def double(x): return 4\n",
    "a_class": "class double:\n    def __init__(self, x): pass\n",
    "late": "def double(x):\n    yield 4\n    raise ValueError('late')\n",
    "no_numbers": "def double(x: 'no type ('): return 1 / 0\n",
    "bytes": "a = '\\x00'\n",
    "unbounded": "import sys\nsys.setrecursionlimit(10**9)\ndef double(x): return 1 / 0\n",
}
