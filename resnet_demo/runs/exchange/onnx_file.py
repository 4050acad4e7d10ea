"""A run's network as ONNX: one file that onnxruntime and others execute without PyTorch.

Images go in as they are, RGB or grey with values 0 … 1: they are normalized inside. The batch may have any size. The
graph is written out node by node, under the names of our modules, so that it does not depend on how a version of
PyTorch exports; before it is given to anybody onnxruntime has computed the same with it. It needs the packages `onnx`
and `onnxruntime`, which the rest of the project does not. Must not depend on a page or the command line.
"""

from __future__ import annotations

import json
import textwrap
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ...data.preprocess import Preprocess
from ...engine.config import TrainConfig
from ...models.blocks import Block, PadShortcut
from ...models.checkpoints import title
from ...models.resnet import ResNet
from ..folder import RunError, RunFolder

OPSET, IR = 17, 8  # what onnxruntime reads since 1.12
TOLERANCE = 1e-4
PACKAGES = ("onnx", "onnxruntime")
CHECKED = 3  # images that both compute
INPUT, OUTPUT = "image", "logits"


def is_available() -> bool:
    """Whether the packages are here."""
    return all(find_spec(name) for name in PACKAGES)


def onnx_bytes(run: RunFolder) -> bytes:
    """The content of the file; RunError without the packages, without weights, or where onnxruntime disagrees."""
    if not is_available():
        raise RunError("no_onnx", command=f"pip install {' '.join(PACKAGES)}")
    model, config = run.load_model(), run.config
    content = _Graph(model, config).content(run.preprocess())
    difference = _difference(content, model, config)
    if not difference <= TOLERANCE:
        raise RunError("onnx_differs", difference=difference)
    return content


def snippet(seen: Preprocess, file: str = "model.onnx") -> str:
    """Lines of Python that classify an image with the file, without PyTorch, and show the same pixels to it."""
    size, grey = seen.size, seen.channels == 1
    if seen.name == "imagenet":
        short = round(size * 256 / 224)
        shrunk = f"""
            scale = {short} / min(image.size)
            image = image.resize([max({short}, int(side * scale)) for side in image.size], Image.Resampling.BILINEAR)
            left, top = (round((side - {size}) / 2) for side in image.size)
            image = image.crop((left, top, left + {size}, top + {size}))"""
    else:
        shrunk = f"""
            side = min(image.size)
            left, top = (round((length - side) / 2) for length in image.size)
            image = image.crop((left, top, left + side, top + side))
            image = image.resize(({size}, {size}), Image.Resampling.BICUBIC)"""
    head = """
            import json
            import numpy as np
            import onnxruntime
            from PIL import Image

            image = Image.open("image.jpg").convert("RGB")"""
    tail = f"""
            pixels = np.asarray(image{'.convert("L")' if grey else ""}, np.float32) / 255
            batch = pixels{"[None, None]" if grey else ".transpose(2, 0, 1)[None]"}
            session = onnxruntime.InferenceSession("{file}")
            logits = session.run(None, {{"{INPUT}": batch}})[0][0]
            classes = json.loads(session.get_modelmeta().custom_metadata_map["classes"])
            print(classes[logits.argmax()])"""
    return textwrap.dedent(head + shrunk + tail).strip() + "\n"


class _Graph:
    """The network as nodes of ONNX. Each method adds nodes and returns the name of what they compute."""

    def __init__(self, model: ResNet, config: TrainConfig) -> None:
        self.model, self.config = model, config
        self.nodes: list[Any] = []
        self.values: dict[str, Tensor] = {}

    def content(self, seen: Preprocess) -> bytes:
        """The file, checked by `onnx`."""
        import onnx
        from onnx import TensorProto, helper, numpy_helper

        spec = self.config.model
        self._network()
        side, channels = spec.input_size, spec.in_channels
        graph = helper.make_graph(
            self.nodes,
            spec.name,
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["batch", channels, side, side])],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["batch", spec.num_classes])],
            [numpy_helper.from_array(value.numpy(), name) for name, value in self.values.items()],
        )
        opsets = [helper.make_opsetid("", OPSET)]
        made = helper.make_model(graph, producer_name="resnet_demo", opset_imports=opsets, ir_version=IR)
        made.doc_string = snippet(seen)
        kind = "RGB" if channels == 3 else f"{channels} channel"
        told = {
            "model": title(spec),
            "classes": json.dumps(self.config.classes, ensure_ascii=False),
            "input": f"{kind}, values 0 to 1, batch x {channels} x {side} x {side}; normalized inside the model",
            "preprocessing": seen.name,
            "mean": json.dumps(self.config.mean),
            "std": json.dumps(self.config.std),
        }
        helper.set_model_props(made, told)
        content = made.SerializeToString()
        onnx.checker.check_model(content)
        return content

    def _network(self) -> None:
        model = self.model
        x = self._add("Sub", "center", INPUT, self._value("mean", torch.tensor(self.config.mean).view(1, -1, 1, 1)))
        x = self._add("Div", "scale", x, self._value("std", torch.tensor(self.config.std).view(1, -1, 1, 1)))
        x = self._add("Relu", "relu", self._convolution("conv1", model.conv1, "bn1", model.bn1, x))
        if isinstance(model.maxpool, nn.MaxPool2d):
            x = self._add("MaxPool", "maxpool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
        for stage in model.stages:
            for position, block in enumerate(getattr(model, stage)):
                x = self._block(f"{stage}.{position}", block, x)
        x = self._add("Flatten", "flatten", self._add("GlobalAveragePool", "avgpool", x), axis=1)
        weight, bias = (self._value(f"fc.{name}", getattr(model.fc, name).detach()) for name in ("weight", "bias"))
        self._add("Gemm", "fc", x, weight, bias, output=OUTPUT, transB=1)

    def _block(self, name: str, block: Block, x: str) -> str:
        out, count = x, 3 if hasattr(block, "conv3") else 2
        for i in range(1, count + 1):
            conv, norm = getattr(block, f"conv{i}"), getattr(block, f"bn{i}")
            out = self._convolution(f"{name}.conv{i}", conv, f"{name}.bn{i}", norm, out)
            out = self._add("Relu", f"{name}.relu{i}", out) if i < count else out
        if block.residual:
            out = self._add("Add", f"{name}.add", out, self._shortcut(f"{name}.downsample", block.downsample, x))
        return self._add("Relu", f"{name}.relu", out)

    def _shortcut(self, name: str, way: nn.Module | None, x: str) -> str:
        if way is None:
            return x
        if isinstance(way, PadShortcut):
            every = [torch.tensor(values) for values in ([0, 0], [2**31 - 1] * 2, [2, 3], [way.stride] * 2)]
            parts = zip(("starts", "ends", "axes", "steps"), every, strict=True)
            x = self._add("Slice", f"{name}.slice", x, *(self._value(f"{name}.{part}", one) for part, one in parts))
            zeros = torch.tensor([0, way.before, 0, 0, 0, way.after, 0, 0])
            return self._add("Pad", f"{name}.pad", x, self._value(f"{name}.zeros", zeros))
        layers: Any = list(way.children())
        return self._convolution(
            f"{name}.0", layers[0], f"{name}.1", layers[1] if len(layers) > 1 else nn.Identity(), x
        )

    def _convolution(self, name: str, conv: Any, norm_name: str, norm: nn.Module, x: str) -> str:
        inputs = [self._value(f"{name}.{key}", value.detach()) for key, value in conv.named_parameters()]
        padding = [conv.padding[0]] * 4
        x = self._add("Conv", name, x, *inputs, kernel_shape=list(conv.kernel_size), strides=list(conv.stride),
                      pads=padding)  # fmt: skip
        if not isinstance(norm, nn.BatchNorm2d):
            return x
        state = norm.state_dict()
        keys = ("weight", "bias", "running_mean", "running_var")
        values = [self._value(f"{norm_name}.{key}", state[key]) for key in keys]
        return self._add("BatchNormalization", norm_name, x, *values, epsilon=norm.eps)

    def _value(self, name: str, value: Tensor) -> str:
        self.values[name] = value.contiguous()
        return name

    def _add(self, kind: str, name: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        from onnx import helper

        output = output or f"{name}.out"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], name=name, **attributes))
        return output


def _difference(content: bytes, model: ResNet, config: TrainConfig) -> float:
    """By how much onnxruntime's logits differ from ours at most, beside the size of ours where that is above 1."""
    import onnxruntime

    spec = config.model
    pixels = torch.rand(
        CHECKED, spec.in_channels, spec.input_size, spec.input_size, generator=torch.Generator().manual_seed(0)
    )
    mean, std = (torch.tensor(values).view(1, -1, 1, 1) for values in (config.mean, config.std))
    with torch.inference_mode():
        ours = model((pixels - mean) / std).numpy()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    theirs = session.run(None, {INPUT: pixels.numpy()})[0]
    return float((np.abs(theirs - ours) / np.maximum(1, np.abs(ours))).max())
