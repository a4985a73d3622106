import assert from "node:assert/strict";
import { test } from "node:test";

import { checkedLink } from "../../../../static/js/call/exchange/link.js";

const REFUSED = {
  "": "missing",
  "   ": "missing",
  "http://borger.dk/": "notHttps",
  "javascript:alert(1)": "notHttps",
  "JavaScript:alert(1)": "notHttps",
  "data:text/html,<script>": "notHttps",
  "blob:https://borger.dk/1": "notHttps",
  "file:///etc/passwd": "notHttps",
  "mailto:x@y.dk": "notHttps",
  "https://borger.dk@evil.example/": "hidden",
  "https://a:b@evil.example/": "hidden",
  "https://": "broken",
  "https://localhost/": "broken",
  "hej med dig": "broken",
  [`https://borger.dk/${"x".repeat(2000)}`]: "long",
};

for (const [typed, why] of Object.entries(REFUSED)) {
  test(`refused as ${why}: ${typed.slice(0, 30)}`, () => assert.equal(checkedLink(typed), why));
}

const TAKEN = {
  " https://borger.dk/a?b=1#c ": ["borger.dk", "/a?b=1#c"],
  "HTTPS://Borger.DK": ["borger.dk", "/"],
  "sundhed.dk/skema": ["sundhed.dk", "/skema"],
  "https://borger.dk:8443/": ["borger.dk", ":8443/"],
  // A host of foreign letters is shown as it is asked for, and nothing turns the direction of an address.
  "https://bоrger.dk/": ["xn--brger-jye.dk", "/"],
  "https://borger.dk/å|{x}^\u202e": ["borger.dk", "/%C3%A5%7C%7Bx%7D%5E%E2%80%AE"],
  "https://borger.dk/?q=a|b`c": ["borger.dk", "/?q=a%7Cb%60c"],
};

for (const [typed, [host, after]] of Object.entries(TAKEN)) {
  test(`taken: ${typed}`, () => {
    const link = checkedLink(typed);
    assert.ok(typeof link !== "string", String(link));
    assert.deepEqual([link.host, link.after], [host, after]);
    assert.equal(link.href, link.before + link.host + link.after);
    assert.match(link.href, /^[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]+$/);
  });
}
