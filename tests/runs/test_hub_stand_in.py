"""The stand-in for the Hub answers `huggingface_hub` as the Hub does: what other tests rely on."""

from __future__ import annotations

import pytest
from hub_api import as_the_hub
from huggingface_hub import CommitOperationAdd, HfApi, get_hf_file_metadata, hf_hub_download, hf_hub_url
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError


@pytest.fixture
def hub(monkeypatch, tmp_path):
    with as_the_hub(monkeypatch, tmp_path / "home") as hub:
        hub.add_account("secret-write", "ada")
        hub.add_account("secret-read", "ada", role="read")
        hub.add_account("secret-other", "bob")
        yield hub


def push(token: str, name: str = "ada/net", **options):
    operations = [
        CommitOperationAdd("README.md", b"---\nlicense: mit\n---\n# Net\n"),
        CommitOperationAdd("model.safetensors", b"weights" * 1000),
    ]
    return HfApi(token=token).create_commit(name, operations, commit_message="Save", **options)


def test_what_is_pushed_is_there_and_can_be_downloaded(hub, tmp_path):
    api = HfApi(token="secret-write")
    assert api.whoami()["name"] == "ada"
    assert str(api.create_repo("ada/net", private=True)) == f"{hub.address}/ada/net"
    first = push("secret-write")
    assert hub.repo("ada/net").files["model.safetensors"] == b"weights" * 1000
    assert sorted(api.list_repo_files("ada/net")) == [".gitattributes", "README.md", "model.safetensors"]
    assert api.model_info("ada/net", files_metadata=True).sha == first.oid
    assert [one.size for one in api.get_paths_info("ada/net", ["model.safetensors"])] == [7000]
    for name in ("README.md", "model.safetensors"):
        path = hf_hub_download("ada/net", name, token="secret-write", cache_dir=tmp_path / "cache")
        assert open(path, "rb").read() == hub.repo("ada/net").files[name]
    api.delete_repo("ada/net")
    assert not hub.store.repos


def test_private_repositories_are_hidden_and_tokens_have_rights(hub):
    HfApi(token="secret-write").create_repo("ada/net", private=True)
    for token in (False, "secret-other"):
        with pytest.raises(RepositoryNotFoundError):
            HfApi(token=token).model_info("ada/net")
    for token, status in (("secret-read", 403), ("no such token", 401)):
        with pytest.raises(HfHubHTTPError) as refused:
            push(token)
        assert refused.value.response.status_code == status
    assert list(hub.repo("ada/net").files) == [".gitattributes"]


def test_a_branch_and_a_commit_can_be_named(hub):
    api = HfApi(token="secret-write")
    api.create_repo("ada/net")
    before = api.model_info("ada/net").sha
    api.create_branch("ada/net", branch="dev")
    made = push("secret-write", revision="dev")
    assert api.model_info("ada/net").sha == before and api.model_info("ada/net", revision="dev").sha == made.oid
    address = hf_hub_url("ada/net", "README.md", revision=made.oid)
    assert get_hf_file_metadata(address, token=False).commit_hash == made.oid


def test_it_refuses_and_breaks_as_told_and_recovers(hub, monkeypatch):
    api = HfApi(token="secret-write")
    api.create_repo("ada/net")
    hub.fail("/commit/", 429)
    with pytest.raises(HfHubHTTPError) as refused:
        push("secret-write")
    assert refused.value.response.status_code == 429
    hub.down = True
    with pytest.raises(Exception, match="disconnected"):
        api.whoami()
    hub.down = False
    push("secret-write")
    assert "model.safetensors" in hub.repo("ada/net").files
