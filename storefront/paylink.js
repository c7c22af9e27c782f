/*! Paylink */
// Payment buttons for static pages. What a page names is sold; the price is the server's.
(() => {
  "use strict";
  if (customElements.get("paylink-button")) return;

  const VERSION = "1.0.0";
  const PREFIX = "paylink:";
  const TRIES = 4;
  const PATIENCE = 40_000; // ms in which a payment must be created, all tries together
  const DAY = 86_400_000;
  const held = (order) => /paid|authorized|partially/.test(order?.status);
  const over = (order) => held(order) || /cancelled|refunded/.test(order.status);
  // What can be asked for: the members of POST /payments. A price is not among them.
  const MEMBERS =
    "link,quantity,amount,items,offer,customer,fields,language,reference,metadata,success_url,failure_url,presentation,lifetime".split(",");

  // The texts of every language stand in this order.
  const NAMES =
    "wait,again,busy,sold,closed,input,failed,frame,close,slow,paid,authorized,expired,cancelled,refunded,unknown".split(",");
  const TEXTS = {
    ru: "Подождите…|Уже оплачено. Чтобы купить ещё раз, нажмите снова.|Ответа нет. Нажмите снова: дважды деньги не спишутся.|Всё распродано.|Сейчас это купить нельзя.|Проверьте сумму и количество.|Оплата не прошла. Попробуйте снова.|Оплата|Закрыть|Подтверждения ещё нет. Не платите снова.|Оплачено. Спасибо!|Сумма удержана на карте.|Время оплаты вышло.|Заказ отменён.|Деньги возвращены.|Такого заказа нет.",
    en: "Please wait…|Paid already. To buy once more, press again.|No answer. Press again: you will not be charged twice.|Sold out.|This cannot be bought now.|Check the amount and the quantity.|The payment failed. Try again.|Payment|Close|No confirmation yet. Do not pay again.|Paid. Thank you!|The sum is held on the card.|The time to pay has passed.|The order was cancelled.|The money was returned.|There is no such order.",
    kz: "Күте тұрыңыз…|Төленіп қойған. Тағы алу үшін қайта басыңыз.|Жауап жоқ. Қайта басыңыз: ақша екі рет алынбайды.|Бәрі сатылып кетті.|Қазір сатып алуға болмайды.|Сома мен санын тексеріңіз.|Төлем өтпеді. Қайта көріңіз.|Төлем|Жабу|Растау әлі келген жоқ. Қайта төлемеңіз.|Төленді. Рақмет!|Сома картада ұсталды.|Төлеу уақыты өтті.|Тапсырыстың күші жойылды.|Ақша қайтарылды.|Мұндай тапсырыс жоқ.",
    uz: "Kuting…|To‘lab bo‘lingan. Yana olish uchun qayta bosing.|Javob yo‘q. Qayta bosing: pul ikki marta yechilmaydi.|Hammasi sotilgan.|Hozir sotib olib bo‘lmaydi.|Summa va sonni tekshiring.|To‘lov o‘tmadi. Qayta urinib ko‘ring.|To‘lov|Yopish|Tasdiq hali kelmadi. Qayta to‘lamang.|To‘landi. Rahmat!|Summa kartada ushlab turilibdi.|To‘lash vaqti o‘tdi.|Buyurtma bekor qilingan.|Pul qaytarildi.|Bunday buyurtma yo‘q.",
    kg: "Күтө туруңуз…|Төлөнгөн. Дагы алуу үчүн кайра басыңыз.|Жооп жок. Кайра басыңыз: акча эки жолу алынбайт.|Баары сатылып кетти.|Азыр сатып алууга болбойт.|Сумманы жана санды текшериңиз.|Төлөм өткөн жок. Кайра аракет кылыңыз.|Төлөм|Жабуу|Ырастоо азырынча жок. Кайра төлөбөңүз.|Төлөндү. Рахмат!|Сумма картада кармалды.|Төлөө убактысы өттү.|Буйрутма жокко чыгарылган.|Акча кайтарылды.|Мындай буйрутма жок.",
  };
  // Browsers have other names for Kazakh and Kyrgyz than the gateway.
  TEXTS.kk = TEXTS.kz;
  TEXTS.ky = TEXTS.kg;
  const REASONS = { sold_out: "sold", invalid_request: "input", order_unknown: "unknown", network: "busy", timeout: "busy" };
  // The states of an order that share the words of another one.
  const SAME = { creating: "wait", pending: "wait", refused: "failed", partially_refunded: "refunded" };

  // A module has no currentScript, and import.meta would keep this file from being a plain script.
  const script = document.currentScript || [...document.scripts].find((one) => /paylink[\w.-]*\.js/.test(one.src));
  const HOME = script?.dataset.api || new URL(script?.src || location).origin;

  // Scripts that come after this one may be on their way still, and with them who listens to an element's events.
  const loaded = new Promise((resolve) => {
    if (document.readyState === "complete") resolve();
    for (const name of ["DOMContentLoaded", "load"]) addEventListener(name, resolve);
    setTimeout(resolve, 10_000); // one of them hangs: whoever listens already need not wait for it
  });

  class PaylinkError extends Error {
    constructor(code, detail = code, problem = null, status = 0, retryAfter = 0) {
      super(detail);
      Object.assign(this, { name: "PaylinkError", code, detail, problem, status, retryAfter });
    }
  }

  const languageOf = (wanted) =>
    [wanted, document.documentElement.lang, navigator.language]
      .map((tag) => (tag || "").slice(0, 2).toLowerCase())
      .find((tag) => TEXTS[tag]) || "ru";

  const say = (language, name) => TEXTS[languageOf(language)].split("|")[NAMES.indexOf(SAME[name] || name)];

  /** A sentence for the buyer; an error's `detail` is for the shop. */
  const explain = ({ code, status, retryAfter }, language) =>
    say(
      language,
      REASONS[code] ||
        (/^(link|offer|payments|not)_/.test(code) ? "closed" : retryAfter || status > 428 ? "busy" : "failed"),
    );

  const pause = (ms, signal) =>
    new Promise((resolve, reject) => {
      setTimeout(resolve, ms);
      signal?.addEventListener("abort", () => reject(signal.reason));
    });

  /** A signal that aborts with the caller's, and by itself after so many ms. */
  function limited(ms, signal) {
    const limit = new AbortController();
    signal?.throwIfAborted();
    signal?.addEventListener("abort", () => limit.abort(signal.reason));
    setTimeout(() => limit.abort(new PaylinkError("timeout")), ms);
    return limit.signal;
  }

  /** One request: the order, or a PaylinkError. */
  async function ask(api, path, signal, init) {
    try {
      const answer = await fetch(api.replace(/\/?$/, path), { cache: "no-store", credentials: "omit", signal, ...init });
      if (answer.ok) return await answer.json();
      const problem = await answer.json().catch(() => null);
      const code = problem?.code || `http_${answer.status}`;
      throw new PaylinkError(code, problem?.detail, problem, answer.status, +answer.headers.get("retry-after"));
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof PaylinkError ? error : new PaylinkError("network", `${error}`);
    }
  }

  // The keys: an entry per content, [key, order id, ms until which the order can be paid]; before the first answer
  // [key, 0, ms at which it was made].
  let shelf = {};
  for (const name of ["sessionStorage", "localStorage"])
    try {
      window[name][PREFIX] = "";
      shelf = window[name];
      delete shelf[PREFIX];
    } catch {} // blocked or full: the next best keeps them

  function entry(name) {
    try {
      return [...JSON.parse(shelf[name])];
    } catch {
      return [];
    }
  }

  function keep(name, ...parts) {
    const text = JSON.stringify(parts);
    try {
      shelf[name] = text;
    } catch {
      shelf = { ...shelf, [name]: text };
    }
  }

  const gone = {}; // keys that are spent: a lock may carry them a moment longer

  /** Forgets a key, unless another tab has put another one in its place. */
  const forget = (name, key) => (gone[key] = 1) && entry(name)[0] === key && delete shelf[name];

  const fresh = () => crypto.randomUUID?.() || crypto.getRandomValues(new Uint32Array(5)).join("-");

  /** The key of a content, and the order where an old key turns out to be paid. */
  async function keyFor(name, options) {
    const [old, id, until] = entry(name);
    if (until + DAY < Date.now()) {
      // Nobody can pay that page any more, and prices change: what is not paid is no longer the same intent.
      // Without an id no page was ever given out by this key, so nothing can have been paid with it.
      const order =
        id &&
        (await status(id, options).catch((error) => {
          if (error.status !== 404) throw error;
        }));
      if (held(order)) return [old, order];
      forget(name, old);
    }
    const take = (made = fresh()) => {
      if (!entry(name)[0]) keep(name, made, 0, Date.now());
      return entry(name).slice(0, 1);
    };
    // Two tabs pressed at the same moment get the same key. What one stores reaches the other only after a
    // while, what it locks is seen at once: so a lock's name carries the key meanwhile.
    const { locks } = navigator;
    const share = async () => {
      const { held } = await locks.query();
      const found = take(held.map((lock) => lock.name.split(name + " ")[1]).find((made) => made && !gone[made]));
      locks.request(`${name} ${found}`, { ifAvailable: true }, () => pause(1000));
      return found;
    };
    return (await locks?.request(name, share).catch(() => 0)) || take();
  }

  /** Tells contents apart and shows none of them; should two ever be taken for one, the server refuses (422). */
  const digest = (text) =>
    [0x1000193, 0x5bd1e995].map((by) => [...text].reduce((sum, one) => (Math.imul(sum, by) ^ one.codePointAt()) | 0, by));

  function item({ quantity, amount, ...rest }) {
    if (quantity != null && +quantity !== 1) rest.quantity = +quantity;
    if (amount != null) rest.amount = `${amount}`.replace(/\s/g, "").replace(",", ".");
    return rest;
  }

  /** The request in one spelling, so that the same content finds the same key. */
  function bodyOf(asked) {
    const body = {};
    for (const [name, value] of Object.entries(asked)) {
      if (!MEMBERS.includes(name)) throw new PaylinkError("invalid_option", `paylink takes no ${name}`);
      if (value != null && value !== "") body[name] = /_url/.test(name) ? new URL(value, document.baseURI).href : value;
    }
    if (body.lifetime) body.lifetime = +body.lifetime;
    if (body.presentation === "redirect") delete body.presentation;
    if (body.items) body.items = body.items.map(item).sort((one, other) => (one.link < other.link ? -1 : 1));
    return JSON.stringify(item(body), (_, part) =>
      part?.constructor === Object ? Object.fromEntries(Object.entries(part).sort()) : part,
    );
  }

  async function insist(api, key, body, signal) {
    const end = Date.now() + PATIENCE;
    const headers = { "content-type": "application/json", "idempotency-key": key };
    signal = limited(PATIENCE, signal);
    for (let tries = 1; ; tries++)
      try {
        return await ask(api, "/payments", signal, { method: "POST", headers, body });
      } catch (error) {
        let seconds = /^(409|50[234])/.test(error.status) && error.retryAfter;
        if (error.code === "network" || error.status === 429) seconds = 2 ** tries / 2;
        // Another press is at work. The server names the time by which it is over even if it died.
        if (error.status === 409) seconds = Math.min(seconds, 2 ** tries);
        if (!seconds || tries >= TRIES || Date.now() + seconds * 1000 > end) throw error;
        await pause(seconds * 1000, signal);
      }
  }

  async function create(name, api, body, signal) {
    for (let last = false; ; last = true) {
      const [key, known] = await keyFor(name, { api, signal });
      try {
        const order = known || (await insist(api, key, body, signal));
        if (over(order)) forget(name, key);
        else if (entry(name)[0] === key) keep(name, key, order.order_id, Date.parse(order.expires_at));
        // Cancelled or given back: this press is for a new one.
        if (last || !over(order) || held(order)) return order;
      } catch (error) {
        const spent = error.status === 422;
        // Sold out before any page was given out: a later press is to meet the price and the limit of its own time.
        const unbegun = error.code === "sold_out" && !entry(name)[1];
        if (spent || unbegun || error.code === "gateway_refused") forget(name, key);
        if (last || !spent) throw error;
      }
    }
  }

  const running = {};

  /** Creates the payment and goes to its page, unless `announce` says false. */
  async function pay({ api = HOME, signal, navigate = true, ...asked } = {}, announce = () => navigate) {
    const body = bodyOf(asked);
    const name = PREFIX + digest(api + body);
    const go = async () => {
      const order = await create(name, api, body, signal);
      const url = order.redirect_url;
      if (!url || asked.presentation === "qr" || !announce(order)) return order;
      if (!/^https?:/.test(url)) throw new PaylinkError("bad_address");
      if (asked.presentation === "frame") return frame(order, api, asked.language);
      location.assign(url);
      return order;
    };
    return (running[name] ||= go().finally(() => delete running[name]));
  }

  /** How an order stands; the key of one that is paid or gone is forgotten. */
  async function status(id, { api = HOME, signal } = {}) {
    const order = await ask(api, `/payments/${encodeURIComponent(id)}`, limited(15_000, signal));
    if (over(order))
      for (const name of Object.keys(shelf))
        if (name.startsWith(PREFIX) && entry(name)[1] === id) forget(name, ...entry(name));
    return order;
  }

  /** Waits for the final status; when time is up, gives the order as it was last seen. */
  async function wait(id = new URLSearchParams(location.search).get("order_id"), { timeout = 120_000, onchange, ...options } = {}) {
    const end = Date.now() + timeout;
    let [now, next, unpaid] = [1000, 2000, 0];
    for (let order; ; [now, next] = [next, Math.min(now + next, 13_000)]) {
      let trouble;
      try {
        const last = order?.status;
        order = await status(id, options);
        // Once it is noted: a mistake in the shop's own code does not keep a paid order from being told.
        if (order.status !== last) onchange?.(order);
        // A declined card may have been followed by another, whose news is still under way.
        unpaid = /failed|expired|refused/.test(order.status) ? unpaid + 1 : 0;
        if (over(order) || unpaid > 2) return order;
      } catch (error) {
        options.signal?.throwIfAborted();
        if (error.status === 404) throw error;
        trouble = error;
      }
      const left = end - Date.now();
      if (left <= 0) {
        if (order) return order;
        throw trouble;
      }
      await pause(Math.min(now, left), options.signal);
    }
  }

  function tag(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    made.append(...children);
    return made;
  }

  function shade(host, css, ...children) {
    const root = host.attachShadow({ mode: "open", delegatesFocus: true });
    try {
      // No inline style: the strictest policy lets it through.
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet];
    } catch {} // an old browser shows its own button
    root.append(...children);
    return host;
  }

  /** The payment page in a dialog; the order as it stands when the dialog is gone. */
  async function frame(order, api, language) {
    const title = say(language, "frame");
    const src = order.redirect_url;
    const view = tag("iframe", { src, title, allow: "payment" });
    const close = tag("button", {}, say(language, "close"));
    const page = tag("a", { href: src }, new URL(src).host, " ↗");
    const dialog = tag("dialog", { "aria-label": title }, page, close, view);
    const host = shade(
      tag("div"),
      "dialog{width:34rem;max-width:100vw;height:48rem;padding:0;border:0;border-radius:12px;overflow:hidden;font:1rem/44px system-ui}::backdrop{background:#000a}a,button{color:inherit;padding:0 1rem}button{float:right;font:inherit;border:0;background:0}iframe{width:100%;height:calc(100% - 48px);border:0}",
      dialog,
    );
    document.body.append(host);
    const closed = new Promise((resolve) => (dialog.onclose = resolve));
    close.onclick = () => dialog.close();
    dialog.showModal();
    while (dialog.open && !over(order) && order.status !== "expired") {
      // Asked every three seconds, when the frame goes on to another page, and after closing.
      await Promise.race([closed, pause(3000), new Promise((resolve) => (view.onload = resolve))]);
      order = { ...order, ...(await status(order.order_id, { api }).catch(() => 0)) };
    }
    dialog.close();
    host.remove();
    return order;
  }

  class Base extends HTMLElement {
    words = tag("span", { part: "text", role: "status" });

    get api() {
      return this.getAttribute("api") || HOME;
    }

    emit(name, detail) {
      return this.dispatchEvent(
        new CustomEvent(PREFIX + name, { detail, bubbles: true, composed: true, cancelable: true }),
      );
    }

    get language() {
      return languageOf(this.getAttribute("language"));
    }

    fail(error) {
      const { code = "script", detail = `${error}`, problem } = error;
      const text = explain(error, this.language);
      loaded.then(() => this.emit("error", { code, detail, problem, text }));
      return text;
    }
  }

  class PaylinkButton extends Base {
    #button = tag("button", { part: "button", type: "button", "aria-describedby": "error" });
    #error = tag("span", { part: "error", role: "alert", id: "error" });
    #calls; // while a press is under way: what calls it off
    #back = (event) => event.persisted && this.#settle();

    constructor() {
      super();
      const label = tag("slot");
      // A link in the content is for those without scripts; its text is the button's.
      label.addEventListener("slotchange", () => this.querySelector("a") && label.replaceWith(this.textContent.trim()));
      this.#button.append(label);
      this.#button.onclick = () => this.#press();
      shade(
        this,
        "button{min-height:44px;padding:.6em 1.3em;border:0;border-radius:8px;background:var(--paylink-color,#0a6b4b);color:var(--paylink-ink,#fff);font:inherit;font-weight:600;cursor:pointer}[aria-busy=true]{cursor:progress;animation:a 1s infinite alternate}@keyframes a{to{opacity:.5}}span:not(:empty){display:block;margin-top:.4em}[role=alert]{color:#b3261e;color:light-dark(#b3261e,#ffb4ab)}",
        this.#button,
        this.words,
        this.#error,
      );
    }

    connectedCallback() {
      addEventListener("pageshow", this.#back);
    }

    disconnectedCallback() {
      removeEventListener("pageshow", this.#back);
    }

    click() {
      this.#button.click();
    }

    #settle(text = "", error = "", calls = null) {
      if (!calls) this.#calls?.abort();
      this.#calls = calls;
      // Not `disabled`: that would take the focus from whoever pressed by key.
      for (const name of ["aria-busy", "aria-disabled"]) this.#button.setAttribute(name, !!calls);
      this.words.textContent = text;
      this.#error.textContent = error;
    }

    async #press() {
      if (this.#calls) return;
      const calls = new AbortController();
      this.#settle(say(this.language, "wait"), "", calls);
      this.emit("pending");
      try {
        const asked = { api: this.api, signal: calls.signal };
        for (const name of MEMBERS) {
          const text = this.getAttribute(name.replace("_", "-"));
          asked[name] = /^(items|fields|customer|metadata)/.test(name) ? JSON.parse(text) : text;
        }
        let leaving;
        const order = await pay(asked, (made) => (leaving = this.emit("redirect", made)));
        if (calls !== this.#calls) return;
        if (held(order)) {
          this.#settle(say(this.language, leaving ? order.status : "again"));
          this.emit("paid", order);
        } else if (leaving && asked.presentation !== "frame") {
          // Pending until this page is gone; should it stay, the button works again.
          setTimeout(() => calls === this.#calls && this.#settle(), 10_000);
        } else this.#settle(leaving === undefined ? say(this.language, order.status) : "");
      } catch (error) {
        if (calls === this.#calls) this.#settle("", this.fail(error));
      }
    }
  }

  class PaylinkStatus extends Base {
    #slot = tag("slot");
    #sum = tag("p", { part: "sum" });
    #calls;

    constructor() {
      super();
      shade(this, "[part=text]{font-size:1.5em;font-weight:700}", this.words, this.#sum, this.#slot);
    }

    disconnectedCallback() {
      this.#calls.abort();
    }

    #show(status, text = say(this.language, status)) {
      this.setAttribute("status", status);
      this.#slot.name = status;
      this.words.textContent = text;
    }

    async connectedCallback() {
      const { signal } = (this.#calls = new AbortController());
      this.#show("pending");
      try {
        const order = await wait(this.getAttribute("order") || undefined, {
          api: this.api,
          signal,
          onchange: (seen) => {
            const { status, description, amount, currency } = seen;
            const money = { style: "currency", currency, currencyDisplay: "narrowSymbol", trailingZeroDisplay: "stripIfInteger" };
            this.#sum.textContent = `${description}, ${(+amount).toLocaleString(this.language, money)}`;
            this.#show(status);
            loaded.then(() => {
              this.emit("status", seen);
              if (held(seen)) this.emit("paid", seen);
            });
          },
        });
        if (SAME[order.status] === "wait") this.#show(order.status, say(this.language, "slow"));
      } catch (error) {
        if (signal.aborted) return;
        const text = this.fail(error);
        this.#show("unknown", error.status === 404 ? text : say(this.language, "slow"));
      }
    }
  }

  window.paylink = { version: VERSION, pay, status, wait, explain };
  customElements.define("paylink-button", PaylinkButton);
  customElements.define("paylink-status", PaylinkStatus);
})();
