// What TypeScript makes of paylink.d.ts: lines that must hold, and lines that must not (each marked above it).
import type { PaylinkCreatedOrder, PaylinkError, PaylinkOrder } from "./paylink";

export async function buys(): Promise<void> {
  const order = await paylink.pay({ link: "coffee", quantity: 2, success_url: "/thanks.html" });
  const page: string | undefined = order.redirect_url;
  const amount: string = order.amount;
  await paylink.pay({ items: [{ link: "coffee" }, { link: "tshirt", quantity: "3" }], reference: "42" });
  await paylink.pay({ link: "donation", amount: "1 500,50", presentation: "frame", language: "kz" });
  await window.paylink.pay({ offer: "v1.a.b", customer: { email: "a@example.com" }, navigate: false });
  console.log(page, amount, paylink.version.length);

  // @ts-expect-error a price is never sent
  await paylink.pay({ link: "coffee", price: "1" });
  // @ts-expect-error one of link, items and offer
  await paylink.pay({ link: "coffee", offer: "v1.a.b" });
  // @ts-expect-error none of them
  await paylink.pay({ quantity: 2 });
  // @ts-expect-error quantities belong to the items
  await paylink.pay({ items: [{ link: "coffee" }], quantity: 2 });
  // @ts-expect-error a language of the gateway's page
  await paylink.pay({ link: "coffee", language: "de" });
  // @ts-expect-error a number or its text
  await paylink.pay({ link: "coffee", quantity: "two" });
}

export async function waits(): Promise<string> {
  const calls = new AbortController();
  const onchange = (seen: PaylinkOrder): void => console.log(seen.status === "paid", seen.paid_at);
  const order = await paylink.wait(undefined, { timeout: 5000, signal: calls.signal, onchange });
  const known: PaylinkOrder = await paylink.status(order.order_id, { api: "https://pay.example.com" });
  // @ts-expect-error no such status
  if (known.status === "payed") return "";
  return known.description;
}

export function listens(error: PaylinkError): string {
  const button = document.createElement("paylink-button");
  button.setAttribute("link", "coffee");
  button.addEventListener("paylink:error", (event) => console.log(event.detail.code, event.detail.text.length));
  document.addEventListener("paylink:paid", ({ detail }) => console.log(detail.order_id, detail.description));
  document.querySelector("paylink-status")?.addEventListener("paylink:status", ({ detail }) => console.log(detail.status));
  addEventListener("paylink:redirect", (event) => {
    const order: PaylinkCreatedOrder = event.detail;
    if (order.test) event.preventDefault();
  });
  // @ts-expect-error a property that is only read
  button.api = "https://pay.example.com";
  return paylink.explain(error, "uz") + paylink.explain({ code: "sold_out" });
}
