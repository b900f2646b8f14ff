"""A passkey in a real browser: added by one of the person's devices, then enough to sign in."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.people import PASSWORD, cast

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

#: A device of the browser's own, which keeps passkeys and always finds the right finger.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_ada_adds_a_passkey_and_signs_in_with_it_alone(live_server, transactional_db):
    from tests.browser import chromium, complaints, overflows

    ada = cast().ada
    with chromium() as browser:
        look = {"color_scheme": "dark", "viewport": {"width": 320, "height": 700}}
        page = browser.new_page(base_url=live_server.url, **look)
        devices = page.context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        page.goto("/account/login/?next=/account/second-factor/webauthn/add/")
        page.fill("[name=login]", ada.email)
        page.fill("[name=password]", PASSWORD)
        page.click("button:text-is('Sign in')")
        page.wait_for_url("**/reauthenticate/**")
        page.fill("[name=password]", PASSWORD)
        page.click("main button:has-text('Continue')")
        page.fill("[name=name]", "Laptop")
        page.check("[name=passwordless]")
        assert complaints(page) == []
        page.click("main button:has-text('Add')")
        page.wait_for_url("**/recovery-codes/")
        expect(page.locator("#recovery-codes li")).to_have_count(10)
        assert complaints(page) == []
        assert not overflows(page)
        page.goto("/account/second-factor/webauthn/")
        expect(page.locator("tbody tr", has_text="Laptop").locator("text=Passkey")).to_have_count(1)
        assert complaints(page) == []
        page.context.clear_cookies()
        page.goto("/account/login/?next=/settings/")
        page.click("button:has-text('Sign in with a passkey')")
        page.wait_for_url(f"{live_server.url}/settings/")
        expect(page.locator("[name=name]")).to_have_value("Ada Author")
