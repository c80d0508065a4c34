// Starts textual.js, which draws the terminal, and looks after its line: why it ended, and back again when it broke.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const terminal = $("terminal");
  const ENDED = 4000; // codes from here on are the host's own: it meant to end the line
  const PATIENCE = 2500; // milliseconds in which a line answers that was asleep
  let line = null;
  let opened = false;

  const show = (reason) => {
    for (const each of document.querySelectorAll("#closed [data-reason]")) each.hidden = each.dataset.reason !== reason;
    $("closed").hidden = false;
    if (reason !== "lost") $("again").focus();
  };

  // Lost Wi-Fi, sleep, a host that starts anew: ask until somebody answers, then look again from the beginning.
  let asking = false;
  const again = async () => {
    if (asking) return;
    asking = true;
    show("lost");
    for (let pause = opened ? 250 : 3000; ; pause = Math.min(3000, pause * 1.5)) {
      await new Promise((then) => {
        setTimeout(then, pause);
        window.addEventListener("online", then, { once: true });
      });
      try {
        const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store" });
        if (answer.status < 500) return location.reload();
      } catch { /* nobody there yet */ }
    }
  };

  window.WebSocket = class extends WebSocket {
    constructor(url) {
      super(url);
      line = this;
      this.heard = Date.now();
      this.addEventListener("open", () => {
        opened = true;
        setTimeout(() => document.querySelector(".xterm-helper-textarea")?.focus());
      });
      this.addEventListener("message", () => { this.heard = Date.now(); });
      this.addEventListener("close", (event) => {
        if (event.code < ENDED) again();
        else show(document.querySelector(`#closed [data-reason="${event.code}"]`) ? String(event.code) : "other");
      });
    }
    send(data) {
      if (this.readyState === WebSocket.OPEN) super.send(data); // textual.js asks nobody whether the line stands
    }
  };

  const awake = () => {
    if (document.visibilityState !== "visible" || !line || line.readyState !== WebSocket.OPEN) return;
    const asked = Date.now();
    line.send(JSON.stringify(["ping", "awake"]));
    setTimeout(() => { if (line.heard < asked) again(); }, PATIENCE);
  };
  document.addEventListener("visibilitychange", awake);
  window.addEventListener("online", awake);
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // Keys that a phone does not have. The terminal keeps the focus, or the phone's keyboard would come and go.
  for (const button of document.querySelectorAll("#keys [data-key]")) {
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => line?.send(JSON.stringify(["stdin", JSON.parse(`"${button.dataset.key}"`)])));
  }
  $("typing")?.addEventListener("click", () => document.querySelector(".xterm-helper-textarea")?.focus());
  $("again").addEventListener("click", (event) => { event.preventDefault(); location.reload(); });

  // Where a phone's keyboard covers the page, the page ends above it.
  window.visualViewport?.addEventListener("resize", () => {
    document.body.style.height = `${window.visualViewport.height}px`;
    window.dispatchEvent(new Event("resize"));
  });

  // textual.js draws on a canvas in the end, but first insists on WebGL, which many devices lack, and stops without it. It gets
  // something that says yes to everything and is thrown away a moment later.
  const real = HTMLCanvasElement.prototype.getContext;
  const yes = new Proxy(function () {}, {
    get: (_, name) => (name === Symbol.toPrimitive ? () => 1 : yes),
    apply: () => yes,
    set: () => true,
  });
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind === "webgl2" ? yes : real.call(this, kind, ...rest);
  };

  const start = () => {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    terminal.dataset.sessionWebsocketUrl = `${scheme}//${location.host}${location.pathname}/ws`;
    terminal.dataset.fontSize = String(Math.max(10, Math.min(16, Math.floor(window.innerWidth / 50 / 0.6)))); // 50 columns, if they can be read
    const script = document.createElement("script");
    script.src = "/static/textual.js";
    script.onload = () => window.onload();
    document.body.append(script);
  };
  // It measures the font once, so the font has to be there before it.
  const fonts = Promise.all(["", "bold ", "italic "].map((style) => document.fonts.load(`${style}16px "Roboto Mono"`)));
  const soon = new Promise((then) => setTimeout(then, 3000));
  const whole = new Promise((then) => { document.readyState === "complete" ? then() : window.addEventListener("load", then); });
  Promise.race([fonts.catch(() => {}), soon]).then(() => whole).then(start);
})();
