"""Networks brought as files of weights: they answer as where they come from, and nothing hostile gets in."""

from __future__ import annotations

import io
import pickle
import pickletools
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from made_runs import NASTY, make_trained_run
from made_weights import random_network, write_weights_file
from managed import make_manager, make_places
from PIL import Image
from safetensors.torch import save_file

from resnet_demo.data.preprocess import IMAGENET_MEAN, IMAGENET_STD, prepare
from resnet_demo.errors import Refusal
from resnet_demo.errors.english import SENTENCES
from resnet_demo.inference.classifier import from_run
from resnet_demo.inference.classify import classify
from resnet_demo.inference.imagenet import PRETRAINED, classifier
from resnet_demo.inference.store import ModelStore
from resnet_demo.models import create_model
from resnet_demo.models.weights_file import read_weights
from resnet_demo.runs.exchange.transfer import pack, unpack
from resnet_demo.runs.exchange.uploaded import is_uploaded_network, make_uploaded_run, read_network
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.index import RunIndex
from resnet_demo.runs.tail import Tails
from resnet_demo.ui.shared.epoch_views import epoch_of

PICTURE = Image.linear_gradient("L").convert("RGB").rotate(30)
MEAN, STD = (0.49, 0.48, 0.45), (0.25, 0.24, 0.26)
SEEN = {"mean": MEAN, "std": STD}


def network(name: str = "resnet8", **options) -> torch.nn.Module:
    """In evaluation mode, with statistics as after training."""
    model = create_model(name, seed=1, **options)
    torch.manual_seed(0)
    model(torch.randn(4, model.spec.in_channels, 32, 32))
    return model.eval()


def cifar_keys(state: dict) -> dict:
    """The keys of published CIFAR networks, saved in parallel before PyTorch counted batches."""
    renamed = {key.replace("downsample", "shortcut").replace("fc.", "linear."): value for key, value in state.items()}
    return {f"module.{key}": value for key, value in renamed.items() if "num_batches" not in key}


FORMS = {
    "plain.pth": torch.save,
    "old.th": lambda state, path: torch.save(state, path, _use_new_zipfile_serialization=False),
    "safe.safetensors": save_file,
    "cifar.pth": lambda state, path: torch.save(cifar_keys(state), path),
    "cifar.safetensors": lambda state, path: save_file(cifar_keys(state), path),
    "wrapped.pt": lambda state, path: torch.save({"state_dict": cifar_keys(state), "best": 91.7}, path),
    "tutorial.pt": lambda state, path: torch.save({"epoch": 3, "model_state_dict": state}, path),
    "parameters.pt": lambda state, path: torch.save(
        {key: torch.nn.Parameter(value) if value.is_floating_point() else value for key, value in state.items()}, path
    ),
}


def saved(place: Path, form: str = "plain.pth", change=lambda state: None, **options) -> Path:
    """The file of a network whose state dict `change` may alter."""
    state = network(**options).state_dict()
    change(state)
    FORMS[form](state, place / form)
    return place / form


@pytest.mark.parametrize("form", FORMS)
def test_it_answers_as_where_it_comes_from(tmp_path, form):
    theirs = network(shortcut="B", num_classes=3)
    FORMS[form](theirs.state_dict(), tmp_path / form)
    run = make_uploaded_run(tmp_path / form, tmp_path / "runs", classes=("cat", "dog", NASTY), name="My <b>", **SEEN)
    (tmp_path / form).unlink()  # the server deletes what was uploaded
    found = classify(PICTURE, from_run(run), ModelStore(), top_k=3)
    pixels = torch.from_numpy(np.array(found.view)).permute(2, 0, 1)[None] / 255
    x = (pixels - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)
    with torch.no_grad():
        expected = theirs(x)[0].softmax(0)
    assert found.classes == ("cat", "dog", NASTY)
    assert found.probabilities == pytest.approx(expected[list(found.indices)].tolist(), abs=1e-5)
    assert run.name == "My <b>" and run.config.model == theirs.spec and run.config.initial == form


def test_photographs_are_seen_as_torchvision_s_networks_see_them(tmp_path):
    theirs = random_network(18)
    path = write_weights_file(tmp_path / "resnet18.pth", theirs)
    run = make_uploaded_run(path, tmp_path / "runs", mean=IMAGENET_MEAN, std=IMAGENET_STD)
    ours = from_run(run)
    assert ours.preprocess == classifier(PRETRAINED[0], path).preprocess and ours.classes[:2] == ("0", "1")
    found = classify(PICTURE.resize((300, 400)), ours, ModelStore(), top_k=1000)
    with torch.no_grad():
        expected = theirs(prepare(PICTURE.resize((300, 400)), ours.preprocess).tensor[None])[0].softmax(0)
    assert found.probabilities == pytest.approx(expected[list(found.indices)].tolist(), abs=1e-5)
    small = make_uploaded_run(path, tmp_path / "runs", input_size=64, **SEEN)
    assert (small.preprocess().name, small.preprocess().size) == ("imagenet", 64)


@pytest.mark.parametrize(
    "classes", ["cat,big dog ,eel", "cat\nbig dog\r\n eel\n", "cat，big dog、eel", ["cat", "big\tdog", "eel"]]
)
def test_what_is_told_may_be_text(tmp_path, classes):
    path = saved(tmp_path, num_classes=3)
    run = make_uploaded_run(path, tmp_path / "runs", classes=classes, mean="0.5 0.4;0.3", std=" 0.2, 0.25,0.3 ")
    assert run.config.classes == ("cat", "big dog", "eel")
    assert (run.config.mean, run.config.std) == ((0.5, 0.4, 0.3), (0.2, 0.25, 0.3))


@pytest.mark.parametrize("form", ["plain.pth", "old.th", "safe.safetensors"])
@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float32, torch.float64], ids=str)
def test_a_network_in_which_every_tensor_was_cast(tmp_path, form, kind):
    def cast(state):
        state.update({key: value.to(kind) for key, value in state.items()})  # the counters of batches too

    run = make_uploaded_run(saved(tmp_path, form, cast), tmp_path / "runs", **SEEN)
    values, expected = run.load_model().state_dict(), network().state_dict()
    assert {value.dtype for value in values.values()} == {torch.float32, torch.int64}
    weights = [key for key, value in values.items() if value.is_floating_point()]
    assert all(torch.equal(values[key], expected[key].to(kind).float()) for key in weights)
    assert RunFolder(run.path).config.model == run.config.model


def test_an_imagenet_network_in_which_every_tensor_was_cast(tmp_path):
    theirs = random_network(18).half()
    torch.save({key: value.half() for key, value in theirs.state_dict().items()}, tmp_path / "half.pth")
    found = read_network(tmp_path / "half.pth")
    assert found.spec.name == "resnet18" and found.spec.family.name == "imagenet"
    assert torch.equal(found.state["conv1.weight"], theirs.conv1.weight.float())


def test_cast_weights_of_wrong_shapes_are_refused_for_their_shapes(tmp_path):
    def spoil(state):
        state.update({key: value.half() for key, value in state.items()})
        state["layer1.0.conv1.weight"] = torch.zeros(16, 16, 5, 5)

    with pytest.raises(Refusal, match=r"layer1.0.conv1.weight \(16, 16, 5, 5\) instead of \(16, 16, 3, 3\)") as caught:
        read_network(saved(tmp_path, change=spoil))
    assert caught.value.code == "network_misfit"


def test_a_downloaded_run_whose_weights_were_cast_is_taken_back(tmp_path):
    run = make_trained_run(tmp_path / "theirs", "one")
    weights = run.path / "model.safetensors"
    for kind in (torch.float16, torch.bfloat16, torch.float32):
        save_file({key: value.to(kind) for key, value in run.load_model().state_dict().items()}, weights)
        with open(tmp_path / "run.zip", "wb") as file:
            pack(run, file)
        again = unpack(tmp_path / "run.zip", tmp_path / str(kind))
        assert {value.dtype for value in again.load_model().state_dict().values()} == {torch.float32, torch.int64}


def test_grey_networks_plain_ones_and_other_precisions(tmp_path):
    def halve(state):
        for key, value in state.items():
            kinds = {"fc.bias": torch.float64, "bn1.bias": torch.bfloat16}
            state[key] = value.to(kinds.get(key, torch.float16)) if value.is_floating_point() else value.int()

    path = saved(tmp_path, change=halve, in_channels=1)
    run = make_uploaded_run(path, tmp_path / "runs", mean=[0.5], std=[0.2], plain=True)
    assert (run.config.model.name, run.config.model.shortcut) == ("plain8", "none")
    values = run.load_model().state_dict()
    assert {value.dtype for value in values.values()} == {torch.float32, torch.int64}
    expected = network(in_channels=1).state_dict()["conv1.weight"].half().float()
    assert torch.equal(values["conv1.weight"], expected)
    assert classify(PICTURE, from_run(run), ModelStore()).view.mode == "L"


def test_it_is_a_run_among_runs_and_nobody_trains_it(tmp_path):
    places = make_places(tmp_path)
    manager = make_manager(places)
    path = saved(tmp_path, num_classes=2)
    made = manager.adopt(lambda root: make_uploaded_run(path, root, classes=("cat", "dog"), **SEEN), "somebody")
    run, index = made.run, RunIndex([places.weights, places.runs])
    assert [found.id for found in index.with_weights()] == [run.id] and run.id.startswith("resnet8-uploaded-")
    assert [path.name for path in places.runs.iterdir() if path.is_dir()] == [run.id]
    assert manager.owns(run.id, made.token) and not manager.owns(run.id, "x")
    assert manager.status(run.id).state == "finished" and not manager.status(run.id).reason
    with pytest.raises(Refusal) as caught:
        manager.resume(run.id, made.token)
    assert caught.value.code == "finished"
    (told,) = Tails(index, manager.status).poll({"runs": {run.id: 0}}).values()
    assert (told["state"], told["points"], told["epochs"]) == ("finished", [], [])
    assert run.predictions() == {} and run.predictions_fingerprint() == "" and run.last_report() is None
    manager.rename(run.id, made.token, "Pets")
    assert index.get(run.id).name == "Pets"
    manager.delete(run.id, made.token)
    assert not index.list()


def test_it_is_known_by_its_log_and_travels_as_a_zip(tmp_path):
    run = make_uploaded_run(saved(tmp_path, "safe.safetensors"), tmp_path / "runs", name="Mine", **SEEN)
    assert is_uploaded_network(run) and run.config.data == "uploaded: safe.safetensors"
    assert not is_uploaded_network(make_trained_run(tmp_path / "weights", "trained"))
    pack(run, tmp_path / "run.zip")
    again = unpack(tmp_path / "run.zip", tmp_path / "runs")
    assert is_uploaded_network(again) and again.config == run.config and again.name == "Mine"


@pytest.mark.parametrize("name", ["cifar10.pth", "own:123.pth", "shapes", "..\\..\\x.pth", "\x1b[2J\n.pth", "x" * 300])
def test_the_name_of_a_file_is_only_a_name(tmp_path, name):
    run = make_uploaded_run(saved(tmp_path), tmp_path / "runs", file_name=name, **SEEN)
    assert run.config.data.startswith("uploaded: ") and run.config.data.isprintable() and len(run.config.data) < 80
    pack(run, tmp_path / "run.zip")
    assert unpack(tmp_path / "run.zip", tmp_path / "runs").config.data.startswith("uploaded: ")


def refusal(tmp_path: Path, path: Path, **options) -> Refusal:
    """The error of uploading a file, after making sure that nothing was left behind."""
    with pytest.raises(Refusal) as caught:
        make_uploaded_run(path, tmp_path / "root", **{**SEEN, **options})
    assert not list((tmp_path / "root").glob("*")) and not list((tmp_path / "root").glob(".*"))
    error = caught.value
    assert str(error) == SENTENCES[error.code].format(**error.values) and "\n" not in str(error)
    assert str(tmp_path) not in str(error)
    return error


@pytest.mark.parametrize(
    ("options", "reason", "word"),
    [
        ({"classes": ("a",) * 9}, "network_classes", "10 outputs, and 9 class names"),
        ({"classes": ()}, "network_classes", "0 class names"),
        ({"classes": "cat, dog"}, "network_classes", "2 class names"),
        ({"classes": "a\n\nb"}, "network_classes", "2 class names"),
        ({"classes": tuple("aabcdefghi")}, "network_names", "“a”"),
        ({"classes": (*"abcdefghi", " \n")}, "network_names", "“”"),
        ({"classes": (*"abcdefghi", "x" * 201)}, "network_names", "200"),
        ({"input_size": 7}, "network_size", "8 to 224"),
        ({"input_size": 225}, "network_size", "225"),
        ({"input_size": 32.0}, "network_size", "32.0"),
        ({"mean": (0.5,)}, "network_numbers", "mean is 0.5"),
        ({"mean": (123.7, 116.3, 103.5)}, "network_numbers", "123.7"),
        ({"mean": (0, 0, float("nan"))}, "network_numbers", "nan"),
        ({"std": (0.2, 0.2, 0)}, "network_numbers", "std is 0.2, 0.2, 0"),
        ({"std": "abc"}, "network_numbers", "abc"),
        ({"std": None}, "network_numbers", "std"),
        ({"std": ()}, "network_numbers", "std"),
    ],
)
def test_what_is_told_wrongly_is_named(tmp_path, options, reason, word):
    error = refusal(tmp_path, saved(tmp_path), **options)
    assert error.code == reason and word in str(error)


def put(name: str, value: torch.Tensor):
    return lambda state: state.update({name: value})


def fill(name: str, value: float):
    return lambda state: state[name].view(-1)[:1].fill_(value)


CHANGES = {
    "nan": (fill("fc.bias", float("nan")), "network_values", "fc.bias"),
    "infinite": (fill("layer1.0.conv1.weight", float("inf")), "network_values", "layer1.0.conv1.weight"),
    "beyond fp32": (put("fc.bias", torch.full((10,), 1e300, dtype=torch.float64)), "network_values", "fc.bias"),
    "variance": (fill("bn1.running_var", -1), "network_values", "bn1.running_var"),
    "more": (put("total_ops", torch.zeros(1)), "network_misfit", "ResNet-8 with shortcut A: unexpected: 'total_ops'"),
    "less": (lambda state: state.pop("layer3.0.bn2.bias"), "network_misfit", "missing: layer3.0.bn2.bias"),
    "shape": (put("fc.bias", torch.zeros(11)), "network_misfit", "fc.bias (11,) instead of (10,)"),
    "whole numbers": (put("fc.bias", torch.zeros(10, dtype=torch.int8)), "network_misfit", "fc.bias torch.int8"),
    "complex": (put("fc.bias", torch.zeros(10, dtype=torch.complex64)), "network_unreadable", "no plain tensor"),
    "sparse": (put("fc.bias", torch.zeros(10).to_sparse()), "network_unreadable", "no plain tensor"),
    "meta": (put("fc.bias", torch.zeros(10, device="meta")), "network_unreadable", "no plain tensor"),
    "wide": (put("conv1.weight", torch.zeros(64, 3, 3, 3)), "network_unknown", "neither 16 filters"),
    "huge and empty": (put("fc.weight", torch.zeros(1, 1).expand(10**6, 64)), "network_unknown", "num_classes"),
    "too many classes": (
        put("fc.weight", torch.zeros(1, 1).expand(1001, 64)),
        "network_unknown",
        "num_classes is 1001",
    ),
    "channels": (put("conv1.weight", torch.zeros(16, 4, 3, 3)), "network_unknown", "4 channels"),
    "number": (lambda state: state.update(epoch=3), "network_unreadable", "'epoch' is no tensor"),
    "empty": (lambda state: state.clear(), "network_unreadable", "no mapping"),
    "twice": (lambda state: state.update({"module.fc.bias": torch.zeros(10)}), "network_unreadable", "two tensors"),
}


@pytest.mark.filterwarnings("ignore:Sparse invariant checks")
@pytest.mark.parametrize("change", CHANGES)
def test_a_network_that_is_none_is_refused(tmp_path, change):
    alter, reason, word = CHANGES[change]
    path = saved(tmp_path, change=alter)
    error = refusal(tmp_path, path, file_name="my.pth")
    assert error.code == reason and word in str(error)
    assert "“my.pth”" in str(error)


class Trap:
    """Unpickling it would create a file."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_nothing_in_a_file_is_executed(tmp_path):
    files = {name: tmp_path / f"{name}.pth" for name in ("whole", "trap", "bare")}
    torch.save(network(), files["whole"])
    torch.save({"state_dict": Trap(tmp_path / "sprung")}, files["trap"])
    files["bare"].write_bytes(pickle.dumps(Trap(tmp_path / "sprung"), protocol=2))
    for path in files.values():
        assert refusal(tmp_path, path).code == "network_unreadable"
    assert not (tmp_path / "sprung").exists()


BROKEN = (
    b"", b"no weights", b"PK\3\4 broken", b"PK\5\6" + bytes(18), b"\x10" + bytes(7) + b"{broken", b"\x80\2",
    b"\xff" * 7 + b"\0{",
)  # fmt: skip


@pytest.mark.parametrize("content", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_file_of_weights_is_refused(tmp_path, content):
    (tmp_path / "x.pth").write_bytes(content)
    assert refusal(tmp_path, tmp_path / "x.pth").code == "network_unreadable"


def test_a_file_that_is_gone_or_too_large(tmp_path):
    assert "No such file" in str(refusal(tmp_path, tmp_path / "gone.pth"))
    with pytest.raises(Refusal) as caught:
        read_network(saved(tmp_path), most=1000)
    assert caught.value.code == "network_large"


def packed_again(path: Path, change=lambda name, content: content, compression=zipfile.ZIP_STORED, end=b"") -> Path:
    """The zip of torch.save, its entries changed and packed otherwise."""
    with zipfile.ZipFile(path) as archive:
        entries = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, change(name, content))
        archive.comment = end
    return path


def test_packed_entries_are_refused_and_plain_ones_taken(tmp_path):
    assert read_network(packed_again(saved(tmp_path))).spec.name == "resnet8"
    error = refusal(tmp_path, packed_again(saved(tmp_path), compression=zipfile.ZIP_DEFLATED))
    assert error.code == "network_unreadable" and "packed" in str(error)


def test_a_second_table_of_contents_is_refused(tmp_path):
    inner = packed_again(saved(tmp_path)).read_bytes()
    for hidden in (b"x", inner[-200:]):
        path = packed_again(saved(tmp_path), end=hidden)
        assert "table of contents" in str(refusal(tmp_path, path))
    path.write_bytes(b"PK\3\4" + inner)  # moved: offsets are then taken from the end by some, from the start by others
    assert "table of contents" in str(refusal(tmp_path, path))


def test_descriptions_without_end_are_refused(tmp_path):
    path = packed_again(saved(tmp_path), lambda name, content: content + bytes(5 * 2**20 if ".pkl" in name else 0))
    assert "too many" in str(refusal(tmp_path, path))
    path.write_bytes((64 * 2**20).to_bytes(8, "little") + b"{" + bytes(1000))
    assert "too many" in str(refusal(tmp_path, path))
    old = saved(tmp_path, "old.th").read_bytes()
    path.write_bytes(old[:2] + b"]" * 3 * 2**20 + old[2:])  # lists without end, each of more bytes than its mark
    assert refusal(tmp_path, path).code == "network_unreadable"


def test_no_values_come_from_outside_a_file(tmp_path):
    """Entries cut short: PyTorch takes as many bytes as are announced."""
    largest = max(network().state_dict().values(), key=torch.numel).nbytes
    path = packed_again(saved(tmp_path), lambda name, content: content[:8] if len(content) == largest else content)
    try:
        found = read_network(path)
    except Refusal:
        return
    whole = path.read_bytes()
    assert all(value.numpy().tobytes() in whole for value in found.state.values())


def announced(content: bytes) -> bytes:
    """An old file up to its sizes, without any of its values."""
    stream = io.BytesIO(content)
    for _ in range(4):  # a magic number, a version, facts of the system, and the state dict with sizes
        for _ in pickletools.genops(stream):
            pass
    return content[: stream.tell()] + pickle.dumps([], protocol=2)


def test_an_old_file_that_announces_values_and_has_none_is_refused(tmp_path):
    content = saved(tmp_path, "old.th").read_bytes()
    path = tmp_path / "x.pth"
    path.write_bytes(announced(content) + bytes(len(content)))
    assert refusal(tmp_path, path).code == "network_values"
    path.write_bytes(announced(content))
    assert "announces more" in str(refusal(tmp_path, path))
    for length in range(0, len(content), len(content) // 20):
        path.write_bytes(content[:length])
        assert refusal(tmp_path, path).code in ("network_unreadable", "network_values")


def test_what_lay_in_memory_is_not_given_out(tmp_path):
    path, many = tmp_path / "old.th", torch.full((200_000,), 7.0)
    FORMS["old.th"]({"many": many}, path)
    path.write_bytes(announced(path.read_bytes()) + bytes(many.nbytes))
    before = [torch.full_like(many, 3) for _ in range(5)]
    del before  # memory that PyTorch by itself would take as the values
    assert read_weights(path)["many"].isnan().all()


@pytest.mark.parametrize("form", ["plain.pth", "old.th", "safe.safetensors"])
def test_a_file_changed_anywhere_is_refused_or_harmless(tmp_path, form):
    whole = saved(tmp_path, form).read_bytes()
    random = np.random.default_rng(0)
    for number in range(40):
        content = bytearray(whole[: random.integers(len(whole))] if number % 4 == 0 else whole)
        head = len(content) if number % 4 == 1 else min(len(content), 4000)
        for place in random.integers(0, head, 3) if number % 4 else ():
            content[place] = random.integers(256)
        (tmp_path / form).write_bytes(content)
        try:
            found = read_network(tmp_path / form)
        except Refusal as error:
            assert error.code in SENTENCES
        else:
            assert all(value.isfinite().all() for value in found.state.values())


def test_the_page_lists_and_shows_it(tmp_path):
    from resnet_demo.library.visitors import Visitor
    from resnet_demo.services import Services
    from resnet_demo.ui.text import LANGUAGES
    from resnet_demo.ui.train import listing, views

    services = Services.create(make_places(tmp_path), local=True)
    run = make_uploaded_run(saved(tmp_path), services.places.runs, name=NASTY, **SEEN)
    who = Visitor(local=True)
    for text in LANGUAGES.values():
        value, runs = listing.rows(services, who, text)
        assert [found.id for found in runs] == [run.id] and NASTY in value["rows"][0]["name"]["text"]
        shown = views.shown(services, RunFolder(run.path), (), who, text, False)
        assert shown.head["title"] == NASTY and shown.curves["runs"] == []  # it has no training to draw
    assert epoch_of(services, run, None, who, text).mistakes is None
    assert services.catalogue.get(run.id).classes == tuple(map(str, range(10)))
