// The shop's own script: a cart that the browser remembers, quantities, a chosen amount. It knows no address of
// the API and makes no payment: the paylink-button elements do, from the attributes that are set here.
// Prices are shown from here and charged from the server's table.

const money = (sum) => `${sum.toLocaleString("ru")}\u00a0₸`;
const goods = new Map();
for (const card of document.querySelectorAll("[data-link]")) {
  const { link, price, most } = card.dataset;
  goods.set(link, { card, name: card.querySelector("h3").textContent, price: Number(price), most: Number(most) });
}

// A cart: { reference, lines: { link: quantity } }. The reference travels with the payment and comes back with its
// status, so that this very cart is emptied once it is paid, and no other.
const empty = () => ({ reference: "", lines: {} });

function read() {
  try {
    return { ...empty(), ...JSON.parse(localStorage.getItem("cart")) };
  } catch {
    return empty();
  }
}

function write(cart) {
  if (!cart.reference) cart.reference = `cart-${Array.from(crypto.getRandomValues(new Uint32Array(3))).join("-")}`;
  localStorage.setItem("cart", JSON.stringify(cart));
  show();
}

function change(link, by) {
  const cart = read();
  const quantity = Math.min((cart.lines[link] || 0) + by, goods.get(link).most);
  if (quantity > 0) cart.lines[link] = quantity;
  else delete cart.lines[link];
  write(Object.keys(cart.lines).length ? cart : empty());
}

function show() {
  const box = document.getElementById("cart");
  if (!box) return;
  const { reference, lines } = read();
  const bought = Object.entries(lines).filter(([link]) => goods.has(link));
  const rows = bought.map(([link, quantity]) => row(link, quantity));
  // The button that was pressed is made anew: the focus goes to the one in its place.
  const { link, step } = document.activeElement?.dataset ?? {};
  document.getElementById("lines").replaceChildren(...rows);
  if (step) box.querySelector(`[data-link="${link}"][data-step="${step}"]`)?.focus();

  const count = bought.reduce((sum, [, quantity]) => sum + quantity, 0);
  const total = bought.reduce((sum, [name, quantity]) => sum + quantity * goods.get(name).price, 0);
  document.getElementById("count").textContent = count;
  document.getElementById("total").textContent = money(total);
  document.getElementById("empty").hidden = count > 0;
  document.getElementById("till").hidden = count === 0;
  const button = box.querySelector("paylink-button");
  button.setAttribute("items", JSON.stringify(bought.map(([name, quantity]) => ({ link: name, quantity }))));
  button.setAttribute("reference", reference);
}

function row(link, quantity) {
  const { name, price } = goods.get(link);
  const line = document.getElementById("line").content.cloneNode(true);
  line.querySelector(".name").textContent = name;
  line.querySelector(".number").textContent = quantity;
  line.querySelector(".sum").textContent = money(quantity * price);
  for (const button of line.querySelectorAll("button")) {
    const more = button.dataset.step === "1";
    button.dataset.link = link;
    button.ariaLabel = `${name}: ${more ? "ещё одна" : "одной меньше"}`;
    button.disabled = more && quantity >= goods.get(link).most;
    button.addEventListener("click", () => change(link, Number(button.dataset.step)));
  }
  return line;
}

for (const [link, { card }] of goods) {
  const field = card.querySelector("[data-quantity]");
  const quantity = () => Math.max(1, Math.trunc(Number(field?.value)) || 1);
  field?.addEventListener("input", () => card.querySelector("paylink-button").setAttribute("quantity", quantity()));
  card.querySelector("[data-add]").addEventListener("click", () => change(link, quantity()));
}

const donation = document.getElementById("donation");
if (donation) {
  const button = document.querySelector('paylink-button[link="donation"]');
  const { own, sum } = donation.elements;
  donation.addEventListener("input", (event) => {
    if (event.target.name === "sum") own.value = "";
    else for (const choice of sum) choice.checked = false;
    button.setAttribute("amount", own.value || sum.value);
  });
  donation.addEventListener("submit", (event) => {
    event.preventDefault();
    button.click();
  });
}

document.addEventListener("paylink:paid", ({ detail }) => {
  if (detail.reference && detail.reference === read().reference) write(empty());
});
addEventListener("storage", show);
addEventListener("pageshow", show);
document.documentElement.classList.add("scripts");
show();
