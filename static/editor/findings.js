// Findings of the engine as CodeMirror's diagnostics. The engine counts UTF-8 bytes, CodeMirror counts UTF-16 units.
const SEVERITIES = new Set(["error", "warning", "info"]);
const encoder = new TextEncoder();

// A function from byte offset to UTF-16 offset in the text; plain ASCII needs no table.
export function bytesToUnits(text) {
  const bytes = encoder.encode(text).length;
  if (bytes === text.length) return (offset) => Math.min(Math.max(offset, 0), text.length);
  const units = new Uint32Array(bytes + 1);
  let byte = 0;
  let unit = 0;
  for (const sign of text) {
    const long = encoder.encode(sign).length;
    units.fill(unit, byte, byte + long);
    byte += long;
    unit += sign.length;
  }
  units[bytes] = unit;
  return (offset) => units[Math.min(Math.max(offset, 0), bytes)];
}

export function diagnostics(text, findings) {
  const unit = bytesToUnits(text);
  return findings.map(({ from, to, severity, message, code }) => {
    const start = unit(from ?? 0);
    return {
      from: start,
      to: Math.max(start, unit(to ?? from ?? 0)),
      severity: SEVERITIES.has(severity) ? severity : "info",
      message: code ? `${message} (${code})` : message,
    };
  });
}
