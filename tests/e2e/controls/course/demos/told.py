"""The demo that says what its controls have set."""


def told(
    rate: float,
    width: int,
    decay: float,
    layers: int,
    scale: float,
    bias: bool,
    word: str,
    draw: int,
    size: str,
) -> None:
    """Print every argument, so that its type can be seen."""
    for name, value in locals().items():
        print(f"{name}={value!r}")
