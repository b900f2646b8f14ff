// Passkeys and security keys. A form with data-passkey asks the browser for a credential and sends it:
// "create" adds a key, "get" answers with one (both with the options that the JSON element of data-options holds),
// "sign-in" fetches fresh options first and signs in without password.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const withBytes = (known) => (known ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

function creation({ publicKey }, alone) {
  const chosen = { ...publicKey.authenticatorSelection };
  chosen.residentKey = alone ? "required" : "discouraged";
  chosen.requireResidentKey = alone;
  if (alone) chosen.userVerification = "required";
  return {
    ...publicKey,
    challenge: toBytes(publicKey.challenge),
    user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
    excludeCredentials: withBytes(publicKey.excludeCredentials),
    authenticatorSelection: chosen,
  };
}

const request = ({ publicKey }) => ({
  ...publicKey,
  challenge: toBytes(publicKey.challenge),
  allowCredentials: withBytes(publicKey.allowCredentials),
});

function asJson(credential) {
  const answer = credential.response;
  const response = { clientDataJSON: toText(answer.clientDataJSON) };
  if (answer.attestationObject) {
    response.attestationObject = toText(answer.attestationObject);
    response.transports = answer.getTransports?.() ?? [];
  } else {
    response.authenticatorData = toText(answer.authenticatorData);
    response.signature = toText(answer.signature);
    response.userHandle = answer.userHandle ? toText(answer.userHandle) : null;
  }
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

async function options(form) {
  if (form.dataset.options) {
    const kept = JSON.parse(document.getElementById(form.dataset.options).textContent);
    return kept.creation_options ?? kept.request_options;
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) throw new Error("no options");
  return (await answer.json()).request_options;
}

async function ask(form) {
  const given = await options(form);
  if (form.dataset.passkey !== "create") return navigator.credentials.get({ publicKey: request(given) });
  const alone = form.querySelector("[name=passwordless]")?.checked ?? false;
  return navigator.credentials.create({ publicKey: creation(given, alone) });
}

function explain(error) {
  if (!window.PublicKeyCredential || !window.isSecureContext) return "Passkeys need https (or localhost) and a browser that knows them.";
  if (error.name === "InvalidStateError") return "This key is added already.";
  if (error.name === "NotAllowedError") return "It was cancelled, took too long, or no fitting key was found. Try again.";
  if (error.name === "SecurityError") return "The browser refuses passkeys at this address. Open Mews by its name, not by a number.";
  return "The key could not be used. Try again, or sign in another way.";
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("form[data-passkey]");
  if (!form) return;
  event.preventDefault();
  const trouble = form.querySelector("[data-passkey-trouble]");
  const button = form.querySelector("button");
  trouble.textContent = "";
  button.disabled = true;
  try {
    form.elements.credential.value = JSON.stringify(asJson(await ask(form)));
    form.submit();
  } catch (error) {
    trouble.textContent = explain(error);
    button.disabled = false;
    button.focus();
  }
});
