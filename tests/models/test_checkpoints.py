"""Checkpoints of others: every form in which they are published, every way in which a file can be wrong."""

from __future__ import annotations

import pickle

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from torch import nn

from resnet_demo.models import ModelSpec, blank_model, canonical_keys, create_model, load_checkpoint


class Unit(nn.Module):
    """A basic block with the names that published CIFAR networks use; option A as they write it."""

    def __init__(self, inputs, outputs, stride, option):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.padding = outputs // 4 if option == "A" and inputs != outputs else None
        self.shortcut = nn.Sequential()
        if option == "B" and inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.padding is None:
            return F.relu(y + self.shortcut(x))
        return F.relu(y + F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.padding, self.padding)))


class Published(nn.Module):
    """A ResNet-14 in the layout of published CIFAR networks."""

    def __init__(self, option):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = nn.Sequential(Unit(16, 16, 1, option), Unit(16, 16, 1, option))
        self.layer2 = nn.Sequential(Unit(16, 32, 2, option), Unit(32, 32, 1, option))
        self.layer3 = nn.Sequential(Unit(32, 64, 2, option), Unit(64, 64, 1, option))
        self.linear = nn.Linear(64, 10)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x))))))
        return self.linear(F.avg_pool2d(x, x.shape[3]).flatten(1))


def published(option):
    """The network in evaluation mode, with statistics as after training."""
    torch.manual_seed(0)
    model = Published(option)
    model(torch.randn(8, 3, 32, 32))
    return model.eval()


def old(state):
    """As saved before PyTorch counted batches."""
    return {key: value for key, value in state.items() if "num_batches" not in key}


FORMS = {
    "plain": lambda state: state,
    "wrapped": lambda state: {"state_dict": state, "best_prec1": 91.7, "epoch": 200},
    "parallel": lambda state: {f"module.{key}": value for key, value in state.items()},
    "wrapped parallel": lambda state: {"state_dict": {f"module.{key}": value for key, value in state.items()}},
    "old": lambda state: {"state_dict": {f"module.{key}": value for key, value in old(state).items()}},
}


@pytest.mark.parametrize("option", ["A", "B"])
@pytest.mark.parametrize("form", FORMS)
def test_published_layout_gives_the_same_logits(tmp_path, option, form):
    theirs = published(option)
    torch.save(FORMS[form](theirs.state_dict()), tmp_path / "weights.th")
    ours = create_model("resnet14", shortcut=option, seed=1).eval()
    assert load_checkpoint(tmp_path / "weights.th", ours) is ours
    x = torch.randn(4, 3, 32, 32)
    torch.testing.assert_close(ours(x), theirs(x))
    assert not ours.training


@pytest.mark.parametrize("name", ["weights.safetensors", "weights.bin"])
def test_safetensors_whatever_the_name(tmp_path, name):
    theirs = published("B")
    save_file(theirs.state_dict(), tmp_path / name)
    ours = load_checkpoint(tmp_path / name, create_model("resnet14", shortcut="B")).eval()
    x = torch.randn(2, 3, 32, 32)
    torch.testing.assert_close(ours(x), theirs(x))


def test_the_old_format_of_torch_save_and_our_own_keys(tmp_path):
    source = create_model("resnet8", shortcut="C", seed=5)
    torch.save(source.state_dict(), tmp_path / "a.pt", _use_new_zipfile_serialization=False)
    torch.save({f"_orig_mod.{key}": value for key, value in source.state_dict().items()}, tmp_path / "b.pt")
    for name in ("a.pt", "b.pt"):
        loaded = load_checkpoint(tmp_path / name, create_model("resnet8", shortcut="C", seed=6))
        assert all(torch.equal(value, source.state_dict()[key]) for key, value in loaded.state_dict().items())


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        (("resnet14", "C"), ("resnet14", "A"), ["unexpected: ", "looks like ResNet-14 with shortcut C"]),
        (
            ("resnet14", "A"),
            ("resnet14", "B"),
            ["missing: layer2.0.downsample.0.weight", "and 7 more", "looks like ResNet-14 with shortcut A"],
        ),
        (("resnet20", "B"), ("resnet14", "B"), ["unexpected: ", "looks like ResNet-20 with shortcut B"]),
        (
            ("resnet11", "A"),
            ("resnet8", "A"),
            ["other shapes: ", "looks like ResNet-11", "bottleneck blocks"],
        ),
        (
            ("resnet18", "B"),
            ("resnet20", "A"),
            ["conv1.weight (64, 3, 7, 7) instead of (16, 3, 3, 3)", "like ResNet-18"],
        ),
    ],
)
def test_another_network_is_recognised_and_nothing_is_loaded(tmp_path, source, target, words):
    torch.save(create_model(source[0], shortcut=source[1], seed=1).state_dict(), tmp_path / "weights.pt")
    model = create_model(target[0], shortcut=target[1])
    before = {key: value.clone() for key, value in model.state_dict().items()}
    with pytest.raises(ValueError) as caught:
        load_checkpoint(tmp_path / "weights.pt", model)
    for word in [f"“weights.pt” does not fit ResNet-{target[0][6:]} with shortcut {target[1]}", *words]:
        assert word in str(caught.value)
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())


def test_another_number_of_classes(tmp_path):
    torch.save(create_model("resnet8", num_classes=100).state_dict(), tmp_path / "weights.pt")
    with pytest.raises(ValueError, match=r"fc.weight \(100, 64\) instead of \(10, 64\).*100 classes"):
        load_checkpoint(tmp_path / "weights.pt", create_model("resnet8"))


class Trap:
    """Unpickling it would create a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


@pytest.mark.parametrize(
    "content", [b"", b"no weights", b"PK\x03\x04 broken", b"\x10\0\0\0\0\0\0\0{broken", b"\x80\x02"]
)
def test_a_file_that_is_no_checkpoint(tmp_path, content):
    (tmp_path / "file.pt").write_bytes(content)
    with pytest.raises(ValueError, match="“file.pt” holds no weights that can be read safely"):
        load_checkpoint(tmp_path / "file.pt", create_model("resnet8"))


def test_nothing_in_a_file_is_executed(tmp_path):
    torch.save(create_model("resnet8"), tmp_path / "whole.pt")
    torch.save({"state_dict": Trap(str(tmp_path / "sprung"))}, tmp_path / "trap.pt")
    (tmp_path / "bare.pt").write_bytes(pickle.dumps(Trap(str(tmp_path / "sprung")), protocol=2))
    for name in ("whole.pt", "trap.pt", "bare.pt"):
        with pytest.raises(ValueError, match="not a whole pickled model"):
            load_checkpoint(tmp_path / name, create_model("resnet8"))
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("content", [{}, [1, 2], {"state_dict": {}}, {"epoch": 3}, {3: torch.zeros(1)}, torch.zeros(2)])
def test_a_file_of_something_else(tmp_path, content):
    torch.save(content, tmp_path / "file.pt")
    with pytest.raises(ValueError, match="“file.pt” holds no weights.*(no mapping|no tensor)"):
        load_checkpoint(tmp_path / "file.pt", create_model("resnet8"))


@pytest.mark.parametrize("name", ["absent.pt", "."])
def test_a_file_that_cannot_be_read(tmp_path, name):
    with pytest.raises(ValueError, match="“.*” holds no weights that can be read safely"):
        load_checkpoint(tmp_path / name, create_model("resnet8"))


def test_two_keys_for_one_tensor():
    with pytest.raises(ValueError, match="two tensors for 'fc.bias'"):
        canonical_keys({"linear.bias": torch.zeros(1), "module.fc.bias": torch.zeros(1)})


PARTS = st.sampled_from(["module.", "_orig_mod.", ""])


@settings(max_examples=20)
@given(prefix=st.lists(PARTS, max_size=3).map("".join), option=st.sampled_from("ABC"))
def test_canonical_keys_undo_every_renaming(prefix, option):
    keys = list(create_model("resnet8", shortcut=option).state_dict())
    theirs = {prefix + key.replace("downsample", "shortcut").replace("fc.", "linear."): key for key in keys}
    assert canonical_keys(theirs) == {key: key for key in keys}
    assert canonical_keys(dict.fromkeys(keys)) == dict.fromkeys(keys)


CASTS = [torch.float16, torch.bfloat16, torch.float32, torch.float64]


@pytest.mark.parametrize("name", ["weights.pth", "weights.safetensors"])
@pytest.mark.parametrize("kind", CASTS, ids=str)
def test_a_file_in_which_every_tensor_was_cast(tmp_path, name, kind):
    for theirs, network in ((published("B"), "resnet14"), (create_model("resnet11", shortcut="B"), "resnet11")):
        cast = {key: value.to(kind) for key, value in theirs.state_dict().items()}  # the counters of batches too
        (save_file if name.endswith("safetensors") else torch.save)(cast, tmp_path / name)
        loaded = load_checkpoint(tmp_path / name, blank_model(ModelSpec.from_name(network, shortcut="B"))).state_dict()
        assert {value.dtype for value in loaded.values()} == {torch.float32, torch.int64}
        for key, value in canonical_keys(cast).items():
            assert torch.equal(loaded[key], value.float())


def test_a_cast_file_of_wrong_shapes_is_refused_for_that(tmp_path):
    cast = {key: value.half() for key, value in create_model("resnet8", num_classes=7).state_dict().items()}
    torch.save({**cast, "bn1.num_batches_tracked": torch.zeros(1)}, tmp_path / "weights.pt")
    with pytest.raises(ValueError, match=r"other shapes: fc.weight \(7, 64\) instead of \(10, 64\), fc.bias") as caught:
        load_checkpoint(tmp_path / "weights.pt", create_model("resnet8"))
    assert "num_batches" not in str(caught.value)
