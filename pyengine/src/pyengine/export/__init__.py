"""Taking a model elsewhere, and back.

    huggingface         a model as a folder that `transformers` loads
    huggingface_import  a GPT-2 of `transformers` as our GPT
    pytorch             a training run as a folder with which PyTorch goes on, on GPUs

The folder `run` has the programs that go with such a run. They need PyTorch; nothing here does.
"""

from pyengine.export.huggingface import export_huggingface
from pyengine.export.huggingface_import import import_huggingface
from pyengine.export.pytorch import export_pytorch

__all__ = ["export_huggingface", "export_pytorch", "import_huggingface"]
