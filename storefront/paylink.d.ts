// Types of paylink.js, for editors and TypeScript: /// <reference path="paylink.d.ts" />, or import it beside the script.
// The script runs in browsers alone and exports nothing: it defines two elements and `window.paylink`.

export {};

/** Where an order stands. Money is held in `paid`, `authorized` and `partially_refunded`. */
export type PaylinkOrderStatus =
  | "creating"
  | "pending"
  | "refused"
  | "paid"
  | "authorized"
  | "failed"
  | "expired"
  | "cancelled"
  | "partially_refunded"
  | "refunded";

/** The languages of the gateway's page. Kazakh is `kz` and Kyrgyz `kg`, as the gateway has it. */
export type PaylinkLanguage = "ru" | "en" | "kz" | "uz" | "kg";

/** A link and how many of it, or how much of it where the buyer chooses. */
export interface PaylinkItem {
  link: string;
  quantity?: number | `${number}`;
  /** In major units, as people write it: "1500", "1 500,50". A price is never sent. */
  amount?: number | string;
}

interface PaylinkCommon {
  /** Address of the API. Default: `data-api` of the script's tag, else the script's own origin. */
  api?: string;
  /** Calls the work off. The payment may have been made; the same call goes on with it. */
  signal?: AbortSignal;
}

interface PaylinkRequest extends PaylinkCommon {
  customer?: { email?: string; phone?: string; id?: string };
  /** What the link asks the buyer for. */
  fields?: Record<string, string>;
  language?: PaylinkLanguage;
  /** The shop's own number of the order; its status tells it again. */
  reference?: string;
  metadata?: Record<string, string>;
  /** Pages after payment, on one of the allowed origins; may be relative to this page. */
  success_url?: string;
  failure_url?: string;
  /** `redirect` leaves this page, `frame` opens a dialog on it, `qr` only answers with the code. */
  presentation?: "redirect" | "frame" | "qr";
  /** Seconds in which the payment can be made. */
  lifetime?: number;
  /** false: make the payment and stay on this page. */
  navigate?: boolean;
}

/** What can be asked for: one link, a cart of several, or an offer that the shop has signed. */
export type PaylinkPayOptions = PaylinkRequest &
  (
    | (PaylinkItem & { items?: never; offer?: never })
    | { items: PaylinkItem[]; link?: never; offer?: never; quantity?: never; amount?: never }
    | { offer: string; link?: never; items?: never; quantity?: never; amount?: never }
  );

/** An order as it was just created, or as it is now where the same was asked for before. */
export interface PaylinkCreatedOrder {
  order_id: string;
  status: PaylinkOrderStatus;
  test: boolean;
  payment_id: string | null;
  /** In major units, with the currency's decimals: "1500.00". */
  amount: string;
  currency: string;
  /** Only while the order can be paid. */
  redirect_url?: string;
  redirect_url_type?: string | null;
  /** The QR code as a data: address, where it was asked for. */
  qr?: string;
  expires_at: string | null;
  status_url: string;
}

/** How an order stands. Nothing in it is about the buyer. */
export interface PaylinkOrder {
  order_id: string;
  status: PaylinkOrderStatus;
  test: boolean;
  amount: string;
  currency: string;
  description: string;
  reference: string | null;
  created_at: string;
  paid_at: string | null;
  refunded_amount: string;
}

/** A problem document (RFC 9457). */
export interface PaylinkProblem {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  request_id?: string;
  errors?: { field: string; detail: string }[];
  gateway_code?: number;
  gateway_description?: string;
}

/** What `pay`, `status` and `wait` reject with, unless a signal called them off. */
export interface PaylinkError extends Error {
  name: "PaylinkError";
  /** The API's code, or `network`, `timeout`, `invalid_option`, `bad_address`, `http_<status>`. */
  code: string;
  /** For the shop, in English. For the buyer there is `paylink.explain`. */
  detail: string;
  problem: PaylinkProblem | null;
  /** Of HTTP; 0 where there was no answer. */
  status: number;
  /** Seconds, 0 where the API names none. */
  retryAfter: number;
}

export interface PaylinkWaitOptions extends PaylinkCommon {
  /** Milliseconds; 120 000 unless given. */
  timeout?: number;
  /** Called with the order at each change of its status. */
  onchange?: (order: PaylinkOrder) => void;
}

export interface Paylink {
  readonly version: string;

  /**
   * Creates the payment and opens its page. Until the order is paid, the same content gives the same order, also
   * after a reload, in another tab, or after a declined card. Ends with the order as it was created; after a frame,
   * with the order as it is when the dialog is gone. An order that was paid before has no `redirect_url`.
   */
  pay(options: PaylinkPayOptions): Promise<PaylinkCreatedOrder & Partial<PaylinkOrder>>;

  /** How an order stands, asked once. */
  status(orderId: string, options?: PaylinkCommon): Promise<PaylinkOrder>;

  /**
   * Waits, with growing pauses, until an order is paid or has ended. When time is up it gives the order as it was
   * last seen (look at `status`), or fails where it never saw it. Without an id: that of `?order_id=` in the address.
   */
  wait(orderId?: string, options?: PaylinkWaitOptions): Promise<PaylinkOrder>;

  /** What went wrong, in a sentence for the buyer; in the page's language unless another is given. */
  explain(error: Pick<PaylinkError, "code"> & Partial<PaylinkError>, language?: PaylinkLanguage): string;
}

/** The detail of `paylink:error`. */
export interface PaylinkErrorDetail {
  code: string;
  detail: string;
  problem: PaylinkProblem | null | undefined;
  /** The sentence that the buyer was shown. */
  text: string;
}

/**
 * A button that pays. Attributes: `link`, `quantity`, `amount`, `items` (JSON), `offer`, `presentation`,
 * `success-url`, `failure-url`, `language`, `reference`, `lifetime`, `customer`, `fields`, `metadata` (JSON), `api`.
 * Its content is its label; a link in it serves those without scripts. Parts: `button`, `text`, `error`.
 */
export interface PaylinkButtonElement extends HTMLElement {
  readonly api: string;
  readonly language: PaylinkLanguage | "kk" | "ky";
}

/**
 * Shows how an order stands and follows it. Attributes: `order` (else `?order_id=`), `language`, `api`; `status` is
 * set by it. Of its children it shows the one whose `slot` is the status. Parts: `text`, `sum`.
 */
export interface PaylinkStatusElement extends HTMLElement {
  readonly api: string;
  readonly language: PaylinkLanguage | "kk" | "ky";
}

interface PaylinkEvents {
  "paylink:pending": CustomEvent<null>;
  /** Before the payment's page opens; `preventDefault()` keeps this page. */
  "paylink:redirect": CustomEvent<PaylinkCreatedOrder>;
  "paylink:error": CustomEvent<PaylinkErrorDetail>;
  "paylink:paid": CustomEvent<(PaylinkCreatedOrder & Partial<PaylinkOrder>) | PaylinkOrder>;
  "paylink:status": CustomEvent<PaylinkOrder>;
}

declare global {
  const paylink: Paylink;

  interface Window {
    readonly paylink: Paylink;
  }

  interface HTMLElementTagNameMap {
    "paylink-button": PaylinkButtonElement;
    "paylink-status": PaylinkStatusElement;
  }

  interface HTMLElementEventMap extends PaylinkEvents {}
  interface DocumentEventMap extends PaylinkEvents {}
  interface WindowEventMap extends PaylinkEvents {}
}
