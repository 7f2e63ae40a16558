"""What code that means harm tries from the readers' Python, and what came of it."""

from typing import Any

came: list[str] = []  # what answers later than the attack ends: see `what came`


def attack(what: str) -> Any:
    """Attack something: a name, and for some an address behind it."""
    name, _, address = what.partition(" ")
    attacks = {
        "storage": storage,
        "page": page,
        "network": network,
        "frames": frames,
        "answer": answer,
        "forge": forge,
        "flood": flood,
        "post": post,
        "memory": memory,
    }
    if what == "what came":
        return "came: " + "; ".join(sorted(came))
    return attacks[name](address) if name in attacks else f"did {what}"


def tried(**attempts: Any) -> str:
    """Each attempt's outcome in a word, and what it got if it got anything."""

    def outcome(attempt: Any) -> str:
        try:
            return f"GOT {attempt()}"
        except BaseException:
            return "refused"

    return "; ".join(f"{name}: {outcome(attempt)}" for name, attempt in attempts.items())


def later(name: str, promise: Any) -> str:
    """Keep what a promise brings."""
    promise.then(
        lambda value: came.append(f"{name}: GOT {value}"),
        lambda error: came.append(f"{name}: refused"),
    )
    return "an answer later"


def storage(_: str) -> str:
    """Read what the page keeps."""
    import js

    came.clear()
    return tried(
        local=lambda: js.localStorage.getItem("secret"),
        session=lambda: js.sessionStorage.getItem("secret"),
        cookie=lambda: js.document.cookie,
        store=lambda: js.cookieStore.getAll().to_py(),
        database=lambda: js.indexedDB.open("coursewright"),
        caches=lambda: later("caches", js.caches.keys()),
        files=lambda: later("files", js.navigator.storage.getDirectory()),
    )


def page(_: str) -> str:
    """Reach the page itself."""
    import js

    return tried(
        document=lambda: js.document.title,
        parent=lambda: js.parent.location.href,
        window=lambda: js.window.top.document,
        opener=lambda: js.self.opener.document,
        eval=lambda: js.eval("1 + 1"),
        function=lambda: js.Function.new("return 1")(),
    )


def network(address: str) -> str:
    """Ask another server for something, in every way there is."""
    import js

    def request() -> Any:
        asked = js.XMLHttpRequest.new()
        asked.open("GET", address + "?xhr", False)
        asked.send()
        return asked.status

    came.clear()
    return tried(
        fetch=lambda: later("fetch", js.fetch(address + "?fetch")),
        request=request,
        script=lambda: js.importScripts(address + "?script"),
        beacon=lambda: js.navigator.sendBeacon(address + "?beacon").real,
        socket=lambda: js.WebSocket.new(address.replace("http", "ws") + "?socket").url,
        events=lambda: js.EventSource.new(address + "?events").url,
        worker=lambda: js.Worker.new(address + "?worker"),
    )


def frames(_: str) -> str:
    """Speak to everything that listens, and run a worker of its own."""
    import js
    from pyodide.ffi import to_js

    source = "postMessage(typeof indexedDB + ' ' + self.origin)"
    blob = js.Blob.new(to_js([source]))
    return tried(
        channel=lambda: js.BroadcastChannel.new("coursewright").postMessage("forged"),
        origin=lambda: js.self.origin,
        worker=lambda: js.Worker.new(js.URL.createObjectURL(blob)) and "one within the frame",
    )


def answer(_: str) -> str:
    """Answer every call there may be, before it is answered, with what would harm a page."""
    from js import JSON, postMessage

    harm = (
        '["p",{"onclick":"document.title=1","class":"x"},"forged",["script",{},"document.title=1"],'
        '["img",{"src":"x","onerror":"document.title=1"}],["iframe",{"srcdoc":"<p>"}],'
        '["a",{"href":"javascript:document.title=1"},"forged"]]'
    )
    displays = f'{{"application/vnd.nudge.elements+json":{harm}}}'
    html = '{"text/html":"<script>parent.document.title=1</script>forged"}'
    inside = JSON.stringify(f'{{"displays":[{displays},{html}]}}')
    for run in range(100):
        text = f'{{"kind":"answer","runId":{run},"json":{inside},"milliseconds":1}}'
        postMessage(JSON.parse(text))
    return "answered all"


def forge(_: str) -> str:
    """Send the page what its protocol does not hold, or not at this time."""
    import js
    from js import JSON, postMessage

    for text in (
        '{"kind":"answer","runId":{"valueOf":1},"json":"{}","milliseconds":1}',
        '{"kind":"ready","timings":{},"versions":{},"snapshot":"used"}',
        '{"kind":"fatal","message":{"html":"<b>x</b>"}}',
        '{"kind":"progress","stage":"<img src=x onerror=document.title=1>"}',
        '{"kind":"snapshot","bytes":"forged"}',
        '{"kind":"probed","report":{"isolation":"ALLOWED"}}',
        '{"kind":"hello"}',
        '{"__proto__":{"kind":"hello"},"constructor":1}',
        "[[[]]]",
        "null",
    ):
        postMessage(JSON.parse(text))
    postMessage(js.Object.fromEntries([["kind", "snapshot"], ["bytes", js.ArrayBuffer.new(64)]]))
    return "forged all"


def flood(_: str) -> str:
    """Print more than any page can hold."""
    for _i in range(200):
        print("flood " * 50_000)
    return "flooded"


def post(_: str) -> str:
    """Send the page a great many messages of no use."""
    from js import JSON, postMessage

    message = JSON.parse('{"kind":"progress","stage":"python"}')
    for _i in range(20_000):
        postMessage(message)
    return "posted all"


def memory(_: str) -> str:
    """Take memory until there is no more."""
    taken = []
    while True:
        taken.append(bytearray(64 * 2**20))
