"""Releases go only where the administrator said, and credentials only to their host."""

from __future__ import annotations

import pytest

from studio.packs.places import PlaceError, credentials, git_place, permitted, registry_place


@pytest.mark.parametrize(
    ("address", "scheme", "host", "path", "port"),
    [
        ("https://Git.Example.org/acme/rules.git", "https", "git.example.org", "/acme/rules.git", 443),
        ("ssh://git@git.example.org:2222/acme/rules", "ssh", "git.example.org", "/acme/rules", 2222),
        ("git@git.example.org:acme/rules.git", "ssh", "git.example.org", "/acme/rules.git", 22),
        ("/srv/git/rules.git", "file", "", "/srv/git/rules.git", 0),
    ],
)
def test_it_takes_an_address_apart(address, scheme, host, path, port):
    place = git_place(address)
    assert (place.scheme, place.host, place.path, place.port) == (scheme, host, path, port)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("https://me:secret@git.example.org/a", "No user or password"),
        ("https://token@git.example.org/a", "No user or password"),
        ("ext::sh -c id", "no blanks"),
        ("ext::sh%20-c%20id", "The path holds"),
        ("file:///etc/passwd", "Only https"),
        ("git://git.example.org/a", "Only https"),
        ("--upload-pack=id", "Write https"),
        ("-oProxyCommand=id:x", "."),
        ("https://git.example.org/a?b", "nothing else"),
        ("https://git.example.org/a/../b", "no empty part"),
        ("/srv/git/../../etc", "no empty part"),
        ("https://git.example.org:x/a", "no address"),
        ("https://git.example.org/", "no empty part"),
        ("https://git.example.org/a\nb", "no blanks"),
        ("", "Write https"),
    ],
)
def test_it_refuses_other_addresses(address, says, settings):
    settings.DELIVERY_PLACES = ["git.example.org"]
    with pytest.raises(PlaceError, match=says):
        permitted(git_place(address), "harbour")


@pytest.mark.parametrize(
    ("entry", "address", "fine"),
    [
        ("git.example.org", "https://git.example.org/a", True),
        ("git.example.org", "git@git.example.org:a", True),
        ("git.example.org", "https://git.example.org:8443/a", False),
        ("git.example.org:8443", "https://git.example.org:8443/a", True),
        ("git.example.org", "http://git.example.org/a", False),
        ("http://git.example.org", "http://git.example.org/a", True),
        ("git.example.org/acme", "https://git.example.org/acme/rules", True),
        ("git.example.org/acme", "https://git.example.org/acmes/rules", False),
        ("git.example.org", "https://git.example.org.evil.test/a", False),
        ("harbour=git.example.org", "https://git.example.org/a", True),
        ("inland=git.example.org", "https://git.example.org/a", False),
        ("/srv/git", "/srv/git/rules.git", True),
        ("/srv/git", "/srv/gitty/rules.git", False),
        ("git.example.org", "/srv/git/rules.git", False),
    ],
)
def test_it_pushes_only_where_the_administrator_said(settings, entry, address, fine):
    settings.DELIVERY_PLACES = [entry]
    if fine:
        assert permitted(git_place(address), "harbour") == git_place(address)
    else:
        with pytest.raises(PlaceError, match="DELIVERY_PLACES"):
            permitted(git_place(address), "harbour")


def test_it_speaks_plain_http_to_a_registry_only_where_that_is_said(settings):
    settings.DELIVERY_PLACES = ["registry.example.org", "http://127.0.0.1:5000"]
    assert permitted(registry_place("registry.example.org/acme/a"), "x").scheme == "https"
    assert permitted(registry_place("127.0.0.1:5000/acme/a"), "x").scheme == "http"
    with pytest.raises(PlaceError):
        permitted(registry_place("127.0.0.1:5001/acme/a"), "x")


def test_it_sends_credentials_to_their_host_only(monkeypatch):
    monkeypatch.setenv("DELIVERY_USER_GIT_EXAMPLE_ORG", "mews")
    monkeypatch.setenv("DELIVERY_PASSWORD_GIT_EXAMPLE_ORG", "secret")
    assert credentials(git_place("https://git.example.org/a")).password == "secret"
    assert credentials(git_place("https://git.example.org:8443/a")).password == ""
    assert credentials(git_place("https://git.example.com/a")).user == ""
