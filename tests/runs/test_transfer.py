"""Runs as zips: what goes out comes back in, what is private stays, and nothing hostile gets in."""

from __future__ import annotations

import io
import json
import stat
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load, save
from tiny import tiny_config, tiny_dataset

from resnet_demo.engine.events import EpochDone, RunFinished, StepMetrics, to_line
from resnet_demo.errors import Refusal
from resnet_demo.errors.english import SENTENCES
from resnet_demo.models import ModelSpec, build_model
from resnet_demo.runs.exchange.publish import public_config
from resnet_demo.runs.exchange.transfer import UploadLimits, pack, unpack
from resnet_demo.runs.execute import execute, save_initial
from resnet_demo.runs.folder import RunError, RunFolder
from resnet_demo.runs.index import RunIndex
from resnet_demo.runs.writer import create_run, json_bytes

PUBLIC = {"config.json", "events.jsonl", "meta.json", "model.safetensors", "predictions.npz"}
SECRETS = ("owner-token", "0123456789abcdef0123456789abcdef", "/home/somebody")


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> RunFolder:
    """A finished run with everything in its folder that must not leave it."""
    dataset = tiny_dataset(rows=120)
    config = tiny_config(
        dataset,
        model=ModelSpec.from_name("resnet8", num_classes=4, input_size=16),
        length=6,
        data=f"/home/somebody/{SECRETS[1]}/flowers.zip",
        parent=f"resnet8-a-shapes-{SECRETS[1][:16]}",
        initial=f"resnet8-a-shapes-{SECRETS[1][:16]}",
    )
    folder = create_run(tmp_path_factory.mktemp("runs"), config)
    save_initial(folder, build_model(config.model).state_dict())
    for _ in execute(folder, dataset, torch.device("cpu")):
        pass
    meta = {"name": "Flowers <b>", "note": "two\nlines", "owner": "owner-token", "address": "owner-token"}
    (folder.path / "meta.json").write_bytes(json_bytes(meta))
    (folder.path / "output.txt").write_text("/home/somebody")
    (folder.path / "initial.safetensors").write_bytes(b"owner-token")
    return RunFolder(folder.path)


@pytest.fixture(scope="module")
def packed(run) -> dict[str, bytes]:
    """The files of its zip."""
    file = io.BytesIO()
    pack(run, file)
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(path: Path, files: dict[str, bytes], around: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(around + name, content)
    return path


def refusal(tmp_path: Path, files: dict[str, bytes], **limits) -> Refusal:
    """The error of uploading these files, after making sure that nothing was left behind."""
    with pytest.raises(Refusal) as caught:
        unpack(zipped(tmp_path / "run.zip", files), tmp_path / "root", UploadLimits(**limits))
    assert not list((tmp_path / "root").glob("*")) and not list((tmp_path / "root").glob(".*"))
    error = caught.value
    assert str(error) == SENTENCES[error.code].format(**error.values) and "\n" not in str(error)
    return error


def test_a_zip_has_what_the_run_is_and_nothing_private(packed):
    assert {name for name in packed if not name.startswith("epochs/")} == PUBLIC
    assert [name for name in packed if name.startswith("epochs/")]
    everything = b"".join(packed.values())
    assert not [secret for secret in SECRETS if secret.encode() in everything]
    assert json.loads(packed["meta.json"]) == {"name": "Flowers <b>", "note": "two\nlines"}
    config = json.loads(packed["config.json"])
    assert (config["data"], config["parent"]) == ("flowers.zip", "resnet8-a-shapes")


def test_ids_of_own_pictures_do_not_leave_and_published_names_do(run):
    config = replace(run.config, data=f"own:{SECRETS[1]}", initial="imagenet/resnet18", parent="cifar10-resnet20-a")
    shown = public_config(config)
    assert (shown.data, shown.initial, shown.parent) == (
        "own pictures",
        "imagenet/resnet18",
        "cifar10-resnet20-a",
    )
    assert public_config(replace(config, data="cifar10")).data == "cifar10"


def test_what_went_out_comes_back_in(run, tmp_path):
    pack(run, tmp_path / "run.zip")
    again = unpack(tmp_path / "run.zip", tmp_path / "root")
    assert again.id != run.id and again.id.startswith("resnet8-uploaded-") and len(again.id.split("-")[-1]) == 16
    assert again.state() == "finished" and again.name == "Flowers <b>"
    assert list(map(to_line, again.events())) == list(map(to_line, run.events()))
    assert again.config == replace(public_config(run.config), data="uploaded: flowers.zip")
    for name, value in run.load_model().state_dict().items():
        assert torch.equal(value, again.load_model().state_dict()[name])
    for name, found in run.predictions().items():
        assert np.array_equal(found.logits, again.predictions()[name].logits)
        assert np.array_equal(found.rows, again.predictions()[name].rows)
    assert again.predictions_fingerprint() == run.predictions_fingerprint()
    (last,) = [event for event in again.events() if isinstance(event, EpochDone)][-1:]
    assert np.array_equal(again.epoch_record(last).train, run.epoch_record(last).train)
    assert [found.id for found in RunIndex([tmp_path / "weights", tmp_path / "root"]).list()] == [again.id]
    assert [path.name for path in (tmp_path / "root").iterdir()] == [again.id]
    pack(again, tmp_path / "again.zip")  # and once more
    assert unpack(tmp_path / "again.zip", tmp_path / "root").config == again.config


def test_the_least_that_is_accepted(packed, tmp_path):
    files = {name: packed[name] for name in ("config.json", "events.jsonl", "model.safetensors")}
    found = unpack(zipped(tmp_path / "run.zip", files), tmp_path / "root")
    assert found.predictions() == {} and found.name == "" and found.load_model()


def test_a_folder_around_everything_is_looked_through(packed, tmp_path):
    files = {f"my run/{name}": content for name, content in packed.items()}
    files |= {"__MACOSX/my run/._config.json": b"x", "my run/.DS_Store": b"x"}
    assert unpack(zipped(tmp_path / "run.zip", files), tmp_path / "root").state() == "finished"


def test_a_run_without_weights_is_not_packed(run, tmp_path):
    with pytest.raises(RunError) as caught:
        pack(create_run(tmp_path, run.config), tmp_path / "run.zip")
    assert caught.value.code == "no_weights" and not (tmp_path / "run.zip").exists()


def test_a_run_is_packed_while_it_trains(run, packed, tmp_path):
    copy = create_run(tmp_path, run.config, "running")
    lines = packed["events.jsonl"].splitlines(keepends=True)
    (copy.path / "events.jsonl").write_bytes(b"".join(lines[:-1]) + lines[-1][:20])
    (copy.path / "model.safetensors").write_bytes(packed["model.safetensors"])
    pack(copy, tmp_path / "run.zip")
    assert unpack(tmp_path / "run.zip", tmp_path / "root").state() == "interrupted"


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "epochs/../../evil", "a\\..\\evil", "C:/evil", "epochs//x"])
def test_a_path_that_leaves_the_zip_is_refused(packed, tmp_path, name):
    assert refusal(tmp_path, packed | {name: b"x"}).code == "upload_unsafe"
    assert not list(tmp_path.parent.rglob("evil"))


@pytest.mark.parametrize(
    "name",
    ["resume.pt", "owner", "manifest.json", "lock", "epochs/evil.npz", "epochs/00000099.npz", "initial.safetensors"],
)
def test_a_file_that_belongs_to_no_run_is_refused(packed, tmp_path, name):
    error = refusal(tmp_path, packed | {name: packed[next(n for n in packed if n.startswith("epochs/"))]})
    assert (error.code, error.values) == ("upload_unknown", {"file": name})


def test_links_doubles_and_unusual_packing_are_refused(packed, tmp_path):
    link = zipfile.ZipInfo("meta.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    for change in ("link", "double", "bzip2"):
        with zipfile.ZipFile(tmp_path / "run.zip", "w") as archive:
            for name, content in packed.items():
                if name != "meta.json":
                    archive.writestr(name, content)
            if change == "link":
                archive.writestr(link, "/etc/passwd")
            elif change == "bzip2":
                archive.writestr("meta.json", b"{}", zipfile.ZIP_BZIP2)
            else:
                with pytest.warns(UserWarning, match="Duplicate"):
                    archive.writestr("config.json", b"{}")
        with pytest.raises(Refusal) as caught:
            unpack(tmp_path / "run.zip", tmp_path / "root")
        assert caught.value.code == "upload_unsafe", change


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + bytes(10), b"PK\3\4" + bytes(200)])
def test_what_is_no_zip_is_refused(tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(Refusal) as caught:
        unpack(tmp_path / "x.zip", tmp_path / "root")
    assert caught.value.code == "upload_not_zip" and "x.zip" in str(caught.value)


def test_a_zip_cut_short_or_changed_anywhere_is_refused_or_harmless(run, packed, tmp_path):
    whole = zipped(tmp_path / "whole.zip", packed).read_bytes()
    random = np.random.default_rng(0)
    for number in range(120):
        content = bytearray(whole[: random.integers(len(whole))] if number % 4 == 0 else whole)
        for place in random.integers(0, len(content), 3) if number % 4 else ():
            content[place] = random.integers(256)
        (tmp_path / "x.zip").write_bytes(content)
        try:
            found = unpack(tmp_path / "x.zip", tmp_path / "root")
        except Refusal as error:
            assert error.code in SENTENCES
        else:
            assert found.load_model() and found.events()
    assert not list((tmp_path / "root").glob(".*"))


@pytest.mark.parametrize("missing", ["config.json", "events.jsonl", "model.safetensors"])
def test_a_zip_without_what_makes_a_run_is_refused(packed, tmp_path, missing):
    error = refusal(tmp_path, {name: content for name, content in packed.items() if name != missing})
    assert (error.code, error.values) == ("upload_missing", {"file": missing})


def test_bombs_are_refused_before_they_unfold(packed, tmp_path):
    zeros = bytes(10 * 2**20)  # packs to 10 kB
    assert refusal(tmp_path, packed, packed=1000).code == "upload_too_large"
    assert refusal(tmp_path, packed | {"events.jsonl": zeros}, unpacked=8 * 2**20).code == "upload_too_large"
    for name in ("config.json", "meta.json", "model.safetensors", "epochs/00000006.npz"):
        error = refusal(tmp_path, packed | {name: zeros})
        assert (error.code, error.values["file"]) == ("upload_too_large", name)
    many = {f"epochs/{number:08d}.npz": b"" for number in range(100)}
    assert refusal(tmp_path, packed | many, epochs=50).code == "upload_unknown"
    assert refusal(tmp_path, packed | many, epochs=1).code == "upload_too_large"  # by its table of contents


def config_with(packed: dict[str, bytes], changes: dict) -> dict[str, bytes]:
    values = json.loads(packed["config.json"])
    for name, value in changes.items():
        holder, _, field = name.rpartition(".")
        (values[holder] if holder else values)[field] = value
    return packed | {"config.json": json.dumps(values).encode()}


@pytest.mark.parametrize(
    "changes, word",
    [
        ({"model.name": "resnet999998"}, "name"),
        ({"model.num_classes": 10**9}, "num_classes"),
        ({"model.in_channels": 5}, "mean"),
        ({"model.width": 4096}, "width"),
        ({"model": []}, "model"),
        ({"unknown": 1}, "unknown"),
        ({"lr": "0.1"}, "lr"),
        ({"lr": float("nan")}, "lr"),
        ({"compile": "yes"}, "compile"),
        ({"data": 5}, "data"),
        ({"data": "a\0b"}, "data"),
        ({"preset": "evil"}, "preset"),
        ({"parent": ["x"]}, "parent"),
        ({"classes": ["a", "b", "c"]}, "outputs"),
        ({"classes": ["a", "b", "c", "c"]}, "different"),
        ({"classes": ["a", "b", "c", ["d"]]}, "classes must be text"),
        ({"classes": ["a", "b", "c", "x" * 300]}, "classes"),
        ({"classes": ["a", "b", "c", "\x1b[2J"]}, "classes"),
        ({"classes": ["a", "b", "c", "\ud800"]}, "hex escape"),
        ({"classes": []}, "classes"),
        ({"std": [1e-30, 1, 1]}, "std"),
        ({"mean": [1e30, 0, 0]}, "mean"),
        ({"mean": ["0", 0, 0]}, "mean must be numbers from -1 to 1"),
        ({"preprocessing": "../x"}, "preprocessing"),
        ({"augmentation.pad": 1.5}, "pad"),
        ({"augmentation.pad": 10**9}, "pad"),
        ({"augmentation": [1]}, "malformed"),
    ],
)
def test_a_wrong_configuration_is_refused(packed, tmp_path, changes, word):
    error = refusal(tmp_path, config_with(packed, changes))
    assert (error.code, error.values["file"]) == ("upload_damaged", "config.json") and word in str(error)


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"model.num_classes": 1001, "classes": [str(i) for i in range(1001)]}, "num_classes"),
        ({"batch_size": 20_000}, "batch_size"),
        ({"model.input_size": 256}, "input_size"),
    ],
)
def test_what_is_larger_than_anything_trained_here_is_refused(packed, tmp_path, changes, field):
    error = refusal(tmp_path, config_with(packed, changes))
    detail = error.values["detail"]
    assert (error.code, error.values["file"]) == ("upload_damaged", "config.json")
    assert isinstance(detail, Refusal) and detail.values["field"] == field


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"[" * 100_000, b"\xff\xfe", b"1" * 5000])
def test_a_configuration_that_is_no_json_object_is_refused(packed, tmp_path, content):
    assert refusal(tmp_path, packed | {"config.json": content}).values["file"] == "config.json"


@pytest.mark.parametrize(
    "data, shown",
    [
        ("/etc", "uploaded: etc"),
        ("../../runs", "uploaded: runs"),
        ("assets", "uploaded: assets"),
        ("own:someone-elses", "uploaded: own:someone-elses"),
        ("~root", "uploaded: ~root"),
        ("a\nb\\c", "uploaded: c"),
        ("", "uploaded: pictures"),
        ("shapes", "shapes"),
    ],
)
def test_data_are_a_name_and_never_a_path(packed, tmp_path, data, shown):
    found = unpack(zipped(tmp_path / "run.zip", config_with(packed, {"data": data})), tmp_path / "root")
    assert found.config.data == shown and (shown == "shapes" or not Path(shown).exists())


def weights_with(packed: dict[str, bytes], change) -> dict[str, bytes]:
    state = load(packed["model.safetensors"])
    change(state)
    return packed | {"model.safetensors": save(state)}


@pytest.mark.parametrize(
    "change, word",
    [
        (lambda state: state["fc.bias"].fill_(float("nan")), "fc.bias"),
        (lambda state: state["conv1.weight"].view(-1)[3:4].fill_(float("inf")), "conv1.weight"),
        (lambda state: state["bn1.running_var"].fill_(-1), "running_var"),
        (lambda state: state.pop("fc.bias"), "fc.bias"),
        (lambda state: state.update(extra=torch.zeros(1)), "extra"),
        (lambda state: state.update({"fc.bias": torch.zeros(5)}), "fc.bias"),
        (lambda state: state.update({"fc.bias": torch.zeros(4, dtype=torch.float64)}), "F64"),
    ],
)
def test_weights_that_do_not_fit_are_refused(packed, tmp_path, change, word):
    error = refusal(tmp_path, weights_with(packed, change))
    assert (error.code, error.values["file"]) == ("upload_damaged", "model.safetensors") and word in str(error)


@pytest.mark.parametrize("header", [2**63, 2**40, 10**6])
def test_a_header_of_absurd_size_is_refused(packed, tmp_path, header):
    content = struct.pack("<Q", header) + packed["model.safetensors"][8:]
    assert "header" in str(refusal(tmp_path, packed | {"model.safetensors": content}))


def test_tensors_that_say_they_are_huge_are_refused(packed, tmp_path):
    entry = {"dtype": "F32", "shape": [2**40, 2**20], "data_offsets": [0, 2**62]}
    names = load(packed["model.safetensors"])
    header = json.dumps(dict.fromkeys(names, entry)).encode()
    content = struct.pack("<Q", len(header)) + header + bytes(64)
    assert refusal(tmp_path, packed | {"model.safetensors": content}).values["file"] == "model.safetensors"


def test_half_precision_is_accepted(packed, tmp_path):
    files = weights_with(packed, lambda state: [state.update({k: v.half()}) for k, v in [*state.items()] if v.ndim])
    found = unpack(zipped(tmp_path / "run.zip", files), tmp_path / "root")
    assert found.load_model().fc.weight.dtype == torch.float32


STARTED = '{"event": "RunStarted", "steps_per_epoch": 3, "total_steps": 6, "versions": {}, "hardware": "x", '
STARTED += '"precision": "fp32", "time": 1}'


@pytest.mark.parametrize(
    "log",
    [
        "",
        "[]\n",
        "[" * 15_000 + "\n",
        STARTED,
        STARTED.replace('"steps_per_epoch": 3', '"steps_per_epoch": 0') + "\n",
        STARTED.replace("{}", '{"python": {}}') + "\n",
        STARTED.replace('"time": 1', '"time": 1e300') + "\n",
        STARTED + "\n" + STARTED + "\n",
        STARTED + '\n{"event": "CheckpointSaved", "step": "<img>"}\n',
        STARTED + '\n{"event": "CheckpointSaved", "step": null}\n',
        STARTED + '\n{"event": "CheckpointSaved", "step": -1}\n',
        STARTED + '\n{"event": "CheckpointSaved", "step": 1e400}\n',
        STARTED + '\n{"event": "RunFinished", "status": "exploded", "step": 1, "seconds": 1, "time": 1}\n',
        STARTED + '\n{"event": "RunFinished", "status": "failed", "step": 1, "seconds": null, "time": 1}\n',
        STARTED + '\n{"event": "RunFinished", "status": "failed", "step": 1, "seconds": 1, "reason": [1], "time": 1}\n',
        STARTED + "\n" + "x" * 30_000 + "\n",
        '{"event": "CheckpointSaved", "step": 1}\n' + STARTED + "\n",
    ],
    ids=range(17),
)
def test_a_wrong_log_is_refused(packed, tmp_path, log):
    files = {name: content for name, content in packed.items() if not name.startswith("epochs/")}
    error = refusal(tmp_path, files | {"events.jsonl": log.encode()})
    assert (error.code, error.values["file"]) == ("upload_damaged", "events.jsonl")


def test_arrays_and_going_back_have_no_place_in_a_log(packed, tmp_path):
    epoch = '{"event": "EpochDone", "step": 3, "epoch": 1, "seconds": 1, "train_loss": 1, "train_accuracy": 0, '
    epoch += '"validation_loss": 1, "validation_accuracy": 0, "train_predictions": "x"}'
    assert "train_predictions" in str(refusal(tmp_path, packed | {"events.jsonl": f"{STARTED}\n{epoch}\n".encode()}))
    reports = [to_line(StepMetrics(step, 1.0, 0.5, 1.0, 1.0, 0.5, 0.1, 1.0, 1.0)) for step in (5, 3)]
    log = "\n".join((STARTED, *reports, ""))
    assert "goes back" in str(refusal(tmp_path, packed | {"events.jsonl": log.encode()}))


def test_a_log_of_too_many_lines_is_refused(packed, tmp_path):
    log = f"{STARTED}\n".encode() + b'{"event": "CheckpointSaved", "step": 1}\n' * 2000
    assert "1000 lines" in str(refusal(tmp_path, packed | {"events.jsonl": log}, lines=1000))


def test_hostile_text_comes_in_as_text_without_control_characters(packed, tmp_path):
    end = to_line(RunFinished("failed", 6, 1.0, "\x1b[2Jred\x00 <script>\nline"))
    meta = {"name": "a\x00b\u202e" + "x" * 500, "note": 1}
    assert "note should be a valid string" in str(refusal(tmp_path, packed | {"meta.json": json.dumps(meta).encode()}))
    meta["note"] = "fine\r\n"
    log = packed["events.jsonl"].rsplit(b"\n", 2)[0] + b"\n" + end.encode() + b"\n"
    files = packed | {"meta.json": json.dumps(meta | {"owner": "me"}).encode(), "events.jsonl": log}
    found = unpack(zipped(tmp_path / "run.zip", files), tmp_path / "root")
    assert found.events()[-1].reason == "[2Jred <script>\nline" and len(found.name) == 100
    assert json.loads((found.path / "meta.json").read_text()).keys() == {"name", "note"}


def npz(**arrays) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def npy(header: str, content: bytes = b"", version: bytes = b"\1\0") -> bytes:
    text = header.encode().ljust(118) + b"\n"
    return b"\x93NUMPY" + version + struct.pack("<H", len(text)) + text + content


U1 = np.zeros(3, np.uint8)
EPOCH = {"train": U1, "train_seen": U1.astype(bool), "validation": U1}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        npz(train=U1),
        npz(**EPOCH | {"train": U1 + 4}),
        npz(**EPOCH | {"train": U1[:2]}),
        npz(**EPOCH | {"train": U1.reshape(1, 3)}),
        npz(**EPOCH | {"train": U1.astype(float)}),
        npz(**EPOCH | {"train": U1.astype(np.int64)}),
        npz(**EPOCH | {"train": np.array([{"a": 1}, 2, 3], object)}),
        npz(**EPOCH, more=U1),
    ],
    ids=["nothing", "missing", "class", "length", "shape", "float", "wide", "pickle", "more"],
)
def test_wrong_predictions_of_an_epoch_are_refused(packed, tmp_path, content):
    error = refusal(tmp_path, packed | {"epochs/00000006.npz": content})
    assert (error.code, error.values["file"]) == ("upload_damaged", "epochs/00000006.npz")


@pytest.mark.parametrize(
    "member",
    [
        npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1099511627776,), }"),
        npy("{'descr': '|u1', 'fortran_order': False, 'shape': (-3,), }", b"abc"),
        npy("{'descr': '|u1', 'fortran_order': False, 'shape': (0, 10**30), }"),
        npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", b"cos\nsystem\n(S'true'\ntR."),
        npy("{'descr': '|u1', 'fortran_order': True, 'shape': (3,), }", b"abc"),
        npy("{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", b"abc", b"\3\0"),
        npy("__import__('os').system('true')"),
        b"PK\3\4 a zip inside",
    ],
    ids=["huge", "negative", "empty and huge", "pickle", "columns", "version", "code", "zip"],
)
def test_arrays_whose_headers_lie_are_refused(packed, tmp_path, member):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in EPOCH:
            archive.writestr(f"{name}.npy", member)
    assert refusal(tmp_path, packed | {"epochs/00000006.npz": file.getvalue()}).code == "upload_damaged"


def test_a_bomb_inside_an_npz_is_refused(packed, tmp_path):
    inside = npz(**EPOCH | {"train": np.zeros(30 * 2**20, np.uint8)})
    assert len(inside) < 100_000
    assert "too much" in str(refusal(tmp_path, packed | {"epochs/00000006.npz": inside}))
    bzip2 = io.BytesIO()
    with zipfile.ZipFile(bzip2, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("train.npy", b"x")
    assert "unusual" in str(refusal(tmp_path, packed | {"epochs/00000006.npz": bzip2.getvalue()}))


LOGITS = {"test_logits": np.zeros((2, 4), np.float16), "test_labels": U1[:2], "test_rows": U1[:2].astype(np.uint32)}


@pytest.mark.parametrize(
    "arrays",
    [
        {},
        LOGITS | {"test_logits": np.zeros((2, 5), np.float16)},
        LOGITS | {"test_logits": np.full((2, 4), np.nan, np.float16)},
        LOGITS | {"test_labels": U1[:2] + 4},
        LOGITS | {"test_rows": U1.astype(np.uint32)},
        LOGITS | {"fingerprint": np.array(["a", "b"])},
        LOGITS | {"fingerprint": np.array("a\x1bb")},
        LOGITS | {"fingerprint": np.array("a" * 5000)},
        LOGITS | {"evil_logits": np.zeros((2, 4), np.float16)},
    ],
    ids=range(9),
)
def test_wrong_predictions_are_refused(packed, tmp_path, arrays):
    error = refusal(tmp_path, packed | {"predictions.npz": npz(**arrays)})
    assert (error.code, error.values["file"]) == ("upload_damaged", "predictions.npz")


LABELS = {"labels": U1, "validation_rows": U1[:1].astype(np.uint32)}


@pytest.mark.parametrize(
    "arrays",
    [
        {},
        LABELS | {"labels": U1 + 4},
        LABELS | {"labels": U1.astype(np.float16)},
        LABELS | {"validation_rows": np.array([len(U1)], np.uint32)},
        LABELS | {"validation_rows": np.array([1, 1], np.uint32)},
        LABELS | {"train_rows": U1},
    ],
    ids=range(6),
)
def test_wrong_labels_are_refused(packed, tmp_path, arrays):
    error = refusal(tmp_path, packed | {"labels.npz": npz(**arrays)})
    assert (error.code, error.values["file"]) == ("upload_damaged", "labels.npz")


def test_labels_of_epochs_come_along(run, packed, tmp_path):
    again = unpack(zipped(tmp_path / "run.zip", packed | {"labels.npz": npz(**LABELS)}), tmp_path / "root")
    known = again.training_labels()
    assert known.labels.tolist() == U1.tolist() and known.validation_rows.tolist() == [U1[0]]
    pack(again, tmp_path / "again.zip")
    with zipfile.ZipFile(tmp_path / "again.zip") as archive:
        assert "labels.npz" in archive.namelist()


def test_the_deepest_network_is_checked_in_a_moment(packed, tmp_path):
    files = config_with(packed, {"model.name": "resnet1202"})
    assert "conv1" in str(refusal(tmp_path, files)) or "resnet1202" in str(refusal(tmp_path, files))
    spec = ModelSpec.from_name("resnet110", num_classes=4, input_size=16)
    files = config_with(packed, {"model.name": "resnet110"}) | {
        "model.safetensors": save(build_model(spec).state_dict())
    }
    assert unpack(zipped(tmp_path / "run.zip", files), tmp_path / "root").config.model == spec
